//! Which periods make a line: points of one length, each the neighbour of the one before.

use std::collections::BTreeSet;

use jiff::civil::Date;

/// The kind of periods that a trend follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Frequency {
    /// Single quarters.
    Quarter,
    /// Single months.
    Month,
    /// January to any month; such values grow through the year and start again.
    YearToDate,
    /// Calendar years.
    Annual,
    /// Half-years.
    Semester,
    /// Values of a day.
    Instant,
}

/// A month by year and number (`1..=12`): the one in which a period ends.
pub(super) type Month = (i16, i8);

impl Frequency {
    /// Every kind, the one that is most like a trend first.
    pub const ALL: [Frequency; 6] = [
        Frequency::Quarter,
        Frequency::Month,
        Frequency::YearToDate,
        Frequency::Annual,
        Frequency::Semester,
        Frequency::Instant,
    ];

    /// What a person calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Frequency::Quarter => "single quarters",
            Frequency::Month => "single months",
            Frequency::YearToDate => "January to the month named",
            Frequency::Annual => "years",
            Frequency::Semester => "half-years",
            Frequency::Instant => "on the day named",
        }
    }

    /// A short name of the period that ends in `month`.
    pub fn label(self, (year, month): (i16, i8)) -> String {
        match self {
            Frequency::Annual => year.to_string(),
            Frequency::Semester => format!("{year} H{}", month / 6),
            Frequency::Quarter => format!("{year} Q{}", month / 3),
            Frequency::Month | Frequency::YearToDate | Frequency::Instant => format!("{year}-{month:02}"),
        }
    }

    /// Whether a period with this letter in the column `freq` is one of this kind.
    pub(super) fn includes(self, freq: &str, start: Date, end: Date) -> bool {
        match self {
            Frequency::Quarter => freq == "Q",
            Frequency::Month => freq == "M",
            Frequency::Annual => freq == "A",
            Frequency::Semester => freq == "S",
            Frequency::Instant => freq == "I",
            Frequency::YearToDate => freq != "I" && start == end.first_of_year() && end == end.last_of_month(),
        }
    }

    /// The months from the first to the last of `stated` in which a period of this kind ends, whether stated or not.
    pub(super) fn months(self, stated: &BTreeSet<Month>) -> Vec<Month> {
        let (Some(first), Some(last)) = (stated.first(), stated.last()) else { return Vec::new() };
        let of_year: BTreeSet<i8> = match self {
            Frequency::Quarter => [3, 6, 9, 12].into(),
            Frequency::Month => (1..=12).collect(),
            Frequency::Annual => [12].into(),
            Frequency::Semester => [6, 12].into(),
            // Nobody owes a value of each month: those that some year has are expected of every year.
            Frequency::YearToDate | Frequency::Instant => stated.iter().map(|(_, month)| *month).collect(),
        };
        let all = (first.0..=last.0).flat_map(|year| of_year.iter().map(move |&month| (year, month)));
        all.filter(|month| (first..=last).contains(&month)).collect()
    }
}
