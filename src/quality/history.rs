//! Values against the other periods of their series, of this year and of those before.

use std::collections::HashMap;

use super::finding::{Finding, Numbers};
use super::statement::Statement;
use crate::config::{AllRules, Magnitude, Outlier};
use crate::lexicon::{Indicator, Kind, Lexicon};

/// Makes the median distance from the median an estimate of the standard deviation.
const TO_DEVIATION: f64 = 1.4826;

/// What goes on through the periods, whatever their length: region, zone, indicator, breakdown, measure, unit, and the
/// length where amounts of different lengths cannot be reckoned into each other.
type Series<'a> = (&'a str, Option<&'a str>, &'a str, Option<&'a str>, &'a str, &'a str, i32);

/// A value of a series, comparable with the others of it: flows by the month.
struct Point<'a> {
    row: &'a Statement<'a>,
    value: f64,
    /// Whether it is of the year that is checked.
    is_new: bool,
}

/// Jumps and outliers among `statements`, seen against themselves and the `earlier` ones of the years before.
pub(super) fn findings<'a>(
    rules: &AllRules,
    lexicon: &Lexicon,
    statements: &'a [Statement<'a>],
    earlier: &'a [Statement<'a>],
) -> Vec<Finding<'a>> {
    let catalogue: HashMap<&str, &Indicator> = lexicon.indicators().iter().map(|row| (row.id.as_str(), row)).collect();
    let mut series: HashMap<Series<'a>, Vec<Point<'a>>> = HashMap::new();
    let new = statements.iter().map(|row| (row, true));
    for (row, is_new) in earlier.iter().map(|row| (row, false)).chain(new) {
        let counts = matches!(row.measure, "level" | "yoy") && row.status != "target" && row.bound != "range";
        if counts && row.value.is_finite() {
            let months = ((row.end - row.start + 1) as f64 / 30.4).round().max(1.0);
            let adds_up = catalogue.get(row.indicator).is_some_and(|indicator| indicator.kind == Kind::Flow);
            let by_month = adds_up && row.measure == "level" && row.basis == "flow";
            let (value, length) = if by_month { (row.value / months, 0) } else { (row.value, months as i32) };
            let length = if row.measure == "yoy" { 0 } else { length };
            let key = (row.region, row.zone, row.indicator, row.breakdown, row.measure, row.unit, length);
            series.entry(key).or_default().push(Point { row, value, is_new });
        }
    }
    let mut findings = Vec::new();
    for points in series.values_mut().filter(|points| points.iter().any(|point| point.is_new)) {
        // Reports that agree are one point.
        points.sort_by_key(|point| (point.row.end, point.row.start, point.row.published));
        points.dedup_by(|b, a| a.row.time_period == b.row.time_period && a.value == b.value);
        if let Some(rule) = &rules.magnitude {
            findings.extend(jumps(rule, points));
        }
        if let Some(rule) = rules.outlier {
            findings.extend(outliers(rule, points));
        }
    }
    findings
}

/// Amounts that are off by a factor between units.
fn jumps<'a>(rule: &Magnitude, points: &[Point<'a>]) -> Vec<Finding<'a>> {
    let amounts = points.iter().filter(|point| point.row.measure == "level" && point.value > 0.0);
    let amounts: Vec<&Point<'a>> = amounts.collect();
    // Of two that disagree the later is the one to be looked at.
    let reference = match amounts[..] {
        [] | [_] => return Vec::new(),
        [first, _] => first,
        _ => middle(&amounts),
    };
    let is_jump = |point: &&&Point<'a>| {
        let quotient = point.value.max(reference.value) / point.value.min(reference.value);
        let off = |factor: &f64| quotient / factor < rule.spread && factor / quotient < rule.spread;
        let large = point.value.max(reference.value) >= rule.smallest;
        point.is_new && large && rule.factors.iter().any(off)
    };
    let found = amounts.iter().filter(is_jump).map(|point| {
        let (row, other) = (point.row, reference.row);
        let same_length = row.end - row.start == other.end - other.start;
        let by_month = if same_length { "" } else { " by the month" };
        Finding {
            rule: "magnitude",
            severity: rule.severity,
            rows: vec![row, other],
            numbers: Some(Numbers {
                expected: reference.value,
                found: point.value,
                tolerance: reference.value * (rule.spread - 1.0),
            }),
            evidence: format!(
                "{} is {:.4} times{by_month} the {} of {}",
                row.named(),
                point.value / reference.value,
                other.amount(),
                other.time_period
            ),
        }
    });
    found.collect()
}

/// The point with the median value; of an even number, the lower.
fn middle<'p, 'a>(points: &[&'p Point<'a>]) -> &'p Point<'a> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.value.total_cmp(&b.value));
    sorted[(sorted.len() - 1) / 2]
}

/// Values far from the others: amounts by their quotients, rates by their differences.
fn outliers<'a>(rule: Outlier, points: &[Point<'a>]) -> Vec<Finding<'a>> {
    let is_rate = |point: &Point<'_>| point.row.unit == "%";
    let scaled: Vec<(&Point<'a>, f64)> = points
        .iter()
        .filter(|point| is_rate(point) || point.value > 0.0)
        .map(|point| (point, if is_rate(point) { point.value } else { point.value.ln() }))
        .collect();
    if scaled.len() < rule.points {
        return Vec::new();
    }
    let center = median(scaled.iter().map(|(_, value)| *value));
    let distance = median(scaled.iter().map(|(_, value)| (value - center).abs()));
    let floor = if points.iter().all(is_rate) { rule.floor_rate } else { rule.floor_amount };
    let limit = rule.deviations * TO_DEVIATION * distance.max(floor);
    let far = scaled.iter().filter(|(point, value)| point.is_new && (value - center).abs() > limit);
    far.map(|(point, value)| {
        let (back, tolerance) =
            if is_rate(point) { (center, limit) } else { (center.exp(), center.exp() * limit.exp_m1()) };
        Finding {
            rule: "outlier",
            severity: rule.severity,
            rows: vec![point.row],
            numbers: Some(Numbers { expected: back, found: point.value, tolerance }),
            evidence: format!(
                "{} is {:.0} deviations from the median of {} values",
                point.row.named(),
                (value - center).abs() / (limit / rule.deviations),
                scaled.len()
            ),
        }
    })
    .collect()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[half],
        _ => (values[half - 1] + values[half]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
        assert_eq!(median(std::iter::empty()), 0.0);
    }
}
