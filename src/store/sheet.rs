//! The rows that a file is to have, a column at a time.

use arrow::array::{Array, ArrayRef};
use polars::prelude::DataFrame;

use super::StoreError;
use super::batch::{self, array};
use super::part::Part;
use crate::normalize::schema::{Column, Table};

/// Columns that tell of the run and not of what was read: two rows that differ only in them are the same.
pub(super) const OF_THE_RUN: [&str; 4] = ["run_id", "ingested_at", "rejected_at", "checked_at"];

/// Rows of a table, whose columns are made when they are asked for: that of a large file is held no longer than it takes to
/// write it.
pub(super) struct Sheet<'a> {
    pub table: &'static Table,
    pub rows: usize,
    pub columns: Box<dyn Fn(&'static Column) -> Result<ArrayRef, StoreError> + Sync + 'a>,
}

impl<'a> Sheet<'a> {
    /// The rows of `frame`, which has the columns of `table`.
    pub fn of(table: &'static Table, frame: &'a DataFrame) -> Sheet<'a> {
        let columns = |column: &'static Column| {
            let values = frame.column(column.name).and_then(|values| array(values, column.kind));
            values.map_err(StoreError::frame(std::path::Path::new(table.name)))
        };
        Sheet { table, rows: frame.height(), columns: Box::new(columns) }
    }

    /// Whether `old` holds the same, whichever runs wrote the two.
    pub fn is_as(&self, old: &Part) -> Result<bool, StoreError> {
        if old.rows() != self.rows {
            return Ok(false);
        }
        for column in self.table.columns().filter(|column| !OF_THE_RUN.contains(&column.name)) {
            if (self.columns)(column)?.to_data() != old.column(column)?.to_data() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The columns `names` as a frame.
    pub fn frame(&self, names: &[&str]) -> Result<DataFrame, StoreError> {
        let path = std::path::Path::new(self.table.name);
        let columns = names
            .iter()
            .filter_map(|name| self.table.column(name))
            .map(|column| batch::column(column.name, &(self.columns)(column)?).map_err(StoreError::frame(path)));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        DataFrame::new(self.rows, columns).map_err(StoreError::frame(path))
    }
}
