//! `review apply FILE PIPELINE…`, `review list --store PATH`

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use polars::prelude::DataFrame;

use super::job::new_run;
use super::output::{Format, print, word};
use super::place::Place;
use super::{CliError, Exit};
use crate::config::Pipeline;
use crate::pipeline::{self, RunError};
use crate::query;
use crate::store::Store;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take decisions about statements into the store, and put them into effect
    Apply(Apply),
    /// Print every decision, and whether the row that it is about is still there
    List(List),
}

#[derive(Debug, Args)]
struct Apply {
    /// Decisions, one JSON object a line: what the page exports, or what `review list --format jsonl` prints
    #[arg(value_name = "FILE")]
    decisions: PathBuf,
    /// The pipeline files of the jobs that read the reports; the first has the rules for `checks`
    #[arg(required = true, value_name = "PIPELINE")]
    pipelines: Vec<PathBuf>,
}

#[derive(Debug, Args)]
struct List {
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    place: Place,
}

pub(super) fn review(arguments: Arguments) -> Result<Exit, CliError> {
    match arguments.command {
        Command::Apply(arguments) => apply(arguments),
        Command::List(arguments) => list(arguments),
    }
}

fn apply(arguments: Apply) -> Result<Exit, CliError> {
    let path = arguments.decisions;
    let text = fs::read_to_string(&path).map_err(|source| CliError::Input { path: path.clone(), source })?;
    let pipelines = arguments.pipelines.iter().map(|path| {
        let pipeline = Pipeline::load(path).map_err(RunError::from)?;
        let lexicon = Arc::new(pipeline::lexicon(pipeline.lexicon.as_deref())?);
        Ok((pipeline, lexicon))
    });
    let pipelines: Vec<_> = pipelines.collect::<Result<_, CliError>>()?;
    let Some((first, lexicon)) = pipelines.first() else { return Ok(Exit::Usage) };
    for (path, (pipeline, _)) in arguments.pipelines.iter().zip(&pipelines) {
        if pipeline.store != first.store {
            let message = format!("expected the store of the first pipeline, {}", first.store);
            return Err(RunError::Pipelines { path: path.clone(), message }.into());
        }
    }
    let lines = pipeline::lines(lexicon, &path, &text)?;
    let store = Store::existing(&first.store.folder())?;
    let published = pipeline::review(&path, &lines, &pipelines, new_run())?;

    let mut exit = Exit::Done;
    let rows = query::decisions(&store)?;
    let stands = standing(&rows)?;
    for line in &lines {
        let key = (line.decision.obs_id.clone(), line.decision.decided_at.to_string());
        if stands.get(&key).is_some_and(|stands| stands == "gone") {
            tracing::warn!(
                "{}:{}: {} {}: no such row in the store; the decision is kept for when there is",
                path.display(),
                line.number,
                line.decision.surface,
                line.decision.obs_id
            );
            exit = Exit::Partial;
        }
    }
    let files = published.as_ref().map_or(0, |published| published.written.len() + published.removed.len());
    let words = if published.is_some() { "applied" } else { "nothing new in" };
    writeln!(io::stdout(), "{words} {} decisions; {files} files of tables changed", lines.len())?;
    Ok(exit)
}

/// Whether the row of each decision is there, by row and moment.
fn standing(rows: &DataFrame) -> Result<HashMap<(String, String), String>, CliError> {
    let get = |row: usize, name: &str| -> Result<String, CliError> { Ok(word(&rows.column(name)?.get(row)?)) };
    let all = (0..rows.height()).map(|row| Ok(((get(row, "obs_id")?, get(row, "decided_at")?), get(row, "stands")?)));
    all.collect()
}

fn list(arguments: List) -> Result<Exit, CliError> {
    let store = arguments.place.open()?;
    let rows = query::decisions(&store)?;
    let mut out = io::stdout().lock();
    match arguments.format {
        // What can be applied to another store has nothing of this one.
        Format::Jsonl => print(&rows.drop_many(["stands"]), Format::Jsonl, &mut out, people)?,
        format => print(&rows, format, &mut out, people)?,
    }
    Ok(Exit::Done)
}

/// A paragraph a decision.
fn people(rows: &DataFrame, out: &mut impl Write) -> Result<(), CliError> {
    for row in 0..rows.height() {
        let get = |name: &str| -> Result<String, CliError> { Ok(word(&rows.column(name)?.get(row)?)) };
        let stands = match get("stands")?.as_str() {
            "yes" => "",
            "reread" => "  (the number is read otherwise now)",
            "past" => "  (decided about again later)",
            _ => "  (no such row now)",
        };
        let (by, at) = (get("decided_by")?, get("decided_at")?);
        let by = if by.is_empty() { String::new() } else { format!("  by {by}") };
        writeln!(out, "{}  {at}{by}{stands}", get("decision")?)?;
        let said = ["region_code", "indicator", "measure", "time_period", "surface"].map(get);
        let said: Vec<String> = said.into_iter().collect::<Result<_, _>>()?;
        writeln!(out, "    {}", said.join("  "))?;
        for column in rows.columns().iter().filter(|column| column.name().starts_with("new_")) {
            let value = column.get(row)?;
            if !value.is_null() {
                writeln!(out, "    {} -> {}", column.name().trim_start_matches("new_"), word(&value))?;
            }
        }
        writeln!(out, "    {}", get("source_uri")?)?;
        let note = get("note")?;
        if !note.is_empty() {
            writeln!(out, "    {note}")?;
        }
    }
    Ok(())
}
