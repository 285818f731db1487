//! What each run changed in `series`: a file a run below `meta/runs`, written with the publication that it tells of.
//!
//! The tables keep only what holds now, and a row only the run that wrote it last: without a record nobody could say what
//! a run took away, or what stood there before.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use polars::error::PolarsResult;
use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray, StringChunked};

use super::{Store, StoreError, parquet};
use crate::normalize::schema::CHANGES;
use crate::normalize::{FrameBuilder, NormalizeError};

/// Columns of `series` that name a series, in the order of the record.
const NAMES: [&str; 9] = [
    "series_id",
    "region_code",
    "region_name",
    "indicator",
    "indicator_name",
    "zone",
    "breakdown",
    "measure",
    "time_period",
];

/// Stands for a value that a document which was forgotten had stated.
const FORGOTTEN: &str = "forgotten";

/// What the ids begin with of indicators that are words of a text.
const UNCATALOGUED: &str = "x.";

impl Store {
    /// The runs that changed `series`, in order of time.
    ///
    /// # Errors
    /// When the folder of records cannot be listed.
    pub fn runs(&self) -> Result<Vec<String>, StoreError> {
        let folder = self.root().join(folder());
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(StoreError::io(&folder))?,
        };
        let mut runs = Vec::new();
        for entry in entries {
            let name = entry.map_err(StoreError::io(&folder))?.file_name();
            runs.extend(name.to_str().and_then(|name| name.strip_suffix(".parquet")).map(str::to_owned));
        }
        runs.sort();
        Ok(runs)
    }

    /// What the run `id` changed, a frame of the table [`CHANGES`].
    ///
    /// # Errors
    /// When its record cannot be read.
    pub fn changes(&self, id: &str) -> Result<DataFrame, StoreError> {
        parquet::read(&self.root().join(file(id)), None)
    }
}

/// Columns of `series` that tell the value, and the document that states it.
const VALUES: [&str; 5] = ["bound", "value_text", "unit_text", "status", "doc_id"];

/// Columns of `series` that a record is made of.
pub(super) fn columns() -> Vec<&'static str> {
    [&NAMES[..], &VALUES].concat()
}

fn folder() -> PathBuf {
    Path::new("meta").join("runs")
}

/// The record of the run `id`, relative to the store's root.
pub(super) fn file(id: &str) -> PathBuf {
    folder().join(format!("{id}.parquet"))
}

/// The record of what makes `new` of `old`, two versions of a partition of `series`.
pub(super) fn changes(old: Option<&DataFrame>, new: Option<&DataFrame>) -> Result<DataFrame, NormalizeError> {
    let old = old.map(Rows::of).transpose()?;
    let new = new.map(Rows::of).transpose()?;
    let mut before = old.as_ref().map(Rows::by_key).unwrap_or_default();
    let mut frame = FrameBuilder::new(&CHANGES);
    let mut push = |rows: &Rows, row: usize, values: [Option<(String, String)>; 2]| {
        let [old, new] = values.map(Option::unzip);
        let names = NAMES.into_iter().zip(rows.names.iter().map(|column| column.get(row).into()));
        frame.push(names.chain([
            ("old_value", old.0.into()),
            ("new_value", new.0.into()),
            ("old_doc_id", old.1.into()),
            ("new_doc_id", new.1.into()),
        ]))
    };
    for (rows, row) in new.iter().flat_map(|rows| (0..rows.height).map(move |row| (rows, row))) {
        let was = before.remove(&rows.key(row)).zip(old.as_ref()).map(|(row, old)| old.value(row));
        let is = rows.value(row);
        if was.as_ref().map(|(value, _)| value) != Some(&is.0) {
            push(rows, row, [was, Some(is)])?;
        }
    }
    for (rows, row) in old.iter().flat_map(|rows| before.values().map(move |row| (rows, *row))) {
        push(rows, row, [Some(rows.value(row)), None])?;
    }
    frame.finish()
}

/// What `changes` tells when they come of forgetting: that a value went, and what holds in its place, but no number and no
/// word of the documents.
pub(super) fn of_forgetting(changes: &DataFrame) -> Result<DataFrame, NormalizeError> {
    let text = |name: &str| changes.column(name)?.str().cloned();
    let names = NAMES.into_iter().map(text).collect::<PolarsResult<Vec<StringChunked>>>()?;
    let (new_values, new_documents) = (text("new_value")?, text("new_doc_id")?);
    let mut frame = FrameBuilder::new(&CHANGES);
    for row in 0..changes.height() {
        let is_stated = new_values.get(row).is_some();
        let of_text = names[3].get(row).is_some_and(|indicator| indicator.starts_with(UNCATALOGUED));
        let told = |name: &str, value| match name {
            // Words of the catalogue and the gazetteer stay; other words only while another document has them.
            _ if is_stated => value,
            "indicator" | "indicator_name" if of_text => Some(UNCATALOGUED),
            "zone" | "breakdown" => None,
            _ => value,
        };
        let cells = NAMES.into_iter().zip(&names).map(|(name, values)| (name, told(name, values.get(row)).into()));
        frame.push(cells.chain([
            ("old_value", FORGOTTEN.into()),
            ("new_value", new_values.get(row).into()),
            ("old_doc_id", None::<&str>.into()),
            ("new_doc_id", new_documents.get(row).into()),
        ]))?;
    }
    frame.finish()
}

/// `changes` without those that are about a document in `forgotten`.
pub(super) fn without(changes: &DataFrame, forgotten: &HashSet<String>) -> PolarsResult<DataFrame> {
    let (old, new) = (changes.column("old_doc_id")?.str()?, changes.column("new_doc_id")?.str()?);
    let is_kept = |id: Option<&str>| id.is_none_or(|id| !forgotten.contains(id));
    let kept = old.iter().zip(new.iter()).map(|(old, new)| is_kept(old) && is_kept(new));
    changes.filter(&BooleanChunked::from_iter_values("kept".into(), kept))
}

/// The columns of a partition of `series` that a record is made of.
struct Rows {
    names: Vec<StringChunked>,
    /// As [`VALUES`].
    values: [StringChunked; VALUES.len()],
    height: usize,
}

impl Rows {
    fn of(series: &DataFrame) -> PolarsResult<Rows> {
        let text = |name: &str| series.column(name)?.str().cloned();
        let [bound, value, unit, status, document] = VALUES.map(text);
        Ok(Rows {
            names: NAMES.into_iter().map(text).collect::<PolarsResult<_>>()?,
            values: [bound?, value?, unit?, status?, document?],
            height: series.height(),
        })
    }

    fn key(&self, row: usize) -> (&str, &str) {
        let name = |column: usize| self.names[column].get(row).unwrap_or_default();
        (name(0), name(NAMES.len() - 1))
    }

    fn by_key(&self) -> HashMap<(&str, &str), usize> {
        (0..self.height).map(|row| (self.key(row), row)).collect()
    }

    /// The number as it is told (超30亿元 is gt 30亿元, a target says so), and its document.
    fn value(&self, row: usize) -> (String, String) {
        let [bound, value, unit, status, document] =
            self.values.each_ref().map(|column| column.get(row).unwrap_or_default());
        let bound = if bound == "exact" { String::new() } else { format!("{bound} ") };
        let status = if status == "actual" { String::new() } else { format!(" ({status})") };
        (format!("{bound}{value}{unit}{status}"), document.to_owned())
    }
}
