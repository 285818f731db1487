//! Inputs that could not be read.

use std::fmt;

use super::web::FetchError;
use crate::model::{DocumentId, Format};

/// The step at which an input was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Asking for the page of a list, a feed or a sitemap.
    List,
    /// Asking for a page or an object.
    Fetch,
    /// Opening and reading the file.
    Read,
    /// From the bytes of a file, whatever its format, to text.
    Decode,
    /// From a JSON line or a sidecar to facts.
    Parse,
    /// Against the other inputs of the run.
    Check,
}

impl Stage {
    /// The word in the table `rejects`.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::List => "list",
            Stage::Fetch => "fetch",
            Stage::Read => "read",
            Stage::Decode => "decode",
            Stage::Parse => "parse",
            Stage::Check => "check",
        }
    }
}

/// Why an input was given up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A list, feed or sitemap could not be had.
    #[error("list: {0}")]
    List(FetchError),
    /// A page could not be had.
    #[error(transparent)]
    Fetch(FetchError),
    /// Nothing but blanks.
    #[error("the text is empty")]
    Empty,
    /// Not a text: NUL bytes or many control characters.
    #[error("the bytes are no text: found {0}")]
    Binary(&'static str),
    /// Above the limit.
    #[error("{size} bytes are more than the limit of {limit}")]
    TooLarge {
        /// Bytes, as far as they were counted.
        size: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// No encoding gives a text without replacement characters.
    #[error("the character encoding cannot be told: {0}")]
    Encoding(String),
    /// A file that is not what its format asks for: cut short, or broken.
    #[error("a damaged {format} file: {detail}", format = .format.as_str())]
    Damaged {
        /// What the file is.
        format: Format,
        /// What is wrong.
        detail: String,
    },
    /// An archive that is none: cut short, or broken.
    #[error("a damaged archive: {0}")]
    DamagedArchive(String),
    /// A file that asks for a password.
    #[error("locked with a password")]
    Locked,
    /// Pages without a layer of text.
    #[error("{0} pages without text, as of a scan: expected a text layer")]
    NoTextLayer(usize),
    /// A kind of file that is not read.
    #[error("{0} is not read: expected text, HTML, PDF, DOCX, XLSX, XLS or a ZIP archive of those")]
    Unsupported(&'static str),
    /// A file that would take more memory or time than any report does.
    #[error("more than a report can hold: {0}")]
    Excessive(String),
    /// The system could not read it.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// Another machine did not give it.
    #[error("cannot be fetched: {0}")]
    Unfetched(String),
    /// A line that is not a JSON object of the right shape.
    #[error("the line is no JSON document: {0}")]
    Json(String),
    /// A JSON document without a text.
    #[error("field \"text\": expected a text, found none")]
    NoText,
    /// Another input of the run has the same id and other content.
    #[error("id {0:?} stands for another document of this run")]
    Duplicate(String),
    /// The sidecar file is not what it should be.
    #[error("sidecar {0}")]
    Sidecar(String),
}

impl Reason {
    /// The word in the table `rejects`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Reason::List(error) | Reason::Fetch(error) => error.as_str(),
            Reason::Empty => "empty",
            Reason::Binary(_) => "binary",
            Reason::TooLarge { .. } => "too_large",
            Reason::Encoding(_) => "encoding",
            Reason::Damaged { .. } | Reason::DamagedArchive(_) => "damaged",
            Reason::Locked => "locked",
            Reason::NoTextLayer(_) => "no_text_layer",
            Reason::Unsupported(_) => "unsupported",
            Reason::Excessive(_) => "excessive",
            Reason::Unreadable(_) => "unreadable",
            Reason::Unfetched(_) => "unfetched",
            Reason::Json(_) => "json",
            Reason::NoText => "no_text",
            Reason::Duplicate(_) => "duplicate",
            Reason::Sidecar(_) => "sidecar",
        }
    }

    /// The step at which this is found.
    pub fn stage(&self) -> Stage {
        match self {
            Reason::Unfetched(_) => Stage::Fetch,
            Reason::List(_) => Stage::List,
            Reason::Fetch(_) => Stage::Fetch,
            Reason::TooLarge { .. } | Reason::Unreadable(_) => Stage::Read,
            Reason::Empty
            | Reason::Binary(_)
            | Reason::Encoding(_)
            | Reason::Damaged { .. }
            | Reason::DamagedArchive(_)
            | Reason::Locked
            | Reason::NoTextLayer(_)
            | Reason::Unsupported(_)
            | Reason::Excessive(_) => Stage::Decode,
            Reason::Json(_) | Reason::NoText | Reason::Sidecar(_) => Stage::Parse,
            Reason::Duplicate(_) => Stage::Check,
        }
    }
}

/// An input that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Path relative to the pipeline file or a whole uri, `FILE:LINE` in a JSONL file, `FILE#MEMBER` in an archive.
    pub uri: String,
    /// Why.
    pub reason: Reason,
    /// Hash of the bytes, when they were read.
    pub id: Option<DocumentId>,
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.uri, self.reason)
    }
}
