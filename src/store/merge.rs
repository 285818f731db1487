//! What a partition holds after a run: pure functions of what it held, what the run staged and what it dropped.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use polars::error::PolarsResult;
use polars::prelude::{DataFrame, IdxCa, IdxSize, SortMultipleOptions};

use super::layout::partition_year;
use super::sheet::OF_THE_RUN;
use super::{Forgotten, Ledger};
use crate::normalize::Run;
use crate::normalize::schema::Table;
use crate::quality::deduplicate;
use crate::source::{Stage, is_remote};

/// What a run does to the store besides the rows that it staged.
#[derive(Debug)]
pub struct Change {
    /// The job.
    pub pipeline: String,
    /// The run.
    pub run: Run,
    /// Documents whose stored rows go: those read again, and those that others took the place of.
    pub dropped: HashSet<String>,
    /// What is not to be read again: its rejects go.
    pub forgotten: Forgotten,
    /// Inputs that could not be read, a frame of the table `rejects`.
    pub rejects: DataFrame,
    /// True when the run saw all of the job's inputs, so that older rejects of the job are settled.
    pub complete: bool,
    /// Remote inputs that were read or found as they were: older rejects of others stay.
    pub arrived: HashSet<String>,
    /// Urls below which everything was seen: older rejects there are settled.
    pub listed: Vec<String>,
}

impl Change {
    /// Partitions with statements of dropped documents.
    pub(super) fn statement_years(&self, ledger: &Ledger) -> BTreeSet<i32> {
        let entries = self.dropped.iter().filter_map(|id| ledger.get(id));
        entries.flat_map(|entry| entry.years()).collect()
    }

    /// Whether a reject of an earlier run stays. Those of other jobs do; those of this job are what this run says, or are
    /// added to if it did not see all. What was to be fetched stays until it comes: the page that led to it may not name
    /// it any more. Lists are asked for in every run, and say in each how it went.
    pub(super) fn keeps_reject(
        &self,
        job: Option<&str>,
        uri: Option<&str>,
        stage: Option<&str>,
        id: Option<&str>,
    ) -> bool {
        let uri = uri.unwrap_or_default();
        let of_others = !self.complete || job != Some(self.pipeline.as_str());
        let is_settled = self.arrived.contains(uri) || self.listed.iter().any(|url| uri.starts_with(url));
        let waits = is_remote(uri) && !is_settled && stage != Some(Stage::List.as_str());
        (of_others || waits) && !self.forgotten.contains(id, uri)
    }

    /// Partitions with the dropped documents themselves.
    pub(super) fn document_years(&self, ledger: &Ledger) -> BTreeSet<i32> {
        self.dropped.iter().filter_map(|id| ledger.get(id)).map(|entry| entry.published_year).collect()
    }
}

/// `rows` by the year of the column that `table` is partitioned by.
pub(super) fn by_year(rows: &DataFrame, table: &Table) -> PolarsResult<BTreeMap<i32, DataFrame>> {
    let Some(column) = table.year_of else { return Ok(BTreeMap::new()) };
    let days = rows.column(column)?.date()?.physical().clone();
    let mut places: BTreeMap<i32, Vec<IdxSize>> = BTreeMap::new();
    for (place, day) in days.iter().enumerate() {
        places.entry(partition_year(day)).or_default().push(place as IdxSize);
    }
    places.into_iter().map(|(year, places)| Ok((year, rows.take(&IdxCa::from_vec("row".into(), places))?))).collect()
}

/// The rows of `parts` together, in the order of `table`, each key once: of two the first. `None` where there are none.
pub(super) fn merged(table: &Table, parts: &[DataFrame]) -> PolarsResult<Option<DataFrame>> {
    let rows = stacked(parts)?.filter(|rows| rows.height() > 0);
    rows.map(|rows| arranged(&rows, table)).transpose()
}

/// The rows of `parts` one behind the other; `None` where there is no part.
pub(super) fn stacked(parts: &[DataFrame]) -> PolarsResult<Option<DataFrame>> {
    let mut parts = parts.iter();
    let Some(mut rows) = parts.next().cloned() else { return Ok(None) };
    for part in parts {
        rows.vstack_mut(part)?;
    }
    Ok(Some(rows))
}

/// `rows` in the order of `table`, each key once.
pub(super) fn arranged(rows: &DataFrame, table: &Table) -> PolarsResult<DataFrame> {
    let options = SortMultipleOptions::new().with_nulls_last(true).with_maintain_order(true);
    deduplicate(rows, table)?.sort(table.order, options)
}

/// Whether two versions of a partition hold the same, whichever runs wrote them.
pub(super) fn same(old: &DataFrame, new: &DataFrame) -> bool {
    old.height() == new.height() && old.drop_many(OF_THE_RUN).equals_missing(&new.drop_many(OF_THE_RUN))
}
