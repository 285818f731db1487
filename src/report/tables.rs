//! The tables of a store, arranged as the page shows them: reports in the order of publication, the latest first, and
//! everything that was read in them in the order of their texts.

use std::collections::{HashMap, HashSet};

use polars::error::PolarsResult;
use polars::prelude::{
    BooleanChunked, ChunkFullNull, DataFrame, Expr, Int32Chunked, IntoColumn, IntoLazy, JoinArgs, JoinType,
    NewChunkedArray, SortMultipleOptions, StringChunked, col, lit,
};

use super::ReportError;
use crate::normalize::FrameBuilder;
use crate::normalize::schema::{
    DIM_INDICATOR, DOCUMENTS, ENTITIES, NUMBERS, OBSERVATIONS, REJECTS, SERIES, TRENDS, Table,
};
use crate::store::{Store, StoreError};

/// Columns of a statement that its report does not already tell.
const STATEMENT: [&str; 32] = [
    "obs_id",
    "series_id",
    "region_code",
    "region_name",
    "zone",
    "indicator",
    "indicator_name",
    "indicator_text",
    "breakdown",
    "measure",
    "freq",
    "time_period",
    "period_start",
    "period_end",
    "period_inferred",
    "value",
    "value_high",
    "unit",
    "value_text",
    "unit_text",
    "bound",
    "status",
    "scope",
    "price_basis",
    "char_start",
    "char_end",
    "surface",
    "rule",
    "confidence",
    "flags",
    "sentence",
    "doc_id",
];

/// What `series` says of the statement that holds for a period.
const STANDING: [&str; 5] = ["obs_id", "n_reports", "revised", "conflict", "first_published"];

/// What the page shows of a point that no report states.
const DERIVED: [&str; 11] = [
    "region_code",
    "zone",
    "indicator",
    "breakdown",
    "freq",
    "time_period",
    "period_start",
    "period_end",
    "value",
    "unit",
    "derivation",
];

/// Place of a row's report in `documents`.
const REPORT: &str = "report";

/// The rows of one kind that reports hold, in their order.
pub(super) struct Held {
    /// The rows, with the column `report` in place of `doc_id`.
    pub rows: DataFrame,
    /// Number of rows of reports that are not there.
    pub orphans: usize,
}

/// The reports with their texts, the latest first.
pub(super) fn documents(store: &Store) -> Result<DataFrame, ReportError> {
    let latest_first =
        SortMultipleOptions::new().with_order_descending_multi([true, false, false, false]).with_nulls_last(true);
    let rows = all(store, &DOCUMENTS, None)?;
    rows.sort(["published", "title", "source_uri", "doc_id"], latest_first).map_err(ReportError::frame(DOCUMENTS.name))
}

/// What was stated of regions and entities, each with what `series` says of it.
pub(super) fn statements(store: &Store, documents: &DataFrame) -> Result<Held, ReportError> {
    let regions = all(store, &OBSERVATIONS, Some(&STATEMENT))?;
    let with_entity: Vec<&str> = STATEMENT.into_iter().chain(["entity"]).collect();
    let entities = all(store, &ENTITIES, Some(&with_entity))?;
    let standing = all(store, &SERIES, Some(&STANDING))?;
    let joined = || -> PolarsResult<DataFrame> {
        let nobody = StringChunked::full_null("entity".into(), regions.height()).into_column();
        let rows = regions.hstack(&[nobody])?.vstack(&entities)?;
        rows.lazy().join(standing.lazy(), [col("obs_id")], [col("obs_id")], JoinArgs::new(JoinType::Left)).collect()
    };
    let rows = joined().map_err(ReportError::frame(OBSERVATIONS.name))?;
    held(rows, documents, &["char_start", "char_end", "obs_id"]).map_err(ReportError::frame(OBSERVATIONS.name))
}

/// The numbers that became no statement.
pub(super) fn numbers(store: &Store, documents: &DataFrame) -> Result<Held, ReportError> {
    let rows = all(store, &NUMBERS, Some(&["doc_id", "char_start", "char_end", "surface", "reason"]))?;
    held(rows, documents, &["char_start", "char_end"]).map_err(ReportError::frame(NUMBERS.name))
}

/// The inputs that could not be read.
pub(super) fn rejects(store: &Store) -> Result<DataFrame, ReportError> {
    all(store, &REJECTS, None)
}

/// The rows of the catalogue that `statements` use.
pub(super) fn indicators(store: &Store, statements: &DataFrame) -> Result<DataFrame, ReportError> {
    let rows = all(store, &DIM_INDICATOR, None)?;
    let used = || -> PolarsResult<DataFrame> {
        let used: HashSet<&str> = statements.column("indicator")?.str()?.iter().flatten().collect();
        let ids = rows.column("indicator")?.str()?.iter();
        rows.filter(&mask(ids.map(|id| id.is_some_and(|id| used.contains(id)))))
    };
    used().map_err(ReportError::frame(DIM_INDICATOR.name))
}

/// Single quarters, months and half-years that no report states, and the first of `statements` that each rests on.
pub(super) fn derived(store: &Store, statements: &DataFrame) -> Result<DataFrame, ReportError> {
    let wanted = col("derived").and(col("measure").eq(lit("level"))).and(col("scope").is_null());
    let columns = DERIVED.map(col).into_iter().chain([col("derived_from")]).collect::<Vec<Expr>>();
    let rows = store.scan(&TRENDS)?.filter(wanted).select(columns).collect();
    let rows = rows.map_err(ReportError::frame(TRENDS.name))?;
    let placed = || -> PolarsResult<DataFrame> {
        let places: HashMap<&str, i32> = statements.column("obs_id")?.str()?.iter().flatten().zip(0..).collect();
        let sources = rows.column("derived_from")?.str()?.iter();
        let first = sources.map(|ids| ids?.split(';').find_map(|id| places.get(id).copied()));
        let first = first.collect::<Int32Chunked>().with_name("rests_on".into());
        let known = mask(first.iter().map(|row| row.is_some()));
        rows.drop("derived_from")?.hstack(&[first.into_column()])?.filter(&known)
    };
    placed().map_err(ReportError::frame(TRENDS.name))
}

/// All rows of `table`, only `columns` of them if given.
pub(super) fn all(store: &Store, table: &'static Table, columns: Option<&[&str]>) -> Result<DataFrame, ReportError> {
    let years = match table.year_of {
        Some(_) => store.years(table)?.into_iter().map(Some).collect(),
        None => vec![None],
    };
    let mut rows = FrameBuilder::new(table).finish().map_err(StoreError::from)?;
    if let Some(columns) = columns {
        rows = rows.select(columns.iter().copied()).map_err(ReportError::frame(table.name))?;
    }
    for year in years {
        if let Some(part) = store.read(table, year, columns)? {
            rows.vstack_mut(&part).map_err(ReportError::frame(table.name))?;
        }
    }
    Ok(rows)
}

/// `rows` by report and then by `order`, without those whose report is not among `documents`.
fn held(rows: DataFrame, documents: &DataFrame, order: &[&str]) -> PolarsResult<Held> {
    let places: HashMap<&str, i32> = documents.column("doc_id")?.str()?.iter().flatten().zip(0..).collect();
    let reports: Int32Chunked =
        rows.column("doc_id")?.str()?.iter().map(|id| id.and_then(|id| places.get(id).copied())).collect();
    let known = mask(reports.iter().map(|report| report.is_some()));
    let reports = reports.with_name(REPORT.into()).into_column();
    let kept = rows.drop("doc_id")?.hstack(&[reports])?.filter(&known)?;
    let order: Vec<&str> = [REPORT].into_iter().chain(order.iter().copied()).collect();
    Ok(Held { orphans: rows.height() - kept.height(), rows: kept.sort(order, SortMultipleOptions::new())? })
}

fn mask(kept: impl Iterator<Item = bool>) -> BooleanChunked {
    BooleanChunked::from_iter_values("kept".into(), kept)
}
