//! `extract FILE…`

use std::io::{self, BufWriter};

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::inputs::Documents;
use super::output::{Sink, Style};
use super::{CliError, Exit};
use crate::lexicon::Lexicon;
use crate::model::{Document, Reading};
use crate::normalize::{self, Run};
use crate::resolve;

/// Documents whose rows are printed at once.
const BATCH: usize = 32;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    documents: Documents,
    /// How rows are printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// The main columns, for people
    Table,
    /// One JSON object a line, every column
    Jsonl,
    /// Comma-separated values with a header, every column
    Csv,
    /// A Parquet file, every column
    Parquet,
}

pub(super) fn extract(arguments: Arguments) -> Result<Exit, CliError> {
    let lexicon = Lexicon::bundled()?;
    let run = Run { id: "extract".to_owned(), began: Timestamp::now() };
    let style = match arguments.format {
        Format::Table => Style::Table,
        Format::Jsonl => Style::Jsonl,
        Format::Csv => Style::Csv,
        Format::Parquet => Style::Parquet,
    };
    let mut sink = Sink::new(style, BufWriter::new(io::stdout().lock()));
    let mut batch: Vec<(Document, Reading)> = Vec::with_capacity(BATCH);
    let rejected = arguments.documents.each(&lexicon, |document| {
        let reading = resolve::read(&lexicon, &document);
        batch.push((document, reading));
        if batch.len() == BATCH {
            sink.rows(normalize::extracted(&lexicon, &run, &batch)?)?;
            batch.clear();
        }
        Ok(())
    })?;
    sink.rows(normalize::extracted(&lexicon, &run, &batch)?)?;
    sink.finish()?;
    Ok(if rejected > 0 { Exit::Partial } else { Exit::Done })
}
