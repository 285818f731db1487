//! `diff [RUN] [RUN] --store PATH`

use std::io::{self, Write};

use clap::Args;
use polars::prelude::DataFrame;

use super::output::{Format, print, word};
use super::place::Place;
use super::{CliError, Exit};
use crate::query;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The run whose changes are printed; with a second, all runs after this one up to that. Without any, the runs are
    /// listed
    #[arg(value_name = "RUN")]
    from: Option<String>,
    /// The last run whose changes are printed
    #[arg(value_name = "RUN")]
    to: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    place: Place,
}

/// Prints what runs changed in `series`.
pub(super) fn diff(arguments: Arguments) -> Result<Exit, CliError> {
    let store = arguments.place.open()?;
    let runs = store.runs()?;
    let mut out = io::stdout().lock();
    let Some(from) = &arguments.from else {
        for run in &runs {
            writeln!(out, "{run}  {} series and periods", store.changes(run)?.height())?;
        }
        return Ok(Exit::Done);
    };
    let place = |wanted: &str| {
        runs.iter().position(|run| run == wanted).ok_or_else(|| {
            let message = format!("run {wanted:?}: expected a run that changed a series; `diff` lists them");
            CliError::Argument(message)
        })
    };
    let runs = match &arguments.to {
        None => &runs[place(from)?..=place(from)?],
        Some(to) if place(to)? < place(from)? => {
            return Err(CliError::Argument(format!("run {to:?} is before run {from:?}: expected the earlier first")));
        }
        Some(to) => &runs[place(from)? + 1..=place(to)?],
    };
    let rows = query::diff(&store, runs)?;
    print(&rows, arguments.format, &mut out, list)?;
    Ok(Exit::Done)
}

/// `+` before what is new, `-` before what is gone, `~` before what is another value now.
fn list(rows: &DataFrame, out: &mut impl Write) -> Result<(), CliError> {
    let mut counts = [0, 0, 0];
    for row in 0..rows.height() {
        let get = |name: &str| -> Result<String, CliError> { Ok(word(&rows.column(name)?.get(row)?)) };
        let (old, new) = (get("old_value")?, get("new_value")?);
        let (kind, mark, values) = match (old.is_empty(), new.is_empty()) {
            (true, _) => (0, '+', new),
            (_, true) => (1, '-', old),
            _ => (2, '~', format!("{old} -> {new}")),
        };
        counts[kind] += 1;
        let place = [get("region_name")?, get("zone")?].concat();
        let what = [get("breakdown")?, get("indicator_name")?].concat();
        writeln!(out, "{mark} {place}  {what}  {}  {}  {values}", get("measure")?, get("time_period")?)?;
    }
    let [added, removed, changed] = counts;
    Ok(writeln!(out, "{added} added, {removed} removed, {changed} changed")?)
}
