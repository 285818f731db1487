//! The archive as the reader of inputs uses it: opened by the first who asks, for most runs read nothing from it.

use std::sync::OnceLock;

use crate::model::DocumentId;
use crate::store::{Archive, Store, StoreError};

pub(super) struct Shelf {
    store: Store,
    archive: OnceLock<Archive>,
}

impl Shelf {
    pub fn new(store: Store) -> Shelf {
        Shelf { store, archive: OnceLock::new() }
    }

    /// The bytes of the document `id` as they came in, if the archive has them.
    ///
    /// # Errors
    /// When they cannot be read, or are damaged.
    pub fn get(&self, id: &DocumentId) -> Result<Option<Vec<u8>>, StoreError> {
        let archive = match self.archive.get() {
            Some(archive) => archive,
            None => {
                let opened = self.store.archive()?;
                self.archive.get_or_init(|| opened)
            }
        };
        archive.get(id)
    }
}
