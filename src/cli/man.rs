//! `man [FOLDER]`

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use clap_mangen::Man;

use super::{CliError, Exit, command};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder for the pages, such as /usr/local/share/man/man1; made if it is not there
    folder: Option<PathBuf>,
}

/// Prints the manual page of every command one after the other, or writes each to a file.
pub(super) fn man(arguments: Arguments) -> Result<Exit, CliError> {
    let mut command = command().disable_help_subcommand(true);
    command.build();
    let commands = std::iter::once(command.clone()).chain(command.get_subcommands().cloned());
    let pages: Vec<Man> = commands.map(Man::new).collect();
    match arguments.folder {
        None => {
            let mut out = io::stdout().lock();
            pages.iter().try_for_each(|page| page.render(&mut out))?;
            out.flush()?;
        }
        Some(folder) => {
            let written = fs::create_dir_all(&folder)
                .and_then(|()| pages.iter().try_for_each(|page| page.generate_to(&folder).map(|_| ())));
            written.map_err(|source| CliError::Input { path: folder, source })?;
        }
    }
    Ok(Exit::Done)
}
