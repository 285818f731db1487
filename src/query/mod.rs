//! Reading the store: what its tables say about one question. Never writes and takes no lock.

mod conflicts;
mod coverage;
mod diff;
mod error;
mod frequency;
mod readable;
mod series;
mod sql;
mod trend;

use polars::prelude::DataFrame;

pub use conflicts::conflicts;
pub use coverage::{Coverage, coverage, uncatalogued};
pub use diff::diff;
pub use error::QueryError;
pub use frequency::Frequency;
pub(crate) use readable::{number, scale};
pub use series::series;
pub use sql::sql;
pub use trend::{Line, Point, Question, Report, Trend, trend};

use crate::normalize::schema::Table;
use crate::store::{Store, StoreError};

/// What `of_year` gives for the years of `table`, one below the other; a frame without columns when there is nothing.
fn in_years(
    store: &Store,
    table: &Table,
    of_year: impl Fn(i32) -> Result<Option<DataFrame>, StoreError>,
) -> Result<DataFrame, StoreError> {
    let mut all: Option<DataFrame> = None;
    for year in store.years(table)? {
        let Some(rows) = of_year(year)? else { continue };
        match &mut all {
            None => all = Some(rows),
            Some(all) => {
                let path = store.file(table, Some(year));
                all.vstack_mut(&rows).map_err(|source| StoreError::Frame { path, source })?;
            }
        }
    }
    Ok(all.unwrap_or_else(DataFrame::empty))
}
