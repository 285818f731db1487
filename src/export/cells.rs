//! Values as text that can be read back: all digits of a number, and nothing for null.

use std::fmt::Write;

use jiff::Timestamp;
use polars::error::PolarsError;
use polars::prelude::{BooleanChunked, DataFrame, Float64Chunked, Int32Chunked, Int64Chunked, StringChunked};

use crate::normalize::from_epoch_days;
use crate::normalize::schema::{Column, Type};

/// Why rows could not be written as text.
#[derive(Debug)]
pub(super) enum Refused {
    /// The writer refused.
    Write(csv::Error),
    /// A column is not there, or of another type.
    Frame(PolarsError),
}

impl From<csv::Error> for Refused {
    fn from(error: csv::Error) -> Self {
        Refused::Write(error)
    }
}

impl From<PolarsError> for Refused {
    fn from(error: PolarsError) -> Self {
        Refused::Frame(error)
    }
}

/// The values of a column.
pub(super) enum Cells {
    Text(StringChunked),
    Double(Float64Chunked),
    Int(Int32Chunked),
    Bool(BooleanChunked),
    Date(Int32Chunked),
    Timestamp(Int64Chunked),
}

impl Cells {
    /// The values that `rows` have in `column`.
    pub fn of(rows: &DataFrame, column: &Column) -> Result<Cells, PolarsError> {
        let values = rows.column(column.name)?;
        Ok(match column.kind {
            Type::Text => Cells::Text(values.str()?.clone()),
            Type::Double => Cells::Double(values.f64()?.clone()),
            Type::Int => Cells::Int(values.i32()?.clone()),
            Type::Bool => Cells::Bool(values.bool()?.clone()),
            Type::Date => Cells::Date(values.date()?.physical().clone()),
            Type::Timestamp => Cells::Timestamp(values.datetime()?.physical().clone()),
        })
    }

    /// The value in `row`, written to `scratch` where it is no text by itself.
    pub fn text<'t>(&'t self, row: usize, scratch: &'t mut String) -> &'t str {
        scratch.clear();
        // Writing to a string cannot fail.
        let _ = match self {
            Cells::Text(values) => return values.get(row).unwrap_or_default(),
            Cells::Double(values) => values.get(row).map(|number| write!(scratch, "{number}")),
            Cells::Int(values) => values.get(row).map(|number| write!(scratch, "{number}")),
            Cells::Bool(values) => values.get(row).map(|truth| write!(scratch, "{truth}")),
            Cells::Date(values) => values.get(row).map(|day| write!(scratch, "{}", from_epoch_days(day))),
            Cells::Timestamp(values) => {
                let instant = values.get(row).and_then(|micros| Timestamp::from_microsecond(micros).ok());
                instant.map(|instant| write!(scratch, "{instant}"))
            }
        };
        scratch
    }
}
