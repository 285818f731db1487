//! What can go wrong with the store.

use std::io;
use std::path::{Path, PathBuf};

/// A store that could not be read or written. Unless it says otherwise, nothing that readers see has changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another run holds the lock.
    #[error("{}: another run is writing to this store", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// Another run holds the lock of a bucket.
    #[error("{url}: another run is writing to this store: {owner}, until {until} unless it renews the lock")]
    Held {
        /// The lock.
        url: String,
        /// Machine, process and moment of the run.
        owner: String,
        /// When the lock may be taken over.
        until: jiff::Timestamp,
    },
    /// The lock of a bucket was not renewed in time, and another run may have it.
    #[error("{url}: lost: no answer in time, or another run took over; the next run finishes what is half done")]
    Lost {
        /// The lock, or what another run has put there.
        url: String,
    },
    /// A bucket cannot be asked as it is described.
    #[error("{url}: {message}")]
    Endpoint {
        /// The root.
        url: String,
        /// What is wrong with the url or the environment.
        message: String,
    },
    /// A bucket could not be read or written.
    #[error("{url}: {message}")]
    Bucket {
        /// The object, or the prefix.
        url: String,
        /// What was asked and what the server said.
        message: String,
    },
    /// Another scheduler runs the jobs of the store.
    #[error("{}: another `schedule` runs the jobs of this store", path.display())]
    Scheduled {
        /// Its lock file.
        path: PathBuf,
    },
    /// The root is something else than a folder.
    #[error("{}: expected a folder, found a file", path.display())]
    NotAFolder {
        /// The root.
        path: PathBuf,
    },
    /// There is no store here.
    #[error("{}: no store here; `run` makes one", path.display())]
    Missing {
        /// The root.
        path: PathBuf,
    },
    /// The folder holds tables that this program did not write, or another version of it.
    #[error("{}: {message}", path.display())]
    Schema {
        /// The file that says so, or is not there.
        path: PathBuf,
        /// What was found and what was expected.
        message: String,
    },
    /// The system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be encoded or decoded as Parquet.
    #[error("{}: parquet: {source}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the `parquet` crate said.
        source: parquet::errors::ParquetError,
    },
    /// Polars refused a file or a frame.
    #[error("{}: {source}", path.display())]
    Frame {
        /// The file, or the table's folder.
        path: PathBuf,
        /// What polars said.
        source: polars::error::PolarsError,
    },
    /// A file does not hold what it should.
    #[error("{}: check of the file: {message}", path.display())]
    Check {
        /// The file.
        path: PathBuf,
        /// What was found and what was expected.
        message: String,
    },
    /// A file of the archive holds other bytes than its name says.
    #[error("{}: damaged: expected the bytes of the document that it is named after", path.display())]
    Archive {
        /// The file.
        path: PathBuf,
    },
    /// The rows of a table could not be built.
    #[error(transparent)]
    Normalize(#[from] crate::normalize::NormalizeError),
}

impl StoreError {
    /// For `map_err`: an I/O error about `path`.
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> StoreError + '_ {
        move |source| StoreError::Io { path: path.to_owned(), source }
    }

    /// For `map_err`: a polars error about `path`.
    pub(super) fn frame(path: &Path) -> impl FnOnce(polars::error::PolarsError) -> StoreError + '_ {
        move |source| StoreError::Frame { path: path.to_owned(), source }
    }

    /// For `map_err`: a Parquet error about `path`.
    pub(super) fn parquet(path: &Path) -> impl FnOnce(parquet::errors::ParquetError) -> StoreError + '_ {
        move |source| StoreError::Parquet { path: path.to_owned(), source }
    }
}
