//! zhibiao 指标: reads the statistics that Chinese economic reports state into a Parquet time-series store.
//!
//! The house is a street of stages; data walks down it once:
//!
//! ```text
//! source ─▶ document ─▶ extract ─▶ resolve ─▶ normalize ─▶ quality ─▶ store ─▶ query
//! ```
//!
//! [`model`] holds the words they share, [`lexicon`] what is known of regions, indicators and units. A stage imports
//! only what stands before it; `pipeline` is the one that walks the street, and `cli` the one that talks to people.

pub mod document;
pub mod lexicon;
pub(crate) mod extract;
pub mod model;
pub mod resolve;
