//! The evidence page: what a store holds, for people who look rather than query.
//!
//! One file that opens from the disk, in which every number leads to the place where it was printed, and every number
//! printed leads to its row or to the reason why it has none. The tables go into it column by column, the text of each
//! report as a block of its own that is read only when the report is opened. Where all that is more than
//! [`LARGEST_PAGE`], the texts lie beside the page, in the folder `NAME.files`.
//!
//! The page is a function of the store: the same store gives the same bytes. Reading takes no lock.
//!
//! [`chart`] draws one trend, [`chart_page`] with its values and reports below.

mod axis;
mod chart;
mod chart_page;
mod data;
mod error;
mod output;
mod packed;
mod page;
mod tables;
mod text;

use std::path::Path;

pub use chart::{chart, sources};
pub use chart_page::chart_page;
pub use error::ReportError;

use crate::store::Store;

/// Bytes of data up to which everything is in the one file.
pub const LARGEST_PAGE: usize = 5 << 20;

/// What went into a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Reports.
    pub documents: usize,
    /// Statements about regions and entities.
    pub statements: usize,
    /// Statements whose place in the text does not hold what they say; none in a store that is whole.
    pub misplaced: usize,
    /// Rows of reports that `documents` does not have: a run was publishing while the store was read.
    pub orphans: usize,
    /// Bytes of the page.
    pub bytes: usize,
    /// Files beside it.
    pub files: usize,
}

/// Writes the page of `store` to `path`, and what is too large for it to the folder beside it. Data of more than
/// `largest` bytes is too large; callers give [`LARGEST_PAGE`]. A page that was there stays whole until the new one is.
///
/// # Errors
/// When the store cannot be read or the page not be written.
pub fn write(store: &Store, path: &Path, largest: usize) -> Result<Counts, ReportError> {
    let data = data::Data::read(store)?;
    output::write(data, path, largest)
}
