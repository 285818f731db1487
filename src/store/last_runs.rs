//! When the jobs of a store were last run by schedule, so that what was missed while nothing ran is caught up with.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::journal::write_whole;
use super::{Store, StoreError, lock};

/// The right to schedule the jobs of a store, and what is known of their last runs; `meta/schedule.json`.
#[derive(Debug)]
pub struct LastRuns {
    path: PathBuf,
    runs: BTreeMap<String, Timestamp>,
    _lock: File,
}

impl LastRuns {
    /// Reads the last runs of the store at `root`, which is made if it is not there. One scheduler at a time may: two would run
    /// every job twice.
    ///
    /// # Errors
    /// When there is another, or the file cannot be made, locked or understood.
    pub fn open(root: &Path) -> Result<LastRuns, StoreError> {
        let store = Store::at(root)?;
        let lock = lock::take(&store.meta(), "schedule.lock", |path| StoreError::Scheduled { path })?;
        Ok(LastRuns { path: file(&store), runs: read(&store)?, _lock: lock })
    }

    /// When `job` was last run; `None` before its first time.
    pub fn get(&self, job: &str) -> Option<Timestamp> {
        self.runs.get(job).copied()
    }

    /// Notes that `job` was run at `now`.
    ///
    /// # Errors
    /// When that cannot be written.
    pub fn record(&mut self, job: &str, now: Timestamp) -> Result<(), StoreError> {
        self.runs.insert(job.to_owned(), now);
        let words: BTreeMap<&str, String> = self.runs.iter().map(|(job, at)| (job.as_str(), at.to_string())).collect();
        let text = serde_json::to_vec_pretty(&words).map_err(|error| StoreError::io(&self.path)(error.into()))?;
        write_whole(&self.path, &text)
    }
}

/// The last runs by schedule of the jobs of `store`.
pub(super) fn read(store: &Store) -> Result<BTreeMap<String, Timestamp>, StoreError> {
    let path = file(store);
    let wrong = |message: String| StoreError::Schema {
        path: path.clone(),
        message: format!(
            "expected {{\"job\": \"2026-01-31T22:30:00Z\"}}: {message}; without the file nothing is caught up with"
        ),
    };
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        text => text.map_err(StoreError::io(&path))?,
    };
    let words: BTreeMap<String, String> = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let parsed = words.into_iter().map(|(job, at)| at.parse().map(|at| (job, at)));
    parsed.collect::<Result<_, jiff::Error>>().map_err(|error| wrong(error.to_string()))
}

fn file(store: &Store) -> PathBuf {
    store.meta().join("schedule.json")
}
