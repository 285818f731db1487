//! Words of statistical prose by the part they play.

use rustc_hash::FxHashMap;

use super::LexiconError;
use super::table::Table;

/// Gives a class its name in the tables.
macro_rules! classes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// The part that a word plays in a clause; the tables in `config/lexicon` list the words of each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Class { $($(#[$doc])* $variant),+ }

        impl Class {
            fn parse(name: &str) -> Option<Class> {
                match name { $($name => Some(Class::$variant),)+ _ => None }
            }

            /// The class's name in the tables.
            pub fn as_str(self) -> &'static str {
                match self { $(Class::$variant => $name),+ }
            }
        }
    };
}

classes! {
    /// 增长, 上升
    Up = "up",
    /// 下降, 减少
    Down = "down",
    /// 收窄: of a fall it is good, of a rise it is bad
    Narrow = "narrow",
    /// 扩大
    Widen = "widen",
    /// 持平
    Flat = "flat",
    /// 提高到: what follows is a level
    Reach = "reach",
    /// 实现, 完成: light verbs that leave a name as it is
    Level = "level",
    /// 共有, 拥有
    Have = "have",
    /// 新增, 招引: verbs that are part of the name
    Act = "act",
    /// 占, 占比
    Share = "share",
    /// 贡献率, 拉动
    Contribution = "contribution",
    /// 下拉, 拖累: a contribution that takes away
    Drag = "drag",
    /// 居, 排名
    Rank = "rank",
    /// 高于
    Above = "above",
    /// 低于
    Below = "below",
    /// 比, 较: opens a base or a benchmark
    Than = "than",
    /// 同比, 比上年
    Yoy = "yoy",
    /// 比年初
    Prior = "prior",
    /// 比上年末
    PriorYearEnd = "prior_year_end",
    /// 环比
    Mom = "mom",
    /// 年均
    Avg = "avg",
    /// 增速: the number is about a rate
    Rate = "rate",
    /// 降幅
    Fall = "fall",
    /// 其中
    Among = "among",
    /// 分别
    Each = "each",
    /// 分产业看
    Lead = "lead",
    /// 预算, 目标任务
    Plan = "plan",
    /// 预计
    Estimate = "estimate",
    /// 力争
    Target = "target",
    /// 超, 突破
    BoundGt = "bound_gt",
    /// 近, 不足
    BoundLt = "bound_lt",
    /// 不少于
    BoundGe = "bound_ge",
    /// 不超过
    BoundLe = "bound_le",
    /// 约
    Approx = "approx",
    /// 以上
    AfterGe = "after_ge",
    /// 以下
    AfterLe = "after_le",
    /// 多, 余
    AfterGt = "after_gt",
    /// 连续
    Streak = "streak",
    /// 翻一番
    Fold = "fold",
    /// 过半
    Half = "half",
    /// 两位数
    Digits2 = "digits2",
    /// 在, 由: opens a phrase that is no part of the name
    Prep = "prep",
    /// 此外, 继续: words that are no part of the name
    Drop = "drop",
    /// 推出: a verb that is no part of the name
    ActDrop = "act_drop",
    /// 现价
    Current = "current",
    /// 可比价
    Constant = "constant",
    /// 下同
    Same = "same",
    /// 今年
    ThisYear = "this_year",
    /// 去年, 上年
    LastYear = "last_year",
    /// 前年
    YearBeforeLast = "year_before_last",
    /// 明年
    NextYear = "next_year",
    /// 上半年
    H1 = "h1",
    /// 下半年
    H2 = "h2",
    /// 一季度
    Q1 = "q1",
    /// 二季度
    Q2 = "q2",
    /// 三季度
    Q3 = "q3",
    /// 四季度
    Q4 = "q4",
    /// 前两季度
    YtdQ2 = "ytd_q2",
    /// 前三季度
    YtdQ3 = "ytd_q3",
    /// 全年
    WholeYear = "whole_year",
    /// 年末
    YearEnd = "year_end",
    /// 年初
    YearStart = "year_start",
    /// 半年末
    HalfEnd = "half_end",
    /// 月末
    MonthEnd = "month_end",
    /// 季度末
    QuarterEnd = "quarter_end",
    /// 当月
    ThisMonth = "this_month",
    /// 上月
    LastMonth = "last_month",
    /// 本季度
    ThisQuarter = "this_quarter",
    /// 上季度
    LastQuarter = "last_quarter",
    /// 去年同期
    SamePeriod = "same_period",
    /// 今年以来
    SoFar = "so_far",
    /// 过去一年
    PastYear = "past_year",
    /// 过去三年
    Past3 = "past_3",
    /// 过去五年
    Past5 = "past_5",
    /// 过去十年
    Past10 = "past_10",
    /// “九五”, 1996–2000
    Plan9 = "plan_9",
    /// “十五”, 2001–2005
    Plan10 = "plan_10",
    /// 十一五, 2006–2010
    Plan11 = "plan_11",
    /// 十二五, 2011–2015
    Plan12 = "plan_12",
    /// 十三五, 2016–2020
    Plan13 = "plan_13",
    /// 十四五, 2021–2025
    Plan14 = "plan_14",
    /// 十五五, 2026–2030
    Plan15 = "plan_15",
    /// “十五五”良好开局: names a plan without being a period
    PlanStart = "plan_start",
    /// 牧业年度, the year to the end of June
    PastureYear = "pasture_year",
    /// 目前
    Now = "now",
    /// 全国
    Nation = "nation",
    /// 全省
    Province = "province",
    /// 全区 where it is an autonomous region, else a district
    Autonomous = "autonomous",
    /// 全市
    City = "city",
    /// 全县
    County = "county",
    /// 本区, always a district
    District = "district",
    /// 全旗
    Banner = "banner",
    /// 全州, 全盟, 全地区
    Prefecture = "prefecture",
    /// 全镇
    Town = "town",
    /// 全球, 美国
    Foreign = "foreign",
    /// 副省级城市
    Group = "group",
    /// 市本级: part of the name, not another place
    Own = "own",
    /// A name with a number inside
    Name = "name",
    /// 第一梯队
    OrdinalName = "ordinal_name",
    /// 公司
    Company = "company",
    /// 项目
    Project = "project",
    /// 港, 机场
    Site = "site",
    /// 大学
    School = "school",
    /// 博览会
    Fair = "fair",
    /// 村民
    Person = "person",
    /// 规上企业: many, so a class and no entity
    Group_ = "class",
    /// A word in which a region's name stands by chance
    Trap = "trap",
    /// 收入: the noun that makes a phrase an indicator
    Head = "head",
}

impl Class {
    /// Whether its words stand for a place, by what it is to the report: 全市, 全国, 东盟, 市本级.
    pub fn is_place(self) -> bool {
        matches!(
            self,
            Class::Nation
                | Class::Province
                | Class::Autonomous
                | Class::City
                | Class::County
                | Class::District
                | Class::Banner
                | Class::Prefecture
                | Class::Town
                | Class::Foreign
                | Class::Group
                | Class::Own
        )
    }
}

/// A word with its class.
#[derive(Clone, Debug)]
pub struct Word {
    /// The word.
    pub text: String,
    /// Its part.
    pub class: Class,
}

/// Whether a name is itself that of a share: 国有投资占比, 第一产业比重.
pub(crate) fn says_share(name: &str) -> bool {
    name.ends_with("比重") || name.ends_with("占比") || name.contains('占') && name.contains('比')
}

pub(super) fn parse(table: Table<'_>) -> Result<Vec<Word>, LexiconError> {
    let rows = table.rows(2).map(|row| {
        let row = row?;
        let class = Class::parse(row.cell(1)).ok_or_else(|| row.error("a known class in the second column"))?;
        Ok(Word { text: row.cell(0).to_owned(), class })
    });
    rows.collect()
}

/// The head nouns, found by longest suffix, each with the family of heads that it alternates with.
pub(super) struct Heads {
    /// Heads and their families by their last two characters (a lone character has NUL before it), longest first.
    by_end: FxHashMap<(char, char), Vec<(String, String)>>,
}

impl Heads {
    pub(super) fn parse(table: Table<'_>) -> Result<Self, LexiconError> {
        let mut by_end: FxHashMap<_, Vec<(String, String)>> = FxHashMap::default();
        for row in table.rows(3) {
            let row = row?;
            let mut ends = row.cell(0).chars().rev();
            let Some(last) = ends.next() else { return Err(row.error("a head in the first column")) };
            let end = (ends.next().unwrap_or_default(), last);
            by_end.entry(end).or_default().push((row.cell(0).to_owned(), row.cell(2).to_owned()));
        }
        for heads in by_end.values_mut() {
            heads.sort_by_key(|(head, _)| std::cmp::Reverse(head.len()));
        }
        Ok(Heads { by_end })
    }

    /// The longest head that `name` ends with, and its family.
    pub(super) fn suffix_of(&self, name: &str) -> Option<(&str, &str)> {
        let mut ends = name.chars().rev();
        let last = ends.next()?;
        let of = |before| self.by_end.get(&(before, last)).into_iter().flatten();
        let long = ends.next().and_then(|before| of(before).find(|(head, _)| name.ends_with(head.as_str())));
        long.or_else(|| of(char::default()).next()).map(|(head, family)| (head.as_str(), family.as_str()))
    }
}
