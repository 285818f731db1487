//! `schedule PIPELINE…`

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::job::{self, Operation, Report};
use super::{CliError, Exit};
use crate::config::{Pipeline, Schedule};
use crate::pipeline::{Agenda, Options, RunError, Stop, Turn};
use crate::store::{LastRuns, Store};

/// How long a run waits for another that was not started here.
const WAIT_LOCK: Duration = Duration::from_secs(600);

/// The longest sleep. The clock may be set, and a machine that was suspended does not count the time.
const NAP: Duration = Duration::from_secs(30);

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Pipeline files, each with a `schedule`; read again before each run
    #[arg(required = true, value_name = "PIPELINE")]
    pipelines: Vec<PathBuf>,
    #[command(flatten)]
    operation: Operation,
}

/// Runs each pipeline when its schedule says, until a signal comes. Those of one store run in turn.
pub(super) fn schedule(arguments: Arguments) -> Result<Exit, CliError> {
    let operation = &arguments.operation;
    operation.check()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let stop = Stop::on_signals()?;
        let (tell, mut reports) = mpsc::channel::<Report>(1);
        let mut working = JoinSet::new();
        for (store, jobs) in by_store(&arguments.pipelines)? {
            let wait_lock = operation.wait_lock(WAIT_LOCK);
            let options = Options { wait_lock, ..Options::default() };
            working.spawn(Keeper::new(&store, jobs)?.keep(options, stop.clone(), tell.clone()));
        }
        drop(tell);
        loop {
            tokio::select! {
                Some(report) = reports.recv() => {
                    if let Err(error) = operation.note(std::slice::from_ref(&report)) {
                        tracing::error!(pipeline = report.pipeline, "{error}");
                    }
                }
                Some(ended) = working.join_next() => ended.map_err(RunError::from)?,
                else => return Ok(Exit::Done),
            }
        }
    })
}

/// A job that is run by schedule.
#[derive(Debug)]
struct Job {
    path: PathBuf,
    name: String,
    store: PathBuf,
    schedule: Schedule,
}

impl Job {
    /// Reads the pipeline file at `path`.
    fn load(path: &Path) -> Result<(Job, Pipeline), CliError> {
        let pipeline = Pipeline::load(path).map_err(RunError::from)?;
        let missing = || CliError::NoSchedule { path: path.to_owned() };
        let schedule = pipeline.schedule.clone().ok_or_else(missing)?;
        let (name, store) = (pipeline.name.clone(), pipeline.store.folder());
        Ok((Job { path: path.to_owned(), name, store, schedule }, pipeline))
    }

    /// Reads the pipeline file again: what was changed in it holds from this run on.
    fn reload(&mut self) -> Result<Pipeline, CliError> {
        let (job, pipeline) = Job::load(&self.path)?;
        if (&job.name, &job.store) != (&self.name, &self.store) {
            return Err(CliError::Moved { path: self.path.clone() });
        }
        *self = job;
        Ok(pipeline)
    }
}

/// The jobs of each store.
fn by_store(paths: &[PathBuf]) -> Result<BTreeMap<PathBuf, Vec<Job>>, CliError> {
    let mut stores: BTreeMap<PathBuf, Vec<Job>> = BTreeMap::new();
    for path in paths {
        let (job, _) = Job::load(path)?;
        // One folder may be written in several ways, and only one that exists has a name of its own.
        Store::at(&job.store)?;
        let place = fs::create_dir_all(&job.store).and_then(|()| job.store.canonicalize());
        let place = place.map_err(|source| CliError::Input { path: job.store.clone(), source })?;
        let jobs = stores.entry(place).or_default();
        if let Some(other) = jobs.iter().find(|other| other.name == job.name) {
            let (first, second) = (other.path.display(), path.display());
            let message = format!("{first} and {second}: two jobs of one store are both named {:?}", job.name);
            return Err(CliError::Argument(message));
        }
        jobs.push(job);
    }
    Ok(stores)
}

/// Runs the jobs of one store.
struct Keeper {
    jobs: Vec<Job>,
    agenda: Agenda,
    last_runs: LastRuns,
}

impl Keeper {
    /// Takes up the jobs of `store` where the last scheduler left them; what never ran by schedule begins now.
    fn new(store: &Path, jobs: Vec<Job>) -> Result<Keeper, CliError> {
        let now = Timestamp::now();
        let mut last_runs = LastRuns::open(store)?;
        let mut settled = Vec::new();
        for job in &jobs {
            let last = match last_runs.get(&job.name) {
                Some(last) => last,
                None => {
                    last_runs.record(&job.name, now)?;
                    now
                }
            };
            settled.push((job.schedule.clone(), last));
        }
        Ok(Keeper { jobs, agenda: Agenda::new(settled), last_runs })
    }

    /// Runs what is due until `stop` is requested, and tells of each run.
    async fn keep(mut self, options: Options, stop: Stop, tell: mpsc::Sender<Report>) {
        while !stop.is_requested() {
            let now = Timestamp::now();
            match self.agenda.turn(now) {
                Turn::Run { job, due } => {
                    let report = self.run(job, due, options, &stop).await;
                    // Nobody listens any more where the process is about to end.
                    let _ = tell.send(report).await;
                }
                Turn::Wait(until) => {
                    let left = Duration::try_from(until.duration_since(now)).unwrap_or(NAP);
                    tokio::select! {
                        () = stop.requested() => {}
                        () = tokio::time::sleep(left.min(NAP)) => {}
                    }
                }
            }
        }
    }

    /// Gives the job at `index` its turn.
    async fn run(&mut self, index: usize, due: Timestamp, options: Options, stop: &Stop) -> Report {
        let job = &mut self.jobs[index];
        tracing::info!(pipeline = job.name, %due, "due");
        let pipeline = job.reload();
        self.agenda.reschedule(index, job.schedule.clone());
        let report = job::run(&job.path, pipeline, options, false, stop, &|_| {}).await;
        // A run that a signal cut short is not done: the next scheduler catches up with it.
        if !report.is_interrupted() {
            let now = Timestamp::now();
            self.agenda.settle(index, now);
            if let Err(error) = self.last_runs.record(&job.name, now) {
                tracing::error!(pipeline = job.name, "{error}");
            }
        }
        // Under the name that it was started with, also where the file cannot be read any more.
        Report { pipeline: job.name.clone(), ..report }
    }
}
