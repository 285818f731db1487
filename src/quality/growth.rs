//! Rates against what is stated beside them: changes of the level, and the rates of other places.

use std::collections::HashMap;

use super::finding::{Finding, Numbers};
use super::statement::{Place, Statement};
use crate::config::Plain;
use crate::lexicon::{Class, Lexicon};

/// Most characters between a change and the rate that it makes: 增加542.4亿元，比年初增长19.3%.
const NEAR: i32 = 12;

/// 比年初增加542.4亿元，增长19.3% where the level is 3352.7亿元: what does not fit together.
pub(super) fn changes<'a>(rule: Plain, lexicon: &Lexicon, statements: &'a [Statement<'a>]) -> Vec<Finding<'a>> {
    let mut series: HashMap<(Place<'a>, &str), Vec<&'a Statement<'a>>> = HashMap::new();
    for row in statements.iter().filter(|row| row.is_exact()) {
        series.entry((row.place(), row.indicator)).or_default().push(row);
    }
    let mut findings = Vec::new();
    for rows in series.values_mut() {
        rows.sort_by_key(|row| row.char_start);
        let mut level = None;
        for pair in rows.windows(2) {
            let [before, after] = pair else { continue };
            if before.measure == "level" {
                level = Some(*before);
            }
            let Some(level) = level else { continue };
            if before.measure == "change" && before.unit == level.unit && follows(lexicon, before, after) {
                findings.extend(change(rule, level, before, after));
            }
        }
    }
    findings
}

fn change<'a>(
    rule: Plain,
    level: &'a Statement<'a>,
    change: &'a Statement<'a>,
    rate: &'a Statement<'a>,
) -> Option<Finding<'a>> {
    let base = level.value - change.value;
    if base <= 0.0 {
        return None;
    }
    let of_rounding = (change.rounding * level.value + level.rounding * change.value.abs()) / (base * base);
    let numbers = Numbers {
        expected: 100.0 * change.value / base,
        found: rate.value,
        tolerance: 100.0 * of_rounding + rate.rounding,
    };
    numbers.differ().then(|| Finding {
        rule: "change",
        severity: rule.severity,
        rows: vec![rate, change, level],
        numbers: Some(numbers),
        evidence: format!(
            "{} after a change of {} is one of {:.2}%, but the rate is {}",
            level.named(),
            change.amount(),
            numbers.expected,
            rate.amount()
        ),
    })
}

/// Whether `rate` stands right behind `change` and is against the same base: no other is named between them.
fn follows(lexicon: &Lexicon, change: &Statement<'_>, rate: &Statement<'_>) -> bool {
    let near = (0..=NEAR).contains(&(rate.char_start - change.char_end));
    if !near || !rate.is_growth() || rate.constant_prices || rate.sentence != change.sentence {
        return false;
    }
    let mut places = change.sentence.match_indices(change.surface);
    let (Some((at, _)), None) = (places.next(), places.next()) else { return false };
    let behind = &change.sentence[at + change.surface.len()..];
    let between: String = behind.chars().take_while(|c| !c.is_ascii_digit()).take(NEAR as usize).collect();
    !lexicon.hits(&between).any(|hit| names_base(lexicon, &between[hit.start..hit.end]))
}

/// Whether `word` is or begins with a base: 同比, 同比增长.
fn names_base(lexicon: &Lexicon, word: &str) -> bool {
    let is_base = |class| matches!(class, Class::Yoy | Class::Mom | Class::Prior | Class::Avg | Class::Than);
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.into_iter().any(|end| lexicon.class_of(&word[..end]).is_some_and(is_base))
}

/// What a rate is of: region, zone, indicator, breakdown, period, measure.
type Rate<'a> = (&'a str, Option<&'a str>, &'a str, Option<&'a str>, &'a str, &'a str);

/// 增长6.2%，高于全省1.2个百分点 where the province is stated to have grown by 5.5%.
pub(super) fn gaps<'a>(rule: Plain, statements: &'a [Statement<'a>]) -> Vec<Finding<'a>> {
    let mut rates: HashMap<Rate<'a>, Vec<&'a Statement<'a>>> = HashMap::new();
    let comparable = |row: &&Statement<'_>| row.is_exact() && row.status == "actual" && row.unit == "%";
    for row in statements.iter().filter(comparable).filter(|row| matches!(row.measure, "yoy" | "level")) {
        let rate = (row.region, row.zone, row.indicator, row.breakdown, row.time_period, row.measure);
        rates.entry(rate).or_default().push(row);
    }
    for rows in rates.values_mut() {
        rows.sort_by(|a, b| a.value.total_cmp(&b.value).then_with(|| a.obs_id.cmp(b.obs_id)));
    }
    let gaps = statements.iter().filter(|row| row.measure == "gap" && row.unit == "百分点" && row.is_exact());
    gaps.filter_map(|gap| {
        let pairs = ["yoy", "level"].into_iter().filter_map(|measure| nearest(&rates, gap, measure));
        // Which of several rates the gap is about, the row does not say: one that fits will do.
        let best = pairs.min_by(|a, b| a.2.excess().total_cmp(&b.2.excess()));
        let (own, other, numbers) = best.filter(|(.., numbers)| numbers.differ())?;
        let other_name = other.region_name.unwrap_or(other.region);
        Some(Finding {
            rule: "gap",
            severity: rule.severity,
            rows: vec![gap, own, other],
            numbers: Some(numbers),
            evidence: format!(
                "{} is {:+.2} against {} of {other_name}, but the gap is {}",
                own.named(),
                numbers.expected,
                other.amount(),
                gap.amount()
            ),
        })
    })
    .collect()
}

type Pair<'a> = (&'a Statement<'a>, &'a Statement<'a>, Numbers);

/// The rates of `measure` of the gap's own place (in its own report) and of its benchmark (in any) that fit it best.
fn nearest<'a>(
    rates: &HashMap<Rate<'a>, Vec<&'a Statement<'a>>>,
    gap: &'a Statement<'a>,
    measure: &'static str,
) -> Option<Pair<'a>> {
    let of = |region, zone| rates.get(&(region, zone, gap.indicator, gap.breakdown, gap.time_period, measure));
    let others = of(gap.scope_code?, None)?;
    let own = of(gap.region, gap.zone)?.iter().filter(|row| row.document == gap.document);
    let pair = |own: &'a Statement<'a>| {
        let wanted = own.value - gap.value;
        let at = others.partition_point(|other| other.value < wanted);
        let beside = others[at.saturating_sub(1)..].iter().take(2);
        let other = *beside.min_by(|a, b| (a.value - wanted).abs().total_cmp(&(b.value - wanted).abs()))?;
        let tolerance = own.rounding + other.rounding + gap.rounding;
        Some((own, other, Numbers { expected: own.value - other.value, found: gap.value, tolerance }))
    };
    own.filter_map(|own| pair(own)).min_by(|a, b| a.2.excess().total_cmp(&b.2.excess()))
}

impl Numbers {
    /// How much further apart they lie than they may.
    fn excess(&self) -> f64 {
        (self.found - self.expected).abs() - self.tolerance
    }
}
