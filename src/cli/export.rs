//! `export [TABLE…] -o FOLDER|FILE --format csv --store PATH`

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::place::Place;
use super::{CliError, Exit};
use crate::export;
use crate::normalize::schema::{SERIES, TABLES, Table};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Tables to write; without any all, or series for sdmx-csv
    #[arg(value_name = "TABLE", value_parser = PossibleValuesParser::new(TABLES.iter().map(|table| table.name)))]
    tables: Vec<String>,
    /// A folder, for a file a table; or for one table a file that ends in .csv or .parquet. What is there is replaced
    #[arg(short, long, value_name = "FOLDER|FILE")]
    output: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    #[command(flatten)]
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Comma-separated values for spreadsheets, which cannot take a text for a formula
    Csv,
    /// SDMX-CSV 2.0 of the table series
    SdmxCsv,
    /// One Parquet file a table
    Parquet,
}

/// Writes tables for other programs.
pub(super) fn export(arguments: Arguments) -> Result<Exit, CliError> {
    let store = arguments.place.open()?;
    let format = match arguments.format {
        Format::Csv => export::Format::Csv,
        Format::SdmxCsv => export::Format::SdmxCsv,
        Format::Parquet => export::Format::Parquet,
    };
    let wanted = |table: &Table| match arguments.tables.is_empty() {
        true => format != export::Format::SdmxCsv || table.name == SERIES.name,
        false => arguments.tables.iter().any(|name| name == table.name),
    };
    let tables: Vec<&'static Table> = TABLES.iter().copied().filter(|table| wanted(table)).collect();
    for (path, rows) in export::export(&store, &tables, format, &arguments.output)? {
        tracing::info!(rows, "wrote {}", path.display());
    }
    Ok(Exit::Done)
}
