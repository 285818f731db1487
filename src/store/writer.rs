//! The one that may write: it holds the lock, stages rows batch by batch, and publishes them all at once.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::archive::{Packed, Packing};
use super::digest::{Digest, digest};
use super::journal::{self, Journal};
use super::merge::Change;
use super::remote::Mirror;
use super::scratch::Scratch;
use super::staging::{Staged, Staging};
use super::{Ledger, Seen, Store, StoreError, lock};
use crate::config::{Root, Rules};
use crate::lexicon::Lexicon;

/// The right to write to a store; the lock goes when it is dropped, or when the process dies.
#[derive(Debug)]
pub struct Writer {
    pub(super) store: Store,
    /// Of a store in a bucket, which is let go before the lock of its copy.
    mirror: Option<Mirror>,
    /// `None` of a rehearsal, which changes nothing.
    lock: Option<File>,
    pub(super) scratch: Scratch,
    /// Files of rows that wait, by table and year.
    pub(super) parts: BTreeMap<(&'static str, i32), Vec<PathBuf>>,
    staging: Staging,
    /// From the first input that is kept.
    packing: Option<Packing>,
    pub(super) journal: Journal,
    /// What a job has seen, to be noted when all is published.
    seen: Option<(String, Seen)>,
    /// The last year that each staged document states anything of.
    last_year: FxHashMap<Digest, i32>,
}

/// What a run changed for readers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Files written, relative to the store's root.
    pub written: Vec<PathBuf>,
    /// Partitions that went, because they had no rows left.
    pub removed: Vec<PathBuf>,
}

impl Writer {
    /// Takes the lock of the store at `root`, which is made if it is not there, and finishes or forgets what a run that
    /// died has left.
    ///
    /// # Errors
    /// When another run holds the lock, or the store cannot be made or written.
    pub fn open(root: &Root) -> Result<Writer, StoreError> {
        let folder = root.folder();
        let store = Store::at(&folder)?;
        let lock = lock::take(&store.meta(), "lock", |path| StoreError::Locked { path })?;
        if journal::recover(&folder)? {
            tracing::warn!(store = %root, "finished a publication that an earlier run had left half done");
        }
        let mirror = Mirror::claim(root, &folder)?;
        // What came from a bucket may be of another version.
        let store = Store::at(store.root())?;
        store.put_stamp()?;
        Ok(Writer { mirror, ..Writer::new(store, Some(lock), Scratch::Store(folder)) })
    }

    /// One that does all of a run but changes nothing of the store at `root`, and needs no lock: what it stages lies in the
    /// system's folder for temporary files, by the name of the `run`, and goes with it.
    ///
    /// # Errors
    /// As [`Store::of`].
    pub fn rehearse(root: &Root, run: &str) -> Result<Writer, StoreError> {
        let scratch = std::env::temp_dir().join(format!("zhibiao-dry-run-{run}"));
        Ok(Writer::new(Store::of(root)?, None, Scratch::Elsewhere(scratch)))
    }

    fn new(store: Store, lock: Option<File>, scratch: Scratch) -> Writer {
        let staging = Staging::new(scratch.path().join("meta").join("tmp").join("parts"));
        Writer {
            staging,
            store,
            mirror: None,
            lock,
            scratch,
            parts: BTreeMap::new(),
            packing: None,
            journal: Journal::default(),
            seen: None,
            last_year: FxHashMap::default(),
        }
    }

    fn is_rehearsal(&self) -> bool {
        self.lock.is_none()
    }

    /// The store that it writes to.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Keeps the bytes of an input under its id, out of sight of readers.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn archive(&mut self, packed: &Packed) -> Result<(), StoreError> {
        if self.is_rehearsal() {
            return Ok(());
        }
        let packing = match &mut self.packing {
            Some(packing) => packing,
            none => none.insert(Packing::new(self.store.root(), &self.store.meta())?),
        };
        packing.keep(packed)
    }

    /// Where the rows of batches are put aside.
    pub fn staging(&self) -> Staging {
        self.staging.clone()
    }

    /// Takes in a batch that was put aside: its rows will be published.
    pub fn stage(&mut self, staged: Staged) {
        for (table, year, path) in staged.parts {
            self.parts.entry((table, year)).or_default().push(path);
        }
        self.last_year.extend(staged.last_years);
    }

    /// The last year that the document `id`, which was staged, states anything of.
    pub(super) fn last_year(&self, id: &str) -> Option<i32> {
        self.last_year.get(&digest(id)?).copied()
    }

    /// Merges what was staged into new partitions, as `change` says, and holds their numbers against `rules`: the words
    /// of the errors that there are now and were not before. Nothing that readers see has changed yet.
    ///
    /// # Errors
    /// When something cannot be read or written.
    pub fn prepare(
        &mut self,
        lexicon: &Lexicon,
        rules: &Rules,
        ledger: &Ledger,
        change: &Change,
    ) -> Result<Vec<String>, StoreError> {
        if let Some(packing) = &mut self.packing {
            self.journal.extend(packing.finish(&change.run.id)?);
        }
        let (errors, changes) = self.merge_all(lexicon, rules, ledger, change)?;
        self.put_record(changes, change)?;
        Ok(errors)
    }

    /// Notes what the job `pipeline` has seen, when all is published.
    pub fn note(&mut self, pipeline: &str, seen: Seen) {
        self.seen = Some((pipeline.to_owned(), seen));
    }

    /// Publishes what was prepared. Until the last file is on the disk nothing that readers see has changed. A rehearsal
    /// only tells what would be.
    ///
    /// # Errors
    /// When something cannot be written; if that was a rename, the next run finishes the publication.
    pub fn publish(self) -> Result<Published, StoreError> {
        if !self.is_rehearsal() {
            let root = self.store.root();
            if !self.journal.replace.is_empty() || !self.journal.remove.is_empty() {
                self.journal.commit(root)?;
            }
            journal::recover(root)?;
            // All is published: that the next run has more to read is no failure of this one.
            if let Some(Err(error)) = self.seen.map(|(pipeline, seen)| self.store.put_seen(&pipeline, seen)) {
                tracing::warn!("{error}: large files will be read again by the next run");
            }
        }
        if let Some(mirror) = self.mirror {
            mirror.push()?;
        }
        let tables = |path: &PathBuf| path.starts_with("v1");
        let written = self.journal.replace.into_iter().map(|(_, target)| target).filter(tables).collect();
        Ok(Published { written, removed: self.journal.remove.into_iter().filter(tables).collect() })
    }

    /// Gives up what was staged and prepared: the store is as it was when it was opened.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub fn abandon(self) -> Result<(), StoreError> {
        if self.is_rehearsal() {
            return Ok(());
        }
        journal::recover(self.store.root()).map(|_| ())
    }
}

/// Where a new file waits for its publication, relative to the root.
pub(super) fn staged(target: &Path) -> PathBuf {
    Path::new("meta").join("tmp").join(target)
}
