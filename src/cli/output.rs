//! Prints frames.

use std::io::{self, Write};
use std::path::Path;

use comfy_table::{ContentArrangement, Table, presets};
use jiff::Timestamp;
use polars::prelude::{AnyValue, DataFrame};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::CliError;
use crate::normalize::from_epoch_days;
use crate::normalize::schema::EXTRACT;
use crate::store::encode_parquet;

/// How rows are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Table,
    Jsonl,
    Csv,
    Parquet,
}

/// How the answer to a question is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    Table,
    Jsonl,
    Csv,
}

/// Prints all of `rows` as JSON objects, one a line.
pub(super) fn jsonl(rows: &DataFrame, out: &mut impl Write) -> Result<(), CliError> {
    for row in 0..rows.height() {
        serde_json::to_writer(&mut *out, &Row { rows, row })?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Prints all of `rows` as CSV, the names of the columns first if asked for.
pub(super) fn csv(rows: &DataFrame, header: bool, out: &mut impl Write) -> Result<(), CliError> {
    let mut lines = csv::Writer::from_writer(out);
    if header {
        lines.write_record(rows.columns().iter().map(|column| column.name().as_str()))?;
    }
    for row in 0..rows.height() {
        let words: Result<Vec<String>, CliError> =
            rows.columns().iter().map(|column| Ok(word(&column.get(row)?))).collect();
        lines.write_record(words?)?;
    }
    Ok(lines.flush()?)
}

/// Prints `rows` as `format` says; `list` prints them for people.
pub(super) fn print<W: Write>(
    rows: &DataFrame,
    format: Format,
    out: &mut W,
    list: impl FnOnce(&DataFrame, &mut W) -> Result<(), CliError>,
) -> Result<(), CliError> {
    match format {
        Format::Table => list(rows, out),
        Format::Jsonl => jsonl(rows, out),
        Format::Csv => csv(rows, true, out),
    }
}

/// Prints `records` as `format` says; `list` prints what they are made of for people.
pub(super) fn print_records<W: Write>(
    records: impl Iterator<Item = impl Serialize>,
    format: Format,
    out: &mut W,
    list: impl FnOnce(&mut W) -> Result<(), CliError>,
) -> Result<(), CliError> {
    match format {
        Format::Table => list(out),
        Format::Jsonl => {
            for record in records {
                serde_json::to_writer(&mut *out, &record)?;
                out.write_all(b"\n")?;
            }
            Ok(())
        }
        Format::Csv => {
            let mut lines = csv::Writer::from_writer(out);
            for record in records {
                lines.serialize(record)?;
            }
            Ok(lines.flush()?)
        }
    }
}

/// Prints rows of the table [`EXTRACT`] as they come, or at the end where the style needs them all.
pub(super) struct Sink<W> {
    style: Style,
    out: W,
    kept: Option<DataFrame>,
    begun: bool,
}

impl<W: Write> Sink<W> {
    pub fn new(style: Style, out: W) -> Self {
        Sink { style, out, kept: None, begun: false }
    }

    /// Takes some rows.
    pub fn rows(&mut self, rows: DataFrame) -> Result<(), CliError> {
        match self.style {
            Style::Jsonl => jsonl(&rows, &mut self.out)?,
            Style::Csv => csv(&rows, !self.begun, &mut self.out)?,
            Style::Table | Style::Parquet => match &mut self.kept {
                Some(kept) => {
                    kept.vstack_mut(&rows)?;
                }
                None => self.kept = Some(rows),
            },
        }
        self.begun = true;
        Ok(())
    }

    /// Prints what was kept back.
    pub fn finish(mut self) -> Result<(), CliError> {
        match (self.style, self.kept.take()) {
            (Style::Table, Some(rows)) => writeln!(self.out, "{}", table(&rows)?)?,
            (Style::Parquet, Some(rows)) => {
                self.out.write_all(&encode_parquet(&rows, &EXTRACT, Path::new("-"))?)?;
            }
            _ => {}
        }
        Ok(self.out.flush()?)
    }
}

/// Columns of the terminal that is printed to; `None` where it is none.
pub(super) fn terminal_columns() -> Option<u16> {
    terminal_size::terminal_size_of(io::stdout()).map(|(columns, _)| columns.0)
}

/// A table for people that has room in the terminal.
pub(super) fn people_table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if let Some(columns) = terminal_columns() {
        table.set_width(columns);
    }
    table
}

/// The main columns, for people.
fn table(rows: &DataFrame) -> Result<Table, CliError> {
    let mut table = people_table();
    table.set_header(["region", "period", "indicator", "measure", "value", "status", "about"]);
    for row in 0..rows.height() {
        let get = |name: &str| -> Result<String, CliError> { Ok(word(&rows.column(name)?.get(row)?)) };
        let place = [get("region_name")?, get("zone")?].concat();
        let indicator = [get("breakdown")?, get("indicator_text")?].concat();
        let value = match get("bound")?.as_str() {
            "exact" => format!("{}{}", get("value_text")?, get("unit_text")?),
            bound => format!("{bound} {}{}", get("value_text")?, get("unit_text")?),
        };
        let about = if get("entity")?.is_empty() { get("scope")? } else { get("entity")? };
        table.add_row([place, get("time_period")?, indicator, get("measure")?, value, get("status")?, about]);
    }
    Ok(table)
}

/// A value as text; empty for null.
pub(super) fn word(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => (*text).to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        // Polars prints five digits of a large one.
        AnyValue::Float64(number) => number.to_string(),
        AnyValue::Date(days) => from_epoch_days(*days).to_string(),
        AnyValue::Datetime(micros, ..) | AnyValue::DatetimeOwned(micros, ..) => instant(*micros),
        other => other.to_string(),
    }
}

fn instant(micros: i64) -> String {
    Timestamp::from_microsecond(micros).unwrap_or_default().to_string()
}

/// One row as a JSON object with its keys in the order of the columns.
struct Row<'a> {
    rows: &'a DataFrame,
    row: usize,
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.rows.width()))?;
        for column in self.rows.columns() {
            let value = column.get(self.row).map_err(serde::ser::Error::custom)?;
            let name = column.name().as_str();
            match &value {
                AnyValue::Null => map.serialize_entry(name, &())?,
                AnyValue::Boolean(truth) => map.serialize_entry(name, truth)?,
                AnyValue::Int32(number) => map.serialize_entry(name, number)?,
                AnyValue::Float64(number) => map.serialize_entry(name, number)?,
                other if other.dtype().is_integer() => map.serialize_entry(name, &other.try_extract::<i64>().ok())?,
                other => map.serialize_entry(name, &word(other))?,
            }
        }
        map.end()
    }
}
