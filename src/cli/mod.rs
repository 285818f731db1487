//! The command line: arguments, printing, exit codes. Data goes to stdout, logs and progress to stderr.

mod check;
mod completions;
mod conflicts;
mod coverage;
mod diff;
mod doctor;
mod environment;
mod error;
mod exit;
mod explain;
mod export;
mod extract;
mod forget;
mod init;
mod inputs;
mod job;
mod man;
mod marks;
mod metrics;
mod named;
mod output;
mod place;
mod primitives;
mod query;
mod report;
mod review;
mod run;
mod schedule;
mod series;
mod sparkline;
mod summary_file;
mod trend;
mod views;

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::{FromArgMatches, Parser, Subcommand, ValueEnum};
use tracing_subscriber::EnvFilter;

pub use environment::command;
pub use error::CliError;
pub use exit::Exit;
pub use explain::explain;

/// Reads the statistics that Chinese economic reports state into a Parquet time-series store.
///
/// Exit codes: 0 done or nothing new, 1 failure, 2 usage, 3 some inputs rejected, 4 quality gate, 66 no input with
/// --fail-if-empty, 74 I/O, 75 the store is locked, 78 configuration.
///
/// What is given on the command line comes before the environment.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    /// How log lines are written to stderr
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
    /// Log more: -v what is done, -vv every document
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read what is new in the sources of each pipeline file into its store
    Run(run::Arguments),
    /// Run each pipeline when its schedule says, until a signal comes
    Schedule(schedule::Arguments),
    /// Print the statements of documents, without a store
    Extract(extract::Arguments),
    /// Print what every number of a document became, or why nothing
    Explain(explain::Arguments),
    /// Draw one indicator of one or several regions through time
    Trend(trend::Arguments),
    /// Print one indicator of one region through time, with what each period's reports said
    Series(series::Arguments),
    /// Answer a question in SQL over the tables of a store
    Query(query::Arguments),
    /// Print the SQL that makes a DuckDB database of views over a store
    Views(views::Arguments),
    /// Write a page that leads from every number to where it was printed, and back
    Report(report::Arguments),
    /// Write tables for spreadsheets and other programs
    Export(export::Arguments),
    /// Decide about statements: accept, reject or correct them
    Review(review::Arguments),
    /// Print what reports state differently, side by side
    Conflicts(conflicts::Arguments),
    /// Print which months of each indicator the store has, and which are missing
    Coverage(coverage::Arguments),
    /// Print what runs changed in the series
    Diff(diff::Arguments),
    /// Take documents out of the store, and keep them out
    Forget(forget::Arguments),
    /// Check a pipeline file and say what it would read, or whether a store is whole
    Check(check::Arguments),
    /// Look for what is wrong, or soon will be, with pipelines and stores
    Doctor(doctor::Arguments),
    /// Make a pipeline file and a folder for its reports
    Init(init::Arguments),
    /// Print a completion script for a shell
    Completions(completions::Arguments),
    /// Print the manual, or write a page a command into a folder
    Man(man::Arguments),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

/// Runs the command that the process was called with.
pub fn main() -> ExitCode {
    let cli = Cli::from_arg_matches(&command().get_matches()).unwrap_or_else(|error| error.exit());
    log(cli.log_format, cli.verbose);
    let outcome = match cli.command {
        Command::Run(arguments) => run::run(arguments),
        Command::Schedule(arguments) => schedule::schedule(arguments),
        Command::Extract(arguments) => extract::extract(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Trend(arguments) => trend::trend(arguments),
        Command::Series(arguments) => series::series(arguments),
        Command::Views(arguments) => views::views(arguments),
        Command::Query(arguments) => query::query(arguments),
        Command::Conflicts(arguments) => conflicts::conflicts(arguments),
        Command::Coverage(arguments) => coverage::coverage(arguments),
        Command::Diff(arguments) => diff::diff(arguments),
        Command::Forget(arguments) => forget::forget(arguments),
        Command::Report(arguments) => report::report(arguments),
        Command::Export(arguments) => export::export(arguments),
        Command::Review(arguments) => review::review(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::Doctor(arguments) => doctor::doctor(arguments),
        Command::Init(arguments) => init::init(arguments),
        Command::Completions(arguments) => completions::completions(arguments),
        Command::Man(arguments) => man::man(arguments),
    };
    let exit = outcome.unwrap_or_else(|error| {
        let exit = Exit::of(&error);
        // The reader of a pipe has seen enough; there is nothing to tell it.
        if exit != Exit::Done {
            tracing::error!("{error}");
        }
        exit
    });
    exit.into()
}

/// Sends log lines to stderr: warnings, and with each `-v` more; `ZHIBIAO_LOG` decides if it is set.
fn log(format: LogFormat, verbose: u8) {
    let level = match verbose {
        0 => "zhibiao=warn",
        1 => "zhibiao=info",
        _ => "zhibiao=debug",
    };
    let filter = EnvFilter::try_from_env("ZHIBIAO_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_target(false);
    match format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).init(),
        LogFormat::Json => lines.json().init(),
    }
}
