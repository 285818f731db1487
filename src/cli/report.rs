//! `report -o FILE.html --store PATH`

use std::path::PathBuf;

use clap::Args;

use super::{CliError, Exit};
use crate::report::{self, LARGEST_PAGE};
use crate::store::Store;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// File to write; texts that are too much for it go to a folder beside it
    #[arg(short, long, value_name = "FILE.html")]
    output: PathBuf,
    /// Root folder of the store
    #[arg(long, value_name = "PATH", env = "ZHIBIAO_STORE", default_value = "store")]
    store: PathBuf,
}

/// Writes the page, and says where a store is not as it should be.
pub(super) fn report(arguments: Arguments) -> Result<Exit, CliError> {
    let store = Store::existing(&arguments.store)?;
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
