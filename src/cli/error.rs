//! Why a command failed.

use std::io;
use std::path::PathBuf;

use crate::export::ExportError;
use crate::lexicon::LexiconError;
use crate::normalize::NormalizeError;
use crate::pipeline::RunError;
use crate::query::QueryError;
use crate::report::ReportError;
use crate::store::StoreError;

/// A command that failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A run failed, or could not begin.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A question has no answer.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The page could not be made.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// Tables could not be written.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The bundled lexicon is wrong.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
    /// Rows could not be built.
    #[error(transparent)]
    Normalize(#[from] NormalizeError),
    /// An argument names something that there is not.
    #[error("{0}")]
    Argument(String),
    /// A pipeline that is to run by schedule has none.
    #[error("{}: schedule: expected a cron expression such as \"30 6 * * *\", found none", path.display())]
    NoSchedule {
        /// The pipeline file.
        path: PathBuf,
    },
    /// A pipeline file names another job or another store than when the scheduler began.
    #[error("{}: name and store may not change while `schedule` runs; start it again", path.display())]
    Moved {
        /// The pipeline file.
        path: PathBuf,
    },
    /// Something could not be printed.
    #[error("output: {0}")]
    Output(#[from] io::Error),
    /// A file given could not be opened.
    #[error("{}: {source}", path.display())]
    Input {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Rows could not be taken apart to be printed.
    #[error("output: {0}")]
    Frame(#[from] polars::error::PolarsError),
}

impl From<csv::Error> for CliError {
    fn from(error: csv::Error) -> Self {
        CliError::Output(error.into())
    }
}

impl From<serde_json::Error> for CliError {
    fn from(error: serde_json::Error) -> Self {
        CliError::Output(error.into())
    }
}
