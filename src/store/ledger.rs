//! The documents that were read before.

use std::collections::HashSet;
use std::sync::OnceLock;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, StringViewArray, TimestampMicrosecondArray};
use arrow::datatypes::{Date32Type, TimestampMicrosecondType};
use jiff::Timestamp;
use jiff::civil::Date;
use polars::error::PolarsResult;
use polars::prelude::DataFrame;
use xxhash_rust::xxh3::xxh3_64;

use super::each::each;
use super::layout::partition_year;
use super::part::Part;
use super::{Store, StoreError};
use crate::model::Fetched;
use crate::normalize::from_epoch_days;
use crate::normalize::schema::DOCUMENTS;
use crate::source::{Declared, is_remote};

/// What the ledger knows of a document, short of its text.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'l> {
    /// The job that read it.
    pub pipeline: &'l str,
    /// Where it came from.
    pub uri: &'l str,
    /// Hash of the facts and defaults given with its bytes.
    pub context_hash: &'l str,
    /// Version of the rules that read it.
    pub extractor_version: &'l str,
    /// Version of the lexicon tables.
    pub lexicon_version: &'l str,
    /// Day of publication.
    pub published: Option<Date>,
    /// Partition of its rows in `documents` and `numbers`.
    pub published_year: i32,
    years: &'l str,
    remote: Option<(&'l Remote, usize)>,
}

impl<'l> Entry<'l> {
    /// Partitions of its statements.
    pub fn years(&self) -> impl Iterator<Item = i32> + use<'l> {
        partitions(self.years)
    }

    /// What the server said, if it was fetched.
    pub fn fetched(&self) -> Option<Fetched> {
        let (remote, row) = self.remote.filter(|_| is_remote(self.uri))?;
        let text = |column: &StringViewArray| text(column, row).map(str::to_owned);
        Some(Fetched {
            media_type: text(&remote.media_types),
            charset: text(&remote.charsets),
            etag: text(&remote.etags),
            last_modified: remote
                .last_modified
                .is_valid(row)
                .then(|| Timestamp::from_microsecond(remote.last_modified.value(row)).ok())
                .flatten(),
        })
    }

    /// Facts that came with its bytes, if it was fetched: where it lies at hand, they are read anew with it.
    pub fn declared(&self) -> Declared {
        Declared::of_json(self.remote.and_then(|(remote, row)| text(&remote.declared, row)))
    }
}

/// The documents that were read before. A million of them take up some 300 MB.
#[derive(Debug, Default)]
pub struct Ledger {
    files: Vec<File>,
    by_id: Index,
    by_uri: OnceLock<Index>,
}

/// What is held of a file of `documents`.
#[derive(Debug)]
struct File {
    ids: StringViewArray,
    pipelines: StringViewArray,
    uris: StringViewArray,
    contexts: StringViewArray,
    extractors: StringViewArray,
    lexicons: StringViewArray,
    years: StringViewArray,
    published: Date32Array,
    /// Only where something was fetched.
    remote: Option<Remote>,
}

/// What is held of documents that were fetched.
#[derive(Debug)]
struct Remote {
    declared: StringViewArray,
    media_types: StringViewArray,
    charsets: StringViewArray,
    etags: StringViewArray,
    last_modified: TimestampMicrosecondArray,
}

/// File and row of a document.
type Place = (u32, u32);

/// Places by the hash of a text, in a quarter of the space of a hash map.
#[derive(Debug, Default)]
struct Index(Vec<(u64, Place)>);

impl Index {
    fn of(mut places: Vec<(u64, Place)>) -> Index {
        places.sort_unstable();
        Index(places)
    }

    /// Where a text of this hash may stand, in order.
    fn places(&self, hash: u64) -> impl Iterator<Item = Place> {
        let first = self.0.partition_point(|(other, _)| *other < hash);
        self.0[first..].iter().take_while(move |(other, _)| *other == hash).map(|(_, place)| *place)
    }
}

impl Ledger {
    /// Reads the table `documents` of `store`, without the texts.
    pub(super) fn read(store: &Store) -> Result<Ledger, StoreError> {
        let files =
            each(store.years(&DOCUMENTS)?, |year| File::read(&Part::open(&store.file(&DOCUMENTS, Some(year)))?))?;
        let by_id = Index::of(
            places(&files).map(|(place, file, row)| (xxh3_64(file.ids.value(row).as_bytes()), place)).collect(),
        );
        Ok(Ledger { files, by_id, by_uri: OnceLock::new() })
    }

    /// Number of documents.
    pub fn len(&self) -> usize {
        self.by_id.0.len()
    }

    /// Whether no document was ever read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is known of the document `id`.
    pub fn get(&self, id: &str) -> Option<Entry<'_>> {
        let mut places = self.by_id.places(xxh3_64(id.as_bytes()));
        places.find_map(|place| {
            let (file, row) = self.at(place);
            (file.ids.value(row) == id).then(|| file.entry(row))
        })
    }

    /// All documents of the job `pipeline`, with their ids.
    pub fn of(&self, pipeline: &str) -> impl Iterator<Item = (&str, Entry<'_>)> {
        let all = places(&self.files).filter(move |(_, file, row)| file.pipelines.value(*row) == pipeline);
        all.map(|(_, file, row)| (file.ids.value(row), file.entry(row)))
    }

    /// The documents that the job `pipeline` fetched, with their ids.
    pub fn fetched(&self, pipeline: &str) -> impl Iterator<Item = (&str, Entry<'_>)> {
        self.of(pipeline).filter(|(_, entry)| entry.remote.is_some() && is_remote(entry.uri))
    }

    /// The documents that the job `pipeline` read at `uri`.
    pub fn at_uri(&self, pipeline: &str, uri: &str) -> impl Iterator<Item = &str> {
        let by_uri = self.by_uri.get_or_init(|| {
            let hashes =
                places(&self.files).map(|(place, file, row)| (xxh3_64(file.uris.value(row).as_bytes()), place));
            Index::of(hashes.collect())
        });
        by_uri.places(xxh3_64(uri.as_bytes())).filter_map(move |place| {
            let (file, row) = self.at(place);
            let is_it = file.uris.value(row) == uri && file.pipelines.value(row) == pipeline;
            is_it.then(|| file.ids.value(row))
        })
    }

    /// The documents that `named` is the id of, or the beginning of it (at least eight digits), or the uri.
    pub fn named(&self, named: &str) -> Vec<&str> {
        let begins = |id: &str| named.len() >= 8 && id.starts_with(named);
        let rows = places(&self.files).map(|(_, file, row)| (file.ids.value(row), file.uris.value(row)));
        let mut ids: Vec<&str> = rows.filter(|(id, uri)| begins(id) || *uri == named).map(|(id, _)| id).collect();
        ids.sort_unstable();
        ids
    }

    /// The last year that the document `id` states anything of, if it is not in `dropped`.
    pub(super) fn last_year(&self, id: &str, dropped: &HashSet<String>) -> Option<i32> {
        self.get(id).filter(|_| !dropped.contains(id))?.years().max()
    }

    fn at(&self, (file, row): Place) -> (&File, usize) {
        (&self.files[file as usize], row as usize)
    }
}

/// All rows of `files`.
fn places(files: &[File]) -> impl Iterator<Item = (Place, &File, usize)> {
    files
        .iter()
        .zip(0..)
        .flat_map(|(file, number)| (0..file.ids.len()).map(move |row| ((number, row as u32), file, row)))
}

impl File {
    fn read(part: &Part) -> Result<File, StoreError> {
        let column = |name: &str| match DOCUMENTS.column(name) {
            Some(column) => part.column(column),
            None => part.named(name),
        };
        let texts = |name: &str| Ok::<_, StoreError>(column(name)?.as_string_view().clone());
        let days: ArrayRef = column("published")?;
        let mut file = File {
            ids: texts("doc_id")?,
            pipelines: texts("pipeline")?,
            uris: texts("source_uri")?,
            contexts: texts("context_hash")?,
            extractors: texts("extractor_version")?,
            lexicons: texts("lexicon_version")?,
            years: texts("years")?,
            published: days.as_primitive::<Date32Type>().clone(),
            remote: None,
        };
        if file.uris.iter().flatten().any(is_remote) {
            file.remote = Some(Remote {
                declared: texts("declared")?,
                media_types: texts("media_type")?,
                charsets: texts("encoding")?,
                etags: texts("etag")?,
                last_modified: column("last_modified")?.as_primitive::<TimestampMicrosecondType>().clone(),
            });
        }
        Ok(file)
    }

    fn entry(&self, row: usize) -> Entry<'_> {
        let day = self.published.is_valid(row).then(|| self.published.value(row));
        Entry {
            pipeline: self.pipelines.value(row),
            uri: self.uris.value(row),
            context_hash: self.contexts.value(row),
            extractor_version: self.extractors.value(row),
            lexicon_version: self.lexicons.value(row),
            published: day.map(from_epoch_days),
            published_year: partition_year(day),
            years: text(&self.years, row).unwrap_or_default(),
            remote: self.remote.as_ref().map(|remote| (remote, row)),
        }
    }
}

fn text(column: &StringViewArray, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.value(row))
}

/// The last year that each of `documents` states anything of.
pub(super) fn last_years(documents: &DataFrame) -> PolarsResult<Vec<(&str, i32)>> {
    let (ids, years) = (documents.column("doc_id")?.str()?, documents.column("years")?.str()?);
    let rows = ids.iter().zip(years.iter());
    Ok(rows.filter_map(|(id, years)| Some((id?, partitions(years?).max()?))).collect())
}

fn partitions(years: &str) -> impl Iterator<Item = i32> + use<'_> {
    years.split(';').filter_map(|year| year.parse().ok())
}
