//! From the text as given to one that can be read: paragraphs of whole sentences, headings told from prose, and a
//! map back to the bytes and code points that came in.

mod clean;
mod facts;
mod grid;
mod layout;
mod markup;
mod scattered;

pub use clean::{CharCounter, Clean, clean};
pub use facts::identify;
pub(crate) use grid::{Cell, Grid, MOST_COLUMNS, PADDING, Parting, cells, is_blank, is_figure, number_len};
pub(crate) use layout::list_mark_len;
pub use layout::{Block, BlockKind, blocks};
