//! The one that may write: it holds the lock, stages rows batch by batch, and publishes them all at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use super::archive::{Archive, Packed};
use super::journal::{self, Journal};
use super::layout::relative_file;
use super::merge::{Change, arranged, by_year, merged, same};
use super::{Ledger, Store, StoreError, parquet};
use crate::lexicon::Lexicon;
use crate::normalize::schema::{
    DIM_INDICATOR, DIM_PERIOD, DIM_REGION, DOCUMENTS, ENTITIES, NUMBERS, OBSERVATIONS, REJECTS, SERIES, TRENDS, Table,
};
use crate::normalize::{self, Frames};
use crate::source::is_remote;

/// The right to write to a store; the lock goes when it is dropped, or when the process dies.
#[derive(Debug)]
pub struct Writer {
    store: Store,
    _lock: File,
    parts: BTreeMap<(&'static str, i32), Vec<PathBuf>>,
    archive: Archive,
    journal: Journal,
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
    pub fn open(root: &Path) -> Result<Writer, StoreError> {
        let store = Store::at(root)?;
        let meta = store.meta();
        fs::create_dir_all(&meta).map_err(StoreError::io(&meta))?;
        let path = meta.join("lock");
        // Locked by the system, not by being there: nothing is left to clear away after a crash.
        let lock = File::options().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(StoreError::io(&path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::Locked { path }),
            Err(TryLockError::Error(error)) => return Err(StoreError::io(&path)(error)),
        }
        store.put_stamp()?;
        if journal::recover(root)? {
            tracing::warn!(store = %root.display(), "finished a publication that an earlier run had left half done");
        }
        Ok(Writer {
            store,
            _lock: lock,
            parts: BTreeMap::new(),
            archive: Archive::default(),
            journal: Journal::default(),
        })
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
        self.archive.keep(&self.store.meta(), packed)
    }

    /// Puts the rows of a batch of documents aside, on disk, until they are published.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn stage(&mut self, frames: &Frames) -> Result<(), StoreError> {
        for (table, rows) in [
            (&OBSERVATIONS, &frames.observations),
            (&ENTITIES, &frames.entities),
            (&NUMBERS, &frames.numbers),
            (&DOCUMENTS, &frames.documents),
        ] {
            let folder = self.store.meta().join("tmp").join("parts").join(table.name);
            for (year, rows) in by_year(rows, table).map_err(StoreError::frame(&folder))? {
                let parts = self.parts.entry((table.name, year)).or_default();
                let path = folder.join(year.to_string()).join(format!("{}.parquet", parts.len()));
                parquet::write_file(&rows, table, &path)?;
                parts.push(path);
            }
        }
        Ok(())
    }

    /// Merges what was staged into the store, as `change` says, and publishes it. Until the last file is on the disk
    /// nothing that readers see has changed.
    ///
    /// # Errors
    /// When something cannot be read or written; if that was a rename, the next run finishes the publication.
    pub fn publish(mut self, lexicon: &Lexicon, ledger: &Ledger, change: &Change) -> Result<Published, StoreError> {
        let statement_years = change.statement_years(ledger);
        let document_years = change.document_years(ledger);
        let mut periods = Vec::new();

        let years = self.touched(&OBSERVATIONS, &statement_years);
        for &year in &years {
            let rows = self.merge(&OBSERVATIONS, year, change)?;
            if let Some(rows) = &rows {
                periods.push(normalize::periods(rows)?);
            }
            // A function of the partition's observations alone; checked even if those are unchanged, so that a file
            // that was lost comes back.
            let series = rows.as_ref().map(|rows| normalize::series(rows, None)).transpose()?;
            let series = series.filter(|series| series.height() > 0);
            self.put(&SERIES, Some(year), series.as_ref())?;
        }
        // What a year's trends hold depends on the years beside it.
        let beside: BTreeSet<i32> = years.iter().flat_map(|year| year - 1..=year + 1).collect();
        for year in beside {
            let trends = self.trends(year, lexicon)?;
            periods.extend(trends.as_ref().map(normalize::periods).transpose()?);
            self.put(&TRENDS, Some(year), trends.as_ref())?;
        }
        for year in self.touched(&ENTITIES, &statement_years) {
            if let Some(rows) = self.merge(&ENTITIES, year, change)? {
                periods.push(normalize::periods(&rows)?);
            }
        }
        for year in self.touched(&NUMBERS, &document_years) {
            self.merge(&NUMBERS, year, change)?;
        }

        self.put(&DIM_REGION, None, Some(&normalize::regions(lexicon)?))?;
        self.put(&DIM_INDICATOR, None, Some(&normalize::indicators(lexicon)?))?;
        self.put_periods(&periods)?;
        self.put_rejects(change)?;
        for year in self.touched(&DOCUMENTS, &document_years) {
            self.merge(&DOCUMENTS, year, change)?;
        }
        self.commit()
    }

    /// Carries out what `put` has prepared.
    fn commit(self) -> Result<Published, StoreError> {
        let root = self.store.root();
        self.archive.sync()?;
        if !self.journal.replace.is_empty() || !self.journal.remove.is_empty() {
            self.journal.commit(root)?;
        }
        journal::recover(root)?;
        let written = self.journal.replace.into_iter().map(|(_, target)| target).collect();
        Ok(Published { written, removed: self.journal.remove })
    }

    /// The years of `table` that rows were staged for, and `dropped`.
    fn touched(&self, table: &Table, dropped: &BTreeSet<i32>) -> BTreeSet<i32> {
        let staged = self.parts.keys().filter(|(name, _)| *name == table.name).map(|(_, year)| *year);
        staged.chain(dropped.iter().copied()).collect()
    }

    /// Prepares the partition `year` of `table`; the rows that it will hold, which are the old ones if nothing changed.
    fn merge(&mut self, table: &'static Table, year: i32, change: &Change) -> Result<Option<DataFrame>, StoreError> {
        let path = self.store.file(table, Some(year));
        let parts = self.parts.get(&(table.name, year)).map_or(&[][..], Vec::as_slice);
        let new: Vec<DataFrame> = parts.iter().map(|part| parquet::read(part, None)).collect::<Result<_, _>>()?;
        let old = self.store.read(table, Some(year), None)?;
        let rows = merged(table, old.as_ref(), &change.dropped, &new).map_err(StoreError::frame(&path))?;
        let unchanged = self.put_over(table, Some(year), old.as_ref(), rows.as_ref())?;
        Ok(if unchanged { old } else { rows })
    }

    /// The trends of `year` after this run; `None` where there are none.
    fn trends(&self, year: i32, lexicon: &Lexicon) -> Result<Option<DataFrame>, StoreError> {
        let mut window: Option<DataFrame> = None;
        for year in year - 1..=year + 1 {
            let Some(series) = self.pending(&SERIES, year, &normalize::TREND_SOURCE)? else { continue };
            match &mut window {
                None => window = Some(series),
                Some(window) => {
                    window.vstack_mut(&series).map_err(StoreError::frame(&self.store.file(&SERIES, Some(year))))?;
                }
            }
        }
        let Some(window) = window else { return Ok(None) };
        let trends = normalize::trends(&window, i16::try_from(year).unwrap_or_default(), lexicon)?;
        Ok(Some(trends).filter(|trends| trends.height() > 0))
    }

    /// Some columns of the partition `year` of `table` as this run leaves it.
    fn pending(&self, table: &Table, year: i32, columns: &[&str]) -> Result<Option<DataFrame>, StoreError> {
        let target = relative_file(table, Some(year));
        if self.journal.remove.contains(&target) {
            return Ok(None);
        }
        match self.journal.replace.iter().find(|(_, other)| *other == target) {
            Some((staged, _)) => parquet::read(&self.store.root().join(staged), Some(columns)).map(Some),
            None => self.store.read(table, Some(year), Some(columns)),
        }
    }

    fn put_periods(&mut self, new: &[DataFrame]) -> Result<bool, StoreError> {
        let old = self.store.read(&DIM_PERIOD, None, None)?;
        let path = self.store.file(&DIM_PERIOD, None);
        let rows = merged(&DIM_PERIOD, None, &Default::default(), &[old.as_slice(), new].concat());
        let rows = rows.map_err(StoreError::frame(&path))?;
        self.put_over(&DIM_PERIOD, None, old.as_ref(), rows.as_ref())
    }

    /// Rejects of other jobs stay; those of this job are what this run says, or are added to if it did not see all. What
    /// was to be fetched stays until it comes: the page that led to it may not name it any more.
    fn put_rejects(&mut self, change: &Change) -> Result<bool, StoreError> {
        let old = self.store.read(&REJECTS, None, None)?;
        let path = self.store.file(&REJECTS, None);
        let kept = old.as_ref().map(|old| {
            if !change.complete {
                return Ok(old.clone());
            }
            let (jobs, uris) = (old.column("pipeline")?.str()?, old.column("source_uri")?.str()?);
            let is_kept = |(job, uri): (Option<&str>, Option<&str>)| {
                let waits = uri.is_some_and(|uri| is_remote(uri) && !change.arrived.contains(uri));
                job != Some(change.pipeline.as_str()) || waits
            };
            old.filter(&BooleanChunked::from_iter_values("kept".into(), jobs.iter().zip(uris.iter()).map(is_kept)))
        });
        let kept = kept.transpose().map_err(StoreError::frame(&path))?;
        // The new ones first: of two rejects of one input the later holds.
        let parts: Vec<DataFrame> = std::iter::once(change.rejects.clone()).chain(kept).collect();
        let rows = merged(&REJECTS, None, &Default::default(), &parts).map_err(StoreError::frame(&path))?;
        self.put_over(&REJECTS, None, old.as_ref(), rows.as_ref())
    }

    /// Prepares a whole file of `table`.
    fn put(&mut self, table: &'static Table, year: Option<i32>, rows: Option<&DataFrame>) -> Result<bool, StoreError> {
        let old = self.store.read(table, year, None)?;
        let path = self.store.file(table, year);
        let rows = rows.map(|rows| arranged(rows, table)).transpose().map_err(StoreError::frame(&path))?;
        self.put_over(table, year, old.as_ref(), rows.as_ref())
    }

    /// Prepares a file of `table` that held `old` and shall hold `rows`; true when that is the same, and nothing to do.
    fn put_over(
        &mut self,
        table: &'static Table,
        year: Option<i32>,
        old: Option<&DataFrame>,
        rows: Option<&DataFrame>,
    ) -> Result<bool, StoreError> {
        let target = relative_file(table, year);
        match (old, rows) {
            (None, None) => return Ok(true),
            (Some(_), None) => self.journal.remove.push(target),
            (Some(old), Some(rows)) if same(old, rows) => return Ok(true),
            (_, Some(rows)) => {
                let staged = Path::new("meta").join("tmp").join(&target);
                parquet::write_checked(rows, table, &self.store.root().join(&staged))?;
                self.journal.replace.push((staged, target));
            }
        }
        Ok(false)
    }
}
