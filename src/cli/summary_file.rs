//! `run --summary-file`: how the runs went, as JSON. The fields are described in `docs/OPERATIONS.md`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::CliError;
use super::job::Report;
use crate::pipeline::Summary;
use crate::source::Reject;
use crate::store::write_whole;

/// One run.
#[derive(Serialize)]
struct Entry<'r> {
    pipeline: &'r str,
    file: &'r Path,
    run_id: &'r str,
    began: String,
    ended: String,
    dry_run: bool,
    exit_code: u8,
    error: Option<String>,
    newest_period_end: Option<String>,
    documents: Option<Documents>,
    rows: Option<Rows>,
    files: Option<Files<'r>>,
    seconds: Option<Seconds>,
    rejects: Vec<Rejected<'r>>,
}

#[derive(Serialize)]
struct Documents {
    inputs: usize,
    new: usize,
    changed: usize,
    reread: usize,
    unchanged: usize,
    duplicate: usize,
    forgotten: usize,
    rejected: usize,
}

/// Rows of the documents that were read in this run.
#[derive(Serialize)]
struct Rows {
    observations: usize,
    entities: usize,
    numbers: usize,
}

/// Files of the store, relative to its root.
#[derive(Serialize)]
struct Files<'r> {
    written: &'r [PathBuf],
    removed: &'r [PathBuf],
}

#[derive(Serialize)]
struct Seconds {
    prepare: f64,
    read: f64,
    publish: f64,
}

#[derive(Serialize)]
struct Rejected<'r> {
    uri: &'r str,
    stage: &'static str,
    reason: &'static str,
    detail: String,
    doc_id: Option<&'r str>,
}

/// Writes `reports` to `path`: an object where one pipeline was asked for, else a list of those that had their turn.
pub(super) fn write(path: &Path, reports: &[Report], dry_run: bool, asked_for: usize) -> Result<(), CliError> {
    let entries: Vec<Entry<'_>> = reports.iter().map(|report| entry(report, dry_run)).collect();
    let mut text = match entries.first() {
        Some(only) if asked_for == 1 => serde_json::to_vec_pretty(only)?,
        _ => serde_json::to_vec_pretty(&entries)?,
    };
    text.push(b'\n');
    Ok(write_whole(path, &text)?)
}

fn entry(report: &Report, dry_run: bool) -> Entry<'_> {
    let summary = report.outcome.as_ref().ok();
    Entry {
        pipeline: &report.pipeline,
        file: &report.path,
        run_id: &report.run.id,
        began: report.run.began.to_string(),
        ended: report.ended.to_string(),
        dry_run,
        exit_code: report.exit as u8,
        error: report.outcome.as_ref().err().map(ToString::to_string),
        newest_period_end: report.newest_period_end.map(|day| day.to_string()),
        documents: summary.map(documents),
        rows: summary.map(|Summary { rows, .. }| Rows {
            observations: rows.observations,
            entities: rows.entities,
            numbers: rows.numbers,
        }),
        files: summary
            .map(|Summary { published, .. }| Files { written: &published.written, removed: &published.removed }),
        seconds: summary.map(|Summary { took, .. }| Seconds {
            prepare: took.prepare.as_secs_f64(),
            read: took.read.as_secs_f64(),
            publish: took.publish.as_secs_f64(),
        }),
        rejects: summary.map_or(Vec::new(), |summary| summary.rejects.iter().map(rejected).collect()),
    }
}

fn documents(summary: &Summary) -> Documents {
    Documents {
        inputs: summary.inputs,
        new: summary.new,
        changed: summary.changed,
        reread: summary.reread,
        unchanged: summary.unchanged,
        duplicate: summary.duplicates,
        forgotten: summary.forgotten,
        rejected: summary.rejects.len(),
    }
}

fn rejected(reject: &Reject) -> Rejected<'_> {
    Rejected {
        uri: &reject.uri,
        stage: reject.reason.stage().as_str(),
        reason: reject.reason.as_str(),
        detail: reject.reason.to_string(),
        doc_id: reject.id.as_ref().map(|id| id.0.as_str()),
    }
}
