//! Where things lie in a store, and how they are read.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use polars::error::{PolarsError, PolarsResult};
use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};

use super::{Archive, Ledger, StoreError, batch, last_runs, parquet};
use crate::model::Status;
use crate::normalize::from_epoch_days;
use crate::normalize::schema::{OBSERVATIONS, REJECTS, Table};
use crate::source::{Stage, is_remote};

/// Version of the layout and the tables that this program writes.
const VERSION: u32 = 1;

/// `meta/schema.json`.
#[derive(Serialize, Deserialize)]
struct Stamp {
    format: String,
    version: u32,
}

/// A store, to be read. Reading takes no lock: a file is replaced whole, and a reader that has it open keeps the old one.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// The store at `root`, which need not exist yet.
    ///
    /// # Errors
    /// When `root` is a file, or holds tables of another program or of a newer version of this one.
    pub fn at(root: &Path) -> Result<Store, StoreError> {
        let store = Store { root: root.to_owned() };
        match fs::metadata(root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(store),
            Err(error) => return Err(StoreError::io(root)(error)),
            Ok(metadata) if !metadata.is_dir() => return Err(StoreError::NotAFolder { path: root.to_owned() }),
            Ok(_) => {}
        }
        store.check_stamp()?;
        Ok(store)
    }

    /// The store at `root`, which must exist.
    ///
    /// # Errors
    /// As [`Store::at`], and when there is none.
    pub fn existing(root: &Path) -> Result<Store, StoreError> {
        let store = Store::at(root)?;
        match store.stamp().is_file() {
            true => Ok(store),
            false => Err(StoreError::Missing { path: root.to_owned() }),
        }
    }

    /// The folder that holds everything.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The file of `table` for `year`, or its only file.
    pub fn file(&self, table: &Table, year: Option<i32>) -> PathBuf {
        self.root.join(relative_file(table, year))
    }

    /// The years that `table` has a partition for, in order.
    ///
    /// # Errors
    /// When its folder cannot be listed.
    pub fn years(&self, table: &Table) -> Result<Vec<i32>, StoreError> {
        let folder = self.root.join("v1").join(table.name);
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(StoreError::io(&folder))?,
        };
        let mut years = Vec::new();
        for entry in entries {
            let name = entry.map_err(StoreError::io(&folder))?.file_name();
            years.extend(name.to_str().and_then(|name| name.strip_prefix("year=")?.parse::<i32>().ok()));
        }
        years.sort_unstable();
        Ok(years)
    }

    /// The rows of one file of `table`, only `columns` of them if given; `None` when there is no such file. A column that
    /// may be null and that the file is too old to have is null.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(
        &self,
        table: &Table,
        year: Option<i32>,
        columns: Option<&[&str]>,
    ) -> Result<Option<DataFrame>, StoreError> {
        let path = self.file(table, year);
        if !path.is_file() {
            return Ok(None);
        }
        let rows = parquet::read(&path, columns)?;
        match columns {
            Some(_) => Ok(Some(rows)),
            None => batch::completed(rows, table).map(Some).map_err(StoreError::frame(&path)),
        }
    }

    /// The documents that were read before.
    ///
    /// # Errors
    /// When `documents` cannot be read.
    pub fn ledger(&self) -> Result<Ledger, StoreError> {
        Ledger::read(self)
    }

    /// The bytes of documents as they came in.
    ///
    /// # Errors
    /// When the folder of the archive cannot be listed, or a file in it not be read.
    pub fn archive(&self) -> Result<Archive, StoreError> {
        Archive::open(&self.meta())
    }

    /// What the job `pipeline` failed to fetch and still waits for.
    ///
    /// # Errors
    /// When `rejects` cannot be read.
    pub fn unfetched(&self, pipeline: &str) -> Result<Vec<String>, StoreError> {
        self.rejected(pipeline, |stage| stage != Stage::List.as_str())
    }

    /// The pages of lists that the job `pipeline` failed to fetch in its last run.
    ///
    /// # Errors
    /// When `rejects` cannot be read.
    pub fn unlisted(&self, pipeline: &str) -> Result<Vec<String>, StoreError> {
        self.rejected(pipeline, |stage| stage == Stage::List.as_str())
    }

    /// The remote inputs that the job `pipeline` rejected at one of the stages `wanted`.
    fn rejected(&self, pipeline: &str, wanted: impl Fn(&str) -> bool) -> Result<Vec<String>, StoreError> {
        let columns = ["pipeline", "source_uri", "stage"];
        let Some(rows) = self.read(&REJECTS, None, Some(&columns))? else { return Ok(Vec::new()) };
        let path = self.file(&REJECTS, None);
        let text =
            |name: &str| rows.column(name).and_then(|column| column.str().cloned()).map_err(StoreError::frame(&path));
        let (jobs, uris, stages) = (text("pipeline")?, text("source_uri")?, text("stage")?);
        let rows = jobs.iter().zip(uris.iter()).zip(stages.iter());
        let rows = rows.filter(|((job, _), stage)| *job == Some(pipeline) && stage.is_some_and(&wanted));
        Ok(rows.filter_map(|((_, uri), _)| uri).filter(|uri| is_remote(uri)).map(str::to_owned).collect())
    }

    /// When each job of the store was last run by schedule.
    ///
    /// # Errors
    /// When `meta/schedule.json` cannot be read or understood.
    pub fn last_runs(&self) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        last_runs::read(self)
    }

    /// The last day that anything in the store is stated of as a fact: targets and estimates do not count, nor does a period
    /// that had not ended when it was written of.
    ///
    /// # Errors
    /// When `observations` cannot be read.
    pub fn newest_period_end(&self) -> Result<Option<Date>, StoreError> {
        for year in self.years(&OBSERVATIONS)?.into_iter().rev() {
            let path = self.file(&OBSERVATIONS, Some(year));
            let rows = parquet::read(&path, Some(&["period_end", "published", "status"]))?;
            let newest = newest_fact(&rows).map_err(StoreError::frame(&path))?;
            if newest.is_some() {
                return Ok(newest.map(from_epoch_days));
            }
        }
        Ok(None)
    }

    /// The folder for state that readers do not see.
    pub(super) fn meta(&self) -> PathBuf {
        self.root.join("meta")
    }

    fn stamp(&self) -> PathBuf {
        self.meta().join("schema.json")
    }

    /// Leaves the version in a new store.
    pub(super) fn put_stamp(&self) -> Result<(), StoreError> {
        let path = self.stamp();
        if path.is_file() {
            return Ok(());
        }
        let stamp = format!("{{\"format\": \"zhibiao\", \"version\": {VERSION}}}\n");
        super::journal::write_whole(&path, stamp.as_bytes())
    }

    fn check_stamp(&self) -> Result<(), StoreError> {
        let path = self.stamp();
        let wrong = |message: String| Err(StoreError::Schema { path: path.clone(), message });
        let text = match fs::read_to_string(&path) {
            // A folder of that name which is not ours must not be filled with our tables.
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.root.join("v1").exists() => {
                return wrong("not found, but the folder has a v1/: this is no zhibiao store".to_owned());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            text => text.map_err(StoreError::io(&path))?,
        };
        match serde_json::from_str::<Stamp>(&text) {
            Ok(stamp) if stamp.format != "zhibiao" => wrong(format!("format {:?}, expected \"zhibiao\"", stamp.format)),
            Ok(stamp) if stamp.version > VERSION => wrong(format!(
                "version {} was written by a newer zhibiao; this one knows up to {VERSION}",
                stamp.version
            )),
            Ok(_) => Ok(()),
            Err(error) => wrong(format!("expected {{\"format\", \"version\"}}: {error}")),
        }
    }
}

/// The latest `period_end` of the rows that state what was, in days since 1970-01-01.
fn newest_fact(rows: &DataFrame) -> PolarsResult<Option<i32>> {
    let days = |name: &str| Ok::<_, PolarsError>(rows.column(name)?.date()?.physical().clone());
    let (ends, published) = (days("period_end")?, days("published")?);
    let status = rows.column("status")?.str()?;
    let facts = ends.iter().zip(published.iter()).zip(status.iter()).filter_map(|((end, published), status)| {
        let is_over = published.is_none_or(|day| end <= Some(day));
        end.filter(|_| is_over && status == Some(Status::Actual.as_str()))
    });
    Ok(facts.max())
}

/// The partition of a row by the day that its table is partitioned by, in days since 1970-01-01; 0 where it has none.
pub(super) fn partition_year(day: Option<i32>) -> i32 {
    day.map_or(0, |day| i32::from(from_epoch_days(day).year()))
}

/// Path of a partition relative to the root.
pub(super) fn relative_file(table: &Table, year: Option<i32>) -> PathBuf {
    let folder = Path::new("v1").join(table.name);
    match year {
        Some(year) => folder.join(format!("year={year}")).join("data.parquet"),
        None => folder.join("data.parquet"),
    }
}

/// Every file below `folder`, in order; none when it is not there.
pub(super) fn files_below(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(StoreError::io(&folder))?,
        };
        for entry in entries {
            let path = entry.map_err(StoreError::io(&folder))?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}
