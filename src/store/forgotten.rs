//! Documents that are not to come back: `meta/forgotten.json`.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::writer::staged;
use super::{Change, Ledger, Store, StoreError, Writer, archive, journal, record};
use crate::config::Rules;
use crate::lexicon::Lexicon;
use crate::model::DocumentId;
use crate::normalize::schema::{CHANGES, REJECTS};
use crate::normalize::{FrameBuilder, Run};

/// What was forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// Documents, by id: the same bytes are not read again, wherever they are.
    pub documents: BTreeSet<String>,
    /// Places: nothing is read there again.
    pub uris: BTreeSet<String>,
}

impl Forgotten {
    /// Whether it names nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.documents.is_empty() && self.uris.is_empty()
    }

    /// Whether what is at `uri`, the document `id` if it is one, is not to be read.
    pub fn contains(&self, id: Option<&str>, uri: &str) -> bool {
        id.is_some_and(|id| self.documents.contains(id)) || self.uris.contains(uri)
    }

    /// Adds what `others` holds.
    pub fn extend(&mut self, others: Forgotten) {
        self.documents.extend(others.documents);
        self.uris.extend(others.uris);
    }

    /// The ids of the documents.
    pub fn ids(&self) -> HashSet<String> {
        self.documents.iter().cloned().collect()
    }
}

impl Store {
    /// What is not to be read.
    ///
    /// # Errors
    /// When the list is there and cannot be read.
    pub fn forgotten(&self) -> Result<Forgotten, StoreError> {
        let path = self.root().join(file());
        match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Forgotten::default()),
            Err(error) => Err(StoreError::io(&path)(error)),
            Ok(text) => serde_json::from_slice(&text).map_err(|error| StoreError::io(&path)(error.into())),
        }
    }
}

impl Writer {
    /// Prepares the forgetting of `documents` and `uris`: no row and no byte of them stays, and no run reads them again unless
    /// its pipeline says so. Other rows are as they would be had they never come.
    ///
    /// # Errors
    /// As [`Writer::prepare`].
    pub fn forget(
        &mut self,
        lexicon: &Lexicon,
        rules: &Rules,
        ledger: &Ledger,
        run: Run,
        forgotten: Forgotten,
    ) -> Result<(), StoreError> {
        let dropped = forgotten.ids();
        for id in self.store.runs()? {
            let path = record::file(&id);
            let changes = self.store.changes(&id)?;
            let kept = record::without(&changes, &dropped).map_err(StoreError::frame(&path))?;
            match kept.height() {
                height if height == changes.height() => {}
                0 => self.journal.remove.push(path),
                _ => self.put_file(&CHANGES, path, &kept)?,
            }
        }
        let ids = forgotten.documents.iter().cloned().map(DocumentId);
        self.journal.extend(archive::without(self.store.root(), &self.store.meta(), ids)?);
        let mut all = self.store.forgotten()?;
        all.extend(forgotten.clone());
        self.put_forgotten(&all)?;
        self.forget_decisions(&dropped)?;
        let change = Change {
            pipeline: String::new(),
            run,
            dropped,
            forgotten,
            rejects: FrameBuilder::new(&REJECTS).finish()?,
            complete: false,
            arrived: Default::default(),
            listed: Default::default(),
        };
        let (_, changes) = self.merge_all(lexicon, rules, ledger, &change)?;
        self.put_record(changes, &change)
    }

    fn put_forgotten(&mut self, forgotten: &Forgotten) -> Result<(), StoreError> {
        let target = file();
        let staged = staged(&target);
        let path = self.scratch.path().join(&staged);
        let text = serde_json::to_vec_pretty(forgotten).map_err(|error| StoreError::io(&path)(error.into()))?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        }
        journal::write_whole(&path, &text)?;
        self.journal.replace.push((staged, target));
        Ok(())
    }
}

/// The list, relative to the store's root.
pub(super) fn file() -> PathBuf {
    Path::new("meta").join("forgotten.json")
}
