//! A document as it came in, with what is known about it.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// `NAME.meta.toml` beside the file.
    Sidecar,
    /// A field of the JSON line.
    Field,
    /// Marked as such in the page or file itself: a meta tag, a property of the document.
    Page,
    /// The list, feed or sitemap that led to the page.
    Listing,
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
            Origin::Page => "page",
            Origin::Listing => "listing",
            Origin::Text => "text",
            Origin::Default => "default",
        }
    }
}

/// What kind of file a document came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text, which may hold marks of HTML or Markdown; also the text of a JSON line.
    Text,
    /// A whole web page.
    Html,
    /// Portable document format.
    Pdf,
    /// Word since 2007.
    Docx,
    /// Excel since 2007.
    Xlsx,
    /// Excel before 2007.
    Xls,
}

impl Format {
    /// The word in the table `documents`.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Html => "html",
            Format::Pdf => "pdf",
            Format::Docx => "docx",
            Format::Xlsx => "xlsx",
            Format::Xls => "xls",
        }
    }
}

/// What the server said of a document that was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Media type without parameters, in lower case: `text/html`.
    pub media_type: Option<String>,
    /// Character encoding that the server named, in lower case; read again from the archive, the one it was read in.
    pub charset: Option<String>,
    /// Entity tag, exactly as sent.
    pub etag: Option<String>,
    /// When it last changed.
    pub last_modified: Option<Timestamp>,
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
    /// Where it came from: a path relative to the pipeline, `FILE#id` for a line of a JSONL file, or the address of a page.
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
    /// What it came in.
    pub format: Format,
    /// The text: of a text exactly as given, decoded to UTF-8; of anything else what [`crate::format`] made of it.
    pub text: String,
    /// What the server said, for a document that was fetched.
    pub fetched: Option<Fetched>,
    /// Name of the character encoding that the bytes were in, such as `UTF-8` or `GB18030`; none where they are no text.
    pub encoding: Option<&'static str>,
}
