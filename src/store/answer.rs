//! Answers as Parquet: frames with columns that no table has.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use polars::prelude::{Column, DataFrame, DataType as Kind};

use super::StoreError;
use super::batch::array;
use crate::normalize::schema::Type;

/// `rows` as a Parquet file. Counts and sums of whole numbers are INT64; what is no text, number, truth, day or instant
/// is written as text.
///
/// # Errors
/// When polars or the encoder refuses.
pub fn encode_any(rows: &DataFrame) -> Result<Vec<u8>, StoreError> {
    let path = Path::new("-");
    let columns = rows.columns().iter().map(column).collect::<Result<Vec<_>, _>>().map_err(StoreError::frame(path))?;
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    let schema = Arc::new(Schema::new(fields));
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let parquet = |error| StoreError::parquet(path)(error);
    let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(|error| parquet(error.into()))?;
    let mut writer = ArrowWriter::try_new_with_options(Vec::new(), schema, options).map_err(parquet)?;
    writer.write(&batch).map_err(parquet)?;
    writer.into_inner().map_err(parquet)
}

fn column(column: &Column) -> polars::error::PolarsResult<(Field, ArrayRef)> {
    let name = column.name().as_str();
    let known = |kind: Type, data: DataType| Ok::<_, polars::error::PolarsError>((data, array(column, kind)?));
    let (data, array): (DataType, ArrayRef) = match column.dtype() {
        Kind::String => known(Type::Text, DataType::Utf8View)?,
        Kind::Float64 => known(Type::Double, DataType::Float64)?,
        Kind::Int32 => known(Type::Int, DataType::Int32)?,
        Kind::Boolean => known(Type::Bool, DataType::Boolean)?,
        Kind::Date => known(Type::Date, DataType::Date32)?,
        Kind::Datetime(polars::prelude::TimeUnit::Microseconds, Some(_)) => {
            known(Type::Timestamp, DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))?
        }
        kind if kind.is_integer() => {
            let whole = column.cast(&Kind::Int64)?;
            (DataType::Int64, Arc::new(whole.i64()?.iter().collect::<Int64Array>()))
        }
        kind if kind.is_float() => {
            let real = column.cast(&Kind::Float64)?;
            (DataType::Float64, Arc::new(real.f64()?.iter().collect::<Float64Array>()))
        }
        _ => {
            let words = column.cast(&Kind::String)?;
            (DataType::Utf8, Arc::new(words.str()?.iter().collect::<StringArray>()))
        }
    };
    Ok((Field::new(name, data, true), array))
}
