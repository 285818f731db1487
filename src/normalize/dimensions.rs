//! The tables that name what the codes of the others mean.

use jiff::civil::Date;
use polars::prelude::{DataFrame, IntoLazy, col};

use super::schema::{DIM_INDICATOR, DIM_PERIOD, DIM_REGION};
use super::{FrameBuilder, NormalizeError, from_epoch_days};
use crate::lexicon::Lexicon;

/// `dim_region`: the gazetteer.
///
/// # Errors
/// When polars refuses.
pub fn regions(lexicon: &Lexicon) -> Result<DataFrame, NormalizeError> {
    let mut frame = FrameBuilder::new(&DIM_REGION);
    for region in lexicon.regions().all() {
        let successors: Vec<String> = region.successors.iter().map(ToString::to_string).collect();
        frame.push([
            ("region_code", region.code.to_string().into()),
            ("region_name", region.name.as_str().into()),
            ("short_name", region.short.as_str().into()),
            ("region_level", region.level.as_str().into()),
            ("parent_code", region.parent.map(|code| code.to_string()).into()),
            ("valid_from", i32::from(region.from).into()),
            ("valid_to", region.to.map(i32::from).into()),
            ("successors", joined(&successors).into()),
            ("aliases", joined(&region.aliases).into()),
        ])?;
    }
    frame.finish()
}

/// `dim_indicator`: the catalogue.
///
/// # Errors
/// When polars refuses.
pub fn indicators(lexicon: &Lexicon) -> Result<DataFrame, NormalizeError> {
    let mut frame = FrameBuilder::new(&DIM_INDICATOR);
    for indicator in lexicon.indicators() {
        frame.push([
            ("indicator", indicator.id.as_str().into()),
            ("indicator_name", indicator.name.as_str().into()),
            ("english_name", indicator.english.as_str().into()),
            ("unit", indicator.unit.as_str().into()),
            ("kind", indicator.kind.as_str().into()),
            ("theme", indicator.theme.as_str().into()),
            ("better", Some(indicator.better.as_str()).filter(|word| !word.is_empty()).into()),
            ("synonyms", joined(&indicator.synonyms).into()),
        ])?;
    }
    frame.finish()
}

/// Rows of `dim_period` for the periods of `statements`, each once.
///
/// # Errors
/// When polars refuses.
pub fn periods(statements: &DataFrame) -> Result<DataFrame, NormalizeError> {
    let columns = ["freq", "time_period", "period_start", "period_end", "period_basis"];
    let distinct = statements.clone().lazy().select(columns.map(col)).unique(None, Default::default()).collect()?;
    let text = |name: &str| distinct.column(name).and_then(|column| column.str().cloned());
    let day = |name: &str| distinct.column(name).and_then(|column| Ok(column.date()?.physical().clone()));
    let (freqs, codes, bases) = (text("freq")?, text("time_period")?, text("period_basis")?);
    let (starts, ends) = (day("period_start")?, day("period_end")?);

    let mut frame = FrameBuilder::new(&DIM_PERIOD);
    for row in 0..distinct.height() {
        let (start, end) = (starts.get(row).map(from_epoch_days), ends.get(row).map(from_epoch_days));
        frame.push([
            ("freq", freqs.get(row).into()),
            ("time_period", codes.get(row).into()),
            ("period_start", start.into()),
            ("period_end", end.into()),
            ("period_basis", bases.get(row).into()),
            ("months", start.zip(end).map(|(start, end)| months(start, end)).into()),
            ("year_to_date", start.zip(end).is_some_and(|(start, end)| year_to_date(start, end)).into()),
        ])?;
    }
    frame.finish()
}

fn months(start: Date, end: Date) -> i32 {
    (i32::from(end.year()) - i32::from(start.year())) * 12 + i32::from(end.month()) - i32::from(start.month()) + 1
}

fn year_to_date(start: Date, end: Date) -> bool {
    start == start.first_of_year() && end.year() == start.year() && end != start
}

fn joined(words: &[String]) -> Option<String> {
    (!words.is_empty()).then(|| words.join(";"))
}
