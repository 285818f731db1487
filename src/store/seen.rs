//! What a job has seen of its large files, so that one that did not change need not be read again: `meta/seen`, a file a job.
//!
//! This is a cache and never the truth: without it everything is read.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::ledger::Entry;
use super::{Store, StoreError, journal};
use crate::normalize::schema::DOCUMENTS;

/// A file may change again within this time and bear the same time of change: some systems count in steps of two seconds.
const TOO_NEW: Duration = Duration::from_secs(3);

/// How a file looks from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    bytes: u64,
    inode: u64,
    device: u64,
    /// Seconds and nanoseconds.
    modified: (i64, i64),
    /// When its name, owner or content changed: nobody can set it back.
    changed: (i64, i64),
}

impl Stamp {
    /// How the file at `path` looks; `None` when it cannot be asked.
    pub fn of(path: &Path) -> Option<Stamp> {
        fs::metadata(path).ok().map(|metadata| Stamp::from(&metadata))
    }

    /// Its size.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether every change after `now` will show in it.
    pub fn is_settled(&self, now: SystemTime) -> bool {
        let at =
            |(seconds, _): (i64, i64)| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.try_into().unwrap_or(0));
        [self.modified, self.changed].into_iter().all(|time| at(time) + TOO_NEW < now)
    }
}

impl From<&Metadata> for Stamp {
    fn from(metadata: &Metadata) -> Stamp {
        Stamp {
            bytes: metadata.len(),
            inode: metadata.ino(),
            device: metadata.dev(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// The documents of a file, by their number and a sum over what the ledger says of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many there are.
    pub documents: usize,
    sum: u64,
}

impl Tally {
    /// Counts the document `id` with the facts of `context_hash`.
    pub fn add(&mut self, id: &str, context_hash: &str) {
        self.documents += 1;
        let document = xxh3_64(id.as_bytes()) ^ xxh3_64(context_hash.as_bytes()).rotate_left(17);
        self.sum = self.sum.wrapping_add(document);
    }

    /// Counts what the ledger knows of the document `id`.
    pub fn add_entry(&mut self, id: &str, entry: &Entry<'_>) {
        self.add(id, entry.context_hash);
    }
}

/// A file all of whose documents are in the ledger, and in none of its lines anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenFile {
    /// How it looked when it was read.
    pub stamp: Stamp,
    /// Its documents.
    pub tally: Tally,
}

/// What a job has seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The job and all that decides what is made of a file: after a change of it nothing holds.
    pub key: String,
    /// The files of the ledger as the job left them.
    ledger: BTreeMap<i32, Stamp>,
    /// Files by uri.
    pub files: BTreeMap<String, SeenFile>,
}

impl Store {
    /// What the job `pipeline` has seen under the same `key`; nothing where there is no note of it that can be read.
    pub fn seen(&self, pipeline: &str, key: &str) -> Seen {
        let text = fs::read(self.meta().join(file(pipeline))).unwrap_or_default();
        let seen: Seen = serde_json::from_slice(&text).unwrap_or_default();
        if seen.key == key { seen } else { Seen { key: key.to_owned(), ..Seen::default() } }
    }

    /// Whether the ledger is as it was when `seen` was noted.
    ///
    /// # Errors
    /// When its folder cannot be listed.
    pub fn has_ledger_of(&self, seen: &Seen) -> Result<bool, StoreError> {
        Ok(!seen.ledger.is_empty() && self.ledger_stamps()? == seen.ledger)
    }

    /// Notes what the job `pipeline` has seen, if that is anything new.
    pub(super) fn put_seen(&self, pipeline: &str, seen: Seen) -> Result<(), StoreError> {
        let path = self.meta().join(file(pipeline));
        let was = self.seen(pipeline, &seen.key);
        if seen.files.is_empty() {
            return if path.is_file() { fs::remove_file(&path).map_err(StoreError::io(&path)) } else { Ok(()) };
        }
        let seen = Seen { ledger: self.ledger_stamps()?, ..seen };
        if seen == was {
            return Ok(());
        }
        let text = serde_json::to_vec_pretty(&seen).map_err(|error| StoreError::io(&path)(error.into()))?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        }
        journal::write_whole(&path, &text)
    }

    fn ledger_stamps(&self) -> Result<BTreeMap<i32, Stamp>, StoreError> {
        let years = self.years(&DOCUMENTS)?.into_iter();
        Ok(years.filter_map(|year| Some((year, Stamp::of(&self.file(&DOCUMENTS, Some(year)))?))).collect())
    }
}

/// The note of a job, whatever it is called, relative to `meta`.
fn file(pipeline: &str) -> PathBuf {
    Path::new("seen").join(format!("{:016x}.json", xxh3_64(pipeline.as_bytes())))
}
