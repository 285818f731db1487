//! A Parquet file that is read column by column: of a large one no more than a column is held at once.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, new_empty_array, new_null_array};
use arrow::compute::concat;
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use polars::prelude::DataFrame;

use super::StoreError;
use super::batch;
use crate::normalize::schema::Column;

/// A file of a table. It is opened for each column anew: several are read at once, each from a place of its own, which copies of
/// one open file would share; and there may be more parts than a process may have open.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    rows: usize,
}

impl Part {
    pub fn open(path: &Path) -> Result<Part, StoreError> {
        let parquet = |error| StoreError::parquet(path)(error);
        let file = File::open(path).map_err(StoreError::io(path))?;
        let stored = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(parquet)?;
        // Texts as views into the pages that they are read from, not copied one by one.
        let fields = stored.schema().fields().iter().map(|field| match field.data_type() {
            DataType::Utf8 => Field::new(field.name(), DataType::Utf8View, field.is_nullable()),
            kind => Field::new(field.name(), kind.clone(), field.is_nullable()),
        });
        let schema = Arc::new(Schema::new(fields.collect::<Vec<Field>>()));
        let options = ArrowReaderOptions::new().with_schema(schema);
        let metadata = ArrowReaderMetadata::try_new(stored.metadata().clone(), options).map_err(parquet)?;
        let rows = usize::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or_default();
        Ok(Part { path: path.to_owned(), metadata, rows })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The names of the columns that the file has.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.metadata.schema().fields().iter().map(|field| field.name().as_str())
    }

    /// All values of a column of its table; nulls where the file is too old to have it, and it may be null.
    pub fn column(&self, column: &Column) -> Result<ArrayRef, StoreError> {
        match self.metadata.schema().index_of(column.name) {
            Err(_) if column.nullable => Ok(new_null_array(&batch::arrow_type(column.kind), self.rows)),
            _ => self.named(column.name),
        }
    }

    /// All values of the column `name`.
    pub fn named(&self, name: &str) -> Result<ArrayRef, StoreError> {
        let parquet = |error| StoreError::parquet(&self.path)(error);
        let index = self.metadata.schema().index_of(name).map_err(|error| parquet(error.into()))?;
        let file = File::open(&self.path).map_err(StoreError::io(&self.path))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let mask = ProjectionMask::leaves(builder.parquet_schema(), [index]);
        let reader = builder.with_projection(mask).with_batch_size(self.rows.max(1)).build().map_err(parquet)?;
        let arrays = reader.map(|batch| batch.map(|batch| batch.column(0).clone()));
        let arrays: Vec<ArrayRef> = arrays.collect::<Result<_, _>>().map_err(|error| parquet(error.into()))?;
        match &arrays[..] {
            [] => Ok(new_empty_array(self.metadata.schema().field(index).data_type())),
            [array] => Ok(array.clone()),
            arrays => {
                let arrays: Vec<&dyn arrow::array::Array> = arrays.iter().map(|array| array.as_ref()).collect();
                concat(&arrays).map_err(|error| parquet(error.into()))
            }
        }
    }

    /// The columns `names` as a frame, all of the file if none are named.
    pub fn frame(&self, names: Option<&[&str]>) -> Result<DataFrame, StoreError> {
        let all: Vec<&str>;
        let names = match names {
            Some(names) => names,
            None => {
                all = self.names().collect();
                &all
            }
        };
        let columns =
            names.iter().map(|name| batch::column(name, &self.named(name)?).map_err(StoreError::frame(&self.path)));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let rows = DataFrame::new(self.rows, columns).map_err(StoreError::frame(&self.path))?;
        // Polars makes a scalar of a column of one row, whose values are of another kind; appended to a column they are not.
        rows.clear().vstack(&rows).map_err(StoreError::frame(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{Column as Series, IntoColumn, NamedFrom};

    use super::*;
    use crate::normalize::schema::DIM_INDICATOR;
    use crate::store::each::each;
    use crate::store::parquet::encode;

    #[test]
    fn columns_that_are_read_at_once_do_not_mix() {
        const ROWS: usize = 40_000;
        let columns = DIM_INDICATOR.columns().map(|column| {
            let values: Vec<String> = (0..ROWS).map(|row| format!("{} {row}", column.name)).collect();
            polars::prelude::Series::new(column.name.into(), values).into_column()
        });
        let rows = DataFrame::new(ROWS, columns.collect::<Vec<Series>>()).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), encode(&rows, &DIM_INDICATOR, file.path()).unwrap()).unwrap();
        let part = Part::open(file.path()).unwrap();
        let names: Vec<&str> = DIM_INDICATOR.columns().map(|column| column.name).collect();
        for _ in 0..5 {
            let read = each(names.clone(), |name| {
                batch::column(name, &part.named(name)?).map_err(StoreError::frame(file.path()))
            });
            let read = read.unwrap();
            assert!(read.iter().zip(rows.columns()).all(|(read, written)| read.equals(written)));
        }
    }
}
