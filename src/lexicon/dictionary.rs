//! Every name and word, and the one pass that finds them in a text.

use std::collections::BTreeMap;

use super::filter::Filter;
use super::indicators::Indicators;
use super::regions::{Region, Regions};
use super::trie::Trie;
use super::words::{Class, Word, says_share};

/// All that the lexicon knows of one string.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Its part in a clause.
    pub class: Option<Class>,
    /// Index of the indicator that it names.
    pub indicator: Option<u32>,
    /// Indices of the regions that bear it.
    pub regions: Vec<u32>,
    /// It names the region only near home: the name is an everyday word too.
    pub region_ambiguous: bool,
    /// Digits stand in it: 500强.
    pub has_figure: bool,
    /// It is the name of a share: 占比, 比重.
    pub of_share: bool,
}

/// An entry found in a text, with its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Hit<'l> {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What was found.
    pub entry: &'l Entry,
}

/// A place of a text where an entry stands, or one of the characters that were sought.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop<'l> {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What was found.
    pub entry: Option<&'l Entry>,
}

/// Every name and word, found by the longest that a place of a text starts with.
pub(super) struct Dictionary {
    trie: Trie,
    entries: Vec<Entry>,
}

impl Dictionary {
    pub(super) fn build(regions: &Regions, indicators: &Indicators, words: &[Word]) -> Self {
        let mut entries: BTreeMap<&str, Entry> = BTreeMap::new();
        for word in words {
            entries.entry(&word.text).or_default().class = Some(word.class);
        }
        for (name, index) in indicators.names() {
            entries.entry(name).or_default().indicator = Some(index);
        }
        for (index, region) in (0u32..).zip(regions.all()) {
            for (name, _) in region.names() {
                entries.entry(name).or_default().regions.push(index);
            }
        }
        for (text, entry) in &mut entries {
            entry.region_ambiguous = is_ambiguous(text, entry, regions.all());
            entry.has_figure = text.contains(|c: char| c.is_ascii_digit());
            entry.of_share = says_share(text);
        }
        let trie = Trie::new(entries.keys().copied());
        Dictionary { trie, entries: entries.into_values().collect() }
    }

    /// The leftmost longest entries in `text`, and between them the characters that are `also` sought.
    pub(super) fn stops<'l>(&'l self, text: &str, also: Option<&Filter>) -> impl Iterator<Item = Stop<'l>> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let (start, found) = self.trie.next(text, from, also)?;
            let (end, entry) = match found {
                Some((string, len)) => (start + len, Some(&self.entries[string as usize])),
                None => (start + text[start..].chars().next().map_or(0, char::len_utf8), None),
            };
            from = end;
            Some(Stop { start, end, entry })
        })
    }
}

/// Whether a name is an everyday word too. Regions that are no more count only where no other bears it: 无锡 is the
/// city's, whatever county was called so once.
fn is_ambiguous(name: &str, entry: &Entry, regions: &[Region]) -> bool {
    let rows = || entry.regions.iter().map(|&index| &regions[index as usize]);
    let in_force = rows().any(|region| region.to.is_none());
    let mut counted = rows().filter(|region| region.to.is_none() || !in_force);
    counted.any(|region| region.names().any(|(other, alone)| other == name && !alone))
}
