//! What can go wrong while frames are built. None of it depends on a document's content.

/// A frame that could not be built.
#[derive(Debug, thiserror::Error)]
pub enum NormalizeError {
    /// A row does not keep to the schema.
    #[error("table {table}: column {column}: the value missing, null or of another type than the schema's")]
    Cell {
        /// The table.
        table: &'static str,
        /// Its column.
        column: &'static str,
    },
    /// A decision does not keep to the schema.
    #[error("table decisions: {0}")]
    Decision(#[from] serde_json::Error),
    /// Polars refused.
    #[error("frame: {0}")]
    Frame(#[from] polars::error::PolarsError),
}
