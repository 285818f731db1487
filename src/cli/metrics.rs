//! `--metrics-file`: how the last runs went, in the text format that Prometheus reads.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::job::Report;
use super::{CliError, Exit};
use crate::store::write_whole;

/// When a run last succeeded: the one sample that outlives a failing run.
const SUCCESS: &str = "zhibiao_last_success_timestamp_seconds";

/// Every metric, with what it says. All are gauges: they tell of the last run.
const FAMILIES: [(&str, &str); 7] = [
    ("zhibiao_last_run_timestamp_seconds", "When the last run ended, in Unix time."),
    (SUCCESS, "When the last run that ended with 0 or 3 did so, in Unix time."),
    ("zhibiao_last_run_exit_code", "Exit code of the last run."),
    ("zhibiao_last_run_documents", "Inputs of the last run by what became of them; absent when it failed."),
    ("zhibiao_last_run_rows", "Rows that the last run read, by table; absent when it failed."),
    ("zhibiao_last_run_duration_seconds", "Where the time of the last run went, by stage; absent when it failed."),
    ("zhibiao_newest_period_end_timestamp_seconds", "The last day that the store has a fact of, in Unix time."),
];

/// A sample: its family and its whole line.
type Sample = (&'static str, String);

/// Puts `reports` into the file at `path`, and leaves what it says of other pipelines.
pub(super) fn update(path: &Path, reports: &[Report]) -> Result<(), CliError> {
    let old = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        old => old.map_err(|source| CliError::Input { path: path.to_owned(), source })?,
    };
    let mut samples: Vec<Sample> = old.lines().filter_map(sample).collect();
    // One after the other, so that of two jobs with one name the later holds.
    for report in reports {
        samples.retain(|sample| !replaces(report, sample));
        samples.extend(of_report(report));
    }
    Ok(write_whole(path, exposition(&samples).as_bytes())?)
}

/// A line of an older file, if it is a sample.
fn sample(line: &str) -> Option<Sample> {
    let (name, _) = line.split_once('{')?;
    let (family, _) = FAMILIES.iter().find(|(family, _)| *family == name)?;
    Some((family, line.to_owned()))
}

/// Whether an older sample is out of date with `report`.
fn replaces(report: &Report, (family, line): &Sample) -> bool {
    let is_of_pipeline = line.starts_with(&format!("{family}{{{}", label(&report.pipeline)));
    is_of_pipeline && (*family != SUCCESS || is_success(report))
}

/// The samples of a run.
fn of_report(report: &Report) -> Vec<Sample> {
    let pipeline = label(&report.pipeline);
    let [run, success, exit_code, documents, rows, seconds, newest] = FAMILIES.map(|(family, _)| family);
    let mut samples = Vec::new();
    let mut add = |family: &'static str, more: &str, value: f64| {
        samples.push((family, format!("{family}{{{pipeline}{more}}} {value}")));
    };
    add(run, "", unix(report.ended));
    if is_success(report) {
        add(success, "", unix(report.ended));
    }
    add(exit_code, "", f64::from(report.exit as u8));
    if let Ok(summary) = &report.outcome {
        for (outcome, count) in [
            ("new", summary.new),
            ("changed", summary.changed),
            ("reread", summary.reread),
            ("unchanged", summary.unchanged),
            ("duplicate", summary.duplicates),
            ("forgotten", summary.forgotten),
            ("rejected", summary.rejects.len()),
        ] {
            add(documents, &format!(",outcome=\"{outcome}\""), count as f64);
        }
        for (table, count) in [
            ("observations", summary.rows.observations),
            ("entities", summary.rows.entities),
            ("numbers", summary.rows.numbers),
        ] {
            add(rows, &format!(",table=\"{table}\""), count as f64);
        }
        for (stage, took) in
            [("prepare", summary.took.prepare), ("read", summary.took.read), ("publish", summary.took.publish)]
        {
            add(seconds, &format!(",stage=\"{stage}\""), took.as_secs_f64());
        }
    }
    if let Some(day) = report.newest_period_end.and_then(midnight) {
        add(newest, "", unix(day));
    }
    samples
}

/// Whether a run left the store up to date.
fn is_success(report: &Report) -> bool {
    matches!(report.exit, Exit::Done | Exit::Partial)
}

/// `samples` as a file: each family once, with its help and its type before it.
fn exposition(samples: &[Sample]) -> String {
    let mut text = String::new();
    for (family, help) in FAMILIES {
        let mut lines: Vec<&str> =
            samples.iter().filter(|(of, _)| *of == family).map(|(_, line)| line.as_str()).collect();
        if lines.is_empty() {
            continue;
        }
        lines.sort_unstable();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# HELP {family} {help}\n# TYPE {family} gauge\n{}", lines.join("\n"));
    }
    text
}

/// The label that every sample begins with.
fn label(pipeline: &str) -> String {
    let escaped = pipeline.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("pipeline=\"{escaped}\"")
}

/// Seconds since 1970, to the millisecond.
fn unix(instant: Timestamp) -> f64 {
    instant.as_millisecond() as f64 / 1000.0
}

fn midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|midnight| midnight.timestamp())
}
