//! The orchestrator: walks the street once for every input of a job, and publishes what came of it.
//!
//! One thread reads inputs, and takes the pages that are fetched beside it, and leaves out those that the ledger knows;
//! batches of the others go to a worker a core through a short queue, so memory is bounded however many inputs there are;
//! their rows are staged on disk as they come. Until publication nothing that readers of the store see has changed.

mod agenda;
mod crawl;
mod error;
mod inspection;
mod plan;
mod planned;
mod review;
mod shelf;
mod stop;
mod summary;
mod unread;
mod work;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::{JoinSet, block_in_place, spawn_blocking};
use tracing::Span;

pub use agenda::{Agenda, Turn};
pub use error::RunError;
pub use inspection::{Inspection, inspect};
pub use review::{Line, lines, review};
pub use stop::Stop;
pub use summary::{Progress, Summary, Took};
pub use work::prepare;

use crate::config::{Pipeline, Root};
use crate::lexicon::Lexicon;
use crate::normalize::{Decisions, Run};
use crate::quality;
use crate::source::{self, Limits};
use crate::store::{Change, Forgotten, Ledger, StoreError, Writer};
use plan::Plan;
use unread::Unread;
use work::{Task, Worked};

/// Batches that wait for a worker.
const QUEUE: usize = 2;

/// How long to leave a lock alone that another run holds, before it is tried again.
const LOCK_AGAIN: Duration = Duration::from_millis(500);

/// How a job is run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Do all of a run, but write nothing to the store.
    pub dry_run: bool,
    /// Read every input again, whatever the ledger says.
    pub full: bool,
    /// Read no more than this many documents.
    pub limit: Option<usize>,
    /// How long to wait for another run to leave the store.
    pub wait_lock: Duration,
    /// Bounds on the inputs.
    pub limits: Limits,
}

/// Runs `pipeline` once, unless `stop` is requested before publication. `progress` is told of every batch.
///
/// Must be called on a multi-threaded tokio runtime.
///
/// # Errors
/// See [`RunError`]. The store is as it was, unless it says that publication itself broke off; then the next run
/// finishes it.
#[tracing::instrument(level = "error", skip_all, fields(run_id = %run.id, pipeline = %pipeline.name))]
pub async fn run(
    pipeline: Pipeline,
    lexicon: Arc<Lexicon>,
    run: Run,
    options: Options,
    stop: &Stop,
    progress: &(dyn Fn(&Progress) + Sync),
) -> Result<Summary, RunError> {
    pipeline.quality.rules.check(&lexicon)?;
    let began = Instant::now();
    let (found, idle) = source::find(&pipeline)?;
    for pattern in idle {
        tracing::warn!(line = pattern.line, pattern = pattern.text, "matches no file");
    }
    let mut writer = match options.dry_run {
        true => block_in_place(|| Writer::rehearse(&pipeline.store, &run.id))?,
        false => open(&pipeline.store, options.wait_lock, stop).await?,
    };
    let opened = Instant::now();
    let store = writer.store().clone();
    let forgotten = if pipeline.read_forgotten { Forgotten::default() } else { store.forgotten()? };
    let decisions = block_in_place(|| store.decisions())?;
    let decisions =
        Decisions::of(decisions).map_err(|message| RunError::Decisions { path: store.root().to_owned(), message })?;
    let staging = writer.staging();
    let task = Arc::new(Task { lexicon, run, pipeline: pipeline.clone(), decisions, staging });
    let (mut unread, is_all) = Unread::new(&task, &store, &forgotten, &found, options);
    let ledger = Arc::new(if is_all { Ledger::default() } else { block_in_place(|| store.ledger())? });
    if !is_all {
        unread.check(&task.pipeline.name, &ledger);
    }

    let (batches, mut queue) = mpsc::channel(QUEUE);
    let crawl = block_in_place(|| crawl::crawl(&task, &found, &store, &ledger, options))?;
    let plan = Plan::new(task.clone(), store, ledger.clone(), forgotten, options, crawl, unread);
    let reader = spawn_blocking({
        let (stop, span) = (stop.clone(), Span::current());
        move || span.in_scope(|| plan.read(&found, &batches, &stop))
    });

    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let mut working: JoinSet<Result<Worked, RunError>> = JoinSet::new();
    let mut done = Progress::default();
    let (mut read, mut rejects) = (Vec::new(), Vec::new());
    let mut more = true;
    while more || !working.is_empty() {
        tokio::select! {
            () = stop.requested() => return Err(RunError::Interrupted),
            batch = queue.recv(), if more && working.len() < workers => match batch {
                Some(batch) => {
                    let (task, span) = (task.clone(), Span::current());
                    working.spawn_blocking(move || span.in_scope(|| task.work(batch)));
                }
                None => more = false,
            },
            Some(worked) = working.join_next() => {
                let mut worked = worked??;
                block_in_place(|| worked.stage(&mut writer))?;
                done.add(&worked.rows);
                progress(&done);
                read.extend(worked.read);
                rejects.extend(worked.rejects);
            }
        }
    }
    let mut planned = reader.await?;
    if stop.is_requested() {
        return Err(RunError::Interrupted);
    }
    let rejects = planned.all_rejects(rejects);
    for reject in &rejects {
        let doc_id = reject.id.as_ref().map(|id| id.0.as_str());
        tracing::warn!(uri = reject.uri, doc_id, reason = reject.reason.as_str(), "rejected: {}", reject.reason);
    }
    if let Err(error) = quality::gate_rejects(&pipeline.quality, planned.inputs, rejects.len()) {
        return Err(give_up(writer, error));
    }

    let changes = summary::changes(&pipeline.name, &ledger, &read, &planned);
    let summary = Summary::new(&pipeline.name, &planned, done, &changes, rejects);
    let mut took = Took { prepare: opened - began, read: opened.elapsed(), ..Took::default() };
    if !planned.cut_short {
        let rejected = summary.rejects.iter().map(|reject| &reject.uri);
        writer.note(&pipeline.name, std::mem::take(&mut planned.unread).into_seen(rejected));
    }
    let change = Change {
        rejects: work::rejects(&task, &summary.rejects)?,
        pipeline: pipeline.name,
        run: task.run.clone(),
        dropped: changes.dropped,
        forgotten: Default::default(),
        complete: !planned.cut_short,
        arrived: planned.arrived,
        listed: planned.listed,
    };
    let publishing = Instant::now();
    let errors = block_in_place(|| writer.prepare(&task.lexicon, &pipeline.quality.rules, &ledger, &change))?;
    if let Err(error) = quality::gate_errors(&pipeline.quality, &errors) {
        return Err(give_up(writer, error));
    }
    for error in &errors {
        tracing::warn!("does not add up: {error}");
    }
    let published = block_in_place(|| writer.publish())?;
    took.publish = publishing.elapsed();
    Ok(Summary { published, took, ..summary })
}

/// Takes the lock of the store at `root`, which another run may hold for no longer than `wait`.
async fn open(root: &Root, wait: Duration, stop: &Stop) -> Result<Writer, RunError> {
    let began = Instant::now();
    let mut is_said = false;
    loop {
        let locked = match block_in_place(|| Writer::open(root)) {
            Err(locked @ (StoreError::Locked { .. } | StoreError::Held { .. })) if began.elapsed() < wait => locked,
            writer => return Ok(writer?),
        };
        if !std::mem::replace(&mut is_said, true) {
            tracing::info!(seconds = wait.as_secs(), "waiting for another run: {locked}");
        }
        tokio::select! {
            () = stop.requested() => return Err(RunError::Interrupted),
            () = tokio::time::sleep(LOCK_AGAIN.min(wait.saturating_sub(began.elapsed()))) => {}
        }
    }
}

/// Leaves the store as it was, for `error`.
fn give_up(writer: Writer, error: quality::QualityError) -> RunError {
    match block_in_place(|| writer.abandon()) {
        Ok(()) => error.into(),
        Err(error) => error.into(),
    }
}

/// The lexicon of `pipeline`: its own folder of tables, or the bundled ones.
///
/// # Errors
/// When the tables cannot be read.
pub fn lexicon(folder: Option<&Path>) -> Result<Lexicon, RunError> {
    Ok(folder.map_or_else(Lexicon::bundled, Lexicon::load)?)
}
