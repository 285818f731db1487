//! The one walk over a document, and what it remembers.

use compact_str::{CompactString, format_compact};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::calendar::Calendar;
use super::naming::{Naming, Topic, Words};
use super::places::Atlas;
use super::table::{self, Column};
use crate::document::{Block, BlockKind, CharCounter, Clean};
use crate::extract::{
    self, Base, Clause, Frame, Kind, Part, Place, Quantity, Shape, Slots, Time, Tokens, Year, bracket_end, clauses,
    following_noun, frame, is_threshold, scan,
};
use crate::lexicon::{Class, Lexicon, UnitKind};
use crate::model::{Bound, Document, Flags, Measure, Observation, Period, Reading, Reason, RegionCode, Span, Status, Unused};

/// Reads a document block by block.
pub(super) struct Reader<'l, 'd> {
    lexicon: &'l Lexicon,
    naming: Naming<'l>,
    atlas: Atlas<'l>,
    clean: &'d Clean<'d>,
    chars: CharCounter<'d>,
    tokens: Tokens<'l>,
    calendar: Calendar,
    /// The draft year of a budget report: 2020 of 2019年预算执行情况和2020年预算草案.
    draft_year: Option<i16>,
    home: Option<RegionCode>,
    state: State,
    /// Companies by the name that the text goes on to use: 瀚运五金 of 瀚运五金有限公司.
    companies: Vec<CompactString>,
    /// Tokens of the block whose numbers are stated or listed.
    accounted: Vec<bool>,
    /// Topics of the paragraph so far.
    paragraph: Vec<Topic>,
    reading: Reading,
}

/// What later clauses may inherit.
#[derive(Clone, Debug, Default)]
struct State {
    /// The place that the section is about.
    section_region: Option<RegionCode>,
    /// The places that the sentence is about.
    regions: Vec<Option<RegionCode>>,
    /// The town that it is about, when that has no code.
    zone: Option<CompactString>,
    topic: Option<Topic>,
    /// The whole whose parts follow: the topic before 其中, the lead-in's.
    parent: Option<Topic>,
    /// Topics with values in this sentence, for a later 分别.
    stated: Vec<Topic>,
    /// A class named as subject by a clause without numbers: 民营企业挑起重担,进出口总值….
    class: CompactString,
    /// A list named by a clause without numbers: 原煤、原油、天然气产量稳步提高,同比分别增长….
    listed: CompactString,
    entity: Option<CompactString>,
    /// The entity was named in passing, and is forgotten with the sentence.
    passing: bool,
    status: Option<Status>,
    /// The paragraph sets out a draft budget: its amounts are targets.
    draft: bool,
    /// The paragraph reports how a budget was carried out.
    executed: bool,
    /// 市本级, as long as the sentence is about it.
    own: CompactString,
    /// The paragraph's sentence is its first.
    first_sentence: bool,
    /// The last statement was a rate, so that points after it change a rate.
    last: Option<Measure>,
    last_is_ratio: bool,
    /// The last number was a plan's own amount.
    planned: bool,
    /// What the last change was measured against.
    base: Base,
    /// The topic is a part under 其中.
    child: bool,
    /// What the last share was a part of.
    whole: CompactString,
    group: usize,
}

impl<'l, 'd> Reader<'l, 'd> {
    pub(super) fn new(lexicon: &'l Lexicon, document: &Document, clean: &'d Clean<'d>) -> Self {
        let published = document.published.as_ref().map_or(date(2000, 1, 1), |stated| stated.value);
        let home = document.region.as_ref().map(|stated| stated.value);
        let title = document.title.as_ref().map_or("", |stated| stated.value.as_str());
        let (period, draft_year) = title_period(lexicon, title, published);
        Reader {
            lexicon,
            naming: Naming::new(lexicon),
            atlas: Atlas::new(lexicon, home, published.year()),
            clean,
            chars: CharCounter::new(clean.given()),
            tokens: Tokens::default(),
            calendar: Calendar::new(published, period),
            draft_year,
            home,
            state: State { section_region: home, regions: vec![home], ..State::default() },
            companies: Vec::new(),
            accounted: Vec::new(),
            paragraph: Vec::new(),
            reading: Reading::default(),
        }
    }

    pub(super) fn finish(mut self) -> Reading {
        self.reading.observations.sort_by_key(|row| row.span.byte_start);
        self.reading.unused.sort_by_key(|number| number.span.byte_start);
        self.reading
    }

    pub(super) fn block(&mut self, block: &Block) {
        let text = self.clean.text();
        let mut tokens = std::mem::take(&mut self.tokens);
        scan(self.lexicon, text, block.bytes.start, block.bytes.end, &mut tokens);
        self.calendar.end_sentence();
        self.accounted.clear();
        self.accounted.resize(tokens.all.len(), false);
        self.paragraph.clear();
        self.state.topic = None;
        self.state.parent = None;
        self.state.entity = None;
        self.state.status = None;
        self.state.draft = false;
        let words = &text[block.bytes.clone()];
        self.state.executed = ["执行数", "完成预算", "完成年初预算", "完成调整预算", "为预算的", "为年初预算", "为调整预算", "决算"]
            .iter()
            .any(|word| words.contains(word));
        self.state.own.clear();
        self.state.first_sentence = true;
        self.state.class.clear();
        self.state.listed.clear();
        self.state.stated.clear();
        self.state.regions = vec![self.state.section_region];
        self.state.zone = None;
        match block.kind {
            BlockKind::Row => self.unused_all(&tokens, 0..tokens.all.len(), Reason::Table),
            kind => {
                if kind == BlockKind::Heading {
                    self.heading(&tokens);
                }
                self.prose(&tokens);
                self.unused_all(&tokens, 0..tokens.all.len(), Reason::Name);
            }
        }
        self.tokens = tokens;
    }

    /// Lines that may be a table. The words above its header are headings; figures that no header explains are listed.
    pub(super) fn table(&mut self, lines: &[Block]) {
        let text = self.clean.text();
        let spans: Vec<_> = lines.iter().map(|line| line.bytes.clone()).collect();
        for skip in 0..lines.len().saturating_sub(1) {
            let found = table::table(text, &spans[skip..]);
            if let Some((found, columns)) = found.and_then(|found| table::columns(text, &found).map(|columns| (found, columns))) {
                for heading in &lines[..skip] {
                    self.block(heading);
                }
                let first = self.reading.observations.len();
                self.rows(&found, &columns);
                return self.unused_in_table(&lines[skip..], first);
            }
        }
        for line in lines {
            self.block(line);
        }
    }

    /// The figures of a table, each with its row's name and its column's header.
    fn rows(&mut self, table: &table::Table, columns: &[Column]) {
        let text = self.clean.text();
        let mut whole: Option<Topic> = None;
        for row in &table.rows {
            let label = row_name(&text[row[0].clone()]);
            let sentence = self.span(row[0].start..row[row.len() - 1].end);
            let whole_region = matches!(label, "全市" | "全县" | "全区" | "全省" | "全州" | "全旗" | "合计" | "总计");
            let place = match whole_region {
                true => self.state.section_region,
                false => self.lexicon.regions().named(label, self.calendar.governing().end.year()),
            };
            let region = place.filter(|code| self.home.is_none_or(|home| self.atlas.contains(home, *code)));
            let unit_cell = columns.iter().position(|column| *column == Column::Unit).map(|at| text[row[at].clone()].trim());
            let mut named = label.to_owned();
            for (cell, column) in row.iter().zip(columns) {
                let Column::Figures { measure, unit, noun } = column else { continue };
                let figure = text[cell.clone()].trim_matches(['*', ' ']);
                let Some(value) = figure_value(figure) else { continue };
                if *measure == Measure::Yoy && !noun.is_empty() && region.is_some() {
                    named = noun.clone();
                } else if *measure == Measure::Level && !noun.is_empty() {
                    named = if region.is_some() { noun.clone() } else if self.naming.is_whole(label) { label.to_owned() } else { format!("{label}{noun}") };
                } else if let (false, Some(head)) = (self.naming.is_whole(&named), whole.as_ref().and_then(|whole| self.naming.part_head(&whole.name))) {
                    // 第一产业 under 地区生产总值
                    named.push_str(head);
                }
                let unit = if *measure == Measure::Level && unit.is_empty() { unit_cell.unwrap_or_default() } else { unit };
                let topic = self.naming.build(&named, None, None, false);
                if unit.is_empty() && topic.row.is_none() {
                    continue;
                }
                self.figure(cell.clone(), sentence, value, unit, *measure, &topic, noun, region);
                whole.get_or_insert(topic);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one figure of a table")]
    fn figure(
        &mut self,
        cell: std::ops::Range<usize>,
        sentence: Span,
        value: Decimal,
        unit: &str,
        measure: Measure,
        topic: &Topic,
        noun: &str,
        region: Option<RegionCode>,
    ) {
        let text = self.clean.text();
        let start = cell.start + (text[cell.clone()].len() - text[cell.clone()].trim_start_matches(['*', ' ']).len());
        let cell = start..start + text[start..cell.end].trim_end_matches(['*', ' ']).len();
        let span = self.span(cell);
        let (mut period, named) = self.calendar.current();
        if self.naming.is_stock(topic) {
            period = period.at_end();
        }
        let share = measure == Measure::Share;
        let mut flags = Flags::TABLE;
        if region.is_none() {
            flags.insert(Flags::REGION_INFERRED);
        }
        self.reading.observations.push(Observation {
            span,
            sentence,
            measure,
            value,
            value_high: None,
            unit: unit.into(),
            indicator: topic.row,
            indicator_text: if share { format_compact!("{}{noun}", topic.name) } else { topic.name.clone() },
            breakdown: topic.breakdown.clone(),
            region: region.or(self.state.section_region),
            zone: None,
            period,
            period_inferred: !named,
            bound: Bound::Exact,
            status: Status::Actual,
            scope: share.then(|| noun.trim_start_matches('占').trim_end_matches("比重").trim_end_matches('的').into()),
            scope_code: None,
            price_basis: None,
            entity: None,
            rule: "table",
            confidence: if topic.row.is_some() { 0.9 } else { 0.7 },
            flags,
        });
    }

    /// A heading may name the place and the period of what follows.
    fn heading(&mut self, tokens: &Tokens<'l>) {
        self.calendar.section(&tokens.times);
        let first = tokens.all.iter().take(3).find_map(|token| match token.kind {
            Kind::Word(entry) if !entry.regions.is_empty() && self.atlas.is_place(entry) => Some(entry),
            _ => None,
        });
        if let Some(entry) = first
            && let Some(code) = self.atlas.code(&Place { entry, token: 0 }, self.home)
            && self.home.is_none_or(|home| self.atlas.contains(home, code))
        {
            self.state.section_region = Some(code);
            self.state.regions = vec![Some(code)];
        }
    }

    fn prose(&mut self, tokens: &Tokens<'l>) {
        let mut sentence = 0;
        let all = clauses(&tokens.all);
        let bounds = |index: usize| {
            let in_it = all.iter().filter(|clause| clause.sentence == index);
            let (first, last) = (in_it.clone().next()?, in_it.last()?);
            Some(tokens.all[first.tokens.start].start as usize..tokens.all[last.tokens.end - 1].end as usize)
        };
        let mut span = bounds(0).unwrap_or(0..0);
        for clause in &all {
            if clause.sentence != sentence {
                sentence = clause.sentence;
                span = bounds(sentence).unwrap_or(0..0);
                self.calendar.end_sentence();
                self.state.first_sentence = false;
                self.state.status = None;
                self.state.base = Base::Unnamed;
                if std::mem::take(&mut self.state.child) && self.state.parent.is_some() {
                    // The next sentence is about the whole again.
                    self.state.topic = self.state.parent.clone();
                }
                if std::mem::take(&mut self.state.passing) {
                    self.state.entity = None;
                }
                self.state.stated.clear();
                self.state.class.clear();
                self.state.listed.clear();
            }
            if clause.group != self.state.group {
                self.state.group = clause.group;
                if self.state.child && self.state.parent.is_some() {
                    self.state.topic = self.state.parent.clone();
                }
                if self.state.status == Some(Status::Estimate) {
                    self.state.status = None;
                }
            }
            self.clause(tokens, clause, span.clone());
        }
    }

    fn clause(&mut self, tokens: &Tokens<'l>, clause: &Clause, sentence: std::ops::Range<usize>) {
        if !self.companies.is_empty() && !clause.tokens.is_empty() {
            let words = &self.clean.text()[tokens.all[clause.tokens.start].start as usize..tokens.all[clause.tokens.end - 1].end as usize];
            if let Some(company) = self.companies.iter().find(|company| words.contains(company.as_str())) {
                self.state.entity = Some(company.clone());
            }
        }
        let end = clause.tokens.end;
        let mut from = clause.tokens.start;
        let mut index = from;
        let mut any = false;
        while index < end {
            let token = &tokens.all[index];
            match token.kind {
                Kind::Mark('(') => {
                    let close = bracket_end(&tokens.all, index, end);
                    self.bracket(tokens, from, index, close, &sentence);
                    index = close;
                    continue;
                }
                Kind::Loose(reason) => self.unused(tokens, index, reason),
                Kind::Time(_) if has_figure(token.text(self.clean.text())) => self.unused(tokens, index, Reason::Period),
                Kind::Quantity(quantity) => {
                    if is_threshold(tokens, index, end) || tokens.quantities[quantity as usize].shape == Shape::Bare && !self.bare_counts(tokens, index, end) {
                        self.unused(tokens, index, Reason::Threshold);
                    } else {
                        let run = run_of(tokens, index, end, self.clean.text());
                        any = true;
                        self.mention(tokens, from, &run, end, &sentence);
                        index = run[run.len() - 1] + 1;
                        from = index;
                        continue;
                    }
                }
                _ => {}
            }
            index += 1;
        }
        if !any {
            self.clause_without_numbers(tokens, clause);
        }
    }

    /// 超百亿元 states an amount; 亿元以上项目 and 百亿产业 name a class.
    fn bare_counts(&self, tokens: &Tokens<'l>, index: usize, end: usize) -> bool {
        let before = index.checked_sub(1).and_then(|before| tokens.all[before].class());
        let after = tokens.all[..end].get(index + 1);
        matches!(before, Some(Class::BoundGt | Class::BoundLt | Class::Approx | Class::Level | Class::Reach))
            && after.is_none_or(|token| !matches!(token.class(), Some(Class::AfterGe | Class::AfterLe)))
    }

    /// The clause's words still say what later clauses are about.
    fn clause_without_numbers(&mut self, tokens: &Tokens<'l>, clause: &Clause) {
        let slots = self.slots(tokens, clause.tokens.start, clause.tokens.end);
        let entity = self.state.entity.clone();
        self.note(&slots, tokens, clause.tokens.start);
        let reports = tokens.all[clause.tokens.clone()].iter().any(|token| {
            token.class() == Some(Class::Prep) && ["发布", "公布", "显示", "宣布"].iter().any(|verb| token.text(self.clean.text()).contains(verb))
        });
        let examples = slots.entity.is_some() && self.clean.text()[tokens.all[clause.tokens.start].start as usize..tokens.all[clause.tokens.end - 1].end as usize].contains('等');
        if reports || examples {
            // 人民银行发布数据显示: who says it, not what it is about.
            self.state.entity = entity;
        } else if !self.state.first_sentence && slots.entity.is_some() && entity.is_none() {
            // 塞罕坝林场荣获…奖: named in passing, nothing that the paragraph goes on about.
            self.state.passing = true;
        }
        // 工业投资加速扩张,同比增长22.2%
        let first = tokens.all[clause.tokens.clone()].iter().find(|token| {
            !matches!(token.kind, Kind::Mark(_) | Kind::Time(_)) && !matches!(token.class(), Some(Class::Drop | Class::Each))
                && !matches!(token.kind, Kind::Word(entry) if entry.indicator.is_none() && (self.atlas.is_place(entry) && entry.class != Some(Class::Name)))
        });
        if let Some(token) = first
            && matches!(token.kind, Kind::Word(entry) if entry.indicator.is_some())
        {
            self.state.topic = Some(self.naming.build(token.text(self.clean.text()), None, None, false));
        }
        let text = self.clean.text();
        let class = tokens.all[clause.tokens.clone()].iter().find(|token| token.class() == Some(Class::Group_));
        if let Some(class) = class
            && self.state.class.is_empty()
            && class.text(text).chars().count() >= 4
        {
            self.state.class = class.text(text).into();
        }
        let named = if slots.name.is_empty() { &slots.subject } else { &slots.name };
        if named.contains('、') || named.contains('和') {
            self.state.listed = named.clone();
        }
        // 主要产品产量: a head without a number opens a list of parts.
        let lead = slots.lead || slots.among || tokens.all.get(clause.tokens.end).is_some_and(|token| token.is_mark(':'));
        let opener = named.trim_end_matches('中');
        if (lead || named.ends_with("产品产量")) && self.naming.head(opener).is_some() {
            self.state.topic = Some(self.naming.build(opener, None, None, false));
            self.state.parent = self.state.topic.clone();
        } else if (slots.lead || slots.among) && self.state.topic.is_some() && !self.state.child {
            self.state.parent = self.state.topic.clone();
        }
    }

    fn slots(&self, tokens: &Tokens<'l>, from: usize, to: usize) -> Slots<'l> {
        let is_place = |entry: &_| self.atlas.is_place(entry);
        extract::slots(self.lexicon, tokens, self.clean.text(), from..to, &is_place)
    }

    /// Takes over what the clause's words say of time, place, entity and status.
    fn note(&mut self, slots: &Slots<'l>, tokens: &Tokens<'l>, from: usize) {
        if let Some(time) = slots.time {
            let leading = from == 0 || tokens.all[..from].last().is_some_and(|mark| mark.is_mark('。') || mark.is_mark('!'))
                || tokens.all[..from].iter().rev().take_while(|t| !t.is_mark('。')).all(|t| !matches!(t.kind, Kind::Quantity(_)));
            self.calendar.name(time, leading);
        }
        let circumstance = tokens.all.get(from).is_some_and(|token| token.text(self.clean.text()) == "在")
            && ["下", "中", "背景", "形势"].iter().any(|end| slots.name.ends_with(end));
        let counts = slots.places.iter().filter(|_| !circumstance).filter(|place| {
            // A foreign place, or one in the middle of a clause without numbers, is where goods go, not what it is about.
            place.entry.class != Some(Class::Foreign) || place.token == from
        });
        let places: Vec<Place<'l>> = counts.copied().collect();
        if let Some(first) = places.first() {
            let list = self.place_list(&places, tokens);
            self.state.zone =
                (first.entry.class == Some(Class::Town)).then(|| tokens.all[first.token].text(self.clean.text()).into());
            self.state.regions = list;
            self.state.own.clear();
            if slots.entity.is_none() && !slots.same_entity {
                self.state.entity = None;
            }
        }
        if let Some(entity) = &slots.entity {
            let core = entity.trim_end_matches("公司").trim_end_matches("有限").trim_end_matches("责任").trim_end_matches("股份").trim_end_matches("集团");
            if entity.ends_with("公司") && core.chars().count() >= 3 {
                self.companies.push(core.into());
            }
            self.state.entity = Some(entity.clone());
        }
        if self.state.entity.is_none() {
            self.state.entity = slots.that.clone();
        }
        if let Some(status) = slots.status.filter(|_| !slots.planned && !(slots.plan && slots.share)) {
            self.state.status = Some(status);
        }
        if slots.own && let Some(own) = slots.name.find("本级").or(slots.subject.find("本级")) {
            let name = if slots.name.contains("本级") { &slots.name } else { &slots.subject };
            self.state.own = name[..own + "本级".len()].into();
        }
        if slots.status == Some(Status::Target) && self.draft_year.is_some() && !self.state.executed {
            self.state.draft = true;
        }
        if slots.among {
            if !std::mem::replace(&mut self.state.child, true) {
                self.state.parent = self.state.topic.clone();
            }
        }
    }

    /// The codes of places in one clause: a county after its city stands for itself, others make a list.
    fn place_list(&self, places: &[Place<'l>], tokens: &Tokens<'l>) -> Vec<Option<RegionCode>> {
        let mut list: Vec<Option<RegionCode>> = Vec::new();
        let mut last_token = None;
        for place in places {
            let code = self.atlas.code(place, self.state.section_region);
            let adjacent = last_token == Some(place.token.wrapping_sub(1));
            let listed = place.token > 0 && tokens.all[place.token - 1].is_mark('、')
                || place.token > 0 && matches!(tokens.all[place.token - 1].text(self.clean.text()), "和" | "与" | "及");
            if adjacent || !listed {
                list.pop();
                if !adjacent {
                    list.clear();
                }
            }
            list.push(code);
            last_token = Some(place.token);
        }
        list
    }

    /// A bracket: a growth rate behind its name, parts with 各, a remark.
    fn bracket(&mut self, tokens: &Tokens<'l>, from: usize, open: usize, close: usize, sentence: &std::ops::Range<usize>) {
        let closed = tokens.all[close - 1].is_mark(')') && close > open + 1;
        let inside = open + 1..if closed { close - 1 } else { close };
        let has_quantity = tokens.all[inside.clone()].iter().any(|token| matches!(token.kind, Kind::Quantity(_)));
        if !has_quantity {
            for index in inside {
                match tokens.all[index].kind {
                    Kind::Loose(reason) => self.unused(tokens, index, reason),
                    Kind::Time(_) if has_figure(tokens.all[index].text(self.clean.text())) => {
                        self.unused(tokens, index, Reason::Period);
                    }
                    _ => {}
                }
            }
            return;
        }
        let inner = self.slots(tokens, inside.start, inside.end);
        let rest = &self.clean.text()[tokens.all[open].start as usize..tokens.all[close - 1].end as usize];
        if rest.contains("为100") {
            // （以上年同月为100）
            return self.unused_all(tokens, inside, Reason::Base);
        }
        let before = self.slots(tokens, from, open);
        let named = !before.name.is_empty() || !before.subject.is_empty();
        let saved = self.state.clone();
        if named && before.scope.is_empty() {
            let words = Words { subject: &before.subject, name: &before.name, act: &before.act };
            if let Some(topic) = self.naming.topic(words, true, None, self.state.topic.as_ref(), self.state.parent.as_ref()) {
                self.state.topic = Some(topic);
            }
        } else if !before.scope.is_empty() {
            // 高于全国(3.9%): the rate of the other place is a statement of its own that is not made here.
            return self.unused_all(tokens, inside, Reason::Base);
        }
        for clause in clauses(&tokens.all[inside.clone()]) {
            let shifted = Clause { tokens: clause.tokens.start + inside.start..clause.tokens.end + inside.start, ..clause };
            self.clause(tokens, &shifted, sentence.clone());
        }
        if !named {
            self.state.topic = saved.topic;
        }
        self.state.last = saved.last;
        self.state.entity = saved.entity;
    }

    /// A quantity, or several that share their words, with the words from `from` on.
    fn mention(&mut self, tokens: &Tokens<'l>, from: usize, run: &[usize], end: usize, sentence: &std::ops::Range<usize>) {
        let text = self.clean.text();
        let mut slots = self.slots(tokens, from, run[0]);
        let after = run[run.len() - 1] + 1;
        let quantities: Vec<Quantity> = shared_unit(tokens, run);
        let first = &quantities[0];
        let noun = following_noun(self.lexicon, tokens, text, after_bound(tokens, after, end), end);
        // 总投资32亿元的锂电池一体化项目: what the number describes comes after it.
        let described = described_entity(tokens, text, after, end);
        // 64个项目实现竣工: the verb behind says which.
        let next_act = tokens.all[after..end].iter().take(4).find(|t| t.class() == Some(Class::Act)).map(|t| t.text(text));
        self.note(&slots, tokens, from);
        if slots.name.contains(|c: char| c.is_ascii_uppercase()) && self.naming.row(&slots.name).is_none() && slots.name.contains(|c: char| c.is_ascii_digit()) {
            // A220机身大部件: a model, not a sector.
            self.state.entity = Some(slots.name.clone());
        }
        if described.is_some() {
            self.state.entity = described;
        } else if first.unit == "个" && noun.ends_with("项目") {
            self.state.entity = None;
        }
        let (kind, rule) = frame(&slots, first);
        let (mut measure, sign) = self.settle(kind, &slots, first);
        // 完成年计划96亿元的75.4%; 比上年末净增3150万元,增长0.9%
        if std::mem::replace(&mut self.state.planned, slots.planned) && measure == Some(Measure::Share) {
            measure = Some(Measure::Progress);
        }
        if slots.base == Base::Unnamed && slots.name.is_empty() && self.state.base == Base::Prior && measure == Some(Measure::Yoy) {
            measure = Some(Measure::VsPrior);
        }
        if slots.base != Base::Unnamed || !slots.name.is_empty() {
            self.state.base = slots.base;
        }
        let Some(measure) = measure else {
            for &index in run {
                self.unused(tokens, index, Reason::Duration);
            }
            return;
        };
        if slots.name.is_empty() && matches!(measure, Measure::Change | Measure::Yoy | Measure::VsPrior) && !slots.object.is_empty() {
            slots.name = std::mem::take(&mut slots.object);
        }
        let unit = level_unit(measure, first);
        let attributive = !noun.is_empty() && matches!(first.unit_kind, Some(UnitKind::Count | UnitKind::People) | None) && measure == Measure::Level;
        let topics = self.topics(&mut slots, unit, measure, run.len(), attributive.then_some(noun.as_str()), next_act, &quantities);
        let Some(topics) = topics else {
            for &index in run {
                self.unused(tokens, index, Reason::NoIndicator);
            }
            return;
        };
        if first.unit.is_empty() && measure == Measure::Level && first.shape == Shape::Plain && !self.unitless_ok(&topics[0].name) {
            for &index in run {
                self.unused(tokens, index, Reason::NoUnit);
            }
            return;
        }
        self.emit(tokens, run, &quantities, &slots, measure, sign, rule, &topics, end, sentence);
    }

    /// Only index numbers go without a unit.
    fn unitless_ok(&self, name: &str) -> bool {
        name.ends_with("指数") || name.ends_with("价格") || name.ends_with('类') || name.ends_with("系数")
    }

    /// The measure, with what the statement before says of points and percentages.
    fn settle(&self, kind: Frame, slots: &Slots<'_>, quantity: &Quantity) -> (Option<Measure>, i8) {
        match kind {
            Frame::Is(measure, sign) => (Some(measure), sign),
            Frame::Nothing => (None, 1),
            Frame::Points(sign) => {
                let ratio_named = slots.name.ends_with(['率', '面', '度']) || slots.name.ends_with("比例");
                let after_rate = matches!(
                    self.state.last,
                    Some(Measure::Yoy | Measure::Mom | Measure::VsPrior | Measure::AvgAnnual | Measure::Accel | Measure::Gap | Measure::Rank)
                ) && !self.state.last_is_ratio;
                let fresh = !slots.name.is_empty();
                let change = ratio_named || !fresh && !after_rate;
                (Some(if change { Measure::Change } else { Measure::Accel }), sign)
            }
            Frame::Ratio => {
                let name = if slots.name.is_empty() { &slots.subject } else { &slots.name };
                let row_is_ratio = self.naming.row(name).is_some_and(|row| ["%", "‰", "指数"].contains(&self.lexicon.indicators()[row as usize].unit.as_str()));
                let named_ratio = ["率", "面", "度", "指数", "比例", "比", "价格"].iter().any(|end| name.ends_with(end));
                if name.is_empty() && self.state.last == Some(Measure::Share) && slots.reach {
                    return (Some(Measure::Share), 1);
                }
                let inherited = name.is_empty() && self.state.last_is_ratio;
                let level = row_is_ratio || named_ratio || inherited || quantity.unit == "‰";
                (Some(if level { Measure::Level } else { Measure::Share }), 1)
            }
        }
    }

    /// The topic of each quantity of a run. `None` when no indicator can be found.
    fn topics(
        &mut self,
        slots: &mut Slots<'l>,
        unit: Option<UnitKind>,
        measure: Measure,
        count: usize,
        noun: Option<&str>,
        next_act: Option<&str>,
        quantities: &[Quantity],
    ) -> Option<Vec<Topic>> {
        let state = &self.state;
        let compose = !matches!(measure, Measure::Rank | Measure::Gap | Measure::RankMove | Measure::Contribution);
        let structure = matches!(quantities[0].shape, Shape::Ratio(3..));
        if structure {
            return self.structure(slots, count);
        }
        let nameless = slots.name.is_empty() && slots.object.is_empty() && slots.subject.is_empty();
        if nameless && count > 1 && state.stated.len() >= count && slots.scopes.len() != count {
            // 装备制造业…增加值分别增长…,占规上工业的比重分别为…
            return Some(state.stated[state.stated.len() - count..].to_vec());
        }
        if slots.name.is_empty() && slots.object.is_empty() && slots.subject.is_empty() && measure == Measure::Share && state.whole.is_empty() {
            return state.topic.clone().map(|topic| vec![topic; count]);
        }
        if measure == Measure::Share && slots.name.is_empty() && slots.object.is_empty() && slots.subject.is_empty() {
            return state.topic.clone().map(|topic| vec![topic; count]);
        }
        if let Some(noun) = noun
            && !self.naming.head(&slots.name).is_some_and(|head| head.len() < slots.name.len())
        {
            let before = if slots.examples { "" } else { slots.name.as_str() };
            let before = match !slots.act.is_empty() && !slots.subject.is_empty() && slots.act == before {
                // 学生营养改善计划惠及3200万孩子
                true => format_compact!("{}{before}", slots.subject),
                false => before.into(),
            };
            let verb = if matches!(noun, "项目" | "企业") { next_act.unwrap_or_default() } else { "" };
            let name = format_compact!("{before}{verb}{noun}");
            return Some(vec![self.naming.build(&name, None, unit, false); count]);
        }
        if count > 1 || slots.each {
            let listed = std::mem::take(&mut self.state.listed);
            let named = if !slots.name.is_empty() { slots.name.clone() } else if !slots.subject.is_empty() { slots.subject.clone() } else { listed };
            let wanted = if count > 1 { count } else { items_of(&named) };
            // 总量和增速均居全市第一: two statements about one indicator.
            if slots.rank && named.contains("总量") && (named.contains("增") || slots.rate) {
                let topic = self.state.topic.clone()?;
                return Some(vec![topic; 2]);
            }
            let full = match self.naming.head(&slots.name) == Some(&slots.name) && !slots.subject.is_empty() {
                true => format_compact!("{}{}", slots.subject, slots.name),
                false => named.clone(),
            };
            if wanted > 1
                && let Some(items) = self.naming.list(&full, wanted).or_else(|| self.naming.list(&named, wanted))
            {
                let parent = self.state.parent.clone();
                let before = self.state.topic.clone();
                if measure == Measure::Contribution {
                    return Some(items.iter().map(|item| self.naming.build(item, None, None, false)).collect());
                }
                let topics = items.iter().map(|item| {
                    let words = Words { subject: "", name: item, act: "" };
                    self.naming.topic(words, compose, unit, before.as_ref(), parent.as_ref()).unwrap_or_else(|| self.naming.build(item, None, unit, false))
                });
                return Some(topics.collect());
            }
            if named.is_empty() && count > 1 && slots.scopes.len() != count {
                let stated = &self.state.stated;
                if stated.len() >= count {
                    return Some(stated[stated.len() - count..].to_vec());
                }
            }
        }
        // 民营企业挑起重担,进出口总值…: the class of a clause before completes a name that has none of its own.
        let class = if self.naming.head(&slots.name) == Some(&slots.name) || self.naming.family(&slots.name) == Some("trade") {
            self.state.class.as_str()
        } else {
            ""
        };
        let subject = if slots.subject.is_empty() { class } else { slots.subject.as_str() };
        // The class of an earlier clause completes a name, and is none itself.
        let words = Words {
            subject: if slots.name.is_empty() { &slots.subject } else { subject },
            name: &slots.name,
            act: &slots.act,
        };
        let words = match measure {
            // 完成自治区下达年度计划的96.6%: only the words before the verb can name what is completed.
            Measure::Progress if !slots.name.ends_with("完成率") => {
                let before = if slots.subject.is_empty() { words.name } else { &slots.subject };
                Words { subject: "", name: if self.naming.is_whole(before) { before } else { "" }, act: "" }
            }
            _ => words,
        };
        // 其中一般债务余额…。债务余额比上年末净增…: a bare head that opens a sentence names what the paragraph has named.
        if self.state.stated.is_empty() && !self.state.child && subject.is_empty() && self.naming.head(words.name) == Some(words.name) {
            let again = self.paragraph.iter().find(|topic| self.naming.head(&topic.name) == Some(words.name));
            if let Some(topic) = again {
                return Some(vec![Topic { inherited: true, ..topic.clone() }; count]);
            }
        }
        // 实施重点项目96个,年度计划投资…,开工93个: the verb goes back to what was counted.
        let counted = self.state.stated.iter().rev().find(|topic| topic.unit_kind == unit && unit.is_some());
        let before = if slots.act == slots.name { counted.or(self.state.topic.as_ref()) } else { self.state.topic.as_ref() };
        let named = self.naming.topic(words, compose, unit, before, self.state.parent.as_ref());
        if measure == Measure::Contribution && !slots.name.is_empty() {
            return Some(vec![self.naming.build(&slots.name, None, None, false); count]);
        }
        let topic = named.or_else(|| self.state.topic.clone().map(|topic| Topic { inherited: true, ..topic }))?;
        Some(vec![topic; count])
    }

    /// 三次产业结构为5.8:42.6:51.6; 投资结构为8.2:59.5:32.3
    fn structure(&self, slots: &Slots<'l>, count: usize) -> Option<Vec<Topic>> {
        if count != 3 {
            return None;
        }
        let named = format_compact!("{}{}", slots.subject, slots.name);
        if named.is_empty() {
            // …由16.2:51.2:32.6调整为15.6:50.0:34.4
            let stated = &self.state.stated;
            return stated.len().checked_sub(3).map(|at| stated[at..].to_vec());
        }
        let (part, whole) = if named.contains("投资") {
            ("投资", "固定资产投资")
        } else if named.contains("产业") || named.contains("经济结构") || named.contains("GDP") {
            ("增加值", "地区生产总值")
        } else {
            return None;
        };
        let names = ["一", "二", "三"].map(|ordinal| format_compact!("第{ordinal}产业{part}占{whole}比重"));
        Some(names.iter().map(|name| self.naming.build(name, None, Some(UnitKind::Percent), false)).collect())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one statement, gathered by `mention`")]
    fn emit(
        &mut self,
        tokens: &Tokens<'l>,
        run: &[usize],
        quantities: &[Quantity],
        slots: &Slots<'l>,
        measure: Measure,
        sign: i8,
        rule: &'static str,
        topics: &[Topic],
        end: usize,
        sentence: &std::ops::Range<usize>,
    ) {
        let sentence = self.span(sentence.clone());
        let (mut period, named) = self.calendar.current();
        if slots.planned {
            // 年计划96亿元
            period = Period::year(period.end.year());
        }
        if slots.of_base && measure == Measure::Level {
            // 比上年同期的289.2亿元
            let same = Time { part: Some(Part::Same), year: Some(Year::Before), ..Time::default() };
            period = self.calendar.period(base_time(slots).unwrap_or(same));
        }
        let regions = self.state.regions.clone();
        let by_region = regions.len() > 1;
        let money = quantities[0].unit_kind.is_none_or(|kind| !matches!(kind, UnitKind::People | UnitKind::Count));
        let status = if self.state.draft && money && measure != Measure::Progress { Status::Target } else { self.status(slots, measure) };
        let years = period.end.year() - period.start.year();
        let measure = if measure == Measure::Yoy && years > 0 && slots.base == Base::Unnamed { Measure::VsPrior } else { measure };
        if status == Status::Target && let Some(year) = self.draft_year && slots.time.is_none() && !self.state.executed {
            period = Period::year(year);
        }
        let mut rows: Vec<(usize, usize, Option<RegionCode>)> = Vec::new();
        if by_region && run.len() == regions.len() {
            rows.extend((0..run.len()).map(|k| (k, k.min(topics.len() - 1), regions[k])));
        } else {
            let each = run.len().max(topics.len());
            for k in 0..each {
                for region in &regions {
                    rows.push((k.min(run.len() - 1), k.min(topics.len() - 1), *region));
                }
            }
        }
        for (k, t, region) in rows {
            let quantity = &quantities[k];
            let topic = &self.own(&topics[t]);
            let token = &tokens.all[run[k]];
            self.accounted[run[k]] = true;
            let span = self.span(token.start as usize..token.end as usize);
            let (value, unit) = signed(quantity, measure, sign);
            let counted = matches!(quantity.unit_kind, Some(UnitKind::Count | UnitKind::People));
            let held = counted && (slots.have || topic.name.starts_with("在") || topic.name.ends_with("企业")) && self.calendar.is_as_of();
            let stock = self.naming.is_stock(topic) || held;
            let mut period = period;
            if stock && !matches!(measure, Measure::Level) && period.start != period.end || stock && measure == Measure::Level {
                period = period.at_end();
            }
            if self.is_crop(topic) && status == Status::Estimate {
                period = Period::year(period.end.year());
            }
            if years > 0 && slots.reach && !slots.from && !stock {
                // 从27136元增长到36439元 over five years: the last year's level.
                period = Period::year(period.end.year());
            }
            if slots.from {
                let behind = tokens.all[..end].get(run[run.len() - 1] + 1).map_or("", |token| token.text(self.clean.text()));
                let revised = ["修", "核", "更正"].iter().any(|verb| behind.starts_with(verb));
                period = self.start_of_change(slots, period, stock, revised);
            }
            if topic.name.starts_with("牧业年度") {
                let june = Time { part: Some(Part::PastureYear), ..Time::default() };
                self.calendar.name(june, false);
                period = self.calendar.period(june);
            }
            let scope = self.scope(tokens, slots, measure, k, run.len());
            let bound = bound(slots, quantity, tokens, run[k], end, run.len());
            let mut flags = Flags::default();
            if quantity.repaired {
                flags.insert(Flags::REPAIRED);
            }
            if topic.inherited {
                flags.insert(Flags::INDICATOR_INHERITED);
            }
            if quantity.signed && slots.change.is_some() {
                flags.insert(Flags::SIGN_IN_NUMBER);
            }
            let name = self.statement_name(topic, measure, &scope, slots);
            self.reading.observations.push(Observation {
                span,
                sentence,
                measure,
                value,
                value_high: quantity.high,
                unit,
                indicator: topic.row,
                indicator_text: name,
                breakdown: topic.breakdown.clone(),
                region: if self.state.zone.is_some() { None } else { region },
                zone: self.state.zone.clone(),
                period,
                period_inferred: !named,
                bound,
                status,
                scope: (!scope.is_empty()).then_some(scope),
                scope_code: slots.scopes.get(if slots.scopes.len() == run.len() { k } else { 0 }).and_then(|place| self.atlas.code(place, self.state.section_region)),
                price_basis: slots.price,
                entity: self.state.entity.clone(),
                rule,
                confidence: confidence(topic, named, slots),
                flags,
            });
        }
        self.remember(slots, measure, topics, quantities);
    }

    /// 市本级…收入…,转移性收入…: what is about the city's own budget stays so until another place is named.
    fn own(&self, topic: &Topic) -> Topic {
        let own = &self.state.own;
        if own.is_empty() || topic.name.contains(own.as_str()) || !self.naming.family(&topic.name).is_some_and(|f| f.starts_with("budget") || f == "tax") {
            return topic.clone();
        }
        Topic { inherited: true, ..self.naming.build(&format_compact!("{own}{}", topic.name), None, topic.unit_kind, true) }
    }

    /// What the next clause inherits.
    fn remember(&mut self, slots: &Slots<'l>, measure: Measure, topics: &[Topic], quantities: &[Quantity]) {
        self.state.last = Some(measure);
        let ratio_unit = matches!(quantities[0].unit_kind, Some(UnitKind::Percent));
        self.state.last_is_ratio = ratio_unit && matches!(measure, Measure::Level | Measure::Share)
            || self.state.last_is_ratio && matches!(measure, Measure::Change);
        if measure == Measure::Share && !slots.whole.is_empty() {
            self.state.whole = slots.whole.clone();
        }
        for topic in topics {
            self.paragraph.push(topic.clone());
            if !topic.inherited && self.state.stated.last() != Some(topic) {
                self.state.stated.push(topic.clone());
            }
        }
        self.state.topic = topics.last().cloned();
        if self.state.parent.is_none() {
            self.state.parent = topics.first().cloned();
        }
    }

    fn status(&self, slots: &Slots<'l>, measure: Measure) -> Status {
        if slots.planned {
            return Status::Target;
        }
        if slots.future {
            return Status::Target;
        }
        match slots.status.or(self.state.status) {
            Some(Status::Target) if measure != Measure::Progress => Status::Target,
            Some(status) if measure != Measure::Progress => status,
            _ if measure == Measure::Progress && self.state.status == Some(Status::Target) && slots.status.is_none() => Status::Target,
            _ => Status::Actual,
        }
    }

    fn is_crop(&self, topic: &Topic) -> bool {
        self.naming.head(&topic.name).is_some_and(|head| self.lexicon.family(head) == Some("crop"))
    }

    /// The period of the value that a change starts from: the one named (由年初的, 由上年的), else the one before.
    /// A value revised (由1331.2亿元修订为1334.6亿元) keeps its period.
    fn start_of_change(&self, slots: &Slots<'l>, period: Period, stock: bool, revised: bool) -> Period {
        if let Some(time) = slots.from_time {
            return self.calendar.period(time);
        }
        if revised {
            return period;
        }
        let before = self.calendar.governing();
        let year = before.start.year() - 1;
        if period.start == period.end || stock { Period::year(year).at_end() } else { Period::year(year) }
    }

    fn scope(&self, tokens: &Tokens<'l>, slots: &Slots<'l>, measure: Measure, k: usize, count: usize) -> CompactString {
        match measure {
            Measure::Share => slots.whole.trim_end_matches("的").trim_end_matches("比重").trim_end_matches('的').into(),
            Measure::Rank | Measure::Gap | Measure::Contribution | Measure::RankMove => {
                if count > 1 && slots.scopes.len() == count {
                    return tokens.all[slots.scopes[k].token].text(self.clean.text()).into();
                }
                slots.scope.clone()
            }
            _ => CompactString::default(),
        }
    }

    /// The indicator's words as this kind of statement has them.
    fn statement_name(&self, topic: &Topic, measure: Measure, scope: &str, slots: &Slots<'l>) -> CompactString {
        let name = &topic.name;
        match measure {
            Measure::Contribution if slots.pull => format_compact!("{name}拉动{scope}"),
            Measure::Contribution => {
                let scope = if scope.is_empty() { "经济增长" } else { scope };
                format_compact!("{name}对{scope}的贡献率")
            }
            _ => name.clone(),
        }
    }

    fn span(&mut self, clean: std::ops::Range<usize>) -> Span {
        let bytes = self.clean.given_bytes(clean);
        self.chars.span(bytes)
    }

    /// Lists a number as not used, once.
    fn unused(&mut self, tokens: &Tokens<'l>, index: usize, reason: Reason) {
        if std::mem::replace(&mut self.accounted[index], true) {
            return;
        }
        let token = &tokens.all[index];
        let span = self.span(token.start as usize..token.end as usize);
        self.reading.unused.push(Unused { span, reason });
    }

    fn unused_all(&mut self, tokens: &Tokens<'l>, range: std::ops::Range<usize>, reason: Reason) {
        for index in range {
            match tokens.all[index].kind {
                Kind::Quantity(_) => self.unused(tokens, index, reason),
                Kind::Loose(own) => self.unused(tokens, index, own),
                Kind::Time(_) if has_figure(tokens.all[index].text(self.clean.text())) => self.unused(tokens, index, Reason::Period),
                Kind::Word(_) if has_figure(tokens.all[index].text(self.clean.text())) => self.unused(tokens, index, Reason::Name),
                Kind::Text if has_figure(tokens.all[index].text(self.clean.text())) => self.unused(tokens, index, Reason::Unreadable),
                _ => {}
            }
        }
    }

    /// Lists what a table's lines hold beside the figures stated from `first` on: years of the header, numbers in names.
    fn unused_in_table(&mut self, lines: &[Block], first: usize) {
        let stated: Vec<Span> = self.reading.observations[first..].iter().map(|row| row.span).collect();
        let listed = self.reading.unused.len();
        let text = self.clean.text();
        let mut tokens = std::mem::take(&mut self.tokens);
        for line in lines {
            scan(self.lexicon, text, line.bytes.start, line.bytes.end, &mut tokens);
            self.accounted.clear();
            self.accounted.resize(tokens.all.len(), false);
            self.unused_all(&tokens, 0..tokens.all.len(), Reason::Table);
        }
        self.tokens = tokens;
        let fresh = self.reading.unused.split_off(listed);
        let apart = |a: &Span, b: &Span| a.byte_end <= b.byte_start || b.byte_end <= a.byte_start;
        self.reading.unused.extend(fresh.into_iter().filter(|number| stated.iter().all(|span| apart(span, &number.span))));
    }
}

/// The name of a table's row without the marks of its depth: `#工业`, `其中：税收`, `一、收入`.
fn row_name(cell: &str) -> &str {
    let mut name = cell.trim_start_matches(['#', '*', ' ', '　', '·']);
    for mark in ["其中：", "其中:", "其中", "：", ":"] {
        name = name.strip_prefix(mark).unwrap_or(name);
    }
    let mark = crate::document::list_mark_len(name).unwrap_or(0);
    name[mark..].trim()
}

/// The number of a cell; `None` for a cell that says there is none.
fn figure_value(cell: &str) -> Option<Decimal> {
    let plain = cell.trim_end_matches(['%', '％']).replace([',', ' '], "");
    Decimal::from_str_exact(plain.trim_start_matches('+')).ok()
}

/// Number of items that a list names.
fn items_of(named: &str) -> usize {
    named.matches('、').count() + named.matches(['和', '与', '及']).count().min(1) + 1
}

fn has_figure(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// The quantity at `index` and those that follow it with nothing but 、 or 和 between them.
fn run_of(tokens: &Tokens<'_>, index: usize, end: usize, text: &str) -> Vec<usize> {
    let mut run = vec![index];
    let mut at = index + 1;
    loop {
        let Some(token) = tokens.all[..end].get(at) else { break };
        let joins = match token.kind {
            Kind::Mark('、' | '∶') => true,
            Kind::Text => matches!(token.text(text), "和" | "及" | "与" | "以及"),
            _ => false,
        };
        if !joins {
            break;
        }
        match tokens.all[..end].get(at + 1).map(|token| token.kind) {
            Some(Kind::Quantity(_)) if !is_threshold(tokens, at + 1, end) => run.push(at + 1),
            _ => break,
        }
        at += 2;
    }
    run
}

/// The quantities of a run, the earlier ones with the unit that the last one carries for all.
fn shared_unit(tokens: &Tokens<'_>, run: &[usize]) -> Vec<Quantity> {
    let quantity = |index: &usize| match tokens.all[*index].kind {
        Kind::Quantity(q) => tokens.quantities[q as usize].clone(),
        _ => unreachable!("a run holds quantities"),
    };
    let mut all: Vec<Quantity> = run.iter().map(quantity).collect();
    if let Some(last) = all.last().cloned() {
        for quantity in &mut all {
            // 6.7个、5.2个百分点: the 个 of the first is the beginning of 个百分点.
            let partial = quantity.unit == "个" && last.unit_kind == Some(UnitKind::Points);
            if quantity.unit.is_empty() && quantity.unit_kind.is_none() || partial {
                quantity.unit = last.unit.clone();
                quantity.unit_kind = last.unit_kind;
            }
        }
    }
    all
}

/// Past 以上, 左右 and the like behind a quantity.
fn after_bound(tokens: &Tokens<'_>, mut at: usize, end: usize) -> usize {
    while tokens.all[..end].get(at).is_some_and(|token| {
        matches!(token.class(), Some(Class::AfterGe | Class::AfterLe | Class::AfterGt | Class::Approx))
    }) {
        at += 1;
    }
    at
}

/// `总投资32亿元的…项目`: the project or company that the quantity is said of.
fn described_entity(tokens: &Tokens<'_>, text: &str, after: usize, end: usize) -> Option<CompactString> {
    let first = tokens.all[..end].get(after)?;
    if !first.text(text).starts_with('的') {
        return None;
    }
    let mut name = CompactString::default();
    for token in &tokens.all[after..end] {
        let words = token.text(text);
        match token.kind {
            Kind::Quantity(_) | Kind::Time(_) => return None,
            _ => name.push_str(words),
        }
        let ends = matches!(token.class(), Some(Class::Project | Class::Company | Class::Site))
            || token.class() == Some(Class::Group_) && words.ends_with("项目");
        if ends {
            return Some(name.trim_start_matches('的').into());
        }
    }
    None
}

/// The kind of unit that the topic's levels have, as far as this statement shows it.
fn level_unit(measure: Measure, quantity: &Quantity) -> Option<UnitKind> {
    match measure {
        Measure::Level | Measure::Change => quantity.unit_kind,
        _ => None,
    }
}

/// The time that a base names: 比上年同期的289.2亿元.
fn base_time(slots: &Slots<'_>) -> Option<Time> {
    match slots.base {
        Base::Time(time) if time.edge.is_none() && time.part != Some(Part::Day(1, 1)) && time.year != Some(Year::Relative(0)) => Some(time),
        _ => None,
    }
}

/// The value with the verb's sign, and the unit; 倍 of growth becomes %.
fn signed(quantity: &Quantity, measure: Measure, sign: i8) -> (Decimal, CompactString) {
    let mut value = quantity.value;
    let mut unit = quantity.unit.clone();
    if quantity.unit_kind == Some(UnitKind::Multiple)
        && matches!(measure, Measure::Yoy | Measure::Mom | Measure::VsPrior | Measure::AvgAnnual)
    {
        value = (value * Decimal::ONE_HUNDRED).normalize();
        unit = "%".into();
    }
    if measure == Measure::Streak {
        unit = unit.trim_start_matches('个').into();
    }
    // 增长-8.7%, 下降-8.7%: a sign in the number is the sign.
    if sign < 0 && !value.is_sign_negative() && !value.is_zero() {
        value = -value;
    }
    (value, unit)
}

/// The bound that words before, inside or behind the number give.
fn bound(slots: &Slots<'_>, quantity: &Quantity, tokens: &Tokens<'_>, index: usize, end: usize, run: usize) -> Bound {
    if quantity.high.is_some() {
        return Bound::Range;
    }
    let behind = tokens.all[..end].get(index + 1).and_then(|token| token.class());
    match behind {
        Some(Class::AfterGe) => return Bound::Ge,
        Some(Class::AfterLe | Class::BoundLe) => return Bound::Le,
        Some(Class::AfterGt) => return Bound::Gt,
        Some(Class::Approx) => return Bound::Approx,
        _ => {}
    }
    if let Some(bound) = quantity.bound {
        return bound;
    }
    match slots.bound {
        Some(bound) if run == 1 && !slots.plan => bound,
        _ => Bound::Exact,
    }
}

/// How sure the row is: each thing that was carried over from elsewhere takes a little.
fn confidence(topic: &Topic, period_named: bool, slots: &Slots<'_>) -> f32 {
    let mut confidence: f32 = 0.97;
    if topic.row.is_none() {
        confidence -= 0.1;
    }
    if topic.inherited {
        confidence -= 0.05;
    }
    if !period_named {
        confidence -= 0.05;
    }
    if slots.status.is_some() {
        confidence -= 0.05;
    }
    confidence
}

/// The period that a title gives, and the year of a budget draft.
fn title_period(lexicon: &Lexicon, title: &str, published: Date) -> (Option<Period>, Option<i16>) {
    let mut tokens = Tokens::default();
    scan(lexicon, title, 0, title.len(), &mut tokens);
    let calendar = Calendar::new(published, None);
    let mut times = tokens.times.iter().filter(|time| time.year.is_some() || time.part.is_some());
    let first = times.next();
    let draft = title.contains("草案").then(|| {
        tokens.times.iter().filter_map(|time| match time.year {
            Some(Year::Absolute(year)) => Some(year),
            _ => None,
        })
    });
    let draft_year = draft.and_then(Iterator::max);
    let period = first.map(|time| calendar.period(*time));
    // A work report is named for the year that it opens, and reports on the one before.
    match period {
        Some(period) if title.contains("工作报告") => (Some(Period::year(period.end.year() - 1)), draft_year),
        other => (other, draft_year),
    }
}
