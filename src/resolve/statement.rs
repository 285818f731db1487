//! From a mention and its topics to observations: value, bound, status, period, scope, confidence.

use compact_str::CompactString;
use jiff::civil::date;
use rust_decimal::Decimal;

use super::calendar::Dated;
use super::confidence::Grounds;
use super::mention::Mention;
use super::naming::Topic;
use super::reader::Reader;
use crate::extract::{Base, Kind, Part, Quantity, Slots, Time, Tokens, Year};
use crate::lexicon::{Class, UnitKind};
use crate::model::{Basis, Bound, Flags, Measure, Observation, Period, RegionCode, Said, Status};

/// What the rows of one mention share.
#[derive(Clone, Copy)]
pub(super) struct Statement {
    pub measure: Measure,
    pub status: Status,
    /// The period of a flow; each row goes on from it.
    period: Period,
    /// Where the period was named.
    pub period_said: Said,
    /// The period stood in the clause's own sentence.
    pub period_named: bool,
    /// The clause is about a span of years: 2013至2022年.
    over_years: bool,
}

impl<'l> Reader<'l, '_> {
    /// States a mention about its topics, a row for each quantity, topic and place that it joins.
    pub(super) fn emit(&mut self, mention: &Mention<'l, '_>, topics: &[Topic]) {
        let statement = self.statement(mention);
        let quantities = mention.count();
        let places = if self.is_of_all_together(mention) { 1 } else { self.state.regions.len() };
        // 江山、龙游分别增长5.1%、6.2%: one place a quantity where they are as many, else all to each place.
        let place_by_place = places > 1 && places == quantities;
        let periods = self.listed_periods(mention);
        for at in 0..if place_by_place { places } else { quantities.max(topics.len()) } {
            for place in if place_by_place { at..at + 1 } else { 0..places } {
                let region = if places < self.state.regions.len() { None } else { self.state.regions[place] };
                let quantity = at.min(quantities - 1);
                let period = periods.get(quantity).copied().unwrap_or(statement.period);
                let statement = Statement { period, ..statement };
                self.state_row(mention, &statement, quantity, &topics[at.min(topics.len() - 1)], region);
            }
        }
        self.state.price = None;
        self.remember(mention, statement.measure, topics);
    }

    /// 第一季度、第二季度、第三季度进出口分别为…: the period of each quantity, where as many are listed; else none.
    fn listed_periods(&self, mention: &Mention<'l, '_>) -> Vec<Period> {
        let (tokens, count) = (mention.passage.tokens, mention.count());
        if count < 2 {
            return Vec::new();
        }
        let words = &tokens.all[mention.from..mention.run.first];
        let mut times: Vec<Time> = Vec::new();
        let mut last = None;
        for (at, token) in words.iter().enumerate() {
            let Kind::Time(time) = token.kind else { continue };
            let listed = last.is_some_and(|last| last + 2 == at && self.is_and(&words[at - 1]));
            if !listed {
                times.clear();
            }
            times.push(tokens.times[time as usize]);
            last = Some(at);
        }
        if times.len() == count {
            times.into_iter().map(|time| self.calendar.period(time)).collect()
        } else {
            Vec::new()
        }
    }

    /// Whether a number is about several places together, and so about none of them: 青岛、烟台两市进出口占全省的45%.
    fn is_of_all_together(&self, mention: &Mention<'l, '_>) -> bool {
        let places = self.state.regions.len();
        // 柯城、龙游、开化增速位居前三: a rank is each one's own.
        places > 1 && mention.count() != places && !mention.slots.each && mention.measure != Measure::Rank
    }

    fn statement(&mut self, mention: &Mention<'l, '_>) -> Statement {
        let slots = &mention.slots;
        let (Dated { mut period, said: mut period_said }, period_named) = self.calendar.current();
        if slots.planned {
            // 年计划96亿元
            period = Period::year(period.end.year());
        }
        // 五年来…,累计下降21.4%: the years are the period.
        let years = period.end.year() > period.start.year();
        if slots.cumulative && slots.time.is_none() && !years {
            // 10月份新增4家,累计新增94家
            period = Period::flow(date(period.end.year(), 1, 1), period.end);
        }
        if slots.of_base && mention.measure == Measure::Level {
            // 比上年同期的289.2亿元
            let same = Time { part: Some(Part::Same), year: Some(Year::Before), ..Time::default() };
            period = self.calendar.period(base_time(slots).unwrap_or(same));
        }
        let over_years = period.end.year() > period.start.year();
        let mut status = self.status(mention);
        if status == Status::Estimate && self.calendar.is_far_from_over(period) {
            // 今年预计增长6.5%, said in March: no estimate of what was, but what is wished.
            status = Status::Target;
        }
        if slots.arranged && mention.of_money() && status == Status::Actual && self.calendar.is_open(period) {
            // 2015年全省一般公共预算收入安排5504亿元,比上年增长9.5%
            status = Status::Target;
            self.state.status = Some(Status::Target);
        }
        if self.calendar.is_to_come(period) && status == Status::Actual {
            // 到2025年,地区生产总值达到2000亿元
            status = Status::Target;
        }
        if status == Status::Target
            && slots.time.is_none()
            && !self.state.executed
            && let Some(year) = self.draft_year
        {
            period = Period::year(year);
            period_said = Said::Title;
        }
        // 五年来增长32%: against the first of the years.
        let against_first = mention.measure == Measure::Yoy && over_years && slots.base == Base::Unnamed;
        let measure = match slots.base {
            _ if against_first => Measure::VsPrior,
            // 比2004年增长16.9%, in 2005, is the year's rate.
            Base::Time(Time { year: Some(Year::Absolute(base)), .. })
                if mention.measure == Measure::VsPrior && base == period.end.year() - 1 =>
            {
                Measure::Yoy
            }
            // 年末全县民用车保有量比上年末增长4.1%: a year lies between the two days.
            Base::PriorYearEnd | Base::Unnamed
                if mention.measure == Measure::VsPrior
                    && self.state.base == Base::PriorYearEnd
                    && (period.end.month(), period.end.day()) == (12, 31) =>
            {
                Measure::Yoy
            }
            // 比1月下降1.3%, in February, is the month's rate.
            Base::Time(time)
                if mention.measure == Measure::VsPrior && is_month_before(self.calendar.period(time), period) =>
            {
                Measure::Mom
            }
            _ => mention.measure,
        };
        Statement { measure, status, period, period_said, period_named, over_years }
    }

    fn status(&self, mention: &Mention<'l, '_>) -> Status {
        let slots = &mention.slots;
        let progress = mention.measure == Measure::Progress;
        let counted = mention.first().unit_kind.is_some_and(is_count);
        if self.state.draft && !counted && !progress || slots.planned || slots.future {
            return Status::Target;
        }
        match slots.status.or(self.state.status).or(self.state.status_below) {
            Some(status) if !progress => status,
            // 力争…完成年度目标的80%: how far a plan has come is a fact, unless a clause before wishes it.
            Some(Status::Target) if slots.status.is_none() => Status::Target,
            _ if self.state.goals && slots.status.is_none() => Status::Target,
            _ if self.estimated => Status::Estimate,
            _ => Status::Actual,
        }
    }

    /// States the quantity at `place` of the mention's.
    fn state_row(
        &mut self,
        mention: &Mention<'l, '_>,
        statement: &Statement,
        place: usize,
        topic: &Topic,
        region: Option<RegionCode>,
    ) {
        let Mention { passage, slots, rule, .. } = mention;
        let measure = statement.measure;
        let quantity = &mention.quantities[place];
        let index = mention.run.tokens(passage.tokens).nth(place).unwrap_or(mention.run.first);
        let topic = &self.own(topic);
        self.accounted[index] = true;
        let span = self.span(passage.tokens.bytes(index..index + 1));
        let (value, unit) = signed(quantity, measure, self.sign(mention));
        let period = self.row_period(mention, statement, quantity, topic);
        let scope = self.scope(mention, measure, place);
        let price = self.price(slots, measure);
        let confidence = self.confidence(&Grounds { mention, statement, quantity, topic, period });
        let scope_place = if slots.scopes.len() == mention.count() { place } else { 0 };
        self.reading.observations.push(Observation {
            span,
            sentence: passage.sentence,
            measure,
            value,
            value_high: quantity.high,
            unit,
            indicator: topic.row,
            indicator_text: (*topic.name).into(),
            breakdown: topic.breakdown.as_deref().map(Into::into),
            region: if self.state.zone.is_some() { None } else { region },
            region_said: self.state.regions_said,
            zone: self.state.zone.clone(),
            period,
            period_said: statement.period_said,
            period_inferred: !statement.period_named,
            bound: bound(mention, quantity, index),
            status: statement.status,
            scope: (!scope.is_empty()).then_some(scope),
            scope_code: slots
                .scopes
                .get(scope_place)
                .and_then(|place| self.atlas.code(place, self.state.section_region)),
            price_basis: price,
            entity: self.state.entity.clone(),
            rule,
            confidence,
            flags: self.flags(statement, topic, quantity, slots),
        });
    }

    /// The sign that the verb gives. 项目投资负增长24.6%,收窄9.4个百分点: what narrows is the decline stated before.
    fn sign(&self, mention: &Mention<'l, '_>) -> i8 {
        let Mention { slots, passage, .. } = mention;
        let unsaid = mention.measure == Measure::Accel && slots.spread && !slots.rate && !slots.fall;
        let before = self.reading.observations.last().filter(|row| unsaid && row.sentence == passage.sentence);
        let declined = before.is_some_and(|row| row.measure == Measure::Yoy && row.value.is_sign_negative());
        if declined { -mention.sign } else { mention.sign }
    }

    /// The period of one row: an instant for what is a stock, a year for a harvest, the start for where a change starts.
    fn row_period(
        &mut self,
        mention: &Mention<'l, '_>,
        statement: &Statement,
        quantity: &Quantity,
        topic: &Topic,
    ) -> Period {
        let slots = &mention.slots;
        let mut period = statement.period;
        let stock = self.naming.is_stock(topic) || self.is_held(slots, quantity, topic);
        let one_day = period.start == period.end;
        if period.basis == Basis::Instant && self.naming.is_flow(topic) {
            // 一季度末,生猪出栏80.9万头: summed up to that day.
            period = Period::flow(date(period.end.year(), 1, 1), period.end);
        }
        // 前八个月人民币贷款增加14.4万亿元: over the months, not on their last day.
        let over_months = statement.measure == Measure::Change
            && slots.base == Base::Unnamed
            && matches!(quantity.unit_kind, Some(UnitKind::Money) | None);
        if stock && !over_months && (statement.measure == Measure::Level || !one_day) {
            period = period.at_end();
        }
        if statement.status == Status::Estimate && self.is_crop(topic) {
            period = Period::year(period.end.year());
        }
        if statement.over_years && slots.reach && !slots.from && !stock {
            // 从27136元增长到36439元 over five years: the last year's level.
            period = Period::year(period.end.year());
        }
        if slots.from {
            period = self.start_of_change(mention, period, stock);
        }
        if topic.name.starts_with("牧业年度") {
            let june = Time { part: Some(Part::PastureYear), ..Time::default() };
            self.calendar.name(june, false, mention.passage.sentence);
            period = self.calendar.period(june);
        }
        period
    }

    /// 截至7月底,拥有企业92户: counted on a day.
    fn is_held(&self, slots: &Slots<'l>, quantity: &Quantity, topic: &Topic) -> bool {
        let held = slots.have || topic.name.starts_with('在') || topic.name.ends_with("企业");
        held && quantity.unit_kind.is_some_and(is_count) && self.calendar.is_as_of()
    }

    fn is_crop(&self, topic: &Topic) -> bool {
        self.naming.family(&topic.name) == Some("crop")
    }

    /// The period of the value that a change starts from: the one named (由年初的, 由上年的), else the one before.
    /// A value revised (由1331.2亿元修订为1334.6亿元) keeps its period.
    fn start_of_change(&self, mention: &Mention<'l, '_>, period: Period, stock: bool) -> Period {
        if let Some(time) = mention.slots.from_time {
            return self.calendar.period(time);
        }
        if self.is_superseded(mention) {
            return period;
        }
        let before = Period::year(self.calendar.governing().start.year() - 1);
        if period.start == period.end || stock { before.at_end() } else { before }
    }

    /// The prices that a statement is in. 按可比价格计算,同比增长7.2%: of the rate, and not of the amounts beside it.
    fn price(&self, slots: &Slots<'l>, measure: Measure) -> Option<&'static str> {
        let named = slots.price.or(self.state.price);
        named.filter(|price| measure.is_growth() == (*price == "constant"))
    }

    /// 由1331.2亿元修订为1334.6亿元: the first of the two no longer holds.
    pub(super) fn is_superseded(&self, mention: &Mention<'l, '_>) -> bool {
        let after = mention.run.last + 1;
        let behind = mention.passage.tokens.all[..mention.passage.end].get(after);
        let behind = behind.map_or("", |token| token.text(self.clean.text()));
        mention.slots.from && ["修", "核", "更正"].iter().any(|verb| behind.starts_with(verb))
    }

    /// What a reader should know about a row.
    fn flags(&self, statement: &Statement, topic: &Topic, quantity: &Quantity, slots: &Slots<'_>) -> Flags {
        let mut flags = Flags::default();
        if quantity.repaired {
            flags.insert(Flags::REPAIRED);
        }
        if topic.inherited {
            flags.insert(Flags::INDICATOR_INHERITED);
        }
        if self.state.regions_said == Said::Document {
            flags.insert(Flags::REGION_INFERRED);
        }
        if matches!(statement.period_said, Said::Title | Said::Document) {
            flags.insert(Flags::PERIOD_FROM_TITLE);
        }
        if quantity.signed && slots.change.is_some() {
            flags.insert(Flags::SIGN_IN_NUMBER);
        }
        flags
    }

    /// What a share is a part of, and what a rank, a gap or a contribution is compared with.
    fn scope(&self, mention: &Mention<'l, '_>, measure: Measure, quantity: usize) -> CompactString {
        let slots = &mention.slots;
        match measure {
            Measure::Share => slots.whole.trim_end_matches('的').trim_end_matches("比重").trim_end_matches('的').into(),
            Measure::Rank | Measure::Gap | Measure::Contribution | Measure::RankMove => {
                // 分别居全国、全省第7、第2位
                let each = mention.count() > 1 && slots.scopes.len() == mention.count();
                match slots.scopes.get(quantity).filter(|_| each) {
                    Some(place) => mention.passage.tokens.all[place.token].text(self.clean.text()).into(),
                    None => slots.scope.clone(),
                }
            }
            _ => CompactString::default(),
        }
    }
}

/// Whether a period is one whole month.
fn is_month(period: Period) -> bool {
    period.start == period.start.first_of_month() && period.end == period.start.last_of_month()
}

/// Whether `base` is the whole month before `period`, another.
fn is_month_before(base: Period, period: Period) -> bool {
    is_month(base) && is_month(period) && base.end.tomorrow().is_ok_and(|next| next == period.start)
}

/// Whether a unit counts things or people, and so no money.
fn is_count(kind: UnitKind) -> bool {
    matches!(kind, UnitKind::Count | UnitKind::People)
}

/// The time that a base names: 比上年同期的289.2亿元.
fn base_time(slots: &Slots<'_>) -> Option<Time> {
    match slots.base {
        Base::Time(time)
            if time.edge.is_none() && time.part != Some(Part::Day(1, 1)) && time.year != Some(Year::Relative(0)) =>
        {
            Some(time)
        }
        _ => None,
    }
}

/// The value with the verb's sign, and the unit; 倍 of growth becomes %.
fn signed(quantity: &Quantity, measure: Measure, sign: i8) -> (Decimal, CompactString) {
    let mut value = quantity.value;
    let mut unit = quantity.unit.clone();
    if measure.is_growth() && quantity.unit_kind == Some(UnitKind::Multiple) {
        value = (value * Decimal::ONE_HUNDRED).normalize();
        unit = "%".into();
    }
    if measure == Measure::Streak {
        // 连续5个月
        unit = unit.trim_start_matches('个').into();
    }
    // 增长-8.7%, 下降-8.7%: a sign in the number is the sign.
    if sign < 0 && !value.is_sign_negative() && !value.is_zero() {
        value = -value;
    }
    (value, unit)
}

/// The bound that words before, inside or behind the number give; `index` is its token.
fn bound(mention: &Mention<'_, '_>, quantity: &Quantity, index: usize) -> Bound {
    // 超额完成预算的101%: 超 is said of the plan.
    let before = mention.slots.bound.filter(|_| mention.count() == 1 && !mention.slots.plan);
    number_bound(mention.passage.tokens, index, mention.passage.end, quantity, before)
}

/// The bound of the number at `index`, given the one that the words before it tell.
pub(super) fn number_bound(
    tokens: &Tokens<'_>,
    index: usize,
    end: usize,
    quantity: &Quantity,
    before: Option<Bound>,
) -> Bound {
    if quantity.high.is_some() {
        return Bound::Range;
    }
    let behind = match tokens.all[..end].get(index + 1).and_then(|token| token.class()) {
        Some(Class::AfterGe) => Some(Bound::Ge),
        Some(Class::AfterLe | Class::BoundLe) => Some(Bound::Le),
        // 比计划目标36亿元多6.5亿元: 多 is a verb before another number.
        Some(Class::AfterGt) if tokens.quantity(index + 2).is_none() => Some(Bound::Gt),
        Some(Class::Approx) => Some(Bound::Approx),
        _ => None,
    };
    behind.or(quantity.bound).or(before).unwrap_or(Bound::Exact)
}
