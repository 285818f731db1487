//! How a store is: whether its files can be read and agree with each other, and what was left behind.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::layout::files_below;
use super::{Store, StoreError, arrow_schema, journal};
use crate::normalize::schema::{OBSERVATIONS, SERIES, TABLES, Table};

/// How a store is. Nothing of it is changed to find out.
#[derive(Clone, Debug)]
pub struct Health {
    /// Parquet files that are as they should be.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Rows by table.
    pub rows: Vec<(&'static str, i64)>,
    /// Files that cannot be read, do not have the schema of their table, or are missing; and what is wrong with each.
    pub broken: Vec<(PathBuf, String)>,
    /// Files below `v1/` that are of no table.
    pub foreign: Vec<PathBuf>,
    /// Whether a publication is to be finished.
    pub half_published: bool,
    /// Whether a run has left staged files, or is at work.
    pub staged: bool,
}

/// Who may write to a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Nobody writes.
    Free,
    /// A run is writing; its process, where the system tells.
    Held(Option<u32>),
    /// A run is writing to a bucket: machine, process and moment.
    HeldBy(String),
}

impl Store {
    /// Opens the footer of every Parquet file: schema and number of rows. The rows themselves are not read.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub fn health(&self) -> Result<Health, StoreError> {
        let mut health = Health {
            files: 0,
            bytes: 0,
            rows: Vec::new(),
            broken: Vec::new(),
            foreign: Vec::new(),
            half_published: journal::path(self.root()).exists(),
            staged: self.meta().join("tmp").exists(),
        };
        let mut expected: BTreeSet<PathBuf> = BTreeSet::new();
        for table in TABLES {
            let years: Vec<Option<i32>> = match table.year_of {
                Some(_) => self.years(table)?.into_iter().map(Some).collect(),
                None => vec![None],
            };
            let mut rows = 0;
            for path in years.into_iter().map(|year| self.file(table, year)).filter(|path| path.exists()) {
                match footer(&path, table) {
                    Ok((more, bytes)) => {
                        rows += more;
                        health.files += 1;
                        health.bytes += bytes;
                    }
                    Err(message) => health.broken.push((path.clone(), message)),
                }
                expected.insert(path);
            }
            health.rows.push((table.name, rows));
        }
        for year in self.years(&OBSERVATIONS)? {
            let series = self.file(&SERIES, Some(year));
            if !expected.contains(&series) {
                health.broken.push((series, "missing, though the year has observations".to_owned()));
            }
        }
        let found = files_below(&self.root().join("v1"))?;
        health.foreign = found.into_iter().filter(|path| !expected.contains(path)).collect();
        Ok(health)
    }

    /// Whether a run is writing to the store. One that begins in this very moment may find the lock taken.
    ///
    /// # Errors
    /// When the lock file is there and cannot be opened.
    pub fn lock(&self) -> Result<Lock, StoreError> {
        let path = self.meta().join("lock");
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Lock::Free),
            file => file.map_err(StoreError::io(&path))?,
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Lock::Free),
            Err(TryLockError::WouldBlock) => Ok(Lock::Held(holder(&file))),
            Err(TryLockError::Error(error)) => Err(StoreError::io(&path)(error)),
        }
    }
}

/// Rows and bytes of a file of `table`, or what is wrong with it.
fn footer(path: &Path, table: &Table) -> Result<(i64, u64), String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let bytes = file.metadata().map_err(|error| error.to_string())?.len();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| error.to_string())?;
    if reader.schema().fields() != arrow_schema(table).fields() {
        return Err(format!("not the columns of {}", table.name));
    }
    Ok((reader.metadata().file_metadata().num_rows(), bytes))
}

/// The process that holds a lock on `file`, as Linux lists them.
fn holder(file: &File) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;

    let inode = file.metadata().ok()?.ino().to_string();
    let locks = fs::read_to_string("/proc/locks").ok()?;
    // 1: FLOCK  ADVISORY  WRITE 4711 08:01:1234567 0 EOF
    let held = locks.lines().map(|line| line.split_whitespace().collect::<Vec<&str>>()).find(|words| {
        words.get(1) == Some(&"FLOCK") && words.get(5).and_then(|place| place.rsplit(':').next()) == Some(&inode)
    });
    held?.get(4)?.parse().ok()
}
