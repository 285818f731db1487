//! `run PIPELINE…`

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use comfy_table::{CellAlignment, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;

use super::{CliError, Exit};
use crate::config::Pipeline;
use crate::normalize::Run;
use crate::pipeline::{self, Options, Progress, RunError, Summary};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Pipeline files, run one after the other
    #[arg(required = true, value_name = "PIPELINE")]
    pipelines: Vec<PathBuf>,
    /// Read and extract, but write nothing
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
}

/// Runs the pipelines; the highest exit code holds, and a pipeline that fails does not keep the next from its turn.
pub(super) fn run(arguments: Arguments) -> Result<Exit, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut worst = Exit::Done;
    for path in &arguments.pipelines {
        let exit = match runtime.block_on(run_one(path, &arguments)) {
            Ok(exit) => exit,
            Err(error @ CliError::Run(RunError::Interrupted)) => return Err(error),
            Err(error) => {
                tracing::error!(pipeline = %path.display(), "{error}");
                Exit::of(&error)
            }
        };
        worst = worst.max(exit);
    }
    Ok(worst)
}

async fn run_one(path: &Path, arguments: &Arguments) -> Result<Exit, CliError> {
    let pipeline = Pipeline::load(path).map_err(RunError::from)?;
    let lexicon = Arc::new(pipeline::lexicon(pipeline.lexicon.as_deref())?);
    let run = new_run();
    let began = run.began;
    let options =
        Options { dry_run: arguments.dry_run, full: arguments.full, limit: arguments.limit, ..Options::default() };

    let bar = bar(&pipeline.name);
    let shown = |progress: &Progress| {
        bar.set_position(progress.documents as u64);
        bar.set_message(format!("{} rows", progress.observations + progress.entities));
    };
    let summary = pipeline::run(pipeline, lexicon, run, options, &shown).await;
    bar.finish_and_clear();
    let summary = summary?;
    tracing::info!(
        pipeline = summary.pipeline,
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
        seconds = Timestamp::now().duration_since(began).as_secs_f64(),
        "done"
    );
    if arguments.summary || io::stdout().is_terminal() {
        print(&summary, arguments.dry_run)?;
    }
    Ok(match &summary {
        summary if summary.inputs == 0 && arguments.fail_if_empty => Exit::NoInput,
        summary if !summary.rejects.is_empty() => Exit::Partial,
        _ => Exit::Done,
    })
}

/// A run that begins now.
pub(super) fn new_run() -> Run {
    let began = Timestamp::now();
    // The lock lets one run at a time write to a store, so the second and the process make the name unique in it.
    Run { id: format!("{}-{:x}", began.strftime("%Y%m%dT%H%M%SZ"), std::process::id()), began }
}

/// A line on the terminal that says how far a run is; nothing where stderr is no terminal.
fn bar(name: &str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_prefix(name.to_owned());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}: {pos} documents, {msg} ({per_sec}, {elapsed})")
    {
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
