//! What a partition holds after a run: pure functions of what it held, what the run staged and what it dropped.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use polars::error::PolarsResult;
use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray, SortMultipleOptions};

use super::layout::partition_year;
use super::{Forgotten, Ledger};
use crate::normalize::Run;
use crate::normalize::schema::Table;
use crate::quality::deduplicate;
use crate::source::{Stage, is_remote};

/// Columns that tell of the run and not of what was read: two rows that differ only in them are the same.
const OF_THE_RUN: [&str; 4] = ["run_id", "ingested_at", "rejected_at", "checked_at"];

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
        entries.flat_map(|entry| entry.years.iter().copied()).collect()
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
    let years: Vec<i32> = days.iter().map(partition_year).collect();
    let distinct: BTreeSet<i32> = years.iter().copied().collect();
    let mut parts = BTreeMap::new();
    for year in distinct {
        let mask = BooleanChunked::from_iter_values("year".into(), years.iter().map(|&other| other == year));
        parts.insert(year, rows.filter(&mask)?);
    }
    Ok(parts)
}

/// The rows of a partition that held `old`, loses the documents in `dropped` and gains `new`: in the table's order,
/// each key once.
pub(super) fn merged(
    table: &Table,
    old: Option<&DataFrame>,
    dropped: &HashSet<String>,
    new: &[DataFrame],
) -> PolarsResult<Option<DataFrame>> {
    let kept = old.map(|old| without(old, dropped)).transpose()?;
    let mut parts = kept.into_iter().chain(new.iter().cloned());
    let Some(mut rows) = parts.next() else { return Ok(None) };
    for part in parts {
        rows.vstack_mut(&part)?;
    }
    if rows.height() == 0 { Ok(None) } else { arranged(&rows, table).map(Some) }
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

fn without(rows: &DataFrame, dropped: &HashSet<String>) -> PolarsResult<DataFrame> {
    let ids = rows.column("doc_id")?.str()?;
    let kept = ids.iter().map(|id| id.is_none_or(|id| !dropped.contains(id)));
    rows.filter(&BooleanChunked::from_iter_values("kept".into(), kept))
}
