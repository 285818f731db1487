//! Why there is no page.

use std::io;
use std::path::{Path, PathBuf};

use polars::error::PolarsError;

use crate::store::StoreError;

/// A page that could not be made. What was there before still is.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The rows of a table could not be arranged.
    #[error("{table}: {source}")]
    Frame {
        /// The table.
        table: &'static str,
        /// What polars said.
        source: PolarsError,
    },
    /// The data could not be encoded.
    #[error("data of the page: {0}")]
    Encode(#[from] serde_json::Error),
    /// The page is to be where a folder is.
    #[error("{}: expected a file to write, found a folder", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// The system refused to write.
    #[error("{}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl ReportError {
    /// For `map_err`: polars refused rows of `table`.
    pub(super) fn frame(table: &'static str) -> impl FnOnce(PolarsError) -> ReportError {
        move |source| ReportError::Frame { table, source }
    }

    /// For `map_err`: `path` could not be written.
    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> ReportError + '_ {
        move |source| ReportError::Write { path: path.to_owned(), source }
    }
}
