//! What a job would read, as far as can be told without reading it.

use std::fmt;

use jiff::Timestamp;

use super::{RunError, crawl};
use crate::config::Pipeline;
use crate::source::{self, Found};

/// What a job would read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Files of one document each.
    pub files: usize,
    /// Files of one document a line.
    pub jsonl: usize,
    /// Prefixes of object stores.
    pub buckets: usize,
    /// Addresses that servers are asked for first, and what each is.
    pub asks: Vec<String>,
    /// Patterns that match no file, with their line in the pipeline file.
    pub idle: Vec<(usize, String)>,
}

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} texts, {} JSONL files, {} buckets", self.files, self.jsonl, self.buckets)
    }
}

/// Looks at the sources of `pipeline` on the day of `now`, without reading a document or asking a server.
///
/// # Errors
/// When a source cannot be read as it is configured.
pub fn inspect(pipeline: &Pipeline, now: Timestamp) -> Result<Inspection, RunError> {
    let (found, idle) = source::find(pipeline)?;
    let count = |is_one: fn(&Found) -> bool| found.iter().filter(|found| is_one(found)).count();
    let idle = idle.into_iter().map(|pattern| (pattern.line, pattern.text)).collect();
    Ok(Inspection {
        files: count(|found| matches!(found, Found::File(_))),
        jsonl: count(|found| matches!(found, Found::Jsonl(_))),
        buckets: count(|found| matches!(found, Found::Bucket(_))),
        asks: crawl::asks(&found, now.to_zoned(crawl::zone(pipeline)).date()),
        idle,
    })
}
