//! Series of which reports state different values, side by side.

use polars::prelude::{DataFrame, IntoLazy, JoinArgs, JoinType, SortMultipleOptions, col, lit, when};

use super::QueryError;
use crate::normalize::schema::{OBSERVATIONS, SERIES};
use crate::store::Store;

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
pub fn conflicts(store: &Store, same_day: bool) -> Result<DataFrame, QueryError> {
    let kind = when(col("conflict")).then(lit("conflict")).otherwise(lit("revised"));
    let key = || [col("series_id"), col("time_period")];
    let mut all: Option<DataFrame> = None;
    // A year at a time: what holds the statements of one is all that is in memory.
    for year in store.years(&SERIES)? {
        let of_year = col("year").eq(lit(year));
        let is_wanted = if same_day { col("conflict") } else { col("conflict").or(col("revised")) };
        let differing = store.scan(&SERIES)?.filter(of_year.clone().and(is_wanted)).select([
            col("series_id"),
            col("time_period"),
            kind.clone().alias("kind"),
            col("obs_id").alias("held"),
        ]);
        let differing = differing.collect()?;
        if differing.height() == 0 {
            continue;
        }
        let stands = col("flags").fill_null(lit("")).str().contains_literal(lit("rejected")).not();
        let is_told = of_year.and(col("bound").eq(lit("exact"))).and(col("region_code").is_not_null()).and(stands);
        let rows = store
            .scan(&OBSERVATIONS)?
            .filter(is_told)
            .join(differing.lazy(), key(), key(), JoinArgs::new(JoinType::Inner))
            .with_column(col("obs_id").eq(col("held")).alias("holds"))
            .sort(
                ["region_code", "indicator", "period_end", "series_id", "published", "obs_id"],
                SortMultipleOptions::new().with_nulls_last(true),
            )
            .select(TOLD.map(col))
            .collect()?;
        match &mut all {
            None => all = Some(rows),
            Some(all) => {
                all.vstack_mut(&rows)?;
            }
        }
    }
    Ok(all.unwrap_or_else(DataFrame::empty))
}
