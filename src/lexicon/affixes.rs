//! What names begin and end with: particles that belong to no name, and endings that tell what a name is.
//!
//! These are looked for at the two ends of words that were already cut out, never in a running text, so they are no
//! part of the dictionary.

use rustc_hash::FxHashMap;

use super::LexiconError;
use super::table::Table;

/// The part that an affix plays at an end of a name; `config/lexicon/affixes.tsv` lists those of each class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Affix {
    /// 的, 和: taken off the start of a name where something is left
    ParticleStart,
    /// 已, 仅: taken off the start even where nothing is left
    ParticleAlone,
    /// 的, 达, 共: taken off the end of a name
    ParticleEnd,
    /// 中小, 上市: words that start like a particle and are none
    WordStart,
    /// 目的, 普及: words that end like a particle and are none
    WordEnd,
    /// 企业, 居民: a class of actors or a branch, that a number is broken down by
    ClassEnd,
    /// 余额, 存栏: what holds at an instant
    StockEnd,
    /// 率, 比例: a ratio, so that points after it change it
    RatioEnd,
    /// 指数, 价格, 率: a percentage after it is its level, not a share
    PercentEnd,
    /// 指数, 系数: what goes without a unit
    IndexEnd,
}

/// Every class with its name in the table.
const CLASSES: [(&str, Affix); 10] = [
    ("particle_start", Affix::ParticleStart),
    ("particle_alone", Affix::ParticleAlone),
    ("particle_end", Affix::ParticleEnd),
    ("word_start", Affix::WordStart),
    ("word_end", Affix::WordEnd),
    ("class_end", Affix::ClassEnd),
    ("stock_end", Affix::StockEnd),
    ("ratio_end", Affix::RatioEnd),
    ("percent_end", Affix::PercentEnd),
    ("index_end", Affix::IndexEnd),
];

impl Affix {
    /// Whether it stands at the start of a name, and not at its end.
    fn is_start(self) -> bool {
        matches!(self, Affix::ParticleStart | Affix::ParticleAlone | Affix::WordStart)
    }

    /// The character of `name` that an affix of the class has outermost.
    fn edge(self, name: &str) -> Option<char> {
        if self.is_start() { name.chars().next() } else { name.chars().next_back() }
    }
}

/// The affixes by class.
#[derive(Default)]
pub(super) struct Affixes {
    /// One index a variant of [`Affix`], in its order: by the outermost character, the longest affix first.
    by_edge: [FxHashMap<char, Vec<String>>; CLASSES.len()],
}

impl Affixes {
    pub(super) fn parse(table: Table<'_>) -> Result<Self, LexiconError> {
        let mut affixes = Affixes::default();
        for row in table.rows(2) {
            let row = row?;
            for class in row.classes(&CLASSES)? {
                let edge = class.edge(row.cell(0)).ok_or_else(|| row.error("an affix in the first column"))?;
                affixes.by_edge[class as usize].entry(edge).or_default().push(row.cell(0).to_owned());
            }
        }
        for affixes in affixes.by_edge.iter_mut().flat_map(FxHashMap::values_mut) {
            affixes.sort_by_key(|affix| std::cmp::Reverse(affix.len()));
        }
        Ok(affixes)
    }

    /// The longest affix of the class that `name` starts or ends with.
    pub(super) fn of(&self, name: &str, class: Affix) -> Option<&str> {
        let edge = class.edge(name)?;
        let mut affixes = self.by_edge[class as usize].get(&edge)?.iter().map(String::as_str);
        affixes.find(|affix| if class.is_start() { name.starts_with(affix) } else { name.ends_with(affix) })
    }
}
