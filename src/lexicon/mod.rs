//! What is known beforehand: regions, indicators, units, and the words that statistical prose is built with.
//!
//! All of it is data in `config/lexicon/*.tsv`; this stage reads the tables and builds the one dictionary that the
//! extractor runs over a text. The tables are compiled in, and can be replaced by a folder of the same files.

mod affixes;
mod dictionary;
mod error;
mod filter;
mod headers;
mod indicators;
mod levels;
mod regions;
mod sources;
mod table;
mod trie;
mod units;
mod words;

use std::path::Path;

pub use affixes::Affix;
pub(crate) use dictionary::Stop;
pub use dictionary::{Entry, Hit};
pub use error::LexiconError;
pub(crate) use filter::Filter;
pub use headers::Header;
pub use indicators::{Indicator, Indicators, Kind};
pub use levels::LevelTrait;
pub use regions::{Region, Regions};
pub use sources::SourceKind;
pub use units::{BaseUnit, Unit, UnitKind, Units};
pub(crate) use words::says_share;
pub use words::{Class, Word};

use affixes::Affixes;
use dictionary::Dictionary;
use headers::Headers;
use levels::Levels;
use sources::Sources;
use table::Table;

/// File name and compiled-in text of every table.
const TABLES: [(&str, &str); 15] = [
    ("regions.tsv", include_str!("../../config/lexicon/regions.tsv")),
    ("region_traps.tsv", include_str!("../../config/lexicon/region_traps.tsv")),
    ("indicators.tsv", include_str!("../../config/lexicon/indicators.tsv")),
    ("units.tsv", include_str!("../../config/lexicon/units.tsv")),
    ("heads.tsv", include_str!("../../config/lexicon/heads.tsv")),
    ("verbs.tsv", include_str!("../../config/lexicon/verbs.tsv")),
    ("words.tsv", include_str!("../../config/lexicon/words.tsv")),
    ("periods.tsv", include_str!("../../config/lexicon/periods.tsv")),
    ("scopes.tsv", include_str!("../../config/lexicon/scopes.tsv")),
    ("names.tsv", include_str!("../../config/lexicon/names.tsv")),
    ("entities.tsv", include_str!("../../config/lexicon/entities.tsv")),
    ("affixes.tsv", include_str!("../../config/lexicon/affixes.tsv")),
    ("headers.tsv", include_str!("../../config/lexicon/headers.tsv")),
    ("levels.tsv", include_str!("../../config/lexicon/levels.tsv")),
    ("sources.tsv", include_str!("../../config/lexicon/sources.tsv")),
];

/// Tables of words, each a column of texts and a column of classes.
const WORD_TABLES: [&str; 7] =
    ["heads.tsv", "verbs.tsv", "words.tsv", "periods.tsv", "scopes.tsv", "names.tsv", "entities.tsv"];

/// Everything the extractor knows before it sees a text.
pub struct Lexicon {
    version: String,
    regions: Regions,
    indicators: Indicators,
    units: Units,
    heads: words::Heads,
    affixes: Affixes,
    headers: Headers,
    levels: Levels,
    sources: Sources,
    dictionary: Dictionary,
}

impl Lexicon {
    /// The lexicon that is compiled in.
    pub fn bundled() -> Result<Lexicon, LexiconError> {
        Self::from_tables(|name, bundled| Ok((name.to_owned(), bundled.to_owned())))
    }

    /// The lexicon in a folder that holds the same files as `config/lexicon`.
    pub fn load(dir: &Path) -> Result<Lexicon, LexiconError> {
        Self::from_tables(|name, _| {
            let path = dir.join(name);
            let text =
                std::fs::read_to_string(&path).map_err(|source| LexiconError::Read { path: path.clone(), source })?;
            Ok((path.display().to_string(), text))
        })
    }

    fn from_tables(
        read: impl Fn(&str, &'static str) -> Result<(String, String), LexiconError>,
    ) -> Result<Lexicon, LexiconError> {
        let mut texts = Vec::new();
        for (name, bundled) in TABLES {
            let (path, text) = read(name, bundled)?;
            texts.push((name, path, text));
        }
        let table = |name: &str| {
            let (_, path, text) = texts.iter().find(|(n, _, _)| *n == name).expect("every table is in TABLES");
            Table::new(path, text)
        };
        let regions = Regions::parse(table("regions.tsv"))?;
        let indicators = Indicators::parse(table("indicators.tsv"))?;
        let units = Units::parse(table("units.tsv"))?;
        let mut words = words::parse(table("region_traps.tsv").as_class("trap"))?;
        for name in WORD_TABLES {
            words.extend(words::parse(table(name))?);
        }
        let heads = words::Heads::parse(table("heads.tsv"))?;
        let affixes = Affixes::parse(table("affixes.tsv"))?;
        let headers = Headers::parse(table("headers.tsv"))?;
        let levels = Levels::parse(table("levels.tsv"))?;
        let sources = Sources::parse(table("sources.tsv"))?;
        let dictionary = Dictionary::build(&regions, &indicators, &words);
        let bytes: Vec<u8> = texts.iter().flat_map(|(_, _, text)| text.bytes()).collect();
        let version = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&bytes));
        Ok(Lexicon { version, regions, indicators, units, heads, affixes, headers, levels, sources, dictionary })
    }

    /// Hash of all tables: rows made with different versions may differ.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The catalogue of indicators; [`Observation::indicator`](crate::model::Observation::indicator) is an index.
    pub fn indicators(&self) -> &[Indicator] {
        self.indicators.all()
    }

    /// Index of the indicator with this name or synonym.
    pub fn indicator_named(&self, name: &str) -> Option<u32> {
        self.indicators.named(name)
    }

    /// The gazetteer.
    pub fn regions(&self) -> &Regions {
        &self.regions
    }

    /// The units.
    pub fn units(&self) -> &Units {
        &self.units
    }

    /// The base unit of a unit as written, and the power of ten between them: `亿元` is 10⁸ `元`.
    pub fn base_unit<'a>(&'a self, unit: &'a str) -> BaseUnit<'a> {
        self.units.base(unit)
    }

    /// The longest head noun (收入, 增加值, 居民消费价格) that `name` ends with.
    pub fn head_of<'n>(&self, name: &'n str) -> Option<&'n str> {
        self.heads.suffix_of(name).map(|(head, _)| &name[name.len() - head.len()..])
    }

    /// The family of the head that `name` ends with: heads of one family take each other's place (进出口, 出口, 进口).
    pub fn family_of(&self, name: &str) -> Option<&str> {
        self.heads.suffix_of(name).map(|(_, family)| family)
    }

    /// The words of a class that headers of tables are written with, the longest first.
    pub fn header_words(&self, class: Header) -> &[String] {
        self.headers.all(class)
    }

    /// The longest affix of a class that `name` starts or ends with, as the class has it.
    pub fn affix_of(&self, name: &str, class: Affix) -> Option<&str> {
        self.affixes.of(name, class)
    }

    /// Whether `name` ends with an affix of the class.
    pub fn ends_with(&self, name: &str, class: Affix) -> bool {
        self.affixes.of(name, class).is_some()
    }

    /// Whether the words of an indicator's `name` tell that `class` holds of its levels.
    pub fn levels_are(&self, name: &str, class: LevelTrait) -> bool {
        self.levels.is(name, class)
    }

    /// The kind of source that a report with this title and publisher is from, where their words tell.
    pub fn source_kind(&self, title: Option<&str>, publisher: Option<&str>) -> Option<SourceKind> {
        self.sources.kind(title, publisher)
    }

    /// The class of a word that stands in the lexicon as it is.
    pub fn class_of(&self, word: &str) -> Option<Class> {
        self.hits(word).next().filter(|hit| hit.start == 0 && hit.end == word.len()).and_then(|hit| hit.entry.class)
    }

    /// The leftmost longest entries of the lexicon in `text`, none overlapping another.
    pub fn hits<'l, 't>(&'l self, text: &'t str) -> impl Iterator<Item = Hit<'l>> + use<'l, 't> {
        let words = self.dictionary.stops(text, None);
        words.filter_map(|Stop { start, end, entry }| Some(Hit { start, end, entry: entry? }))
    }

    /// The same entries, and between them every character that may be one of `also`.
    pub(crate) fn stops<'l>(&'l self, text: &str, also: &Filter) -> impl Iterator<Item = Stop<'l>> {
        self.dictionary.stops(text, Some(also))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_without_duplicates() {
        for (name, text) in TABLES {
            let rows = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
            let rows: Vec<Vec<&str>> = rows.map(|line| line.split('\t').collect()).collect();
            for pair in rows.windows(2) {
                let [before, after] = pair else { continue };
                assert!(before[0] <= after[0], "{name}: {} stands before {}", before[0], after[0]);
                // A region's code comes again with every name that it has had, told apart by the years.
                let again = before[0] == after[0] && (name != "regions.tsv" || before == after);
                assert!(!again, "{name}: {} stands twice", after[0]);
            }
        }
    }
}
