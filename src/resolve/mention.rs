//! A run of quantities with the words that say what it states.

use std::borrow::Cow;
use std::ops::Range;

use compact_str::{CompactString, CompactStringExt as _};

use super::reader::Reader;
use super::runs::{Run, after_bound, described_entity, shared_unit};
use crate::extract::{Base, Frame, Kind, Place, Quantity, Shape, Slots, Tokens, following_noun, frame, rate};
use crate::lexicon::{Affix, Class, UnitKind};
use crate::model::{Bound, Level, Measure, Reason, Span};

/// Where a mention stands.
#[derive(Clone, Copy)]
pub(super) struct Passage<'l, 't> {
    /// The tokens of the block.
    pub tokens: &'t Tokens<'l>,
    /// One past the last token of the clause.
    pub end: usize,
    /// The sentence that it stands in.
    pub sentence: Span,
}

/// A quantity, or several that share their words.
pub(super) struct Mention<'l, 't> {
    pub passage: Passage<'l, 't>,
    /// The token that its words start with.
    pub from: usize,
    /// Tokens of the quantities.
    pub run: Run,
    /// The quantities, as many as `run`.
    pub quantities: Cow<'t, [Quantity]>,
    /// The words before them.
    pub slots: Slots<'l>,
    /// What they state.
    pub measure: Measure,
    /// The sign that the words give to a number without one.
    pub sign: i8,
    /// The rule of grammar that told `measure`.
    pub rule: &'static str,
    /// What is counted, where it stands behind the number: 92户规模以上工业企业.
    pub noun: Option<CompactString>,
    /// The verb behind the number: 64个项目实现竣工.
    pub next_act: Option<&'t str>,
}

impl Mention<'_, '_> {
    /// Number of quantities.
    pub(super) fn count(&self) -> usize {
        self.run.count
    }

    /// The first quantity.
    pub(super) fn first(&self) -> &Quantity {
        &self.quantities[0]
    }

    /// Whether its numbers are money, or rates of what is.
    pub(super) fn of_money(&self) -> bool {
        matches!(self.first().unit_kind, Some(UnitKind::Money | UnitKind::Percent))
    }

    /// The kind of unit that the topic's levels have, as far as this statement shows it.
    pub(super) fn level_unit(&self) -> Option<UnitKind> {
        match self.measure {
            Measure::Level | Measure::Change => self.first().unit_kind,
            _ => None,
        }
    }
}

impl<'l> Reader<'l, '_> {
    /// Reads a run of quantities with the words from the token `from` on.
    pub(super) fn mention(&mut self, passage: Passage<'l, '_>, from: usize, run: Run) {
        let slots = self.slots(passage.tokens, from, run.first);
        match self.other_side(passage, from, run, &slots) {
            Some((place, measure)) => {
                let (state, calendar) = (self.state.clone(), self.calendar.clone());
                self.turn_to(&place, measure);
                let time = passage.tokens.all[from..run.first].iter().rev().find_map(|token| match token.kind {
                    Kind::Time(time) => Some((time, token)),
                    _ => None,
                });
                if let Some((time, token)) = time {
                    let at = self.span(token.start as usize..token.end as usize);
                    self.calendar.name(passage.tokens.times[time as usize], false, at);
                }
                self.read(passage, from, run, slots);
                self.state = state;
                self.calendar = calendar;
            }
            None => self.read(passage, from, run, slots),
        }
    }

    /// 增速高于杭州一季度的2%: the other place, whose number it is, and the measure of what was stated before.
    fn other_side(
        &self,
        Passage { tokens, .. }: Passage<'l, '_>,
        from: usize,
        run: Run,
        slots: &Slots<'l>,
    ) -> Option<(Place<'l>, Measure)> {
        let percent = run.count == 1 && tokens.quantity(run.first)?.unit_kind == Some(UnitKind::Percent);
        let of = run.first > from && tokens.all[run.first - 1].text(self.clean.text()) == "的";
        let [place] = slots.scopes[..] else { return None };
        let measure = self.state.rated.filter(|_| self.state.topic.is_some())?;
        (percent && of && slots.relation.is_some() && slots.change.is_none()).then_some((place, measure))
    }

    /// Reads a run of quantities, given the words before it, the first of which is the token `from`.
    fn read(&mut self, passage: Passage<'l, '_>, from: usize, run: Run, mut slots: Slots<'l>) {
        let Passage { tokens, end, .. } = passage;
        let text = self.clean.text();
        let quantities = shared_unit(tokens, run);
        let first = &quantities[0];
        let after = run.last + 1;
        let past_bound = after_bound(tokens, after, end);
        let may_count = matches!(first.unit_kind, Some(UnitKind::Count | UnitKind::People | UnitKind::Money) | None);
        let noun = if may_count {
            following_noun(self.lexicon, tokens, text, past_bound, end)
        } else {
            CompactString::default()
        };
        self.note(&slots, tokens, from);
        self.note_below(&mut slots, first);
        self.note_counted_places(&mut slots, tokens, from, &noun);
        if slots.rate || slots.fall {
            self.state.rate_of_paragraph = Some(Measure::Yoy);
        }
        self.note_described(&slots, tokens, described_entity(tokens, text, after, end), first, &noun);
        if first.bound == Some(Bound::Ge)
            && first.shape == Shape::Plain
            && is_two_digits(tokens.all[run.first].text(text))
        {
            let grows = slots.change.is_some() && !slots.name.is_empty();
            if !grows {
                // 增速超过两位数的地市: a figure of speech.
                return self.unused_run(tokens, run, Reason::Name);
            }
        }
        let (kind, rule) = frame(&slots, first);
        // 保持8%以上的增长; no 由6.02%降至2.31%
        let may_grow = kind == Frame::Ratio && !slots.from;
        // 增速明显领先,达到9.6%
        let named_before = self.state.rate_named.filter(|_| slots.named().is_empty());
        let behind = || verb_behind(tokens, text, past_bound..end).or(named_before);
        let (settled, sign) = match may_grow.then(behind).flatten() {
            Some(sign) => (Some(rate(&slots)), sign),
            None => self.settle(kind, &slots, first),
        };
        // 压减炼铁产能158万吨、水泥产能1850万吨: the verb goes for the whole list.
        let listed = tokens.all[from].is_mark('、') && slots.change.is_none() && !slots.verb;
        let (settled, sign) = match (settled, self.state.last_change) {
            (Some(Measure::Level), Some(sign)) if listed => (Some(Measure::Change), sign),
            _ => (settled, sign),
        };
        self.state.last_change = (settled == Some(Measure::Change)).then_some(sign);
        let Some(measure) = self.in_context(settled, &slots) else {
            return self.unused_run(tokens, run, Reason::Duration);
        };
        if slots.name.is_empty() && matches!(measure, Measure::Change | Measure::Yoy | Measure::VsPrior) {
            // 压减地下水开采量3亿立方米
            slots.name = std::mem::take(&mut slots.object);
        }
        // 拨付17.2亿元产业扶持资金: money is for what stands behind it where nothing before it names more than the verb.
        let is_money = first.unit_kind == Some(UnitKind::Money);
        let counts = !is_money || slots.name.is_empty() || slots.name == slots.act;
        let noun = Some(noun).filter(|noun| counts && measure == Measure::Level && !noun.is_empty());
        let next_act = tokens.all[after..end].iter().take(4).find(|token| token.class() == Some(Class::Act));
        let next_act = next_act.map(|token| token.text(text));
        let mention = Mention { passage, from, run, quantities, slots, measure, sign, rule, noun, next_act };
        let Some(mut topics) = self.topics(&mention) else {
            return self.unused_run(tokens, run, Reason::NoIndicator);
        };
        if matches!(measure, Measure::Share | Measure::Change) {
            topics.iter_mut().for_each(|topic| self.share_of_gdp(topic));
        }
        let first = mention.first();
        let unitless = first.unit.is_empty() && measure == Measure::Level && first.shape == Shape::Plain;
        if unitless && !self.lexicon.ends_with(&topics[0].name, Affix::IndexEnd) {
            return self.unused_run(tokens, run, Reason::NoUnit);
        }
        self.emit(&mention, &topics);
    }

    /// The project, company or product that the number itself is said of.
    fn note_described(
        &mut self,
        slots: &Slots<'l>,
        tokens: &Tokens<'l>,
        described: Option<CompactString>,
        first: &Quantity,
        noun: &str,
    ) {
        let pairs = slots.name.as_bytes().windows(2);
        let is_model = pairs.into_iter().any(|pair| pair[0].is_ascii_uppercase() && pair[1].is_ascii_digit());
        if is_model && self.naming.head(&slots.name).is_none() {
            // A220机身大部件: a model, not a sector.
            self.state.entity = Some(slots.name.clone());
        }
        if let Some(airport) = self.airport(slots, tokens) {
            self.state.entity = Some(airport);
        }
        let alone = std::mem::take(&mut self.state.sight);
        if slots.act.starts_with("接待") {
            if self.is_sight(&slots.subject) {
                // 丽江玉龙雪山接待游客5.1万人次
                self.state.entity = Some(slots.subject.clone());
            } else if slots.subject.is_empty() && !alone.is_empty() {
                // 剑门关,前4天接待21.2万人
                self.state.entity = Some(alone);
            }
        }
        const OF_REGIONS: [&str; 4] = ["规上", "规模以上", "高新技术企业", "专精特新"];
        let sector = |name: &str| {
            // 产业园引进项目68个。新增规上工业企业52家: nor are they the park's.
            let counted = self.state.stated.is_empty() && OF_REGIONS.iter().any(|class| name.contains(class));
            counted || ["产业", "行业", "工业", "制造业"].iter().any(|end| name.ends_with(end))
        };
        if (sector(&slots.subject) || sector(&slots.name)) && slots.entity.is_none() && !slots.same_entity {
            // 食品加工产业实现产值…: a sector, whatever company was spoken of before.
            self.state.entity = None;
        }
        if described.is_some() {
            // 总投资32亿元的锂电池一体化项目: what the number describes comes after it.
            self.state.entity = described;
        } else if first.unit == "个" && noun.ends_with("项目") {
            // 签约64个项目: many, none of them the one spoken of.
            self.state.entity = None;
            if slots.examples {
                // 东台的零部件、射阳的智能终端等17个项目: where the examples are is not where all of them are.
                self.state.back_to_section();
            }
        }
    }

    /// 福州长乐国际机场旅客吞吐量, 厦门机场完成旅客吞吐量: one airport by its name, inside a word of the catalogue.
    fn airport(&self, slots: &Slots<'l>, tokens: &Tokens<'l>) -> Option<CompactString> {
        const AIRPORT: &str = "机场";
        let name = if slots.subject.contains(AIRPORT) { &slots.subject } else { &slots.name };
        let at = name.find(AIRPORT)?;
        let airport = &name[..at + AIRPORT.len()];
        if name[..at].ends_with("国际") && name[..at].chars().count() > 2 {
            return Some(airport.into());
        }
        let place = slots.places.last().filter(|place| at == 0 && !place.entry.regions.is_empty())?;
        let code = self.atlas.code(place, self.state.section_region)?;
        let city = tokens.all[place.token].text(self.clean.text());
        (code.level() >= Level::Prefecture).then(|| [city, airport].concat_compact())
    }

    /// Whether the words before 接待 are the name of one sight, and no kind of them.
    fn is_sight(&self, subject: &str) -> bool {
        const KINDS: [&str; 10] = ["景区", "景点", "旅游", "酒店", "饭店", "民宿", "农家乐", "旅行社", "城市", "场馆"];
        subject.chars().count() >= 3
            && !self.naming.is_whole(subject)
            && !self.naming.is_class(subject)
            && !KINDS.iter().any(|kind| subject.ends_with(kind))
    }

    /// A clause that only names a sight, for the clause behind it: 剑门关,前4天接待21.2万人.
    pub(super) fn note_sight(&mut self, slots: &Slots<'l>) {
        const ENDS: [&str; 20] = [
            "基地", "山", "湖", "寺", "馆", "宫", "园", "谷", "峡", "关", "楼", "塔", "沟", "岛", "洞", "瀑布", "古镇",
            "古城", "草原", "峡谷",
        ];
        let name = &slots.name;
        let alone = slots.subject.is_empty() && !slots.verb && slots.change.is_none() && !name.contains('、');
        if alone && ENDS.iter().any(|end| name.ends_with(end)) && self.is_sight(name) {
            self.state.sight = name.clone();
        }
    }

    /// The measure, with what the statement before says of points and percentages. `None` when nothing is stated.
    fn settle(&self, kind: Frame, slots: &Slots<'_>, quantity: &Quantity) -> (Option<Measure>, i8) {
        match kind {
            Frame::Is(measure, sign) => (Some(measure), sign),
            Frame::Nothing => (None, 1),
            Frame::Points(sign) => (Some(self.settle_points(slots)), sign),
            Frame::Ratio => (Some(self.settle_ratio(slots, quantity)), 1),
        }
    }

    /// Points change a ratio (失业率下降0.2个百分点), or the rate of change that the statement before gives.
    fn settle_points(&self, slots: &Slots<'_>) -> Measure {
        let after_rate = matches!(
            self.state.last,
            Some(
                Measure::Yoy
                    | Measure::Mom
                    | Measure::VsPrior
                    | Measure::AvgAnnual
                    | Measure::Accel
                    | Measure::Gap
                    | Measure::Rank
            )
        ) && !self.state.last_is_ratio;
        // 三次产业结构为5:42:53,二产上升1.2个百分点
        let after_share = self.state.last == Some(Measure::Share);
        let of_ratio =
            self.lexicon.ends_with(&slots.name, Affix::RatioEnd) || slots.name.is_empty() && !after_rate || after_share;
        if of_ratio { Measure::Change } else { Measure::Accel }
    }

    /// A percentage is the level of a ratio (城镇化率43.6%), or a share (第三产业占58%).
    fn settle_ratio(&self, slots: &Slots<'_>, quantity: &Quantity) -> Measure {
        let name = slots.named();
        if let (true, true, Some(same @ (Measure::Share | Measure::Contribution | Measure::Progress))) =
            (name.is_empty(), slots.reach, self.state.last)
        {
            // 占比由6%提高到8%
            return same;
        }
        let row_is_ratio = self.naming.row(name).is_some_and(|row| {
            let unit = self.lexicon.indicators()[row as usize].unit.as_str();
            ["%", "‰", "指数"].contains(&unit)
        });
        let inherited = name.is_empty() && self.state.last_is_ratio;
        let level =
            row_is_ratio || self.lexicon.ends_with(name, Affix::PercentEnd) || inherited || quantity.unit == "‰";
        if level { Measure::Level } else { Measure::Share }
    }

    /// The measure, with what the number before says of plans and bases.
    fn in_context(&mut self, settled: Option<Measure>, slots: &Slots<'_>) -> Option<Measure> {
        let mut measure = settled;
        if let Some(rate) = self.state.benchmark {
            return Some(rate);
        }
        // PPI上涨4.2%(上年同期为9.0%): the same of another time.
        let of_then = self.depth > 0 && slots.time.is_some() && slots.named().is_empty();
        if of_then && matches!(settled, Some(Measure::Share | Measure::Level)) && self.state.rated.is_some() {
            return self.state.rated;
        }
        if std::mem::replace(&mut self.state.planned, slots.planned) && measure == Some(Measure::Share) {
            // 完成年计划96亿元的75.4%
            measure = Some(Measure::Progress);
        }
        let goes_on = slots.base == Base::Unnamed && slots.name.is_empty();
        if goes_on && matches!(self.state.base, Base::Prior | Base::PriorYearEnd) && measure == Some(Measure::Yoy) {
            // 比上年末净增3150万元,增长0.9%
            measure = Some(Measure::VsPrior);
        }
        if !goes_on {
            self.state.base = slots.base;
        }
        // 居民消费价格环比上涨0.6%。其中,食品价格上涨2.1%: what opened with the month before goes on about it.
        let opens = self.state.rate_of_paragraph.is_none() && measure == Some(Measure::Mom);
        self.state.monthly = slots.base == Base::Unnamed && self.state.monthly || opens;
        if self.state.monthly && measure == Some(Measure::Yoy) {
            measure = Some(Measure::Mom);
        }
        measure
    }
}

/// 两位数, 双位数
fn is_two_digits(words: &str) -> bool {
    words.ends_with("位数")
}

/// The sign of a verb of change that stands behind a percentage, or behind its 的: 8%的增长, 8%的高增长.
pub(super) fn verb_behind(tokens: &Tokens<'_>, text: &str, behind: Range<usize>) -> Option<i8> {
    let verb = tokens.all[behind].iter().take(2).find(|token| !matches!(token.text(text), "的" | "的高"))?;
    match verb.class() {
        // 以109%的增速排名第2位
        Some(Class::Up | Class::Rate) => Some(1),
        Some(Class::Down | Class::Fall) => Some(-1),
        _ => None,
    }
}
