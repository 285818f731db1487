//! One indicator of one region through time: each period's level beside its growth.

use polars::error::PolarsResult;
use polars::prelude::{
    DataFrame, IntoLazy, JoinArgs, JoinType, LazyFrame, SortMultipleOptions, UnionArgs, col, concat, lit,
};

use crate::model::RegionCode;
use crate::normalize::schema::SERIES;
use crate::store::{Store, StoreError};

/// What one period of one series is known by. Whether it is a plan is part of it: targets stand beside facts.
const KEY: [&str; 7] = ["period_start", "period_end", "time_period", "freq", "zone", "breakdown", "status"];

/// The levels of `indicator` (an id) in `region`, each with the growth rate that was reported for the same period, in
/// order of time.
///
/// Columns: those of `KEY`, `value`, `unit`, `bound`, `growth` (% against a year before), `n_reports`, `revised`,
/// `conflict`, `published`, `title`. A period that has only one of level and growth is there all the same.
///
/// # Errors
/// When the store cannot be read.
pub fn trend(store: &Store, region: RegionCode, indicator: &str) -> Result<DataFrame, StoreError> {
    let folder = store.root().join("v1").join(SERIES.name);
    let frame = |source| StoreError::Frame { path: folder.clone(), source };
    let mut parts = Vec::new();
    for year in store.years(&SERIES)? {
        let Some(rows) = store.read(&SERIES, Some(year), None)? else { continue };
        let of_region = col("region_code").eq(lit(region.to_string()));
        parts.push(rows.lazy().filter(of_region.and(col("indicator").eq(lit(indicator)))));
    }
    if parts.is_empty() {
        return Ok(DataFrame::empty());
    }
    let rows = concat(parts, UnionArgs::default()).map_err(frame)?;
    beside(rows).map_err(frame)
}

/// Rows of `series` with levels and growth rates side by side.
fn beside(rows: LazyFrame) -> PolarsResult<DataFrame> {
    let of = |measure: &'static str| rows.clone().filter(col("measure").eq(lit(measure)));
    let facts = ["n_reports", "revised", "conflict", "published", "title"];
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
