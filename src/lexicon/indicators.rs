//! The catalogue of standard indicators.

use rustc_hash::FxHashMap;

use super::LexiconError;
use super::table::Table;

/// Whether an indicator is of a period or of an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Summed over the period: 产值, 收入.
    Flow,
    /// Holds on a day: 人口, 余额.
    Stock,
    /// A ratio of a period: 产销率.
    Rate,
    /// A price or price index of a period.
    Price,
}

/// A standard indicator.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Stable id, ASCII: `industrial_value_added_above_scale`.
    pub id: String,
    /// Name of the National Bureau of Statistics: 规模以上工业增加值.
    pub name: String,
    /// English name.
    pub english: String,
    /// Other names that reports use for the same thing.
    pub synonyms: Vec<String>,
    /// Base unit of its levels: 元, 人, %, 吨.
    pub unit: String,
    /// Flow, stock, rate or price.
    pub kind: Kind,
    /// Theme: `industry`, `trade`, `budget`, ...
    pub theme: String,
    /// Which way is good: `higher`, `lower` or `neutral`.
    pub better: String,
}

impl Kind {
    /// The word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Flow => "flow",
            Kind::Stock => "stock",
            Kind::Rate => "rate",
            Kind::Price => "price",
        }
    }
}

/// The catalogue, with an index of all names.
pub struct Indicators {
    all: Vec<Indicator>,
    by_name: FxHashMap<String, u32>,
}

impl Indicators {
    pub(super) fn parse(table: Table<'_>) -> Result<Self, LexiconError> {
        let mut all = Vec::new();
        let mut by_name = FxHashMap::default();
        for row in table.rows(8) {
            let row = row?;
            let kind = match row.cell(5) {
                "flow" => Kind::Flow,
                "stock" => Kind::Stock,
                "rate" => Kind::Rate,
                "price" => Kind::Price,
                _ => return Err(row.error("flow, stock, rate or price in column kind")),
            };
            let indicator = Indicator {
                id: row.cell(0).to_owned(),
                name: row.cell(1).to_owned(),
                english: row.cell(2).to_owned(),
                synonyms: row.list(3).map(str::to_owned).collect(),
                unit: row.cell(4).to_owned(),
                kind,
                theme: row.cell(6).to_owned(),
                better: row.cell(7).to_owned(),
            };
            let index = u32::try_from(all.len()).map_err(|_| row.error("fewer indicators"))?;
            for name in std::iter::once(&indicator.name).chain(&indicator.synonyms) {
                if by_name.insert(name.clone(), index).is_some_and(|other| other != index) {
                    return Err(row.error("a name that no other indicator has"));
                }
            }
            all.push(indicator);
        }
        Ok(Indicators { all, by_name })
    }

    pub(super) fn all(&self) -> &[Indicator] {
        &self.all
    }

    pub(super) fn named(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// Every name and synonym with the indicator's index.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, u32)> {
        self.by_name.iter().map(|(name, index)| (name.as_str(), *index))
    }
}
