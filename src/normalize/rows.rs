//! The rows of what was read in documents.

use std::borrow::Cow;

use polars::prelude::DataFrame;

use super::codes::{SeriesName, hash, in_base_unit, indicator, obs_id};
use super::decisions::Decisions;
use super::schema::{DOCUMENTS, ENTITIES, EXTRACT, NUMBERS, OBSERVATIONS};
use super::{Cell, FrameBuilder, NormalizeError, Run};
use crate::config::Defaults;
use crate::lexicon::Lexicon;
use crate::model::{Document, Flags, Observation, Reading, RegionCode, Status, Unused};
use crate::resolve::EXTRACTOR_VERSION;
use crate::source::Declared;

/// A document on its way into the store.
#[derive(Debug)]
pub struct Incoming {
    /// The document.
    pub document: Document,
    /// What was read in it.
    pub reading: Reading,
    /// Hash of the facts and defaults that were given with its bytes.
    pub context_hash: String,
    /// Facts that were given with the bytes, as JSON.
    pub declared: Option<String>,
}

/// The rows of some documents, a frame a table.
#[derive(Debug)]
pub struct Frames {
    /// Rows of `observations`.
    pub observations: DataFrame,
    /// Rows of `entities`.
    pub entities: DataFrame,
    /// Rows of `numbers`.
    pub numbers: DataFrame,
    /// Rows of `documents`.
    pub documents: DataFrame,
}

/// Most bytes of a sentence that a row holds: a thousand characters.
const LONGEST_SENTENCE: usize = 3000;

type Row<'a> = Vec<(&'static str, Cell<'a>)>;

/// The rows of `documents`, which the job `pipeline` read in `run`, as `decisions` has them.
///
/// # Errors
/// Only when the rows made here do not keep to the schema, or polars refuses: never for a document's content.
pub fn frames(
    lexicon: &Lexicon,
    pipeline: &str,
    run: &Run,
    documents: &[Incoming],
    decisions: &Decisions,
) -> Result<Frames, NormalizeError> {
    let mut observations = FrameBuilder::new(&OBSERVATIONS);
    let mut entities = FrameBuilder::new(&ENTITIES);
    let mut numbers = FrameBuilder::new(&NUMBERS);
    let mut ledger = FrameBuilder::new(&DOCUMENTS);
    for incoming in documents {
        let Incoming { document, reading, .. } = incoming;
        let stated = decisions.applied(lexicon, &document.id.0, &reading.observations);
        for (obs_id, observation) in &stated {
            let mut row = statement(lexicon, run, document, obs_id, observation);
            match observation.entity.as_deref() {
                None => observations.push(row)?,
                Some(entity) => {
                    row.push(("entity", entity.into()));
                    entities.push(row)?;
                }
            }
        }
        for unused in &reading.unused {
            numbers.push(number(run, document, unused))?;
        }
        ledger.push(entry(lexicon, pipeline, run, incoming, years(stated.iter().map(|(_, row)| row))))?;
    }
    Ok(Frames {
        observations: observations.finish()?,
        entities: entities.finish()?,
        numbers: numbers.finish()?,
        documents: ledger.finish()?,
    })
}

/// The statements of `readings` about regions and entities together, in the order of the text.
///
/// # Errors
/// As [`frames`].
pub fn extracted(lexicon: &Lexicon, run: &Run, readings: &[(Document, Reading)]) -> Result<DataFrame, NormalizeError> {
    let mut frame = FrameBuilder::new(&EXTRACT);
    for (document, reading) in readings {
        let caller = document.name.as_deref().unwrap_or(&document.uri);
        for observation in &reading.observations {
            let (obs_id, _) = ids(lexicon, &document.id.0, observation);
            let row = statement(lexicon, run, document, &obs_id, observation);
            let entity = ("entity", Cell::from(observation.entity.as_deref()));
            frame.push(std::iter::once(("document", Cell::from(caller))).chain(row).chain([entity]))?;
        }
    }
    frame.finish()
}

/// The columns that `observations`, `entities` and `series` share.
fn statement<'a>(
    lexicon: &'a Lexicon,
    run: &'a Run,
    document: &'a Document,
    obs_id: &'a str,
    o: &'a Observation,
) -> Row<'a> {
    let published = document.published.as_ref().map(|stated| stated.value);
    let year = published.map_or(o.period.end.year(), |day| day.year());
    let region = o.region.and_then(|code| lexicon.regions().at(code, year));
    let title = document.title.as_ref().map(|title| title.value.as_str());
    let publisher = document.publisher.as_ref().map(|publisher| publisher.value.as_str());
    let level = match (&o.zone, region) {
        (Some(_), Some(_)) => Some("zone"),
        (None, Some(region)) => Some(region.level.as_str()),
        (_, None) => o.region.map(|code| code.level().as_str()),
    };
    let unit = lexicon.base_unit(&o.unit);
    let mut flags = o.flags;
    if !unit.known && !o.unit.is_empty() {
        flags.insert(Flags::UNKNOWN_UNIT);
    }
    let (indicator, indicator_name) = indicator(lexicon, o);
    let region_code = o.region.map(|code| code.to_string());
    let (_, series) = ids(lexicon, &document.id.0, o);
    vec![
        ("obs_id", obs_id.into()),
        ("series_id", series.into()),
        ("region_code", region_code.into()),
        ("region_name", region.map(|region| region.name.as_str()).into()),
        ("region_level", level.into()),
        ("parent_code", code(region.and_then(|region| region.parent))),
        ("zone", o.zone.as_deref().into()),
        ("indicator", indicator.into()),
        ("indicator_name", indicator_name.into()),
        ("indicator_text", o.indicator_text.as_str().into()),
        ("breakdown", o.breakdown.as_deref().into()),
        ("measure", o.measure.as_str().into()),
        ("freq", o.period.freq().as_str().into()),
        ("time_period", o.period.to_string().into()),
        ("period_start", o.period.start.into()),
        ("period_end", o.period.end.into()),
        ("period_basis", o.period.basis.as_str().into()),
        ("period_inferred", o.period_inferred.into()),
        ("value", in_base_unit(o.value, unit.power).into()),
        ("value_high", o.value_high.map(|value| in_base_unit(value, unit.power)).into()),
        ("unit", unit.name.into()),
        ("value_text", o.value.to_string().into()),
        ("unit_text", o.unit.as_str().into()),
        ("decimals", o.value.scale().cast_signed().into()),
        ("bound", o.bound.as_str().into()),
        ("status", o.status.as_str().into()),
        ("obs_status", o.status.sdmx().into()),
        ("scope", o.scope.as_deref().into()),
        ("scope_code", code(o.scope_code)),
        ("price_basis", o.price_basis.into()),
        ("published", published.into()),
        ("doc_id", document.id.0.as_str().into()),
        ("source_uri", document.uri.as_str().into()),
        ("title", title.into()),
        ("doc_region", code(document.region.as_ref().map(|region| region.value))),
        ("source_kind", lexicon.source_kind(title, publisher).map(|kind| kind.as_str()).into()),
        ("char_start", offset(o.span.char_start)),
        ("char_end", offset(o.span.char_end)),
        ("surface", o.span.of(&document.text).into()),
        ("sentence", sentence(o, &document.text).into()),
        ("rule", o.rule.into()),
        // Thousandths: the digits after them are an artefact of single precision.
        ("confidence", ((f64::from(o.confidence) * 1000.0).round() / 1000.0).into()),
        ("flags", (!flags.is_empty()).then(|| flags.to_string()).into()),
        ("extractor_version", EXTRACTOR_VERSION.into()),
        ("run_id", run.id.as_str().into()),
        ("ingested_at", run.began.into()),
    ]
}

/// `obs_id` and `series_id` of a statement of the document with the id `document`.
pub(super) fn ids(lexicon: &Lexicon, document: &str, o: &Observation) -> (String, String) {
    let region = o.region.map(|code| code.to_string());
    let (indicator, _) = indicator(lexicon, o);
    let name = SeriesName {
        region: region.as_deref(),
        zone: o.zone.as_deref(),
        indicator: &indicator,
        breakdown: o.breakdown.as_deref(),
        measure: o.measure.as_str(),
        scope: o.scope.as_deref(),
        freq: o.period.freq().as_str(),
        unit: lexicon.base_unit(&o.unit).name,
        is_target: o.status == Status::Target,
        entity: o.entity.as_deref(),
    };
    let series = name.id();
    (obs_id(document, o, &series, &o.period.to_string()), series)
}

/// The sentence that a number stands in. Every row holds its own copy, so that of one that goes on for pages it is only
/// what stands around the number.
fn sentence<'t>(o: &Observation, text: &'t str) -> &'t str {
    let [start, end] = [o.sentence.byte_start, o.sentence.byte_end].map(|at| at as usize);
    if end - start <= LONGEST_SENTENCE {
        return &text[start..end];
    }
    let around = LONGEST_SENTENCE / 2;
    let first = text.floor_char_boundary((o.span.byte_start as usize).saturating_sub(around).max(start));
    let last = text.ceil_char_boundary((o.span.byte_end as usize + around).min(end));
    &text[first..last]
}

/// A row of `numbers`.
fn number<'a>(run: &'a Run, document: &'a Document, unused: &'a Unused) -> Row<'a> {
    vec![
        ("doc_id", document.id.0.as_str().into()),
        ("source_uri", document.uri.as_str().into()),
        ("published", document.published.as_ref().map(|stated| stated.value).into()),
        ("char_start", offset(unused.span.char_start)),
        ("char_end", offset(unused.span.char_end)),
        ("surface", unused.span.of(&document.text).into()),
        ("reason", unused.reason.as_str().into()),
        ("extractor_version", EXTRACTOR_VERSION.into()),
        ("run_id", run.id.as_str().into()),
        ("ingested_at", run.began.into()),
    ]
}

/// A row of `documents`.
fn entry<'a>(
    lexicon: &'a Lexicon,
    pipeline: &'a str,
    run: &'a Run,
    incoming: &'a Incoming,
    years: Option<String>,
) -> Row<'a> {
    let Incoming { document, reading, declared, context_hash } = incoming;
    let entities = reading.observations.iter().filter(|row| row.entity.is_some()).count();
    let observations = reading.observations.len() - entities;
    let title = document.title.as_ref();
    let published = document.published.as_ref();
    let region = document.region.as_ref();
    let publisher = document.publisher.as_ref();
    let fetched = document.fetched.as_ref();
    vec![
        ("doc_id", document.id.0.as_str().into()),
        ("pipeline", pipeline.into()),
        ("source_uri", document.uri.as_str().into()),
        ("name", document.name.as_deref().into()),
        ("title", title.map(|stated| stated.value.as_str()).into()),
        ("title_origin", title.map(|stated| stated.origin.as_str()).into()),
        ("published", published.map(|stated| stated.value).into()),
        ("published_origin", published.map(|stated| stated.origin.as_str()).into()),
        ("region_code", code(region.map(|stated| stated.value))),
        ("region_origin", region.map(|stated| stated.origin.as_str()).into()),
        ("publisher", publisher.map(|stated| stated.value.as_str()).into()),
        ("publisher_origin", publisher.map(|stated| stated.origin.as_str()).into()),
        ("format", document.format.as_str().into()),
        ("encoding", document.encoding.into()),
        ("text", document.text.as_str().into()),
        ("chars", count(document.text.chars().count())),
        ("status", if reading.observations.is_empty() { "empty" } else { "read" }.into()),
        ("n_observations", count(observations)),
        ("n_entities", count(entities)),
        ("n_numbers", count(reading.unused.len())),
        ("years", years.into()),
        ("declared", declared.as_deref().into()),
        ("context_hash", context_hash.as_str().into()),
        ("extractor_version", EXTRACTOR_VERSION.into()),
        ("lexicon_version", lexicon.version().into()),
        ("media_type", fetched.and_then(|fetched| fetched.media_type.as_deref()).into()),
        ("etag", fetched.and_then(|fetched| fetched.etag.as_deref()).into()),
        ("last_modified", fetched.and_then(|fetched| fetched.last_modified).into()),
        ("run_id", run.id.as_str().into()),
        ("ingested_at", run.began.into()),
    ]
}

/// Partitions that hold `statements`, joined by `;`; `None` when there are none.
fn years<'o>(statements: impl Iterator<Item = &'o Cow<'o, Observation>>) -> Option<String> {
    let mut years: Vec<i16> = statements.map(|row| row.period.end.year()).collect();
    years.sort_unstable();
    years.dedup();
    let words: Vec<String> = years.iter().map(i16::to_string).collect();
    (!words.is_empty()).then(|| words.join(";"))
}

/// Hash of the facts that were given with a document's bytes, and of the job's defaults: when one changes, the document
/// is read again.
pub fn context_hash(declared: &Declared, defaults: &Defaults) -> String {
    hash(&[
        declared.title.as_deref(),
        declared.published.map(|day| day.to_string()).as_deref(),
        declared.region.map(|code| code.to_string()).as_deref(),
        declared.publisher.as_deref(),
        defaults.region.map(|code| code.to_string()).as_deref(),
        defaults.publisher.as_deref(),
    ])
}

fn code<'a>(code: Option<RegionCode>) -> Cell<'a> {
    code.map(|code| code.to_string()).into()
}

/// An offset as the 32-bit integer that every reader takes; texts are far shorter (the input limit is 64 MiB).
fn offset<'a>(offset: u32) -> Cell<'a> {
    i32::try_from(offset).unwrap_or(i32::MAX).into()
}

fn count<'a>(count: usize) -> Cell<'a> {
    i32::try_from(count).unwrap_or(i32::MAX).into()
}
