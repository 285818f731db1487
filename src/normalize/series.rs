//! The statement that holds for each series and period, out of all that were made.

use polars::prelude::{
    Column, DataFrame, DataType, Expr, IntoLazy, JoinArgs, JoinType, NamedFrom, Series, SortMultipleOptions,
    UniqueKeepStrategy, col, lit,
};

use super::NormalizeError;
use super::schema::SERIES;

const KEY: [&str; 2] = ["series_id", "time_period"];

/// Rows of `series` for all of `observations` of a year: pure, so the two tables never drift apart.
///
/// A fact holds before an estimate, then the latest publication, then the rate as stated before the one at constant
/// prices (收入增长8%,扣除价格因素实际增长6.1%), then the surest reading. Targets have a `series_id`
/// of their own and never come into it. Rows without a region code are left out: several places would share a series.
///
/// # Errors
/// When polars refuses.
pub fn series(observations: &DataFrame) -> Result<DataFrame, NormalizeError> {
    let step = steps(observations)?;
    let statements = observations.hstack(&[step])?.lazy().filter(col("region_code").is_not_null()).with_columns([
        col("status").eq(lit("estimate")).alias("is_estimate"),
        col("price_basis").eq_missing(lit("constant")).alias("is_deflated"),
    ]);

    let best_first = SortMultipleOptions::new()
        .with_order_descending_multi([false, false, false, true, false, true, false])
        .with_nulls_last(true);
    let holds = statements
        .clone()
        .sort(
            ["series_id", "time_period", "is_estimate", "published", "is_deflated", "confidence", "obs_id"],
            best_first,
        )
        .unique_stable_generic(Some(KEY.map(col).to_vec()), UniqueKeepStrategy::First);

    let vintages = statements.clone().group_by(KEY.map(col)).agg([
        col("doc_id").n_unique().cast(DataType::Int32).alias("n_reports"),
        col("published").min().alias("first_published"),
    ]);
    // 超30亿元 and 30.3亿元 do not contradict each other: only exact statements are compared.
    let days = statements.filter(col("bound").eq(lit("exact"))).group_by([
        col("series_id"),
        col("time_period"),
        col("published"),
    ]);
    let days = days.agg([col("value").min().alias("low"), col("value").max().alias("high"), col("step").max()]);
    let differences = days.group_by(KEY.map(col)).agg([
        differ(col("high").max() - col("low").min(), col("step").max()).alias("differ"),
        differ(col("high") - col("low"), col("step")).any(true).alias("conflict"),
        col("low").len().gt(lit(1)).alias("several_days"),
    ]);

    let keys = || KEY.map(col).to_vec();
    let left = || JoinArgs::new(JoinType::Left);
    let columns: Vec<Expr> = SERIES.columns().map(|column| col(column.name)).collect();
    Ok(holds
        .join(vintages, keys(), keys(), left())
        .join(differences, keys(), keys(), left())
        .with_columns([
            col("conflict").fill_null(lit(false)),
            col("differ").and(col("several_days")).fill_null(lit(false)).alias("revised"),
        ])
        .select(columns)
        .collect()?)
}

/// Whether a `difference` of two values is more than their rounding explains; `step` is one unit of the last digit.
fn differ(difference: Expr, step: Expr) -> Expr {
    // A little more than the step, for a difference of doubles is not exact.
    difference.gt(step * lit(1.000_001))
}

/// One unit of the last digit written, in the base unit.
fn steps(observations: &DataFrame) -> Result<Column, NormalizeError> {
    let values = observations.column("value")?.f64()?;
    let texts = observations.column("value_text")?.str()?;
    let decimals = observations.column("decimals")?.i32()?;
    let steps = values.iter().zip(texts.iter()).zip(decimals.iter()).map(|((value, text), decimals)| {
        let written: f64 = text?.parse().ok()?;
        let unit = if written == 0.0 { 1.0 } else { value? / written };
        Some(unit * 10f64.powi(-decimals?))
    });
    Ok(Series::new("step".into(), steps.collect::<Vec<Option<f64>>>()).into())
}
