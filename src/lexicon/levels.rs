//! What the words in an indicator's name say of its levels.

use super::LexiconError;
use super::table::Table;

/// What holds of the levels of an indicator; `config/lexicon/levels.tsv` lists the words that tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelTrait {
    /// 平均, 施工面积: the levels of months do not add up to that of the year
    NoSum,
    /// 利润, 净: a level may be below zero
    Signed,
}

const TRAITS: [(&str, LevelTrait); 2] = [("no_sum", LevelTrait::NoSum), ("signed", LevelTrait::Signed)];

/// The words with what they tell.
pub(super) struct Levels(Vec<(String, LevelTrait)>);

impl Levels {
    pub(super) fn parse(table: Table<'_>) -> Result<Self, LexiconError> {
        let mut words = Vec::new();
        for row in table.rows(2) {
            let row = row?;
            words.extend(row.classes(&TRAITS)?.into_iter().map(|class| (row.cell(0).to_owned(), class)));
        }
        Ok(Levels(words))
    }

    /// Whether a word in `name` tells that `class` holds.
    pub(super) fn is(&self, name: &str, class: LevelTrait) -> bool {
        self.0.iter().any(|(word, other)| *other == class && name.contains(word.as_str()))
    }
}
