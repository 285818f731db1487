//! The rows of several files of a table as they stand in one: which of them, and in what order.

use std::collections::HashSet;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::{SortOptions, interleave};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, Rows, SortField};
use rustc_hash::FxHashSet;

use super::StoreError;
use super::batch::arrow_type;
use super::part::Part;
use super::sheet::Sheet;
use crate::normalize::schema::{Column, Table};

/// Rows of some files, in the order of their table, each key once.
#[derive(Debug)]
pub(super) struct Arrangement {
    table: &'static Table,
    parts: Vec<Part>,
    has_old: bool,
    /// File and row of each.
    places: Vec<(usize, usize)>,
}

impl Arrangement {
    /// The rows of `old` but for those of the documents in `dropped`, and those of `new`; of one key the first stays.
    pub fn of(
        table: &'static Table,
        old: Option<Part>,
        new: Vec<Part>,
        dropped: &HashSet<String>,
    ) -> Result<Arrangement, StoreError> {
        let has_old = old.is_some();
        let parts: Vec<Part> = old.into_iter().chain(new).collect();
        let mut kept = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            let is_old = number == 0 && has_old;
            let documents = (is_old && !dropped.is_empty()).then(|| part.named("doc_id")).transpose()?;
            let documents = documents.as_ref().map(|documents| documents.as_string_view());
            let is_kept = |row: &usize| documents.is_none_or(|documents| !dropped.contains(documents.value(*row)));
            kept.extend((0..part.rows()).filter(is_kept).map(|row| (number, row)));
        }
        let order = comparable(table, table.order, &parts)?;
        let keys = comparable(table, table.key, &parts)?;
        let first_rows: Vec<usize> =
            parts.iter().scan(0, |next, part| Some(std::mem::replace(next, *next + part.rows()))).collect();
        let row_of = |(part, row): (usize, usize)| first_rows[part] + row;
        let mut seen = FxHashSet::default();
        kept.retain(|&place| seen.insert(keys.row(row_of(place)).data()));
        drop(seen);
        kept.sort_by(|&a, &b| order.row(row_of(a)).cmp(&order.row(row_of(b))));
        Ok(Arrangement { table, parts, has_old, places: kept })
    }

    /// The file whose rows come first.
    pub fn old(&self) -> Option<&Part> {
        self.parts.first().filter(|_| self.has_old)
    }

    pub fn rows(&self) -> usize {
        self.places.len()
    }

    /// All values of `column`.
    pub fn column(&self, column: &Column) -> Result<ArrayRef, StoreError> {
        let arrays: Vec<ArrayRef> = self.parts.iter().map(|part| part.column(column)).collect::<Result<_, _>>()?;
        let is_as_it_was = self.parts.len() == 1
            && self.places.len() == self.parts[0].rows()
            && self.places.iter().enumerate().all(|(at, (_, row))| at == *row);
        if is_as_it_was {
            return Ok(arrays[0].clone());
        }
        if arrays.is_empty() {
            return Ok(arrow::array::new_empty_array(&arrow_type(column.kind)));
        }
        let arrays: Vec<&dyn Array> = arrays.iter().map(|array| array.as_ref()).collect();
        interleave(&arrays, &self.places).map_err(|error| self.failed(error))
    }

    /// The rows, to be written.
    pub fn sheet(&self) -> Sheet<'_> {
        Sheet { table: self.table, rows: self.rows(), columns: Box::new(|column| self.column(column)) }
    }

    fn failed(&self, error: ArrowError) -> StoreError {
        StoreError::parquet(self.parts[0].path())(error.into())
    }
}

/// The columns `names` of all `parts`, row after row, as bytes that compare as the rows do; nulls come last.
fn comparable(table: &Table, names: &[&str], parts: &[Part]) -> Result<Rows, StoreError> {
    let columns: Vec<&Column> = names.iter().filter_map(|name| table.column(name)).collect();
    let options = SortOptions { descending: false, nulls_first: false };
    let fields = columns.iter().map(|column| SortField::new_with_options(arrow_type(column.kind), options));
    let path = parts.first().map(Part::path).unwrap_or(std::path::Path::new(table.name));
    let failed = |error: ArrowError| StoreError::parquet(path)(error.into());
    let converter = RowConverter::new(fields.collect()).map_err(failed)?;
    let mut rows = converter.empty_rows(parts.iter().map(Part::rows).sum(), 0);
    for part in parts {
        let arrays: Vec<ArrayRef> = columns.iter().map(|column| part.column(column)).collect::<Result<_, _>>()?;
        converter.append(&mut rows, &arrays).map_err(failed)?;
    }
    Ok(rows)
}

/// Whether each row of `part` has a key of its own; if not, how many have that of another.
pub(super) fn doubles(table: &Table, part: Part) -> Result<usize, StoreError> {
    let parts = [part];
    let keys = comparable(table, table.key, &parts)?;
    let mut seen = FxHashSet::default();
    Ok(keys.iter().filter(|key| !seen.insert(key.data())).count())
}
