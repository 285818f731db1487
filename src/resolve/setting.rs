//! What a document as a whole says of time and place, before its text is read.

use jiff::civil::{Date, date};

use super::calendar::Calendar;
use crate::extract::{Part, Time, Tokens, Year, scan};
use crate::lexicon::Lexicon;
use crate::model::{Document, Period, RegionCode};

/// Bytes at the start of a text in which it says what it is about.
const LEAD: usize = 1200;

/// What everything in a document is seen from.
pub(super) struct Setting {
    /// The day from which 今年 and 上半年 are seen; without a day of publication the end of the last year named.
    pub day: Date,
    /// The region whose report it is.
    pub home: Option<RegionCode>,
    /// The period that the title gives.
    pub period: Option<Period>,
    /// Where the title gives none: what its first words report on, to be used until the text names a period itself.
    pub lead: Option<Period>,
    /// The year of a budget draft.
    pub draft_year: Option<i16>,
}

impl Setting {
    pub(super) fn of(lexicon: &Lexicon, document: &Document) -> Setting {
        let day = document.published.as_ref().map_or_else(|| latest_year(&document.text), |stated| stated.value);
        let title = document.title.as_ref().map_or("", |stated| stated.value.as_str());
        let (period, draft_year) = title_period(lexicon, title, day);
        let lead = period.is_none().then(|| lead_period(lexicon, &document.text, day)).flatten();
        Setting { day, home: document.region.as_ref().map(|stated| stated.value), period, lead, draft_year }
    }
}

/// For a text without a date: the end of the latest year that it names.
fn latest_year(text: &str) -> Date {
    let years = text.match_indices('年').filter_map(|(at, _)| text.get(at.checked_sub(4)?..at)?.parse::<i16>().ok());
    let latest = years.filter(|year| (1949..=2100).contains(year)).max();
    date(latest.unwrap_or(2000), 12, 31)
}

/// The period that a title gives, and the year of a budget draft: 2020 of 2019年预算执行情况和2020年预算草案.
fn title_period(lexicon: &Lexicon, title: &str, published: Date) -> (Option<Period>, Option<i16>) {
    let mut tokens = Tokens::default();
    scan(lexicon, title, 0, title.len(), &mut tokens);
    let calendar = Calendar::new(published, None, None);
    let first = tokens.times.iter().find(|time| time.is_anchored() && !time.names_days());
    let period = first.map(|time| calendar.period(*time)).or_else(|| year_reported(title, published));
    let years = tokens.times.iter().filter_map(|time| match time.year {
        Some(Year::Absolute(year)) => Some(year),
        _ => None,
    });
    // A 决算草案 drafts accounts of a year that is over.
    let draft_year = years.max().filter(|_| title.replace("决算草案", "").contains("草案"));
    // A work report is named for the year that it opens, and reports on the one before.
    match period {
        Some(period) if title.contains("工作报告") => (Some(Period::year(period.end.year() - 1)), draft_year),
        other => (other, draft_year),
    }
}

/// The months from January on that the lead of a text names first: 实现生产总值745亿元,增长6.3%。…前三季度蔬菜产量增长4.5%.
fn lead_period(lexicon: &Lexicon, text: &str, day: Date) -> Option<Period> {
    let mut tokens = Tokens::default();
    scan(lexicon, text, 0, text.floor_char_boundary(LEAD), &mut tokens);
    let calendar = Calendar::new(day, None, None);
    let so_far = |time: &&Time| {
        let first_month = matches!(time.part, Some(Part::Months(1, _)));
        first_month && time.edge.is_none() && matches!(time.year, None | Some(Year::Relative(0)))
    };
    let periods = tokens.times.iter().filter(so_far).map(|time| calendar.period(*time));
    periods.into_iter().next().filter(|period| period.end.year() == day.year() && period.end < day)
}

/// The year that a bulletin or a work report without a year in its title looks back on: the one before, where it comes
/// out in the first half of a year.
fn year_reported(title: &str, published: Date) -> Option<Period> {
    let early = published.month() <= 6;
    if title.contains("工作报告") {
        // Its caller goes back a year, as it is named for the year that it opens.
        return Some(Period::year(published.year() + i16::from(!early)));
    }
    (title.contains("统计公报") && early).then(|| Period::year(published.year() - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_date_what_they_head() {
        let lexicon = Lexicon::bundled().expect("the bundled tables are sound");
        for (title, period, draft) in [
            ("2022年上半年全市经济运行情况", Some(Period::months(2022, 1, 6)), None),
            ("2021年国民经济和社会发展统计公报", Some(Period::year(2021)), None),
            ("2022年政府工作报告", Some(Period::year(2021)), None),
            ("国民经济和社会发展统计公报", None, None),
            ("关于2021年预算执行情况和2022年预算草案的报告", Some(Period::year(2021)), Some(2022)),
            ("我市召开经济工作会议", None, None),
        ] {
            assert_eq!(title_period(&lexicon, title, date(2022, 8, 1)), (period, draft), "{title}");
        }
    }
}
