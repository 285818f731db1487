//! Periods of time, as first and last day.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// Whether a number covers a stretch of time or holds at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Summed or averaged over the period (流量).
    Flow,
    /// Holds on the last day (存量、时点数).
    Instant,
}

impl Basis {
    /// The word in the column `period_basis`.
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Flow => "flow",
            Basis::Instant => "instant",
        }
    }
}

/// A period: first and last day, both included.
///
/// Invariant: `start <= end`; an instant has both the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// Flow or instant.
    pub basis: Basis,
}

/// SDMX frequency of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Freq {
    /// Calendar year.
    Annual,
    /// Half-year.
    Semester,
    /// Quarter.
    Quarter,
    /// Month.
    Month,
    /// One day.
    Day,
    /// An instant: the value of a stock on a day.
    Instant,
    /// Any other range of whole months or days, such as January to July.
    Range,
}

impl Freq {
    /// The letter in the column `freq`.
    pub fn as_str(self) -> &'static str {
        match self {
            Freq::Annual => "A",
            Freq::Semester => "S",
            Freq::Quarter => "Q",
            Freq::Month => "M",
            Freq::Day => "D",
            Freq::Instant => "I",
            Freq::Range => "R",
        }
    }
}

impl Period {
    /// The flow from `start` to `end`; the days are swapped if they come the wrong way round.
    pub fn flow(start: Date, end: Date) -> Self {
        Period { start: start.min(end), end: start.max(end), basis: Basis::Flow }
    }

    /// The instant `day`.
    pub fn instant(day: Date) -> Self {
        Period { start: day, end: day, basis: Basis::Instant }
    }

    /// The whole calendar year `year` (1..=9999).
    pub fn year(year: i16) -> Self {
        Period::flow(day(year, 1, 1), day(year, 12, 31))
    }

    /// The months `first..=last` of `year`, each in `1..=12`.
    pub fn months(year: i16, first: i8, last: i8) -> Self {
        Period::flow(day(year, first, 1), day(year, last, 1).last_of_month())
    }

    /// The same days as an instant: the last day of the period.
    pub fn at_end(self) -> Self {
        Period::instant(self.end)
    }

    /// The same days a year earlier; the end of a month stays the end of a month.
    pub fn year_before(self) -> Self {
        let start = day(self.start.year() - 1, self.start.month(), self.start.day());
        let end = day(self.end.year() - 1, self.end.month(), self.end.day());
        let end = if self.end == self.end.last_of_month() { end.last_of_month() } else { end };
        match self.basis {
            Basis::Flow => Period::flow(start, end),
            Basis::Instant => Period::instant(end),
        }
    }

    /// The frequency, found from the days alone.
    pub fn freq(&self) -> Freq {
        if self.basis == Basis::Instant {
            return Freq::Instant;
        }
        if self.start == self.end {
            return Freq::Day;
        }
        let whole_months = self.start.day() == 1 && self.end == self.end.last_of_month();
        if !whole_months || self.start.year() != self.end.year() {
            return Freq::Range;
        }
        match (self.start.month(), self.months_long()) {
            (1, 12) => Freq::Annual,
            (1 | 7, 6) => Freq::Semester,
            (1 | 4 | 7 | 10, 3) => Freq::Quarter,
            (_, 1) => Freq::Month,
            _ => Freq::Range,
        }
    }

    /// Number of calendar months touched.
    fn months_long(&self) -> i32 {
        (i32::from(self.end.year()) - i32::from(self.start.year())) * 12 + i32::from(self.end.month())
            - i32::from(self.start.month())
            + 1
    }
}

impl fmt::Display for Period {
    /// The SDMX time period: `2022`, `2022-S1`, `2022-Q3`, `2022-M07`, `2022-01-01/P7M`, and the day for an instant.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (s, year) = (self.start, self.start.year());
        match self.freq() {
            Freq::Annual => write!(f, "{year:04}"),
            Freq::Semester => write!(f, "{year:04}-S{}", (s.month() + 5) / 6),
            Freq::Quarter => write!(f, "{year:04}-Q{}", (s.month() + 2) / 3),
            Freq::Month => write!(f, "{year:04}-M{:02}", s.month()),
            Freq::Day | Freq::Instant => write!(f, "{}", self.end),
            Freq::Range => {
                let whole_months = s.day() == 1 && self.end == self.end.last_of_month();
                let months = self.months_long();
                match (whole_months, months % 12) {
                    (true, 0) => write!(f, "{s}/P{}Y", months / 12),
                    (true, _) => write!(f, "{s}/P{months}M"),
                    (false, _) => {
                        let days = (self.end - s).get_days() + 1;
                        write!(f, "{s}/P{days}D")
                    }
                }
            }
        }
    }
}

/// What was given where the code of a period was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("period {0:?}: expected an SDMX code: 2022, 2022-S1, 2022-Q3, 2022-M07, 2022-01-01/P7M, 2022-07-31")]
pub struct PeriodError(pub String);

impl FromStr for Period {
    type Err = PeriodError;

    /// The period that an SDMX code names; of a day the instant, for a flow of one day has the same code.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let period = match (s.split_once('/'), s.split_once('-')) {
            (Some((start, length)), _) => start.parse().ok().and_then(|start| lasting(start, length)),
            (None, None) => s.parse().ok().map(Period::year),
            (None, Some((year, part))) => year.parse().ok().and_then(|year| part_of(year, part)),
        };
        // What does not read back as it was written is out of range, or written in another way.
        let day = || s.parse().ok().map(Period::instant);
        period.or_else(day).filter(|period| period.to_string() == s).ok_or_else(|| PeriodError(s.to_owned()))
    }
}

/// The half-year, quarter or month of `year` that `part` names.
fn part_of(year: i16, part: &str) -> Option<Period> {
    let (kind, number) = part.split_at_checked(1)?;
    let number: i8 = number.parse().ok()?;
    let months = match kind {
        "S" => 6,
        "Q" => 3,
        "M" => 1,
        _ => return None,
    };
    let last = number.checked_mul(months)?;
    Some(Period::months(year, last - months + 1, last))
}

/// The flow that begins on `start` and lasts `P7M`, `P2Y` or `P231D`.
fn lasting(start: Date, length: &str) -> Option<Period> {
    let (number, unit) = length.strip_prefix('P')?.split_at_checked(length.len().checked_sub(2)?)?;
    let number: i32 = number.parse().ok()?;
    let span = match unit {
        "D" => jiff::Span::new().try_days(number),
        "M" => jiff::Span::new().try_months(number),
        "Y" => jiff::Span::new().try_years(number),
        _ => return None,
    };
    let after = start.checked_add(span.ok()?).ok()?;
    Some(Period::flow(start, after.yesterday().ok()?))
}

/// A civil date whose parts are known to be in range; months and days out of range are brought to the nearest.
pub(crate) fn day(year: i16, month: i8, day_of_month: i8) -> Date {
    let first = Date::new(year.clamp(1, 9998), month.clamp(1, 12), 1).unwrap_or(Date::MIN);
    let last = first.last_of_month().day();
    Date::new(first.year(), first.month(), day_of_month.clamp(1, last)).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_before_ends_with_its_month() {
        for (period, before) in [
            (Period::months(2024, 1, 2), Period::months(2023, 1, 2)),
            (Period::months(2025, 1, 2), Period::months(2024, 1, 2)),
            (Period::instant(day(2025, 2, 28)), Period::instant(day(2024, 2, 29))),
            (Period::flow(day(2022, 1, 1), day(2022, 8, 19)), Period::flow(day(2021, 1, 1), day(2021, 8, 19))),
        ] {
            assert_eq!(period.year_before(), before);
        }
    }

    #[test]
    fn codes_are_sdmx() {
        for (period, freq, code) in [
            (Period::year(2022), Freq::Annual, "2022"),
            (Period::months(2022, 1, 6), Freq::Semester, "2022-S1"),
            (Period::months(2022, 7, 9), Freq::Quarter, "2022-Q3"),
            (Period::months(2022, 7, 7), Freq::Month, "2022-M07"),
            (Period::months(2022, 1, 7), Freq::Range, "2022-01-01/P7M"),
            (Period::flow(day(2016, 1, 1), day(2020, 12, 31)), Freq::Range, "2016-01-01/P5Y"),
            (Period::flow(day(2022, 1, 1), day(2022, 8, 19)), Freq::Range, "2022-01-01/P231D"),
            (Period::instant(day(2022, 7, 31)), Freq::Instant, "2022-07-31"),
        ] {
            assert_eq!((period.freq(), period.to_string().as_str()), (freq, code));
            assert_eq!(code.parse(), Ok(period));
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for words in [
            "",
            "22",
            "2022-Q5",
            "2022-M13",
            "2022-M7",
            "2022-S0",
            "2022-02-30",
            "2022-01-01/P0M",
            "2022年",
            "2022-01-01/7M",
            "2022-Q2 ",
        ] {
            assert_eq!(words.parse::<Period>(), Err(PeriodError(words.to_owned())));
        }
    }
}
