//! The gazetteer: GB/T 2260 regions with the years in which each code and name was in force.

use rustc_hash::FxHashMap;

use super::LexiconError;
use super::table::Table;
use crate::model::{Level, RegionCode};

/// A region under one name, for the years in which it bore it.
#[derive(Clone, Debug)]
pub struct Region {
    /// GB/T 2260 code.
    pub code: RegionCode,
    /// Official name: 衢州市.
    pub name: String,
    /// The name without its type: 衢州; empty where nothing usable remains.
    pub short: String,
    /// Level in the tree.
    pub level: Level,
    /// The region above; `None` for the nation.
    pub parent: Option<RegionCode>,
    /// First year in force, as far as the table knows.
    pub from: i16,
    /// Last year in force; `None` while it is.
    pub to: Option<i16>,
    /// Codes that took over from a retired one.
    pub successors: Vec<RegionCode>,
    /// Further names: 延边州.
    pub aliases: Vec<String>,
    /// The short name is an everyday word too, and counts only near home.
    pub ambiguous: bool,
}

impl Region {
    /// Whether the name was in force in `year`.
    pub fn in_force(&self, year: i16) -> bool {
        self.from <= year && self.to.is_none_or(|to| year <= to)
    }

    /// Full name, short name and aliases, each with whether it stands for the region on its own.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, bool)> {
        let short =
            (!self.short.is_empty() && self.short != self.name).then_some((self.short.as_str(), !self.ambiguous));
        let aliases = self.aliases.iter().map(|alias| (alias.as_str(), true));
        std::iter::once((self.name.as_str(), true)).chain(short).chain(aliases)
    }
}

/// All regions, current and retired, in the order of their codes.
pub struct Regions {
    all: Vec<Region>,
    by_code: FxHashMap<RegionCode, Vec<u32>>,
    by_name: FxHashMap<String, Vec<u32>>,
}

impl Regions {
    pub(super) fn parse(table: Table<'_>) -> Result<Self, LexiconError> {
        let mut regions = Regions { all: Vec::new(), by_code: FxHashMap::default(), by_name: FxHashMap::default() };
        for row in table.rows(10) {
            let row = row?;
            const CODE: &str = "six digits of GB/T 2260";
            const YEAR: &str = "a year";
            let level = match row.cell(3) {
                "nation" => Level::Nation,
                "province" => Level::Province,
                "prefecture" => Level::Prefecture,
                "county" => Level::County,
                _ => return Err(row.error("nation, province, prefecture or county in column level")),
            };
            let region = Region {
                code: row.parse(0, CODE)?,
                name: row.cell(1).to_owned(),
                short: row.cell(2).to_owned(),
                level,
                parent: if row.cell(4).is_empty() { None } else { Some(row.parse(4, CODE)?) },
                from: row.parse(5, YEAR)?,
                to: if row.cell(6).is_empty() { None } else { Some(row.parse(6, YEAR)?) },
                successors: row
                    .list(7)
                    .map(|code| code.parse().map_err(|_| row.error(CODE)))
                    .collect::<Result<_, _>>()?,
                aliases: row.list(8).map(str::to_owned).collect(),
                ambiguous: row.cell(9) == "1",
            };
            let index = u32::try_from(regions.all.len()).map_err(|_| row.error("fewer regions"))?;
            regions.by_code.entry(region.code).or_default().push(index);
            for (name, _) in region.names() {
                regions.by_name.entry(name.to_owned()).or_default().push(index);
            }
            regions.all.push(region);
        }
        Ok(regions)
    }

    /// Every region, by code and then by first year.
    pub fn all(&self) -> &[Region] {
        &self.all
    }

    /// What the code stood for in `year`: the name in force, else the one nearest in time.
    pub fn at(&self, code: RegionCode, year: i16) -> Option<&Region> {
        let rows = self.by_code.get(&code)?.iter().map(|&index| &self.all[index as usize]);
        rows.min_by_key(|region| years_away(region, year))
    }

    /// The one region that bore `name` (full, short or alias) in `year`; the higher level wins, then the name in force.
    pub fn named(&self, name: &str, year: i16) -> Option<RegionCode> {
        let rows = self.by_name.get(name)?.iter().map(|&index| &self.all[index as usize]);
        rows.min_by_key(|region| (years_away(region, year), region.level, region.code)).map(|region| region.code)
    }

    /// Whether `inner` is `outer` or lies inside it in `year`.
    pub fn contains(&self, outer: RegionCode, inner: RegionCode, year: i16) -> bool {
        let mut next = Some(inner);
        while let Some(code) = next {
            if code == outer {
                return true;
            }
            next = self.at(code, year).and_then(|region| region.parent);
        }
        false
    }
}

/// How many years `year` lies outside the years in force.
pub(crate) fn years_away(region: &Region, year: i16) -> i16 {
    (region.from - year).max(0) + region.to.map_or(0, |to| (year - to).max(0))
}
