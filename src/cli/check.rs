//! `check PIPELINE|STORE…`

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;

use super::place::root;
use super::{CliError, Exit};
use crate::config::{Pipeline, Schedule};
use crate::normalize::schema::CHECKS;
use crate::pipeline::{self, RunError};
use crate::store::Store;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Pipeline files, or root folders of stores
    #[arg(required = true, value_name = "PIPELINE|STORE")]
    paths: Vec<PathBuf>,
}

/// Says what each pipeline would read and where its rows would go, and whether each store is whole.
pub(super) fn check(arguments: Arguments) -> Result<Exit, CliError> {
    let mut worst = Exit::Done;
    for path in &arguments.paths {
        let is_store = path.is_dir() || path.to_str().is_some_and(|path| path.contains("://"));
        let exit = if is_store { check_store(path) } else { check_pipeline(path) }?;
        worst = worst.max(exit);
    }
    Ok(worst)
}

fn check_pipeline(path: &Path) -> Result<Exit, CliError> {
    let mut out = io::stdout().lock();
    let pipeline = Pipeline::load(path).map_err(RunError::from)?;
    let lexicon = pipeline::lexicon(pipeline.lexicon.as_deref())?;
    pipeline.quality.rules.check(&lexicon).map_err(RunError::from)?;
    let inputs = pipeline::inspect(&pipeline, Timestamp::now())?;
    let documents = Store::of(&pipeline.store)?.ledger()?.len();
    let known = lexicon.indicators().len();
    writeln!(out, "{}: good", path.display())?;
    writeln!(out, "  name      {}", pipeline.name)?;
    let schedule = pipeline.schedule.as_ref().map_or("none", Schedule::expression);
    writeln!(out, "  schedule  {schedule} ({})", pipeline.defaults.timezone)?;
    writeln!(out, "  inputs    {inputs}")?;
    for ask in inputs.asks {
        writeln!(out, "            asks for {ask}")?;
    }
    for (line, pattern) in inputs.idle {
        writeln!(out, "            line {line}: {pattern:?} matches no file")?;
    }
    writeln!(out, "  store     {} ({documents} documents)", pipeline.store)?;
    writeln!(out, "  lexicon   {} ({known} indicators)", lexicon.version())?;
    Ok(Exit::Done)
}

fn check_store(path: &Path) -> Result<Exit, CliError> {
    let store = Store::existing_of(&root(path)?)?;
    let verdict = store.verify()?;
    let mut out = io::stdout().lock();
    for fault in &verdict.faults {
        tracing::error!("{fault}");
    }
    let word = if verdict.faults.is_empty() { "whole" } else { "broken" };
    writeln!(out, "{}: {word}", path.display())?;
    for (table, (files, rows)) in &verdict.tables {
        writeln!(out, "  {table:13} {rows:9} rows in {files} files")?;
    }
    for ((rule, severity), count) in findings(&store)? {
        writeln!(out, "  {severity:5} {rule:32} {count:6} findings")?;
    }
    Ok(if verdict.faults.is_empty() { Exit::Done } else { Exit::Failure })
}

/// How often each rule is broken, as far as the table `checks` can be read.
fn findings(store: &Store) -> Result<BTreeMap<(String, String), usize>, CliError> {
    let mut counts = BTreeMap::new();
    for year in store.years(&CHECKS)? {
        let Ok(Some(rows)) = store.read(&CHECKS, Some(year), Some(&["rule", "severity"])) else { continue };
        let (rules, severities) = (rows.column("rule")?.str()?, rows.column("severity")?.str()?);
        for (rule, severity) in rules.iter().zip(severities.iter()) {
            let key = (rule.unwrap_or_default().to_owned(), severity.unwrap_or_default().to_owned());
            *counts.entry(key).or_default() += 1;
        }
    }
    Ok(counts)
}
