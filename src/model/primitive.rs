//! What a text says in figures and names, before anything is stated with it.

use compact_str::CompactString;
use rust_decimal::Decimal;

use super::{Bound, Period, RegionCode, Span};

/// A number, a period or a place that the text names.
#[derive(Clone, Debug, PartialEq)]
pub struct Primitive {
    /// Where it stands in the text as given: a number with its unit, without the words before and behind it.
    pub span: Span,
    /// What it is.
    pub kind: PrimitiveKind,
}

/// The kinds of primitives.
#[derive(Clone, Debug, PartialEq)]
pub enum PrimitiveKind {
    /// A number, or a range of numbers.
    Amount(Amount),
    /// The parts of `22.8:38.8:38.4`, at least two.
    Ratio(Vec<Decimal>),
    /// A period, against the document's date.
    Period(Period),
    /// A place, in the codes in force at the document's date.
    Region(RegionCode),
}

/// A number in its base unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// What its unit measures.
    pub kind: AmountKind,
    /// The number in `unit`, signed by its verb as in an observation: 下降2.1% is -2.1.
    pub value: Decimal,
    /// Upper end of a range.
    pub high: Option<Decimal>,
    /// Base unit: 元 of 亿元; empty where there is none.
    pub unit: CompactString,
    /// How the number bounds the true one. A threshold is one too: [`Bound::Ge`] of 5亿元以上项目.
    pub bound: Bound,
    /// The sign that a verb of change or comparison gives: 1 for 增长 and 高于, -1 for 下降 and 低于.
    pub sign: Option<i8>,
    /// What it is counted for, when the words before it say so: 千人 of 每千人口床位7.8张.
    pub per: Option<CompactString>,
    /// What a rank is taken in, as written: 全省.
    pub scope: Option<CompactString>,
}

/// What the unit of a number measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountKind {
    /// Money, people, things, or no unit at all.
    Quantity,
    /// %, 成, 三分之二, and words such as 翻番 and 持平; in percent.
    Percent,
    /// ‰
    Permille,
    /// 个百分点
    Points,
    /// 个基点
    BasisPoints,
    /// 2.4倍; 增长1.4倍 has a sign and is +140 %.
    Multiple,
    /// 第4位, 首位, 前三
    Rank,
    /// 5个月, 三年
    Duration,
}

impl AmountKind {
    /// The word that `explain --format jsonl` prints.
    pub fn as_str(self) -> &'static str {
        match self {
            AmountKind::Quantity => "quantity",
            AmountKind::Percent => "percent",
            AmountKind::Permille => "permille",
            AmountKind::Points => "points",
            AmountKind::BasisPoints => "basis_points",
            AmountKind::Multiple => "multiple",
            AmountKind::Rank => "rank",
            AmountKind::Duration => "duration",
        }
    }
}
