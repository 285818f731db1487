//! What a run did.

use std::collections::HashSet;
use std::time::Duration;

use super::planned::Planned;
use crate::source::Reject;
use crate::store::{Ledger, Published};

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Documents read.
    pub documents: usize,
    /// Rows about regions.
    pub observations: usize,
    /// Rows about companies, projects, ports and schools.
    pub entities: usize,
    /// Numbers that became no row.
    pub numbers: usize,
}

impl Progress {
    pub(super) fn add(&mut self, other: &Progress) {
        self.documents += other.documents;
        self.observations += other.observations;
        self.entities += other.entities;
        self.numbers += other.numbers;
    }
}

/// What a run did. Every input is in exactly one of `new`, `changed`, `reread`, `unchanged`, `duplicates`, `forgotten`,
/// `rejects`.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The job.
    pub pipeline: String,
    /// Inputs seen.
    pub inputs: usize,
    /// Documents that the ledger did not know.
    pub new: usize,
    /// Documents in the place of an earlier version.
    pub changed: usize,
    /// Documents read again, for other rules, tables or facts.
    pub reread: usize,
    /// Documents that the ledger knew as they are.
    pub unchanged: usize,
    /// Inputs with the content of another.
    pub duplicates: usize,
    /// Inputs that are not to be read, because they were forgotten.
    pub forgotten: usize,
    /// Inputs that could not be read.
    pub rejects: Vec<Reject>,
    /// What was read in the documents.
    pub rows: Progress,
    /// What readers of the store see changed, or would after a dry run.
    pub published: Published,
    /// Where its time went.
    pub took: Took,
}

/// Where the time of a run went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Took {
    /// Finding the inputs and waiting for the store.
    pub prepare: Duration,
    /// Reading inputs and what they state, and staging the rows.
    pub read: Duration,
    /// Merging, writing and publishing.
    pub publish: Duration,
}

/// What a run changes in the ledger.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub new: usize,
    pub changed: usize,
    pub reread: usize,
    /// Documents whose stored rows go.
    pub dropped: HashSet<String>,
}

/// What it means for the ledger of the job `pipeline` that the documents `read` (id and uri) were read, and that the others
/// were `planned` as they were.
pub(super) fn changes(pipeline: &str, ledger: &Ledger, read: &[(String, String)], planned: &Planned) -> Changes {
    let current: HashSet<&str> = read.iter().map(|(id, _)| id.as_str()).collect();
    let mut changes = Changes::default();
    // A version that is still to be found under another uri has moved, and keeps its rows.
    let is_gone = |old: &&str| !current.contains(old) && !planned.known.contains(*old);
    for (id, uri) in read {
        let replaced: Vec<&str> = ledger.at_uri(pipeline, uri).filter(is_gone).collect();
        match (ledger.get(id), replaced.is_empty()) {
            (Some(_), _) => changes.reread += 1,
            (None, false) => changes.changed += 1,
            (None, true) => changes.new += 1,
        }
        changes.dropped.extend(replaced.into_iter().map(str::to_owned));
    }
    for (_, uri) in planned.moved.iter().chain(&planned.copies) {
        changes.dropped.extend(ledger.at_uri(pipeline, uri).filter(is_gone).map(str::to_owned));
    }
    // Also those that the ledger does not know: a crash of old may have left rows without an entry.
    changes.dropped.extend(current.into_iter().map(str::to_owned));
    changes
}

impl Summary {
    pub(super) fn new(
        pipeline: &str,
        planned: &Planned,
        rows: Progress,
        changes: &Changes,
        rejects: Vec<Reject>,
    ) -> Summary {
        Summary {
            pipeline: pipeline.to_owned(),
            inputs: planned.inputs,
            new: changes.new,
            changed: changes.changed,
            reread: changes.reread,
            unchanged: planned.unchanged,
            duplicates: planned.copies.len(),
            forgotten: planned.forgotten,
            rejects,
            rows,
            published: Published::default(),
            took: Took::default(),
        }
    }

    /// Whether readers of the store see anything new.
    pub fn nothing_new(&self) -> bool {
        self.published == Published::default()
    }
}
