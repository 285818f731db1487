//! One indicator of one region through time: each period's level beside its growth.

use jiff::civil::Date;
use polars::error::PolarsResult;
use polars::prelude::{DataFrame, Expr, IntoLazy, JoinArgs, JoinType, LazyFrame, SortMultipleOptions, col, lit};

use crate::model::RegionCode;
use crate::normalize;
use crate::normalize::schema::{OBSERVATIONS, SERIES};
use crate::store::{Store, StoreError};

/// What one period of one series is known by. Whether it is a plan is part of it: targets stand beside facts.
const KEY: [&str; 7] = ["period_start", "period_end", "time_period", "freq", "zone", "breakdown", "status"];

/// The levels of `indicator` (an id) in `region`, each with the growth rate that was reported for the same period, in
/// order of time. With a day, what was known then: of the statements published by that day and the undated ones, those
/// that hold.
///
/// Columns: those of `KEY`, `value`, `unit`, `bound`, `growth` (% against a year before), `n_reports`, `revised`,
/// `revised_from`, `conflict`, `published`, `title`. A period that has only one of level and growth is there all the
/// same.
///
/// # Errors
/// When the store cannot be read.
pub fn series(
    store: &Store,
    region: RegionCode,
    indicator: &str,
    as_of: Option<Date>,
) -> Result<DataFrame, StoreError> {
    let table = if as_of.is_some() { &OBSERVATIONS } else { &SERIES };
    let folder = store.root().join("v1").join(table.name);
    let frame = |source| StoreError::Frame { path: folder.clone(), source };
    let of_region = col("region_code").eq(lit(region.to_string()));
    let asked_for = store.scan(table)?.filter(of_region.and(col("indicator").eq(lit(indicator))));
    let columns: Vec<Expr> = table.columns().map(|column| col(column.name)).collect();
    let rows = asked_for.select(columns).collect().map_err(frame)?;
    let rows = if as_of.is_some() { normalize::series(&rows, as_of)? } else { rows };
    beside(rows.lazy()).map_err(frame)
}

/// Rows of `series` with levels and growth rates side by side.
fn beside(rows: LazyFrame) -> PolarsResult<DataFrame> {
    let of = |measure: &'static str| rows.clone().filter(col("measure").eq(lit(measure)));
    let facts = ["n_reports", "revised", "revised_from", "conflict", "published", "title"];
    let periods = rows
        .clone()
        .filter(col("measure").eq(lit("level")).or(col("measure").eq(lit("yoy"))))
        .sort(["measure", "obs_id"], SortMultipleOptions::new())
        .group_by(KEY.map(col))
        .agg(facts.map(|name| col(name).first()));
    let first = |name: &'static str| col(name).first();
    let levels = of("level").group_by(KEY.map(col)).agg(["value", "unit", "bound"].map(first));
    let growth = of("yoy").group_by(KEY.map(col)).agg([first("value").alias("growth")]);

    let mut left = JoinArgs::new(JoinType::Left);
    left.nulls_equal = true;
    let keys = || KEY.map(col).to_vec();
    let columns = KEY.into_iter().chain(["value", "unit", "bound", "growth"]).chain(facts);
    periods
        .join(levels, keys(), keys(), left.clone())
        .join(growth, keys(), keys(), left)
        .select(columns.map(col).collect::<Vec<_>>())
        .sort(["period_end", "period_start", "zone", "breakdown", "status"], SortMultipleOptions::new())
        .collect()
}
