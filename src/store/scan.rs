//! A table as a polars frame that reads no more than a question needs: the columns asked for, and of them the pages that
//! may hold rows that are wanted. Where there is a condition, its own columns come first, and of the others only the
//! rows that it is true of.

use std::any::Any;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use arrow::array::{BooleanArray, RecordBatch, StringArray};
use arrow::compute::kernels::cmp::eq;
use arrow::error::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowPredicate, ArrowPredicateFn, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowFilter,
};
use parquet::file::metadata::PageIndexPolicy;
use polars::error::{PolarsError, PolarsResult};
use polars::prelude::{
    AnonymousScan, AnonymousScanArgs, AnyValue, DataFrame, DataType, Expr, IntoLazy, LazyFrame, Operator, PlSmallStr,
    ScanArgsAnonymous, Schema, SchemaRef,
};

use super::batch::{self, polars_type};
use super::pages::Pages;
use super::{Store, StoreError};
use crate::normalize::schema::{Table, Type};

/// Rows that are decoded and filtered at once.
const BATCH_ROWS: usize = 1 << 15;

/// The column that a partition's folder is named by.
const YEAR: &str = "year";

impl Store {
    /// All rows of `table`, read when the frame is collected. Beside its columns a table of several partitions has the
    /// INT32 `year` of the partition, as readers have it that know of such folders.
    ///
    /// # Errors
    /// When the folder of the table cannot be listed; a file that cannot be read fails the collecting.
    pub fn scan(&self, table: &'static Table) -> Result<LazyFrame, StoreError> {
        let files = match table.year_of {
            Some(_) => self.years(table)?.into_iter().map(|year| (Some(year), self.file(table, Some(year)))).collect(),
            None => vec![(None, self.file(table, None))],
        };
        let mut schema: Schema =
            table.columns().map(|column| (PlSmallStr::from(column.name), polars_type(column.kind))).collect();
        if table.year_of.is_some() {
            schema.insert(YEAR.into(), DataType::Int32);
        }
        let folder = self.root().join("v1").join(table.name);
        let files = files.into_iter().filter(|(_, path)| path.is_file()).collect();
        let scan = Scan { table, schema: Arc::new(schema), files };
        let arguments = ScanArgsAnonymous { schema: Some(scan.schema.clone()), name: table.name, ..Default::default() };
        LazyFrame::anonymous_scan(Arc::new(scan), arguments).map_err(StoreError::frame(&folder))
    }
}

/// The files of a table, each with its year.
struct Scan {
    table: &'static Table,
    schema: SchemaRef,
    files: Vec<(Option<i32>, PathBuf)>,
}

impl AnonymousScan for Scan {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn allows_projection_pushdown(&self) -> bool {
        true
    }

    fn allows_predicate_pushdown(&self) -> bool {
        true
    }

    fn scan(&self, asked: AnonymousScanArgs) -> PolarsResult<DataFrame> {
        let names: Vec<PlSmallStr> = match &asked.with_columns {
            Some(names) => names.to_vec(),
            None => self.schema.iter_names().cloned().collect(),
        };
        let condition = asked.predicate.and_then(without_hints);
        let wanted = Wanted { names: &names, rows: condition.as_ref(), most: asked.n_rows };
        // A thread a file: there are as many as years.
        let parts: Vec<PolarsResult<DataFrame>> = thread::scope(|threads| {
            let readers = self.files.iter().map(|(year, path)| threads.spawn(|| self.read(*year, path, &wanted)));
            let readers: Vec<_> = readers.collect();
            readers
                .into_iter()
                .map(|reader| reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        let mut all = self.none(&names)?;
        for part in parts {
            all.vstack_mut(&part?)?;
        }
        Ok(match asked.n_rows {
            Some(most) => all.head(Some(most)),
            None => all,
        })
    }
}

/// `condition` without what polars adds to it under ORDER BY … LIMIT: rows that cannot be among the first. It comes in a
/// form that cannot be evaluated here, and leaving it out only reads more.
fn without_hints(condition: Expr) -> Option<Expr> {
    match condition {
        Expr::Display { .. } => None,
        Expr::BinaryExpr { left, op: op @ (Operator::And | Operator::LogicalAnd), right } => {
            match (without_hints((*left).clone()), without_hints((*right).clone())) {
                (Some(left), Some(right)) => {
                    Some(Expr::BinaryExpr { left: Arc::new(left), op, right: Arc::new(right) })
                }
                (left, right) => left.or(right),
            }
        }
        condition => Some(condition),
    }
}

/// What of a file is wanted.
struct Wanted<'a> {
    names: &'a [PlSmallStr],
    rows: Option<&'a Expr>,
    most: Option<usize>,
}

impl Scan {
    /// No rows, with the columns `names`.
    fn none(&self, names: &[PlSmallStr]) -> PolarsResult<DataFrame> {
        DataFrame::empty_with_schema(&self.schema).select(names.iter().cloned())
    }

    fn read(&self, year: Option<i32>, path: &Path, wanted: &Wanted<'_>) -> PolarsResult<DataFrame> {
        let failed = |error: StoreError| PolarsError::ComputeError(error.to_string().into());
        let file = File::open(path).map_err(StoreError::io(path)).map_err(failed)?;
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
        let parquet = |error| failed(StoreError::parquet(path)(error));
        let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).map_err(parquet)?;
        let pages = wanted.rows.and_then(|rows| Pages::of(&builder, year).that_may_hold(rows));
        let mut frame = self.none(wanted.names)?;
        if pages.as_ref().is_some_and(|pages| !pages.selects_any()) {
            return Ok(frame);
        }
        // A column that is asked for and that the file is too old to have is added below.
        let columns = wanted.names.iter().map(PlSmallStr::as_str);
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns);
        let filter = wanted.rows.map(|condition| self.filter(&builder, year, condition));
        let mut builder = builder.with_projection(mask).with_batch_size(BATCH_ROWS);
        if let Some(pages) = pages {
            builder = builder.with_row_selection(pages);
        }
        if let Some(filter) = filter {
            builder = builder.with_row_filter(filter);
        }
        for batch in builder.build().map_err(parquet)? {
            let rows = batch::frame(&batch.map_err(|error| parquet(error.into()))?)?;
            frame.vstack_mut(&completed(self.table, rows, year, wanted.names)?)?;
            if wanted.most.is_some_and(|most| frame.height() >= most) {
                break;
            }
        }
        Ok(frame)
    }

    /// Lets the rows pass of which `condition` is true. Of its parts each is asked only about the rows that those before
    /// let pass, and only its own columns are decoded for that.
    fn filter(&self, file: &Reader, year: Option<i32>, condition: &Expr) -> RowFilter {
        let mut parts = Vec::new();
        conjuncts(condition, &mut parts);
        // The sorting is stable: what costs least comes first, and else the order of the question.
        parts.sort_by_key(|part| is_word(part).is_none());
        let predicates = parts.into_iter().map(|part| match is_word(part) {
            Some((name, word)) if is_text(file, name) => word_filter(file, name, word),
            _ => self.any_filter(file, year, part),
        });
        RowFilter::new(predicates.collect())
    }

    fn any_filter(&self, file: &Reader, year: Option<i32>, condition: &Expr) -> Box<dyn ArrowPredicate> {
        let (table, condition) = (self.table, condition.clone());
        let columns = (&condition).into_iter().filter_map(|part| match part {
            Expr::Column(name) => Some(name.clone()),
            _ => None,
        });
        let mut names: Vec<PlSmallStr> = columns.collect();
        names.sort_unstable();
        names.dedup();
        let mask = ProjectionMask::columns(file.parquet_schema(), names.iter().map(PlSmallStr::as_str));
        let is_true = move |batch: &RecordBatch| -> PolarsResult<BooleanArray> {
            let rows = completed(table, batch::frame(batch)?, year, &names)?;
            let truth = rows.lazy().with_column(condition.clone().alias(TRUTH)).collect()?;
            Ok(truth.column(TRUTH)?.bool()?.iter().collect())
        };
        let is_true =
            move |batch: RecordBatch| is_true(&batch).map_err(|error| ArrowError::ComputeError(error.to_string()));
        Box::new(ArrowPredicateFn::new(mask, is_true))
    }
}

/// A file before it is read.
type Reader = ParquetRecordBatchReaderBuilder<File>;

/// The parts of `condition` that must all be true.
fn conjuncts<'e>(condition: &'e Expr, parts: &mut Vec<&'e Expr>) {
    match condition {
        Expr::BinaryExpr { left, op: Operator::And | Operator::LogicalAnd, right } => {
            conjuncts(left, parts);
            conjuncts(right, parts);
        }
        part => parts.push(part),
    }
}

/// The column and the word of `column = 'word'`, which is what most questions ask.
fn is_word(condition: &Expr) -> Option<(&str, &str)> {
    let Expr::BinaryExpr { left, op: Operator::Eq, right } = condition else { return None };
    match (&**left, &**right) {
        (Expr::Column(name), Expr::Literal(word)) | (Expr::Literal(word), Expr::Column(name)) => {
            Some((name, word.extract_str()?))
        }
        _ => None,
    }
}

fn is_text(file: &Reader, name: &str) -> bool {
    file.schema().field_with_name(name).is_ok_and(|field| *field.data_type() == arrow::datatypes::DataType::Utf8)
}

/// Lets the rows pass whose column `name` is `word`; no frame is made for that.
fn word_filter(file: &Reader, name: &str, word: &str) -> Box<dyn ArrowPredicate> {
    let mask = ProjectionMask::columns(file.parquet_schema(), [name]);
    let word = StringArray::new_scalar(word);
    Box::new(ArrowPredicateFn::new(mask, move |batch: RecordBatch| eq(batch.column(0), &word)))
}

/// A name that no column has.
const TRUTH: &str = "?";

/// `rows` of `table` with all columns of `names`, in that order.
fn completed(table: &Table, mut rows: DataFrame, year: Option<i32>, names: &[PlSmallStr]) -> PolarsResult<DataFrame> {
    for name in names.iter().filter(|name| rows.get_column_index(name).is_none()).cloned().collect::<Vec<_>>() {
        let column = table.columns().find(|column| column.name == name && column.nullable);
        let (kind, value) = match (column, year) {
            (Some(column), _) => (column.kind, AnyValue::Null),
            (None, Some(year)) if name == YEAR => (Type::Int, AnyValue::Int32(year)),
            (None, _) => polars::error::polars_bail!(ColumnNotFound: "{name} in {}", table.name),
        };
        let value = polars::prelude::Scalar::new(polars_type(kind), value.into_static());
        rows.with_column(polars::prelude::Column::new_scalar(name, value, rows.height()))?;
    }
    rows.select(names.iter().cloned())
}
