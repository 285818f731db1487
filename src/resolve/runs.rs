//! Runs of quantities, and what stands right behind them.

use std::borrow::Cow;

use compact_str::CompactString;
use rust_decimal::Decimal;

use crate::extract::{Kind, Quantity, Shape, Tokens, is_threshold};
use crate::lexicon::{Class, UnitKind};

/// Quantities with nothing but 、 or 和 between them: 分别增长3.1%、2.8%和5%.
#[derive(Clone, Copy)]
pub(super) struct Run {
    /// Token of the first.
    pub first: usize,
    /// Token of the last.
    pub last: usize,
    /// How many they are, at least one.
    pub count: usize,
}

impl Run {
    /// The tokens of the quantities.
    pub(super) fn tokens(self, all: &Tokens<'_>) -> impl Iterator<Item = usize> {
        (self.first..=self.last).filter(|&index| all.quantity(index).is_some())
    }
}

/// 城乡居民收入比2.05:1 states one number; the one that it is measured against states nothing.
pub(super) fn to_one(tokens: &Tokens<'_>, run: Run) -> Run {
    let last = tokens.quantity(run.last);
    let one = last.is_some_and(|last| last.shape == Shape::Ratio(2) && last.value == Decimal::ONE);
    if one && run.count == 2 { Run { last: run.first, count: 1, ..run } } else { run }
}

/// The quantity at `index` and those that are listed with it.
pub(super) fn run_of(tokens: &Tokens<'_>, index: usize, end: usize, text: &str) -> Run {
    let mut run = Run { first: index, last: index, count: 1 };
    // 7.6% 、16.8%: blanks around the mark do not part the numbers.
    let blanks = |from: usize| tokens.all[from..end].iter().take_while(|token| token.is_mark(' ')).count();
    // 分别增长5.2%左右、7.6%左右
    let past = |from: usize| after_bound(tokens, from, end);
    let mut at = past(index + 1);
    at += blanks(at);
    while at + 1 < end {
        let token = &tokens.all[at];
        let joins = match token.kind {
            Kind::Mark('、' | '∶') => true,
            Kind::Text => matches!(token.text(text), "和" | "及" | "与" | "以及"),
            _ => false,
        };
        let next = at + 1 + blanks(at + 1);
        if !joins || next >= end || tokens.quantity(next).is_none() || is_threshold(tokens, next, end) {
            break;
        }
        run.last = next;
        run.count += 1;
        at = past(next + 1);
        at += blanks(at);
    }
    run
}

/// The quantities of a run, the earlier ones with the unit that the last one carries for all.
pub(super) fn shared_unit<'t>(tokens: &'t Tokens<'_>, run: Run) -> Cow<'t, [Quantity]> {
    if let (1, Some(quantity)) = (run.count, tokens.quantity(run.first)) {
        return Cow::Borrowed(std::slice::from_ref(quantity));
    }
    let mut all: Vec<Quantity> = run.tokens(tokens).filter_map(|index| tokens.quantity(index).cloned()).collect();
    if let Some(last) = all.last().cloned() {
        for quantity in &mut all {
            // 6.7个、5.2个百分点: the 个 of the first is the beginning of 个百分点.
            let partial = quantity.unit == "个" && last.unit_kind == Some(UnitKind::Points);
            // 7.01万亿、7.66万亿和8.24万亿元
            let scale_only = quantity.unit_kind.is_none() && quantity.unit.chars().all(|c| "十百千万亿".contains(c));
            let scaled =
                scale_only && last.unit.starts_with(quantity.unit.as_str()) && last.unit_kind == Some(UnitKind::Money);
            if quantity.unit.is_empty() && quantity.unit_kind.is_none() || partial || scaled {
                quantity.unit = last.unit.clone();
                quantity.unit_kind = last.unit_kind;
            }
        }
    }
    Cow::Owned(all)
}

/// Past 以上, 左右 and the like behind a quantity.
pub(super) fn after_bound(tokens: &Tokens<'_>, at: usize, end: usize) -> usize {
    let is_bound = |class| matches!(class, Some(Class::AfterGe | Class::AfterLe | Class::AfterGt | Class::Approx));
    at + tokens.all[at..end].iter().take_while(|token| is_bound(token.class())).count()
}

/// `总投资32亿元的…项目`: the project or company that the quantity is said of.
pub(super) fn described_entity(tokens: &Tokens<'_>, text: &str, after: usize, end: usize) -> Option<CompactString> {
    if !tokens.all[..end].get(after)?.text(text).starts_with('的') {
        return None;
    }
    let mut name = CompactString::default();
    for token in &tokens.all[after..end] {
        if matches!(token.kind, Kind::Quantity(_) | Kind::Time(_)) {
            return None;
        }
        let words = token.text(text);
        name.push_str(words);
        let ends = match token.class() {
            Some(Class::Project | Class::Company | Class::Site) => true,
            // 重点项目 is a class of projects, here with one in it.
            Some(Class::Group_) => words.ends_with("项目"),
            _ => false,
        };
        if ends {
            return Some(name.trim_start_matches('的').into());
        }
    }
    None
}
