//! `forget PIPELINE DOC|URI…`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::job::new_run;
use super::{CliError, Exit};
use crate::config::Pipeline;
use crate::pipeline::{self, RunError};
use crate::store::{Forgotten, Store, Writer};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A pipeline file: it names the store, the lexicon and the rules
    pipeline: PathBuf,
    /// Documents, by id (or at least its first eight digits) or by uri as in the table `documents`
    #[arg(required = true, value_name = "DOC|URI")]
    documents: Vec<String>,
}

/// Takes documents out of the store, with their bytes, and keeps them out.
pub(super) fn forget(arguments: Arguments) -> Result<Exit, CliError> {
    let pipeline = Pipeline::load(&arguments.pipeline).map_err(RunError::from)?;
    let lexicon = pipeline::lexicon(pipeline.lexicon.as_deref())?;
    let rules = pipeline.quality.rules;
    rules.check(&lexicon).map_err(RunError::from)?;
    Store::existing_of(&pipeline.store)?;
    let mut writer = Writer::open(&pipeline.store)?;
    let ledger = writer.store().ledger()?;
    let mut forgotten = Forgotten::default();
    for named in &arguments.documents {
        let ids = ledger.named(named);
        if ids.is_empty() {
            let message = format!("document {named:?}: expected an id or a uri in the table `documents`");
            return Err(CliError::Argument(message));
        }
        if ids.iter().all(|id| ledger.get(id).is_some_and(|entry| entry.uri == *named)) {
            forgotten.uris.insert(named.clone());
        }
        forgotten.documents.extend(ids.into_iter().map(str::to_owned));
    }
    let documents = forgotten.documents.len();
    writer.forget(&lexicon, &rules, &ledger, new_run(), forgotten)?;
    let published = writer.publish()?;
    let files = published.written.len() + published.removed.len();
    writeln!(io::stdout(), "forgot {documents} documents; {files} files of tables changed")?;
    Ok(Exit::Done)
}
