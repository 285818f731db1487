//! The indicator's name: the words of the clause, completed with what they inherit, and its row in the catalogue.

use std::borrow::Cow;
use std::rc::Rc;

use crate::lexicon::{Affix, Class, Indicator, Kind, Lexicon, UnitKind};

/// An indicator as far as the text has named it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Topic {
    /// The full name: what the clause says with what it inherits. Shared, as the clauses behind inherit it.
    pub name: Rc<str>,
    /// Part of the whole that the name starts with, when the rest is in the catalogue.
    pub breakdown: Option<Rc<str>>,
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
    pub(super) lexicon: &'l Lexicon,
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
    pub(super) fn modifier<'n>(&self, name: &'n str) -> &'n str {
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
        if !name.contains(['上', '年', '全', '外', '企', '完', '各', '类', '拥', '“']) {
            return None;
        }
        let mut plain = Cow::Borrowed(name);
        // 医疗卫生机构拥有床位
        for (short, long) in [("规上", "规模以上"), ("限上", "限额以上"), ("拥有", ""), ("“", ""), ("”", "")]
        {
            replace(&mut plain, short, long);
        }
        for prefix in ["年末", "全部", "全社会的", "外贸", "各类", "各种", "各项"] {
            if let Some(rest) = plain.strip_prefix(prefix)
                && let Some(row) = named(rest)
            {
                return Some(row);
            }
        }
        if plain.ends_with("类价格") {
            // 鲜菜类价格 is 鲜菜价格.
            replace(&mut plain, "类价格", "价格");
        }
        for twice in ["工业企业工业", "工业企业", "工业工业"] {
            replace(&mut plain, twice, "工业");
        }
        named(&plain).or_else(|| {
            replace(&mut plain, "完成", "");
            named(&plain)
        })
    }

    /// The head that the parts of a whole take: 增加值 for 地区生产总值, 支出 for 上解支出, else its own.
    pub(super) fn part_head<'n>(&self, whole: &'n str) -> Option<&'n str> {
        match self.family(whole) {
            Some("gdp") => Some("增加值"),
            Some("budget" | "budget2" | "budget_item") => ["收入", "支出"].into_iter().find(|end| whole.ends_with(end)),
            _ => self.head(whole),
        }
    }

    /// The family of a name's head.
    pub(super) fn family(&self, name: &str) -> Option<&str> {
        self.lexicon.family_of(name)
    }

    pub(super) fn same_family(&self, a: &str, b: &str) -> bool {
        self.family(a).is_some() && self.family(a) == self.family(b)
    }

    /// A topic with its row. When only the rest after `part` is in the catalogue, the part is the breakdown.
    pub(super) fn build(&self, name: &str, part: Option<&str>, unit: Option<UnitKind>, inherited: bool) -> Topic {
        let part = own_start(name).or(part);
        let mut topic = Topic { name: name.into(), breakdown: None, row: self.row(name), unit_kind: unit, inherited };
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

    /// What the catalogue says of a topic.
    pub(super) fn indicator(&self, topic: &Topic) -> Option<&'l Indicator> {
        topic.row.map(|row| &self.lexicon.indicators()[row as usize])
    }

    /// Whether the topic's numbers hold at an instant: populations, balances, stocks.
    pub(super) fn is_stock(&self, topic: &Topic) -> bool {
        match self.indicator(topic) {
            Some(row) => row.kind == Kind::Stock,
            None => self.lexicon.ends_with(&topic.name, Affix::StockEnd),
        }
    }

    /// Whether the topic's numbers are summed up over a period, as the catalogue has it.
    pub(super) fn is_flow(&self, topic: &Topic) -> bool {
        self.indicator(topic).is_some_and(|row| {
            // 年末人口出生率: births and deaths in a thousand are those of the year.
            row.kind == Kind::Flow || row.kind == Kind::Rate && row.unit == "‰"
        })
    }

    /// Whether the topic's levels are percentages or permillages: 城镇化率, 失业率.
    pub(super) fn is_ratio(&self, topic: &Topic) -> bool {
        match self.indicator(topic) {
            Some(row) => matches!(row.unit.as_str(), "%" | "‰"),
            None => self.lexicon.ends_with(&topic.name, Affix::RatioEnd),
        }
    }

    /// Whether the words start with a place abroad, which trade and capital come from: 欧盟27国实际投入外资金额.
    pub(super) fn is_partner(&self, words: &str) -> bool {
        let first = self.lexicon.hits(words).next();
        first.is_some_and(|hit| hit.start == 0 && hit.entry.class == Some(Class::Foreign))
    }

    /// Whether the words name a class of actors or a branch: 民营企业, 装备制造业, 城镇居民.
    pub(super) fn is_class(&self, words: &str) -> bool {
        self.lexicon.ends_with(words, Affix::ClassEnd)
    }
}

/// Puts `to` in the place of `from`, which most names do not hold.
fn replace(name: &mut Cow<'_, str>, from: &str, to: &str) {
    if name.contains(from) {
        *name = Cow::Owned(name.replace(from, to));
    }
}

/// Budgets of the region's own government, without those below it.
const OWN: [&str; 17] = [
    "市本级",
    "县本级",
    "区本级",
    "省本级",
    "州本级",
    "旗本级",
    "本级",
    "市级",
    "县级",
    "区级",
    "省级",
    "州级",
    "县(市、区)级",
    "县区级",
    "区县级",
    "县(区)级",
    "县(市)级",
];

/// The one of [`OWN`] that a name starts with.
pub(super) fn own_start(name: &str) -> Option<&'static str> {
    let may_be = name.starts_with(['市', '县', '区', '省', '州', '旗', '本']);
    OWN.into_iter().filter(|_| may_be).find(|own| name.starts_with(own))
}

/// The government whose own budget a name is about: 市本级.
pub(super) fn own_budget(name: &str) -> Option<&'static str> {
    own_start(name).filter(|own| own.ends_with("本级"))
}

/// The government whose own budget a heading is about: 市本级 of 市本级收支情况.
pub(super) fn own_budget_in(heading: &str) -> Option<&'static str> {
    OWN.into_iter().filter(|own| own.ends_with("本级") && *own != "本级").find(|own| heading.contains(own))
}
