//! Hard cases from elsewhere, where they are at hand: what the parsers make of each, judged from the primitives alone.
//!
//! A case is a sentence and what should be found in it. Conventions that differ without harm are let pass and nothing
//! else: a number's stretch with or without 约 and 左右, names of base units, 3000余 as more than or at least.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rust_decimal::Decimal;
use serde::Deserialize;
use zhibiao::model::{Amount, AmountKind, Bound, Document, Primitive, PrimitiveKind};
use zhibiao::resolve;

use crate::reading::{LEXICON, titled};

#[derive(Deserialize)]
struct Case {
    id: String,
    category: String,
    input: String,
    reference: String,
    doc_year: Option<i16>,
    expected: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    t: String,
    text: String,
    span: [u32; 2],
    value: Option<serde_json::Value>,
    #[serde(default)]
    values: Vec<String>,
    low: Option<String>,
    high: Option<String>,
    unit: Option<String>,
    /// The value has the sign of its verb.
    #[serde(default)]
    signed: bool,
    bound: Option<String>,
    #[serde(default)]
    approx: bool,
    scope: Option<String>,
    start: Option<String>,
    end: Option<String>,
    adcode: Option<String>,
}

/// Of a hundred cases so many must be right.
const LEAST: usize = 98;

#[test]
fn hard_cases_give_their_primitives() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/hard_cases.dev.jsonl");
    let path = std::env::var_os("ZHIBIAO_HARD_CASES").map_or(beside, Into::into);
    let Ok(lines) = fs::read_to_string(&path) else {
        println!("skipped: {} is not there", path.display());
        return;
    };
    let cases: Vec<Case> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut categories: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in &cases {
        let document = document_of(case);
        let found = resolve::primitives(&LEXICON, &document);
        let missed = case.expected.iter().find(|expected| !is_met(expected, &found, &document));
        let counts = categories.entry(&case.category).or_default();
        counts[usize::from(missed.is_some())] += 1;
        if let Some(missed) = missed {
            wrong.push(format!("{} {:?}: {} {}\n  found {found:?}", case.id, case.input, missed.t, missed.text));
        }
    }
    println!("right and wrong: {categories:?}\n{}", wrong.join("\n"));
    let right = cases.len() - wrong.len();
    assert!(right * 100 >= LEAST * cases.len(), "{right} of {} right:\n{}", cases.len(), wrong.join("\n"));
}

fn document_of(case: &Case) -> Document {
    let title = case.doc_year.map_or(String::new(), |year| format!("{year}年国民经济和社会发展统计公报"));
    titled(&case.input, "330800", &case.reference, &title)
}

/// Whether what is expected was found, or what is not to be found was not.
fn is_met(expected: &Expected, found: &[Primitive], document: &Document) -> bool {
    let [start, end] = expected.span;
    let touches = |primitive: &&Primitive| primitive.span.char_start < end && start < primitive.span.char_end;
    let mut here = found.iter().filter(touches);
    match expected.t.as_str() {
        "none" => !here.any(|found| matches!(found.kind, PrimitiveKind::Amount(_) | PrimitiveKind::Ratio(_))),
        "noperiod" => !here.any(|found| matches!(found.kind, PrimitiveKind::Period(_))),
        "noregion" => !here.any(|found| matches!(found.kind, PrimitiveKind::Region(_))),
        // The stretch of a text that stands twice in its sentence may be the other one's.
        _ => found.iter().any(|found| {
            let surface = found.span.of(&document.text);
            same_stretch(surface, &expected.text) && agrees(expected, &found.kind, surface)
        }),
    }
}

/// Whether two stretches differ at most by words that one convention counts in and the other does not.
fn same_stretch(found: &str, expected: &str) -> bool {
    const AROUND: &str = "约近超逾不足达左右上下以截至止位名“”";
    let core = |text: &str| -> String { text.chars().filter(|c| !AROUND.contains(*c)).collect() };
    core(found) == core(expected) || found == expected
}

fn agrees(expected: &Expected, found: &PrimitiveKind, surface: &str) -> bool {
    match found {
        PrimitiveKind::Region(code) => {
            expected.t == "region" && expected.adcode.as_deref() == Some(code.to_string().as_str())
        }
        PrimitiveKind::Period(period) => {
            let days = [Some(period.start.to_string()), Some(period.end.to_string())];
            expected.t == "period" && days == [expected.start.clone(), expected.end.clone()]
        }
        PrimitiveKind::Ratio(parts) => {
            let wanted: Vec<Decimal> = expected.values.iter().filter_map(|value| value.parse().ok()).collect();
            expected.t == "ratio" && wanted == *parts
        }
        PrimitiveKind::Amount(amount) => amount_agrees(expected, amount, surface),
    }
}

fn amount_agrees(expected: &Expected, amount: &Amount, surface: &str) -> bool {
    if expected.t == "range" {
        let [low, high] = [&expected.low, &expected.high].map(|end| end.as_ref().and_then(|end| end.parse().ok()));
        return amount.bound == Bound::Range
            && low == Some(amount.value.abs())
            && high == amount.high
            && same_unit(expected, amount);
    }
    let Some(wanted) = expected.value.as_ref().and_then(|value| value.to_string().replace('"', "").parse().ok()) else {
        return false;
    };
    let kind = match expected.t.as_str() {
        "qty" => matches!(amount.kind, AmountKind::Quantity | AmountKind::Duration),
        "pct" => matches!(amount.kind, AmountKind::Percent | AmountKind::Multiple),
        "permille" => amount.kind == AmountKind::Permille,
        "pp" => amount.kind == AmountKind::Points,
        "bp" => amount.kind == AmountKind::BasisPoints,
        "multiple" => amount.kind == AmountKind::Multiple,
        "rank" => amount.kind == AmountKind::Rank,
        other => panic!("a case expects {other:?}, which no primitive is"),
    };
    // 增长1.5倍 is +150 %.
    let as_percent = expected.t == "pct" && amount.kind == AmountKind::Multiple;
    let value = if as_percent { amount.value * Decimal::ONE_HUNDRED } else { amount.value };
    let scope = expected.scope.is_none() || expected.scope.as_deref() == amount.scope.as_deref();
    kind && same_value(value, wanted, expected.signed)
        && scope
        && same_bound(expected, amount.bound, surface)
        && (expected.t != "qty" || same_unit(expected, amount))
}

/// Whether two numbers are the same, the sign left out where the case does not say that the verb's counts. A third is
/// rounded here and there.
fn same_value(found: Decimal, wanted: Decimal, signed: bool) -> bool {
    let rounding = Decimal::new(5, 2);
    let exact = signed || wanted.is_sign_negative();
    let (found, wanted) = if exact { (found, wanted) } else { (found.abs(), wanted.abs()) };
    found == wanted || found.scale() == 2 && (found - wanted).abs() < rounding
}

fn same_bound(expected: &Expected, found: Bound, surface: &str) -> bool {
    let wanted = match (expected.bound.as_deref(), expected.approx) {
        (_, true) => Bound::Approx,
        (Some(">"), _) => Bound::Gt,
        (Some(">="), _) => Bound::Ge,
        (Some("<"), _) => Bound::Lt,
        (Some("<="), _) => Bound::Le,
        _ => Bound::Exact,
    };
    let more = surface.contains(['多', '余', '几']) && found == Bound::Gt;
    found == wanted || more && matches!(wanted, Bound::Ge | Bound::Approx)
}

/// Whether the base unit is the one expected, under whatever name.
fn same_unit(expected: &Expected, amount: &Amount) -> bool {
    const NAMES: [(&str, &str); 16] = [
        ("10k ", "万"),
        ("CNY", "元"),
        ("USD", "美元"),
        ("EUR", "欧元"),
        ("HKD", "港元"),
        ("JPY", "日元"),
        ("tce", "吨标准煤"),
        ("kWh", "千瓦时"),
        ("kW", "千瓦"),
        ("km2", "平方公里"),
        ("km", "公里"),
        ("m2", "平方米"),
        ("m3", "立方米"),
        ("ha", "公顷"),
        ("kg", "千克"),
        ("TEU", "标箱"),
    ];
    let Some(unit) = &expected.unit else { return amount.unit.is_empty() };
    let named = NAMES.iter().fold(unit.clone(), |unit, (name, chinese)| unit.replace(name, chinese));
    let part = |part: &str| match part {
        "t" => "吨".to_owned(),
        "千米" => "公里".to_owned(),
        other => other.to_owned(),
    };
    let wanted: Vec<String> = named.split('/').map(part).collect();
    let per = amount.per.as_ref().map_or(String::new(), |per| format!("/{per}"));
    wanted.join("/") == format!("{}{per}", amount.unit)
}
