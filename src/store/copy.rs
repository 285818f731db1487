//! Whole tables, some rows at a time: to be read, and to be written as one file elsewhere.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::arrow_writer::{ArrowWriter, ArrowWriterOptions};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use polars::prelude::{DataFrame, PolarsResult};

use super::batch::{self, array, held_schema};
use super::{Store, StoreError};
use crate::normalize::schema::Table;

/// Rows that are handed on at once.
const BATCH_ROWS: usize = 1 << 13;

/// Rows of a group of the one file: the most that the encoder holds, compressed, before it writes.
const GROUP_ROWS: usize = 1 << 17;

impl Store {
    /// Hands on all rows of `table`, some thousand at a time, in the order of the files. A column that may be null and that a
    /// file is too old to have is null.
    ///
    /// # Errors
    /// When a file cannot be read, and what `take` says.
    pub fn batches<E: From<StoreError>>(
        &self,
        table: &Table,
        mut take: impl FnMut(&DataFrame) -> Result<(), E>,
    ) -> Result<(), E> {
        let files: Vec<PathBuf> = match table.year_of {
            Some(_) => self.years(table)?.into_iter().map(|year| self.file(table, Some(year))).collect(),
            None => vec![self.file(table, None)],
        };
        for path in files.iter().filter(|path| path.is_file()) {
            let file = File::open(path).map_err(StoreError::io(path))?;
            let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(StoreError::parquet(path))?;
            for rows in reader.with_batch_size(BATCH_ROWS).build().map_err(StoreError::parquet(path))? {
                let rows = rows.map_err(|error| StoreError::parquet(path)(error.into()))?;
                let rows = batch::frame(&rows).and_then(|rows| batch::completed(rows, table));
                take(&rows.map_err(StoreError::frame(path))?)?;
            }
        }
        Ok(())
    }
}

/// All rows of a table in one Parquet file, with the columns of the table and no other.
pub struct TableFile<'p, W: Write + Send> {
    writer: ArrowWriter<W>,
    table: &'static Table,
    schema: SchemaRef,
    path: &'p Path,
}

impl<'p, W: Write + Send> TableFile<'p, W> {
    /// A file of `table` that goes to `out`; `path` is for messages.
    ///
    /// # Errors
    /// When the encoder refuses.
    pub fn new(out: W, table: &'static Table, path: &'p Path) -> Result<Self, StoreError> {
        let schema = held_schema(table);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let writer =
            ArrowWriter::try_new_with_options(out, schema.clone(), options).map_err(StoreError::parquet(path))?;
        Ok(TableFile { writer, table, schema, path })
    }

    /// Adds `rows`.
    ///
    /// # Errors
    /// When they do not have the table's columns, or cannot be written.
    pub fn write(&mut self, rows: &DataFrame) -> Result<(), StoreError> {
        let arrays = self.table.columns().map(|column| array(rows.column(column.name)?, column.kind));
        let arrays = arrays.collect::<PolarsResult<Vec<_>>>().map_err(StoreError::frame(self.path))?;
        let batch = RecordBatch::try_new(self.schema.clone(), arrays);
        let batch = batch.map_err(|error| StoreError::parquet(self.path)(error.into()))?;
        self.writer.write(&batch).map_err(StoreError::parquet(self.path))
    }

    /// Writes what is still held, and the end of the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> Result<(), StoreError> {
        self.writer.close().map(|_| ()).map_err(StoreError::parquet(self.path))
    }
}
