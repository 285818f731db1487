//! What names begin and end with: particles that belong to no name, and endings that tell what a name is.
//!
//! These are looked for at the two ends of words that were already cut out, never in a running text, so they are no
//! part of the dictionary.

use super::LexiconError;
use super::filter::Filter;
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

/// The affixes by class.
pub(super) struct Affixes {
    /// One list a variant of [`Affix`], in its order.
    lists: [Vec<String>; CLASSES.len()],
    /// The last characters of each list: most names end with none of them.
    last: [Filter; CLASSES.len()],
    /// First characters of particles at a start.
    first: Filter,
}

impl Affixes {
    pub(super) fn parse(table: Table<'_>) -> Result<Self, LexiconError> {
        let mut lists: [Vec<String>; CLASSES.len()] = Default::default();
        for row in table.rows(2) {
            let row = row?;
            for name in row.list(1) {
                let known = CLASSES.iter().find(|(known, _)| *known == name);
                let (_, class) = known.ok_or_else(|| row.error("known classes in the second column"))?;
                lists[*class as usize].push(row.cell(0).to_owned());
            }
        }
        let last =
            lists.each_ref().map(|list| Filter::of_chars(list.iter().filter_map(|affix| affix.chars().next_back())));
        let particles = lists[Affix::ParticleStart as usize].iter();
        let first = Filter::of_chars(particles.filter_map(|particle| particle.chars().next()));
        Ok(Affixes { lists, last, first })
    }

    /// The particles at a start, where `words` may start with one.
    pub(super) fn particles_at_start(&self, words: &str) -> &[String] {
        let may_start = words.chars().next().is_some_and(|c| self.first.may_hold(c));
        if may_start { self.all(Affix::ParticleStart) } else { &[] }
    }

    /// The particles at an end, where `words` may end with one.
    pub(super) fn particles_at_end(&self, words: &str) -> &[String] {
        self.ends(words, Affix::ParticleEnd)
    }

    /// Whether `name` ends with an affix of the class.
    pub(super) fn ends_with(&self, name: &str, class: Affix) -> bool {
        self.ends(name, class).iter().any(|end| name.ends_with(end.as_str()))
    }

    /// The affixes of a class of ends, where `name` may end with one.
    fn ends(&self, name: &str, class: Affix) -> &[String] {
        let may_end = name.chars().next_back().is_some_and(|c| self.last[class as usize].may_hold(c));
        if may_end { self.all(class) } else { &[] }
    }

    pub(super) fn all(&self, class: Affix) -> &[String] {
        &self.lists[class as usize]
    }
}
