//! Parquet files: the one writer, its check, and the reader.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use arrow::array::{RecordBatch, RecordBatchReader};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::arrow_writer::{ArrowWriter, ArrowWriterOptions};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use polars::prelude::DataFrame;

use super::StoreError;
use super::batch::{self, arrays, arrow_schema, record_batch};
use crate::normalize::schema::Table;

/// Bytes of a frame that are turned into one arrow batch: arrow counts the bytes of a text column in 31 bits.
const BATCH_BYTES: usize = 256 << 20;

/// Rows that are read at once.
const BATCH_ROWS: usize = 1 << 16;

/// `rows` as a Parquet file of `table`. `path` is for messages.
///
/// The file is made in memory, where it is a fraction of the frame, so that what the disk says when it is written comes
/// back as it was said: the `parquet` crate keeps only the words of a system error.
///
/// # Errors
/// When the frame does not have the table's schema.
pub fn encode(rows: &DataFrame, table: &Table, path: &Path) -> Result<Vec<u8>, StoreError> {
    let schema = arrow_schema(table);
    let position = |name: &&str| schema.index_of(name).ok();
    let sorted = table.order.iter().filter_map(position).map(|index| SortingColumn {
        column_idx: i32::try_from(index).unwrap_or_default(),
        descending: false,
        nulls_first: false,
    });
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        // Statistics for each page, which is also what makes the page index.
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_sorting_columns(Some(sorted.collect()))
        .build();
    // Arrow's own schema in the file would tell readers of types (Utf8View) that some cannot filter on.
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let mut writer =
        ArrowWriter::try_new_with_options(Vec::new(), schema.clone(), options).map_err(StoreError::parquet(path))?;
    let most = (rows.height().max(1) * BATCH_BYTES / rows.estimated_size().max(1)).clamp(1, 1 << 16);
    for start in (0..rows.height()).step_by(most) {
        let slice = rows.slice(i64::try_from(start).unwrap_or(i64::MAX), most);
        let arrays = arrays(&slice, table).map_err(StoreError::frame(path))?;
        let batch = record_batch(schema.clone(), arrays).map_err(|error| StoreError::parquet(path)(error.into()))?;
        writer.write(&batch).map_err(StoreError::parquet(path))?;
    }
    writer.into_inner().map_err(StoreError::parquet(path))
}

/// Writes `frame` to a new file at `path`, down to the disk, and checks what came to lie there.
pub(super) fn write_checked(frame: &DataFrame, table: &Table, path: &Path) -> Result<(), StoreError> {
    write_file(frame, table, path)?.sync_all().map_err(StoreError::io(path))?;
    check(table, Some(frame.height()), path)
}

/// Writes `frame` to a new file at `path`; it need not outlive the machine.
pub(super) fn write_file(frame: &DataFrame, table: &Table, path: &Path) -> Result<File, StoreError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
    }
    let bytes = encode(frame, table, path)?;
    let mut file = File::create(path).map_err(StoreError::io(path))?;
    file.write_all(&bytes).map_err(StoreError::io(path))?;
    Ok(file)
}

/// Reopens the file at `path`: `rows` rows if given, of the table's schema, each with a key of its own.
pub(super) fn check(table: &Table, rows: Option<usize>, path: &Path) -> Result<(), StoreError> {
    let failed = |message: String| Err(StoreError::Check { path: path.to_owned(), message });
    let file = File::open(path).map_err(StoreError::io(path))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(StoreError::parquet(path))?;
    if reader.schema().fields() != arrow_schema(table).fields() {
        return failed(format!("schema {:?}", reader.schema()));
    }
    let keys = read(path, Some(table.key))?;
    let height = keys.height();
    if let Some(rows) = rows.filter(|&rows| height != rows) {
        return failed(format!("{height} rows, expected {rows}"));
    }
    let distinct = keys.unique::<String, String>(None, Default::default(), None).map_err(StoreError::frame(path))?;
    if distinct.height() != height {
        return failed(format!("{} rows share a key of {:?}", height - distinct.height(), table.key));
    }
    Ok(())
}

/// The rows of the file at `path`, only `columns` of them if given.
///
/// # Errors
/// When the file cannot be read, or holds a column of a type that the schema does not have.
pub fn read(path: &Path, columns: Option<&[&str]>) -> Result<DataFrame, StoreError> {
    let file = File::open(path).map_err(StoreError::io(path))?;
    let mut reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(StoreError::parquet(path))?;
    if let Some(names) = columns {
        let mask = ProjectionMask::columns(reader.parquet_schema(), names.iter().copied());
        reader = reader.with_projection(mask);
    }
    let batches = reader.with_batch_size(BATCH_ROWS).build().map_err(StoreError::parquet(path))?;
    // The reader's schema is that of the columns asked for, the builder's that of the file.
    let empty = RecordBatch::new_empty(batches.schema());
    let mut rows = batch::frame(&empty).map_err(StoreError::frame(path))?;
    for batch in batches {
        let batch = batch.map_err(|error| StoreError::parquet(path)(error.into()))?;
        batch::frame(&batch).and_then(|more| rows.vstack_mut(&more).map(|_| ())).map_err(StoreError::frame(path))?;
    }
    // The projection keeps the order of the file; callers get that of their list.
    match columns {
        Some(names) => rows.select(names.iter().copied()).map_err(StoreError::frame(path)),
        None => Ok(rows),
    }
}
