//! The numbers, periods and places of a text, each for itself: what the parsers make of them before a statement does.

use std::ops::Range;

use compact_str::{CompactString, format_compact};
use rust_decimal::Decimal;

use super::calendar::Calendar;
use super::places::Atlas;
use super::runs::{Run, after_bound, run_of, shared_unit};
use super::setting::Setting;
use super::statement::number_bound;
use crate::document::{self, Block, BlockKind, CharCounter, Clean, list_mark_len};
use crate::extract::{
    self, Clause, Frame, Kind, Part, Place, Quantity, Shape, Slots, Time, Tokens, bracket_end, clauses, frame, scan,
};
use crate::lexicon::{Class, Entry, Lexicon, UnitKind};
use crate::model::{Amount, AmountKind, Bound, Document, Measure, Period, Primitive, PrimitiveKind, RegionCode, Span};

/// Every number, period and place that a document names, in the order of the text; numbers in names are none. A pure
/// function; it takes any text and never fails.
pub fn primitives(lexicon: &Lexicon, document: &Document) -> Vec<Primitive> {
    let clean = document::clean(&document.text);
    let Setting { day, home, period, lead, .. } = Setting::of(lexicon, document);
    let mut finder = Finder {
        lexicon,
        clean: &clean,
        chars: CharCounter::new(clean.given()),
        atlas: Atlas::new(lexicon, home, day.year()),
        calendar: Calendar::new(day, period, lead),
        outer: home,
        found: Vec::new(),
    };
    let mut tokens = Tokens::default();
    for block in document::blocks(clean.text()) {
        finder.block(&block, &mut tokens);
    }
    finder.found.sort_by_key(|primitive| primitive.span);
    finder.found
}

/// A quantity of a clause.
#[derive(Clone, Copy)]
struct Number<'n, 'l> {
    tokens: &'n Tokens<'l>,
    /// Its token.
    index: usize,
    /// Where its clause ends.
    end: usize,
    quantity: &'n Quantity,
}

struct Finder<'l, 'd> {
    lexicon: &'l Lexicon,
    clean: &'d Clean<'d>,
    chars: CharCounter<'d>,
    atlas: Atlas<'l>,
    calendar: Calendar,
    /// The place last named: districts of one name are told apart by the city before them.
    outer: Option<RegionCode>,
    found: Vec<Primitive>,
}

impl<'l> Finder<'l, '_> {
    fn block(&mut self, block: &Block, tokens: &mut Tokens<'l>) {
        let text = self.clean.text();
        let mark = list_mark_len(&text[block.bytes.clone()]).unwrap_or(0);
        scan(self.lexicon, text, block.bytes.start + mark, block.bytes.end, tokens);
        self.calendar.new_block();
        if block.kind == BlockKind::Heading {
            self.calendar.section(&tokens.times, Span::default());
        }
        let all = clauses(&tokens.all);
        let mut sentence = 0;
        for clause in &all {
            if clause.sentence != sentence {
                sentence = clause.sentence;
                self.calendar.end_sentence();
            }
            self.clause(tokens, clause.tokens.clone(), &all);
        }
    }

    fn add(&mut self, clean: Range<usize>, kind: PrimitiveKind) {
        let bytes = self.clean.given_bytes(clean);
        let span = self.chars.span(bytes);
        self.found.push(Primitive { span, kind });
    }

    /// The primitives of one clause, or of what a bracket holds.
    fn clause(&mut self, tokens: &Tokens<'l>, range: Range<usize>, all: &[Clause]) {
        let Range { start: mut from, end } = range;
        let mut index = from;
        while index < end {
            match tokens.all[index].kind {
                Kind::Mark('(') => {
                    let close = bracket_end(&tokens.all, index, end);
                    self.clause(tokens, index + 1..close, all);
                    index = close;
                    continue;
                }
                Kind::Quantity(_) => {
                    let run = run_of(tokens, index, end, self.clean.text());
                    self.numbers(tokens, from, run, end);
                    index = run.last + 1;
                    from = index;
                    continue;
                }
                Kind::Time(time) => self.time(tokens, index, tokens.times[time as usize], all),
                Kind::Word(entry) => self.word(tokens, index, entry),
                _ => {}
            }
            index += 1;
        }
    }

    /// A run of numbers that share the words from the token `from` on.
    fn numbers(&mut self, tokens: &Tokens<'l>, from: usize, run: Run, end: usize) {
        let quantities = shared_unit(tokens, run);
        if let Shape::Ratio(parts) = quantities[0].shape {
            let all: Vec<usize> = run.tokens(tokens).collect();
            for (at, parts) in all.chunks(usize::from(parts)).enumerate() {
                let first = at * parts.len();
                let values = quantities[first..first + parts.len()].iter().map(|part| part.value).collect();
                let bytes = tokens.bytes(parts[0]..parts[parts.len() - 1] + 1);
                self.add(bytes, PrimitiveKind::Ratio(values));
            }
            return;
        }
        let is_place = |entry: &Entry| self.atlas.is_place(entry);
        let slots = extract::slots(self.lexicon, tokens, self.clean.text(), from..run.first, &is_place);
        for (quantity, index) in quantities.iter().zip(run.tokens(tokens)) {
            let number = Number { tokens, index, end, quantity };
            if is_number(number) {
                let before = slots.bound.filter(|_| run.count == 1);
                let bound = number_bound(tokens, index, end, quantity, before);
                let amount = self.amount(number, &slots, bound);
                self.add(tokens.bytes(index..index + 1), PrimitiveKind::Amount(amount));
            }
        }
    }

    fn amount(&self, number: Number<'_, 'l>, slots: &Slots<'l>, bound: Bound) -> Amount {
        let Number { tokens, index, quantity, .. } = number;
        let kind = amount_kind(quantity);
        let base = match kind {
            AmountKind::Permille => ("‰", 0),
            AmountKind::BasisPoints => ("基点", 0),
            AmountKind::Rank => ("", 0),
            _ => {
                let base = self.lexicon.base_unit(&quantity.unit);
                (base.name, base.power)
            }
        };
        let sign = match quantity.shape {
            Shape::Plain => self.sign(number, slots),
            Shape::Fold => Some(1),
            _ => None,
        };
        let scaled = |value: Decimal| in_base(value, base.1);
        let value = scaled(quantity.value);
        Amount {
            kind,
            value: if sign == Some(-1) && !value.is_sign_negative() { -value } else { value },
            high: quantity.high.map(scaled),
            unit: base.0.into(),
            bound,
            sign,
            per: self.per(tokens, index),
            scope: (kind == AmountKind::Rank && !slots.scope.is_empty()).then(|| slots.scope.clone()),
        }
    }

    /// The sign that a verb before or behind the number gives.
    fn sign(&self, Number { tokens, index, end, quantity }: Number<'_, 'l>, slots: &Slots<'l>) -> Option<i8> {
        let verb = slots.change.is_some() || slots.relation.is_some() || slots.fall;
        match frame(slots, quantity).0 {
            Frame::Is(Measure::Level | Measure::Share | Measure::Rank | Measure::Progress, _) => None,
            Frame::Is(_, sign) | Frame::Points(sign) if verb => Some(sign),
            Frame::Ratio if !slots.from => super::mention::verb_behind(tokens, self.clean.text(), index + 1..end),
            _ => None,
        }
    }

    /// 每千人口床位7.8张 is counted for 千人.
    fn per(&self, tokens: &Tokens<'l>, index: usize) -> Option<CompactString> {
        let text = self.clean.text();
        let before = tokens.all[..index].iter().rev();
        let mut clause = before.take_while(|token| !matches!(token.kind, Kind::Mark(_) | Kind::Quantity(_)));
        let each = clause.find(|token| token.text(text).starts_with('每'))?;
        let per = &text[each.start as usize + "每".len()..];
        let scale = per.len() - per.trim_start_matches(['十', '百', '千', '万', '亿']).len();
        let (unit, len) = self.lexicon.units().longest_prefix(&per[scale..])?;
        let unit = if unit.base == "人口" { "人" } else { &per[scale..scale + len] };
        Some(format_compact!("{}{unit}", &per[..scale]))
    }

    /// An expression of time; one that a comparison names is only looked back at.
    fn time(&mut self, tokens: &Tokens<'l>, index: usize, time: Time, all: &[Clause]) {
        let text = self.clean.text();
        let before = index.checked_sub(1).map(|before| &tokens.all[before]);
        let base = before.is_some_and(|token| {
            token.class() == Some(Class::Than) || token.text(text).ends_with(['比', '较', '与', '同', '由'])
        });
        let as_of = before.is_some_and(|token| token.text(text).starts_with("截"));
        let time = Time { as_of, ..time };
        let mut period = self.period(tokens, index, time, all);
        if as_of {
            period = period.at_end();
        }
        // 改革开放以来: when that was is not said.
        if tokens.all[index].text(text) != "以来" {
            self.add(tokens.bytes(index..index + 1), PrimitiveKind::Period(period));
        }
        if !base && time.part != Some(Part::Same) {
            let first = !tokens.all[..index]
                .iter()
                .rev()
                .take_while(|token| !token.is_mark('。'))
                .any(|token| matches!(token.kind, Kind::Quantity(_)));
            self.calendar.name(time, first, Span::default());
        }
    }

    /// The days of a time. 比去年同期增长,上半年…: 同期 that stands before the period is that of the period behind it.
    fn period(&self, tokens: &Tokens<'l>, index: usize, time: Time, all: &[Clause]) -> Period {
        let (_, named) = self.calendar.current();
        if time.part != Some(Part::Same) || named {
            return self.calendar.period(time);
        }
        let sentence = all.iter().find(|clause| clause.tokens.contains(&index)).map(|clause| clause.sentence);
        let last = all.iter().rev().find(|clause| Some(clause.sentence) == sentence);
        let behind = &tokens.all[index + 1..last.map_or(index + 1, |clause| clause.tokens.end)];
        let next = behind.iter().find_map(|token| match token.kind {
            Kind::Time(time) => Some(tokens.times[time as usize]).filter(|time| time.part != Some(Part::Same)),
            _ => None,
        });
        let mut calendar = self.calendar.clone();
        if let Some(next) = next {
            calendar.name(next, true, Span::default());
        }
        calendar.period(time)
    }

    /// A place, or a base of comparison with a time inside: 比去年同期.
    fn word(&mut self, tokens: &Tokens<'l>, index: usize, entry: &'l Entry) {
        let token = &tokens.all[index];
        if matches!(entry.class, Some(Class::Yoy | Class::Mom | Class::Prior | Class::PriorYearEnd)) {
            return self.base(token.start as usize..token.end as usize);
        }
        if entry.indicator.is_some() || entry.class == Some(Class::Group_) {
            return self.threshold(token.start as usize..token.end as usize);
        }
        if entry.regions.is_empty() || entry.class.is_some() && entry.class != Some(Class::Nation) {
            return;
        }
        let next = tokens.all.get(index + 1);
        let is_region = |kind| matches!(kind, Kind::Word(entry) if !entry.regions.is_empty());
        let after = next.filter(|next| !is_region(next.kind)).map_or("", |next| next.text(self.clean.text()));
        if self.atlas.begins_a_name(token.text(self.clean.text()), after) {
            return;
        }
        let place = Place { entry, token: index };
        let right_behind = index.checked_sub(1).is_some_and(|before| is_region(tokens.all[before].kind));
        if let Some(code) = self.atlas.inside(&place, self.outer, right_behind) {
            self.outer = Some(code);
            self.add(tokens.bytes(index..index + 1), PrimitiveKind::Region(code));
        }
    }

    /// The threshold in an indicator's own name: 亿元以上项目.
    fn threshold(&mut self, bytes: Range<usize>) {
        let Some(at) = self.clean.text()[bytes.clone()].find("以上") else { return };
        let mut inner = Tokens::default();
        scan(self.lexicon, self.clean.text(), bytes.start, bytes.start + at, &mut inner);
        let last = (0..inner.all.len()).rev().find(|&index| inner.quantity(index).is_some());
        if let Some(index) = last
            && let Some(quantity) = inner.quantity(index)
        {
            let number = Number { tokens: &inner, index, end: index + 1, quantity };
            let amount = self.amount(number, &Slots::default(), Bound::Ge);
            self.add(inner.bytes(index..index + 1), PrimitiveKind::Amount(amount));
        }
    }

    /// The time in 比去年同期, 较上年末.
    fn base(&mut self, bytes: Range<usize>) {
        let mut inner = Tokens::default();
        let text = self.clean.text();
        let first = text[bytes.clone()].chars().next().map_or(0, char::len_utf8);
        scan(self.lexicon, text, bytes.start + first, bytes.end, &mut inner);
        for (index, token) in inner.all.iter().enumerate() {
            if let Kind::Time(time) = token.kind {
                let period = self.calendar.period(inner.times[time as usize]);
                self.add(inner.bytes(index..index + 1), PrimitiveKind::Period(period));
            }
        }
    }
}

/// Whether a quantity is more than a figure in a name: 12345热线, 百亿产业.
fn is_number(Number { tokens, index, end, quantity }: Number<'_, '_>) -> bool {
    let behind = tokens.all[..end].get(index + 1);
    let bounded = after_bound(tokens, index + 1, end) > index + 1;
    if quantity.shape == Shape::Bare {
        let before = index.checked_sub(1).and_then(|before| tokens.all[before].class());
        let bounding = matches!(
            before,
            Some(Class::BoundGt | Class::BoundLt | Class::Approx | Class::Level | Class::Reach | Class::Up)
        );
        return bounding || bounded;
    }
    let unitless = quantity.unit.is_empty() && quantity.unit_kind.is_none();
    // 收入比由1.98缩小到1.95
    let changes = behind
        .is_some_and(|token| matches!(token.class(), Some(Class::Up | Class::Down | Class::Narrow | Class::Reach)));
    !unitless
        || changes && quantity.value.scale() > 0
        || bounded
        || behind.is_none_or(|token| !matches!(token.kind, Kind::Text | Kind::Word(_)))
}

fn amount_kind(quantity: &Quantity) -> AmountKind {
    if quantity.shape == Shape::Ordinal {
        return AmountKind::Rank;
    }
    match quantity.unit_kind {
        Some(UnitKind::Percent) if quantity.unit == "‰" => AmountKind::Permille,
        Some(UnitKind::Percent) => AmountKind::Percent,
        Some(UnitKind::Points) if quantity.unit.ends_with(['P', 'p']) || quantity.unit.contains("基点") => {
            AmountKind::BasisPoints
        }
        Some(UnitKind::Points) => AmountKind::Points,
        Some(UnitKind::Multiple) => AmountKind::Multiple,
        Some(UnitKind::Duration) => AmountKind::Duration,
        _ => AmountKind::Quantity,
    }
}

/// `value` × 10^`power`, without zeros behind the point.
fn in_base(value: Decimal, power: i32) -> Decimal {
    let scale = Decimal::from(10u64.pow(power.unsigned_abs().min(18)));
    let scaled = if power < 0 { value.checked_div(scale) } else { value.checked_mul(scale) };
    scaled.unwrap_or(value).normalize()
}
