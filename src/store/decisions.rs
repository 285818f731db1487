//! What people decided about statements: the table `decisions`.

use std::collections::HashSet;

use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use super::merge::merged;
use super::{Store, StoreError, Writer};
use crate::model::Decision;
use crate::normalize::schema::DECISIONS;
use crate::normalize::{self, Run};

impl Store {
    /// Every decision, in order of time.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub fn decisions(&self) -> Result<Vec<Decision>, StoreError> {
        let rows = self.read(&DECISIONS, None, None)?;
        Ok(rows.map_or(Ok(Vec::new()), |rows| normalize::decisions(&rows))?)
    }
}

impl Writer {
    /// Prepares the table with the decisions `new` beside those that it has. Their statements are to be read again.
    ///
    /// # Errors
    /// When something cannot be read or written.
    pub fn decide(&mut self, new: &[Decision], run: &Run) -> Result<(), StoreError> {
        let path = self.store.file(&DECISIONS, None);
        let old = self.store.read(&DECISIONS, None, None)?;
        let new = normalize::decided(new, run)?;
        let parts: Vec<DataFrame> = old.into_iter().chain([new]).collect();
        let rows = merged(&DECISIONS, &parts).map_err(StoreError::frame(&path))?;
        self.put(&DECISIONS, None, rows.as_ref())
    }

    /// Prepares the table without the decisions about the documents `forgotten`.
    pub(super) fn forget_decisions(&mut self, forgotten: &HashSet<String>) -> Result<(), StoreError> {
        let path = self.store.file(&DECISIONS, None);
        let Some(old) = self.store.read(&DECISIONS, None, None)? else { return Ok(()) };
        let kept = || {
            let kept = old.column("doc_id")?.str()?.iter().map(|id| id.is_none_or(|id| !forgotten.contains(id)));
            old.filter(&BooleanChunked::from_iter_values("kept".into(), kept))
        };
        let kept = kept().map_err(StoreError::frame(&path))?;
        self.put(&DECISIONS, None, Some(kept).filter(|kept| kept.height() > 0).as_ref())
    }
}
