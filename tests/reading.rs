//! Documents to read, and what was read as lines that people can compare.

use std::sync::LazyLock;

use polars::prelude::DataFrame;
use serde::Serialize;
use zhibiao::lexicon::Lexicon;
use zhibiao::model::{Document, DocumentId, Format, Origin, Reading, Stated};
use zhibiao::normalize::{self, Run};
use zhibiao::resolve;

/// The compiled-in lexicon, built once for all tests.
pub static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::bundled().unwrap());

/// A document about `region`, published on the day `published`, that holds nothing but `text`.
pub fn document(text: &str, region: &str, published: &str) -> Document {
    Document {
        id: DocumentId("0".repeat(64)),
        uri: "test".to_owned(),
        name: None,
        title: None,
        published: Some(Stated::new(published.parse().unwrap(), Origin::Field)),
        region: Some(Stated::new(region.parse().unwrap(), Origin::Field)),
        publisher: None,
        text: text.to_owned(),
        fetched: None,
        format: Format::Text,
        encoding: Some("UTF-8"),
    }
}

/// The same with a title, unless that is empty.
pub fn titled(text: &str, region: &str, published: &str, title: &str) -> Document {
    let title = (!title.is_empty()).then(|| Stated::new(title.to_owned(), Origin::Field));
    Document { title, ..document(text, region, published) }
}

/// What an analyst looks at in a row.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    pub surface: String,
    pub measure: String,
    pub value_text: String,
    pub unit_text: String,
    pub indicator_name: String,
    pub region_code: Option<String>,
    pub time_period: String,
    pub status: String,
    pub bound: String,
    pub entity: Option<String>,
}

/// The statements of `document`, in the order of the text.
pub fn statements(document: Document) -> Vec<Statement> {
    let reading = resolve::read(&LEXICON, &document);
    let rows = extracted(document, reading);
    let texts = |name: &str| -> Vec<Option<String>> {
        let column = rows.column(name).unwrap().str().unwrap().clone();
        column.iter().map(|text| text.map(str::to_owned)).collect()
    };
    let [surface, measure, value, unit, indicator, region, period, status, bound, entity] = [
        "surface",
        "measure",
        "value_text",
        "unit_text",
        "indicator_name",
        "region_code",
        "time_period",
        "status",
        "bound",
        "entity",
    ]
    .map(texts);
    let text = |column: &[Option<String>], row: usize| column[row].clone().unwrap_or_default();
    let statement = |row| Statement {
        surface: text(&surface, row),
        measure: text(&measure, row),
        value_text: text(&value, row),
        unit_text: text(&unit, row),
        indicator_name: text(&indicator, row),
        region_code: region[row].clone(),
        time_period: text(&period, row),
        status: text(&status, row),
        bound: text(&bound, row),
        entity: entity[row].clone(),
    };
    (0..rows.height()).map(statement).collect()
}

/// The rows of a document as `extract` prints them.
pub fn extracted(document: Document, reading: Reading) -> DataFrame {
    let run = Run { id: "test".to_owned(), began: jiff::Timestamp::UNIX_EPOCH };
    normalize::extracted(&LEXICON, &run, &[(document, reading)]).unwrap()
}
