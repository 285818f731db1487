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

    /// The region that a place stands for behind `outer`: 桥东区 of 张家口市桥东区 is the one in 张家口. An everyday word
    /// names a place where it stands `right` behind: 北京朝阳.
    pub(super) fn inside(&self, place: &Place<'_>, outer: Option<RegionCode>, right: bool) -> Option<RegionCode> {
        let regions = self.lexicon.regions();
        let rows = || place.entry.regions.iter().map(|&index| &regions.all()[index as usize]);
        let within = |outer: RegionCode| {
            let inner = rows().filter(|region| region.code != outer && self.contains(outer, region.code));
            inner.min_by_key(|region| (years_out(region, self.year), region.level, region.code))
        };
        let named = outer.filter(|_| right || !place.entry.region_ambiguous);
        let found = named.and_then(|outer| within(outer).or_else(|| within(outer.prefecture())));
        // 三亚 was a county's everyday name once, and is a city's own now.
        let own = || {
            rows().filter(|region| region.in_force(self.year) && !region.ambiguous).min_by_key(|region| region.level)
        };
        let near = || self.code(place, self.home);
        found.map(|region| region.code).or_else(near).or_else(|| own().map(|region| region.code))
    }

    /// Whether a region's short name is only the beginning of another name, which `after` goes on: 南昌路, 西安门,
    /// 钱塘江, 浙江大学.
    pub(super) fn begins_a_name(&self, name: &str, after: &str) -> bool {
        const LEVELS: [char; 8] = ['省', '市', '县', '区', '州', '盟', '旗', '国'];
        const REST: [&str; 18] = [
            "路", "东路", "西路", "南路", "北路", "中路", "街", "大道", "大街", "巷", "门", "大桥", "隧道", "江", "湖",
            "湾", "岛", "大学",
        ];
        const WORDS: [&str; 8] = ["路网", "路面", "街道", "街镇", "门户", "江河", "湖泊", "大学生"];
        !name.ends_with(LEVELS)
            && REST.iter().any(|rest| after.starts_with(rest))
            && !WORDS.iter().any(|word| after.starts_with(word))
    }

    /// Whether `inner` lies in `outer`.
    pub(super) fn contains(&self, outer: RegionCode, inner: RegionCode) -> bool {
        self.lexicon.regions().contains(outer, inner, self.year)
    }
}

fn years_out(region: &Region, year: i16) -> i16 {
    (region.from - year).max(0) + region.to.map_or(0, |to| (year - to).max(0))
}
