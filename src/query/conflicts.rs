//! Series of which reports state different values, side by side.

use polars::prelude::{DataFrame, IntoLazy, JoinArgs, JoinType, SortMultipleOptions, col, lit, when};

use super::in_years;
use crate::normalize::schema::{OBSERVATIONS, SERIES};
use crate::store::{Store, StoreError};

/// What is told of each statement.
const TOLD: [&str; 16] = [
    "region_name",
    "indicator_name",
    "zone",
    "breakdown",
    "measure",
    "time_period",
    "kind",
    "value_text",
    "unit_text",
    "holds",
    "published",
    "title",
    "source_uri",
    "surface",
    "sentence",
    "obs_id",
];

/// Every exact statement of the series and periods that are in conflict or (but not if only `same_day` is asked for) were
/// revised, those of a period together, in the order of publication.
///
/// `kind` is `conflict` where reports of one day differ, else `revised`; `holds` is true for the statement that `series` has.
///
/// # Errors
/// When the store cannot be read.
pub fn conflicts(store: &Store, same_day: bool) -> Result<DataFrame, StoreError> {
    in_years(store, &SERIES, |year| {
        let Some(series) = store.read(&SERIES, Some(year), None)? else { return Ok(None) };
        let Some(observations) = store.read(&OBSERVATIONS, Some(year), None)? else { return Ok(None) };
        let path = store.file(&OBSERVATIONS, Some(year));
        let kind = when(col("conflict")).then(lit("conflict")).otherwise(lit("revised"));
        let differing = series.lazy().filter(col("conflict").or(col("revised").and(lit(!same_day))));
        let differing =
            differing.select([col("series_id"), col("time_period"), kind.alias("kind"), col("obs_id").alias("held")]);
        let key = || [col("series_id"), col("time_period")];
        let rows = observations
            .lazy()
            .filter(col("bound").eq(lit("exact")).and(col("region_code").is_not_null()))
            .join(differing, key(), key(), JoinArgs::new(JoinType::Inner))
            .with_column(col("obs_id").eq(col("held")).alias("holds"))
            .sort(
                ["region_code", "indicator", "period_end", "series_id", "published", "obs_id"],
                SortMultipleOptions::new().with_nulls_last(true),
            )
            .select(TOLD.map(col));
        rows.collect().map(Some).map_err(|source| StoreError::Frame { path, source })
    })
}
