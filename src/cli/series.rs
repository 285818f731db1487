//! `series REGION INDICATOR [--as-of DATE] --store PATH`

use std::io::{self, Write};

use clap::Args;
use comfy_table::{CellAlignment, Table};
use jiff::civil::Date;
use polars::prelude::DataFrame;

use super::named::{indicator, region};
use super::output::{Format, people_table, print, word};
use super::place::Place;
use super::{CliError, Exit};
use crate::lexicon::Lexicon;
use crate::query;
use crate::query::{number, scale};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Region by name or code: 衢州, 衢州市, 330800
    region: String,
    /// Indicator by name, synonym, English name or id: 规上工业增加值, GDP
    indicator: String,
    /// Only what was published by this day, and what bears no date: 2023-03-31
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    place: Place,
}

pub(super) fn series(arguments: Arguments) -> Result<Exit, CliError> {
    let lexicon = Lexicon::bundled()?;
    let store = arguments.place.open()?;
    let region = region(&lexicon, &arguments.region)?;
    let indicator = indicator(&lexicon, &store, &arguments.indicator)?;
    let rows = query::series(&store, region, &indicator, arguments.as_of)?;
    let mut out = io::stdout().lock();
    if rows.height() == 0 {
        tracing::warn!(region = %region, indicator, "nothing in the store");
        return Ok(Exit::Done);
    }
    print(&rows, arguments.format, &mut out, |rows, out| Ok(writeln!(out, "{}", table(rows)?)?))?;
    Ok(Exit::Done)
}

/// What is told of a period.
const HEADER: [&str; 9] = ["period", "part", "value", "unit", "yoy %", "status", "reports", "latest report", "remarks"];

/// Those that are numbers.
const FIGURES: [&str; 3] = ["value", "yoy %", "reports"];

fn table(rows: &DataFrame) -> Result<Table, CliError> {
    let values = rows.column("value")?.f64()?;
    let growth = rows.column("growth")?.f64()?;
    let before = rows.column("revised_from")?.f64()?;
    let conflict = rows.column("conflict")?.bool()?;
    let published = rows.column("published")?.date()?.physical();
    let largest = values.iter().flatten().map(f64::abs).fold(0.0, f64::max);
    let mut table = people_table();
    let mut lines = vec![HEADER.map(str::to_owned)];
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
        lines.push([
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
    // What no row has anything for takes no room.
    let is_used = |column: usize| lines.iter().skip(1).any(|line| !line[column].is_empty());
    let used: Vec<usize> = (0..HEADER.len()).filter(|&column| is_used(column)).collect();
    let mut lines = lines.iter().map(|line| used.iter().map(|&column| &line[column]));
    table.set_header(lines.next().into_iter().flatten());
    for line in lines {
        table.add_row(line);
    }
    for (place, column) in used.iter().enumerate() {
        if let Some(shown) = table.column_mut(place).filter(|_| FIGURES.contains(&HEADER[*column])) {
            shown.set_cell_alignment(CellAlignment::Right);
        }
    }
    Ok(table)
}
