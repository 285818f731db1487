//! One series and period stated more than once.

use std::collections::HashMap;
use std::hash::Hash;

use super::finding::{Finding, Numbers};
use super::statement::Statement;
use crate::config::Plain;

/// The same value twice in one report.
pub(super) fn duplicates<'a>(rule: Plain, statements: &'a [Statement<'a>]) -> Vec<Finding<'a>> {
    let groups =
        groups(statements, |row| (row.document, row.series_id, row.time_period, row.value.to_bits(), row.bound));
    let repeated = groups.into_iter().filter(|rows| rows.len() > 1);
    repeated
        .map(|rows| Finding {
            rule: "duplicate",
            severity: rule.severity,
            evidence: format!("{} is stated {} times in one report", rows[0].named(), rows.len()),
            numbers: None,
            rows,
        })
        .collect()
}

/// Different values in reports of one day.
pub(super) fn conflicts<'a>(rule: Plain, statements: &'a [Statement<'a>]) -> Vec<Finding<'a>> {
    let exact = statements.iter().filter(|row| row.is_exact());
    let groups = groups(exact, |row| (row.series_id, row.time_period, row.published, row.constant_prices, row.status));
    groups
        .into_iter()
        .filter_map(|rows| {
            let low = *rows.iter().min_by(|a, b| a.value.total_cmp(&b.value))?;
            let high = *rows.iter().max_by(|a, b| a.value.total_cmp(&b.value))?;
            // The differences that make `series.conflict`: a unit of the last digit is rounding.
            let tolerance = 2.0 * low.rounding.max(high.rounding);
            let numbers = Numbers { expected: low.value, found: high.value, tolerance };
            // 由1331.2亿元修订为1334.6亿元 is said on purpose.
            let one_breath = low.document == high.document && low.sentence == high.sentence;
            (numbers.differ() && !one_breath).then(|| Finding {
                rule: "conflict",
                severity: rule.severity,
                evidence: format!("{} in {}, but {} in {}", high.named(), high.uri, low.amount(), low.uri),
                rows: vec![high, low],
                numbers: Some(numbers),
            })
        })
        .collect()
}

/// `rows` by `key`, in the order in which they stand.
pub(super) fn groups<'a, K: Eq + Hash>(
    rows: impl IntoIterator<Item = &'a Statement<'a>>,
    key: impl Fn(&'a Statement<'a>) -> K,
) -> Vec<Vec<&'a Statement<'a>>> {
    let mut places: HashMap<K, usize> = HashMap::new();
    let mut groups: Vec<Vec<&'a Statement<'a>>> = Vec::new();
    for row in rows {
        let place = *places.entry(key(row)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}
