//! The words before a quantity by the part they play.

use compact_str::CompactString;

use super::time::Time;
use crate::lexicon::Entry;
use crate::model::{Bound, Status};

/// What a rate or change is measured against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Base {
    /// Nothing is named: the year before.
    #[default]
    Unnamed,
    /// 同比, 比上年
    Yoy,
    /// 环比, 比上月
    Mom,
    /// 年均
    Avg,
    /// 比年初, 较上年末
    Prior,
    /// 比上年末
    PriorYearEnd,
    /// 比1—6月, 较上月
    Time(Time),
}

/// A place that the text names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'l> {
    /// Its entry in the lexicon.
    pub entry: &'l Entry,
    /// Index of its token.
    pub token: usize,
}

/// The words before a quantity by their parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots<'l> {
    /// Words before the verb or the place: `规模以上工业` of 规模以上工业实现增加值.
    pub subject: CompactString,
    /// The words nearest to the number that can name an indicator.
    pub name: CompactString,
    /// Words after a change verb: `地下水开采量` of 压减地下水开采量.
    pub object: CompactString,
    /// Sign of the change verb.
    pub change: Option<i8>,
    /// 累计: from January on, also where a month governs.
    pub cumulative: bool,
    /// The change is told by 收窄 or 扩大.
    pub spread: bool,
    /// A change verb that ends in 到: what follows is the level reached.
    pub reach: bool,
    /// A verb of having: 拥有.
    pub have: bool,
    /// Any light verb.
    pub verb: bool,
    /// What the change is measured against.
    pub base: Base,
    /// The percentage is of the base: 恢复到2019年同期的86.2%.
    pub multiple: bool,
    /// The number is the base's own: 比上年同期的289.2亿元.
    pub of_base: bool,
    /// 增速, 涨幅: the number is about a rate.
    pub rate: bool,
    /// 降幅
    pub fall: bool,
    /// 占, 占比, 比重
    pub share: bool,
    /// What it is a part of.
    pub whole: CompactString,
    /// 贡献率 or 拉动
    pub contribution: bool,
    /// The pull in points rather than the rate: 拉动.
    pub pull: bool,
    /// The contribution takes away: 下拉, 影响总指数下降.
    pub drag: bool,
    /// 居, 排名
    pub rank: bool,
    /// 高于 +1, 低于 -1
    pub relation: Option<i8>,
    /// What a rank or a gap is compared with.
    pub scope: CompactString,
    /// The places and groups in the scope.
    pub scopes: Vec<Place<'l>>,
    /// 由 or 从 right before the number: it is where a change starts.
    pub from: bool,
    /// The verb that the name starts with: 新开工.
    pub act: CompactString,
    /// The name ended in 等: examples, not the thing itself.
    pub examples: bool,
    /// 连续
    pub streak: bool,
    /// The number is the plan's own amount: 完成年计划96亿元.
    pub planned: bool,
    /// 预算, 目标任务, as what the number completes.
    pub plan: bool,
    /// 分别, 均
    pub each: bool,
    /// 其中
    pub among: bool,
    /// 分产业看
    pub lead: bool,
    /// 预计, 力争
    pub status: Option<Status>,
    /// 超, 近, 约
    pub bound: Option<Bound>,
    /// Times that the clause itself is about, last one.
    pub time: Option<Time>,
    /// Index of the token of `time`; of no meaning without one.
    pub time_at: usize,
    /// The time of the value that a change starts from: 由上年的.
    pub from_time: Option<Time>,
    /// Places that the clause is about.
    pub places: Vec<Place<'l>>,
    /// 市本级 and the like stands in the name.
    pub own: bool,
    /// Company, project, port that the clause is about.
    pub entity: Option<CompactString>,
    /// 该项目, 公司: the one spoken of before.
    pub same_entity: bool,
    /// 该项目: spoken of before, by a name that may not have been caught.
    pub that: Option<CompactString>,
    /// 现价 or 可比价
    pub price: Option<&'static str>,
    /// 安排: money that is set out for the period.
    pub arranged: bool,
    /// （下同）: what is said of base and status holds from here on.
    pub same_below: bool,
    /// 达产后: what follows has not happened yet.
    pub future: bool,
}

impl Slots<'_> {
    /// The name; where a verb has closed it and nothing else is named, the subject that it became.
    pub(crate) fn named(&self) -> &CompactString {
        if self.name.is_empty() { &self.subject } else { &self.name }
    }
}
