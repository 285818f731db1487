//! `series REGION INDICATOR [--as-of DATE] --store PATH`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use jiff::Timestamp;
use jiff::civil::Date;
use polars::prelude::DataFrame;

use super::output::word;
use super::{CliError, Exit};
use crate::lexicon::Lexicon;
use crate::model::RegionCode;
use crate::query;
use crate::store::Store;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Region by name or code: 衢州, 衢州市, 330800
    region: String,
    /// Indicator by id, name or synonym
    indicator: String,
    /// Only what was published by this day, and what bears no date: 2023-03-31
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Root folder of the store
    #[arg(long, value_name = "PATH", default_value = "store")]
    store: PathBuf,
}

pub(super) fn series(arguments: Arguments) -> Result<Exit, CliError> {
    let lexicon = Lexicon::bundled()?;
    let store = Store::existing(&arguments.store)?;
    let region = region(&lexicon, &arguments.region)?;
    let indicator = indicator(&lexicon, &arguments.indicator);
    let rows = query::trend(&store, region, &indicator, arguments.as_of)?;
    let mut out = io::stdout().lock();
    if rows.height() == 0 {
        tracing::warn!(region = %region, indicator, "nothing in the store");
        return Ok(Exit::Done);
    }
    writeln!(out, "{}", table(&rows)?)?;
    Ok(Exit::Done)
}

/// The code of a region given by name or code, as things are called today.
pub(super) fn region(lexicon: &Lexicon, given: &str) -> Result<RegionCode, CliError> {
    let year = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).year();
    let by_name = || lexicon.regions().named(given, year);
    given.parse().ok().or_else(by_name).ok_or_else(|| {
        CliError::Argument(format!("region {given:?}: expected a name such as 衢州市 or a code such as 330800"))
    })
}

/// The id of an indicator given by id, name or synonym; words that the catalogue does not know are an `x.` indicator.
pub(super) fn indicator(lexicon: &Lexicon, given: &str) -> String {
    let by_name = lexicon.indicator_named(given).map(|row| &lexicon.indicators()[row as usize]);
    match by_name.or_else(|| lexicon.indicators().iter().find(|indicator| indicator.id == given)) {
        Some(indicator) => indicator.id.clone(),
        None if given.starts_with("x.") => given.to_owned(),
        None => format!("x.{given}"),
    }
}

fn table(rows: &DataFrame) -> Result<Table, CliError> {
    let values = rows.column("value")?.f64()?;
    let growth = rows.column("growth")?.f64()?;
    let before = rows.column("revised_from")?.f64()?;
    let conflict = rows.column("conflict")?.bool()?;
    let published = rows.column("published")?.date()?.physical();
    let largest = values.iter().flatten().map(f64::abs).fold(0.0, f64::max);
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["period", "part", "value", "unit", "yoy %", "status", "reports", "latest report", "remarks"]);
    for row in 0..rows.height() {
        let get = |name: &str| -> Result<String, CliError> { Ok(word(&rows.column(name)?.get(row)?)) };
        let unit = get("unit")?;
        let (factor, prefix) = scale(largest, &unit);
        let value = values.get(row).map(|value| number(value / factor));
        // Where there is no level, the row is about the rate.
        let factor = if value.is_some() { factor } else { 1.0 };
        let remarks = [
            before.get(row).map(|value| format!("revised from {}", number(value / factor))),
            Some("conflict".to_owned()).filter(|_| conflict.get(row) == Some(true)),
            Some("undated".to_owned()).filter(|_| published.get(row).is_none()),
            Some(get("bound")?).filter(|bound| !bound.is_empty() && bound != "exact"),
        ];
        table.add_row([
            get("time_period")?,
            [get("zone")?, get("breakdown")?].concat(),
            value.unwrap_or_default(),
            format!("{prefix}{unit}"),
            growth.get(row).map(number).unwrap_or_default(),
            get("status")?,
            get("n_reports")?,
            [get("published")?, get("title")?].join(" ").trim().to_owned(),
            remarks.into_iter().flatten().collect::<Vec<String>>().join(", "),
        ]);
    }
    for column in [2, 4, 6] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    Ok(table)
}

/// The power of ten that values up to `largest` are read in, one for the whole column, and its word before the unit.
fn scale(largest: f64, unit: &str) -> (f64, &'static str) {
    match largest {
        _ if unit.is_empty() || unit.starts_with(['%', '百']) => (1.0, ""),
        largest if largest >= 1e8 => (1e8, "亿"),
        largest if largest >= 1e5 => (1e4, "万"),
        _ => (1.0, ""),
    }
}

/// At most four digits after the point, and no zeros at the end.
fn number(value: f64) -> String {
    let digits = format!("{value:.4}");
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!([number(30.3), number(-4.0), number(0.0)], ["30.3", "-4", "0"]);
        assert_eq!(scale(3.03e9, "元"), (1e8, "亿"));
        assert_eq!(scale(1e9, "%"), (1.0, ""));
    }
}
