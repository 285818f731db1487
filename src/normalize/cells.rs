//! The columns of a frame as plain lists, a value a row.

use jiff::civil::Date;
use polars::error::PolarsResult;
use polars::prelude::{DataFrame, IdxCa, IdxSize, NewChunkedArray};

use super::from_epoch_days;

/// The texts of a column.
pub(crate) fn texts<'f>(frame: &'f DataFrame, name: &str) -> PolarsResult<Vec<Option<&'f str>>> {
    Ok(frame.column(name)?.str()?.iter().collect())
}

/// The texts of a column, an empty one for null.
pub(crate) fn words<'f>(frame: &'f DataFrame, name: &str) -> PolarsResult<Vec<&'f str>> {
    Ok(frame.column(name)?.str()?.iter().map(Option::unwrap_or_default).collect())
}

/// The numbers of a column that takes no null.
pub(super) fn numbers(frame: &DataFrame, name: &str) -> PolarsResult<Vec<f64>> {
    Ok(frame.column(name)?.f64()?.iter().map(|number| number.unwrap_or(f64::NAN)).collect())
}

pub(super) fn truths(frame: &DataFrame, name: &str) -> PolarsResult<Vec<bool>> {
    Ok(frame.column(name)?.bool()?.iter().map(|truth| truth == Some(true)).collect())
}

pub(crate) fn days(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<Date>>> {
    Ok(frame.column(name)?.date()?.physical().iter().map(|day| day.map(from_epoch_days)).collect())
}

/// One unit of the last digit written, in the base unit, for each row of a frame with the columns of a statement.
pub(super) fn steps(frame: &DataFrame) -> PolarsResult<Vec<f64>> {
    let decimals = frame.column("decimals")?.i32()?;
    let rows = numbers(frame, "value")?.into_iter().zip(words(frame, "value_text")?).zip(decimals.iter());
    Ok(rows.map(|((value, text), decimals)| step(value, text, decimals.unwrap_or_default())).collect())
}

/// One unit of the last of `decimals` digits of `text`, which is `value` in the base unit.
fn step(value: f64, text: &str, decimals: i32) -> f64 {
    let written: f64 = text.parse().unwrap_or_default();
    // Of zero the unit written cannot be told; the base unit is the one that promises the most.
    let unit = if written == 0.0 { 1.0 } else { value / written };
    unit * 10f64.powi(-decimals)
}

/// The rows of `frame` at `places`, in that order.
pub(super) fn taken(frame: &DataFrame, places: &[usize]) -> PolarsResult<DataFrame> {
    let places = places.iter().map(|&place| place as IdxSize);
    frame.take(&IdxCa::from_iter_values("row".into(), places))
}
