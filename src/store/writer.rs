//! The one that may write: it holds the lock, stages rows batch by batch, and publishes them all at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use super::archive::{Archive, Packed};
use super::journal::{self, Journal};
use super::layout::relative_file;
use super::ledger::last_years;
use super::merge::{Change, arranged, by_year, merged, same};
use super::remote::Mirror;
use super::{Ledger, Store, StoreError, lock, parquet, record};
use crate::config::{Root, Rules};
use crate::lexicon::Lexicon;
use crate::normalize::schema::{
    CHANGES, CHECKS, DIM_INDICATOR, DIM_PERIOD, DIM_REGION, DOCUMENTS, ENTITIES, NUMBERS, OBSERVATIONS, REJECTS,
    SERIES, TRENDS, Table,
};
use crate::normalize::{self, Frames};
use crate::quality;

/// The right to write to a store; the lock goes when it is dropped, or when the process dies.
#[derive(Debug)]
pub struct Writer {
    pub(super) store: Store,
    /// Of a store in a bucket, which is let go before the lock of its copy.
    mirror: Option<Mirror>,
    /// `None` of a rehearsal, which changes nothing.
    lock: Option<File>,
    scratch: Scratch,
    parts: BTreeMap<(&'static str, i32), Vec<PathBuf>>,
    archive: Archive,
    pub(super) journal: Journal,
    /// The last year that each staged document states anything of.
    last_year: HashMap<String, i32>,
}

/// The folder that holds `meta/tmp`, where new files wait: the store, or of a rehearsal a folder that goes with it.
#[derive(Debug)]
enum Scratch {
    Store(PathBuf),
    Elsewhere(PathBuf),
}

impl Scratch {
    fn path(&self) -> &Path {
        match self {
            Scratch::Store(path) | Scratch::Elsewhere(path) => path,
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Scratch::Elsewhere(path) = self
            && let Err(error) = fs::remove_dir_all(&*path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!("{}: {error}", path.display());
        }
    }
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
        Writer {
            store,
            mirror: None,
            lock,
            scratch,
            parts: BTreeMap::new(),
            archive: Archive::default(),
            journal: Journal::default(),
            last_year: HashMap::new(),
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
        if self.is_rehearsal() { Ok(()) } else { self.archive.keep(&self.store.meta(), packed) }
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
            let folder = self.scratch.path().join("meta").join("tmp").join("parts").join(table.name);
            for (year, rows) in by_year(rows, table).map_err(StoreError::frame(&folder))? {
                let parts = self.parts.entry((table.name, year)).or_default();
                let path = folder.join(year.to_string()).join(format!("{}.parquet", parts.len()));
                parquet::write_file(&rows, table, &path)?;
                parts.push(path);
            }
        }
        let documents = last_years(&frames.documents).map_err(StoreError::frame(&self.store.file(&DOCUMENTS, None)))?;
        self.last_year.extend(documents);
        Ok(())
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
        let (errors, changes) = self.merge_all(lexicon, rules, ledger, change)?;
        self.put_record(&changes, change)?;
        Ok(errors)
    }

    /// Prepares every table: the words of the new errors, and what changes in each year of `series`.
    pub(super) fn merge_all(
        &mut self,
        lexicon: &Lexicon,
        rules: &Rules,
        ledger: &Ledger,
        change: &Change,
    ) -> Result<(Vec<String>, Vec<DataFrame>), StoreError> {
        let statement_years = change.statement_years(ledger);
        let document_years = change.document_years(ledger);
        let mut periods = Vec::new();

        let observation_years = self.touched(&OBSERVATIONS, &statement_years);
        let mut changes = Vec::new();
        for &year in &observation_years {
            let old = self.store.read(&SERIES, Some(year), None)?;
            let rows = self.merge(&OBSERVATIONS, year, change)?;
            if let Some(rows) = &rows {
                periods.push(normalize::periods(rows)?);
            }
            // A function of the partition's observations alone; checked even if those are unchanged, so that a file
            // that was lost comes back.
            let series = rows.as_ref().map(|rows| normalize::series(rows, None)).transpose()?;
            let series = series.filter(|series| series.height() > 0);
            changes.push(record::changes(old.as_ref(), series.as_ref())?);
            self.put(&SERIES, Some(year), series.as_ref())?;
        }
        // What a year's trends hold depends on the years beside it.
        let beside: BTreeSet<i32> = observation_years.iter().flat_map(|year| year - 1..=year + 1).collect();
        for year in beside {
            let trends = self.trends(year, lexicon)?;
            periods.extend(trends.as_ref().map(normalize::periods).transpose()?);
            self.put(&TRENDS, Some(year), trends.as_ref())?;
        }
        let errors = self.put_checks(&observation_years, lexicon, rules, ledger, change)?;
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
        Ok((errors, changes))
    }

    /// Publishes what was prepared. Until the last file is on the disk nothing that readers see has changed. A rehearsal
    /// only tells what would be.
    ///
    /// # Errors
    /// When something cannot be written; if that was a rename, the next run finishes the publication.
    pub fn publish(self) -> Result<Published, StoreError> {
        if !self.is_rehearsal() {
            let root = self.store.root();
            self.archive.sync()?;
            if !self.journal.replace.is_empty() || !self.journal.remove.is_empty() {
                self.journal.commit(root)?;
            }
            journal::recover(root)?;
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
        self.archive.discard()?;
        journal::recover(self.store.root()).map(|_| ())
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
            let Some(series) = self.prepared(&SERIES, year, &normalize::TREND_SOURCE)? else { continue };
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

    /// Prepares `checks` of the years whose observations are `touched`, and of those that look back on them. Gives the
    /// words of the errors that are new.
    fn put_checks(
        &mut self,
        touched: &BTreeSet<i32>,
        lexicon: &Lexicon,
        rules: &Rules,
        ledger: &Ledger,
        change: &Change,
    ) -> Result<Vec<String>, StoreError> {
        if touched.is_empty() {
            return Ok(Vec::new());
        }
        let history = rules.all.history_years;
        let stored = self.store.years(&OBSERVATIONS)?;
        let following = stored.into_iter().filter(|year| touched.range(year - history..=*year).next().is_some());
        let years: BTreeSet<i32> = touched.iter().copied().chain(following).collect();
        let mut last_year = ledger.last_years(&change.dropped);
        last_year.extend(std::mem::take(&mut self.last_year));
        let mut errors = Vec::new();
        for year in years {
            let before = self.store.read(&CHECKS, Some(year), None)?;
            let mut earlier = Vec::new();
            for year in year - history..year {
                earlier.extend(self.prepared(&SERIES, year, &quality::COLUMNS)?);
            }
            let observations = self.prepared(&OBSERVATIONS, year, &quality::COLUMNS)?;
            let checks = observations.map(|observations| {
                let rows =
                    quality::Year { year, observations: &observations, earlier: &earlier, last_year: &last_year };
                rows.checks(rules, lexicon, &change.run, before.as_ref())
            });
            let checks = checks.transpose()?.filter(|checks| checks.height() > 0);
            if let Some(checks) = &checks {
                let path = self.store.file(&CHECKS, Some(year));
                errors.extend(quality::new_errors(before.as_ref(), checks).map_err(StoreError::frame(&path))?);
            }
            self.put(&CHECKS, Some(year), checks.as_ref())?;
        }
        Ok(errors)
    }

    /// Prepares the record of the run.
    pub(super) fn put_record(&mut self, changes: &[DataFrame], change: &Change) -> Result<(), StoreError> {
        let path = record::file(&change.run.id);
        let rows = merged(&CHANGES, None, &Default::default(), changes).map_err(StoreError::frame(&path))?;
        rows.map_or(Ok(()), |rows| self.put_file(&CHANGES, path, &rows))
    }

    /// The partition `year` of `table` as it will be.
    fn prepared(&self, table: &Table, year: i32, columns: &[&str]) -> Result<Option<DataFrame>, StoreError> {
        let target = relative_file(table, Some(year));
        match self.journal.replace.iter().find(|(_, place)| *place == target) {
            Some((staged, _)) => parquet::read(&self.scratch.path().join(staged), Some(columns)).map(Some),
            None if self.journal.remove.contains(&target) => Ok(None),
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

    /// What older runs rejected, as far as it stays, and what this one did.
    fn put_rejects(&mut self, change: &Change) -> Result<bool, StoreError> {
        let old = self.store.read(&REJECTS, None, None)?;
        let path = self.store.file(&REJECTS, None);
        let kept = old.as_ref().map(|old| {
            let text = |name: &str| old.column(name).and_then(|column| column.str().cloned());
            let (jobs, uris, stages, ids) = (text("pipeline")?, text("source_uri")?, text("stage")?, text("doc_id")?);
            let is_kept = |row: usize| change.keeps_reject(jobs.get(row), uris.get(row), stages.get(row), ids.get(row));
            old.filter(&BooleanChunked::from_iter_values("kept".into(), (0..old.height()).map(is_kept)))
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
                self.put_file(table, target, rows)?;
            }
        }
        Ok(false)
    }

    /// Prepares the file `target`, relative to the root, with the rows of `table`.
    pub(super) fn put_file(
        &mut self,
        table: &'static Table,
        target: PathBuf,
        rows: &DataFrame,
    ) -> Result<(), StoreError> {
        let staged = staged(&target);
        parquet::write_checked(rows, table, &self.scratch.path().join(&staged))?;
        self.journal.replace.push((staged, target));
        Ok(())
    }
}

/// Where a new file waits for its publication, relative to the root.
pub(super) fn staged(target: &Path) -> PathBuf {
    Path::new("meta").join("tmp").join(target)
}
