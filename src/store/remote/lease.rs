//! The right to write to a bucket: an object that is made where there is none, and renewed while it is needed.
//!
//! A run that dies leaves it behind. It is taken over when its time is up and, because clocks of machines differ, only
//! when nobody is seen to renew it; the taking over is an update that one of several wins.

use std::fs;
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use object_store::{Error, ObjectStoreExt, PutMode, PutOptions, PutResult, UpdateVersion};
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;

use super::client::Client;
use crate::store::StoreError;

/// The object.
const NAME: &str = "meta/lock.json";

/// How long it is good for, and after how long it is renewed.
const GOOD_FOR: Duration = Duration::from_secs(60);
const RENEWED_EVERY: Duration = Duration::from_secs(15);

/// Left at the end of its time, so that nothing is begun that would end after it.
const MARGIN: Duration = Duration::from_secs(15);

/// What the object says.
#[derive(Debug, Serialize, Deserialize)]
struct Holder {
    /// Machine, process and moment.
    owner: String,
    expires: Timestamp,
    renewed_every_seconds: u64,
}

/// The lock, held until it is dropped.
#[derive(Debug)]
pub(super) struct Lease {
    client: Arc<Client>,
    owner: String,
    state: Arc<Mutex<State>>,
    renewal: JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    version: UpdateVersion,
    renewed: Instant,
    is_lost: bool,
}

impl Lease {
    /// Takes the lock of the bucket.
    ///
    /// # Errors
    /// When another run holds it, or the bucket cannot be asked.
    pub fn take(client: Arc<Client>) -> Result<Lease, StoreError> {
        let owner = owner();
        let began = Instant::now();
        let version = client.wait(|| take(&client, &owner))?;
        let state = Arc::new(Mutex::new(State { version, renewed: began, is_lost: false }));
        let renewal = client.handle().spawn({
            let (client, owner, state) = (client.clone(), owner.clone(), state.clone());
            async move {
                while !locked(&state).is_lost {
                    tokio::time::sleep(RENEWED_EVERY).await;
                    // What passes is tried again in time; what does not is seen by whoever asks whether the lock is held.
                    if let Err(error) = renew(&client, &owner, &state).await {
                        tracing::warn!("{error}");
                    }
                }
            }
        });
        Ok(Lease { client, owner, state, renewal })
    }

    /// Who holds it: the name of this run in the bucket.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Renews it, so that there is all of its time for what comes.
    ///
    /// # Errors
    /// When it is no longer held, or the bucket cannot be asked.
    pub async fn renew(&self) -> Result<(), StoreError> {
        renew(&self.client, &self.owner, &self.state).await?;
        self.check()
    }

    /// Whether it is still held.
    ///
    /// # Errors
    /// When it is not, or may not be by the time that a request ends.
    pub fn check(&self) -> Result<(), StoreError> {
        let state = locked(&self.state);
        match !state.is_lost && state.renewed.elapsed() < GOOD_FOR.saturating_sub(MARGIN) {
            true => Ok(()),
            false => Err(StoreError::Lost { url: format!("{}/{NAME}", self.client.url()) }),
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewal.abort();
        if locked(&self.state).is_lost {
            return;
        }
        if let Err(error) = self.client.wait(|| release(&self.client, &self.owner)) {
            tracing::warn!("{error}; the next run waits until the lock's time is up");
        }
    }
}

/// Who holds the lock, if its time is not up.
pub(super) async fn owner_of(client: &Client) -> Result<Option<String>, StoreError> {
    let holder = holder(client).await?.map(|(holder, _)| holder);
    Ok(holder.filter(|holder| holder.expires > Timestamp::now()).map(|holder| holder.owner))
}

async fn take(client: &Client, owner: &str) -> Result<UpdateVersion, StoreError> {
    let failed = |error| client.failed(NAME)(error);
    match put(client, owner, PutMode::Create).await {
        Ok(put) => return Ok(put.into()),
        Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {}
        Err(error) => return Err(failed(error)),
    }
    let held = |holder: Holder| StoreError::Held {
        url: format!("{}/{NAME}", client.url()),
        owner: holder.owner,
        until: holder.expires,
    };
    let Some((holder, version)) = holder(client).await? else {
        // It went in this moment, and whoever comes next may have it.
        return put(client, owner, PutMode::Create).await.map(PutResult::into).map_err(failed);
    };
    if holder.owner == owner {
        // The answer to the request that made it was lost.
        return Ok(version);
    }
    if holder.expires > Timestamp::now() {
        return Err(held(holder));
    }
    tokio::time::sleep(Duration::from_secs(holder.renewed_every_seconds) * 3 / 2).await;
    match self::holder(client).await? {
        Some((again, seen)) if seen != version => return Err(held(again)),
        _ => {}
    }
    match put(client, owner, PutMode::Update(version)).await {
        Ok(put) => {
            tracing::warn!(store = client.url(), "took over the lock of {}, which did not renew it", holder.owner);
            Ok(put.into())
        }
        Err(Error::Precondition { .. } | Error::NotFound { .. }) => Err(held(holder)),
        Err(error) => Err(failed(error)),
    }
}

async fn renew(client: &Client, owner: &str, state: &Mutex<State>) -> Result<(), StoreError> {
    let mut version = locked(state).version.clone();
    loop {
        let began = Instant::now();
        match put(client, owner, PutMode::Update(version.clone())).await {
            Ok(put) => {
                let mut state = locked(state);
                (state.version, state.renewed) = (put.into(), began);
                return Ok(());
            }
            Err(Error::Precondition { .. } | Error::NotFound { .. } | Error::AlreadyExists { .. }) => {
                match holder(client).await? {
                    // The answer to a renewal was lost, or two of them crossed.
                    Some((holder, seen)) if holder.owner == owner && seen != version => version = seen,
                    _ => {
                        locked(state).is_lost = true;
                        return Ok(());
                    }
                }
            }
            Err(error) => return Err(client.failed(NAME)(error)),
        }
    }
}

async fn release(client: &Client, owner: &str) -> Result<(), StoreError> {
    match holder(client).await? {
        Some((holder, _)) if holder.owner == owner => {
            client.store.delete(&client.key(NAME)).await.map_err(client.failed(NAME))
        }
        _ => Ok(()),
    }
}

async fn put(client: &Client, owner: &str, mode: PutMode) -> Result<PutResult, Error> {
    let holder = Holder {
        owner: owner.to_owned(),
        expires: Timestamp::now().checked_add(GOOD_FOR).unwrap_or(Timestamp::MAX),
        renewed_every_seconds: RENEWED_EVERY.as_secs(),
    };
    let text =
        serde_json::to_vec(&holder).map_err(|error| Error::Generic { store: "lock", source: Box::new(error) })?;
    client.store.put_opts(&client.key(NAME), text.into(), PutOptions::from(mode)).await
}

/// Who holds the lock, and the version of the object that says so.
async fn holder(client: &Client) -> Result<Option<(Holder, UpdateVersion)>, StoreError> {
    let answer = match client.store.get(&client.key(NAME)).await {
        Err(Error::NotFound { .. }) => return Ok(None),
        answer => answer.map_err(client.failed(NAME))?,
    };
    let version = UpdateVersion { e_tag: answer.meta.e_tag.clone(), version: answer.meta.version.clone() };
    let text = answer.bytes().await.map_err(client.failed(NAME))?;
    let holder = serde_json::from_slice(&text).map_err(|error| StoreError::Bucket {
        url: format!("{}/{NAME}", client.url()),
        message: format!("expected a lock: {error}"),
    })?;
    Ok(Some((holder, version)))
}

/// A name for this run that no other has.
fn owner() -> String {
    // Only for people; where the system does not say it so, process and moment tell runs apart.
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = if host.trim().is_empty() { "machine" } else { host.trim() };
    format!("{host}-{}-{}", process::id(), Timestamp::now().as_nanosecond())
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    // What it holds is whole at every moment.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
