//! From mentions to observations: each gets the indicator, place, period and status that it states or inherits.
//!
//! A document is read once from front to back. What a later clause may inherit (the indicator last named, the place,
//! the governing period, the company spoken of) is kept in a [`reader::Reader`], and nothing else is.

mod calendar;
mod naming;
mod places;
mod reader;

use crate::document;
use crate::lexicon::Lexicon;
use crate::model::{Document, Reading};

/// Version of the grammar: rows made with different versions may differ.
pub const EXTRACTOR_VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+g1");

/// Reads every number that a document states. A pure function; it takes any text and never fails.
pub fn read(lexicon: &Lexicon, document: &Document) -> Reading {
    let clean = document::clean(&document.text);
    let blocks = document::blocks(clean.text());
    let mut reader = reader::Reader::new(lexicon, document, &clean);
    for block in &blocks {
        reader.block(block);
    }
    reader.finish()
}
