//! zhibiao 指标: reads the statistics that Chinese economic reports state into a Parquet time-series store.
//!
//! The house is a street of stages; data walks down it once:
//!
//! ```text
//! source ─▶ format ─▶ document ─▶ extract ─▶ resolve ─▶ normalize ─▶ quality ─▶ store ─▶ query, report, export
//! ```
//!
//! [`model`] holds the words they share, [`lexicon`] what is known of regions, indicators and units. A stage imports
//! only what stands before it; [`pipeline`] is the one that walks the street, and [`cli`] the one that talks to people.

pub mod cli;
pub mod config;
pub mod document;
pub mod export;
pub mod extract;
pub mod format;
pub mod lexicon;
pub mod model;
pub mod normalize;
pub mod pipeline;
pub mod quality;
pub mod query;
pub mod report;
pub mod resolve;
pub mod source;
pub mod store;
