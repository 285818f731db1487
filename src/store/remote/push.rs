//! Publication to a bucket. There is no rename: new objects are put aside, a list of what is to be copied is the point
//! of no return, and whoever comes next finishes it. Doing a step twice is the same as doing it once.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions};
use serde::{Deserialize, Serialize};

use super::client::Client;
use super::lease::Lease;
use super::mirror::{CONCURRENT, Changes, Manifest, RAW, is_ledger};
use crate::store::StoreError;

/// The list.
const JOURNAL: &str = "meta/journal.json";

/// Where new objects wait.
const STAGED: &str = "meta/tmp";

/// What is still to be done; names below the prefix.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Journal {
    /// The run that published.
    run: String,
    /// Objects that are waiting as `meta/tmp/<run>/<name>` and go to `<name>`.
    replace: Vec<String>,
    /// Objects that go.
    remove: Vec<String>,
}

/// Puts `changes` of the copy in `folder` into the bucket, and notes them in `manifest`.
///
/// # Errors
/// When something cannot be read or written, or the lock was lost.
pub(super) async fn push(
    client: &Client,
    lease: &Lease,
    folder: &Path,
    manifest: &mut Manifest,
    changes: Changes,
) -> Result<(), StoreError> {
    let run = lease.owner();
    // Packs of raw inputs have names of their own, and nobody looks for what is in them before the ledger tells of it.
    let (raw, replace): (Vec<String>, Vec<String>) =
        changes.written.into_iter().partition(|name| name.starts_with(RAW));
    let raw_places = raw.iter().map(|name| (name, name.clone()));
    let staged_places = replace.iter().map(|name| (name, staged(run, name)));
    let puts = raw_places.chain(staged_places).map(|(name, place)| async move {
        lease.check()?;
        let path = folder.join(name);
        let bytes = fs::read(&path).map_err(StoreError::io(&path))?;
        client.store.put(&client.key(&place), bytes.into()).await.map_err(client.failed(&place))
    });
    stream::iter(puts).buffer_unordered(CONCURRENT).try_for_each(|_| async { Ok(()) }).await?;

    lease.renew().await?;
    let journal = Journal { run: run.to_owned(), replace, remove: changes.removed };
    put(client, lease, &journal).await?;
    carry_out(client, lease, &journal).await?;

    for name in raw.iter().chain(&journal.replace) {
        let object = client.store.head(&client.key(name)).await.map_err(client.failed(name))?;
        manifest.add(folder, name, &object)?;
    }
    journal.remove.iter().for_each(|name| manifest.remove(name));
    manifest.save()
}

/// Brings the bucket to rest: finishes a publication that broke off, clears away what none will finish. True when there
/// was one to finish.
///
/// # Errors
/// As [`push`].
pub(super) async fn recover(client: &Client, lease: &Lease) -> Result<bool, StoreError> {
    let Some(journal) = journal(client).await? else { return clear(client).await.map(|()| false) };
    if is_complete(client, &journal).await? {
        return carry_out(client, lease, &journal).await.map(|()| true);
    }
    tracing::warn!(store = client.url(), run = journal.run, "left out a publication whose run had lost the lock");
    client.store.delete(&client.key(JOURNAL)).await.map_err(client.failed(JOURNAL))?;
    clear(client).await.map(|()| false)
}

/// Whether all that `journal` lists still waits. It does until the list is gone, unless the run that wrote it had lost the lock
/// and a later one cleared its objects away before the list arrived.
async fn is_complete(client: &Client, journal: &Journal) -> Result<bool, StoreError> {
    let place = client.key(&format!("{STAGED}/{}", journal.run));
    let there: Vec<_> = client.store.list(Some(&place)).try_collect().await.map_err(client.failed(STAGED))?;
    let there: HashSet<_> = there.into_iter().map(|object| object.location).collect();
    Ok(journal.replace.iter().all(|name| there.contains(&client.key(&staged(&journal.run, name)))))
}

/// Writes the list, which is the point of no return.
async fn put(client: &Client, lease: &Lease, list: &Journal) -> Result<(), StoreError> {
    let failed = |error| client.failed(JOURNAL)(error);
    let text = serde_json::to_vec_pretty(list).map_err(|error| StoreError::Bucket {
        url: format!("{}/{JOURNAL}", client.url()),
        message: error.to_string(),
    })?;
    lease.check()?;
    match client.store.put_opts(&client.key(JOURNAL), text.into(), PutOptions::from(PutMode::Create)).await {
        Ok(_) => Ok(()),
        // The answer to the request that made it was lost, or another run has the bucket.
        Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => match journal(client).await? {
            Some(there) if there == *list => Ok(()),
            _ => Err(StoreError::Lost { url: format!("{}/{JOURNAL}", client.url()) }),
        },
        Err(error) => Err(failed(error)),
    }
}

async fn journal(client: &Client) -> Result<Option<Journal>, StoreError> {
    let answer = match client.store.get(&client.key(JOURNAL)).await {
        Err(Error::NotFound { .. }) => return Ok(None),
        answer => answer.map_err(client.failed(JOURNAL))?,
    };
    let text = answer.bytes().await.map_err(client.failed(JOURNAL))?;
    let journal = serde_json::from_slice(&text).map_err(|error| StoreError::Bucket {
        url: format!("{}/{JOURNAL}", client.url()),
        message: format!("expected a list of objects: {error}"),
    })?;
    Ok(Some(journal))
}

async fn carry_out(client: &Client, lease: &Lease, journal: &Journal) -> Result<(), StoreError> {
    let removals = journal.remove.iter().map(|name| async move {
        lease.check()?;
        missing_is_fine(client.store.delete(&client.key(name)).await).map_err(client.failed(name))
    });
    // Removals first: the ledger, last of the copies, must not be ahead of them.
    stream::iter(removals).buffer_unordered(CONCURRENT).try_for_each(|()| async { Ok(()) }).await?;
    let (ledger, tables): (Vec<&String>, Vec<&String>) = journal.replace.iter().partition(|name| is_ledger(name));
    for names in [tables, ledger] {
        let copies = names.into_iter().map(|name| async move {
            lease.check()?;
            let staged = client.key(&staged(&journal.run, name));
            match client.store.copy(&staged, &client.key(name)).await {
                // Another run has the lock, and has finished this.
                Err(Error::NotFound { .. }) => Err(StoreError::Lost { url: format!("{}/{JOURNAL}", client.url()) }),
                result => result.map_err(client.failed(name)),
            }
        });
        stream::iter(copies).buffer_unordered(CONCURRENT).try_for_each(|()| async { Ok(()) }).await?;
    }
    lease.check()?;
    missing_is_fine(client.store.delete(&client.key(JOURNAL)).await).map_err(client.failed(JOURNAL))?;
    clear(client).await
}

/// Where the new object `name` of `run` waits.
fn staged(run: &str, name: &str) -> String {
    format!("{STAGED}/{run}/{name}")
}

/// Takes away what waits and is on no list.
async fn clear(client: &Client) -> Result<(), StoreError> {
    let staged: Vec<_> =
        client.store.list(Some(&client.key(STAGED))).try_collect().await.map_err(client.failed(STAGED))?;
    let removals = staged.into_iter().map(|object| async move {
        missing_is_fine(client.store.delete(&object.location).await).map_err(client.failed(STAGED))
    });
    stream::iter(removals).buffer_unordered(CONCURRENT).try_for_each(|()| async { Ok(()) }).await
}

fn missing_is_fine(result: Result<(), Error>) -> Result<(), Error> {
    match result {
        Err(Error::NotFound { .. }) => Ok(()),
        result => result,
    }
}
