//! Hard cases from elsewhere, where they are at hand: how many agree is printed, that none panics is asserted.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rust_decimal::Decimal;
use serde::Deserialize;
use zhibiao::model::Reading;
use zhibiao::resolve;

use crate::reading::{LEXICON, document};

#[derive(Deserialize)]
struct Case {
    id: String,
    input: String,
    reference: String,
    expected: Vec<Expected>,
}

/// One thing that a case expects; fields that are not judged are left out.
#[derive(Deserialize)]
struct Expected {
    t: String,
    span: [u32; 2],
    value: Option<serde_json::Value>,
    unit: Option<String>,
    #[serde(default)]
    signed: bool,
    bound: Option<String>,
    #[serde(default)]
    approx: bool,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Agrees,
    Differs,
    /// The number is in `numbers` with a reason, so its value cannot be seen.
    Unused,
    Missing,
}

#[test]
fn hard_cases_do_not_panic() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/hard_cases.dev.jsonl");
    let Ok(lines) = fs::read_to_string(&path) else {
        println!("skipped: {} is not there", path.display());
        return;
    };
    let (mut verdicts, mut skipped) = (BTreeMap::new(), BTreeMap::new());
    for line in lines.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let reading = resolve::read(&LEXICON, &document(&case.input, "330800", &case.reference));
        for expected in &case.expected {
            match expected.t.as_str() {
                "qty" | "pct" | "pp" | "multiple" | "rank" | "permille" => {
                    let verdict = judge(&reading, expected);
                    if verdict != Verdict::Agrees {
                        println!("{verdict:?}: {} {}", case.id, case.input);
                    }
                    *verdicts.entry(verdict).or_insert(0) += 1;
                }
                // Periods and regions are not exposed without a number that is about them.
                other => *skipped.entry(other.to_owned()).or_insert(0) += 1,
            }
        }
    }
    println!("hard cases: {verdicts:?}; not judged: {skipped:?}");
    assert!(!verdicts.is_empty(), "{} holds no case that can be judged", path.display());
}

fn judge(reading: &Reading, expected: &Expected) -> Verdict {
    let [start, end] = expected.span;
    let covers = |span: zhibiao::model::Span| span.char_start < end && start < span.char_end;
    let Some(row) = reading.observations.iter().find(|row| covers(row.span)) else {
        let listed = reading.unused.iter().any(|number| covers(number.span));
        return if listed { Verdict::Unused } else { Verdict::Missing };
    };
    let wanted = expected.value.as_ref().map(|value| value.to_string().replace('"', ""));
    let Some(wanted) = wanted.and_then(|value| value.parse::<Decimal>().ok()) else { return Verdict::Differs };
    // Quantities are expected in their base unit, rates as written.
    let power = if expected.t == "qty" || expected.unit.is_some() { LEXICON.base_unit(&row.unit).power } else { 0 };
    let scale = Decimal::from(10u32.pow(power.unsigned_abs().min(9)));
    let found = if power < 0 { row.value / scale } else { row.value * scale };
    let (found, wanted) = if expected.signed { (found, wanted) } else { (found.abs(), wanted.abs()) };
    let bound = match (expected.bound.as_deref(), expected.approx) {
        (_, true) => "approx",
        (Some(">"), _) => "gt",
        (Some(">="), _) => "ge",
        (Some("<"), _) => "lt",
        (Some("<="), _) => "le",
        _ => "exact",
    };
    if found == wanted && row.bound.as_str() == bound { Verdict::Agrees } else { Verdict::Differs }
}
