//! Units as written, and the base units that values are published in.

use super::LexiconError;
use super::table::Table;
use super::trie::Trie;

/// What a unit measures, as far as grammar cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnitKind {
    /// %, ‰, 成
    Percent,
    /// 个百分点, 个基点
    Points,
    /// 倍
    Multiple,
    /// 元, 美元
    Money,
    /// 分, money only inside a compound such as 分/千瓦时
    Fen,
    /// 人, 户, 人次
    People,
    /// Anything that is counted or measured: 个, 吨, 平方米
    Count,
    /// 年, 个月, 天
    Duration,
    /// 位次
    Rank,
}

/// A unit of the table.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The base unit that it converts to.
    pub base: String,
    /// Power of ten between it and its base unit.
    pub power: i32,
    /// What it measures.
    pub kind: UnitKind,
}

/// The base unit of a unit as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BaseUnit<'a> {
    /// Name of the base unit.
    pub name: &'a str,
    /// Power of ten: value in base unit = value as written × 10^power.
    pub power: i32,
    /// Whether the table knows the unit.
    pub known: bool,
}

/// Scale words that stand before a unit.
const SCALES: [(&str, i32); 11] = [
    ("百万", 6),
    ("千万", 7),
    ("十亿", 9),
    ("百亿", 10),
    ("千亿", 11),
    ("万亿", 12),
    ("亿", 8),
    ("万", 4),
    ("千", 3),
    ("百", 2),
    ("十", 1),
];

/// The table of units, found by longest prefix.
pub struct Units {
    trie: Trie,
    /// The units by their number in the trie.
    all: Vec<Unit>,
}

impl Units {
    pub(super) fn parse(table: Table<'_>) -> Result<Self, LexiconError> {
        let (mut texts, mut all) = (Vec::new(), Vec::new());
        for row in table.rows(4) {
            let row = row?;
            let kind = match row.cell(3) {
                "percent" => UnitKind::Percent,
                "points" => UnitKind::Points,
                "multiple" => UnitKind::Multiple,
                "money" => UnitKind::Money,
                "fen" => UnitKind::Fen,
                "people" => UnitKind::People,
                "count" => UnitKind::Count,
                "duration" => UnitKind::Duration,
                "rank" => UnitKind::Rank,
                _ => return Err(row.error("a kind of unit in column kind")),
            };
            let text = row.cell(0);
            if text.is_empty() {
                return Err(row.error("a unit in column text"));
            }
            texts.push(text);
            all.push(Unit { base: row.cell(1).to_owned(), power: row.parse(2, "a power of ten")?, kind });
        }
        Ok(Units { trie: Trie::new(texts.into_iter()), all })
    }

    /// The longest unit that `text` starts with, and its length in bytes.
    pub fn longest_prefix(&self, text: &str) -> Option<(&Unit, usize)> {
        self.trie.longest_prefix(text).map(|(number, len)| (&self.all[number as usize], len))
    }

    /// The unit written exactly so.
    pub fn get(&self, text: &str) -> Option<&Unit> {
        self.longest_prefix(text).filter(|(_, len)| *len == text.len()).map(|(unit, _)| unit)
    }

    /// The base unit of `unit`, which may carry a scale word (亿元) and a denominator (元/吨).
    pub(crate) fn base<'a>(&'a self, unit: &'a str) -> BaseUnit<'a> {
        let (head, compound) = match unit.split_once('/') {
            Some((head, _)) => (head, true),
            None => (unit, false),
        };
        let whole = self.get(unit);
        let (power, plain) = match whole {
            Some(_) => (0, unit),
            None => {
                SCALES.iter().find_map(|(scale, power)| Some((*power, head.strip_prefix(scale)?))).unwrap_or((0, head))
            }
        };
        match whole.or_else(|| self.get(plain)) {
            // A compound keeps its own numerator: 元/吨 is not 元.
            Some(_) if compound && whole.is_none() => {
                BaseUnit { name: &unit[head.len() - plain.len()..], power, known: true }
            }
            Some(found) => BaseUnit { name: &found.base, power: power + found.power, known: true },
            None => BaseUnit { name: &unit[head.len() - plain.len()..], power, known: unit.is_empty() },
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lexicon::Lexicon;

    #[test]
    fn units_convert_to_their_base() {
        let lexicon = Lexicon::bundled().expect("the bundled tables are sound");
        for (unit, name, power, known) in [
            ("元", "元", 0, true),
            ("亿元", "元", 8, true),
            ("万亿元", "元", 12, true),
            ("亿千瓦时", "千瓦时", 8, true),
            ("万亩", "亩", 4, true),
            ("%", "%", 0, true),
            ("个百分点", "百分点", 0, true),
            ("元/吨", "元/吨", 0, true),
            ("万元/亩", "元/亩", 4, true),
            ("", "", 0, true),
            ("咒", "咒", 0, false),
        ] {
            let base = lexicon.base_unit(unit);
            assert_eq!((base.name, base.power, base.known), (name, power, known), "{unit}");
        }
    }
}
