//! The columns of the tables, in groups that tables share.

use super::schema::{
    Column,
    Type::{Bool, Date, Double, Int, Text, Timestamp},
};

const fn has(name: &'static str, kind: super::schema::Type, about: &'static str) -> Column {
    Column::new(name, kind, about)
}

const fn may(name: &'static str, kind: super::schema::Type, about: &'static str) -> Column {
    Column::optional(name, kind, about)
}

/// One statement of one report.
pub(super) const STATEMENT: &[Column] = &[
    has("obs_id", Text, "hash of document, span, series and period: names the row in every run"),
    has(
        "series_id",
        Text,
        "hash of region, zone, indicator, breakdown, measure, scope, freq, unit, whether it is a target, and entity: what a trend follows",
    ),
    may(
        "region_code",
        Text,
        "GB/T 2260 code in force at the document's date; null where the place has none (another country, a group of counties)",
    ),
    may("region_name", Text, "name of the region at that date"),
    may("region_level", Text, "nation, province, prefecture, county, or zone for a part of the region"),
    may("parent_code", Text, "code of the region above"),
    may("zone", Text, "development zone or town inside the region, when the number is about it"),
    has("indicator", Text, "catalogue id, or `x.` and the words of the text"),
    has("indicator_name", Text, "standard name, or the words of the text"),
    has("indicator_text", Text, "words of the text, completed with what they inherit"),
    may("breakdown", Text, "part of the whole that is not in the indicator's name: 民营企业, 第二产业"),
    has(
        "measure",
        Text,
        "level, yoy, mom, vs_prior, avg_annual, change, accel, gap, share, rank, rank_move, contribution, progress, multiple, streak",
    ),
    has("freq", Text, "A, S, Q, M, D; I for an instant; R for any other range"),
    has("time_period", Text, "SDMX code: 2022, 2022-S1, 2022-Q3, 2022-M07, 2022-01-01/P7M, 2022-07-31"),
    has("period_start", Date, "first day"),
    has("period_end", Date, "last day"),
    has("period_basis", Text, "flow or instant"),
    has("period_inferred", Bool, "true when the period did not stand in the number's own clause"),
    has("value", Double, "in the base unit"),
    may("value_high", Double, "upper end of a range"),
    has("unit", Text, "base unit: 元, 人, %, 百分点, 吨; empty where there is none"),
    has("value_text", Text, "the signed decimal in the unit written, exact"),
    has("unit_text", Text, "the unit as written: 亿元, 万人次, 个百分点"),
    has("decimals", Int, "digits after the decimal point as written"),
    has("bound", Text, "exact, approx, gt, ge, lt, le, range"),
    has("status", Text, "actual, estimate, target"),
    has("obs_status", Text, "SDMX CL_OBS_STATUS: A, E, F"),
    may("scope", Text, "what a rank, gap, share or contribution is compared with, as written"),
    may("scope_code", Text, "region code of the scope"),
    may("price_basis", Text, "current or constant, when the text says so"),
    may("published", Date, "day of publication: the vintage"),
    has("doc_id", Text, "the document, in `documents`"),
    has("source_uri", Text, "where the document came from"),
    may("title", Text, "its headline"),
    may("doc_region", Text, "region whose report it is"),
    may("source_kind", Text, "bulletin, office or press, as title and publisher tell"),
    has("char_start", Int, "first code point of the number in the document's text"),
    has("char_end", Int, "one past its last code point"),
    has("surface", Text, "the number as written: text[char_start:char_end]"),
    has("sentence", Text, "the sentence that it stands in; of one for pages, what is around the number"),
    has("rule", Text, "grammar rule that made the row"),
    has("confidence", Double, "how sure the extractor is, 0 to 1"),
    may("flags", Text, "remarks, joined by `;`"),
    has("extractor_version", Text, "version of the rules"),
    has("run_id", Text, "run that wrote the row"),
    has("ingested_at", Timestamp, "when that run began"),
];

/// Whom an entity row is about.
pub(super) const ENTITY: &[Column] = &[has("entity", Text, "company, project, port or school, as written")];

/// Whom a printed row is about, if not about the region.
pub(super) const ANY_ENTITY: &[Column] = &[may("entity", Text, "company, project, port or school, as written")];

/// Which of the documents given a printed row is from.
pub(super) const CALLER: &[Column] = &[has("document", Text, "the caller's id of the document, or its path")];

/// What the vintages of a series and period amount to.
pub(super) const VINTAGES: &[Column] = &[
    has("n_reports", Int, "documents that state it"),
    has("revised", Bool, "true when a later report changed the value that holds"),
    has("conflict", Bool, "true when statements of one day differ"),
    may("first_published", Date, "day on which it was first stated"),
    may("last_published", Date, "day on which it was last stated"),
    may("revised_from", Double, "value that held before the last revision, in the base unit"),
    may("revised_on", Date, "publication day of the report that revised it"),
    has(
        "selected_by",
        Text,
        "rule that put it before the next best statement: actual, exact, later, official, own, as_stated, surer, tie; only when there is no other",
    ),
];

/// What a line of a chart is about.
pub(super) const LINE: &[Column] = &[
    has("region_code", Text, "GB/T 2260 code in force at the document's date"),
    may("region_name", Text, "name of the region at that date"),
    may("region_level", Text, "nation, province, prefecture, county, or zone for a part of the region"),
    may("parent_code", Text, "code of the region above"),
    may("zone", Text, "development zone or town inside the region, when the number is about it"),
    has("indicator", Text, "catalogue id, or `x.` and the words of the text"),
    has("indicator_name", Text, "standard name, or the words of the text"),
    may("breakdown", Text, "part of the whole that is not in the indicator's name: 民营企业, 第二产业"),
    may("scope", Text, "what a rank, gap, share or contribution is compared with, as written"),
    may("scope_code", Text, "region code of the scope"),
    has("period_basis", Text, "flow or instant"),
];

/// One point of a line.
pub(super) const POINT: &[Column] = &[
    has("series_id", Text, "as in `series`; a derived point has the one that it would have if it were reported"),
    has(
        "measure",
        Text,
        "as in `series`; base_level for a level that the growth after it implies, yoy_of_levels for growth computed from levels",
    ),
    has("freq", Text, "A, S, Q, M, D; I for an instant; R for any other range"),
    has("time_period", Text, "SDMX code"),
    has("period_start", Date, "first day"),
    has("period_end", Date, "last day"),
    has("value", Double, "in the base unit"),
    may("value_high", Double, "upper end of a range"),
    has("unit", Text, "base unit"),
    has(
        "precision",
        Double,
        "of a reported value one unit of the last digit written, of a derived one the most that rounding can have moved it",
    ),
    has("bound", Text, "exact, approx, gt, ge, lt, le, range"),
    has("status", Text, "actual or estimate; of a derived value estimate when one of its sources is"),
    may("price_basis", Text, "current or constant, when the text says so"),
    may("published", Date, "day of publication; of a derived value the latest of its sources"),
    has("derived", Bool, "true when no report states it"),
    has(
        "derivation",
        Text,
        "reported, month_from_cumulative, quarter_from_cumulative, half_from_cumulative, base_level_from_growth, growth_from_levels",
    ),
    has("derived_from", Text, "`obs_id` of the statements that it rests on, joined by `;`"),
    may("stated", Double, "for yoy_of_levels: the rate that was reported for the same period"),
    may("difference", Double, "for yoy_of_levels: value less stated, in percentage points"),
    may("flags", Text, "revised, conflict, cumulative_falls, growth_apart, joined by `;`"),
];

/// A number that is no observation.
pub(super) const NUMBER: &[Column] = &[
    has("doc_id", Text, "the document, in `documents`"),
    has("source_uri", Text, "where the document came from"),
    may("published", Date, "day of publication"),
    has("char_start", Int, "first code point in the document's text"),
    has("char_end", Int, "one past the last code point"),
    has("surface", Text, "the number as written"),
    has(
        "reason",
        Text,
        "date, period, label, name, threshold, duration, base, no_indicator, no_unit, table, unreadable, contact",
    ),
    has("extractor_version", Text, "version of the rules"),
    has("run_id", Text, "run that wrote the row"),
    has("ingested_at", Timestamp, "when that run began"),
];

/// A document that was read.
pub(super) const DOCUMENT: &[Column] = &[
    has("doc_id", Text, "SHA-256 of the bytes; of id and text for a line of a JSONL file"),
    has("pipeline", Text, "the job that read it"),
    has(
        "source_uri",
        Text,
        "path relative to the pipeline file or the whole uri of what was fetched, `FILE#id` for a line of a JSONL file, `FILE#MEMBER` in an archive",
    ),
    may("name", Text, "the caller's id"),
    may("title", Text, "headline"),
    may("title_origin", Text, "sidecar, field, page, listing, text or default"),
    may("published", Date, "day of publication, civil date in China"),
    may("published_origin", Text, "as title_origin"),
    may("region_code", Text, "region whose report it is"),
    may("region_origin", Text, "as title_origin"),
    may("publisher", Text, "who published it"),
    may("publisher_origin", Text, "as title_origin"),
    has("format", Text, "what it came in: text, html, pdf, docx, xlsx, xls"),
    may("encoding", Text, "character encoding of the bytes, where they were text"),
    has(
        "text",
        Text,
        "the text: of a text as given, of another file what was taken from it; char_start and char_end count in it",
    ),
    has("chars", Int, "its code points"),
    has("status", Text, "read, or empty when no statement was found"),
    has("n_observations", Int, "its rows in `observations`"),
    has("n_entities", Int, "its rows in `entities`"),
    has("n_numbers", Int, "its rows in `numbers`"),
    may("years", Text, "partitions that hold its statements, joined by `;`"),
    may("declared", Text, "facts that were given with the bytes, as JSON"),
    has("context_hash", Text, "hash of the facts and defaults that were given with the bytes"),
    has("extractor_version", Text, "version of the rules"),
    has("lexicon_version", Text, "version of the lexicon tables"),
    may("media_type", Text, "what the server said that it is, for documents that were fetched"),
    may("etag", Text, "entity tag, for documents that were fetched"),
    may("last_modified", Timestamp, "what the server said, for documents that were fetched"),
    has("run_id", Text, "run that wrote the row"),
    has("ingested_at", Timestamp, "when that run began"),
];

/// An input that could not be read.
pub(super) const REJECT: &[Column] = &[
    has("pipeline", Text, "the job that tried"),
    has(
        "source_uri",
        Text,
        "path relative to the pipeline file or the whole uri of what was to be fetched, `FILE:LINE` in a JSONL file, `FILE#MEMBER` in an archive",
    ),
    has("stage", Text, "list, fetch, read, decode, parse or check"),
    has(
        "reason",
        Text,
        "one word: empty, binary, too_large, encoding, damaged, locked, no_text_layer, unsupported, excessive, unreadable, unfetched, json, no_text, duplicate, sidecar",
    ),
    has("detail", Text, "the whole sentence"),
    may("doc_id", Text, "SHA-256 of the bytes, when they were read"),
    has("run_id", Text, "run that first met it so"),
    has("rejected_at", Timestamp, "when that run began"),
];

/// A rule that numbers break.
pub(super) const CHECK: &[Column] = &[
    has("check_id", Text, "hash of rule and statements: names the finding in every run"),
    has("rule", Text, "id of the rule"),
    has("severity", Text, "info, warn or error"),
    has("region_code", Text, "the region that it is about"),
    may("region_name", Text, "its name"),
    has("indicator", Text, "the indicator that it is about"),
    has("indicator_name", Text, "its name"),
    may("breakdown", Text, "part of the whole that is not in the indicator's name"),
    has("time_period", Text, "the period that it is about"),
    has("period_end", Date, "its last day"),
    may("expected", Double, "what follows from the other numbers, where the rule reckons"),
    may("found", Double, "what is stated"),
    may("tolerance", Double, "how far the two may lie apart"),
    may("unit", Text, "base unit of the three"),
    has("evidence", Text, "the finding in words, with the numbers as written"),
    has("obs_ids", Text, "the statements involved, in `observations`, joined by `;`; the first is what it is about"),
    has("doc_ids", Text, "their documents, joined by `;`"),
    has("run_id", Text, "run that found it first"),
    has("checked_at", Timestamp, "when that run began"),
];

/// What somebody decided about a statement.
pub(super) const DECISION: &[Column] = &[
    has("obs_id", Text, "the row of `observations` or `entities`"),
    has("decided_at", Timestamp, "when; of two decisions about a row the later holds"),
    has("decision", Text, "accept, reject, correct, note, undo"),
    may("decided_by", Text, "who decided"),
    may("note", Text, "words about it"),
    has("doc_id", Text, "the document, in `documents`"),
    has("source_uri", Text, "where the document came from"),
    has("char_start", Int, "first code point of the number in the document's text"),
    has("char_end", Int, "one past its last code point"),
    has("surface", Text, "the number as written"),
    may("region_code", Text, "what the row said when it was decided about, as in `observations`"),
    has("indicator", Text, "likewise"),
    has("measure", Text, "likewise"),
    has("time_period", Text, "likewise"),
    has("value_text", Text, "likewise"),
    has("unit_text", Text, "likewise"),
    may("new_region_code", Text, "what it should say; null where it was right"),
    may("new_zone", Text, "likewise; empty for none"),
    may("new_indicator", Text, "likewise: catalogue id, or `x.` and words"),
    may("new_breakdown", Text, "likewise; empty for none"),
    may("new_measure", Text, "likewise"),
    may("new_time_period", Text, "likewise; of a day the instant"),
    may("new_status", Text, "likewise"),
    may("new_value_text", Text, "likewise"),
    may("new_unit_text", Text, "likewise"),
    has("run_id", Text, "run that took it into the store"),
    has("ingested_at", Timestamp, "when that run began"),
];

/// A row of `series` that a run added, changed or removed.
pub(super) const CHANGE: &[Column] = &[
    has("series_id", Text, "the series"),
    has("region_code", Text, "its region"),
    may("region_name", Text, "name of the region"),
    has("indicator", Text, "its indicator"),
    has("indicator_name", Text, "name of the indicator"),
    may("zone", Text, "zone inside the region"),
    may("breakdown", Text, "part of the whole that is not in the indicator's name"),
    has("measure", Text, "as in `observations`"),
    has("time_period", Text, "the period"),
    may("old_value", Text, "the number as written before, with its unit; null when there was none"),
    may("new_value", Text, "the number as written now, with its unit; null when there is none"),
    may("old_doc_id", Text, "the document that stated it before"),
    may("new_doc_id", Text, "the document that states it now"),
];

/// A region.
pub(super) const REGION: &[Column] = &[
    has("region_code", Text, "GB/T 2260"),
    has("region_name", Text, "full name"),
    has("short_name", Text, "name without the kind of place"),
    has("region_level", Text, "nation, province, prefecture, county"),
    may("parent_code", Text, "code of the region above"),
    has("valid_from", Int, "first year in force"),
    may("valid_to", Int, "last year in force; null while it is"),
    may("successors", Text, "codes that took its place, joined by `;`"),
    may("aliases", Text, "other names, joined by `;`"),
];

/// An indicator.
pub(super) const INDICATOR: &[Column] = &[
    has("indicator", Text, "id"),
    has("indicator_name", Text, "standard name"),
    has("english_name", Text, "English name"),
    has("unit", Text, "base unit"),
    has("kind", Text, "flow, stock, rate or price"),
    has("theme", Text, "chapter of the catalogue"),
    may("better", Text, "which way is good: higher, lower or neutral"),
    may("synonyms", Text, "other names, joined by `;`"),
];

/// A period.
pub(super) const PERIOD: &[Column] = &[
    has("freq", Text, "A, S, Q, M, D, I, R"),
    has("time_period", Text, "SDMX code"),
    has("period_start", Date, "first day"),
    has("period_end", Date, "last day"),
    has("period_basis", Text, "flow or instant"),
    has("months", Int, "calendar months touched"),
    has("year_to_date", Bool, "true when it starts on 1 January, ends in the same year and covers more than that day"),
];
