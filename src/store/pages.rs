//! Which pages of a file may hold rows that a condition is true of, by the least and the greatest value of each page.

use std::cmp::Ordering;
use std::fs::File;

use parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReaderBuilder, RowSelection, RowSelector};
use polars::prelude::{AnyValue, Column, Expr, LiteralValue, Operator};

use super::batch;

/// The pages of a file of the partition `year`.
pub(super) struct Pages<'f> {
    file: &'f ParquetRecordBatchReaderBuilder<File>,
    year: Option<i32>,
}

impl<'f> Pages<'f> {
    pub fn of(file: &'f ParquetRecordBatchReaderBuilder<File>, year: Option<i32>) -> Self {
        Pages { file, year }
    }

    /// The rows of the pages that may hold rows that `condition` is true of; `None` where nothing can be said.
    pub fn that_may_hold(&self, condition: &Expr) -> Option<RowSelection> {
        let Expr::BinaryExpr { left, op, right } = condition else { return None };
        match op {
            Operator::And | Operator::LogicalAnd => match (self.that_may_hold(left), self.that_may_hold(right)) {
                (Some(left), Some(right)) => Some(left.intersection(&right)),
                (left, right) => left.or(right),
            },
            Operator::Or | Operator::LogicalOr => Some(self.that_may_hold(left)?.union(&self.that_may_hold(right)?)),
            _ => match (&**left, &**right) {
                (Expr::Column(name), value) => self.compared(name, *op, constant(value)?),
                (value, Expr::Column(name)) => self.compared(name, turned(*op)?, constant(value)?),
                _ => None,
            },
        }
    }

    /// The pages that may hold a value of the column `name` for which `value op constant`.
    fn compared(&self, name: &str, op: Operator, constant: AnyValue<'_>) -> Option<RowSelection> {
        if let (true, Some(year)) = (name == "year", self.year) {
            let rows = usize::try_from(self.file.metadata().file_metadata().num_rows()).ok()?;
            let year = AnyValue::Int32(year);
            let held = may_hold(&year, &year, op, &constant);
            return Some(RowSelection::from(vec![RowSelector { row_count: rows, skip: !held }]));
        }
        let metadata = self.file.metadata();
        let (columns, offsets) = (metadata.column_index()?, metadata.offset_index()?);
        let groups: Vec<usize> = (0..metadata.num_row_groups()).collect();
        let statistics = StatisticsConverter::try_new(name, self.file.schema(), self.file.parquet_schema()).ok()?;
        let least = statistics.data_page_mins(columns, offsets, &groups).ok()?;
        let greatest = statistics.data_page_maxes(columns, offsets, &groups).ok()?;
        let counts = statistics.data_page_row_counts(offsets, metadata.row_groups(), &groups).ok()??;
        let [least, greatest]: [Option<Column>; 2] = [least, greatest].map(|array| batch::column(name, &array).ok());
        let (least, greatest) = (least?, greatest?);
        let selectors = counts.iter().enumerate().map(|(page, rows)| {
            let held = may_hold(&least.get(page).ok()?, &greatest.get(page).ok()?, op, &constant);
            Some(RowSelector { row_count: usize::try_from(rows?).ok()?, skip: !held })
        });
        selectors.collect::<Option<Vec<_>>>().map(RowSelection::from)
    }
}

/// Whether a value between `least` and `greatest` may be in the relation `op` to `constant`.
fn may_hold(least: &AnyValue<'_>, greatest: &AnyValue<'_>, op: Operator, constant: &AnyValue<'_>) -> bool {
    let (Some(least), Some(greatest)) = (compare(least, constant), compare(greatest, constant)) else { return true };
    match op {
        Operator::Eq => least.is_le() && greatest.is_ge(),
        Operator::Lt => least.is_lt(),
        Operator::LtEq => least.is_le(),
        Operator::Gt => greatest.is_gt(),
        Operator::GtEq => greatest.is_ge(),
        _ => true,
    }
}

/// Only values of one kind can be told apart.
fn compare(a: &AnyValue<'_>, b: &AnyValue<'_>) -> Option<Ordering> {
    match (a, b) {
        (AnyValue::Date(a), AnyValue::Date(b)) => Some(a.cmp(b)),
        _ => match (a.get_str(), b.get_str()) {
            (Some(a), Some(b)) => Some(a.cmp(b)),
            _ if a.dtype().is_primitive_numeric() && b.dtype().is_primitive_numeric() => {
                a.extract::<f64>()?.partial_cmp(&b.extract::<f64>()?)
            }
            _ => None,
        },
    }
}

fn constant(value: &Expr) -> Option<AnyValue<'_>> {
    match value {
        Expr::Literal(value @ LiteralValue::Scalar(_)) => value.to_any_value(),
        _ => None,
    }
}

/// The relation seen from the other side.
fn turned(op: Operator) -> Option<Operator> {
    Some(match op {
        Operator::Eq => Operator::Eq,
        Operator::Lt => Operator::Gt,
        Operator::LtEq => Operator::GtEq,
        Operator::Gt => Operator::Lt,
        Operator::GtEq => Operator::LtEq,
        _ => return None,
    })
}
