//! Days of publication against the periods that reports are about.

use super::finding::Finding;
use super::repeats::groups;
use super::statement::Statement;
use super::year::LastYear;
use crate::config::{Late, Plain};
use crate::normalize::from_epoch_days;

/// Facts of a period that was not over when they were published; one finding a report and period.
pub(super) fn early<'a>(rule: Plain, statements: &'a [Statement<'a>]) -> Vec<Finding<'a>> {
    let facts = statements.iter().filter(|row| row.status == "actual");
    let early = facts.filter(|row| row.published.is_some_and(|day| day < row.end));
    let groups = groups(early, |row| (row.document, row.region, row.time_period));
    groups
        .into_iter()
        .map(|rows| Finding {
            rule: "early",
            severity: rule.severity,
            numbers: None,
            evidence: format!(
                "{}{} in a period that ends on {}, stated as a fact in {} of {}",
                rows[0].named(),
                if rows.len() > 1 { format!(" and {} more", rows.len() - 1) } else { String::new() },
                from_epoch_days(rows[0].end),
                rows[0].uri,
                rows[0].published.map(from_epoch_days).unwrap_or_default()
            ),
            rows,
        })
        .collect()
}

/// Reports whose latest fact was long over when they were published. `last_year` of a document is the last year that it
/// states anything of: in the years before it only looks back.
pub(super) fn late<'a>(
    rule: Late,
    year: i32,
    last_year: &LastYear<'_>,
    statements: &'a [Statement<'a>],
) -> Vec<Finding<'a>> {
    let facts = statements.iter().filter(|row| row.status != "target" && row.published.is_some());
    let reports = groups(facts, |row| row.document);
    let latest = reports.into_iter().filter_map(|rows| rows.into_iter().max_by_key(|row| (row.end, row.obs_id)));
    let of_year = latest.filter(|row| last_year(row.document).is_none_or(|last| last <= year));
    of_year
        .filter_map(|row| {
            let published = row.published?;
            let days = published.saturating_sub(row.end);
            (i64::from(days) > i64::from(rule.days)).then(|| Finding {
                rule: "late",
                severity: rule.severity,
                rows: vec![row],
                numbers: None,
                evidence: format!(
                    "{} of {} says nothing later than {}, {days} days before",
                    row.uri,
                    from_epoch_days(published),
                    row.time_period
                ),
            })
        })
        .collect()
}
