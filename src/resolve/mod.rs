//! From mentions to observations: each gets the indicator, place, period and status that it states or inherits.
//!
//! A document is read once from front to back. What a later clause may inherit (the indicator last named, the place,
//! the governing period, the company spoken of) is kept in a [`reader::Reader`], and nothing else is.

mod calendar;
mod compose;
mod confidence;
mod figure;
mod header;
mod list;
mod mention;
mod naming;
mod note;
mod places;
mod primitives;
mod reader;
mod rows;
mod runs;
mod setting;
mod state;
mod statement;
mod table;
mod topic;
mod unused;
mod words;

pub use primitives::primitives;

use crate::document::{self, Block, BlockKind};
use crate::lexicon::Lexicon;
use crate::model::{Document, Reading};

/// Version of the grammar: rows made with different versions may differ.
pub const EXTRACTOR_VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+g4");

/// Reads every number that a document states. A pure function; it takes any text and never fails.
pub fn read(lexicon: &Lexicon, document: &Document) -> Reading {
    let clean = document::clean(&document.text);
    let blocks = document::blocks(clean.text());
    let mut reader = reader::Reader::new(lexicon, document, &clean);
    let mut index = 0;
    while index < blocks.len() {
        let rows = table_lines(&blocks[index..]);
        if rows > 0 {
            reader.table(&blocks[index..index + rows]);
            index += rows;
        } else {
            reader.block(&blocks[index]);
            index += 1;
        }
    }
    reader.finish()
}

/// Most lines that stand before the first figure of a table: its caption, its unit, and the cells of its header.
const LINES_BEFORE_FIGURES: usize = 40;

/// How many blocks from the first on may be lines of tables: rows, and short cells on lines of their own with a figure
/// among them. Zero where prose starts.
fn table_lines(blocks: &[Block]) -> usize {
    let is_cell = |block: &Block| block.kind != BlockKind::Paragraph;
    let mut before = blocks.iter().take(LINES_BEFORE_FIGURES + 1).take_while(|block| is_cell(block));
    if !before.any(|block| block.kind == BlockKind::Row) {
        return 0;
    }
    let run = blocks.iter().take_while(|block| is_cell(block)).count();
    blocks[..run].iter().rposition(|block| block.kind == BlockKind::Row).map_or(0, |last| last + 1)
}
