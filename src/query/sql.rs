//! SQL over the tables of a store.

use polars::error::PolarsError;
use polars::prelude::{DataFrame, LazyFrame};
use polars::sql::SQLContext;

use super::QueryError;
use crate::normalize::schema::TABLES;
use crate::store::Store;

/// The rows that the SELECT `text` gives over the tables of `store`, each under its name; the first `most` if given. Only
/// the columns that it names are read, and of large files the pages that its conditions may hold on.
///
/// # Errors
/// When the text is no SQL that polars knows, names what there is not, or the store cannot be read.
pub fn sql(store: &Store, text: &str, most: Option<u32>) -> Result<DataFrame, QueryError> {
    let mut context = SQLContext::new();
    for table in TABLES {
        context.register(table.name, store.scan(table)?);
    }
    let wrong = |source: PolarsError| {
        let hint = match &source {
            // An unknown table and an unknown word come as the same variant.
            PolarsError::SQLInterface(message) if message.contains("relation") => {
                let names: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
                format!("; the tables are {}", names.join(", "))
            }
            _ => String::new(),
        };
        QueryError::Sql { source, hint }
    };
    let mut answer: LazyFrame = context.execute(text).map_err(wrong)?;
    answer.collect_schema().map_err(wrong)?;
    let answer = match most {
        Some(most) => answer.limit(most),
        None => answer,
    };
    Ok(answer.collect()?)
}
