//! Whether a store holds what it promises: every file, every key, every row's way back to its text.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use polars::error::PolarsResult;
use polars::prelude::{DataFrame, Int32Chunked, StringChunked};

use super::layout::{files_below, relative_file};
use super::merge::{arranged, by_year, same};
use super::{Store, StoreError, parquet};
use crate::normalize;
use crate::normalize::schema::{CHECKS, DOCUMENTS, ENTITIES, NUMBERS, OBSERVATIONS, SERIES, TABLES, Table};

/// Something in a store that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", path.display())]
pub struct Fault {
    /// The file.
    pub path: PathBuf,
    /// What was found and what was expected.
    pub message: String,
}

/// What was looked at, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Files and rows of each table.
    pub tables: BTreeMap<&'static str, (usize, usize)>,
    /// Everything that is wrong.
    pub faults: Vec<Fault>,
}

/// A place in a document that a row says it is from.
struct Place {
    start: usize,
    end: usize,
    surface: String,
    path: PathBuf,
}

/// What the rows of the statement tables say of their documents.
#[derive(Default)]
struct Rows {
    /// Places by document.
    places: HashMap<String, Vec<Place>>,
    /// Rows by document and table.
    counts: HashMap<(String, &'static str), i32>,
    /// Every `obs_id` of `observations`.
    statements: HashSet<String>,
}

impl Store {
    /// Reads every file of the store and checks its schema, keys and partition; that every row of `observations`, `entities`
    /// and `numbers` is found again in the text of its document; that the ledger counts them right; that `series` is what
    /// follows from `observations`; and that `checks` names statements that are there. The texts are held in memory.
    ///
    /// # Errors
    /// When a folder cannot be listed; what is wrong with a file is a [`Fault`].
    pub fn verify(&self) -> Result<Verdict, StoreError> {
        let mut verdict = Verdict::default();
        let mut rows = Rows::default();
        for table in TABLES {
            let years = self.years(table)?.into_iter().map(Some);
            let single = self.file(table, None).is_file().then_some(None);
            for year in years.chain(single) {
                let path = self.file(table, year);
                match self.file_verdict(table, year, &mut rows) {
                    Ok((height, faults)) => {
                        let (files, all) = verdict.tables.entry(table.name).or_default();
                        (*files, *all) = (*files + 1, *all + height);
                        verdict.faults.extend(faults.into_iter().map(|message| Fault { path: path.clone(), message }));
                    }
                    Err(error) => verdict.faults.push(unreadable(path, &error)),
                }
            }
        }
        self.check_strangers(&mut verdict)?;
        self.check_documents(rows, &mut verdict)?;
        Ok(verdict)
    }

    /// Rows of a file, and what is wrong with it by itself.
    fn file_verdict(
        &self,
        table: &'static Table,
        year: Option<i32>,
        rows: &mut Rows,
    ) -> Result<(usize, Vec<String>), StoreError> {
        let path = self.file(table, year);
        let in_frame = StoreError::frame;
        parquet::check(table, None, &path)?;
        let frame = parquet::read(&path, None)?;
        let mut faults = Vec::new();
        if let Some(year) = year {
            let parts = by_year(&frame, table).map_err(in_frame(&path))?;
            let astray = parts.into_keys().filter(|other| *other != year).count();
            if astray > 0 {
                faults.push(format!("holds rows of {astray} other years"));
            }
        }
        if !same(&frame, &arranged(&frame, table).map_err(in_frame(&path))?) {
            faults.push(format!("is not sorted by {}", table.order.join(", ")));
        }
        if [OBSERVATIONS.name, ENTITIES.name, NUMBERS.name].contains(&table.name) {
            rows.add(table, &frame, &path).map_err(in_frame(&path))?;
        }
        if table.name == SERIES.name {
            let observations = self.read(&OBSERVATIONS, year, None)?;
            let follows = observations.map(|observations| normalize::series(&observations, None)).transpose()?;
            let follows = follows.map(|series| arranged(&series, &SERIES)).transpose().map_err(in_frame(&path))?;
            if !follows.is_some_and(|series| same(&frame, &series)) {
                faults.push("is not what follows from the observations of its year".to_owned());
            }
        }
        Ok((frame.height(), faults))
    }

    /// Files below `v1/` that belong to no table.
    fn check_strangers(&self, verdict: &mut Verdict) -> Result<(), StoreError> {
        let mut known: HashSet<PathBuf> = HashSet::new();
        for table in TABLES {
            known.insert(relative_file(table, None));
            known.extend(self.years(table)?.into_iter().map(|year| relative_file(table, Some(year))));
        }
        for path in files_below(&self.root().join("v1"))? {
            if !path.strip_prefix(self.root()).is_ok_and(|path| known.contains(path)) {
                verdict.faults.push(Fault { path, message: "belongs to no table".to_owned() });
            }
        }
        Ok(())
    }

    /// Holds the rows against the texts and counts of their documents, and `checks` against the rows.
    fn check_documents(&self, mut rows: Rows, verdict: &mut Verdict) -> Result<(), StoreError> {
        for year in self.years(&DOCUMENTS)? {
            let path = self.file(&DOCUMENTS, Some(year));
            let columns = ["doc_id", "text", "n_observations", "n_entities", "n_numbers"];
            // One that cannot be read has a fault already.
            let Ok(documents) = parquet::read(&path, Some(&columns)) else { continue };
            rows.check(&documents, &path, &mut verdict.faults).map_err(StoreError::frame(&path))?;
        }
        let mut orphans: BTreeMap<PathBuf, HashSet<String>> = BTreeMap::new();
        for (document, places) in rows.places {
            for place in places {
                orphans.entry(place.path).or_default().insert(document.clone());
            }
        }
        verdict.faults.extend(orphans.into_iter().map(|(path, documents)| {
            let message = format!("has rows of {} documents that the ledger does not have", documents.len());
            Fault { path, message }
        }));
        for year in self.years(&CHECKS)? {
            let path = self.file(&CHECKS, Some(year));
            let Ok(checks) = parquet::read(&path, Some(&["obs_ids"])) else { continue };
            let ids =
                checks.column("obs_ids").and_then(|column| column.str().cloned()).map_err(StoreError::frame(&path))?;
            let unknown = |ids: &&str| ids.split(';').any(|id| !rows.statements.contains(id));
            let unknown = ids.iter().flatten().filter(unknown).count();
            if unknown > 0 {
                let message = format!("{unknown} findings name statements that there are not");
                verdict.faults.push(Fault { path, message });
            }
        }
        Ok(())
    }
}

impl Rows {
    fn add(&mut self, table: &'static Table, frame: &DataFrame, path: &Path) -> PolarsResult<()> {
        let text = |name: &str| -> PolarsResult<StringChunked> { Ok(frame.column(name)?.str()?.clone()) };
        let number = |name: &str| -> PolarsResult<Int32Chunked> { Ok(frame.column(name)?.i32()?.clone()) };
        let (documents, surfaces) = (text("doc_id")?, text("surface")?);
        let (starts, ends) = (number("char_start")?, number("char_end")?);
        for row in 0..frame.height() {
            let document = documents.get(row).unwrap_or_default();
            let place = Place {
                // A negative place is in no text.
                start: starts.get(row).and_then(|at| usize::try_from(at).ok()).unwrap_or(usize::MAX),
                end: ends.get(row).and_then(|at| usize::try_from(at).ok()).unwrap_or(usize::MAX),
                surface: surfaces.get(row).unwrap_or_default().to_owned(),
                path: path.to_owned(),
            };
            self.places.entry(document.to_owned()).or_default().push(place);
            *self.counts.entry((document.to_owned(), table.name)).or_default() += 1;
        }
        if table.name == OBSERVATIONS.name {
            self.statements.extend(text("obs_id")?.iter().flatten().map(str::to_owned));
        }
        Ok(())
    }

    /// Takes out the rows of `documents` and checks them.
    fn check(&mut self, documents: &DataFrame, path: &Path, faults: &mut Vec<Fault>) -> PolarsResult<()> {
        let (ids, texts) = (documents.column("doc_id")?.str()?, documents.column("text")?.str()?);
        for (row, (id, text)) in ids.iter().zip(texts.iter()).enumerate() {
            let (id, text) = (id.unwrap_or_default(), text.unwrap_or_default());
            let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            for place in self.places.remove(id).unwrap_or_default() {
                let span = offsets.get(place.start).zip(offsets.get(place.end)).map(|(start, end)| *start..*end);
                if span.and_then(|span| text.get(span)) != Some(place.surface.as_str()) {
                    let Place { start, end, surface, path } = place;
                    let message = format!("{surface:?} does not stand at {start}..{end} of document {id}");
                    faults.push(Fault { path, message });
                }
            }
            let tables = [OBSERVATIONS.name, ENTITIES.name, NUMBERS.name];
            for (table, column) in tables.into_iter().zip(["n_observations", "n_entities", "n_numbers"]) {
                let expected = documents.column(column)?.i32()?.get(row).unwrap_or_default();
                let found = self.counts.get(&(id.to_owned(), table)).copied().unwrap_or_default();
                if found != expected {
                    let message = format!("document {id} has {found} rows in {table}, the ledger says {expected}");
                    faults.push(Fault { path: path.to_owned(), message });
                }
            }
        }
        Ok(())
    }
}

/// The fault of a file that cannot be read; its path is said once.
fn unreadable(path: PathBuf, error: &StoreError) -> Fault {
    let words = error.to_string();
    let message = words.strip_prefix(&format!("{}: ", path.display())).map(str::to_owned).unwrap_or(words);
    Fault { path, message }
}
