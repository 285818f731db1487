//! The documents that were read before.

use std::collections::{HashMap, HashSet};

use super::layout::partition_year;
use super::{Store, StoreError, parquet};
use crate::normalize::schema::DOCUMENTS;

/// What the ledger knows of a document, short of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The job that read it.
    pub pipeline: String,
    /// Where it came from.
    pub uri: String,
    /// Hash of the facts and defaults given with its bytes.
    pub context_hash: String,
    /// Version of the rules that read it.
    pub extractor_version: String,
    /// Version of the lexicon tables.
    pub lexicon_version: String,
    /// Partition of its rows in `documents` and `numbers`.
    pub published_year: i32,
    /// Partitions of its statements.
    pub years: Vec<i32>,
}

/// The documents that were read before, by id.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    entries: HashMap<String, Entry>,
    by_uri: HashMap<(String, String), HashSet<String>>,
}

impl Ledger {
    /// Reads the table `documents` of `store`, without the texts.
    pub(super) fn read(store: &Store) -> Result<Ledger, StoreError> {
        const COLUMNS: [&str; 8] = [
            "doc_id",
            "pipeline",
            "source_uri",
            "published",
            "years",
            "context_hash",
            "extractor_version",
            "lexicon_version",
        ];
        let mut ledger = Ledger::default();
        for year in store.years(&DOCUMENTS)? {
            let path = store.file(&DOCUMENTS, Some(year));
            let rows = parquet::read(&path, Some(&COLUMNS))?;
            let text = |name: &str| {
                rows.column(name).and_then(|column| column.str().cloned()).map_err(StoreError::frame(&path))
            };
            let (ids, pipelines, uris, contexts) =
                (text("doc_id")?, text("pipeline")?, text("source_uri")?, text("context_hash")?);
            let (years, extractors, lexicons) = (text("years")?, text("extractor_version")?, text("lexicon_version")?);
            let published = rows.column("published").and_then(|column| Ok(column.date()?.physical().clone()));
            let published = published.map_err(StoreError::frame(&path))?;
            for row in 0..rows.height() {
                let word = |column: &polars::prelude::StringChunked| column.get(row).unwrap_or_default().to_owned();
                let entry = Entry {
                    pipeline: word(&pipelines),
                    uri: word(&uris),
                    context_hash: word(&contexts),
                    extractor_version: word(&extractors),
                    lexicon_version: word(&lexicons),
                    published_year: partition_year(published.get(row)),
                    years: word(&years).split(';').filter_map(|year| year.parse().ok()).collect(),
                };
                ledger.insert(word(&ids), entry);
            }
        }
        Ok(ledger)
    }

    /// Number of documents.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no document was ever read.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is known of the document `id`.
    pub fn get(&self, id: &str) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// The documents that the job `pipeline` read at `uri`.
    pub fn at_uri(&self, pipeline: &str, uri: &str) -> impl Iterator<Item = &str> {
        let ids = self.by_uri.get(&(pipeline.to_owned(), uri.to_owned()));
        ids.into_iter().flatten().map(String::as_str)
    }

    fn insert(&mut self, id: String, entry: Entry) {
        self.by_uri.entry((entry.pipeline.clone(), entry.uri.clone())).or_default().insert(id.clone());
        self.entries.insert(id, entry);
    }
}
