//! What it would take to build the tree of a page, told before it is built.
//!
//! The parser looks through the open elements at most tags, so that a page of a hundred thousand elements inside each
//! other keeps it busy for minutes.

use std::collections::HashMap;

use crate::source::Reason;

/// More tags than this are in no report. A tag of the tree takes some hundred bytes.
const MOST_TAGS: usize = 1_000_000;

/// Open elements that are looked through at all tags together.
const MOST_STEPS: usize = 100_000_000;

/// Attributes of one tag: each is compared with those before.
const MOST_ATTRIBUTES: usize = 2_000;

/// Elements that have no content, or that the next of their kind closes.
const SELF_CLOSING: [&str; 28] = [
    "area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option",
    "p", "param", "path", "rect", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// Fails when building the tree of `source` would take too much time or memory.
pub(super) fn check(source: &str) -> Result<(), Reason> {
    let mut open: HashMap<String, usize> = HashMap::new();
    let (mut tags, mut depth, mut steps) = (0, 0, 0);
    let mut rest = source;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let closes = rest.starts_with('/');
        let inner = rest.strip_prefix('/').unwrap_or(rest);
        let len = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let name = inner[..len].to_ascii_lowercase();
        if attributes(&inner[len..]) > MOST_ATTRIBUTES {
            return Err(Reason::Excessive(format!("a tag of more than {MOST_ATTRIBUTES} attributes")));
        }
        tags += 1;
        if !SELF_CLOSING.contains(&name.as_str()) {
            let count = open.entry(name).or_default();
            match closes {
                true if *count > 0 => (*count, depth) = (*count - 1, depth - 1),
                true => {}
                false => (*count, depth) = (*count + 1, depth + 1),
            }
        }
        steps += depth;
        if tags > MOST_TAGS {
            return Err(Reason::Excessive(format!("a page of more than {MOST_TAGS} tags")));
        }
        if steps > MOST_STEPS {
            return Err(Reason::Excessive(format!("elements inside each other, {depth} deep")));
        }
    }
    Ok(())
}

/// How many attributes a tag has at most, told by the blanks and strokes between them.
fn attributes(tag: &str) -> usize {
    let mut quote = None;
    let mut count = 0;
    for byte in tag.bytes() {
        match (quote, byte) {
            (None, b'>') => break,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, byte) if byte == b'/' || byte.is_ascii_whitespace() => count += 1,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_as_they_are_passes_and_a_tower_does_not() {
        assert_eq!(check(&"<div><p>甲<li>乙<br></div>".repeat(10_000)), Ok(()));
        for tower in ["<div>".repeat(100_000), "<b></i>".repeat(100_000), format!("<p {}>", "a ".repeat(9_999))] {
            assert!(matches!(check(&tower), Err(Reason::Excessive(_))));
        }
    }
}
