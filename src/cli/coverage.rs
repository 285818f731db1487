//! `coverage --region REGION --indicator INDICATOR --store PATH`

use std::collections::BTreeSet;
use std::io::{self, Write};

use clap::Args;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::named::{indicator, region};
use super::output::{Format, print_records};
use super::place::Place;
use super::{CliError, Exit};
use crate::lexicon::Lexicon;
use crate::query::{self, Coverage};

/// Columns of a terminal, of a year's twelve months with the space before them, and the fewest that names get.
const COLUMNS: usize = 80;
const YEAR: usize = 13;
const NAMES: usize = 24;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only this region, by name or code
    #[arg(long)]
    region: Option<String>,
    /// Only this indicator, by id, name or synonym
    #[arg(long)]
    indicator: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    place: Place,
}

/// A month of a region and indicator, for other programs.
#[derive(Serialize)]
struct Month<'a> {
    region_code: &'a str,
    region_name: &'a str,
    indicator: &'a str,
    indicator_name: &'a str,
    year: i16,
    month: i8,
    stated: bool,
}

/// Prints in which months a period ends that the store has a value for.
pub(super) fn coverage(arguments: Arguments) -> Result<Exit, CliError> {
    let lexicon = Lexicon::bundled()?;
    let store = arguments.place.open()?;
    let wanted_region = arguments.region.as_deref().map(|given| region(&lexicon, given)).transpose()?;
    let wanted = arguments.indicator.as_deref().map(|given| indicator(&lexicon, &store, given)).transpose()?;
    let all = query::coverage(&store, wanted_region, wanted.as_deref())?;
    let mut out = io::stdout().lock();
    print_records(months(&all), arguments.format, &mut out, |out| matrix(&all, out))?;
    Ok(Exit::Done)
}

fn months(all: &[Coverage]) -> impl Iterator<Item = Month<'_>> {
    all.iter().flat_map(|row| {
        let gaps = row.gaps();
        let months: BTreeSet<(i16, i8)> = row.stated.union(&gaps).copied().collect();
        months.into_iter().map(|(year, month)| Month {
            region_code: &row.region_code,
            region_name: &row.region_name,
            indicator: &row.indicator,
            indicator_name: &row.indicator_name,
            year,
            month,
            stated: row.stated.contains(&(year, month)),
        })
    })
}

/// A line an indicator under the name of its region, twelve columns a year, as many of the latest years as fit.
fn matrix(all: &[Coverage], out: &mut impl Write) -> Result<(), CliError> {
    let years: BTreeSet<i16> = all.iter().flat_map(|row| &row.stated).map(|(year, _)| *year).collect();
    let shown: Vec<i16> = years.iter().rev().take((COLUMNS - NAMES) / YEAR).rev().copied().collect();
    let Some(first) = shown.first() else { return Ok(()) };
    let names = COLUMNS - shown.len() * YEAR;
    let mut above = "";
    for row in all.iter().filter(|row| row.stated.last().is_some_and(|(year, _)| year >= first)) {
        if row.region_code != above {
            let years: String = shown.iter().map(|year| format!(" {year:<12}")).collect();
            let head = fitting(&format!("{} {}", row.region_name, row.region_code), names);
            writeln!(out, "{}{head}{}", if above.is_empty() { "" } else { "\n" }, years.trim_end())?;
            above = &row.region_code;
        }
        let gaps = row.gaps();
        let mut line = fitting(&format!("  {}", row.indicator_name), names);
        for &year in &shown {
            line.push(' ');
            line.extend((1..=12).map(|month| match () {
                () if row.stated.contains(&(year, month)) => '#',
                () if gaps.contains(&(year, month)) => '?',
                () => '.',
            }));
        }
        writeln!(out, "{line}")?;
    }
    writeln!(out, "\n# a period ends in this month   ? not stated, but another year has it")?;
    if shown.len() < years.len() {
        writeln!(out, "{} earlier years are not shown; --format csv has all", years.len() - shown.len())?;
    }
    Ok(())
}

/// `text` in exactly `columns` columns, cut if it is longer.
fn fitting(text: &str, columns: usize) -> String {
    let mut fit = text.to_owned();
    while fit.width() > columns {
        fit.pop();
    }
    let blanks = columns - fit.width();
    fit + &" ".repeat(blanks)
}
