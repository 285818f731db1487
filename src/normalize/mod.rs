//! Turns readings into polars frames: the rows of the tables, in base units and with published codes.
//!
//! [`schema`] is the contract with every reader; the frames made here have exactly its columns.

pub(crate) mod cells;
mod codes;
mod columns;
mod decisions;
mod derive;
mod dimensions;
mod error;
mod frame;
mod pieces;
mod rows;
pub mod schema;
mod series;
mod trends;
mod vintages;

pub(crate) use codes::hash;
pub use decisions::{Decisions, decided, decisions};
pub use dimensions::{indicators, periods, regions};
pub use error::NormalizeError;
pub use frame::{Cell, FrameBuilder, epoch_days, from_epoch_days};
pub use pieces::by_region;
pub use rows::{Frames, Incoming, context_hash, extracted, frames};
pub(crate) use series::is_rejected;
pub use series::{VINTAGE_SOURCE, series, vintages};
pub use trends::{TREND_SOURCE, trends};

/// One run of a pipeline: its name and the instant that it began. Both are given, so that a run can be repeated.
#[derive(Clone, Debug)]
pub struct Run {
    /// Name of the run, unique in a store.
    pub id: String,
    /// When it began.
    pub began: jiff::Timestamp,
}
