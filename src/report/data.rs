//! What the page is made of: the tables, and one block of text a report.

use polars::error::PolarsResult;
use polars::prelude::{DataFrame, Int32Chunked, IntoColumn, StringChunked};
use serde::Serialize;

use super::packed::Packed;
use super::text::Text;
use super::{Counts, ReportError, tables};
use crate::normalize::schema::{DOCUMENTS, OBSERVATIONS, REJECTS, TABLES, TRENDS};
use crate::store::Store;

/// Tables that the page shows as they are where the store has them.
const AS_THEY_ARE: [&str; 2] = ["checks", "decisions"];

/// Everything that the page shows.
pub(super) struct Data {
    /// The tables, encoded.
    pub tables: String,
    /// The texts, encoded, in the order of `documents`.
    pub reports: Vec<String>,
    /// What is in them.
    pub counts: Counts,
}

#[derive(Serialize)]
struct Tables {
    version: &'static str,
    documents: Packed,
    statements: Packed,
    numbers: Packed,
    rejects: Packed,
    indicators: Packed,
    derived: Packed,
    /// Others, by name.
    more: Vec<(&'static str, Packed)>,
}

impl Data {
    /// Reads `store`.
    pub fn read(store: &Store) -> Result<Data, ReportError> {
        let documents = tables::documents(store)?;
        let statements = tables::statements(store, &documents)?;
        let numbers = tables::numbers(store, &documents)?;
        let indicators = tables::indicators(store, &statements.rows)?;
        let derived = tables::derived(store, &statements.rows)?;
        let (reports, misplaced) = reports(&documents, &statements.rows)?;
        let counts = Counts {
            documents: documents.height(),
            statements: statements.rows.height(),
            misplaced: misplaced.iter().flatten().filter(|&wrong| wrong == 1).count(),
            orphans: statements.orphans + numbers.orphans,
            ..Counts::default()
        };
        let statements = statements.rows.drop("sentence").and_then(|rows| rows.hstack(&[misplaced.into_column()]));
        let statements = statements.map_err(ReportError::frame(OBSERVATIONS.name))?;
        let mut more = Vec::new();
        for table in TABLES.iter().filter(|table| AS_THEY_ARE.contains(&table.name)) {
            let rows = tables::all(store, table, None)?;
            more.push((table.name, packed(&rows, table.name)?));
        }
        let tables = Tables {
            version: env!("CARGO_PKG_VERSION"),
            documents: packed(&documents.drop_many(["text"]), DOCUMENTS.name)?,
            statements: packed(&statements, OBSERVATIONS.name)?,
            numbers: packed(&numbers.rows, "numbers")?,
            rejects: packed(&tables::rejects(store)?, REJECTS.name)?,
            indicators: packed(&indicators, "dim_indicator")?,
            derived: packed(&derived, TRENDS.name)?,
            more,
        };
        Ok(Data { tables: encode(&tables)?, reports, counts })
    }
}

/// The text of each document with the places of its statements, encoded; for each statement 1 where the text does not hold
/// it. One text is taken apart at a time.
fn reports(documents: &DataFrame, statements: &DataFrame) -> Result<(Vec<String>, Int32Chunked), ReportError> {
    let text = |rows: &DataFrame, name: &str| -> PolarsResult<StringChunked> { rows.column(name)?.str().cloned() };
    let number = |name: &str| -> PolarsResult<Int32Chunked> { statements.column(name)?.i32().cloned() };
    let columns = || -> PolarsResult<_> {
        let [places, starts, ends] = [number("report")?, number("char_start")?, number("char_end")?];
        Ok((places, starts, ends, text(statements, "surface")?, text(statements, "sentence")?))
    };
    let (places, starts, ends, surfaces, sentences) = columns().map_err(ReportError::frame(OBSERVATIONS.name))?;
    let texts = text(documents, "text").map_err(ReportError::frame(DOCUMENTS.name))?;
    let mut reports = Vec::with_capacity(texts.len());
    let mut wrong = Vec::with_capacity(statements.height());
    for (text, place) in texts.iter().zip(0..) {
        let mut text = Text::new(text.unwrap_or_default());
        // The statements are in the order of the reports.
        while wrong.len() < places.len() && places.get(wrong.len()) == Some(place) {
            let row = wrong.len();
            let (surface, sentence) = (surfaces.get(row).unwrap_or_default(), sentences.get(row).unwrap_or_default());
            let stated = text.state(starts.get(row).unwrap_or(-1), ends.get(row).unwrap_or(-1), surface, sentence);
            wrong.push(i32::from(!stated));
        }
        reports.push(encode(&text)?);
    }
    let wrong: Int32Chunked = wrong.into_iter().map(Some).collect();
    Ok((reports, wrong.with_name("misplaced".into())))
}

fn packed(rows: &DataFrame, table: &'static str) -> Result<Packed, ReportError> {
    Packed::new(rows).map_err(ReportError::frame(table))
}

/// JSON that no reader of HTML takes for a tag: `<` stands in it only within strings, and is escaped there.
pub(super) fn encode(value: &impl Serialize) -> Result<String, ReportError> {
    Ok(serde_json::to_string(value)?.replace('<', "\\u003c"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_end_the_block_that_it_stands_in() {
        let hostile = "</script><!--<script>alert(1)</script>\u{2028}\0";
        let encoded = encode(&hostile).unwrap_or_default();
        assert!(!encoded.contains('<'), "{encoded}");
        assert_eq!(serde_json::from_str::<String>(&encoded).ok().as_deref(), Some(hostile));
    }
}
