//! Web pages: the report without what the site puts around it.
//!
//! A page is taken apart into pieces, a paragraph or a table each. Pieces of navigation, lists of links, remarks of the
//! site go; of the rest the smallest element is taken that holds every piece that may state something. Extractors of
//! the prose of news pages drop tables and short paragraphs, which here may be the report.

mod content;
mod cost;
mod facts;
mod pieces;

use scraper::Html;

use super::{Body, table};
use crate::source::Reason;

/// Reads the page `source`.
///
/// # Errors
/// When it is built so that reading it would take too long.
pub(super) fn read(source: &str) -> Result<Body, Reason> {
    cost::check(source)?;
    let page = Html::parse_document(source);
    let pieces = pieces::of(&page);
    let facts = facts::read(&page, &pieces);
    let report = content::report(&page, &pieces);
    let mut text = String::new();
    // The headline stands outside the report as often as in it.
    const HEAD: usize = 5;
    if let Some(title) = &facts.title
        && !report.iter().take(HEAD).any(|piece| squeezed(&piece.text).contains(&squeezed(title)))
    {
        table::write_line(&mut text, title);
    }
    report.iter().for_each(|piece| piece.write(&mut text));
    Ok(Body { text, facts })
}

/// `text` without blanks.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}
