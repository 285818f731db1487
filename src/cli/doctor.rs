//! `doctor [PIPELINE…]`: a line a finding, with what to do about it.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::place::root;
use super::{CliError, Exit};
use crate::config::{Pipeline, Root, Schedule};
use crate::pipeline;
use crate::store::{Health, Lock, Store, StoreError};

/// Years in which this program can be running.
const YEARS: std::ops::RangeInclusive<i16> = 2020..=2100;

/// Free bytes without which not even a small run can end.
const LEAST_BYTES: u64 = 64 << 20;

/// Free files that a store should have left: each document takes one in the archive.
const LEAST_FILES: u64 = 10_000;

/// How late a job may be before it is said to have been missed.
const LATE: SignedDuration = SignedDuration::from_mins(15);

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Pipeline files, each looked at with its store
    #[arg(value_name = "PIPELINE")]
    pipelines: Vec<PathBuf>,
    /// Root of a store to look at, a folder or s3://bucket/prefix
    #[arg(long, value_name = "PATH")]
    store: Option<PathBuf>,
}

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq)]
enum Level {
    Ok,
    Warn,
    Fail,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Level::Ok => "ok",
            Level::Warn => "warn",
            Level::Fail => "FAIL",
        })
    }
}

/// What was found, as it is printed: the level, the subject, and words that end with what to do.
struct Findings(Vec<(Level, &'static str, String)>);

impl Findings {
    fn ok(&mut self, subject: &'static str, words: impl Into<String>) {
        self.0.push((Level::Ok, subject, words.into()));
    }

    fn warn(&mut self, subject: &'static str, words: impl Into<String>) {
        self.0.push((Level::Warn, subject, words.into()));
    }

    fn fail(&mut self, subject: &'static str, words: impl Into<String>) {
        self.0.push((Level::Fail, subject, words.into()));
    }
}

/// Looks at everything that a run needs; nothing is changed. Exit code 1 when a run would fail.
pub(super) fn doctor(arguments: Arguments) -> Result<Exit, CliError> {
    if arguments.pipelines.is_empty() && arguments.store.is_none() {
        return Err(CliError::Argument("expected a pipeline file or --store PATH".to_owned()));
    }
    let now = Timestamp::now();
    let mut findings = Findings(Vec::new());
    clock(&mut findings, now);
    let mut stores: BTreeSet<Root> = arguments.store.as_deref().map(root).transpose()?.into_iter().collect();
    for path in &arguments.pipelines {
        match Pipeline::load(path) {
            Err(error) => findings.fail("pipeline", format!("{error}; correct the file")),
            Ok(pipeline) => {
                job(&mut findings, &pipeline, now);
                stores.insert(pipeline.store);
            }
        }
    }
    for root in stores {
        if let Err(error) = store(&mut findings, &root) {
            findings.fail("store", error.to_string());
        }
    }
    let mut out = io::stdout().lock();
    for (level, subject, words) in &findings.0 {
        writeln!(out, "{level:<5} {subject:<9} {words}")?;
    }
    let failed = findings.0.iter().any(|(level, ..)| *level == Level::Fail);
    Ok(if failed { Exit::Failure } else { Exit::Done })
}

fn clock(findings: &mut Findings, now: Timestamp) {
    let year = now.to_zoned(TimeZone::UTC).year();
    match YEARS.contains(&year) {
        true => findings.ok("clock", format!("{now:.0}")),
        false => findings.fail("clock", format!("{now:.0}: no such year can be; set the clock of the machine")),
    }
    // 1987 had summer time in China: data that is cut short does not know of it.
    let noon = date(1987, 7, 1).at(12, 0, 0, 0);
    let shanghai = TimeZone::get("Asia/Shanghai").and_then(|zone| noon.to_zoned(zone));
    match shanghai.map(|noon| noon.offset()) {
        Ok(offset) if offset == Offset::constant(9) => findings.ok("timezone", "Asia/Shanghai as it should be"),
        _ => findings.warn("timezone", "Asia/Shanghai has no summer time in 1987; install the package tzdata again"),
    }
}

/// A pipeline file that can be read: its lexicon, its sources and its schedule.
fn job(findings: &mut Findings, pipeline: &Pipeline, now: Timestamp) {
    let file = pipeline.path.display();
    findings.ok("pipeline", format!("{file}: {}", pipeline.name));
    match pipeline::lexicon(pipeline.lexicon.as_deref()) {
        Err(error) => findings.fail("lexicon", format!("{error}; correct the table")),
        Ok(lexicon) => {
            let whose = pipeline.lexicon.as_deref().map_or("bundled".into(), Path::to_string_lossy);
            findings.ok("lexicon", format!("{whose}: version {}", lexicon.version()));
        }
    }
    match pipeline::inspect(pipeline, now) {
        Err(error) => findings.fail("sources", format!("{error}; correct the pattern or put it there")),
        Ok(found) => {
            findings.ok("sources", format!("{file}: {found}"));
            for (line, pattern) in found.idle {
                let advice = "see whether anything should have been delivered";
                findings.warn("sources", format!("{file}:{line}: {pattern:?} matches no file; {advice}"));
            }
        }
    }
    match &pipeline.schedule {
        None => findings.ok("schedule", format!("{file}: none, so only for cron or by hand")),
        Some(schedule) => scheduled(findings, pipeline, schedule, now),
    }
}

fn scheduled(findings: &mut Findings, pipeline: &Pipeline, schedule: &Schedule, now: Timestamp) {
    let file = pipeline.path.display();
    let times = std::iter::successors(schedule.after(now), |&due| schedule.after(due)).take(3);
    let times = times.map(|due| due.to_zoned(schedule.zone().clone()).strftime("%Y-%m-%d %H:%M %Z").to_string());
    let times = times.collect::<Vec<String>>().join(", ");
    findings.ok("schedule", format!("{file}: {} is next {times}", schedule.expression()));
    match Store::at(&pipeline.store.folder()).and_then(|store| store.last_runs()) {
        Err(error) => findings.fail("schedule", error.to_string()),
        Ok(last_runs) => {
            let Some(&last) = last_runs.get(&pipeline.name) else { return };
            let due = schedule.after(last).filter(|&due| now.duration_since(due) > LATE);
            if let Some(due) = due {
                let advice = "see whether `zhibiao schedule` is running: it catches up when it starts";
                findings.warn("schedule", format!("{}: due since {due} and not run; {advice}", pipeline.name));
            }
        }
    }
}

/// A store in a bucket is looked at in the copy for readers; who writes to it, its lock says.
fn store(findings: &mut Findings, place: &Root) -> Result<(), StoreError> {
    let store = Store::of(place)?;
    let root = store.root();
    let lock = Store::lock_of(place)?;
    let health = store.health()?;
    match Store::existing(root) {
        Err(StoreError::Missing { .. }) => findings.ok("store", format!("{place}: none yet; the first run makes it")),
        Err(error) => return Err(error),
        Ok(_) => tables(findings, root, &health, &lock),
    }
    match &lock {
        Lock::Free => findings.ok("lock", format!("{place}: nobody is writing")),
        Lock::Held(Some(process)) => findings.ok("lock", format!("{place}: process {process} is writing")),
        Lock::HeldBy(owner) => findings.ok("lock", format!("{place}: {owner} is writing")),
        Lock::Held(None) => findings.ok("lock", format!("{place}: a run is writing")),
    }
    if lock == Lock::Free && health.half_published {
        findings.warn(
            "leftovers",
            format!("{place}/meta/journal.json: a run died while it published; the next finishes it"),
        );
    } else if lock == Lock::Free && health.staged {
        findings
            .warn("leftovers", format!("{place}/meta/tmp: a run ended before it published; the next clears it away"));
    }
    space(findings, root, &health)
}

fn tables(findings: &mut Findings, root: &Path, health: &Health, lock: &Lock) {
    let rows =
        health.rows.iter().filter(|(table, _)| ["documents", "observations", "series", "rejects"].contains(table));
    let rows = rows.map(|(table, rows)| format!("{rows} {table}")).collect::<Vec<String>>().join(", ");
    let megabytes = health.bytes.div_ceil(1 << 20);
    findings.ok("store", format!("{}: {} files, {megabytes} MiB, {rows}", root.display(), health.files));
    for (path, message) in &health.broken {
        let words = format!("{}: {message}", path.display());
        match lock {
            Lock::Free => {
                findings.fail("store", format!("{words}; delete it if it is there, and `run PIPELINE --full`"))
            }
            // A run that publishes puts one file in place after the other.
            Lock::Held(_) | Lock::HeldBy(_) => {
                findings.warn("store", format!("{words}; a run is writing, look again when it is done"))
            }
        }
    }
    for path in &health.foreign {
        findings.warn("store", format!("{}: of no table; take it away, readers with a glob see it", path.display()));
    }
}

/// A publication writes the partitions that it touches anew before the old ones go: at worst all of them.
fn space(findings: &mut Findings, root: &Path, health: &Health) -> Result<(), StoreError> {
    let there = root.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    let disk =
        rustix::fs::statvfs(there).map_err(|error| StoreError::Io { path: there.to_owned(), source: error.into() })?;
    let (free, place) = (disk.f_bavail * disk.f_frsize, there.display());
    let megabytes = free >> 20;
    match free {
        _ if free < LEAST_BYTES => findings.fail("disk", format!("{place}: {megabytes} MiB free; make room")),
        _ if free < health.bytes + LEAST_BYTES => {
            let most = health.bytes.div_ceil(1 << 20);
            findings.warn("disk", format!("{place}: {megabytes} MiB free, and a run may need {most}; make room"));
        }
        _ => findings.ok("disk", format!("{place}: {megabytes} MiB free")),
    }
    // File systems that make them as needed say 0.
    if disk.f_files > 0 && disk.f_favail < LEAST_FILES {
        findings.warn("disk", format!("{place}: only {} more files can be made; make room", disk.f_favail));
    }
    Ok(())
}
