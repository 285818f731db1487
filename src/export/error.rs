//! Why tables could not be written.

use std::io;
use std::path::{Path, PathBuf};

use super::cells::Refused;
use crate::store::StoreError;

/// An export that failed. Files that were there before are still there, or replaced by whole ones.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// SDMX-CSV was asked for of another table.
    #[error("{table}: sdmx-csv is of the table series alone")]
    NotSeries {
        /// The table.
        table: &'static str,
    },
    /// Several tables, and a file to write them to.
    #[error("{}: expected one table for a file, or a folder for {tables} tables", path.display())]
    OneFile {
        /// The file.
        path: PathBuf,
        /// The tables asked for.
        tables: usize,
    },
    /// The store could not be read, or a Parquet file not be made.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system refused.
    #[error("{}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Rows do not have the columns of their table.
    #[error("{}: {source}", path.display())]
    Frame {
        /// The file that they were to go to.
        path: PathBuf,
        /// What polars said.
        source: polars::error::PolarsError,
    },
}

impl ExportError {
    /// For `map_err`: an I/O error about `path`.
    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> ExportError + '_ {
        move |source| ExportError::Write { path: path.to_owned(), source }
    }

    /// For `map_err`: rows that could not be written to `path`.
    pub(super) fn csv(path: &Path) -> impl FnOnce(Refused) -> ExportError + '_ {
        let path = path.to_owned();
        move |refused| match refused {
            Refused::Write(source) => ExportError::Write { path, source: source.into() },
            Refused::Frame(source) => ExportError::Frame { path, source },
        }
    }
}
