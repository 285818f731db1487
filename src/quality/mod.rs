//! Whether numbers fit together: rules over the statements of a year, and what a run must keep to before anything is
//! published.
//!
//! [`Year::checks`] is a pure function of the rules, the observations of a year and the series of the years before it: the
//! same rows give the same findings, whichever runs wrote them, and a finding is gone when its cause is. Every rule takes
//! time linear in the rows, but for sorting.

mod dates;
mod finding;
mod gate;
mod growth;
mod history;
mod ranks;
mod repeats;
mod signs;
mod statement;
mod sums;
mod year;

use polars::error::PolarsResult;
use polars::prelude::{DataFrame, UniqueKeepStrategy};

pub use finding::new_errors;
pub use gate::{QualityError, gate_errors, gate_rejects};
pub use statement::{COLUMNS, EARLIER};
pub use year::{LastYear, Year, looking_back};

use crate::normalize::schema::Table;

/// `rows` without those whose key was there before; the first of each stays.
///
/// # Errors
/// When polars refuses.
pub fn deduplicate(rows: &DataFrame, table: &Table) -> PolarsResult<DataFrame> {
    let key: Vec<String> = table.key.iter().map(|&name| name.to_owned()).collect();
    rows.unique_stable(Some(&key), UniqueKeepStrategy::First, None)
}
