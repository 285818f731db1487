//! The pipeline file: one TOML file a scheduled job.
//!
//! Reading it checks everything that can be checked without touching an input, so that a wrong file stops the job at
//! once and with the line and the key that are wrong. Paths in it are relative to the folder it lies in.

mod bucket;
mod day;
mod error;
mod manners;
mod pipeline;
mod raw;
mod root;
mod rules;
mod schedule;
mod web;

pub use bucket::{Bucket, Provider};
pub(crate) use day::Day;
pub use error::ConfigError;
pub use manners::{Manners, Timeouts};
pub use pipeline::{Defaults, Pattern, Pipeline, Quality, Source};
pub use root::Root;
pub use rules::{AllRules, Late, Magnitude, Outlier, Plain, Rank, Rules, Severity, Structure, Whole};
pub use schedule::Schedule;
pub use web::{List, Template, Web};
