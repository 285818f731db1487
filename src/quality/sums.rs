//! Parts and wholes of one report: sums, parts that are no more than their whole, shares that give 100 %.

use std::collections::HashMap;

use super::finding::{Finding, Numbers};
use super::statement::{Place, Statement};
use crate::config::{AllRules, Structure, Whole};

/// The amounts that one report states for one place and period, by indicator; `None` where it states two.
type Amounts<'a> = HashMap<&'a str, Option<&'a Statement<'a>>>;

/// What breaks the rules of wholes and parts. Every report is held against itself: two may have read other drafts.
pub(super) fn findings<'a>(rules: &'a AllRules, statements: &'a [Statement<'a>]) -> Vec<Finding<'a>> {
    let places = amounts(statements, |row| row.measure == "level");
    let shares = amounts(statements, |row| row.unit == "%" && matches!(row.measure, "level" | "share"));
    let mut findings = Vec::new();
    for amounts in places.values() {
        findings.extend(rules.sums.iter().filter_map(|rule| sum(rule, amounts)));
        findings.extend(rules.parts.iter().flat_map(|rule| parts(rule, amounts)));
    }
    for shares in shares.values() {
        findings.extend(rules.structures.iter().filter_map(|rule| structure(rule, shares)));
    }
    findings
}

fn amounts<'a>(
    statements: &'a [Statement<'a>],
    counts: impl Fn(&Statement<'a>) -> bool,
) -> HashMap<Place<'a>, Amounts<'a>> {
    let mut places: HashMap<Place<'a>, Amounts<'a>> = HashMap::new();
    for row in statements.iter().filter(|row| row.is_exact() && counts(row)) {
        let amounts = places.entry(row.place()).or_default();
        let known = amounts.entry(row.indicator).or_insert(Some(row));
        // A number in words of its own (近一半) and one that is revised in the same breath decide nothing.
        if known.is_some_and(|known| known.value != row.value) {
            *known = None;
        }
    }
    places
}

/// The parts that a report has of `rule`, and its whole.
fn sum<'a>(rule: &'a Whole, amounts: &Amounts<'a>) -> Option<Finding<'a>> {
    let whole = stated(amounts, rule.whole.get_ref())?;
    let parts = stated_parts(amounts, &rule.parts, whole.unit);
    let complete = parts.len() == rule.parts.len();
    let numbers = added(&parts, whole);
    let broken = numbers.differ() && (complete || numbers.expected > numbers.found);
    (broken && !parts.is_empty() && parts.iter().all(|part| part.value >= 0.0)).then(|| {
        let sum = listed(&parts);
        let (is, total) = (if complete { "=" } else { "≥" }, whole.like(numbers.expected));
        let evidence = format!("{sum} {is} {total}, but {}", whole.named());
        Finding {
            rule: rule.id.get_ref(),
            severity: rule.severity,
            rows: std::iter::once(whole).chain(parts).collect(),
            numbers: Some(numbers),
            evidence,
        }
    })
}

fn parts<'a>(rule: &'a Whole, amounts: &Amounts<'a>) -> Vec<Finding<'a>> {
    let Some(whole) = stated(amounts, rule.whole.get_ref()) else { return Vec::new() };
    let parts = stated_parts(amounts, &rule.parts, whole.unit).into_iter();
    let too_large = parts
        .map(|part| (part, added(&[part], whole)))
        .filter(|(_, numbers)| numbers.expected > numbers.found && numbers.differ());
    too_large
        .map(|(part, numbers)| Finding {
            rule: rule.id.get_ref(),
            severity: rule.severity,
            rows: vec![part, whole],
            numbers: Some(Numbers { expected: whole.value, found: part.value, ..numbers }),
            evidence: format!("{} is part of {}", part.named(), whole.named()),
        })
        .collect()
}

fn structure<'a>(rule: &'a Structure, shares: &Amounts<'a>) -> Option<Finding<'a>> {
    let parts = stated_parts(shares, &rule.parts, "%");
    let (first, sum) = (*parts.first()?, parts.iter().map(|part| part.value).sum());
    let tolerance = parts.iter().map(|part| part.rounding).sum();
    let numbers = Numbers { expected: 100.0, found: sum, tolerance };
    (parts.len() == rule.parts.len() && numbers.differ()).then(|| Finding {
        rule: rule.id.get_ref(),
        severity: rule.severity,
        evidence: format!("{} = {}, not 100%", listed(&parts), first.like(sum)),
        rows: parts,
        numbers: Some(numbers),
    })
}

fn stated<'a>(amounts: &Amounts<'a>, indicator: &str) -> Option<&'a Statement<'a>> {
    amounts.get(indicator).copied().flatten()
}

fn stated_parts<'a>(amounts: &Amounts<'a>, indicators: &[toml::Spanned<String>], unit: &str) -> Vec<&'a Statement<'a>> {
    let parts = indicators.iter().filter_map(|indicator| stated(amounts, indicator.get_ref()));
    parts.filter(|part| part.unit == unit).collect()
}

fn added(parts: &[&Statement<'_>], whole: &Statement<'_>) -> Numbers {
    Numbers {
        expected: parts.iter().map(|part| part.value).sum(),
        found: whole.value,
        tolerance: whole.rounding + parts.iter().map(|part| part.rounding).sum::<f64>(),
    }
}

fn listed(parts: &[&Statement<'_>]) -> String {
    parts.iter().map(|part| part.named()).collect::<Vec<_>>().join(" + ")
}
