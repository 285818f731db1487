//! Title, date and region that a text itself states, for documents that come without them.

use std::collections::HashMap;

use jiff::civil::Date;

use super::layout::{BlockKind, blocks};
use crate::lexicon::{Class, Lexicon};
use crate::model::{Document, Origin, RegionCode, Stated};

/// How many bytes at the start of a text are searched for its dateline.
const DATELINE: usize = 1200;

/// Fills in title, publication date and region from the text, where they are still unknown.
pub fn identify(lexicon: &Lexicon, document: &mut Document) {
    if document.title.is_none() {
        document.title = title(&document.text).map(|title| Stated::new(title, Origin::Text));
    }
    if document.published.is_none() {
        document.published = published(&document.text).map(|day| Stated::new(day, Origin::Text));
    }
    if document.region.is_none() {
        let year = document.published.as_ref().map_or(2020, |stated| stated.value.year());
        let title = document.title.as_ref().map_or("", |stated| stated.value.as_str());
        document.region = region(lexicon, title, &document.text, year).map(|code| Stated::new(code, Origin::Text));
    }
}

/// The first heading.
fn title(text: &str) -> Option<String> {
    let first = blocks(text).into_iter().next()?;
    let line = text[first.bytes].trim_start_matches(['#', ' ']);
    (first.kind == BlockKind::Heading && line.chars().count() >= 4).then(|| line.to_owned())
}

/// The first full date near the start: `2013年12月18日`, `2023-07-31`, `2023/08/04`.
fn published(text: &str) -> Option<Date> {
    let mut end = text.len().min(DATELINE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let starts = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at);
    starts.filter(|&at| !text[..at].ends_with(|c: char| c.is_ascii_digit())).find_map(|at| {
        let (year, rest) = number(&text[at..])?;
        let rest = rest.strip_prefix(['年', '-', '/', '.'])?;
        let (month, rest) = number(rest)?;
        let rest = rest.strip_prefix(['月', '-', '/', '.'])?;
        let (day, _) = number(rest)?;
        (year >= 1949).then(|| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok())?
    })
}

fn number(text: &str) -> Option<(i16, &str)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    Some((text.get(..len)?.parse().ok()?, &text[len..]))
}

/// The place named most, a place in the title before all others.
fn region(lexicon: &Lexicon, title: &str, text: &str, year: i16) -> Option<RegionCode> {
    let mut votes: HashMap<RegionCode, (usize, usize)> = HashMap::new();
    for (source, weight) in [(title, 20), (text, 1)] {
        for (order, hit) in lexicon.hits(source).enumerate() {
            let code = match hit.entry.class {
                Some(Class::Nation) => Some(RegionCode::NATION),
                _ if hit.entry.regions.is_empty() || hit.entry.region_ambiguous => None,
                _ => lexicon.regions().named(&source[hit.start..hit.end], year),
            };
            if let Some(code) = code {
                let vote = votes.entry(code).or_insert((0, order));
                vote.0 += weight;
            }
        }
    }
    votes
        .into_iter()
        .max_by_key(|(code, (count, order))| (*count, std::cmp::Reverse(*order), std::cmp::Reverse(*code)))
        .map(|(code, _)| code)
}
