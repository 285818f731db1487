//! From the text as given to one that can be read: paragraphs of whole sentences, headings told from prose, and a
//! map back to the bytes and code points that came in.

mod clean;
mod facts;
mod layout;

pub use clean::{CharCounter, Clean, clean};
pub use facts::identify;
pub use layout::{Block, BlockKind, blocks};
pub(crate) use layout::{cells, is_figure, list_mark_len};
