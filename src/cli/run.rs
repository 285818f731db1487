//! `run PIPELINE…`

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use comfy_table::{CellAlignment, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};

use super::job::{self, Operation, Report};
use super::{CliError, Exit, summary_file};
use crate::config::Pipeline;
use crate::pipeline::{Options, Progress, RunError, Stop, Summary};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Pipeline files, run one after the other
    #[arg(required = true, value_name = "PIPELINE")]
    pipelines: Vec<PathBuf>,
    /// Do all of a run and say how it would end, but leave the store as it is
    #[arg(long)]
    dry_run: bool,
    /// Read every input again, also those that are in the store as they are
    #[arg(long)]
    full: bool,
    /// Read no more than this many documents
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// End with exit code 66 when a pipeline has no input
    #[arg(long)]
    fail_if_empty: bool,
    /// Print the summary also when stdout is no terminal
    #[arg(long)]
    summary: bool,
    /// Write the summary as JSON, also of a run that fails; a list where there are several pipelines
    #[arg(long, value_name = "PATH")]
    summary_file: Option<PathBuf>,
    #[command(flatten)]
    operation: Operation,
}

/// Runs the pipelines; the highest exit code holds, and a pipeline that fails does not keep the next from its turn.
pub(super) fn run(arguments: Arguments) -> Result<Exit, CliError> {
    arguments.operation.check()?;
    if let Some(path) = &arguments.summary_file {
        job::writable_file("--summary-file", path)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut reports = Vec::new();
    let mut printed = Ok(());
    runtime.block_on(async {
        let stop = Stop::on_signals()?;
        for path in &arguments.pipelines {
            let report = run_one(path, &arguments, &stop).await;
            if let Ok(summary) = &report.outcome
                && (arguments.summary || io::stdout().is_terminal())
                && printed.is_ok()
            {
                printed = print(summary, arguments.dry_run);
            }
            let is_interrupted = report.is_interrupted();
            reports.push(report);
            if is_interrupted {
                break;
            }
        }
        Ok::<(), RunError>(())
    })?;
    // Of three ways to tell, one that is barred does not keep the others from it.
    let summarised = arguments
        .summary_file
        .as_ref()
        .map_or(Ok(()), |path| summary_file::write(path, &reports, arguments.dry_run, arguments.pipelines.len()));
    let noted = if arguments.dry_run { Ok(()) } else { arguments.operation.note(&reports) };
    summarised.and(noted)?;
    printed?;
    Ok(reports.iter().map(|report| report.exit).max().unwrap_or(Exit::Done))
}

async fn run_one(path: &Path, arguments: &Arguments, stop: &Stop) -> Report {
    let pipeline = Pipeline::load(path).map_err(|error| RunError::from(error).into());
    let options = Options {
        dry_run: arguments.dry_run,
        full: arguments.full,
        limit: arguments.limit,
        wait_lock: arguments.operation.wait_lock(Duration::ZERO),
        ..Options::default()
    };
    let bar = bar(&path.file_stem().unwrap_or_default().to_string_lossy());
    let shown = |progress: &Progress| {
        bar.set_position(progress.documents as u64);
        bar.set_message(format!(", {} rows", progress.observations + progress.entities));
    };
    let report = job::run(path, pipeline, options, arguments.fail_if_empty, stop, &shown).await;
    bar.finish_and_clear();
    report
}

/// A line on the terminal that says how far a run is; nothing where stderr is no terminal.
fn bar(name: &str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_prefix(name.to_owned());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}: {pos} documents{msg}, {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

fn print(summary: &Summary, dry_run: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let read = summary.new + summary.changed + summary.reread;
    if read == 0 && summary.rejects.is_empty() && summary.nothing_new() {
        return writeln!(out, "{}: nothing new in {} inputs", summary.pipeline, summary.inputs);
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header([summary.pipeline.as_str(), if dry_run { "would be" } else { "" }]);
    for (name, count) in [
        ("inputs", summary.inputs),
        ("  new documents", summary.new),
        ("  changed documents", summary.changed),
        ("  read again", summary.reread),
        ("  unchanged", summary.unchanged),
        ("  the same as another", summary.duplicates),
        ("  forgotten", summary.forgotten),
        ("  rejected", summary.rejects.len()),
        ("observations", summary.rows.observations),
        ("about companies, projects, ports", summary.rows.entities),
        ("numbers not used", summary.rows.numbers),
        ("files written", summary.published.written.len()),
        ("files removed", summary.published.removed.len()),
    ] {
        table.add_row([name.to_owned(), count.to_string()]);
    }
    if let Some(column) = table.column_mut(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    writeln!(out, "{table}")?;
    summary.rejects.iter().try_for_each(|reject| writeln!(out, "rejected {reject}"))
}
