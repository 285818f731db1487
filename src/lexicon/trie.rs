//! Strings found by the longest that a place of a text starts with.
//!
//! What such a search costs is memory touched: the tables are far larger than the caches near the processor, and most
//! places of a text start nothing. So two small filters say no first, and a step from character to character is one
//! look into one hash table: the table's places are themselves the nodes.

use super::filter::{Bit, Filter, first_code};

/// The characters of strings as paths, each with the number of the string that ends there.
pub(super) struct Trie {
    /// A power of two of places, filled by linear probing.
    places: Vec<Place>,
    /// Characters that are strings by themselves.
    alone: Filter,
    /// The first two characters of all other strings.
    pairs: Filter,
}

/// A character behind a prefix.
#[derive(Clone, Copy)]
struct Place {
    /// The place of the prefix's last character; [`FREE`] where nothing is.
    from: u32,
    code: u32,
    /// Number of the string that ends here, or [`NONE`].
    string: u32,
    /// Whether a longer string goes on from here.
    goes_on: bool,
}

const FREE: u32 = u32::MAX;
const NONE: u32 = u32::MAX;

/// What no prefix ends at: the start.
const START: u32 = u32::MAX - 1;

impl Trie {
    /// The trie of `strings`, which are numbered from zero on; none of them is empty.
    pub(super) fn new<'s>(strings: impl Iterator<Item = &'s str> + Clone) -> Self {
        let characters: usize = strings.clone().map(|string| string.chars().count()).sum();
        let free = Place { from: FREE, code: 0, string: NONE, goes_on: false };
        // Prefixes are shared, so that no more than half of the places are taken.
        let places = vec![free; (characters + 1).next_power_of_two()];
        let starts = strings.clone().map(|string| {
            let mut codes = codes(string);
            (codes.next().map_or(0, |(code, _)| code), codes.next().map(|(code, _)| code))
        });
        let alone = starts.clone().filter(|(_, second)| second.is_none()).map(|(first, _)| Bit::of(first));
        let pairs = starts.filter_map(|(first, second)| Some(Bit::of_pair(first, second?)));
        let mut trie = Trie { places, alone: Filter::of(alone), pairs: Filter::of(pairs) };
        for (string, number) in strings.zip(0..) {
            trie.insert(string, number);
        }
        trie
    }

    fn insert(&mut self, string: &str, number: u32) {
        let mut from = START;
        for (code, end) in codes(string) {
            let at = self.find(from, code);
            let last = end == string.len();
            let place = &mut self.places[at];
            place.from = from;
            place.code = code;
            place.goes_on |= !last;
            if last {
                place.string = number;
            }
            from = if from == START { Self::first(code) } else { at as u32 };
        }
    }

    /// The first place in `text` from the byte `from` on where a string stands, with its number and the bytes of the
    /// longest, or where a character stands that may be one of `also`.
    #[inline]
    pub(super) fn next(&self, text: &str, from: usize, also: Option<&Filter>) -> Option<(usize, Option<(u32, usize)>)> {
        let bytes = text.as_bytes();
        let mut at = from;
        let (mut first, mut len) = first_code(bytes.get(at..)?)?;
        loop {
            let second = bytes.get(at + len..).and_then(first_code);
            let may_start = self.alone.has(Bit::of(first))
                || second.is_some_and(|(second, _)| self.pairs.has(Bit::of_pair(first, second)));
            let found = if may_start { self.longest_prefix(&text[at..]) } else { None };
            if found.is_some() || also.is_some_and(|also| also.has(Bit::of(first))) {
                return Some((at, found));
            }
            at += len;
            (first, len) = second?;
        }
    }

    /// The longest string that `text` starts with: its number, and its bytes.
    pub(super) fn longest_prefix(&self, text: &str) -> Option<(u32, usize)> {
        let mut codes = codes(text);
        let (first, len) = codes.next()?;
        let mut longest = None;
        if self.alone.has(Bit::of(first)) {
            let place = &self.places[self.find(START, first)];
            if place.from != FREE && place.string != NONE {
                longest = Some((place.string, len));
            }
        }
        let Some((mut code, mut end)) = codes.next() else { return longest };
        if !self.pairs.has(Bit::of_pair(first, code)) {
            return longest;
        }
        // The second character is found by the first, with no look at the first's own place.
        let mut from = Self::first(first);
        loop {
            let at = self.find(from, code);
            let place = &self.places[at];
            if place.from == FREE {
                return longest;
            }
            if place.string != NONE {
                longest = Some((place.string, end));
            }
            let next = if place.goes_on { codes.next() } else { None };
            let Some(behind) = next else { return longest };
            (code, end) = behind;
            from = at as u32;
        }
    }

    /// What a first character is to the second: a number that no place has.
    fn first(code: u32) -> u32 {
        code | 1 << 31
    }

    /// The place of `code` behind `from`, or the free one where it would be.
    #[inline]
    fn find(&self, from: u32, code: u32) -> usize {
        let mask = self.places.len() - 1;
        let hash = (u64::from(from) << 32 | u64::from(code)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut at = (hash >> 40) as usize & mask;
        loop {
            let place = &self.places[at];
            if place.from == FREE || place.from == from && place.code == code {
                return at;
            }
            at = (at + 1) & mask;
        }
    }
}

/// The codes of a text's characters, each with the byte that it ends before.
fn codes(text: &str) -> impl Iterator<Item = (u32, usize)> + Clone {
    let mut end = 0;
    std::iter::from_fn(move || {
        let (code, len) = first_code(&text.as_bytes()[end..])?;
        end += len;
        Some((code, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_string_wins() {
        let strings = ["工", "工业", "工业增加值", "业", "增加", "规模以上工业"];
        let trie = Trie::new(strings.into_iter());
        for (text, longest) in [
            ("工业增加值增长", Some("工业增加值")),
            ("工业增加", Some("工业")),
            ("工人", Some("工")),
            ("规模以上", None),
            ("规模以上工业", Some("规模以上工业")),
            ("长", None),
            ("业", Some("业")),
            ("", None),
        ] {
            let found = trie.longest_prefix(text);
            assert_eq!(found.map(|(number, _)| strings[number as usize]), longest, "{text}");
            assert_eq!(found.map(|(_, len)| &text[..len]), longest, "{text}");
        }
    }
}
