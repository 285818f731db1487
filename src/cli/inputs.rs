//! Documents given on the command line.

use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::CliError;
use crate::config::Defaults;
use crate::format;
use crate::lexicon::Lexicon;
use crate::model::{Document, Origin, RegionCode, Stated};
use crate::pipeline;
use crate::source::{self, Input, Limits, Lines, Reject};

/// Which documents, and what is known of them.
#[derive(Debug, Args)]
pub(super) struct Documents {
    /// Reports as text, HTML, PDF, DOCX, XLSX, XLS or ZIP of those, or .jsonl files of documents {id, title, published,
    /// region, text}; - for stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Read every FILE as JSONL, whatever its name
    #[arg(long)]
    jsonl: bool,
    /// Headline of documents that come without one
    #[arg(long)]
    title: Option<String>,
    /// Day of publication of documents that come without one, such as 2022-08-19
    #[arg(long, value_name = "DAY")]
    published: Option<Date>,
    /// Region of documents that come without one, by its code of GB/T 2260
    #[arg(long, value_name = "CODE")]
    region: Option<RegionCode>,
}

impl Documents {
    /// Hands every document on, made ready to be read; the number of those that could not be.
    ///
    /// # Errors
    /// When a file cannot be opened, and what `each` fails with.
    pub fn each(
        &self,
        lexicon: &Lexicon,
        mut each: impl FnMut(Document) -> Result<(), CliError>,
    ) -> Result<usize, CliError> {
        let mut rejected = 0;
        let mut read = |input: Result<Input, Reject>| match input.and_then(format::document) {
            Ok(document) => each(self.prepare(lexicon, document)),
            Err(reject) => {
                tracing::warn!(uri = reject.uri, reason = reject.reason.as_str(), "rejected: {}", reject.reason);
                rejected += 1;
                Ok(())
            }
        };
        let limits = Limits::default();
        let mut take = |input: Result<Input, Reject>| match input {
            Ok(input) => source::members(input, limits).try_for_each(&mut read),
            Err(reject) => read(Err(reject)),
        };
        for path in &self.files {
            let name = path.to_string_lossy();
            let unreadable = |source| CliError::Input { path: path.clone(), source };
            let is_jsonl = self.jsonl || path.extension().is_some_and(|extension| extension == "jsonl");
            match (path == Path::new("-"), is_jsonl) {
                (true, true) => Lines::new(io::stdin().lock(), "-", limits).try_for_each(&mut take)?,
                (true, false) => {
                    let mut bytes = Vec::new();
                    io::stdin().take(limits.document_bytes + 1).read_to_end(&mut bytes).map_err(unreadable)?;
                    take(Input::from_bytes(bytes, "-", limits))?;
                }
                (false, true) => {
                    let file = std::fs::File::open(path).map_err(unreadable)?;
                    Lines::new(BufReader::new(file), &name, limits).try_for_each(&mut take)?;
                }
                (false, false) => {
                    std::fs::File::open(path).map_err(unreadable)?;
                    take(source::read_file(path, &name, limits))?;
                }
            }
        }
        Ok(rejected)
    }

    fn prepare(&self, lexicon: &Lexicon, mut document: Document) -> Document {
        // What is said on the command line is said of these very documents, so it comes before what the text says.
        let title = self.title.clone().map(|title| Stated::new(title, Origin::Field));
        document.title = document.title.or(title);
        document.published = document.published.or(self.published.map(|day| Stated::new(day, Origin::Field)));
        document.region = document.region.or(self.region.map(|code| Stated::new(code, Origin::Field)));
        pipeline::prepare(lexicon, &mut document, &Defaults::default());
        document
    }
}
