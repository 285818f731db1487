//! Exit codes: what a scheduler is told. The one place where they are decided.

use std::io::ErrorKind;
use std::process::ExitCode;

use super::CliError;
use crate::export::ExportError;
use crate::pipeline::RunError;
use crate::query::QueryError;
use crate::report::ReportError;
use crate::source::SourceError;
use crate::store::StoreError;

/// How a command ended. The numbers are the contract of `docs/OPERATIONS.md`; from 64 on they are those of `sysexits.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Done, or nothing was new.
    Done = 0,
    /// Failed; the store is as it was.
    Failure = 1,
    /// The arguments make no sense.
    Usage = 2,
    /// Done, but some inputs were rejected.
    Partial = 3,
    /// Not published: more rejects, or more numbers that cannot be right, than the pipeline allows.
    Quality = 4,
    /// No input, and `--fail-if-empty` was given.
    NoInput = 66,
    /// The system could not read or write something.
    Io = 74,
    /// Another run is writing to the store; try later.
    Locked = 75,
    /// A pipeline file, a lexicon table or the place of the store is wrong.
    Config = 78,
}

impl Exit {
    /// The code for `error`.
    pub fn of(error: &CliError) -> Exit {
        match error {
            CliError::Run(error) => Exit::of_run(error),
            CliError::Store(error) => Exit::of_store(error),
            CliError::Query(QueryError::Store(error)) => Exit::of_store(error),
            CliError::Query(QueryError::Sql { .. }) => Exit::Usage,
            CliError::Query(QueryError::Frame(_)) => Exit::Failure,
            CliError::Report(error) => Exit::of_report(error),
            CliError::Export(error) => Exit::of_export(error),
            CliError::Lexicon(_) | CliError::NoSchedule { .. } | CliError::Moved { .. } => Exit::Config,
            CliError::Normalize(_) | CliError::Frame(_) => Exit::Failure,
            CliError::Argument(_) => Exit::Usage,
            CliError::Output(error) if error.kind() == ErrorKind::BrokenPipe => Exit::Done,
            CliError::Output(_) | CliError::Input { .. } => Exit::Io,
        }
    }

    fn of_run(error: &RunError) -> Exit {
        match error {
            RunError::Config(_) | RunError::Lexicon(_) => Exit::Config,
            RunError::Source(SourceError::List { .. } | SourceError::Client { .. }) => Exit::Io,
            RunError::Source(
                SourceError::NoFile { .. } | SourceError::NoFolder { .. } | SourceError::Bucket { .. },
            ) => Exit::Config,
            RunError::Quality(_) => Exit::Quality,
            RunError::Store(error) => Exit::of_store(error),
            RunError::Decision { .. } | RunError::Pipelines { .. } => Exit::Usage,
            RunError::Normalize(_)
            | RunError::Interrupted
            | RunError::Worker(_)
            | RunError::Pack { .. }
            | RunError::Decisions { .. }
            | RunError::Unreadable { .. } => Exit::Failure,
            RunError::Signals(_) => Exit::Io,
        }
    }

    fn of_report(error: &ReportError) -> Exit {
        match error {
            ReportError::Store(error) => Exit::of_store(error),
            ReportError::Folder { .. } => Exit::Usage,
            ReportError::Write { .. } => Exit::Io,
            ReportError::Frame { .. } | ReportError::Encode(_) => Exit::Failure,
        }
    }

    fn of_export(error: &ExportError) -> Exit {
        match error {
            ExportError::Store(error) => Exit::of_store(error),
            ExportError::NotSeries { .. } | ExportError::OneFile { .. } => Exit::Usage,
            ExportError::Write { .. } => Exit::Io,
            ExportError::Frame { .. } => Exit::Failure,
        }
    }

    fn of_store(error: &StoreError) -> Exit {
        match error {
            StoreError::Locked { .. } | StoreError::Held { .. } | StoreError::Scheduled { .. } => Exit::Locked,
            StoreError::NotAFolder { .. }
            | StoreError::Missing { .. }
            | StoreError::Schema { .. }
            | StoreError::Endpoint { .. } => Exit::Config,
            StoreError::Io { .. } | StoreError::Bucket { .. } => Exit::Io,
            StoreError::Parquet { .. }
            | StoreError::Frame { .. }
            | StoreError::Check { .. }
            | StoreError::Archive { .. }
            | StoreError::Lost { .. }
            | StoreError::Normalize(_) => Exit::Failure,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
