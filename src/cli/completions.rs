//! `completions SHELL`

use std::io::{self, Write};

use clap::Args;
use clap_complete::Shell;

use super::{CliError, Exit, command};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the completion script.
pub(super) fn completions(arguments: Arguments) -> Result<Exit, CliError> {
    // Into memory first: the generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command(), "zhibiao", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(Exit::Done)
}
