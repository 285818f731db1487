//! What follows from reported points: months and quarters out of cumulative levels, growth out of levels, levels out of
//! growth. Arithmetic only; which lines it may be done to is decided in `trends`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::model::Period;

/// Points that growth from levels and growth as stated may be apart before the row is flagged: prices seldom move
/// further in a year.
const GROWTH_APART: f64 = 5.0;

/// The measure of levels that the growth of the year after implies. They never stand among reported levels.
pub(super) const BASE_LEVEL: &str = "base_level";

/// The measure of growth computed from levels, at current prices. It never stands among reported rates.
pub(super) const YOY_OF_LEVELS: &str = "yoy_of_levels";

/// How a point came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Derivation {
    Reported,
    Month,
    Quarter,
    Half,
    BaseLevel,
    Growth,
}

impl Derivation {
    /// The word in the column `derivation`.
    pub fn as_str(self) -> &'static str {
        match self {
            Derivation::Reported => "reported",
            Derivation::Month => "month_from_cumulative",
            Derivation::Quarter => "quarter_from_cumulative",
            Derivation::Half => "half_from_cumulative",
            Derivation::BaseLevel => "base_level_from_growth",
            Derivation::Growth => "growth_from_levels",
        }
    }
}

/// Remarks on a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Remarks {
    pub revised: bool,
    pub conflict: bool,
    /// Less than a cumulative value before it, of an indicator that cannot be negative.
    pub cumulative_falls: bool,
    pub growth_apart: bool,
}

impl Remarks {
    /// The words in the column `flags`, joined by `;`; `None` where there is nothing to remark.
    pub fn words(self) -> Option<String> {
        let all = [
            (self.revised, "revised"),
            (self.conflict, "conflict"),
            (self.cumulative_falls, "cumulative_falls"),
            (self.growth_apart, "growth_apart"),
        ];
        let words: Vec<&str> = all.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
        (!words.is_empty()).then(|| words.join(";"))
    }
}

/// One point of a line.
#[derive(Clone, Debug)]
pub(super) struct Point<'f> {
    /// Row of `series` that says what the line is about.
    pub row: usize,
    pub measure: &'f str,
    pub period: Period,
    pub value: f64,
    pub unit: &'f str,
    /// One unit of the last digit of what is reported; the most that rounding can have moved what is derived.
    pub precision: f64,
    pub is_exact: bool,
    pub is_estimate: bool,
    pub published: Option<Date>,
    pub derivation: Derivation,
    /// `obs_id` of the statements that it rests on.
    pub from: Vec<&'f str>,
    pub stated: Option<f64>,
    pub remarks: Remarks,
}

/// The levels of one line, or its growth rates, by period.
pub(super) type Points<'f> = BTreeMap<Period, Point<'f>>;

impl<'f> Point<'f> {
    /// A point that rests on `self` and `other`, about the line of `self`.
    fn with(&self, other: &Point<'f>, derivation: Derivation, period: Period, value: f64) -> Point<'f> {
        Point {
            period,
            value,
            is_estimate: self.is_estimate || other.is_estimate,
            published: self.published.max(other.published),
            derivation,
            from: [self.from.as_slice(), &other.from].concat(),
            stated: None,
            remarks: Remarks {
                revised: self.remarks.revised || other.remarks.revised,
                conflict: self.remarks.conflict || other.remarks.conflict,
                ..Remarks::default()
            },
            ..self.clone()
        }
    }

    /// The most that rounding can have moved it: half a digit of what is reported.
    fn rounding(&self) -> f64 {
        if self.derivation == Derivation::Reported { self.precision / 2.0 } else { self.precision }
    }

    /// Whether it may be divided by, or its growth be told.
    fn is_ratio_base(&self) -> bool {
        self.is_exact && self.value > 0.0 && self.period.start.year() == self.period.end.year()
    }
}

/// The single periods between cumulative ones, by their last months: the first less the second.
fn spans() -> impl Iterator<Item = (Derivation, i8, i8)> {
    // January and February are reported together, because the new year falls into either: never split.
    let months = (3..=12).map(|month| (Derivation::Month, month, month - 1));
    let quarters = [6, 9, 12].map(|month| (Derivation::Quarter, month, month - 3));
    months.chain(quarters).chain([(Derivation::Half, 12, 6)])
}

/// Adds to `levels`, of a flow that adds up over time, the months, quarters and second halves of `year` that follow from
/// its cumulative ones and are not reported. A negative one, where `signed` does not allow for it, is left out and the
/// later cumulative level remarked upon.
pub(super) fn add_single_periods(levels: &mut Points<'_>, year: i16, signed: bool) {
    for (derivation, last, before) in spans() {
        let exact = |month| levels.get(&Period::months(year, 1, month)).filter(|point| point.is_exact);
        let (Some(whole), Some(part)) = (exact(last), exact(before)) else { continue };
        let value = minus(whole.value, part.value);
        if value < 0.0 && !signed {
            levels.entry(Period::months(year, 1, last)).and_modify(|whole| whole.remarks.cumulative_falls = true);
            continue;
        }
        let period = Period::months(year, before + 1, last);
        let precision = whole.rounding() + part.rounding();
        let single = Point { precision, ..whole.with(part, derivation, period, value) };
        levels.entry(period).or_insert(single);
    }
}

/// What levels and stated rates of growth tell of each other: growth from the level a year before where that is known,
/// and where it is not, the level that the stated rate implies.
pub(super) fn growth<'f>(levels: &Points<'f>, rates: &Points<'f>) -> Vec<Point<'f>> {
    let mut points = Vec::new();
    for level in levels.values().filter(|level| level.is_ratio_base()) {
        let rate = rates.get(&level.period).filter(|rate| rate.is_exact);
        match (levels.get(&level.period.year_before()), rate) {
            (Some(base), rate) if base.is_ratio_base() => points.push(growth_from(level, base, rate)),
            (None, Some(rate)) if rate.value > -100.0 => points.push(base_level(level, rate)),
            _ => {}
        }
    }
    points
}

fn growth_from<'f>(level: &Point<'f>, base: &Point<'f>, rate: Option<&Point<'f>>) -> Point<'f> {
    let value = 100.0 * (level.value / base.value - 1.0);
    let precision = 100.0 * (level.rounding() + base.rounding() * level.value / base.value) / base.value;
    let mut point = level.with(base, Derivation::Growth, level.period, value);
    point.stated = rate.map(|rate| rate.value);
    point.remarks.growth_apart = point.stated.is_some_and(|stated| (value - stated).abs() > GROWTH_APART + precision);
    Point { measure: YOY_OF_LEVELS, unit: "%", precision, ..point }
}

fn base_level<'f>(level: &Point<'f>, rate: &Point<'f>) -> Point<'f> {
    let factor = 1.0 + rate.value / 100.0;
    let value = level.value / factor;
    let precision = (level.rounding() + value * rate.rounding() / 100.0) / factor;
    let period = level.period.year_before();
    Point { measure: BASE_LEVEL, precision, ..level.with(rate, Derivation::BaseLevel, period, value) }
}

/// The difference of two doubles as of the decimals that they stand for: 424.6 − 282.7 is 141.9 and no digit more.
fn minus(a: f64, b: f64) -> f64 {
    let decimal = |value: f64| value.to_string().parse::<Decimal>().ok();
    let difference = decimal(a).zip(decimal(b)).and_then(|(a, b)| a.checked_sub(b)?.to_f64());
    difference.unwrap_or(a - b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(months: i8, year: i16, value: f64) -> Point<'static> {
        Point {
            row: 0,
            measure: "level",
            period: Period::months(year, 1, months),
            value,
            unit: "元",
            precision: 0.1,
            is_exact: true,
            is_estimate: false,
            published: None,
            derivation: Derivation::Reported,
            from: vec!["a"],
            stated: None,
            remarks: Remarks::default(),
        }
    }

    fn points(points: &[Point<'static>]) -> Points<'static> {
        points.iter().map(|point| (point.period, point.clone())).collect()
    }

    #[test]
    fn differences_are_those_of_the_decimals() {
        assert_eq!(minus(0.3, 0.1), 0.2);
        assert_eq!(minus(42_460_000_000.0, 28_270_000_000.0), 14_190_000_000.0);
        assert_eq!(minus(1e300, 1e299), 9e299);
    }

    /// What is derived from `quarter`, `half` and the half of the year before: the second quarter, growth, and the base
    /// level that `rate` implies.
    fn derived(quarter: f64, half: f64, before: f64, rate: f64) -> [Point<'static>; 3] {
        let mut levels = points(&[level(3, 2022, quarter), level(6, 2022, half)]);
        add_single_periods(&mut levels, 2022, false);
        let single = levels[&Period::months(2022, 4, 6)].clone();
        let halves = points(&[level(6, 2021, before), level(6, 2022, half)]);
        let computed = growth(&halves, &Points::new()).remove(0);
        let rates = points(&[Point { measure: "yoy", unit: "%", ..level(6, 2022, rate) }]);
        let implied = growth(&points(&[level(6, 2022, half)]), &rates).remove(0);
        [single, computed, implied]
    }

    #[test]
    fn rounding_moves_a_derived_value_no_further_than_its_precision() {
        let given = [131.5, 282.7, 258.6, 6.6];
        let middle = derived(131.5, 282.7, 258.6, 6.6);
        let mut furthest = [0.0f64; 3];
        for corner in 0..16 {
            let [quarter, half, before, rate] =
                std::array::from_fn(|at| given[at] + if corner >> at & 1 == 0 { 0.05 } else { -0.05 });
            let moved = derived(quarter, half, before, rate);
            for (furthest, (moved, middle)) in furthest.iter_mut().zip(moved.iter().zip(&middle)) {
                *furthest = furthest.max((moved.value - middle.value).abs());
            }
        }
        for (furthest, middle) in furthest.iter().zip(&middle) {
            // Of the first order, so a thousandth may be missing; and no wider than need be.
            assert!((0.99..1.001).contains(&(furthest / middle.precision)), "{furthest} {}", middle.precision);
        }
    }
}
