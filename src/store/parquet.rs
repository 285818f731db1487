//! Parquet files: the one writer, its check, and the reader.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use arrow::array::Array;
use arrow::datatypes::FieldRef;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, ArrowWriter, ArrowWriterOptions, compute_leaves,
};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use polars::prelude::DataFrame;

use super::StoreError;
use super::arrangement::doubles;
use super::batch::{arrow_schema, held_schema};
use super::each::each;
use super::part::Part;
use super::sheet::Sheet;
use crate::normalize::schema::{Column, Table};

/// Rows of a row group: readers skip what they do not want by groups, and by the pages in them.
const GROUP_ROWS: usize = 1 << 20;

/// Fewer rows than this are encoded before another thread has begun.
const FEW_ROWS: usize = 1 << 14;

/// Columns of some rows of a file, encoded.
pub(super) type Group = Vec<ArrowColumnChunk>;

/// What a file is written for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To be searched: with statistics for each page, which is also what makes the page index.
    Readers,
    /// To be read once, as a whole.
    Staging,
}

/// `rows` as a Parquet file of `table`. `path` is for messages.
///
/// The file is made in memory, where it is a fraction of the frame, so that what the disk says when it is written comes
/// back as it was said: the `parquet` crate keeps only the words of a system error.
///
/// # Errors
/// When the frame does not have the table's schema.
pub fn encode(rows: &DataFrame, table: &'static Table, path: &Path) -> Result<Vec<u8>, StoreError> {
    let sheet = Sheet::of(table, rows);
    assembled(table, groups(&sheet, path)?, path)
}

/// The row groups of a file of `sheet`; its columns are made and encoded on all cores.
pub(super) fn groups(sheet: &Sheet<'_>, path: &Path) -> Result<Vec<Group>, StoreError> {
    encoded(sheet, Purpose::Readers, path)
}

/// The file of `table` that `groups` make up.
pub(super) fn assembled(table: &Table, groups: Vec<Group>, path: &Path) -> Result<Vec<u8>, StoreError> {
    joined(table, Purpose::Readers, groups, path)
}

fn encoded(sheet: &Sheet<'_>, purpose: Purpose, path: &Path) -> Result<Vec<Group>, StoreError> {
    let (_, factory) = writer(sheet.table, purpose, path)?;
    let starts: Vec<usize> = (0..sheet.rows).step_by(GROUP_ROWS).collect();
    // A writer for each column of each group, column by column.
    let mut writers: Vec<Vec<ArrowColumnWriter>> = sheet.table.columns().map(|_| Vec::new()).collect();
    for number in 0..starts.len() {
        let of_group = factory.create_column_writers(number).map_err(StoreError::parquet(path))?;
        writers.iter_mut().zip(of_group).for_each(|(writers, writer)| writers.push(writer));
    }
    let schema = held_schema(sheet.table);
    let columns: Vec<_> = sheet.table.columns().zip(schema.fields()).zip(writers).collect();
    let encode = |((column, field), writers): ((&'static Column, &FieldRef), Vec<ArrowColumnWriter>)| {
        if starts.is_empty() {
            return Ok(Vec::new());
        }
        let values = (sheet.columns)(column)?;
        if !column.nullable && values.null_count() > 0 {
            let message = format!("{} rows without {}", values.null_count(), column.name);
            return Err(StoreError::Check { path: path.to_owned(), message });
        }
        let chunks = starts.iter().zip(writers).map(|(&start, mut writer)| {
            let values = values.slice(start, GROUP_ROWS.min(sheet.rows - start));
            for leaf in compute_leaves(field, &values)? {
                writer.write(&leaf)?;
            }
            writer.close()
        });
        chunks.collect::<Result<Vec<_>, _>>().map_err(StoreError::parquet(path))
    };
    let columns = match sheet.rows < FEW_ROWS {
        true => columns.into_iter().map(encode).collect::<Result<Vec<_>, _>>()?,
        false => each(columns, encode)?,
    };
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    Ok(starts.iter().map(|_| columns.iter_mut().filter_map(Iterator::next).collect()).collect())
}

fn joined(table: &Table, purpose: Purpose, groups: Vec<Group>, path: &Path) -> Result<Vec<u8>, StoreError> {
    let (mut file, _) = writer(table, purpose, path)?;
    let mut append = |group: Group| {
        let mut rows = file.next_row_group()?;
        group.into_iter().try_for_each(|chunk| chunk.append_to_row_group(&mut rows))?;
        rows.close().map(|_| ())
    };
    groups.into_iter().try_for_each(&mut append).map_err(StoreError::parquet(path))?;
    file.into_inner().map_err(StoreError::parquet(path))
}

type Writer = (SerializedFileWriter<Vec<u8>>, ArrowRowGroupWriterFactory);

fn writer(table: &Table, purpose: Purpose, path: &Path) -> Result<Writer, StoreError> {
    let schema = held_schema(table);
    let position = |name: &&str| schema.index_of(name).ok();
    let sorted = table.order.iter().filter_map(position).map(|index| SortingColumn {
        column_idx: i32::try_from(index).unwrap_or_default(),
        descending: false,
        nulls_first: false,
    });
    let mut properties = match purpose {
        Purpose::Readers => WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(EnabledStatistics::Page)
            .set_sorting_columns(Some(sorted.collect())),
        // Of many small pages each would cost a new context of zstd, twice.
        Purpose::Staging => WriterProperties::builder()
            .set_compression(Compression::UNCOMPRESSED)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_offset_index_disabled(true),
    };
    if let [key] = table.key {
        // No value comes twice.
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(*key), false);
    }
    // Arrow's own schema in the file would tell readers of types (Utf8View) that some cannot filter on.
    let options = ArrowWriterOptions::new().with_properties(properties.build()).with_skip_arrow_metadata(true);
    let writer = ArrowWriter::try_new_with_options(Vec::new(), schema, options);
    writer.and_then(ArrowWriter::into_serialized_writer).map_err(StoreError::parquet(path))
}

/// Writes a file to `path`, down to the disk, and checks what came to lie there.
pub(super) fn write_checked(sheet: &Sheet<'_>, path: &Path) -> Result<(), StoreError> {
    let bytes = assembled(sheet.table, groups(sheet, path)?, path)?;
    write_file(&bytes, path)?.sync_all().map_err(StoreError::io(path))?;
    check(sheet.table, Some(sheet.rows), path)
}

/// Writes `rows` to a new file at `path`, to be read once; it need not outlive the machine.
pub(super) fn write_staged(rows: &DataFrame, table: &'static Table, path: &Path) -> Result<(), StoreError> {
    let groups = encoded(&Sheet::of(table, rows), Purpose::Staging, path)?;
    write_file(&joined(table, Purpose::Staging, groups, path)?, path).map(|_| ())
}

pub(super) fn write_file(bytes: &[u8], path: &Path) -> Result<File, StoreError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
    }
    let mut file = File::create(path).map_err(StoreError::io(path))?;
    file.write_all(bytes).map_err(StoreError::io(path))?;
    Ok(file)
}

/// Reopens the file at `path`: `rows` rows if given, of the table's schema, each with a key of its own.
pub(super) fn check(table: &Table, rows: Option<usize>, path: &Path) -> Result<(), StoreError> {
    let failed = |message: String| Err(StoreError::Check { path: path.to_owned(), message });
    let part = checked(table, rows, path)?;
    match doubles(table, part)? {
        0 => Ok(()),
        doubles => failed(format!("{doubles} rows share a key of {:?}", table.key)),
    }
}

/// Reopens the file at `path`: `rows` rows if given, of the table's schema.
pub(super) fn checked(table: &Table, rows: Option<usize>, path: &Path) -> Result<Part, StoreError> {
    let failed = |message: String| Err(StoreError::Check { path: path.to_owned(), message });
    let file = File::open(path).map_err(StoreError::io(path))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(StoreError::parquet(path))?;
    if reader.schema().fields() != arrow_schema(table).fields() {
        return failed(format!("schema {:?}", reader.schema()));
    }
    let part = Part::open(path)?;
    match rows.filter(|&rows| rows != part.rows()) {
        Some(rows) => failed(format!("{} rows, expected {rows}", part.rows())),
        None => Ok(part),
    }
}

/// The rows of the file at `path`, only `columns` of them if given.
///
/// # Errors
/// When the file cannot be read, or holds a column of a type that the schema does not have.
pub fn read(path: &Path, columns: Option<&[&str]>) -> Result<DataFrame, StoreError> {
    Part::open(path)?.frame(columns)
}
