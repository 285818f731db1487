//! Some years of a table at a time, each read once while the years go by.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use polars::prelude::DataFrame;

use super::{StoreError, Writer};
use crate::normalize::schema::Table;

/// The years of a table, as they will be, that a year which is being prepared looks at.
pub(super) struct Window<'w> {
    writer: &'w Writer,
    table: &'static Table,
    columns: &'static [&'static str],
    years: BTreeMap<i32, Option<DataFrame>>,
}

impl<'w> Window<'w> {
    pub fn new(writer: &'w Writer, table: &'static Table, columns: &'static [&'static str]) -> Window<'w> {
        Window { writer, table, columns, years: BTreeMap::new() }
    }

    /// The partitions of `years` that there are; those before them are let go.
    pub fn read(&mut self, years: RangeInclusive<i32>) -> Result<Vec<&DataFrame>, StoreError> {
        if years.is_empty() {
            return Ok(Vec::new());
        }
        self.years = self.years.split_off(years.start());
        for year in years.clone() {
            if !self.years.contains_key(&year) {
                self.years.insert(year, self.writer.prepared(self.table, year, self.columns)?);
            }
        }
        Ok(self.years.range(years).filter_map(|(_, frame)| frame.as_ref()).collect())
    }
}
