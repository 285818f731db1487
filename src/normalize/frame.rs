//! Builds a polars frame row by row, to the schema of a table.

use std::borrow::Cow;

use jiff::{Timestamp, civil::Date};
use polars::prelude::{
    BooleanChunkedBuilder, ChunkedBuilder, Column as Series, DataFrame, Float64Type, Int32Type, Int64Type, IntoColumn,
    IntoSeries, PrimitiveChunkedBuilder, StringChunkedBuilder, TimeUnit, TimeZone,
};

use super::NormalizeError;
use super::schema::{Column, Table, Type};

/// One value of a row.
#[derive(Clone, Debug)]
pub enum Cell<'a> {
    /// For [`Type::Text`].
    Text(Option<Cow<'a, str>>),
    /// For [`Type::Double`].
    Double(Option<f64>),
    /// For [`Type::Int`].
    Int(Option<i32>),
    /// For [`Type::Bool`].
    Bool(bool),
    /// For [`Type::Date`].
    Date(Option<Date>),
    /// For [`Type::Timestamp`].
    Timestamp(Option<Timestamp>),
}

macro_rules! cells {
    ($($from:ty, $value:ident => $cell:expr;)+) => {
        $(impl<'a> From<$from> for Cell<'a> {
            fn from($value: $from) -> Self {
                $cell
            }
        })+
    };
}

cells! {
    &'a str, text => Cell::Text(Some(Cow::Borrowed(text)));
    String, text => Cell::Text(Some(Cow::Owned(text)));
    Option<&'a str>, text => Cell::Text(text.map(Cow::Borrowed));
    Option<String>, text => Cell::Text(text.map(Cow::Owned));
    f64, number => Cell::Double(Some(number));
    Option<f64>, number => Cell::Double(number);
    i32, number => Cell::Int(Some(number));
    Option<i32>, number => Cell::Int(number);
    bool, truth => Cell::Bool(truth);
    Date, day => Cell::Date(Some(day));
    Option<Date>, day => Cell::Date(day);
    Timestamp, instant => Cell::Timestamp(Some(instant));
    Option<Timestamp>, instant => Cell::Timestamp(instant);
}

/// One column under construction.
enum Builder {
    Text(StringChunkedBuilder),
    Double(PrimitiveChunkedBuilder<Float64Type>),
    Int(PrimitiveChunkedBuilder<Int32Type>),
    Bool(BooleanChunkedBuilder),
    Date(PrimitiveChunkedBuilder<Int32Type>),
    Timestamp(PrimitiveChunkedBuilder<Int64Type>),
}

/// A frame under construction.
pub struct FrameBuilder {
    table: &'static Table,
    columns: Vec<(&'static Column, Builder)>,
}

impl FrameBuilder {
    /// An empty frame with the columns of `table`.
    pub fn new(table: &'static Table) -> Self {
        let columns = table.columns().map(|column| (column, Builder::new(column))).collect();
        FrameBuilder { table, columns }
    }

    /// Adds a row: every column of the table by name, in its order.
    ///
    /// # Errors
    /// When a name or type is not the schema's, or a value is null in a column that takes none.
    pub fn push<'a>(&mut self, row: impl IntoIterator<Item = (&'static str, Cell<'a>)>) -> Result<(), NormalizeError> {
        let mut cells = row.into_iter();
        for (column, builder) in &mut self.columns {
            let given = cells.next().filter(|(name, _)| *name == column.name);
            if !given.is_some_and(|(_, cell)| builder.append(column, cell)) {
                return Err(NormalizeError::Cell { table: self.table.name, column: column.name });
            }
        }
        Ok(())
    }

    /// The frame.
    ///
    /// # Errors
    /// When polars cannot put the columns together.
    pub fn finish(self) -> Result<DataFrame, NormalizeError> {
        let columns = self.columns.into_iter().map(|(_, builder)| builder.finish()).collect();
        Ok(DataFrame::new_infer_height(columns)?)
    }
}

impl Builder {
    fn new(column: &Column) -> Self {
        let name = column.name.into();
        match column.kind {
            Type::Text => Builder::Text(StringChunkedBuilder::new(name, 0)),
            Type::Double => Builder::Double(PrimitiveChunkedBuilder::new(name, 0)),
            Type::Int => Builder::Int(PrimitiveChunkedBuilder::new(name, 0)),
            Type::Bool => Builder::Bool(BooleanChunkedBuilder::new(name, 0)),
            Type::Date => Builder::Date(PrimitiveChunkedBuilder::new(name, 0)),
            Type::Timestamp => Builder::Timestamp(PrimitiveChunkedBuilder::new(name, 0)),
        }
    }

    /// Adds `cell`; false when it does not belong in `column`.
    fn append(&mut self, column: &Column, cell: Cell<'_>) -> bool {
        let present = match (self, cell) {
            (Builder::Text(builder), Cell::Text(text)) => {
                builder.append_option(text.as_deref());
                text.is_some()
            }
            (Builder::Double(builder), Cell::Double(number)) => {
                builder.append_option(number);
                number.is_some()
            }
            (Builder::Int(builder), Cell::Int(number)) => {
                builder.append_option(number);
                number.is_some()
            }
            (Builder::Bool(builder), Cell::Bool(truth)) => {
                builder.append_value(truth);
                true
            }
            (Builder::Date(builder), Cell::Date(day)) => {
                builder.append_option(day.map(epoch_days));
                day.is_some()
            }
            (Builder::Timestamp(builder), Cell::Timestamp(instant)) => {
                builder.append_option(instant.map(Timestamp::as_microsecond));
                instant.is_some()
            }
            _ => return false,
        };
        present || column.nullable
    }

    fn finish(self) -> Series {
        match self {
            Builder::Text(builder) => builder.finish().into_column(),
            Builder::Double(builder) => builder.finish().into_column(),
            Builder::Int(builder) => builder.finish().into_column(),
            Builder::Bool(builder) => builder.finish().into_column(),
            Builder::Date(builder) => builder.finish().into_date().into_series().into_column(),
            Builder::Timestamp(builder) => {
                let instants = builder.finish().into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
                instants.into_series().into_column()
            }
        }
    }
}

/// Days from 1970-01-01 to `day`.
pub fn epoch_days(day: Date) -> i32 {
    (day - Date::constant(1970, 1, 1)).get_days()
}

/// The day `days` after 1970-01-01; the nearest that can be told when it is out of range.
pub fn from_epoch_days(days: i32) -> Date {
    let epoch = Date::constant(1970, 1, 1);
    epoch.saturating_add(jiff::Span::new().try_days(days).unwrap_or_default())
}
