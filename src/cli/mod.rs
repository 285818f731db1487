//! The command line: arguments, printing, exit codes. Data goes to stdout, logs and progress to stderr.

mod check;
mod conflicts;
mod coverage;
mod diff;
mod error;
mod exit;
mod explain;
mod extract;
mod forget;
mod inputs;
mod marks;
mod output;
mod primitives;
mod run;
mod series;

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use tracing_subscriber::EnvFilter;

pub use error::CliError;
pub use exit::Exit;
pub use explain::explain;

/// Reads the statistics that Chinese economic reports state into a Parquet time-series store.
///
/// Exit codes: 0 done or nothing new, 1 failure, 2 usage, 3 some inputs rejected, 4 quality gate, 66 no input with
/// --fail-if-empty, 74 I/O, 75 the store is locked, 78 configuration.
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
    /// Print the statements of documents, without a store
    Extract(extract::Arguments),
    /// Print what every number of a document became, or why nothing
    Explain(explain::Arguments),
    /// Print one indicator of one region through time
    Series(series::Arguments),
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
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

/// Runs the command that the process was called with.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    log(cli.log_format, cli.verbose);
    let outcome = match cli.command {
        Command::Run(arguments) => run::run(arguments),
        Command::Extract(arguments) => extract::extract(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Series(arguments) => series::series(arguments),
        Command::Conflicts(arguments) => conflicts::conflicts(arguments),
        Command::Coverage(arguments) => coverage::coverage(arguments),
        Command::Diff(arguments) => diff::diff(arguments),
        Command::Forget(arguments) => forget::forget(arguments),
        Command::Check(arguments) => check::check(arguments),
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
