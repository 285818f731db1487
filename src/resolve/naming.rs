//! The indicator's name: the words of the clause, completed with what they inherit, and its row in the catalogue.

use compact_str::{CompactString, format_compact};

use crate::lexicon::{Affix, Class, Kind, Lexicon, UnitKind};

/// An indicator as far as the text has named it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Topic {
    /// The full name: what the clause says with what it inherits.
    pub name: CompactString,
    /// Part of the whole that the name starts with, when the rest is in the catalogue.
    pub breakdown: Option<CompactString>,
    /// Row of the catalogue.
    pub row: Option<u32>,
    /// What its levels are counted in.
    pub unit_kind: Option<UnitKind>,
    /// The name was taken over from an earlier clause, wholly or in part.
    pub inherited: bool,
}

/// The words that a clause gives for an indicator.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'w> {
    pub subject: &'w str,
    pub name: &'w str,
    /// The verb that the name starts with.
    pub act: &'w str,
}

/// Names indicators.
pub(super) struct Naming<'l> {
    lexicon: &'l Lexicon,
}

impl<'l> Naming<'l> {
    pub(super) fn new(lexicon: &'l Lexicon) -> Self {
        Naming { lexicon }
    }

    /// The head noun of a name: 收入 of 税收收入.
    pub(super) fn head<'n>(&self, name: &'n str) -> Option<&'n str> {
        self.lexicon.head_of(name)
    }

    /// A name without its head: 知识密集型服务 of 知识密集型服务进出口.
    fn modifier<'n>(&self, name: &'n str) -> &'n str {
        self.head(name).map_or("", |head| &name[..name.len() - head.len()])
    }

    /// Whether a name can stand alone.
    pub(super) fn is_whole(&self, name: &str) -> bool {
        self.row(name).is_some() || self.head(name).is_some()
    }

    /// Row of the catalogue, with the spellings that reports vary.
    pub(super) fn row(&self, name: &str) -> Option<u32> {
        let named = |name: &str| self.lexicon.indicator_named(name);
        if let Some(row) = named(name) {
            return Some(row);
        }
        if !name.contains(['上', '年', '全', '外', '企', '完', '“']) {
            return None;
        }
        let mut plain = name.replace("规上", "规模以上").replace("限上", "限额以上").replace(['“', '”'], "");
        for prefix in ["年末", "全部", "全社会的", "外贸"] {
            if let Some(rest) = plain.strip_prefix(prefix)
                && let Some(row) = named(rest)
            {
                return Some(row);
            }
        }
        plain = plain.replace("工业企业工业", "工业").replace("工业企业", "工业").replace("工业工业", "工业");
        named(&plain).or_else(|| named(&plain.replace("完成", "")))
    }

    /// The topic that a clause names, given the one before it. `None` when it names nothing.
    ///
    /// `compose` lets a part without a head take the head of the whole (第二产业 after 第一产业增加值).
    pub(super) fn topic(&self, words: Words<'_>, compose: bool, unit: Option<UnitKind>, before: Option<&Topic>, parent: Option<&Topic>) -> Option<Topic> {
        let (subject, mut name) = (words.subject, words.name);
        if name.is_empty() {
            name = subject;
        }
        for scope in ["全市", "全县", "全区", "全省", "全国", "全州", "全旗"] {
            name = name.strip_prefix(scope).unwrap_or(name);
        }
        // 规模跃居世界第二: the size of what was spoken of.
        let size = ["规模", "总量", "总额", "水平", "数量", "增量"].contains(&name);
        if name.is_empty() || !compose && (size || !self.is_whole(name)) {
            return None;
        }
        let mut subject = if name == subject { "" } else { subject };
        if let Some((whole, part)) = self.part_of(name) {
            (subject, name) = (whole, part);
        }
        let joined = format_compact!("{subject}{name}");
        if !subject.is_empty() && self.row(&joined).is_some() {
            return Some(self.build(&joined, None, unit, false));
        }
        let bare = self.head(name) == Some(name);
        // 定点医院开通率: a verb and a head make a name only with their subject.
        let act_head = !words.act.is_empty()
            && name.strip_prefix(words.act).is_some_and(|rest| rest.chars().count() <= 4 && self.head(rest).is_some() || rest.chars().count() == 1);
        if act_head && !subject.is_empty() {
            return Some(self.build(&joined, None, unit, false));
        }
        if !words.act.is_empty() && name == words.act && !subject.is_empty() {
            // 社会养老保险覆盖9亿人
            return Some(self.build(&joined, None, unit, false));
        }
        if !words.act.is_empty() && name == words.act && let Some(topic) = before {
            // 新开工保障性安居工程660万套,基本建成540万套; 实施重点项目96个,开工93个
            let thing = self.without_act(&topic.name);
            let full = format_compact!("{name}{thing}");
            return Some(self.build(&full, None, unit, true));
        }
        if bare && !subject.is_empty() {
            return Some(self.build(&joined, Some(subject), unit, false));
        }
        if bare && let Some(topic) = before
            && (self.same_family(name, &topic.name) || name.ends_with("产值") && self.family(&topic.name) == Some("crop"))
        {
            // 进出口总值30.3亿元,出口26.1亿元; 小麦播种18.4万亩,总产8.1万吨
            let modifier = self.modifier(&topic.name);
            if !modifier.is_empty() {
                let full = format_compact!("{modifier}{name}");
                return Some(self.build(&full, Some(modifier), unit, true));
            }
        }
        if let (Some(own), Some(topic)) = (OWN.iter().find(|own| name.starts_with(**own)), parent.or(before)) {
            // 一般公共预算收入…,其中:市本级收入…,区级收入…
            let rest = &name[own.len()..];
            let modifier = self.modifier(OWN.iter().find_map(|own| topic.name.strip_prefix(own)).unwrap_or(&topic.name));
            if self.head(rest) == Some(rest) && self.same_family(rest, &topic.name) {
                return Some(self.build(&format_compact!("{own}{modifier}{rest}"), None, unit, true));
            }
        }
        if self.is_whole(name) {
            // 民营企业进出口总值: the class that the clause is about comes before the name.
            return Some(match self.is_class(subject) {
                true => self.build(&joined, Some(subject), unit, false),
                false => self.build(name, None, unit, false),
            });
        }
        if is_counted(unit) {
            // 家庭农场30884个 counts what it names; 省级93个 after 国家级…产业园区1个 changes the grade only.
            if let Some(topic) = before
                && name.ends_with('级')
                && let Some(at) = topic.name.find('级')
                && topic.unit_kind == unit
            {
                let full = format_compact!("{name}{}", &topic.name[at + "级".len()..]);
                return Some(self.build(&full, None, unit, true));
            }
            // 原煤4862万吨 after 主要产品产量; 羊208.3万只 after 牲畜存栏
            let of_products = before.filter(|topic| !self.is_class(name) && matches!(self.family(&topic.name), Some("crop" | "energy")) && compose);
            if let Some(head) = of_products.and_then(|topic| self.head(&topic.name)) {
                let full = format_compact!("{name}{head}");
                return Some(self.build(&full, Some(name), unit, true));
            }
            return Some(self.build(name, None, unit, false));
        }
        // 第二产业增长6%; 食品烟酒类下降1.2%: a part, the head is the whole's.
        for whole in [before, parent].into_iter().flatten().filter(|_| compose) {
            let fits = unit.is_none() || unit == Some(UnitKind::Percent) || whole.unit_kind == unit || whole.unit_kind.is_none();
            if let Some(head) = self.part_head(&whole.name)
                && fits
            {
                let full = format_compact!("{name}{head}");
                return Some(self.build(&full, Some(name), unit, true));
            }
        }
        Some(self.build(if subject.is_empty() || !self.is_class(subject) { name } else { &joined }, None, unit, false))
    }

    /// The items of `A、B和C产量`, each completed with the head that the last one carries; `None` unless there are `count`.
    pub(super) fn list(&self, name: &str, count: usize) -> Option<Vec<CompactString>> {
        if let Some(items) = expand(name, count) {
            return Some(items);
        }
        let mut items: Vec<CompactString> = split(name).into_iter().map(CompactString::from).collect();
        if items.len() != count {
            return None;
        }
        let last = items.last()?.clone();
        let head = match last.find("人均") {
            Some(at) if at > 0 => Some(&last[at..]),
            _ => self.head(&last).filter(|head| head.len() < last.len() || self.row(&last).is_none()),
        };
        let first = items[0].clone();
        let modifier = self.modifier(&first).to_owned();
        for (index, item) in items.iter_mut().enumerate() {
            if self.is_whole(item) {
                // 生产安全事故起数、死亡人数: the later item is the head only.
                let bare = self.head(item) == Some(item.as_str()) && self.row(item).is_none();
                if index > 0 && bare && !modifier.is_empty() && self.same_family(item, &first) {
                    *item = format_compact!("{modifier}{item}");
                }
            } else if let Some(head) = head {
                item.push_str(head);
            }
        }
        Some(items)
    }

    /// 规模以上工业中装备制造业增加值, 收入加转移性收入: the whole, and what the number is about.
    fn part_of<'n>(&self, name: &'n str) -> Option<(&'n str, &'n str)> {
        ["中", "加"].iter().find_map(|infix| {
            let (whole, part) = name.split_once(infix)?;
            let plain = part.chars().count() >= 2 && (self.is_whole(whole) || self.is_class(whole)) && self.row(name).is_none();
            plain.then_some((if *infix == "中" { whole } else { "" }, part))
        })
    }

    /// A name without the verb that it starts with: 保障性安居工程 of 新开工保障性安居工程.
    fn without_act<'n>(&self, name: &'n str) -> &'n str {
        let ends = name.char_indices().map(|(at, _)| at).skip(2).take(3);
        let act = ends.filter(|&at| self.lexicon.class_of(&name[..at]) == Some(Class::Act)).last();
        &name[act.unwrap_or(0)..]
    }

    /// The head that the parts of a whole take in a table: 增加值 for 地区生产总值, else its own.
    pub(super) fn part_head<'n>(&self, whole: &'n str) -> Option<&'n str> {
        match self.family(whole) {
            Some("gdp") => Some("增加值"),
            _ => self.head(whole),
        }
    }

    /// The family of a name's head.
    pub(super) fn family(&self, name: &str) -> Option<&str> {
        self.lexicon.family_of(name)
    }

    fn same_family(&self, a: &str, b: &str) -> bool {
        self.family(a).is_some() && self.family(a) == self.family(b)
    }

    /// A topic with its row. When only the rest after `part` is in the catalogue, the part is the breakdown.
    pub(super) fn build(&self, name: &str, part: Option<&str>, unit: Option<UnitKind>, inherited: bool) -> Topic {
        let part = OWN.into_iter().find(|own| name.starts_with(own)).or(part);
        let mut topic =
            Topic { name: name.into(), breakdown: None, row: self.row(name), unit_kind: unit, inherited };
        if topic.row.is_none()
            && let Some(part) = part
            && let Some(rest) = name.strip_prefix(part)
            && let Some(row) = self.row(rest)
        {
            topic.row = Some(row);
            topic.breakdown = Some(part.into());
        }
        topic
    }

    /// Whether the topic's numbers hold at an instant: populations, balances, stocks.
    pub(super) fn is_stock(&self, topic: &Topic) -> bool {
        match topic.row {
            Some(row) => self.lexicon.indicators()[row as usize].kind == Kind::Stock,
            None => self.lexicon.ends_with(&topic.name, Affix::StockEnd),
        }
    }

    /// Whether the words name a class of actors or a branch: 民营企业, 装备制造业, 城镇居民.
    fn is_class(&self, words: &str) -> bool {
        self.lexicon.ends_with(words, Affix::ClassEnd)
    }
}

/// Budgets of the region's own government, without those below it.
const OWN: [&str; 13] = [
    "市本级", "县本级", "区本级", "省本级", "州本级", "旗本级", "本级", "市级", "县级", "区级", "省级", "州级", "县(市、区)级",
];

/// The government whose own budget a name is about: 市本级.
pub(super) fn own_budget(name: &str) -> Option<&'static str> {
    OWN.into_iter().find(|own| own.ends_with("本级") && name.starts_with(own))
}

/// Whether a unit counts things, so that the name before it says what is counted.
fn is_counted(unit: Option<UnitKind>) -> bool {
    matches!(unit, Some(UnitKind::Count | UnitKind::People))
}

/// Splits a list at 、 and at the last 和, 与, 及.
fn split(name: &str) -> Vec<&str> {
    let mut items: Vec<&str> = name.split('、').collect();
    if let Some(last) = items.pop() {
        let cut = ["以及", "和", "与", "及"].iter().filter_map(|and| last.find(and).map(|at| (at, and.len()))).min();
        match cut {
            Some((at, len)) if at > 0 && at + len < last.len() => items.extend([&last[..at], &last[at + len..]]),
            _ => items.push(last),
        }
    }
    items
}

/// Names that stand for several: 第一、二、三产业, 三次产业, 城乡.
fn expand(name: &str, count: usize) -> Option<Vec<CompactString>> {
    if let Some(at) = name.find("产业") {
        let ordinals: Vec<char> = name[..at].chars().filter(|c| "一二三".contains(*c)).collect();
        let plain = name[..at].chars().all(|c| "第一二三、和次".contains(c));
        let rest = name[at + "产业".len()..].trim_start_matches('的');
        if plain && ordinals == ['三'] && count == 3 {
            return Some(["一", "二", "三"].iter().map(|o| format_compact!("第{o}产业{rest}")).collect());
        }
        if plain && ordinals.len() == count {
            return Some(ordinals.iter().map(|o| format_compact!("第{o}产业{rest}")).collect());
        }
    }
    if count == 2 && let Some(rest) = name.strip_prefix("城乡") {
        // 城乡低保标准 is that of towns and that of the country; the town's word is 城镇 for residents.
        let town = if rest.starts_with("居民") { "城镇" } else { "城市" };
        return Some(vec![format_compact!("{town}{rest}"), format_compact!("农村{rest}")]);
    }
    None
}
