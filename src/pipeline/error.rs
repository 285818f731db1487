//! Why a run ended without publishing.

use std::path::PathBuf;

use crate::config::ConfigError;
use crate::lexicon::LexiconError;
use crate::normalize::NormalizeError;
use crate::quality::QualityError;
use crate::source::SourceError;
use crate::store::StoreError;

/// A run that ended without publishing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The pipeline file is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A lexicon table is wrong.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
    /// A source cannot be read as it is configured.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Rows could not be built.
    #[error(transparent)]
    Normalize(#[from] NormalizeError),
    /// The result is not fit to be published.
    #[error(transparent)]
    Quality(#[from] QualityError),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A line of a file of decisions cannot be put into effect.
    #[error("{}:{line}: {message}", path.display())]
    Decision {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
        /// What was found and what was expected.
        message: String,
    },
    /// The table `decisions` of a store holds what this program does not write.
    #[error("{}: table decisions: {message}", path.display())]
    Decisions {
        /// The store.
        path: PathBuf,
        /// What was found and what was expected.
        message: String,
    },
    /// Pipelines that are to serve together do not.
    #[error("{}: {message}", path.display())]
    Pipelines {
        /// A pipeline file.
        path: PathBuf,
        /// What was found and what was expected.
        message: String,
    },
    /// A document whose statements were decided about cannot be read again.
    #[error("{uri}: cannot be read again: {message}")]
    Unreadable {
        /// Where the document came from.
        uri: String,
        /// Why.
        message: String,
    },
    /// Signals cannot be listened to.
    #[error("signals: {0}")]
    Signals(std::io::Error),
    /// The archive's compressor refused a document.
    #[error("{uri}: cannot be packed for the archive: {source}")]
    Pack {
        /// Where the document came from.
        uri: String,
        /// What it said.
        source: std::io::Error,
    },
    /// Ctrl-C or SIGTERM.
    #[error("interrupted before publication; the store is as it was")]
    Interrupted,
    /// A worker panicked: a fault of this program.
    #[error("a worker died: {0}")]
    Worker(#[from] tokio::task::JoinError),
}
