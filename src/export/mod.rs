//! Tables of a store for programs that read no Parquet, or want one file a table.
//!
//! Rows are read some thousand at a time and written as they come, so memory does not grow with a table. A file appears
//! under its name when it is whole.

mod cells;
mod error;
mod output;
mod sdmx;
mod sheet;

use std::fs;
use std::path::{Path, PathBuf};

pub use error::ExportError;

use self::sdmx::SdmxCsv;
use self::sheet::Sheet;
use crate::normalize::schema::{SERIES, Table};
use crate::store::{Store, TableFile};

/// What a table is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values for spreadsheets.
    Csv,
    /// SDMX-CSV 2.0, of the table `series` alone.
    SdmxCsv,
    /// One Parquet file.
    Parquet,
}

impl Format {
    /// The name of the file of `table`.
    fn file_name(self, table: &Table) -> String {
        match self {
            Format::Csv => format!("{}.csv", table.name),
            Format::SdmxCsv => format!("{}.sdmx.csv", table.name),
            Format::Parquet => format!("{}.parquet", table.name),
        }
    }

    fn is_of(self, path: &Path) -> bool {
        let extension = if self == Format::Parquet { "parquet" } else { "csv" };
        path.extension().is_some_and(|end| end.eq_ignore_ascii_case(extension))
    }
}

/// Writes `tables` of `store`: one of them to the file `output` if that has the extension of `format`, else a file a table
/// into the folder `output`, which is made if it is not there. What was there is replaced, each file when the new one is
/// whole. The files, with the rows of each.
///
/// # Errors
/// When `tables` and `output` do not go together, or something cannot be read or written.
pub fn export(
    store: &Store,
    tables: &[&'static Table],
    format: Format,
    output: &Path,
) -> Result<Vec<(PathBuf, usize)>, ExportError> {
    if let Some(table) = tables.iter().find(|table| format == Format::SdmxCsv && table.name != SERIES.name) {
        return Err(ExportError::NotSeries { table: table.name });
    }
    let targets: Vec<(&'static Table, PathBuf)> = match tables {
        _ if output.is_dir() => in_folder(tables, format, output),
        [table] if format.is_of(output) => vec![(*table, output.to_owned())],
        _ if format.is_of(output) => {
            return Err(ExportError::OneFile { path: output.to_owned(), tables: tables.len() });
        }
        _ => {
            fs::create_dir_all(output).map_err(ExportError::write(output))?;
            in_folder(tables, format, output)
        }
    };
    targets.into_iter().map(|(table, path)| write(store, table, format, &path).map(|rows| (path, rows))).collect()
}

fn in_folder(tables: &[&'static Table], format: Format, folder: &Path) -> Vec<(&'static Table, PathBuf)> {
    tables.iter().map(|table| (*table, folder.join(format.file_name(table)))).collect()
}

/// Writes `table` to `path`; the number of its rows.
fn write(store: &Store, table: &'static Table, format: Format, path: &Path) -> Result<usize, ExportError> {
    let mut count = 0;
    output::put_whole(path, |file| {
        let csv = ExportError::csv(path);
        match format {
            Format::Csv => {
                let mut sheet = Sheet::new(file, table).map_err(csv)?;
                store.batches(table, |rows| {
                    count += rows.height();
                    sheet.write(rows).map_err(ExportError::csv(path))
                })?;
                sheet.finish().map_err(ExportError::write(path))
            }
            Format::SdmxCsv => {
                let mut message = SdmxCsv::new(file).map_err(csv)?;
                store.batches(table, |rows| {
                    count += rows.height();
                    message.write(rows).map_err(ExportError::csv(path))
                })?;
                message.finish().map_err(ExportError::write(path))
            }
            Format::Parquet => {
                let mut copy = TableFile::new(file, table, path)?;
                store.batches(table, |rows| {
                    count += rows.height();
                    copy.write(rows).map_err(ExportError::from)
                })?;
                Ok(copy.finish()?)
            }
        }
    })?;
    Ok(count)
}
