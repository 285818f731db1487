//! What can be wrong with a source as a whole.

use std::path::PathBuf;

/// A source that cannot be read as it is configured.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A pattern names a file that is not there.
    #[error("{}:{line}: {pattern:?}: expected a file at {}", pipeline.display(), path.display())]
    NoFile {
        /// The pipeline file.
        pipeline: PathBuf,
        /// Its line.
        line: usize,
        /// The pattern as written.
        pattern: String,
        /// The path that it stands for.
        path: PathBuf,
    },
    /// The folder in which a pattern would match is not there.
    #[error("{}:{line}: {pattern:?}: expected a folder at {}", pipeline.display(), path.display())]
    NoFolder {
        /// The pipeline file.
        pipeline: PathBuf,
        /// Its line.
        line: usize,
        /// The pattern as written.
        pattern: String,
        /// The part of the pattern before its first wildcard.
        path: PathBuf,
    },
    /// Pages cannot be asked for.
    #[error("cannot ask servers: {message}; expected the system to have certificates (package ca-certificates)")]
    Client {
        /// What is wrong.
        message: String,
    },
    /// A folder or file could not be listed.
    #[error("{}: {source}", path.display())]
    List {
        /// What was listed.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A bucket cannot be asked as it is configured.
    #[error("{}:{line}: url: {url}: expected settings and credentials of an object store: {source}", pipeline.display())]
    Bucket {
        /// The pipeline file.
        pipeline: PathBuf,
        /// Its line.
        line: usize,
        /// The bucket and its prefix.
        url: String,
        /// What is wrong in the pipeline file or the environment.
        source: Box<object_store::Error>,
    },
}
