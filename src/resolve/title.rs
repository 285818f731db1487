//! What the title of a document says of time.

use jiff::civil::Date;

use super::calendar::Calendar;
use crate::extract::{Tokens, Year, scan};
use crate::lexicon::Lexicon;
use crate::model::Period;

/// The period that a title gives, and the year of a budget draft: 2020 of 2019年预算执行情况和2020年预算草案.
pub(super) fn title_period(lexicon: &Lexicon, title: &str, published: Date) -> (Option<Period>, Option<i16>) {
    let mut tokens = Tokens::default();
    scan(lexicon, title, 0, title.len(), &mut tokens);
    let calendar = Calendar::new(published, None);
    let first = tokens.times.iter().find(|time| time.year.is_some() || time.part.is_some());
    let period = first.map(|time| calendar.period(*time));
    let years = tokens.times.iter().filter_map(|time| match time.year {
        Some(Year::Absolute(year)) => Some(year),
        _ => None,
    });
    let draft_year = years.max().filter(|_| title.contains("草案"));
    // A work report is named for the year that it opens, and reports on the one before.
    match period {
        Some(period) if title.contains("工作报告") => (Some(Period::year(period.end.year() - 1)), draft_year),
        other => (other, draft_year),
    }
}
