//! `explain --format jsonl`: the primitives of a text, one JSON object a line.

use std::io::Write;

use rust_decimal::Decimal;
use serde::Serialize;

use super::CliError;
use crate::lexicon::Lexicon;
use crate::model::{Amount, Bound, Document, Primitive, PrimitiveKind};
use crate::resolve;

/// A primitive as it is printed; what its kind does not have is left out.
#[derive(Debug, Default, Serialize)]
struct Line<'p> {
    #[serde(skip_serializing_if = "Option::is_none")]
    doc: Option<&'p str>,
    kind: &'static str,
    /// What a range is a range of.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<&'static str>,
    span: [u32; 2],
    surface: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_high: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bound: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign: Option<i8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// Prints what [`resolve::primitives`] finds in `document`.
pub(super) fn print(out: &mut impl Write, lexicon: &Lexicon, document: &Document) -> Result<(), CliError> {
    for primitive in resolve::primitives(lexicon, document) {
        serde_json::to_writer(&mut *out, &line(document, &primitive))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn line<'p>(document: &'p Document, primitive: &'p Primitive) -> Line<'p> {
    let span = primitive.span;
    let line = Line {
        doc: document.name.as_deref(),
        span: [span.char_start, span.char_end],
        surface: span.of(&document.text),
        ..Line::default()
    };
    match &primitive.kind {
        PrimitiveKind::Amount(amount) => of_amount(line, amount),
        PrimitiveKind::Ratio(parts) => {
            Line { kind: "ratio", values: parts.iter().map(Decimal::to_string).collect(), ..line }
        }
        PrimitiveKind::Period(period) => {
            Line { kind: "period", start: Some(period.start.to_string()), end: Some(period.end.to_string()), ..line }
        }
        PrimitiveKind::Region(code) => Line { kind: "region", code: Some(code.to_string()), ..line },
    }
}

fn of_amount<'p>(line: Line<'p>, amount: &'p Amount) -> Line<'p> {
    let range = amount.bound == Bound::Range;
    Line {
        kind: if range { "range" } else { amount.kind.as_str() },
        of: range.then(|| amount.kind.as_str()),
        value: Some(amount.value.to_string()),
        value_high: amount.high.map(|high| high.to_string()),
        unit: Some(amount.unit.as_str()),
        per: amount.per.as_deref(),
        bound: Some(amount.bound.as_str()),
        sign: amount.sign,
        scope: amount.scope.as_deref(),
        ..line
    }
}
