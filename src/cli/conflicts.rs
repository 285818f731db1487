//! `conflicts --store PATH`

use std::io::{self, Write};

use clap::Args;
use polars::prelude::DataFrame;

use super::marks::{one_line, wrap};
use super::output::{Format, print, word};
use super::place::Place;
use super::{CliError, Exit};
use crate::query;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only what reports of one day state differently, without what was revised later
    #[arg(long)]
    same_day: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    place: Place,
}

/// Prints the statements of each series and period that reports differ on, side by side.
pub(super) fn conflicts(arguments: Arguments) -> Result<Exit, CliError> {
    let store = arguments.place.open()?;
    let rows = query::conflicts(&store, arguments.same_day)?;
    let mut out = io::stdout().lock();
    print(&rows, arguments.format, &mut out, list)?;
    Ok(Exit::Done)
}

/// A paragraph a series and period; `*` before the statement that holds.
fn list(rows: &DataFrame, out: &mut impl Write) -> Result<(), CliError> {
    let mut above = String::new();
    for row in 0..rows.height() {
        let get = |name: &str| -> Result<String, CliError> { Ok(word(&rows.column(name)?.get(row)?)) };
        let head = [
            [get("region_name")?, get("zone")?].concat(),
            [get("breakdown")?, get("indicator_name")?].concat(),
            get("measure")?,
            get("time_period")?,
            get("kind")?,
        ];
        let head = head.join("  ");
        if head != above {
            writeln!(out, "{}{head}", if row == 0 { "" } else { "\n" })?;
            above = head;
        }
        let holds = if get("holds")? == "true" { "*" } else { " " };
        let published = get("published")?;
        let published = if published.is_empty() { "no date" } else { &published };
        writeln!(out, "{holds} {}{}  {published}  {}", get("value_text")?, get("unit_text")?, get("title")?)?;
        writeln!(out, "    {}", get("source_uri")?)?;
        writeln!(out, "    {}", wrap(&one_line(&get("sentence")?), 4))?;
    }
    Ok(())
}
