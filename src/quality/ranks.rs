//! Ranks against the number of places that are ranked.

use std::collections::HashMap;

use super::finding::{Finding, Numbers};
use super::statement::Statement;
use crate::config::Rank;
use crate::lexicon::Lexicon;
use crate::model::RegionCode;
use crate::normalize::from_epoch_days;

/// Ranks that are too high, or taken in something that the place is no part of.
pub(super) fn findings<'a>(rule: Rank, lexicon: &Lexicon, statements: &'a [Statement<'a>]) -> Vec<Finding<'a>> {
    let mut places = Places { lexicon, counts: HashMap::new() };
    // A zone is ranked among zones, and of those there is no list.
    let ranks = statements.iter().filter(|row| row.measure == "rank" && row.zone.is_none());
    ranks.filter_map(|row| finding(rule, &mut places, row)).collect()
}

fn finding<'a>(rule: Rank, places: &mut Places<'_>, row: &'a Statement<'a>) -> Option<Finding<'a>> {
    let scope = row.scope.unwrap_or_default();
    let (last, evidence) = match (row.scope_code, counted(scope)) {
        (Some(code), _) if code == row.region => return None,
        (Some(code), _) => match places.ranked(code, row)? {
            0 => (0, format!("{} is no part of {scope}", row.region_name.unwrap_or(row.region))),
            count => (count + rule.beside, format!("{scope} has {count} places of its level")),
        },
        (None, Some(count)) => (count, format!("{scope} are {count}")),
        (None, None) => return None,
    };
    let numbers = Numbers { expected: f64::from(last), found: row.value, tolerance: 0.0 };
    (row.value > numbers.expected || row.value < 1.0).then(|| Finding {
        rule: "rank",
        severity: rule.severity,
        rows: vec![row],
        numbers: Some(numbers),
        evidence: format!("{} is ranked {} ({}), but {evidence}", row.indicator_name, row.value, row.surface),
    })
}

/// How many places of a level lie in a region, as far as it was asked.
struct Places<'l> {
    lexicon: &'l Lexicon,
    counts: HashMap<(RegionCode, RegionCode, i16), u32>,
}

impl Places<'_> {
    /// Places of the level of `row`'s region that lay in `scope` in its year; 0 when that region itself does not.
    fn ranked(&mut self, scope: &str, row: &Statement<'_>) -> Option<u32> {
        let (scope, region): (RegionCode, RegionCode) = (scope.parse().ok()?, row.region.parse().ok()?);
        let year = from_epoch_days(row.end).year();
        let regions = self.lexicon.regions();
        let count = || {
            let level = regions.at(region, year).map(|region| region.level);
            let in_scope = |code| regions.contains(scope, code, year);
            let all = regions.all().iter().filter(|other| other.in_force(year) && Some(other.level) == level);
            if in_scope(region) { all.filter(|other| in_scope(other.code)).count() } else { 0 }
        };
        let known = self.counts.entry((scope, region, year));
        Some(*known.or_insert_with(|| u32::try_from(count()).unwrap_or(u32::MAX)))
    }
}

/// The number in 山区26县, 36个大中城市.
fn counted(scope: &str) -> Option<u32> {
    let digits = scope.find(|c: char| c.is_ascii_digit())?;
    let (number, what) = scope[digits..].split_at(scope[digits..].find(|c: char| !c.is_ascii_digit())?);
    number.parse().ok().filter(|_| what.starts_with(['个', '县', '市', '区', '省', '州']))
}
