//! Which inputs are read: those that the ledger does not know as they are now.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Sender};

use super::Options;
use super::planned::Planned;
use super::shelf::Shelf;
use super::stop::Stop;
use super::unread::{Reading, Unread};
use super::work::Task;
use crate::model::{DocumentId, Fetched};
use crate::normalize::context_hash;
use crate::resolve::EXTRACTOR_VERSION;
use crate::source::web::Crawl;
use crate::source::{self, Arrival, Found, Input, Known, Lines, Lookup, Reason, Reject, is_remote};
use crate::store::{Entry, Forgotten, Ledger, Store};

/// A batch is full with this many documents or bytes: many, for what is staged of it is a file a table and year.
const BATCH_DOCUMENTS: usize = 1 << 13;
const BATCH_BYTES: usize = 8 << 20;

/// The first batch has so many documents, and each after it twice as many: no core shall wait for the other.
const FIRST_BATCH: usize = 1 << 8;

/// Inputs that were fetched and wait to be taken.
const ARRIVALS: usize = 8;

/// An input to be read, with the hash of the facts given with it.
pub(super) type Batch = Vec<(Input, String)>;

/// The reader of inputs.
pub(super) struct Plan {
    task: Arc<Task>,
    shelf: Arc<Shelf>,
    ledger: Arc<Ledger>,
    forgotten: Forgotten,
    options: Options,
    planned: Planned,
    /// The JSONL file that is being read.
    reading: Option<Reading>,
    /// What is to be fetched.
    crawl: Option<Crawl>,
    /// Documents met in this run.
    met: HashSet<String>,
    /// The caller's ids, and the document that each stands for.
    names: HashMap<String, String>,
    batch: Batch,
    batch_bytes: usize,
    /// Documents that the batch may have.
    batch_limit: usize,
    left: usize,
}

impl Plan {
    pub fn new(
        task: Arc<Task>,
        store: Store,
        ledger: Arc<Ledger>,
        forgotten: Forgotten,
        options: Options,
        crawl: Option<Crawl>,
        unread: Unread,
    ) -> Plan {
        Plan {
            task,
            shelf: Arc::new(Shelf::new(store)),
            ledger,
            forgotten,
            options,
            planned: Planned { unread, ..Planned::default() },
            reading: None,
            crawl,
            met: HashSet::new(),
            names: HashMap::new(),
            batch: Batch::new(),
            batch_bytes: 0,
            batch_limit: FIRST_BATCH,
            left: options.limit.unwrap_or(usize::MAX),
        }
    }

    /// Reads what was `found` one after the other and sends on what is new, batch by batch.
    pub fn read(mut self, found: &[Found], batches: &Sender<Batch>, stop: &Stop) -> Planned {
        for found in found {
            let folder = &self.task.pipeline.folder;
            let limits = self.options.limits;
            let open = match found {
                Found::File(path) => {
                    let input = source::read_file(path, &uri(folder, path), limits);
                    self.take(input.into(), batches)
                }
                Found::Jsonl(path) => self.read_lines(path, uri(folder, path), batches, stop),
                Found::Bucket(bucket) => {
                    let arrivals = bucket.clone().start(self.lookup(), limits);
                    self.drain(arrivals, batches, stop)
                }
                Found::Web(_) => match self.crawl.take() {
                    Some(crawl) => self.drain(start(crawl, stop), batches, stop),
                    None => true,
                },
            };
            if !open || stop.is_requested() {
                self.planned.cut_short = true;
                break;
            }
        }
        if !self.planned.cut_short {
            self.read_again(batches, stop);
        }
        self.flush(batches);
        self.planned
    }

    /// Reads a JSONL file line by line, unless it is as it was; false when no more are wanted.
    fn read_lines(&mut self, path: &Path, uri: String, batches: &Sender<Batch>, stop: &Stop) -> bool {
        if self.planned.unread.knows(&uri)
            && !self.clashes(&uri)
            && let Some(documents) = self.planned.unread.leave_out(path, &uri)
        {
            tracing::info!(uri, documents, "as it was, not read again");
            self.planned.inputs += documents;
            self.planned.unchanged += documents;
            return true;
        }
        self.reading = Some(Unread::begin(path));
        let is_read = match Lines::open(path, &uri, self.options.limits) {
            Ok(mut lines) => lines.all(|line| !stop.is_requested() && self.take(line.into(), batches)),
            Err(reject) => self.take(Arrival::Reject(reject), batches),
        };
        if let Some(reading) = self.reading.take().filter(|_| is_read) {
            self.planned.unread.end(path, uri, reading);
        }
        is_read
    }

    /// Whether a document that was met in this run, or the id of one, stands in the JSONL file `uri` too, so that it must be read.
    fn clashes(&self, uri: &str) -> bool {
        let job = &self.task.pipeline.name;
        let begins = |other: &str| other.strip_prefix(uri).is_some_and(|rest| rest.starts_with('#'));
        let is_there =
            |id: &String| self.ledger.get(id).is_some_and(|entry| entry.pipeline == *job && begins(entry.uri));
        let is_named = |name: &String| self.ledger.at_uri(job, &format!("{uri}#{name}")).next().is_some();
        self.met.iter().any(is_there) || self.names.keys().any(is_named)
    }

    /// Takes what a remote source brings until it ends; false when no more are wanted.
    fn drain(&mut self, mut arrivals: mpsc::Receiver<Arrival>, batches: &Sender<Batch>, stop: &Stop) -> bool {
        while let Some(arrival) = arrivals.blocking_recv() {
            if stop.is_requested() || !self.take(arrival, batches) {
                return false;
            }
        }
        true
    }

    /// Tells a remote source what the ledger has for a uri. A document that is to be read again and whose bytes the
    /// archive has lost is as good as unknown: what is fetched anew mends the archive.
    fn lookup(&self) -> Lookup {
        let (task, ledger, shelf, full) =
            (self.task.clone(), self.ledger.clone(), self.shelf.clone(), self.options.full);
        Arc::new(move |uri| {
            let ids = ledger.at_uri(&task.pipeline.name, uri);
            let known = ids.filter_map(|id| {
                let (id, entry) = (DocumentId(id.to_owned()), ledger.get(id)?);
                let is_at_hand = || matches!(shelf.get(&id), Ok(Some(_)));
                let is_usable = (!full && holds(&task, &entry, &own_context(&task, &entry))) || is_at_hand();
                let (declared, fetched) = (entry.declared(), entry.fetched()?);
                is_usable.then_some(Known { id, declared, fetched })
            });
            known.collect()
        })
    }

    /// Documents that were fetched once and are not to be fetched again, read from the archive by the rules of today.
    fn read_again(&mut self, batches: &Sender<Batch>, stop: &Stop) {
        let ledger = self.ledger.clone();
        let unmet = ledger.fetched(&self.task.pipeline.name).filter(|(id, entry)| {
            // What came in the place of a document replaces it.
            !self.met.contains(*id) && !self.planned.arrived.contains(entry.uri)
        });
        let mut unmet: Vec<(&str, Entry<'_>)> = unmet.collect();
        unmet.sort_unstable_by_key(|(id, entry)| (entry.uri, *id));
        for (id, entry) in unmet {
            if stop.is_requested() {
                self.planned.cut_short = true;
                break;
            }
            self.planned.known.insert(id.to_owned());
            // What is only still there is no input of this run.
            if self.is_current(&entry) {
                continue;
            }
            if !self.read_archived(&DocumentId(id.to_owned()), &entry, batches) {
                self.planned.cut_short = true;
                break;
            }
            self.planned.inputs += 1;
        }
    }

    /// Takes what a source hands on, an archive member by member; false when no more are wanted.
    fn take(&mut self, arrival: Arrival, batches: &Sender<Batch>) -> bool {
        match arrival {
            Arrival::Input(input) => {
                if is_remote(&input.uri) {
                    self.planned.arrived.insert(input.uri.clone());
                }
                source::members(input, self.options.limits).all(|member| self.take_one(member.into(), batches))
            }
            arrival => self.take_one(arrival, batches),
        }
    }

    /// Counts what is one document, and sends it on if it is new; false when no more are wanted.
    fn take_one(&mut self, arrival: Arrival, batches: &Sender<Batch>) -> bool {
        let checked = match arrival {
            Arrival::Listed { url } => {
                self.planned.listed.push(url);
                return true;
            }
            _ if self.left == 0 => return false,
            _ if self.is_forgotten(&arrival) => {
                self.planned.inputs += 1;
                self.planned.forgotten += 1;
                self.spoil();
                return true;
            }
            Arrival::Input(input) => self.check_name(input),
            Arrival::Reject(reject) => Err(reject),
            Arrival::Unwanted { uri } => {
                self.planned.arrived.insert(uri);
                return true;
            }
            Arrival::Unchanged { uri, id } => {
                self.planned.inputs += 1;
                self.planned.arrived.insert(uri.clone());
                let ledger = self.ledger.clone();
                return match ledger.get(&id.0) {
                    Some(entry) if self.met.insert(id.0.clone()) => self.known(&id, &entry, batches),
                    _ => {
                        self.planned.copies.push((id, uri));
                        true
                    }
                };
            }
        };
        self.planned.inputs += 1;
        if let Ok(input) = &checked
            && is_remote(&input.uri)
        {
            self.planned.arrived.insert(input.uri.clone());
        }
        match checked {
            Err(reject) => {
                self.spoil();
                self.planned.rejects.push(reject);
            }
            Ok(input) if !self.met.insert(input.id.0.clone()) || self.is_left_out(&input.id) => {
                self.spoil();
                tracing::debug!(uri = input.uri, doc_id = %input.id, "the same document again");
                self.planned.copies.push((input.id, input.position));
            }
            Ok(input) => {
                let context = context_hash(&input.declared, &self.task.pipeline.defaults);
                let is_known = |entry: &Entry<'_>| {
                    !self.options.full && holds(&self.task, entry, &context) && is_noted(&self.task, entry, &input)
                };
                match self.ledger.get(&input.id.0).filter(is_known) {
                    Some(entry) => {
                        let is_plain = entry.uri == input.uri && entry.pipeline == self.task.pipeline.name;
                        note(&mut self.reading, &input, &context, is_plain);
                        self.planned.unchanged += 1;
                        self.planned.known.insert(input.id.0.clone());
                        if entry.uri != input.uri {
                            self.planned.moved.push((input.id, input.uri));
                        }
                    }
                    None => {
                        note(&mut self.reading, &input, &context, true);
                        return self.send(input, context, batches);
                    }
                }
            }
        }
        true
    }

    /// Whether a file that was not read has the document `id`.
    fn is_left_out(&self, id: &DocumentId) -> bool {
        let entry = self.planned.unread.files().next().and_then(|_| self.ledger.get(&id.0));
        entry.is_some_and(|entry| entry.pipeline == self.task.pipeline.name && self.planned.unread.holds(entry.uri))
    }

    /// The JSONL file that is being read has a line that is no document of its own.
    fn spoil(&mut self) {
        if let Some(reading) = &mut self.reading {
            reading.spoil();
        }
    }

    fn is_forgotten(&self, arrival: &Arrival) -> bool {
        match arrival {
            Arrival::Input(input) => self.forgotten.contains(Some(&input.id.0), &input.uri),
            Arrival::Reject(reject) => self.forgotten.contains(reject.id.as_ref().map(|id| id.0.as_str()), &reject.uri),
            Arrival::Unchanged { uri, id } => self.forgotten.contains(Some(&id.0), uri),
            Arrival::Listed { .. } | Arrival::Unwanted { .. } => false,
        }
    }

    /// Counts a document that is where it was, and reads it again from the archive if the rules have changed; false when
    /// no more are wanted.
    fn known(&mut self, id: &DocumentId, entry: &Entry<'_>, batches: &Sender<Batch>) -> bool {
        self.planned.known.insert(id.0.clone());
        if self.is_current(entry) {
            self.planned.unchanged += 1;
            return true;
        }
        self.read_archived(id, entry, batches)
    }

    /// Whether a document that came with nothing new needs no reading.
    fn is_current(&self, entry: &Entry<'_>) -> bool {
        !self.options.full && holds(&self.task, entry, &own_context(&self.task, entry))
    }

    /// Sends on what the archive has of a document; false when no more are wanted.
    fn read_archived(&mut self, id: &DocumentId, entry: &Entry<'_>, batches: &Sender<Batch>) -> bool {
        let bytes = match self.shelf.get(id) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return self.give_up(id, entry, "the archive does not have it"),
            Err(error) => return self.give_up(id, entry, &error.to_string()),
        };
        let (declared, fetched) = (entry.declared(), entry.fetched());
        let input = Input { declared, fetched, ..Input::from_archive(id, entry.uri, bytes) };
        let context = own_context(&self.task, entry);
        self.send(input, context, batches)
    }

    /// Rejects a document that cannot be read again; its rows stay as they are.
    fn give_up(&mut self, id: &DocumentId, entry: &Entry<'_>, detail: &str) -> bool {
        let reason = Reason::Unreadable(detail.to_owned());
        self.planned.rejects.push(Reject { uri: entry.uri.to_owned(), reason, id: Some(id.clone()) });
        true
    }

    /// Adds an input to the batch, and sends that on when it is full; false when no more are wanted.
    fn send(&mut self, input: Input, context: String, batches: &Sender<Batch>) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        self.batch_bytes += input.bytes().len();
        self.batch.push((input, context));
        let is_full = self.batch.len() >= self.batch_limit || self.batch_bytes >= BATCH_BYTES;
        let is_taken = !is_full || self.flush(batches);
        // At the limit at once, without waiting for one more.
        is_taken && self.left > 0
    }

    /// Rejects an input whose id stood for another document before.
    fn check_name(&mut self, input: Input) -> Result<Input, Reject> {
        let Some(name) = &input.name else { return Ok(input) };
        match self.names.get(name) {
            Some(id) if *id != input.id.0 => Err(input.reject(Reason::Duplicate(name.clone()))),
            Some(_) => Ok(input),
            None if self.is_taken(name, &input.id) => Err(input.reject(Reason::Duplicate(name.clone()))),
            None => {
                self.names.insert(name.clone(), input.id.0.clone());
                Ok(input)
            }
        }
    }

    /// Whether a file that was not read has another document under the id `name`.
    fn is_taken(&self, name: &str, id: &DocumentId) -> bool {
        self.planned.unread.files().any(|file| {
            let uri = format!("{file}#{name}");
            self.ledger.at_uri(&self.task.pipeline.name, &uri).any(|other| other != id.0)
        })
    }

    /// Sends the batch on; false when nobody takes it any more.
    fn flush(&mut self, batches: &Sender<Batch>) -> bool {
        let batch = std::mem::take(&mut self.batch);
        self.batch_bytes = 0;
        self.batch_limit = BATCH_DOCUMENTS.min(2 * self.batch_limit);
        batch.is_empty() || batches.blocking_send(batch).is_ok()
    }
}

/// Notes what a line of the file that is being read is: `is_plain` when it is a document of this file and no other.
fn note(reading: &mut Option<Reading>, input: &Input, context: &str, is_plain: bool) {
    let Some(reading) = reading else { return };
    match is_plain && input.name.is_some() {
        true => reading.add(&input.id.0, context),
        false => reading.spoil(),
    }
}

/// Hash of the facts that came with a document when it was read, and of the job's defaults as they are now.
fn own_context(task: &Task, entry: &Entry<'_>) -> String {
    context_hash(&entry.declared(), &task.pipeline.defaults)
}

/// Whether what the ledger knows of a document is what reading it now would give.
fn holds(task: &Task, entry: &Entry<'_>, context: &str) -> bool {
    // A document belongs to the job that read it first: two jobs with other defaults must not take it in turns.
    let context_holds = entry.pipeline != task.pipeline.name || entry.context_hash == context;
    context_holds && entry.extractor_version == EXTRACTOR_VERSION && entry.lexicon_version == task.lexicon.version()
}

/// Whether the ledger has the tag under which the object `input` stands: the same bytes that were written again have a new
/// one, and would be fetched in every run until it is noted. Servers of pages change tags without a reason.
fn is_noted(task: &Task, entry: &Entry<'_>, input: &Input) -> bool {
    let is_page = input.uri.starts_with("http");
    let is_its_own = !is_page && entry.pipeline == task.pipeline.name && entry.uri == input.uri;
    let tag = |fetched: &Option<Fetched>| fetched.as_ref().and_then(|fetched| fetched.etag.clone());
    !is_its_own || tag(&input.fetched).is_none_or(|now| tag(&entry.fetched()) == Some(now))
}

/// Starts `crawl` on the runtime; it ends with its receiver, or when a signal comes.
fn start(crawl: Crawl, stop: &Stop) -> mpsc::Receiver<Arrival> {
    let (arrivals, receiver) = mpsc::channel(ARRIVALS);
    let stop = stop.clone();
    Handle::current().spawn(async move {
        tokio::select! {
            () = crawl.run(arrivals) => {}
            () = stop.requested() => {}
        }
    });
    receiver
}

/// Path of an input relative to the pipeline file, with `/` between its parts.
pub(super) fn uri(folder: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(folder).unwrap_or(path);
    relative.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}
