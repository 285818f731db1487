//! `explain FILE…`

use std::fmt::Write as _;
use std::io::{self, Write as _};

use clap::Args;

use super::inputs::Documents;
use super::{CliError, Exit};
use crate::lexicon::Lexicon;
use crate::model::Document;
use crate::resolve;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    documents: Documents,
}

pub(super) fn run(arguments: Arguments) -> Result<Exit, CliError> {
    let lexicon = Lexicon::bundled()?;
    let rejected = arguments.documents.each(&lexicon, |document| {
        io::stdout().lock().write_all(explain(&lexicon, &document).as_bytes())?;
        Ok(())
    })?;
    Ok(if rejected > 0 { Exit::Partial } else { Exit::Done })
}

/// What every number of `document` became, or why nothing, a line each in the order of the text.
pub fn explain(lexicon: &Lexicon, document: &Document) -> String {
    let reading = resolve::read(lexicon, document);
    let statements = reading.observations.iter().map(|row| {
        let what = format!("{} {} {} {}", row.indicator_text, row.measure, row.period, row.rule);
        (row.span, what)
    });
    let unused = reading.unused.iter().map(|unused| (unused.span, format!("not used: {}", unused.reason)));
    let mut lines: Vec<_> = statements.chain(unused).collect();
    lines.sort_by_key(|(span, _)| *span);
    lines.iter().fold(format!("{}\n", document.uri), |mut text, (span, what)| {
        // Writing to a String does not fail.
        let _ = writeln!(text, "{:>6}  {}  {what}", span.char_start, span.of(&document.text));
        text
    })
}
