//! Large JSONL files that are as the job saw them last, and are not read again.
//!
//! Of such a file the ledger has every line, each with an id of its own and under this file's name; so what the lines say need
//! not be asked. A file in which there was anything else (a reject, a copy, a line without an id) is read in full every time.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::time::SystemTime;

use super::Options;
use super::plan::uri;
use super::work::Task;
use crate::normalize::{context_hash, hash};
use crate::resolve::EXTRACTOR_VERSION;
use crate::source::{Declared, Found};
use crate::store::{Forgotten, Ledger, Seen, SeenFile, Stamp, Store, Tally};

/// A smaller file is read in less time than it takes to note it, and a run after it changes nothing in the store.
const LARGE: u64 = 1 << 20;

/// Which files need not be read, and which will not next time.
#[derive(Debug, Default)]
pub(super) struct Unread {
    /// As far as the ledger bears it out.
    seen: Seen,
    /// Files that were left out of this run.
    left_out: HashSet<String>,
    /// What the next run may rely on.
    next: BTreeMap<String, SeenFile>,
}

/// A file that is being read.
pub(super) struct Reading {
    stamp: Option<Stamp>,
    tally: Tally,
    /// Whether each line was a document of this file, and of no other.
    is_plain: bool,
}

impl Unread {
    /// What `task` may leave out of what was `found`, and whether that is all of it: then nobody needs the ledger.
    pub fn new(task: &Task, store: &Store, forgotten: &Forgotten, found: &[Found], options: Options) -> (Unread, bool) {
        let mut seen = store.seen(&task.pipeline.name, &key(task, forgotten, options));
        if options.full || options.limit.is_some() {
            seen.files.clear();
            return (Unread { seen, ..Unread::default() }, false);
        }
        let folder = &task.pipeline.folder;
        let is_seen = |found: &Found| match found {
            Found::Jsonl(path) => {
                seen.files.get(&uri(folder, path)).is_some_and(|file| Stamp::of(path).as_ref() == Some(&file.stamp))
            }
            _ => false,
        };
        let is_all = !found.is_empty() && found.iter().all(is_seen) && store.has_ledger_of(&seen).unwrap_or(false);
        (Unread { seen, ..Unread::default() }, is_all)
    }

    /// Drops what the ledger of the job `pipeline` does not bear out.
    pub fn check(&mut self, pipeline: &str, ledger: &Ledger) {
        if self.seen.files.is_empty() {
            return;
        }
        let mut tallies: HashMap<&str, Tally> = HashMap::new();
        for (id, entry) in ledger.of(pipeline) {
            if let Some(file) = file_of(entry.uri, |file| self.seen.files.contains_key(file)) {
                tallies.entry(file).or_default().add_entry(id, &entry);
            }
        }
        let holds = |file: &String, seen: &mut SeenFile| tallies.get(file.as_str()) == Some(&seen.tally);
        self.seen.files.retain(holds);
    }

    /// Whether the file `uri` may be one that need not be read.
    pub fn knows(&self, uri: &str) -> bool {
        self.seen.files.contains_key(uri)
    }

    /// The number of documents in the file at `path`, known as `uri`, if it need not be read.
    pub fn leave_out(&mut self, path: &Path, uri: &str) -> Option<usize> {
        let seen = self.seen.files.get(uri).filter(|seen| Stamp::of(path).as_ref() == Some(&seen.stamp))?;
        self.left_out.insert(uri.to_owned());
        self.next.insert(uri.to_owned(), seen.clone());
        Some(seen.tally.documents)
    }

    /// Whether a document that the ledger has at `uri` stands in a file that was left out.
    pub fn holds(&self, uri: &str) -> bool {
        file_of(uri, |file| self.left_out.contains(file)).is_some()
    }

    /// The files that were left out.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.left_out.iter().map(String::as_str)
    }

    /// Begins to read the file at `path`.
    pub fn begin(path: &Path) -> Reading {
        let now = SystemTime::now();
        let stamp = Stamp::of(path).filter(|stamp| stamp.bytes() >= LARGE && stamp.is_settled(now));
        Reading { is_plain: stamp.is_some(), stamp, tally: Tally::default() }
    }

    /// The file at `path`, known as `uri`, was read to its end.
    pub fn end(&mut self, path: &Path, uri: String, reading: Reading) {
        let Reading { stamp: Some(stamp), tally, is_plain: true } = reading else { return };
        if tally.documents > 0 && Stamp::of(path).as_ref() == Some(&stamp) {
            self.next.insert(uri, SeenFile { stamp, tally });
        }
    }

    /// What the next run may rely on when the inputs `rejected` were given up.
    pub fn into_seen(mut self, rejected: impl Iterator<Item = impl AsRef<str>>) -> Seen {
        for uri in rejected {
            if let Some((file, _)) = uri.as_ref().rsplit_once(':') {
                self.next.remove(file);
            }
        }
        self.seen.files = self.next;
        self.seen
    }
}

impl Reading {
    /// Notes a line that is the document `id` and nothing else.
    pub fn add(&mut self, id: &str, context_hash: &str) {
        self.tally.add(id, context_hash);
    }

    /// Notes a line that is something else.
    pub fn spoil(&mut self) {
        self.is_plain = false;
    }
}

/// The file that a line with this `uri` stands in, if it is one of those that are `wanted`.
fn file_of(uri: &str, wanted: impl Fn(&str) -> bool) -> Option<&str> {
    // A name may have the mark that ends it.
    uri.match_indices('#').map(|(end, _)| &uri[..end]).find(|file| wanted(file))
}

/// All that decides what becomes of a file, beside its bytes.
fn key(task: &Task, forgotten: &Forgotten, options: Options) -> String {
    let forgotten = serde_json::to_string(forgotten).unwrap_or_default();
    let defaults = context_hash(&Declared::default(), &task.pipeline.defaults);
    let limit = options.limits.document_bytes.to_string();
    let name = task.pipeline.name.as_str();
    hash(&[name, EXTRACTOR_VERSION, task.lexicon.version(), &defaults, &limit, &forgotten].map(Some))
}
