//! The one pass over a text: a double-array Aho–Corasick automaton over every name and word.

use std::collections::BTreeMap;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};

use super::LexiconError;
use super::indicators::Indicators;
use super::regions::Regions;
use super::words::{Class, Word};

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

pub(super) struct Automaton {
    searcher: CharwiseDoubleArrayAhoCorasick<u32>,
    entries: Vec<Entry>,
}

impl Automaton {
    pub(super) fn build(regions: &Regions, indicators: &Indicators, words: &[Word]) -> Result<Self, LexiconError> {
        let mut entries: BTreeMap<&str, Entry> = BTreeMap::new();
        for word in words {
            entries.entry(&word.text).or_default().class = Some(word.class);
        }
        for (name, index) in indicators.names() {
            entries.entry(name).or_default().indicator = Some(index);
        }
        for (index, region) in (0u32..).zip(regions.all()) {
            for (name, alone) in region.names() {
                let entry = entries.entry(name).or_default();
                entry.regions.push(index);
                entry.region_ambiguous |= !alone;
            }
        }
        let (patterns, entries): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
        let values = patterns.iter().zip(0u32..).map(|(pattern, value)| (*pattern, value));
        let searcher = CharwiseDoubleArrayAhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .build_with_values(values)
            .map_err(|error| LexiconError::Automaton(error.to_string()))?;
        Ok(Automaton { searcher, entries })
    }

    pub(super) fn hits<'l, 't>(&'l self, text: &'t str) -> impl Iterator<Item = Hit<'l>> + use<'l, 't> {
        self.searcher.leftmost_find_iter(text).map(|found| Hit {
            start: found.start(),
            end: found.end(),
            entry: &self.entries[found.value() as usize],
        })
    }
}
