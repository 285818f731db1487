//! `trend REGION[,REGION…] INDICATOR --store PATH`

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use comfy_table::{CellAlignment, Table};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::job::writable_file;
use super::named::{indicator, region};
use super::output::{Format, people_table, print_records};
use super::place::Place;
use super::sparkline::{GAP, sparkline};
use super::{CliError, Exit};
use crate::lexicon::Lexicon;
use crate::model::{self, RegionCode};
use crate::query::{self, Frequency, Point, Question, Trend, number};
use crate::report;

/// Periods of a sparkline, and regions of a table: what a terminal of 80 columns has room for.
const SPARKS: usize = 40;
const BESIDE: usize = 6;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Regions by name or code, with commas between them: 衢州,龙游县,330825
    #[arg(required = true, value_name = "REGION", value_delimiter = ',')]
    regions: Vec<String>,
    /// Indicator by name, synonym, English name or id: 规上工业增加值, GDP
    indicator: String,
    /// Which periods: single ones, or ytd for January to any month; without it those that there are most of
    #[arg(long, value_enum, ignore_case = true)]
    freq: Option<Freq>,
    /// Levels, or growth on the year before as reported; without it levels, and growth where there are none
    #[arg(long, value_enum)]
    measure: Option<Measure>,
    /// Show the first period that all regions have as 100
    #[arg(long)]
    index: bool,
    /// Show the growth of the first region over the year before, and what the others, parts of it, add to it in percentage
    /// points; without others all regions that lie directly in it
    #[arg(long, conflicts_with_all = ["index", "measure"])]
    contributions: bool,
    /// Only periods that end on this day, in this month or in this year, or later
    #[arg(long, value_name = "DAY", value_parser = first_day)]
    from: Option<Date>,
    /// Only periods that end on this day, in this month or in this year, or earlier
    #[arg(long, value_name = "DAY", value_parser = last_day)]
    to: Option<Date>,
    /// Only what was published by this day, and what bears no date: 2023-03-31
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Write a picture too
    #[arg(long, value_name = "FILE.svg|html")]
    plot: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    place: Place,
}

/// The letters of the column `freq`, and the values that most reports state.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Freq {
    /// Calendar years
    A,
    /// Half-years
    S,
    /// Single quarters
    Q,
    /// Single months
    M,
    /// Values of a day
    I,
    /// January to any month
    Ytd,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Measure {
    /// Amounts, counts, prices
    Level,
    /// Growth on the year before
    Yoy,
}

/// A point, for other programs.
#[derive(Serialize)]
struct Row<'a> {
    region_code: String,
    region_name: &'a str,
    indicator: &'a str,
    indicator_name: &'a str,
    measure: &'a str,
    time_period: &'a str,
    value: f64,
    unit: &'a str,
    bound: &'a str,
    derivation: &'a str,
    flags: &'a str,
    published: Option<String>,
    derived_from: String,
}

/// Prints the lines, and draws them where asked to.
pub(super) fn trend(arguments: Arguments) -> Result<Exit, CliError> {
    let picture = arguments.plot.as_deref().map(|path| Ok::<_, CliError>((path, kind_of(path)?))).transpose()?;
    let lexicon = Lexicon::bundled()?;
    let store = arguments.place.open()?;
    let mut regions = Vec::new();
    for given in &arguments.regions {
        let code = region(&lexicon, given.trim())?;
        if !regions.contains(&code) {
            regions.push(code);
        }
    }
    if arguments.contributions {
        add_parts(&lexicon, &mut regions)?;
    }
    let question = Question {
        regions,
        indicator: indicator(&lexicon, &store, &arguments.indicator)?,
        measure: match arguments.measure {
            _ if arguments.contributions => Some(model::Measure::Level),
            None => None,
            Some(Measure::Level) => Some(model::Measure::Level),
            Some(Measure::Yoy) => Some(model::Measure::Yoy),
        },
        frequency: arguments.freq.map(frequency),
        // Growth needs the year before too.
        from: arguments.from.map(|day| day.saturating_sub(i32::from(arguments.contributions).years())),
        to: arguments.to,
        as_of: arguments.as_of,
    };
    let Some(mut trend) = query::trend(&store, &lexicon, &question)? else {
        tracing::warn!(
            indicator = question.indicator,
            "nothing in the store for these regions and periods; `zhibiao coverage` says what there is"
        );
        return Ok(Exit::Done);
    };
    if arguments.contributions && !trend.contribute() {
        return Err(CliError::Argument(
            "--contributions: there are no two exact values of the first region that lie a year apart".to_owned(),
        ));
    }
    let asked_for = arguments.regions.len();
    for line in trend.lines.iter().take(asked_for).filter(|line| line.points.is_empty()) {
        tracing::warn!(region = %line.region, "no such periods in the store");
    }
    trend.lines.retain(|line| !line.points.is_empty());
    if arguments.index && trend.index().is_none() {
        return Err(CliError::Argument(
            "--index: there is no period that all regions have a value above zero of".to_owned(),
        ));
    }
    let mut out = io::stdout().lock();
    print_records(rows(&trend, &question.indicator), arguments.format, &mut out, |out| print(&trend, out))?;
    if let Some((path, draw)) = picture {
        fs::write(path, draw(&trend)).map_err(|source| CliError::Input { path: path.to_owned(), source })?;
    }
    Ok(Exit::Done)
}

/// Checks that all regions but the first are parts of it that do not hold each other, and where there is none adds all that
/// lie directly in it.
fn add_parts(lexicon: &Lexicon, regions: &mut Vec<RegionCode>) -> Result<(), CliError> {
    let year = Timestamp::now().to_zoned(TimeZone::UTC).year();
    let whole = regions[0];
    if regions.len() == 1 {
        let today = lexicon.regions().all().iter().filter(|region| region.in_force(year));
        regions.extend(today.filter(|region| region.parent == Some(whole)).map(|region| region.code));
    }
    let parts = &regions[1..];
    let holds = |outer: RegionCode, inner: RegionCode| outer != inner && lexicon.regions().contains(outer, inner, year);
    let wrong = parts.iter().find(|&&part| !holds(whole, part) || parts.iter().any(|&other| holds(other, part)));
    match wrong {
        Some(part) => Err(CliError::Argument(format!(
            "--contributions: {part} is counted in another region already, or is no part of {whole}, the first"
        ))),
        None => Ok(()),
    }
}

/// What draws a picture of the kind that the name of a file asks for.
fn kind_of(path: &Path) -> Result<fn(&Trend) -> String, CliError> {
    writable_file("--plot", path)?;
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("svg") => Ok(report::chart),
        Some("html") => Ok(report::chart_page),
        _ => {
            Err(CliError::Argument(format!("--plot {}: expected a file that ends with .svg or .html", path.display())))
        }
    }
}

fn frequency(freq: Freq) -> Frequency {
    match freq {
        Freq::A => Frequency::Annual,
        Freq::S => Frequency::Semester,
        Freq::Q => Frequency::Quarter,
        Freq::M => Frequency::Month,
        Freq::I => Frequency::Instant,
        Freq::Ytd => Frequency::YearToDate,
    }
}

fn rows<'a>(trend: &'a Trend, indicator: &'a str) -> impl Iterator<Item = Row<'a>> {
    trend.lines.iter().flat_map(move |line| {
        line.points.values().map(move |point| Row {
            region_code: line.region.to_string(),
            region_name: &line.name,
            indicator,
            indicator_name: &trend.indicator_name,
            measure: trend.measure.as_str(),
            time_period: &point.time_period,
            value: point.value,
            unit: &trend.unit,
            bound: &point.bound,
            derivation: &point.derivation,
            flags: &point.flags,
            published: point.published.map(|day| day.to_string()),
            derived_from: point.rests_on.join(";"),
        })
    })
}

/// A sparkline a region; the values below, where there is room for the regions beside each other; and what to know of them.
fn print(trend: &Trend, out: &mut impl Write) -> Result<(), CliError> {
    let points = || trend.lines.iter().flat_map(|line| line.points.values());
    let (factor, prefix) = trend.scale();
    let word = |point: &Point| match trend.measure {
        // All of them are reckoned, and hundredths are more than the levels tell.
        model::Measure::Contribution => format!("{:.2}", point.value),
        _ => value_word(point, factor),
    };
    writeln!(out, "{}{}, {prefix}{}, {}\n", trend.indicator_name, trend.of_it(), trend.unit, trend.frequency.as_str())?;

    let widest = trend.lines.iter().map(|line| line.name.width()).max().unwrap_or_default();
    let skipped = trend.months.len().saturating_sub(SPARKS);
    for line in &trend.lines {
        let values: Vec<Option<f64>> =
            (skipped..trend.months.len()).map(|at| line.points.get(&at).map(|point| point.value)).collect();
        let ends = line.points.values().next().zip(line.points.values().next_back());
        let ends = ends.map(|(first, last)| format!("{} … {}", word(first), word(last))).unwrap_or_default();
        let blanks = " ".repeat(widest - line.name.width());
        writeln!(out, "{}{blanks}  {}  {ends}", line.name, sparkline(&values))?;
    }
    if trend.lines.len() <= BESIDE {
        writeln!(out, "\n{}", table(trend, word))?;
    }

    writeln!(out)?;
    if trend.lines.len() > BESIDE {
        writeln!(out, "more than {BESIDE} regions: --format csv has their values")?;
    }
    if skipped > 0 {
        writeln!(out, "the lines show the last {SPARKS} of {} periods", trend.months.len())?;
    }
    if trend.lines.iter().any(|line| line.points.len() < trend.months.len()) {
        writeln!(out, "{GAP} stated in no report")?;
    }
    match trend.measure {
        model::Measure::Contribution => {
            writeln!(out, "reckoned from levels at current prices; the first column is the whole")?
        }
        _ if points().any(Point::is_derived) => writeln!(out, "* not stated, but follows from cumulative values")?,
        _ => {}
    }
    if trend.in_other_units > 0 {
        writeln!(out, "{} values in another unit are left out; `series` has them", trend.in_other_units)?;
    }
    writeln!(out, "{}", report::sources(trend))?;
    Ok(())
}

/// A line a period, a column a region.
fn table(trend: &Trend, word: impl Fn(&Point) -> String) -> Table {
    let mut table = people_table();
    table.set_header(["period"].into_iter().chain(trend.lines.iter().map(|line| line.name.as_str())));
    for at in 0..trend.months.len() {
        let stated = trend.lines.iter().find_map(|line| line.points.get(&at));
        let label = || trend.frequency.label(trend.months[at]);
        let period = stated.map_or_else(label, |point| point.time_period.clone());
        let values = trend.lines.iter().map(|line| line.points.get(&at).map_or_else(|| GAP.to_string(), &word));
        table.add_row([period].into_iter().chain(values));
    }
    for column in 1..=trend.lines.len() {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// A value with the mark of what is not exact before it, and of what is not stated behind.
fn value_word(point: &Point, factor: f64) -> String {
    let bound = match point.bound.as_str() {
        "exact" => "",
        "gt" => ">",
        "ge" => "≥",
        "lt" => "<",
        "le" => "≤",
        _ => "≈",
    };
    let derived = if point.is_derived() { "*" } else { "" };
    format!("{bound}{}{derived}", number(point.value / factor))
}

/// The first day of what is given: 2022, 2022-07 or 2022-07-31.
fn first_day(given: &str) -> Result<Date, String> {
    span(given).map(|(first, _)| first)
}

/// The last day of it.
fn last_day(given: &str) -> Result<Date, String> {
    span(given).map(|(_, last)| last)
}

fn span(given: &str) -> Result<(Date, Date), String> {
    let expected = || "expected a year, a month or a day such as 2022, 2022-07 or 2022-07-31".to_owned();
    let numbers: Vec<i16> = given.split('-').map(str::parse).collect::<Result<_, _>>().map_err(|_| expected())?;
    match *numbers.as_slice() {
        [year @ 1..=9999] => Ok((date(year, 1, 1), date(year, 12, 31))),
        [year @ 1..=9999, month @ 1..=12] => {
            let first = Date::new(year, month as i8, 1).map_err(|_| expected())?;
            Ok((first, first.last_of_month()))
        }
        _ => given.parse().map(|day| (day, day)).map_err(|_| expected()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_and_a_month_have_two_ends() {
        assert_eq!(span("2022"), Ok((date(2022, 1, 1), date(2022, 12, 31))));
        assert_eq!(span("2024-02"), Ok((date(2024, 2, 1), date(2024, 2, 29))));
        assert_eq!(span("2022-07-31"), Ok((date(2022, 7, 31), date(2022, 7, 31))));
        assert!(["2022-13", "2022-02-30", "July", ""].iter().all(|given| span(given).is_err()));
    }
}
