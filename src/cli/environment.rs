//! Flags from the environment: `--wait-lock` is also `ZHIBIAO_WAIT_LOCK`, and so with every other.

use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, CommandFactory};

use super::Cli;

/// The command line, with the environment variable of every flag.
pub fn command() -> clap::Command {
    with_variables(Cli::command())
}

fn with_variables(command: clap::Command) -> clap::Command {
    command.mut_args(with_variable).mut_subcommands(with_variables)
}

/// A rule and not an attribute a flag, so that no flag is without.
fn with_variable(flag: Arg) -> Arg {
    let Some(name) = flag.get_long() else { return flag };
    let variable = format!("ZHIBIAO_{}", name.to_uppercase().replace('-', "_"));
    let flag = flag.env(variable);
    // Nobody who writes ZHIBIAO_FULL=0 wants the flag to be set.
    match flag.get_action() {
        ArgAction::SetTrue => flag.value_parser(BoolishValueParser::new()),
        _ => flag,
    }
}
