//! What a rule found, and its row in the table `checks`.

use std::collections::HashMap;

use jiff::Timestamp;
use polars::error::PolarsResult;
use polars::prelude::DataFrame;

use super::statement::Statement;
use crate::config::Severity;
use crate::normalize::schema::CHECKS;
use crate::normalize::{FrameBuilder, NormalizeError, Run, from_epoch_days, hash};

/// A rule that numbers break.
#[derive(Clone, Debug)]
pub struct Finding<'a> {
    pub(super) rule: &'a str,
    pub(super) severity: Severity,
    /// The statements that it takes to see it; the first is the one that it is about.
    pub(super) rows: Vec<&'a Statement<'a>>,
    pub(super) numbers: Option<Numbers>,
    pub(super) evidence: String,
}

/// What was to be expected, and what was found, in one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Numbers {
    pub expected: f64,
    pub found: f64,
    /// How far they may lie apart.
    pub tolerance: f64,
}

impl Numbers {
    /// Whether they lie further apart than they may; a little more is granted, for doubles are not exact.
    pub fn differ(&self) -> bool {
        let slack = 1e-9 * self.expected.abs().max(self.found.abs());
        (self.found - self.expected).abs() > self.tolerance * (1.0 + 1e-9) + slack
    }
}

/// The table `checks` of `findings`, in which those that `before` had keep the run that found them first.
///
/// # Errors
/// When `before` is no such table, or polars refuses.
pub fn checks(findings: &[Finding<'_>], run: &Run, before: Option<&DataFrame>) -> Result<DataFrame, NormalizeError> {
    let known = before.map(first_found).transpose()?.unwrap_or_default();
    let mut frame = FrameBuilder::new(&CHECKS);
    for finding in findings {
        let Some(about) = finding.rows.first() else { continue };
        let id = finding.id();
        let (run_id, checked_at) = match known.get(&id) {
            Some((run_id, at)) => (run_id.as_str(), *at),
            None => (run.id.as_str(), run.began),
        };
        let numbers = finding.numbers;
        frame.push([
            ("check_id", id.into()),
            ("rule", finding.rule.into()),
            ("severity", finding.severity.as_str().into()),
            ("region_code", about.region.into()),
            ("region_name", about.region_name.into()),
            ("indicator", about.indicator.into()),
            ("indicator_name", about.indicator_name.into()),
            ("breakdown", about.breakdown.into()),
            ("time_period", about.time_period.into()),
            ("period_end", from_epoch_days(about.end).into()),
            ("expected", numbers.map(|numbers| numbers.expected).into()),
            ("found", numbers.map(|numbers| numbers.found).into()),
            ("tolerance", numbers.map(|numbers| numbers.tolerance).into()),
            ("unit", numbers.map(|_| about.unit).into()),
            ("evidence", finding.evidence.as_str().into()),
            ("obs_ids", finding.joined(|row| row.obs_id).into()),
            ("doc_ids", finding.joined(|row| row.document).into()),
            ("run_id", run_id.into()),
            ("checked_at", checked_at.into()),
        ])?;
    }
    frame.finish()
}

impl Finding<'_> {
    /// The same rule broken by the same statements is the same finding in every run.
    fn id(&self) -> String {
        let mut rows: Vec<&str> = self.rows.iter().map(|row| row.obs_id).collect();
        rows.sort_unstable();
        let fields: Vec<Option<&str>> = std::iter::once(self.rule).chain(rows).map(Some).collect();
        hash(&fields)
    }

    fn joined<'r>(&'r self, word: impl Fn(&'r Statement<'r>) -> &'r str) -> String {
        let mut words: Vec<&str> = Vec::new();
        for word in self.rows.iter().map(|row| word(row)) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words.join(";")
    }
}

/// Run and time of each finding of a table `checks`.
fn first_found(checks: &DataFrame) -> PolarsResult<HashMap<String, (String, Timestamp)>> {
    let (ids, runs) = (checks.column("check_id")?.str()?, checks.column("run_id")?.str()?);
    let times = checks.column("checked_at")?.datetime()?.physical();
    let rows = ids.iter().zip(runs.iter()).zip(times.iter());
    Ok(rows
        .filter_map(|((id, run), at)| Some((id?.to_owned(), (run?.to_owned(), Timestamp::from_microsecond(at?).ok()?))))
        .collect())
}

/// Words of the errors in `after` that `before` did not have.
///
/// # Errors
/// When one of them is no table `checks`.
pub fn new_errors(before: Option<&DataFrame>, after: &DataFrame) -> PolarsResult<Vec<String>> {
    let known = before.map(first_found).transpose()?.unwrap_or_default();
    let text = |name: &str| after.column(name)?.str().cloned();
    let (ids, severities) = (text("check_id")?, text("severity")?);
    let (rules, regions, periods, words) =
        (text("rule")?, text("region_name")?, text("time_period")?, text("evidence")?);
    let is_new = |row: &usize| {
        severities.get(*row) == Some(Severity::Error.as_str())
            && ids.get(*row).is_some_and(|id| !known.contains_key(id))
    };
    let told = |row: usize| {
        let [rule, region, period, words] = [&rules, &regions, &periods, &words].map(|column| column.get(row));
        format!(
            "{} {} {}: {}",
            rule.unwrap_or_default(),
            region.unwrap_or_default(),
            period.unwrap_or_default(),
            words.unwrap_or_default()
        )
    };
    Ok((0..after.height()).filter(is_new).map(told).collect())
}
