//! What people decided about statements, put into effect when their rows are made: so it outlasts every new reading.
//!
//! A decision is about a row, by its `obs_id`. Where new rules read the same number otherwise there is no such row any more;
//! then it is about the only row that they made of the number.

use std::borrow::Cow;
use std::collections::HashMap;

use compact_str::CompactString;
use polars::prelude::DataFrame;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::rows::ids;
use super::schema::{DECISIONS, Type};
use super::{Cell, FrameBuilder, NormalizeError, Run};
use crate::lexicon::Lexicon;
use crate::model::{Decision, Flags, Measure, Observation, Period, RegionCode, Status, Verdict};

/// The decisions that hold: of each row the latest.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    by_document: HashMap<String, Vec<Holding>>,
}

#[derive(Clone, Debug)]
struct Holding {
    decision: Decision,
    correction: Correction,
}

/// The fields `new_…` of a decision, understood. What is `None` stays as it was read.
#[derive(Clone, Debug, Default)]
struct Correction {
    region: Option<RegionCode>,
    zone: Option<Option<CompactString>>,
    indicator: Option<String>,
    breakdown: Option<Option<CompactString>>,
    measure: Option<Measure>,
    period: Option<Period>,
    status: Option<Status>,
    value: Option<Decimal>,
    unit: Option<CompactString>,
}

impl Decisions {
    /// Those of `all` that hold.
    ///
    /// # Errors
    /// In words, when a field `new_…` cannot be understood.
    pub fn of(all: Vec<Decision>) -> Result<Decisions, String> {
        let mut latest: HashMap<String, Decision> = HashMap::new();
        for decision in all {
            let is_later = latest.get(&decision.obs_id).is_none_or(|other| other.decided_at < decision.decided_at);
            if is_later {
                latest.insert(decision.obs_id.clone(), decision);
            }
        }
        let mut by_document: HashMap<String, Vec<Holding>> = HashMap::new();
        for decision in latest.into_values() {
            let correction = Correction::of(&decision)?;
            by_document.entry(decision.doc_id.clone()).or_default().push(Holding { decision, correction });
        }
        Ok(Decisions { by_document })
    }

    /// The statements of `document` as they were decided about, each with the `obs_id` that it has as it was read.
    pub(super) fn applied<'r>(
        &self,
        lexicon: &Lexicon,
        document: &str,
        read: &'r [Observation],
    ) -> Vec<(String, Cow<'r, Observation>)> {
        let mut rows: Vec<(String, Cow<'r, Observation>)> =
            read.iter().map(|row| (ids(lexicon, document, row).0, Cow::Borrowed(row))).collect();
        for holding in self.by_document.get(document).into_iter().flatten() {
            if let Some(row) = self.row_of(&holding.decision, &rows) {
                holding.apply(lexicon, rows[row].1.to_mut());
            }
        }
        rows
    }

    /// Which of the rows of its document a decision is about.
    fn row_of(&self, decision: &Decision, rows: &[(String, Cow<'_, Observation>)]) -> Option<usize> {
        if let Some(row) = rows.iter().position(|(id, _)| *id == decision.obs_id) {
            return Some(row);
        }
        let of_number =
            |row: &Observation| (row.span.char_start, row.span.char_end) == (decision.char_start, decision.char_end);
        let mut others = rows.iter().enumerate().filter(|(_, (_, row))| of_number(row));
        let (row, (id, _)) = others.next()?;
        // Which of several was meant is not known, and what was said of this one itself comes first.
        let is_own = others.next().is_none() && !self.is_about(&decision.doc_id, id);
        is_own.then_some(row)
    }

    fn is_about(&self, document: &str, obs_id: &str) -> bool {
        let mut all = self.by_document.get(document).into_iter().flatten();
        all.any(|holding| holding.decision.obs_id == obs_id)
    }
}

impl Holding {
    fn apply(&self, lexicon: &Lexicon, row: &mut Observation) {
        match self.decision.decision {
            Verdict::Accept => row.flags.insert(Flags::ACCEPTED),
            Verdict::Reject => row.flags.insert(Flags::REJECTED),
            Verdict::Correct => {
                self.correction.apply(lexicon, row);
                row.flags.insert(Flags::CORRECTED);
            }
            Verdict::Note | Verdict::Undo => {}
        }
    }
}

impl Correction {
    fn of(decision: &Decision) -> Result<Correction, String> {
        let some_or_none =
            |words: &String| Some(words.as_str()).filter(|words| !words.is_empty()).map(CompactString::new);
        Ok(Correction {
            region: parsed(
                "new_region_code",
                &decision.new_region_code,
                |code| code.parse().ok(),
                "six digits of GB/T 2260",
            )?,
            zone: decision.new_zone.as_ref().map(some_or_none),
            indicator: decision.new_indicator.clone(),
            breakdown: decision.new_breakdown.as_ref().map(some_or_none),
            measure: parsed(
                "new_measure",
                &decision.new_measure,
                |word| word_of(Measure::ALL, Measure::as_str, word),
                "level, yoy, share or another word of the column measure",
            )?,
            period: parsed(
                "new_time_period",
                &decision.new_time_period,
                |code| code.parse().ok(),
                "an SDMX code such as 2022-Q3 or 2022-01-01/P7M",
            )?,
            status: parsed(
                "new_status",
                &decision.new_status,
                |word| word_of(Status::ALL, Status::as_str, word),
                "actual, estimate or target",
            )?,
            value: parsed(
                "new_value_text",
                &decision.new_value_text,
                |number| number.parse().ok(),
                "a decimal such as -4.2",
            )?,
            unit: decision.new_unit_text.as_deref().map(CompactString::new),
        })
    }

    fn apply(&self, lexicon: &Lexicon, row: &mut Observation) {
        if let Some(region) = self.region {
            row.region = Some(region);
        }
        if let Some(indicator) = &self.indicator {
            let known = lexicon.indicators().iter().position(|other| other.id == *indicator);
            row.indicator = known.and_then(|place| u32::try_from(place).ok());
            if row.indicator.is_none() {
                row.indicator_text = indicator.strip_prefix("x.").unwrap_or(indicator).into();
            }
        }
        row.zone = self.zone.clone().unwrap_or_else(|| row.zone.take());
        row.breakdown = self.breakdown.clone().unwrap_or_else(|| row.breakdown.take());
        row.measure = self.measure.unwrap_or(row.measure);
        row.period = self.period.unwrap_or(row.period);
        row.status = self.status.unwrap_or(row.status);
        row.value = self.value.unwrap_or(row.value);
        if let Some(unit) = &self.unit {
            row.unit = unit.clone();
        }
    }
}

/// The field `name`, where it is there, as `parse` understands it.
fn parsed<T>(
    name: &str,
    field: &Option<String>,
    parse: impl Fn(&str) -> Option<T>,
    expected: &str,
) -> Result<Option<T>, String> {
    let value = |words: &String| parse(words).ok_or_else(|| format!("{name} {words:?}: expected {expected}"));
    field.as_ref().map(value).transpose()
}

fn word_of<T: Copy>(all: &[T], as_str: fn(T) -> &'static str, word: &str) -> Option<T> {
    all.iter().copied().find(|one| as_str(*one) == word)
}

/// Rows of the table `decisions`, taken into the store by `run`.
///
/// # Errors
/// As [`super::frames`].
pub fn decided(decisions: &[Decision], run: &Run) -> Result<DataFrame, NormalizeError> {
    let mut frame = FrameBuilder::new(&DECISIONS);
    for decision in decisions {
        let Value::Object(fields) = serde_json::to_value(decision)? else { continue };
        let cells = DECISIONS.columns().map(|column| {
            let field = fields.get(column.name);
            let cell = match (column.name, column.kind) {
                ("run_id", _) => run.id.as_str().into(),
                ("ingested_at", _) => run.began.into(),
                (_, Type::Timestamp) => decision.decided_at.into(),
                (_, Type::Int) => field.and_then(Value::as_i64).and_then(|place| i32::try_from(place).ok()).into(),
                _ => field.and_then(Value::as_str).into(),
            };
            (column.name, cell)
        });
        frame.push(cells.collect::<Vec<(&str, Cell<'_>)>>())?;
    }
    frame.finish()
}

/// The decisions that the rows of the table `decisions` hold.
///
/// # Errors
/// When it is no such table.
pub fn decisions(rows: &DataFrame) -> Result<Vec<Decision>, NormalizeError> {
    let mut all = vec![Map::new(); rows.height()];
    for column in DECISIONS.columns().filter(|column| !["run_id", "ingested_at"].contains(&column.name)) {
        let values = rows.column(column.name)?;
        for (row, fields) in all.iter_mut().enumerate() {
            let value: Value = match column.kind {
                Type::Int => values.i32()?.get(row).into(),
                Type::Timestamp => {
                    let at = values.datetime()?.physical().get(row).unwrap_or_default();
                    serde_json::to_value(jiff::Timestamp::from_microsecond(at).unwrap_or_default())?
                }
                _ => values.str()?.get(row).into(),
            };
            fields.insert(column.name.to_owned(), value);
        }
    }
    let all = all.into_iter().map(|fields| serde_json::from_value(Value::Object(fields)));
    Ok(all.collect::<Result<_, _>>()?)
}
