//! `check PIPELINE…`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::{CliError, Exit};
use crate::config::Pipeline;
use crate::pipeline::{self, RunError};
use crate::store::Store;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Pipeline files
    #[arg(required = true, value_name = "PIPELINE")]
    pipelines: Vec<PathBuf>,
}

/// Says what each pipeline would read and where its rows would go.
pub(super) fn check(arguments: Arguments) -> Result<Exit, CliError> {
    let mut out = io::stdout().lock();
    for path in &arguments.pipelines {
        let pipeline = Pipeline::load(path).map_err(RunError::from)?;
        let lexicon = pipeline::lexicon(pipeline.lexicon.as_deref())?;
        let inputs = pipeline::inspect(&pipeline)?;
        let documents = Store::at(&pipeline.store)?.ledger()?.len();
        let known = lexicon.indicators().len();
        writeln!(out, "{}: good", path.display())?;
        writeln!(out, "  name      {}", pipeline.name)?;
        let schedule = pipeline.schedule.as_deref().unwrap_or("none");
        writeln!(out, "  schedule  {schedule} ({})", pipeline.defaults.timezone)?;
        writeln!(out, "  inputs    {} texts, {} JSONL files", inputs.files, inputs.jsonl)?;
        for (line, pattern) in inputs.idle {
            writeln!(out, "            line {line}: {pattern:?} matches no file")?;
        }
        writeln!(out, "  store     {} ({documents} documents)", pipeline.store.display())?;
        writeln!(out, "  lexicon   {} ({known} indicators)", lexicon.version())?;
    }
    Ok(Exit::Done)
}
