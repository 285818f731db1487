//! The orchestrator: walks the street once for every input of a job, and publishes what came of it.
//!
//! One thread reads inputs, and takes the pages that are fetched beside it, and leaves out those that the ledger knows;
//! batches of the others go to a worker a core through a short queue, so memory is bounded however many inputs there are;
//! their rows are staged on disk as they come. Until publication nothing that readers of the store see has changed.

mod crawl;
mod error;
mod plan;
mod stop;
mod summary;
mod work;

use std::path::Path;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::{JoinSet, block_in_place, spawn_blocking};

pub use error::RunError;
pub use plan::{Inspection, inspect};
pub use summary::{Progress, Summary};
pub use work::prepare;

use crate::config::Pipeline;
use crate::lexicon::Lexicon;
use crate::normalize::Run;
use crate::quality;
use crate::source::{self, Limits};
use crate::store::{Change, Forgotten, Store, Writer};
use plan::Plan;
use stop::Stop;
use work::{Task, Worked};

/// Batches that wait for a worker.
const QUEUE: usize = 2;

/// How a job is run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Read and extract, but write nothing.
    pub dry_run: bool,
    /// Read every input again, whatever the ledger says.
    pub full: bool,
    /// Read no more than this many documents.
    pub limit: Option<usize>,
    /// Bounds on the inputs.
    pub limits: Limits,
}

/// Runs `pipeline` once. `progress` is told of every batch.
///
/// Must be called on a multi-threaded tokio runtime.
///
/// # Errors
/// See [`RunError`]. The store is as it was, unless it says that publication itself broke off; then the next run
/// finishes it.
#[tracing::instrument(skip_all, fields(run_id = %run.id, pipeline = %pipeline.name))]
pub async fn run(
    pipeline: Pipeline,
    lexicon: Arc<Lexicon>,
    run: Run,
    options: Options,
    progress: &(dyn Fn(&Progress) + Sync),
) -> Result<Summary, RunError> {
    pipeline.quality.rules.check(&lexicon)?;
    let (found, idle) = source::find(&pipeline)?;
    for pattern in idle {
        tracing::warn!(line = pattern.line, pattern = pattern.text, "matches no file");
    }
    let mut writer = if options.dry_run { None } else { Some(block_in_place(|| Writer::open(&pipeline.store))?) };
    let store = block_in_place(|| Store::at(&pipeline.store))?;
    let ledger = Arc::new(block_in_place(|| store.ledger())?);
    let forgotten = if pipeline.read_forgotten { Forgotten::default() } else { store.forgotten()? };
    let task = Arc::new(Task { lexicon, run, pipeline: pipeline.clone() });

    let stop = Stop::on_signals()?;
    let (batches, mut queue) = mpsc::channel(QUEUE);
    let crawl = block_in_place(|| crawl::crawl(&task, &found, &store, &ledger, options))?;
    let plan = Plan::new(task.clone(), store, ledger.clone(), forgotten, options, crawl);
    let reader = spawn_blocking({
        let stop = stop.clone();
        move || plan.read(&found, &batches, &stop)
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
                    let task = task.clone();
                    working.spawn_blocking(move || task.work(batch));
                }
                None => more = false,
            },
            Some(worked) = working.join_next() => {
                let worked = worked??;
                if let Some(writer) = &mut writer {
                    block_in_place(|| worked.stage(writer))?;
                }
                done.add(&worked);
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
        tracing::warn!(uri = reject.uri, reason = reject.reason.as_str(), "rejected: {}", reject.reason);
    }
    if let Err(error) = quality::gate_rejects(&pipeline.quality, planned.inputs, rejects.len()) {
        return Err(give_up(writer, error));
    }

    let changes = summary::changes(&pipeline.name, &ledger, &read, &planned);
    let summary = Summary::new(&pipeline.name, &planned, done, &changes, rejects);
    let Some(mut writer) = writer else { return Ok(summary) };
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
    let errors = block_in_place(|| writer.prepare(&task.lexicon, &pipeline.quality.rules, &ledger, &change))?;
    if let Err(error) = quality::gate_errors(&pipeline.quality, &errors) {
        return Err(give_up(Some(writer), error));
    }
    for error in &errors {
        tracing::warn!("does not add up: {error}");
    }
    let published = block_in_place(|| writer.publish())?;
    Ok(Summary { published, ..summary })
}

/// Leaves the store as it was, for `error`.
fn give_up(writer: Option<Writer>, error: quality::QualityError) -> RunError {
    match block_in_place(|| writer.map_or(Ok(()), Writer::abandon)) {
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
