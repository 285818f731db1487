//! Inputs: finds the files of a pipeline's sources, fetches its pages and the objects of its buckets, and reads them one after
//! the other.
//!
//! An input that cannot be read is data, not an error: it comes out as a [`Reject`] with the stage and the reason, and
//! the run goes on. Only what is wrong with the source as a whole is a [`SourceError`].

mod archive;
mod bucket;
mod decode;
mod error;
mod files;
mod headers;
mod inputs;
mod jsonl;
mod reject;
mod sidecar;
mod tls;
pub mod web;

pub use archive::{Archive, Members, members};
pub use bucket::{Bucket, Lookup};
pub(crate) use bucket::{client, words};
pub use decode::{decode, decode_page};
pub use error::SourceError;
pub use files::{Found, find};
pub use inputs::{Arrival, Content, Declared, Input, Known, Limits, is_of, is_remote, read_file};
pub use jsonl::{Lines, parse_line};
pub use reject::{Reason, Reject, Stage};
