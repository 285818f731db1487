//! One input: its bytes, where they came from, and what was said about them.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Reason, Reject, parse_line, sidecar};
use crate::model::{DocumentId, Fetched, Origin, RegionCode};

/// Bounds on what is read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest document, in bytes; no more of an input than this is ever held.
    pub document_bytes: u64,
}

impl Default for Limits {
    /// 64 MiB: a thousand times a long report.
    fn default() -> Self {
        Limits { document_bytes: 64 << 20 }
    }
}

/// Facts that came with an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// Headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Day of publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
    /// Region whose report it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionCode>,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Where the facts were written.
    pub origin: Origin,
}

impl Default for Declared {
    fn default() -> Self {
        Declared { title: None, published: None, region: None, publisher: None, origin: Origin::Field }
    }
}

impl Declared {
    /// The facts as one line of JSON; `None` where there is none.
    pub fn to_json(&self) -> Option<String> {
        let any = self.title.is_some() || self.published.is_some() || self.region.is_some() || self.publisher.is_some();
        any.then(|| serde_json::to_string(self).ok()).flatten()
    }

    /// The facts of [`Declared::to_json`].
    pub fn of_json(json: Option<&str>) -> Declared {
        json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    /// Whether `other` has the same facts, wherever they were written.
    pub fn says_as(&self, other: &Declared) -> bool {
        *self == Declared { origin: self.origin, ..other.clone() }
    }
}

/// What an input holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// The bytes of a file, whose format is still to be found.
    Bytes(Vec<u8>),
    /// The text of a JSON line, and the line.
    Line {
        /// Field `text`.
        text: String,
        /// The line as it came, for the archive.
        line: String,
    },
}

/// One input that could be read.
#[derive(Clone, Debug)]
pub struct Input {
    /// Name of the content, see `docs/adr/0001-document-identity.md`.
    pub id: DocumentId,
    /// Path relative to the pipeline file, `FILE#id` for a line, `FILE#MEMBER` for a member of an archive, the address asked for of a page.
    pub uri: String,
    /// `FILE:LINE` for a line: where it is found if it has to be rejected.
    pub position: String,
    /// The caller's id.
    pub name: Option<String>,
    /// The document itself.
    pub content: Content,
    /// What was said about it.
    pub declared: Declared,
    /// What the server said, for an input that was fetched.
    pub fetched: Option<Fetched>,
}

/// What a source hands on.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// An input to be read, unless the ledger knows it.
    Input(Input),
    /// What stands at `uri` is still the document `id`: the server says so, or it was not to be asked for again.
    Unchanged {
        /// Where it stands.
        uri: String,
        /// The document that the ledger has for it.
        id: DocumentId,
    },
    /// An input that could not be had.
    Reject(Reject),
    /// The end of a list: all that stands below `url` was handed on, and what was not is gone.
    Listed {
        /// Ends with a slash.
        url: String,
    },
    /// No source leads any more to what stands at `uri`, which could not be had before.
    Unwanted {
        /// Where it stands.
        uri: String,
    },
}

/// What is known of a document that was fetched before.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its id.
    pub id: DocumentId,
    /// Facts that came with it.
    pub declared: Declared,
    /// What the server said.
    pub fetched: Fetched,
}

impl From<Result<Input, Reject>> for Arrival {
    fn from(input: Result<Input, Reject>) -> Self {
        input.map_or_else(Arrival::Reject, Arrival::Input)
    }
}

/// Whether `uri` names something that is fetched: it may have gone from its list and is still to be kept.
pub fn is_remote(uri: &str) -> bool {
    // A line of a JSONL file may have an address for its id.
    let scheme = uri.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.chars().all(|c| c.is_ascii_alphanumeric()))
}

impl Input {
    /// A text without a name of its own, such as stdin.
    ///
    /// # Errors
    /// The text as a reject when it is larger than the limit.
    pub fn from_bytes(bytes: Vec<u8>, uri: &str, limits: Limits) -> Result<Input, Reject> {
        let (size, limit) = (bytes.len() as u64, limits.document_bytes);
        if size > limit {
            return Err(Reject { uri: uri.to_owned(), reason: Reason::TooLarge { size, limit }, id: None });
        }
        Ok(Input::whole(DocumentId(sha256(&[&bytes])), uri, bytes))
    }

    /// The document `id` whose `bytes` are all of what stands at `uri`, with no fact about it.
    pub(super) fn whole(id: DocumentId, uri: &str, bytes: Vec<u8>) -> Input {
        Input {
            id,
            uri: uri.to_owned(),
            position: uri.to_owned(),
            name: None,
            content: Content::Bytes(bytes),
            declared: Declared::default(),
            fetched: None,
        }
    }

    /// What the archive keeps of the document `id`: the `bytes` of a file, or a line of a JSONL file.
    pub fn from_archive(id: &DocumentId, uri: &str, bytes: Vec<u8>) -> Input {
        match parse_line(&bytes, uri, 1) {
            Ok(line) if line.id == *id => Input { uri: uri.to_owned(), position: uri.to_owned(), ..line },
            _ => Input::whole(id.clone(), uri, bytes),
        }
    }

    /// The input as a rejected one.
    pub fn reject(&self, reason: Reason) -> Reject {
        Reject { uri: self.position.clone(), reason, id: Some(self.id.clone()) }
    }

    /// The bytes as they came.
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Bytes(bytes) => bytes,
            Content::Line { line, .. } => line.as_bytes(),
        }
    }
}

/// Reads the file at `path`, known as `uri`, with its sidecar.
///
/// # Errors
/// The file as a reject when it or its sidecar cannot be read, or when it is larger than the limit.
pub fn read_file(path: &Path, uri: &str, limits: Limits) -> Result<Input, Reject> {
    let reject = |reason| Reject { uri: uri.to_owned(), reason, id: None };
    let bytes = bounded(path, limits.document_bytes).map_err(reject)?;
    let id = DocumentId(sha256(&[&bytes]));
    let declared =
        sidecar::read(path).map_err(|reason| Reject { uri: uri.to_owned(), reason, id: Some(id.clone()) })?;
    Ok(Input { declared, ..Input::whole(id, uri, bytes) })
}

/// The bytes of a file, if they are no more than `limit`.
fn bounded(path: &Path, limit: u64) -> Result<Vec<u8>, Reason> {
    let unreadable = |error: std::io::Error| Reason::Unreadable(error.to_string());
    let file = File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    if size > limit {
        return Err(Reason::TooLarge { size, limit });
    }
    // A pipe, or a file that grows while it is read, has no size to trust.
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let size = bytes.len() as u64;
    if size > limit { Err(Reason::TooLarge { size, limit }) } else { Ok(bytes) }
}

/// Whether `bytes`, a file or a line of a JSONL file, are those of the document `id`.
pub fn is_of(bytes: &[u8], id: &DocumentId) -> bool {
    sha256(&[bytes]) == id.0 || parse_line(bytes, "", 1).is_ok_and(|line| line.id == *id)
}

/// SHA-256 of `parts` one after the other, in hexadecimal.
pub(super) fn sha256(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_fetched_is_remote() {
        for (uri, remote) in [
            ("https://tjj.example.cn/a.html", true),
            ("s3://bucket/a.html", true),
            ("reports/july.txt", false),
            ("in.jsonl#7", false),
            ("in.jsonl#https://tjj.example.cn/a.html", false),
        ] {
            assert_eq!(is_remote(uri), remote, "{uri}");
        }
    }
}
