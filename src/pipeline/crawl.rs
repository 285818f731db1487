//! The crawl of a job: what it asks for, and what earlier runs know of it.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::work::Task;
use super::{Options, RunError};
use crate::config::{Pipeline, Web};
use crate::source::Found;
use crate::source::web::{self, Client, Crawl, Known};
use crate::store::{Ledger, Store};

/// The crawl over what `found` has of the web; `None` when that is nothing.
///
/// # Errors
/// When the system has no certificates, or `rejects` cannot be read.
pub(super) fn crawl(
    task: &Task,
    found: &[Found],
    store: &Store,
    ledger: &Ledger,
    options: Options,
) -> Result<Option<Crawl>, RunError> {
    let sources: Vec<Web> = found.iter().filter_map(of_web).flatten().cloned().collect();
    let pipeline = &task.pipeline;
    let Some(manners) = pipeline.manners.clone().filter(|_| !sources.is_empty()) else { return Ok(None) };
    let mut known = Known::default();
    for (id, entry) in ledger.fetched(&pipeline.name) {
        if let Some(fetched) = &entry.fetched() {
            known.add(entry.uri, id, &entry.declared(), fetched, entry.published);
        }
    }
    store.unfetched(&pipeline.name)?.iter().for_each(|uri| known.add_failed(uri));
    store.unlisted(&pipeline.name)?.iter().for_each(|uri| known.add_broken_list(uri));
    let zone = zone(pipeline);
    Ok(Some(Crawl {
        client: Client::new(manners)?,
        sources,
        known,
        today: task.run.began.to_zoned(zone.clone()).date(),
        zone,
        all: options.full,
        limits: options.limits,
    }))
}

/// What `pipeline` asks servers for first on the day of `today`, in words.
pub(super) fn asks(found: &[Found], today: Date) -> Vec<String> {
    found.iter().filter_map(of_web).flatten().flat_map(|source| web::asks(source, today)).collect()
}

/// The time zone of the pipeline's civil dates.
pub(super) fn zone(pipeline: &Pipeline) -> TimeZone {
    // The name was checked when the pipeline file was read.
    TimeZone::get(&pipeline.defaults.timezone).unwrap_or(TimeZone::UTC)
}

fn of_web(found: &Found) -> Option<&Vec<Web>> {
    match found {
        Found::Web(sources) => Some(sources),
        Found::File(_) | Found::Jsonl(_) | Found::Bucket(_) => None,
    }
}
