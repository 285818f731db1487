use std::path::PathBuf;

/// Why a lexicon could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// A table is missing or cannot be read.
    #[error("lexicon table {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line does not have the columns of its table, or a value that its column allows.
    #[error("{table}:{line}: {found:?}: expected {expected}")]
    Line {
        /// The file.
        table: String,
        /// Line number, from 1.
        line: usize,
        /// What stands there.
        found: String,
        /// What the table wants there.
        expected: &'static str,
    },
}
