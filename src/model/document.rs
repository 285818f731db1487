//! A document as it came in, with what is known about it.

use std::fmt;

use jiff::civil::Date;

use super::RegionCode;

/// SHA-256 of a document's bytes, in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(pub String);

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Which of the possible places a fact about a document was taken from, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// `NAME.meta.toml` beside the file.
    Sidecar,
    /// A field of the JSON line.
    Field,
    /// Read in the text itself.
    Text,
    /// The pipeline's default.
    Default,
}

impl Origin {
    /// The word in the table `documents`.
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Sidecar => "sidecar",
            Origin::Field => "field",
            Origin::Text => "text",
            Origin::Default => "default",
        }
    }
}

/// A fact about a document and where it was taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated<T> {
    /// The fact.
    pub value: T,
    /// Where it was taken from.
    pub origin: Origin,
}

impl<T> Stated<T> {
    /// A fact with its origin.
    pub fn new(value: T, origin: Origin) -> Self {
        Stated { value, origin }
    }
}

/// A report text and what is known about it.
#[derive(Clone, Debug)]
pub struct Document {
    /// Hash of the bytes that came in.
    pub id: DocumentId,
    /// Where it came from: a path relative to the pipeline, or `FILE#id` for a line of a JSONL file.
    pub uri: String,
    /// The caller's own name for the document, if it has one (field `id` of a JSON line).
    pub name: Option<String>,
    /// Headline.
    pub title: Option<Stated<String>>,
    /// Day of publication, civil date in China.
    pub published: Option<Stated<Date>>,
    /// The region whose report this is.
    pub region: Option<Stated<RegionCode>>,
    /// Who published it, as written.
    pub publisher: Option<Stated<String>>,
    /// The text exactly as given, decoded to UTF-8.
    pub text: String,
    /// Name of the character encoding that the bytes were in, such as `UTF-8` or `GB18030`.
    pub encoding: &'static str,
}
