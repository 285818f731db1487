//! The bucket, asked from code that waits for the answer.

use std::future::Future;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use object_store::path::Path;
use object_store::{Error, ObjectStore};
use tokio::runtime::{Handle, Runtime};

use crate::config::Root;
use crate::source::{client, words};
use crate::store::StoreError;

/// A prefix of a bucket, and the threads that speak to it.
#[derive(Debug)]
pub(super) struct Client {
    url: String,
    prefix: Path,
    pub store: Arc<dyn ObjectStore>,
    runtime: Option<Runtime>,
}

impl Client {
    /// The bucket of `root` and the folder for copies of it; `None` where the store is a folder.
    pub fn of(root: &Root) -> Result<Option<(Client, PathBuf)>, StoreError> {
        let wrong = |message: String| StoreError::Endpoint { url: root.to_string(), message };
        let (Root::Bucket { url, cache }, Some(bucket)) = (root, root.bucket().map_err(wrong)?) else {
            return Ok(None);
        };
        let prefix = Path::parse(&bucket.prefix).map_err(|error| wrong(error.to_string()))?;
        let store = client(&bucket).map_err(|error| wrong(error.to_string()))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| wrong(error.to_string()))?;
        Ok(Some((Client { url: url.clone(), prefix, store, runtime: Some(runtime) }, cache.clone())))
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The key of the object `name`, a path relative to the store's root.
    pub fn key(&self, name: &str) -> Path {
        self.prefix.clone().parts().chain(Path::from(name).parts()).collect()
    }

    /// The name below the prefix of an object that was listed there.
    pub fn name(&self, key: &Path) -> Option<String> {
        let parts: Vec<_> = key.prefix_match(&self.prefix)?.collect();
        Some(parts.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join("/"))
    }

    pub fn prefix(&self) -> &Path {
        &self.prefix
    }

    /// For `map_err`: what the bucket said about the object `name`.
    pub fn failed(&self, name: &str) -> impl FnOnce(Error) -> StoreError + use<> {
        let url = format!("{}/{name}", self.url);
        move |error| StoreError::Bucket { url, message: words(&error) }
    }

    /// The threads that requests may run on.
    pub fn handle(&self) -> Handle {
        // Taken away only when it is dropped.
        self.runtime.as_ref().map_or_else(Handle::current, |runtime| runtime.handle().clone())
    }

    /// Waits for `work`, from whatever thread: also one that already serves a runtime, which may not wait itself.
    pub fn wait<T: Send, W: Future<Output = T>>(&self, work: impl FnOnce() -> W + Send) -> T {
        let handle = self.handle();
        thread::scope(|threads| {
            threads.spawn(|| handle.block_on(work())).join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Waiting for its threads is not allowed where another runtime is at work.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
