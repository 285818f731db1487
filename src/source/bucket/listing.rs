//! What lies below the prefix of a bucket.

use std::collections::HashSet;

use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore};

use super::words;
use crate::config::{Bucket, Pattern};
use crate::source::sidecar;

/// Most objects of one source: its list is held in memory, a few hundred bytes an object.
const MOST_OBJECTS: usize = 1_000_000;

/// The objects of a source.
pub(super) struct Listing {
    /// In the order of their keys.
    pub documents: Vec<ObjectMeta>,
    pub sidecars: Sidecars,
}

/// The objects that say something about others.
#[derive(Default)]
pub(super) struct Sidecars(HashSet<Path>);

impl Sidecars {
    /// The sidecar of `object`, if it has one.
    pub fn of(&self, object: &ObjectMeta) -> Option<Path> {
        let names = sidecar::names(object.location.as_ref().as_ref()).map(|name| Path::parse(name.to_string_lossy()));
        names.into_iter().flatten().find(|name| self.0.contains(name))
    }
}

/// Lists the objects that `bucket` describes; on failure what is wrong.
pub(super) async fn list(bucket: &Bucket, store: &dyn ObjectStore) -> Result<Listing, String> {
    let (include, exclude) = (globs(&bucket.include), globs(&bucket.exclude));
    let mut idle = vec![true; include.len()];
    let (mut documents, mut sidecars) = (Vec::new(), Sidecars::default());
    let prefix = Path::parse(&bucket.prefix).map_err(|error| error.to_string())?;
    let mut objects = store.list(Some(&prefix));
    while let Some(object) = objects.try_next().await.map_err(|error| words(&error))? {
        if documents.len() + sidecars.0.len() == MOST_OBJECTS {
            return Err(format!("more than {MOST_OBJECTS} objects: expected a narrower prefix"));
        }
        let key = object.location.as_ref();
        let name = key.strip_prefix(&bucket.prefix).unwrap_or(key).trim_start_matches('/');
        if sidecar::is_sidecar(name.as_ref()) {
            sidecars.0.insert(object.location);
            continue;
        }
        let mut is_included = include.is_empty();
        for (_, idle) in include.iter().zip(&mut idle).filter(|(pattern, _)| matches(pattern, name)) {
            (is_included, *idle) = (true, false);
        }
        // Consoles make a folder by an empty object of its name.
        let is_folder = name.is_empty() || (object.size == 0 && object.location.extension().is_none());
        if is_included && !is_folder && !exclude.iter().any(|pattern| matches(pattern, name)) {
            documents.push(object);
        }
    }
    for (pattern, _) in bucket.include.iter().zip(idle).filter(|(_, idle)| *idle) {
        tracing::warn!(line = pattern.line, pattern = pattern.text, "matches no object");
    }
    documents.sort_unstable_by(|a, b| a.location.cmp(&b.location));
    Ok(Listing { documents, sidecars })
}

/// Well-formed: they were checked when the pipeline file was read.
fn globs(patterns: &[Pattern]) -> Vec<glob::Pattern> {
    patterns.iter().filter_map(|pattern| glob::Pattern::new(&pattern.text).ok()).collect()
}

/// As for files: `*` stays within a folder, `**` does not.
fn matches(pattern: &glob::Pattern, name: &str) -> bool {
    let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::new() };
    pattern.matches_with(name, options)
}

#[cfg(test)]
mod tests {
    use object_store::memory::InMemory;
    use object_store::{ObjectStoreExt, PutPayload};

    use super::*;
    use crate::config::Provider;

    fn bucket(include: &[&str], exclude: &[&str]) -> Bucket {
        let patterns = |texts: &[&str]| texts.iter().map(|&text| Pattern { text: text.to_owned(), line: 1 }).collect();
        Bucket {
            provider: Provider::S3,
            name: "reports".to_owned(),
            prefix: "in".to_owned(),
            include: patterns(include),
            exclude: patterns(exclude),
            endpoint: None,
            region: None,
            allow_http: false,
            anonymous: false,
            line: 1,
        }
    }

    #[test]
    fn globs_are_matched_below_the_prefix_as_those_of_files_are() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let store = InMemory::new();
        for key in ["in/b.txt", "in/a/b.txt", "in/a/b/c.txt", "in/c.html", "in/c.meta.toml", "input/b.txt", "b.txt"] {
            runtime.block_on(store.put(&Path::from(key), PutPayload::from_static(b"1"))).unwrap();
        }
        for (include, exclude, expected) in [
            (&[][..], &[][..], &["in/a/b.txt", "in/a/b/c.txt", "in/b.txt", "in/c.html"][..]),
            (&["*"], &[], &["in/b.txt", "in/c.html"]),
            (&["**/*.txt"], &[], &["in/a/b.txt", "in/a/b/c.txt", "in/b.txt"]),
            (&["**/*.txt", "*.html"], &["a/**"], &["in/b.txt", "in/c.html"]),
            (&["a/*.txt"], &["**/b.txt"], &[]),
        ] {
            let listing = runtime.block_on(list(&bucket(include, exclude), &store)).unwrap();
            let keys: Vec<&str> = listing.documents.iter().map(|object| object.location.as_ref()).collect();
            assert_eq!(keys, expected, "{include:?} without {exclude:?}");
            let html = listing.documents.iter().find(|object| object.location.as_ref() == "in/c.html");
            let sidecar = html.and_then(|object| listing.sidecars.of(object));
            assert_eq!(sidecar.is_some(), html.is_some());
        }
    }
}
