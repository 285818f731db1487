//! Rows that wait on disk until all are there: a file a batch, table and year.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::digest::{Digest, digest};
use super::ledger::last_years;
use super::merge::by_year;
use super::{StoreError, parquet};
use crate::normalize::Frames;
use crate::normalize::schema::{DOCUMENTS, ENTITIES, NUMBERS, OBSERVATIONS};

/// Where workers put the rows of their batches, all at the same time.
#[derive(Clone, Debug)]
pub struct Staging {
    folder: PathBuf,
    next: Arc<AtomicUsize>,
}

/// What was put aside of a batch.
#[derive(Debug, Default)]
pub struct Staged {
    /// Table, year and file.
    pub(super) parts: Vec<(&'static str, i32, PathBuf)>,
    /// The last year that each document states anything of.
    pub(super) last_years: Vec<(Digest, i32)>,
}

impl Staging {
    pub(super) fn new(folder: PathBuf) -> Staging {
        Staging { folder, next: Arc::default() }
    }

    /// Puts the rows of a batch of documents aside. Nobody looks for them before [`super::Writer::stage`] is told.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn put(&self, frames: &Frames) -> Result<Staged, StoreError> {
        let name = format!("{}.parquet", self.next.fetch_add(1, Ordering::Relaxed));
        let mut parts = Vec::new();
        for (table, rows) in [
            (&OBSERVATIONS, &frames.observations),
            (&ENTITIES, &frames.entities),
            (&NUMBERS, &frames.numbers),
            (&DOCUMENTS, &frames.documents),
        ] {
            let folder = self.folder.join(table.name);
            for (year, rows) in by_year(rows, table).map_err(StoreError::frame(&folder))? {
                let path = folder.join(year.to_string()).join(&name);
                parquet::write_staged(&rows, table, &path)?;
                parts.push((table.name, year, path));
            }
        }
        let last_years = last_years(&frames.documents).map_err(StoreError::frame(&self.folder))?;
        let last_years = last_years.into_iter().filter_map(|(id, year)| Some((digest(id)?, year)));
        Ok(Staged { parts, last_years: last_years.collect() })
    }
}
