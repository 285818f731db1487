//! One object of a bucket.

use futures_util::TryStreamExt;
use jiff::Timestamp;
use object_store::path::Path;
use object_store::{Attribute, GetResult, ObjectMeta, ObjectStoreExt};
use tokio::task::block_in_place;

use super::{Bucket, Lookup, words};
use crate::model::Fetched;
use crate::source::{Arrival, Declared, Input, Limits, Lines, Reason, Reject, headers, sidecar};

impl Bucket {
    /// What `object` is to the run: a document that is known, one to be read, the lines of a JSONL file, or a reject.
    pub(super) async fn fetch(
        &self,
        object: &ObjectMeta,
        sidecar: Option<&Path>,
        known: &Lookup,
        limits: Limits,
    ) -> Vec<Arrival> {
        let uri = self.config.uri(object.location.as_ref());
        let reject = |reason| Arrival::Reject(Reject { uri: uri.clone(), reason, id: None });
        if object.size > limits.document_bytes {
            return vec![reject(Reason::TooLarge { size: object.size, limit: limits.document_bytes })];
        }
        if object.location.extension() == Some("jsonl") {
            return match self.get(&object.location, limits).await {
                Ok((bytes, _)) => Lines::new(&bytes[..], &uri, limits).map(Arrival::from).collect(),
                Err(reason) => vec![reject(reason)],
            };
        }
        // Fetched each time: sidecars are small, and say nothing of the tag of their document.
        let declared = match self.declared(sidecar, limits).await {
            Ok(declared) => declared,
            Err(reason) => return vec![reject(reason)],
        };
        let is_same = |entry: &super::Known| is_same(&entry.fetched, object) && entry.declared.says_as(&declared);
        // It may read the archive.
        let entries = block_in_place(|| known(&uri));
        if let Some(entry) = entries.into_iter().find(is_same) {
            return vec![Arrival::Unchanged { uri, id: entry.id }];
        }
        match self.get(&object.location, limits).await {
            Ok((bytes, answer)) => vec![Arrival::from(Input::from_bytes(bytes, &uri, limits).map(|input| Input {
                declared,
                // Of the two times the list's, which is finer and what the next list is compared with.
                fetched: Some(Fetched { last_modified: modified(object), ..answer }),
                ..input
            }))],
            Err(reason) => vec![reject(reason)],
        }
    }

    /// The facts of the object `sidecar`.
    async fn declared(&self, sidecar: Option<&Path>, limits: Limits) -> Result<Declared, Reason> {
        let Some(path) = sidecar else { return Ok(sidecar::none()) };
        let name = path.filename().unwrap_or_default();
        let wrong = |message: String| Reason::Sidecar(format!("{name}{message}"));
        let (bytes, _) = self.get(path, limits).await?;
        let text = String::from_utf8(bytes).map_err(|error| wrong(format!(": {error}")))?;
        sidecar::parse(&text).map_err(wrong)
    }

    /// The bytes of the object at `path`, no more than the limit, and what the server said of them.
    async fn get(&self, path: &Path, limits: Limits) -> Result<(Vec<u8>, Fetched), Reason> {
        let unfetched = |error: object_store::Error| Reason::Unfetched(words(&error));
        let result = self.store.get(path).await.map_err(unfetched)?;
        let answer = answer(&result);
        let mut bytes = Vec::new();
        // What is read is counted, because it may have grown since it was listed.
        let mut chunks = result.into_stream();
        while let Some(chunk) = chunks.try_next().await.map_err(unfetched)? {
            bytes.extend_from_slice(&chunk);
            let (size, limit) = (bytes.len() as u64, limits.document_bytes);
            if size > limit {
                return Err(Reason::TooLarge { size, limit });
            }
        }
        Ok((bytes, answer))
    }
}

/// Whether what the server said then and what it lists now are of the same bytes: by the tag, by the time where it gives
/// no tags.
fn is_same(then: &Fetched, now: &ObjectMeta) -> bool {
    // Azure puts quotes around tags in answers and none in lists.
    let bare = |tag: &str| tag.trim_matches('"').to_owned();
    match (&then.etag, &now.e_tag) {
        (Some(then), Some(now)) => bare(then) == bare(now),
        (None, None) => then.last_modified.is_some() && then.last_modified == modified(now),
        _ => false,
    }
}

/// What the server said of an object when it sent it.
fn answer(result: &GetResult) -> Fetched {
    let content_type = result.attributes.get(&Attribute::ContentType);
    Fetched {
        media_type: content_type.and_then(|value| headers::media_type(value)),
        charset: content_type.and_then(|value| headers::charset(value)),
        etag: result.meta.e_tag.clone(),
        last_modified: None,
    }
}

/// When `object` was last written, to the microsecond, as the store keeps it.
fn modified(object: &ObjectMeta) -> Option<Timestamp> {
    Timestamp::from_microsecond(object.last_modified.timestamp_micros()).ok()
}
