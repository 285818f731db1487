//! Which kind of statement a quantity makes, told by its unit and the words before it.

use super::slots::{Base, Slots};
use super::time::{Edge, Part, Time, Year};
use super::token::{Quantity, Shape};
use crate::lexicon::{UnitKind, says_share};
use crate::model::Measure;

/// A kind of statement, as far as the clause alone tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Settled.
    Is(Measure, Sign),
    /// A change in points: of a growth rate or of a ratio, as the statement before it tells.
    Points(Sign),
    /// A percentage without a verb: a ratio that is the indicator, or a share.
    Ratio,
    /// Nothing that is stated.
    Nothing,
}

/// The sign that the words give to a number without one.
pub(crate) type Sign = i8;

/// Decides the kind of statement.
pub(crate) fn frame(slots: &Slots<'_>, quantity: &Quantity) -> (Frame, &'static str) {
    let change = slots.change.unwrap_or(1) * if slots.fall { -1 } else { 1 };
    match quantity.shape {
        Shape::Ordinal => return (Frame::Is(Measure::Rank, 1), "rank"),
        // 增速与上月持平
        Shape::Flat if slots.rate || slots.fall => return (Frame::Is(Measure::Accel, 1), "flat_rate"),
        Shape::Flat => return (Frame::Is(Measure::Yoy, 1), "flat"),
        Shape::Fold => return (Frame::Is(rate(slots), 1), "fold"),
        // 三次产业结构为5.8:42.6:51.6
        // 轻重工业比例为38:62
        Shape::Ratio(_) if quantity.unit_kind == Some(UnitKind::Percent) => {
            return (Frame::Is(Measure::Share, 1), "structure");
        }
        Shape::Ratio(3..) => return (Frame::Is(Measure::Share, 1), "structure"),
        // 粮经比例为62:38
        Shape::Ratio(_) if slots.name.contains("粮经") => return (Frame::Is(Measure::Share, 1), "structure"),
        // 城乡居民收入比2.05:1
        Shape::Ratio(_) => return (Frame::Is(Measure::Level, 1), "ratio"),
        Shape::Bare => return (Frame::Is(Measure::Level, 1), "bare"),
        Shape::Plain => {}
    }
    match quantity.unit_kind {
        Some(UnitKind::Points) => points(slots, change),
        Some(UnitKind::Percent) => percent(slots, quantity, change),
        Some(UnitKind::Multiple) => multiple(slots),
        Some(UnitKind::Duration) => {
            const MEASURED: [&str; 9] = ["天数", "日数", "时数", "寿命", "年龄", "时间", "时长", "年限", "周期"];
            if slots.streak {
                // 连续5个月居全省第一
                (Frame::Is(Measure::Streak, 1), "streak")
            } else if MEASURED.iter().any(|end| slots.named().ends_with(end)) {
                // 优良天数272天, 平均预期寿命79.2岁
                amount(slots, quantity)
            } else {
                (Frame::Nothing, "duration")
            }
        }
        Some(UnitKind::Rank) => (Frame::Is(Measure::RankMove, slots.change.unwrap_or(1)), "rank_move"),
        _ => amount(slots, quantity),
    }
}

/// The measure of a rate of change, by its base.
pub(crate) fn rate(slots: &Slots<'_>) -> Measure {
    match slots.base {
        Base::Unnamed | Base::Yoy => Measure::Yoy,
        Base::Prior | Base::PriorYearEnd => Measure::VsPrior,
        Base::Mom => Measure::Mom,
        Base::Avg => Measure::AvgAnnual,
        // 比2002年增长52.7%; the caller knows whether that is the year before.
        Base::Time(time)
            if matches!(time.year, Some(Year::Absolute(_)))
                && time.edge.is_none()
                && matches!(time.part, None | Some(Part::Same)) =>
        {
            Measure::VsPrior
        }
        // 比前年增长4.5%, 比20年前增长3.4倍
        Base::Time(Time { year: Some(Year::Relative(..-1)), .. }) => Measure::VsPrior,
        Base::Time(time) => match time.part {
            // 比上年同期, 比上年
            _ if time.edge.is_some() => Measure::VsPrior,
            Some(Part::LastMonth | Part::LastQuarter) => Measure::Mom,
            Some(Part::Same | Part::Whole) | None => Measure::Yoy,
            Some(_) => Measure::VsPrior,
        },
    }
}

fn points(slots: &Slots<'_>, change: i8) -> (Frame, &'static str) {
    if slots.contribution && !slots.pull && slots.change.is_some() {
        // 贡献率提高5.2个百分点
        return (Frame::Is(Measure::Change, change), "change_of_ratio");
    }
    if slots.contribution {
        // 拉动增长1.2个百分点
        return (Frame::Is(Measure::Contribution, if slots.drag { -1 } else { 1 }), "pull");
    }
    if let Some(side) = slots.relation
        && slots.scopes.is_empty()
        && slots.base != Base::Unnamed
        && matches!(slots.scope.trim_matches('的'), "" | "增速" | "增幅" | "涨幅" | "水平")
    {
        // 高于上年同期增速1.2个百分点: against one's own past, and so a change.
        let of_rate = slots.rate || slots.fall;
        let change = if slots.fall { -side } else { side };
        return (if of_rate { Frame::Is(Measure::Accel, change) } else { Frame::Points(change) }, "own_past");
    }
    if let Some(side) = slots.relation {
        // 高于全省1.5个百分点; 比全区高2.2个百分点; a deeper fall is a lower rate: 降幅高于全国2.9个百分点
        return (Frame::Is(Measure::Gap, if slots.fall { -side } else { side }), "gap");
    }
    if slots.plan && slots.scope.contains("进度") {
        // 短序时进度7.6个百分点; 超时序进度2.1个百分点
        return (Frame::Is(Measure::Gap, slots.change.unwrap_or(1)), "gap_plan");
    }
    if slots.rate || slots.fall || slots.spread {
        // 增速较上半年提高1.7个百分点; 降幅收窄2.5个百分点
        return (Frame::Is(Measure::Accel, change), "accel");
    }
    if slots.share || says_share(&slots.name) || slots.name.ends_with('率') {
        // 占比提高4个百分点
        return (Frame::Is(Measure::Change, change), "change_of_ratio");
    }
    (Frame::Points(change), "points")
}

fn percent(slots: &Slots<'_>, quantity: &Quantity, change: i8) -> (Frame, &'static str) {
    if slots.contribution {
        return (Frame::Is(Measure::Contribution, 1), "contribution");
    }
    if slots.multiple {
        return (Frame::Is(Measure::Multiple, 1), "percent_of_base");
    }
    if slots.plan && slots.change.is_none() && (slots.verb || slots.share) {
        // 完成年初预算的38.1%; 占年初预算的84.1%
        return (Frame::Is(Measure::Progress, 1), "progress");
    }
    if slots.name.ends_with("完成率") {
        return (Frame::Is(Measure::Progress, 1), "completion");
    }
    if slots.share && (slots.change.is_none() || slots.reach) || says_share(&slots.name) && slots.change.is_none() {
        return (Frame::Is(Measure::Share, 1), "share");
    }
    if slots.reach && !slots.rate {
        // 由6.02%降至2.31%
        return (Frame::Ratio, "reach");
    }
    if slots.change.is_some() || slots.rate || slots.fall || slots.base == Base::Mom || slots.base == Base::Avg {
        return (Frame::Is(rate(slots), change), "rate");
    }
    if slots.base == Base::Yoy && slots.named().is_empty() && !slots.verb {
        // 粮食产量8.2万吨,同比2.4%
        return (Frame::Is(rate(slots), 1), "bare_yoy");
    }
    if quantity.signed && !slots.name.ends_with('率') {
        // 教育18442万元,+3.6%
        return (Frame::Is(rate(slots), 1), "signed_rate");
    }
    (Frame::Ratio, "percent")
}

fn multiple(slots: &Slots<'_>) -> (Frame, &'static str) {
    if slots.change.is_some() && !slots.reach {
        // 增长1.4倍 is +140 %
        return (Frame::Is(rate(slots), 1), "times");
    }
    (Frame::Is(Measure::Multiple, 1), "multiple")
}

fn amount(slots: &Slots<'_>, quantity: &Quantity) -> (Frame, &'static str) {
    let bare = slots.named().is_empty();
    if (slots.rank || bare)
        && quantity.unit == "位"
        && let Some(sign) = slots.change
    {
        // 排位较年初提升10位; 居全省第3位,比上年上升2位
        return (Frame::Is(Measure::RankMove, sign), "rank_move");
    }
    if slots.streak && quantity.unit_kind == Some(UnitKind::Count) {
        return (Frame::Is(Measure::Streak, 1), "streak");
    }
    if let Some(side) = slots.relation
        && (!slots.scopes.is_empty() || slots.scope.contains("平均"))
        && !slots.verb
        && slots.base == Base::Unnamed
    {
        // 高于全国平均水平1200元
        return (Frame::Is(Measure::Gap, side), "gap_amount");
    }
    match slots.change {
        // 增长到36439元 states the level reached.
        Some(sign) if !slots.reach => (Frame::Is(Measure::Change, sign), "change"),
        _ => {
            if let Base::Time(time) = slots.base
                && time.edge != Some(Edge::Start)
                && slots.change.is_none()
            {
                // 比上年同期的289.2亿元: the base's own value.
                return (Frame::Is(Measure::Level, 1), "base_level");
            }
            (Frame::Is(Measure::Level, 1), "level")
        }
    }
}
