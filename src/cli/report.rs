//! `report -o FILE.html --store PATH`

use std::path::PathBuf;

use clap::Args;

use super::place::Place;
use super::{CliError, Exit};
use crate::report::{self, LARGEST_PAGE};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// File to write; texts that are too much for it go to a folder beside it
    #[arg(short, long, value_name = "FILE.html")]
    output: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// Writes the page, and says where a store is not as it should be.
pub(super) fn report(arguments: Arguments) -> Result<Exit, CliError> {
    let store = arguments.place.open()?;
    let counts = report::write(&store, &arguments.output, LARGEST_PAGE)?;
    if counts.misplaced > 0 {
        tracing::warn!(
            rows = counts.misplaced,
            "rows whose text does not hold their number: see the review of the page"
        );
    }
    if counts.orphans > 0 {
        tracing::warn!(rows = counts.orphans, "rows of reports that are not in the table documents were left out");
    }
    tracing::info!(
        documents = counts.documents,
        statements = counts.statements,
        bytes = counts.bytes,
        files = counts.files,
        "wrote {}",
        arguments.output.display()
    );
    Ok(Exit::Done)
}
