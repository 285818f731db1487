//! A store in a bucket: the same files under the same names, written by one run at a time.
//!
//! A run works on a working copy, which is brought to what the bucket holds before and whose changes are put there after.
//! The bucket is the store: a copy that is behind, ahead or gone costs nothing but requests.
//!
//! ```text
//! <prefix>/v1/…                   what readers see: whole objects, as the files of a folder
//! <prefix>/meta/…                 as in a folder, without what belongs to a machine
//! <prefix>/meta/lock.json         who may write, and until when
//! <prefix>/meta/tmp/<run>/…       new objects before they are published
//! <prefix>/meta/journal.json      what is still to be copied from there: whoever writes next finishes it
//! ```

mod client;
mod lease;
mod mirror;
mod push;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::client::Client;
use self::lease::Lease;
use self::mirror::{Extent, Manifest};
use super::{Lock, Store, StoreError, lock};
use crate::config::Root;

/// A working copy that may be changed, and whose changes can be put into the bucket.
#[derive(Debug)]
pub(super) struct Mirror {
    client: Arc<Client>,
    lease: Lease,
    folder: PathBuf,
    manifest: Manifest,
}

impl Mirror {
    /// Takes the lock of the bucket of `root`, finishes what a run that died has left there, and brings the working copy in
    /// `folder`, whose own lock is held, to what the bucket holds. `None` where the store is a folder.
    ///
    /// # Errors
    /// When another run holds the lock, or the bucket or the copy cannot be read or written.
    pub fn claim(root: &Root, folder: &Path) -> Result<Option<Mirror>, StoreError> {
        let Some((client, cache)) = Client::of(root)? else { return Ok(None) };
        let client = Arc::new(client);
        let lease = Lease::take(client.clone())?;
        if client.wait(|| push::recover(&client, &lease))? {
            tracing::warn!(store = client.url(), "finished a publication that an earlier run had left half done");
        }
        let manifest = Manifest::at(cache.join("store.json"));
        let manifest = client.wait(|| mirror::pull(&client, folder, manifest, Extent::All))?;
        Ok(Some(Mirror { client, lease, folder: folder.to_owned(), manifest }))
    }

    /// Puts what has changed in the working copy into the bucket, the ledger last.
    ///
    /// # Errors
    /// When that cannot be done. The bucket is as it was, or the next run finishes it.
    pub fn push(mut self) -> Result<(), StoreError> {
        let changes = self.manifest.changes(&self.folder)?;
        if changes.is_empty() {
            return Ok(());
        }
        self.client.wait(|| push::push(&self.client, &self.lease, &self.folder, &mut self.manifest, changes))
    }
}

impl Store {
    /// Whether a run is writing to the store at `root`.
    ///
    /// # Errors
    /// When its lock cannot be read.
    pub fn lock_of(root: &Root) -> Result<Lock, StoreError> {
        let Some((client, _)) = Client::of(root)? else { return Store::at(&root.folder())?.lock() };
        Ok(client.wait(|| lease::owner_of(&client))?.map_or(Lock::Free, Lock::HeldBy))
    }

    /// The store at `root`, which need not exist yet, to be read. What is in a bucket is brought to a copy for readers,
    /// without the raw inputs.
    ///
    /// # Errors
    /// As [`Store::at`], and when the bucket cannot be read.
    pub fn of(root: &Root) -> Result<Store, StoreError> {
        let Some((client, cache)) = Client::of(root)? else { return Store::at(&root.folder()) };
        let folder = cache.join("readers");
        // Two that read at once must not put the same file there.
        let _lock = lock::wait(&cache, "readers.lock")?;
        let manifest = Manifest::at(cache.join("readers.json"));
        client.wait(|| mirror::pull(&client, &folder, manifest, Extent::Readers))?;
        Store::at(&folder)
    }

    /// The store at `root`, which must exist.
    ///
    /// # Errors
    /// As [`Store::of`], and when there is none.
    pub fn existing_of(root: &Root) -> Result<Store, StoreError> {
        match Store::existing(Store::of(root)?.root()) {
            Err(StoreError::Missing { .. }) => Err(StoreError::Missing { path: root.to_string().into() }),
            store => store,
        }
    }
}
