//! What earlier runs of the job know of the web.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use url::Url;

use super::links::is_same_host;
use crate::model::{DocumentId, Fetched};
use crate::source::{Arrival, Declared};

/// What earlier runs of the job know of the web.
#[derive(Debug, Default)]
pub struct Known {
    pages: HashMap<Url, Earlier>,
    failed: HashSet<Url>,
    broken: Vec<Url>,
}

/// A page that was read before.
#[derive(Debug)]
pub(super) struct Earlier {
    /// What was read at it: where each document stands, and its id.
    documents: Vec<(String, DocumentId)>,
    /// What had been said of it.
    pub declared: Declared,
    /// What the server said of it.
    pub fetched: Fetched,
    /// When it was published.
    pub published: Option<Date>,
}

impl Known {
    /// Adds a document that was read at `uri`.
    pub fn add(&mut self, uri: &str, id: &str, declared: &Declared, fetched: &Fetched, published: Option<Date>) {
        let Some(url) = page_of(uri) else { return };
        let page = self.pages.entry(url).or_insert_with(|| Earlier {
            documents: Vec::new(),
            declared: declared.clone(),
            fetched: fetched.clone(),
            published,
        });
        page.documents.push((uri.to_owned(), DocumentId(id.to_owned())));
    }

    /// Adds a page that could not be had.
    pub fn add_failed(&mut self, uri: &str) {
        self.failed.extend(page_of(uri));
    }

    /// Adds a page of a list that could not be had: what stands behind it was not seen.
    pub fn add_broken_list(&mut self, uri: &str) {
        self.broken.extend(page_of(uri));
    }

    pub(super) fn page(&self, url: &Url) -> Option<&Earlier> {
        self.pages.get(url)
    }

    /// Whether `url` needs not be looked for: it was read, or is asked for again in any case.
    pub(super) fn has(&self, url: &Url) -> bool {
        self.pages.contains_key(url) || self.failed.contains(url)
    }

    /// The pages that could not be had, in the order of their addresses.
    pub(super) fn failed(&self) -> Vec<Url> {
        let mut failed: Vec<Url> = self.failed.iter().cloned().collect();
        failed.sort();
        failed
    }

    /// The pages published on `day` or later, in the order of their addresses.
    pub(super) fn published_since(&self, day: Date) -> Vec<Url> {
        let recent = self.pages.iter().filter(|(_, page)| page.published.is_some_and(|published| published >= day));
        let mut recent: Vec<Url> = recent.map(|(url, _)| url.clone()).collect();
        recent.sort();
        recent
    }

    /// Whether a list on the host of `start` broke off in the last run.
    pub(super) fn has_broken_list(&self, start: &Url) -> bool {
        self.broken.iter().any(|list| is_same_host(list, start))
    }
}

impl Earlier {
    /// The page as one that is as it was.
    pub fn unchanged(&self) -> Vec<Arrival> {
        let documents = self.documents.iter().cloned();
        documents.map(|(uri, id)| Arrival::Unchanged { uri, id }).collect()
    }
}

/// The address of the page that holds the document `uri`; `None` when that is not of the web.
fn page_of(uri: &str) -> Option<Url> {
    let mut url = Url::parse(uri).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_fragment(None);
    Some(url)
}
