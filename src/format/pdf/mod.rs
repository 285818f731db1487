//! PDF: what is drawn on the pages, put together again to paragraphs and tables.
//!
//! A page only says which glyph stands where. Glyphs become lines, lines that a sentence runs over become paragraphs,
//! and what stands between rules or in columns becomes a table. Page numbers and running heads go.

mod flow;
mod furniture;
mod glyphs;
mod headline;
mod lines;
mod ruled;
mod streams;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::{Body, Facts};
use crate::model::Format;
use crate::source::Reason;
use glyphs::{Drawn, Exhausted};

/// Pages of a document.
const MOST_PAGES: usize = 3_000;

/// Of a hundred glyphs, how many may be of fonts that do not tell their characters.
const MOST_UNKNOWN: usize = 10;

/// The text of the file `bytes`, and its headline.
///
/// # Errors
/// When it is locked, damaged or too large, and when there is no text on its pages.
pub(super) fn read(bytes: &[u8]) -> Result<Body, Reason> {
    streams::check(bytes)?;
    // The one boundary: what a broken file does to the parser must not reach the other documents of the batch. The
    // parser shares nothing with them, so that nothing half done is left behind.
    match catch_unwind(AssertUnwindSafe(|| drawn(bytes))) {
        Ok(pages) => body(&mut pages?),
        Err(panic) => Err(match panic.downcast::<Exhausted>() {
            Ok(exhausted) => Reason::Excessive(exhausted.0.to_owned()),
            Err(panic) => {
                let words =
                    panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
                damaged(&format!("the parser gave up: {}", words.unwrap_or("without a word")))
            }
        }),
    }
}

fn damaged(detail: &str) -> Reason {
    Reason::Damaged { format: Format::Pdf, detail: detail.to_owned() }
}

/// What is drawn on each page.
fn drawn(bytes: &[u8]) -> Result<Vec<Drawn>, Reason> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Reason::Locked,
        LoadPdfError::Decryption(error) => damaged(&format!("its encryption: {error:?}")),
        LoadPdfError::Invalid => damaged("no pages are found in it"),
    })?;
    let count = pdf.pages().len();
    match count {
        0 => Err(damaged("no pages are found in it")),
        count if count > MOST_PAGES => Err(Reason::Excessive(format!("{count} pages, expected {MOST_PAGES} at most"))),
        _ => Ok(glyphs::drawn(&pdf)),
    }
}

fn body(pages: &mut [Drawn]) -> Result<Body, Reason> {
    // Words laid invisibly over a scan are all there is of it; over words that are shown they say them twice.
    let visible = pages.iter().flat_map(|page| &page.glyphs).any(|glyph| glyph.visible);
    pages.iter_mut().for_each(|page| page.glyphs.retain(|glyph| glyph.visible == visible));
    let count = pages.iter().map(|page| page.glyphs.len()).sum::<usize>();
    let unknown = pages.iter().flat_map(|page| &page.glyphs).filter(|glyph| glyph.text == glyphs::UNKNOWN).count();
    if count == 0 {
        return Err(Reason::NoTextLayer(pages.len()));
    }
    if unknown * 100 > count * MOST_UNKNOWN {
        return Err(damaged(&format!("its fonts do not tell which characters {unknown} of {count} glyphs are")));
    }
    let mut pages: Vec<lines::Page> = pages.iter().map(lines::Page::of).collect();
    furniture::remove(&mut pages);
    let facts = Facts { title: headline::of(&pages), ..Facts::default() };
    Ok(Body { text: flow::text(pages), facts })
}
