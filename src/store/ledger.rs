//! The documents that were read before.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use polars::error::PolarsResult;
use polars::prelude::{DataFrame, Int32Chunked, Int64Chunked, StringChunked};

use super::layout::partition_year;
use super::{Store, StoreError, parquet};
use crate::model::Fetched;
use crate::normalize::from_epoch_days;
use crate::normalize::schema::DOCUMENTS;
use crate::source::{Declared, is_remote};

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
    /// Day of publication.
    pub published: Option<Date>,
    /// Partition of its rows in `documents` and `numbers`.
    pub published_year: i32,
    /// Partitions of its statements.
    pub years: Vec<i32>,
    /// Facts that came with its bytes.
    pub declared: Declared,
    /// What the server said, if it was fetched.
    pub fetched: Option<Fetched>,
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
        let mut ledger = Ledger::default();
        for year in store.years(&DOCUMENTS)? {
            let path = store.file(&DOCUMENTS, Some(year));
            let rows = parquet::read(&path, Some(&Columns::NAMES))?;
            let columns = Columns::of(&rows).map_err(StoreError::frame(&path))?;
            for row in 0..rows.height() {
                let (id, entry) = columns.entry(row);
                ledger.insert(id, entry);
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

    /// The documents that the job `pipeline` fetched, with their ids.
    pub fn fetched(&self, pipeline: &str) -> impl Iterator<Item = (&str, &Entry)> {
        let entries = self.entries.iter().map(|(id, entry)| (id.as_str(), entry));
        entries.filter(move |(_, entry)| entry.fetched.is_some() && entry.pipeline == pipeline)
    }

    /// The documents that the job `pipeline` read at `uri`.
    pub fn at_uri(&self, pipeline: &str, uri: &str) -> impl Iterator<Item = &str> {
        let ids = self.by_uri.get(&(pipeline.to_owned(), uri.to_owned()));
        ids.into_iter().flatten().map(String::as_str)
    }

    /// The documents that `named` is the id of, or the beginning of it (at least eight digits), or the uri.
    pub fn named(&self, named: &str) -> Vec<&str> {
        let begins = |id: &str| named.len() >= 8 && id.starts_with(named);
        let entries = self.entries.iter().filter(|(id, entry)| begins(id) || entry.uri == named);
        let mut ids: Vec<&str> = entries.map(|(id, _)| id.as_str()).collect();
        ids.sort_unstable();
        ids
    }

    /// The last year that each document states anything of, but for those in `dropped`.
    pub(super) fn last_years(&self, dropped: &HashSet<String>) -> HashMap<String, i32> {
        let kept = self.entries.iter().filter(|(id, _)| !dropped.contains(*id));
        kept.filter_map(|(id, entry)| Some((id.clone(), *entry.years.iter().max()?))).collect()
    }

    fn insert(&mut self, id: String, entry: Entry) {
        self.by_uri.entry((entry.pipeline.clone(), entry.uri.clone())).or_default().insert(id.clone());
        self.entries.insert(id, entry);
    }
}

/// The last year that each of `documents` states anything of.
pub(super) fn last_years(documents: &DataFrame) -> PolarsResult<HashMap<String, i32>> {
    let (ids, years) = (documents.column("doc_id")?.str()?, documents.column("years")?.str()?);
    let rows = ids.iter().zip(years.iter());
    Ok(rows.filter_map(|(id, years)| Some((id?.to_owned(), partitions(years?).max()?))).collect())
}

fn partitions(years: &str) -> impl Iterator<Item = i32> {
    years.split(';').filter_map(|year| year.parse().ok())
}

/// The columns of `documents` that make an entry.
struct Columns {
    texts: Vec<StringChunked>,
    published: Int32Chunked,
    last_modified: Int64Chunked,
}

impl Columns {
    const NAMES: [&str; 13] = [
        "doc_id",
        "pipeline",
        "source_uri",
        "context_hash",
        "extractor_version",
        "lexicon_version",
        "years",
        "declared",
        "media_type",
        "encoding",
        "etag",
        "published",
        "last_modified",
    ];

    fn of(rows: &DataFrame) -> PolarsResult<Columns> {
        let texts = Columns::NAMES[..11].iter().map(|name| rows.column(name)?.str().cloned());
        Ok(Columns {
            texts: texts.collect::<PolarsResult<_>>()?,
            published: rows.column("published")?.date()?.physical().clone(),
            last_modified: rows.column("last_modified")?.datetime()?.physical().clone(),
        })
    }

    fn entry(&self, row: usize) -> (String, Entry) {
        let mut texts = self.texts.iter().map(|column| column.get(row));
        let mut text = || texts.next().flatten();
        let mut word = || text().unwrap_or_default().to_owned();
        let (id, pipeline, uri) = (word(), word(), word());
        let (context_hash, extractor_version, lexicon_version) = (word(), word(), word());
        let years = partitions(&word()).collect();
        let declared = Declared::of_json(text());
        let day = self.published.get(row).map(from_epoch_days);
        let fetched = Fetched {
            media_type: text().map(str::to_owned),
            charset: text().map(str::to_owned),
            etag: text().map(str::to_owned),
            last_modified: self.last_modified.get(row).and_then(|at| Timestamp::from_microsecond(at).ok()),
        };
        let published_year = partition_year(self.published.get(row));
        let fetched = Some(fetched).filter(|_| is_remote(&uri));
        let entry = Entry {
            pipeline,
            uri,
            context_hash,
            extractor_version,
            lexicon_version,
            published: day,
            published_year,
            years,
            declared,
            fetched,
        };
        (id, entry)
    }
}
