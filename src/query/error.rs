//! Why a question has no answer.

use polars::error::PolarsError;

use crate::store::StoreError;

/// A question that could not be answered.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The SQL is wrong, or names what there is not.
    #[error("sql: {}{hint}", first_line(source))]
    Sql {
        /// What polars said.
        source: PolarsError,
        /// What there is instead, empty where that says nothing.
        hint: String,
    },
    /// The rows could not be read or put together.
    #[error("{}", first_line(.0))]
    Frame(#[from] PolarsError),
}

/// What went wrong, without the plan that polars prints below it.
fn first_line(error: &PolarsError) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
