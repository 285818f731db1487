//! From names of places to region codes.

use crate::extract::Place;
use crate::lexicon::{Class, Entry, Lexicon, Region};
use crate::model::{Level, RegionCode};

/// The places around a document: what its names and its 全市 mean.
pub(super) struct Atlas<'l> {
    lexicon: &'l Lexicon,
    year: i16,
    /// The region whose report this is.
    home: Option<RegionCode>,
}

impl<'l> Atlas<'l> {
    pub(super) fn new(lexicon: &'l Lexicon, home: Option<RegionCode>, year: i16) -> Self {
        Atlas { lexicon, year, home }
    }

    /// Whether an entry names a place here: an everyday word that is also a county's short name does so only at home.
    pub(super) fn is_place(&self, entry: &Entry) -> bool {
        if entry.regions.is_empty() {
            return entry.class.is_some();
        }
        self.pick(entry).is_some()
    }

    /// The region that a place stands for, seen from `here`; `None` where it has no code.
    pub(super) fn code(&self, place: &Place<'_>, here: Option<RegionCode>) -> Option<RegionCode> {
        let here = here.or(self.home);
        match place.entry.class {
            Some(Class::Nation) => Some(RegionCode::NATION),
            Some(Class::Province) => here.map(RegionCode::province),
            Some(Class::Autonomous) => self.district_or_autonomous(here?),
            Some(Class::City) => self.city(here?),
            Some(Class::County | Class::Banner | Class::District) => here,
            Some(Class::Prefecture) => {
                here.map(|code| if code.level() == Level::County { code.prefecture() } else { code })
            }
            Some(Class::Own) => here,
            Some(Class::Town | Class::Foreign | Class::Group) => None,
            _ => self.pick(place.entry).map(|region| region.code),
        }
    }

    /// 全区: the district itself, else the autonomous region around.
    fn district_or_autonomous(&self, here: RegionCode) -> Option<RegionCode> {
        let name = |code| self.lexicon.regions().at(code, self.year).map(|region| region.name.as_str());
        let is_district = here.level() == Level::County && name(here).is_some_and(|name| name.ends_with('区'));
        let autonomous = name(here.province()).is_some_and(|name| name.ends_with("自治区"));
        Some(if is_district || !autonomous { here } else { here.province() })
    }

    /// 全市: a city stays itself, a county goes up to its prefecture.
    fn city(&self, here: RegionCode) -> Option<RegionCode> {
        let region = self.lexicon.regions().at(here, self.year)?;
        let is_city = region.name.ends_with('市') || here.level() != Level::County;
        if is_city { Some(here) } else { region.parent.or(Some(here)) }
    }

    /// The region that bears the name in this document: in force at its date, nearest to home, highest level.
    fn pick(&self, entry: &Entry) -> Option<&'l Region> {
        let regions = self.lexicon.regions();
        let home = self.home.unwrap_or(RegionCode::NATION);
        let rows = entry.regions.iter().map(|&index| &regions.all()[index as usize]);
        let best = rows.min_by_key(|region| {
            let distance = if home == RegionCode::NATION {
                2
            } else if region.code == home
                || region.parent == Some(home)
                || region.code.prefecture() == home.prefecture()
            {
                0
            } else if region.code.province() == home.province() {
                1
            } else {
                2
            };
            (years_out(region, self.year), distance, region.level, region.code)
        })?;
        let near = best.code.province() == home.province() && home != RegionCode::NATION;
        let alone = !entry.region_ambiguous
            || near && (best.code.prefecture() == home.prefecture() || best.level <= Level::Prefecture);
        (alone || best.code == home).then_some(best)
    }

    /// Whether `inner` lies in `outer`.
    pub(super) fn contains(&self, outer: RegionCode, inner: RegionCode) -> bool {
        self.lexicon.regions().contains(outer, inner, self.year)
    }
}

fn years_out(region: &Region, year: i16) -> i16 {
    (region.from - year).max(0) + region.to.map_or(0, |to| (year - to).max(0))
}
