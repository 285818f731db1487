//! One run of one pipeline, as `run` and `schedule` do it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{CliError, Exit, metrics};
use crate::config::Pipeline;
use crate::normalize::Run;
use crate::pipeline::{self, Options, Progress, RunError, Stop, Summary};
use crate::store::Store;

/// What is said of runs on the command line, whoever starts them.
#[derive(Clone, Debug, Args)]
pub(super) struct Operation {
    /// Wait this many seconds for another run to leave the store; exit code 75 is for longer ones
    #[arg(long, value_name = "SECS")]
    wait_lock: Option<u64>,
    /// Keep how the last runs went in a file for the textfile collector of node_exporter; not of dry runs
    #[arg(long, value_name = "PATH")]
    pub metrics_file: Option<PathBuf>,
}

impl Operation {
    /// How long to wait for the store, `default` where nothing is said.
    pub fn wait_lock(&self, default: Duration) -> Duration {
        self.wait_lock.map_or(default, Duration::from_secs)
    }

    /// Finds what is wrong with the arguments before a run begins.
    pub fn check(&self) -> Result<(), CliError> {
        self.metrics_file.as_deref().map_or(Ok(()), |path| writable_file("--metrics-file", path))
    }

    /// Notes how `reports` went.
    pub fn note(&self, reports: &[Report]) -> Result<(), CliError> {
        self.metrics_file.as_deref().map_or(Ok(()), |path| metrics::update(path, reports))
    }
}

/// Checks that a file that is to be written at the end has a folder to lie in.
pub(super) fn writable_file(flag: &str, path: &Path) -> Result<(), CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.is_dir() {
        return Err(CliError::Argument(format!("{flag} {}: expected a file, found a folder", path.display())));
    }
    match folder.is_dir() {
        true => Ok(()),
        false => Err(CliError::Argument(format!("{flag} {}: no folder {}", path.display(), folder.display()))),
    }
}

/// How a run went.
#[derive(Debug)]
pub(super) struct Report {
    /// The pipeline file.
    pub path: PathBuf,
    /// The job's name; that of the file where it could not be read.
    pub pipeline: String,
    /// Its id and its beginning.
    pub run: Run,
    /// Its end.
    pub ended: Timestamp,
    /// What it did, or why not.
    pub outcome: Result<Summary, CliError>,
    /// The exit code that stands for it.
    pub exit: Exit,
    /// The last day that the job's store has a fact of.
    pub newest_period_end: Option<Date>,
}

impl Report {
    /// Whether a signal ended the run.
    pub fn is_interrupted(&self) -> bool {
        matches!(self.outcome, Err(CliError::Run(RunError::Interrupted)))
    }
}

/// Runs `pipeline`, read from `path`, and logs how it went.
pub(super) async fn run(
    path: &Path,
    pipeline: Result<Pipeline, CliError>,
    options: Options,
    fail_if_empty: bool,
    stop: &Stop,
    progress: &(dyn Fn(&Progress) + Sync),
) -> Report {
    let run = new_run();
    let stem = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let name = pipeline.as_ref().map_or_else(|_| stem(), |pipeline| pipeline.name.clone());
    let store = pipeline.as_ref().ok().map(|pipeline| pipeline.store.clone());
    let outcome = match pipeline {
        Ok(pipeline) => attempt(pipeline, run.clone(), options, stop, progress).await,
        Err(error) => Err(error),
    };
    let ended = Timestamp::now();
    let exit = match &outcome {
        Err(error) => Exit::of(error),
        Ok(summary) if summary.inputs == 0 && fail_if_empty => Exit::NoInput,
        Ok(summary) if !summary.rejects.is_empty() => Exit::Partial,
        Ok(_) => Exit::Done,
    };
    match &outcome {
        Ok(summary) => log_done(summary, &run, ended),
        Err(error) => tracing::error!(pipeline = name, run_id = run.id, exit_code = exit as u8, "{error}"),
    }
    let newest_period_end =
        store.and_then(|root| Store::at(&root.folder()).and_then(|store| store.newest_period_end()).ok());
    Report {
        path: path.to_owned(),
        pipeline: name,
        run,
        ended,
        outcome,
        exit,
        newest_period_end: newest_period_end.flatten(),
    }
}

/// A run that begins now.
pub(super) fn new_run() -> Run {
    let began = Timestamp::now();
    // The lock lets one run at a time write to a store, so the moment and the process make the name unique in it.
    Run { id: format!("{}-{:x}", began.strftime("%Y%m%dT%H%M%S%.3fZ"), std::process::id()), began }
}

async fn attempt(
    pipeline: Pipeline,
    run: Run,
    options: Options,
    stop: &Stop,
    progress: &(dyn Fn(&Progress) + Sync),
) -> Result<Summary, CliError> {
    let lexicon = Arc::new(pipeline::lexicon(pipeline.lexicon.as_deref())?);
    Ok(pipeline::run(pipeline, lexicon, run, options, stop, progress).await?)
}

fn log_done(summary: &Summary, run: &Run, ended: Timestamp) {
    tracing::info!(
        pipeline = summary.pipeline,
        run_id = run.id,
        inputs = summary.inputs,
        new = summary.new,
        changed = summary.changed,
        reread = summary.reread,
        unchanged = summary.unchanged,
        duplicates = summary.duplicates,
        forgotten = summary.forgotten,
        rejected = summary.rejects.len(),
        observations = summary.rows.observations,
        files_written = summary.published.written.len(),
        seconds = ended.duration_since(run.began).as_secs_f64(),
        "done"
    );
}
