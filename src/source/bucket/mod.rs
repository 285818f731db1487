//! Object stores: lists what lies below a prefix, and fetches what is new there.
//!
//! An object whose tag is the one that the ledger has is not fetched. Objects come in the order of their keys, a few at a
//! time, through a bounded channel; one that cannot be had is a reject and does not stop the others.

mod fetch;
mod listing;
mod open;

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use object_store::ObjectStore;
use tokio::sync::mpsc;

use self::listing::Listing;
use super::{Arrival, Known, Limits, Reason, Reject, SourceError};
use crate::config::{self, Pipeline};

/// Objects that are fetched at once.
const CONCURRENT: usize = 8;

/// Arrivals that wait to be taken.
const QUEUE: usize = 8;

/// Tells what the ledger has for a uri.
pub type Lookup = Arc<dyn Fn(&str) -> Vec<Known> + Send + Sync>;

/// A prefix of an object store that can be asked.
#[derive(Clone, Debug)]
pub struct Bucket {
    config: config::Bucket,
    store: Arc<dyn ObjectStore>,
}

impl Bucket {
    /// Makes ready what `config`, a source of `pipeline`, describes; no request is sent yet.
    ///
    /// # Errors
    /// When the pipeline file and the environment do not describe a store.
    pub(super) fn open(pipeline: &Pipeline, config: &config::Bucket) -> Result<Bucket, SourceError> {
        let store = client(config).map_err(|source| SourceError::Bucket {
            pipeline: pipeline.path.clone(),
            line: config.line,
            url: config.url(),
            source: Box::new(source),
        })?;
        Ok(Bucket { config: config.clone(), store })
    }

    /// Starts on the tokio runtime that is entered, which must be multi-threaded, and hands on what comes.
    pub fn start(self, known: Lookup, limits: Limits) -> mpsc::Receiver<Arrival> {
        let (sender, arrivals) = mpsc::channel(QUEUE);
        tokio::spawn(async move { self.bring(&known, limits, sender).await });
        arrivals
    }

    /// Lists, and fetches what is new, until all has been handed on or nobody takes it any more.
    async fn bring(&self, known: &Lookup, limits: Limits, arrivals: mpsc::Sender<Arrival>) {
        let url = self.config.url();
        let listing = match listing::list(&self.config, &*self.store).await {
            Ok(listing) => listing,
            Err(words) => {
                let reject = Reject { uri: url, reason: Reason::Unfetched(words), id: None };
                // A receiver that is gone wants no more, which is no fault.
                arrivals.send(Arrival::Reject(reject)).await.ok();
                return;
            }
        };
        let Listing { documents, sidecars } = listing;
        let fetches = documents.into_iter().map(|object| {
            let sidecar = sidecars.of(&object);
            async move { self.fetch(&object, sidecar.as_ref(), known, limits).await }
        });
        let mut fetched = stream::iter(fetches).buffered(CONCURRENT);
        while let Some(found) = fetched.next().await {
            for arrival in found {
                if arrivals.send(arrival).await.is_err() {
                    return;
                }
            }
        }
        arrivals.send(Arrival::Listed { url }).await.ok();
    }
}

/// The client of the object store that `config` describes, with the credentials that the environment holds.
pub(crate) fn client(config: &config::Bucket) -> Result<Arc<dyn ObjectStore>, object_store::Error> {
    open::open(config)
}

/// What was asked and what went wrong, without the times and numbers of requests, which differ from run to run.
pub(crate) fn words(error: &object_store::Error) -> String {
    tracing::debug!("{error}");
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    let request = causes.iter().find_map(|cause| {
        let (request, _) = cause.strip_prefix("Error performing ")?.split_once(" in ")?;
        request.split('?').next().map(str::to_owned)
    });
    let answer = causes.last().map_or("", String::as_str);
    let said = |tag: &str| {
        let (_, rest) = answer.split_once(&format!("<{tag}>"))?;
        rest.split_once('<').map(|(words, _)| words.to_owned())
    };
    let head = answer.split('<').next().map(|head| head.trim_end_matches([':', ' ']).to_owned());
    let parts = [request, head, said("Code"), said("Message")];
    parts.into_iter().flatten().collect::<Vec<String>>().join(": ")
}
