//! From polars to arrow and back: the six column types of the schema, and no other.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, BooleanArray, Date32Array, Float64Array, Int32Array, RecordBatch, StringViewArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{
    DataType, Date32Type, Field, Float64Type, Int32Type, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType,
};
use polars::error::PolarsResult;
use polars::prelude::{
    BooleanChunked, Column, DataFrame, Float64Chunked, Int32Chunked, Int64Chunked, IntoColumn, NewChunkedArray,
    PlSmallStr, StringChunked, TimeZone,
};

use crate::normalize::schema::{Table, Type};

/// The arrow schema of `table`, as readers find it in its files.
pub fn arrow_schema(table: &Table) -> SchemaRef {
    let fields = table.columns().map(|column| {
        let kind = match column.kind {
            Type::Text => DataType::Utf8,
            kind => arrow_type(kind),
        };
        Field::new(column.name, kind, column.nullable)
    });
    Arc::new(Schema::new(fields.collect::<Vec<Field>>()))
}

/// The schema of `table` as it is held here, with texts as views. In a file the two are the same.
pub(super) fn held_schema(table: &Table) -> SchemaRef {
    let fields = table.columns().map(|column| Field::new(column.name, arrow_type(column.kind), column.nullable));
    Arc::new(Schema::new(fields.collect::<Vec<Field>>()))
}

/// The type of a column as it is held here.
pub(super) fn arrow_type(kind: Type) -> DataType {
    match kind {
        Type::Text => DataType::Utf8View,
        Type::Double => DataType::Float64,
        Type::Int => DataType::Int32,
        Type::Bool => DataType::Boolean,
        Type::Date => DataType::Date32,
        Type::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
    }
}

/// `column`, which must be of this kind.
pub(super) fn array(column: &Column, kind: Type) -> PolarsResult<ArrayRef> {
    Ok(match kind {
        Type::Text => Arc::new(column.str()?.iter().collect::<StringViewArray>()),
        Type::Double => Arc::new(column.f64()?.iter().collect::<Float64Array>()),
        Type::Int => Arc::new(column.i32()?.iter().collect::<Int32Array>()),
        Type::Bool => Arc::new(column.bool()?.iter().collect::<BooleanArray>()),
        Type::Date => Arc::new(column.date()?.physical().iter().collect::<Date32Array>()),
        Type::Timestamp => {
            let instants = column.datetime()?.physical().iter().collect::<TimestampMicrosecondArray>();
            Arc::new(instants.with_timezone("UTC"))
        }
    })
}

/// `batch` as a frame.
pub(super) fn frame(batch: &RecordBatch) -> PolarsResult<DataFrame> {
    let columns = batch.schema_ref().fields().iter().zip(batch.columns());
    let columns = columns.map(|(field, array)| column(field.name(), array)).collect::<PolarsResult<Vec<_>>>()?;
    DataFrame::new(batch.num_rows(), columns)
}

/// `rows` with the columns of `table` in their order: those that a file is too old to have are null, if they may be.
pub(super) fn completed(mut rows: DataFrame, table: &Table) -> PolarsResult<DataFrame> {
    let known = |rows: &DataFrame, name: &str| rows.get_column_index(name).is_some();
    for added in table.columns().filter(|column| column.nullable) {
        if !known(&rows, added.name) {
            rows.with_column(Column::full_null(added.name.into(), rows.height(), &polars_type(added.kind)))?;
        }
    }
    let names: Vec<&str> = table.columns().map(|column| column.name).filter(|name| known(&rows, name)).collect();
    rows.select(names)
}

pub(super) fn polars_type(kind: Type) -> polars::prelude::DataType {
    use polars::prelude::DataType;
    match kind {
        Type::Text => DataType::String,
        Type::Double => DataType::Float64,
        Type::Int => DataType::Int32,
        Type::Bool => DataType::Boolean,
        Type::Date => DataType::Date,
        Type::Timestamp => DataType::Datetime(polars::prelude::TimeUnit::Microseconds, Some(TimeZone::UTC)),
    }
}

pub(super) fn column(name: &str, array: &ArrayRef) -> PolarsResult<Column> {
    let name = PlSmallStr::from(name);
    Ok(match array.data_type() {
        DataType::Utf8 => StringChunked::from_iter_options(name, array.as_string::<i32>().iter()).into_column(),
        DataType::Utf8View => StringChunked::from_iter_options(name, array.as_string_view().iter()).into_column(),
        DataType::Float64 => {
            Float64Chunked::from_iter_options(name, array.as_primitive::<Float64Type>().iter()).into_column()
        }
        DataType::Int32 => {
            Int32Chunked::from_iter_options(name, array.as_primitive::<Int32Type>().iter()).into_column()
        }
        DataType::Boolean => BooleanChunked::from_iter_options(name, array.as_boolean().iter()).into_column(),
        DataType::Date32 => {
            Int32Chunked::from_iter_options(name, array.as_primitive::<Date32Type>().iter()).into_date().into_column()
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            let instants = array.as_primitive::<TimestampMicrosecondType>().iter();
            let instants = Int64Chunked::from_iter_options(name, instants);
            instants.into_datetime(polars::prelude::TimeUnit::Microseconds, Some(TimeZone::UTC)).into_column()
        }
        other => polars::error::polars_bail!(SchemaMismatch: "column {name} of type {other}"),
    })
}
