//! What the reader of inputs has to tell at the end.

use std::collections::{HashMap, HashSet};

use super::unread::Unread;
use crate::model::DocumentId;
use crate::source::Reject;

/// What the reader of inputs has to tell at the end.
#[derive(Debug, Default)]
pub(super) struct Planned {
    /// Inputs seen.
    pub inputs: usize,
    /// Those that the ledger knows as they are.
    pub unchanged: usize,
    /// Remote inputs that came, or are as they were.
    pub arrived: HashSet<String>,
    /// Urls below which all was seen.
    pub listed: Vec<String>,
    /// Documents that the ledger knows and that are still there.
    pub known: HashSet<String>,
    /// Inputs that are not to be read.
    pub forgotten: usize,
    /// Documents that the ledger knows from another place: the id, and where it is now.
    pub moved: Vec<(DocumentId, String)>,
    /// Inputs with the content of an earlier one: its id, and where the input is.
    pub copies: Vec<(DocumentId, String)>,
    /// Inputs that were given up before a worker saw them.
    pub rejects: Vec<Reject>,
    /// True when not every input was looked at.
    pub cut_short: bool,
    /// What needed no reading, and will not next time.
    pub unread: Unread,
}

impl Planned {
    /// All rejects of a run in which the workers made `rejects`: a copy of a document that was rejected is one too.
    pub fn all_rejects(&mut self, rejects: Vec<Reject>) -> Vec<Reject> {
        let mut reasons = HashMap::new();
        for reject in &rejects {
            reasons.extend(reject.id.clone().map(|id| (id, reject.reason.clone())));
        }
        let copies = self.copies.extract_if(.., |(id, _)| reasons.contains_key(id));
        let copies =
            copies.filter_map(|(id, uri)| Some(Reject { uri, reason: reasons.get(&id)?.clone(), id: Some(id) }));
        let mut all: Vec<Reject> = copies.chain(rejects).collect();
        all.append(&mut self.rejects);
        all.sort_by(|a, b| a.uri.cmp(&b.uri));
        all
    }
}
