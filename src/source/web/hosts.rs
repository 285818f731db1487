//! What is shared by all requests to one host: its rules, its turns and whether it answers at all.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};
use tokio::time::Instant;
use url::Url;

use super::FetchError;
use super::robots::Rules;

/// A host that failed to answer so many requests in a row, each with all its tries, is left alone.
const DEAD_AFTER: usize = 3;

/// The hosts of a run.
#[derive(Default)]
pub(super) struct Hosts(Mutex<HashMap<String, Arc<Host>>>);

impl Hosts {
    /// The host that `url` names, which takes `per_host` requests at a time.
    pub fn of(&self, url: &Url, per_host: usize) -> Arc<Host> {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let host = hosts.entry(url.origin().ascii_serialization()).or_insert_with(|| {
            Arc::new(Host {
                rules: OnceCell::new(),
                slots: Semaphore::new(per_host),
                next: Mutex::new(Instant::now()),
                silences: AtomicUsize::new(0),
            })
        });
        host.clone()
    }
}

/// One host.
pub(super) struct Host {
    /// Its `robots.txt`, asked for once a run.
    pub rules: OnceCell<Rules>,
    slots: Semaphore,
    /// When the next request may begin.
    next: Mutex<Instant>,
    /// Requests in a row that came to nothing.
    silences: AtomicUsize,
}

impl Host {
    /// Waits until a request may be made, `delay` or more after the one before; the right to make it ends with the
    /// permit.
    pub async fn turn(&self, delay: Duration) -> Option<SemaphorePermit<'_>> {
        let permit = self.slots.acquire().await.ok()?;
        let delay = delay.max(self.rules.get().and_then(Rules::delay).unwrap_or_default());
        let at = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let at = Instant::now().max(*next);
            *next = at + delay;
            at
        };
        tokio::time::sleep_until(at).await;
        Some(permit)
    }

    /// Makes all further requests wait, because the host asks for it.
    pub fn hold(&self, wait: Duration) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next = (*next).max(Instant::now() + wait);
    }

    /// Takes note of what came of a request with all its tries.
    pub fn note(&self, error: Option<&FetchError>) {
        if error.is_some_and(FetchError::is_silence) {
            self.silences.fetch_add(1, Ordering::Relaxed);
        } else {
            self.silences.store(0, Ordering::Relaxed);
        }
    }

    /// Whether it is worth asking at all.
    ///
    /// # Errors
    /// When the host failed too often.
    pub fn check(&self) -> Result<(), FetchError> {
        let silences = self.silences.load(Ordering::Relaxed);
        if silences < DEAD_AFTER { Ok(()) } else { Err(FetchError::Dead(silences)) }
    }
}
