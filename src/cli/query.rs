//! `query SQL --store PATH`

use std::io::{self, BufWriter, IsTerminal, Read, Write};

use clap::{Args, ValueEnum};
use comfy_table::{CellAlignment, Table};
use polars::prelude::DataFrame;

use super::output::{csv, jsonl, people_table, terminal_columns, word};
use super::place::Place;
use super::{CliError, Exit};
use crate::query;
use crate::store::encode_any;

/// Columns up to which rows are printed side by side.
const SIDE_BY_SIDE: usize = 12;

/// Columns of a terminal that a column of a table needs at least to be read.
const NARROWEST: u16 = 12;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A SELECT over the tables of the store, each under its name; - for stdin
    #[arg(value_name = "SQL")]
    sql: String,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// The most rows that a table is printed of
    #[arg(long, value_name = "ROWS", default_value_t = 100)]
    limit: u32,
    #[command(flatten)]
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, not more than --limit rows
    Table,
    /// Comma-separated values with a header
    Csv,
    /// One JSON object a line
    #[value(alias = "json")]
    Jsonl,
    /// A Parquet file
    Parquet,
}

/// Prints the answer.
pub(super) fn query(arguments: Arguments) -> Result<Exit, CliError> {
    let store = arguments.place.open()?;
    let sql = match arguments.sql.as_str() {
        "-" => {
            let mut sql = String::new();
            io::stdin().read_to_string(&mut sql)?;
            sql
        }
        sql => sql.to_owned(),
    };
    let is_table = arguments.format == Format::Table;
    // One more than is printed tells that there are more.
    let rows = query::sql(&store, &sql, is_table.then(|| arguments.limit.saturating_add(1)))?;
    let stdout = io::stdout();
    if arguments.format == Format::Parquet && stdout.is_terminal() {
        return Err(CliError::Argument(
            "--format parquet: expected a file or a pipe to write to, found a terminal".to_owned(),
        ));
    }
    let mut out = BufWriter::new(stdout.lock());
    match arguments.format {
        Format::Table => print(&rows, arguments.limit as usize, &mut out)?,
        Format::Csv => csv(&rows, true, &mut out)?,
        Format::Jsonl => jsonl(&rows, &mut out)?,
        Format::Parquet => out.write_all(&encode_any(&rows)?)?,
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn print(rows: &DataFrame, most: usize, out: &mut impl Write) -> Result<(), CliError> {
    let shown = rows.head(Some(most));
    let room = terminal_columns().map_or(SIDE_BY_SIDE, |columns| SIDE_BY_SIDE.min(usize::from(columns / NARROWEST)));
    match shown.width() <= room {
        true => writeln!(out, "{}", table(&shown)?)?,
        false => records(&shown, out)?,
    }
    match (rows.height(), rows.height() > most) {
        (_, true) => writeln!(out, "the first {most} rows; --limit has more of them, --format csv all")?,
        (1, _) => writeln!(out, "1 row")?,
        (count, _) => writeln!(out, "{count} rows")?,
    }
    Ok(())
}

fn table(rows: &DataFrame) -> Result<Table, CliError> {
    let mut table = people_table();
    table.set_header(rows.columns().iter().map(|column| column.name().as_str()));
    for row in 0..rows.height() {
        let words: Result<Vec<String>, CliError> =
            rows.columns().iter().map(|column| Ok(word(&column.get(row)?))).collect();
        table.add_row(words?);
    }
    for (at, column) in rows.columns().iter().enumerate() {
        if let Some(shown) = table.column_mut(at).filter(|_| column.dtype().is_primitive_numeric()) {
            shown.set_cell_alignment(CellAlignment::Right);
        }
    }
    Ok(table)
}

/// A paragraph a row and a line a column, for rows that are wider than any terminal. What is null is left out.
fn records(rows: &DataFrame, out: &mut impl Write) -> Result<(), CliError> {
    let widest = rows.columns().iter().map(|column| column.name().len()).max().unwrap_or_default();
    for row in 0..rows.height() {
        for column in rows.columns() {
            let word = word(&column.get(row)?);
            if !word.is_empty() {
                writeln!(out, "{:widest$}  {word}", column.name())?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}
