//! The one walk over a document: blocks, sentences, clauses and brackets.

use std::ops::Range;

use compact_str::CompactString;

use super::calendar::Calendar;
use super::mention::Passage;
use super::naming::{self, Naming, Words};
use super::places::Atlas;
use super::runs::{run_of, to_one};
use super::setting::Setting;
use super::state::State;
use crate::document::{Block, BlockKind, CharCounter, Clean, list_mark_len};
use crate::extract::{
    self, Clause, Kind, Place, Shape, Slots, Token, Tokens, Year, bracket_end, clauses, is_threshold, scan,
    size_of_counted,
};
use crate::lexicon::{Class, Lexicon, UnitKind};
use crate::model::{Document, Measure, Origin, Reading, Reason, RegionCode, Said, Span, Status, Unused};

/// How many tokens back words are looked for that belong to a number or bracket.
pub(super) const REACH: usize = 100;

/// Characters of the longest line that is an item of a list of goals: 粮食产能稳定在1100亿斤以上.
const LONGEST_GOAL: usize = 40;

/// Brackets in brackets that are read as such.
const DEEPEST: u8 = 4;

/// Reads a document block by block.
pub(super) struct Reader<'l, 'd> {
    pub(super) lexicon: &'l Lexicon,
    pub(super) naming: Naming<'l>,
    pub(super) atlas: Atlas<'l>,
    pub(super) clean: &'d Clean<'d>,
    pub(super) chars: CharCounter<'d>,
    /// The tokens of the block, kept for their memory.
    pub(super) tokens: Tokens<'l>,
    pub(super) calendar: Calendar,
    /// The draft year of a budget report: 2020 of 2019年预算执行情况和2020年预算草案.
    pub(super) draft_year: Option<i16>,
    /// A line 主要预期目标 opened a list whose items are lines too.
    goals: bool,
    /// The report says that its figures are estimates: 以下均为预计数.
    pub(super) estimated: bool,
    /// The region whose report this is.
    pub(super) home: Option<RegionCode>,
    /// That region did not come with the document.
    pub(super) place_guessed: bool,
    pub(super) state: State,
    /// Companies by the name that the text goes on to use: 瀚运五金 of 瀚运五金有限公司.
    pub(super) companies: Vec<CompactString>,
    /// Tokens of the block whose numbers are stated or listed.
    pub(super) accounted: Vec<bool>,
    /// How many brackets are open.
    pub(super) depth: u8,
    pub(super) reading: Reading,
}

impl<'l, 'd> Reader<'l, 'd> {
    pub(super) fn new(lexicon: &'l Lexicon, document: &Document, clean: &'d Clean<'d>) -> Self {
        let Setting { day, home, period, lead, draft_year } = Setting::of(lexicon, document);
        Reader {
            lexicon,
            naming: Naming::new(lexicon),
            atlas: Atlas::new(lexicon, home, day.year()),
            clean,
            chars: CharCounter::new(clean.given()),
            tokens: Tokens::default(),
            calendar: Calendar::new(day, period, lead),
            draft_year,
            goals: false,
            estimated: are_estimates(&document.text),
            home,
            place_guessed: document.region.as_ref().is_none_or(|stated| stated.origin >= Origin::Text),
            state: State::new(home),
            companies: Vec::new(),
            accounted: Vec::new(),
            depth: 0,
            reading: Reading::default(),
        }
    }

    /// Whether what is read stands in a bracket.
    pub(super) fn is_in_bracket(&self) -> bool {
        self.depth > 0
    }

    /// All that was read, in the order of the text.
    pub(super) fn finish(mut self) -> Reading {
        self.reading.observations.sort_by_key(|row| row.span.byte_start);
        self.reading.unused.sort_by_key(|number| number.span.byte_start);
        self.reading
    }

    /// Reads a paragraph, a heading, or a row that belongs to no table.
    pub(super) fn block(&mut self, block: &Block) {
        let text = self.clean.text();
        let mut tokens = std::mem::take(&mut self.tokens);
        let line = &text[block.bytes.clone()];
        let mark = self.label(line, block.bytes.start);
        scan(self.lexicon, text, block.bytes.start + mark, block.bytes.end, &mut tokens);
        self.calendar.new_block();
        let executed = self.draft_year.is_some() && reports_execution(line);
        self.state.new_block(executed);
        if line.contains('。') || line.chars().count() > LONGEST_GOAL {
            self.goals = false;
        }
        self.state.goals |= self.goals;
        self.goals |= line.trim_end_matches([':', '：']).ends_with("目标");
        self.open_account(&tokens);
        let rest = match block.kind {
            BlockKind::Row => Reason::Table,
            // 图1 2011—2015年地区生产总值及其增长速度: the chart itself was lost.
            BlockKind::Heading if is_chart(line) => Reason::Label,
            kind => {
                if kind == BlockKind::Heading {
                    let span = self.span(block.bytes.clone());
                    self.heading(&tokens, span);
                    if line[..mark].contains(|c| "一二三四五六七八九十".contains(c)) {
                        // （二）市本级收支情况, and 1.收入情况 under it
                        let whole = line.contains("全")
                            || line.contains(['及', '和', '、']) && !line[mark..].starts_with("市本级");
                        let own = naming::own_budget_in(line).filter(|_| !whole);
                        self.state.section_own = own.unwrap_or_default().into();
                    }
                }
                self.prose(&tokens);
                Reason::Name
            }
        };
        self.state.headed = block.kind == BlockKind::Heading && self.state.topic.is_some();
        self.unused_all(&tokens, 0..tokens.all.len(), rest);
        self.tokens = tokens;
    }

    /// `1.`, `（二）`, `三、` at the start of a line: a label, no number of the text. Returns its length.
    fn label(&mut self, line: &str, start: usize) -> usize {
        let mark = list_mark_len(line).unwrap_or(0);
        if line[..mark].contains(|c: char| c.is_ascii_digit()) {
            let span = self.span(start..start + mark);
            self.reading.unused.push(Unused { span, reason: Reason::Label });
        }
        mark
    }

    /// A heading may name the place and the period of what follows; `span` is where it stands.
    fn heading(&mut self, tokens: &Tokens<'l>, span: Span) {
        // ●城镇调查失业率5.5%左右 is short, and still a statement under the heading above it.
        let states = !tokens.quantities.is_empty() && tokens.times.is_empty();
        if !states {
            self.calendar.section(&tokens.times, span);
        }
        self.heading_of_budget(tokens);
        let first = tokens.all.iter().take(3).find_map(|token| match token.kind {
            Kind::Word(entry) if !entry.regions.is_empty() && self.atlas.is_place(entry) => Some(entry),
            _ => None,
        });
        if let Some(entry) = first
            && let Some(code) = self.atlas.code(&Place { entry, token: 0 }, self.home)
            && self.home.is_none_or(|home| self.atlas.contains(home, code))
        {
            self.state.section_region = Some(code);
            self.state.section_said = Said::Heading(span);
            self.state.back_to_section();
        }
    }

    /// 二、2016年财政预算安排情况 heads a draft, 一、2015年预算执行情况 what was carried out.
    fn heading_of_budget(&mut self, tokens: &Tokens<'l>) {
        let (Some(first), Some(last)) = (tokens.all.first(), tokens.all.last()) else { return };
        let words = &self.clean.text()[first.start as usize..last.end as usize];
        let has = |all: &[&str]| all.iter().any(|word| words.contains(word));
        if has(&["执行", "决算", "完成情况"]) {
            self.state.drafts = false;
        } else if has(&["预算草案", "预算（草案）", "预算(草案)", "预算安排", "收支安排", "财力预算"])
        {
            self.state.drafts = true;
            let year = tokens.times.iter().find_map(|time| match time.year {
                Some(Year::Absolute(year)) => Some(year),
                _ => None,
            });
            self.draft_year = year.or(self.draft_year);
        }
        self.state.draft = self.state.drafts;
    }

    fn prose(&mut self, tokens: &Tokens<'l>) {
        let all = clauses(&tokens.all);
        for sentence in all.chunk_by(|clause, next| clause.sentence == next.sentence) {
            let [first, ..] = sentence else { continue };
            if first.sentence > 0 {
                // 9月当月,进出口0.78万亿元。其中,出口…; 年末,在校学生9万人。其中,小学…: 其中 goes on about the month, the day.
                let among = tokens.all[first.tokens.start].class() == Some(Class::Among);
                if !(among && (self.calendar.is_month_alone() || self.calendar.is_instant())) {
                    self.calendar.end_sentence();
                }
                // 批准年初预算收入85亿元。其中,本级收入47亿元: parts of a plan are plans.
                let budget =
                    self.state.topic.as_ref().and_then(|topic| self.naming.family(&topic.name)) == Some("budget");
                let planned = self.state.status.filter(|status| among && budget && *status == Status::Target);
                self.state.new_sentence();
                self.state.status = planned;
            }
            self.sentence(tokens, sentence);
        }
    }

    /// Reads the clauses of a sentence, at least one.
    fn sentence(&mut self, tokens: &Tokens<'l>, clauses: &[Clause]) {
        let whole = clauses[0].tokens.start..clauses[clauses.len() - 1].tokens.end;
        let is_number = |token: &Token<'l>| matches!(token.kind, Kind::Quantity(_));
        let last_number = tokens.all[whole.clone()].iter().rposition(is_number).map(|last| whole.start + last);
        let mut span = None;
        for clause in clauses {
            self.state.new_group(clause.group);
            // Behind the last number most words are for nobody, and most sentences of a newspaper have none.
            if last_number.is_some_and(|last| clause.tokens.start <= last) || self.outlives_its_sentence(tokens, clause)
            {
                let span = *span.get_or_insert_with(|| self.span(tokens.bytes(whole.clone())));
                self.clause(tokens, clause, span);
            }
        }
    }

    /// Whether a clause without numbers may say what holds beyond its sentence: a time, a place, a company, a rate, a
    /// draft, or what the next numbers are about.
    fn outlives_its_sentence(&self, tokens: &Tokens<'l>, clause: &Clause) -> bool {
        let opens_list = tokens.all.get(clause.tokens.end).is_some_and(|mark| mark.is_mark(':'));
        opens_list
            || self.draft_year.is_some()
            || self.calendar.has_days()
            || tokens.all[clause.tokens.clone()].iter().any(|token| match token.kind {
                Kind::Time(_) => true,
                Kind::Word(entry) => {
                    entry.indicator.is_some()
                        || !entry.regions.is_empty()
                        || entry.class.is_some_and(|class| {
                            let words = token.text(self.clean.text());
                            holds_on(class)
                                // 主要产品产量; 将完成: a plan
                                || class == Class::Head && words.ends_with("产量")
                                || class == Class::Prep && words == "将"
                        })
                }
                _ => false,
            })
    }

    /// Reads a clause from number to number: each run of quantities has the words since the one before.
    fn clause(&mut self, tokens: &Tokens<'l>, clause: &Clause, sentence: Span) {
        self.note_company(tokens, clause);
        let Range { start: mut from, end } = clause.tokens;
        let mut index = from;
        let mut any = false;
        while index < end {
            match tokens.all[index].kind {
                Kind::Mark('(') if self.depth < DEEPEST => {
                    let close = bracket_end(&tokens.all, index, end);
                    if self.bracket(tokens, from, index..close, sentence) {
                        from = close;
                    }
                    index = close;
                    continue;
                }
                Kind::Quantity(_) if self.counts_the_field(tokens, index, clause) => {
                    self.unused(tokens, index, Reason::Name)
                }
                Kind::Quantity(_) if self.is_class_size(tokens, index, end) => {
                    self.unused(tokens, index, Reason::Threshold)
                }
                Kind::Quantity(_) => {
                    let run = run_of(tokens, index, end, self.clean.text());
                    any = true;
                    let after = run.last + 1;
                    let run = to_one(tokens, run);
                    self.mention(Passage { tokens, end, sentence }, from, run);
                    self.unused_all(tokens, run.last + 1..after, Reason::Base);
                    index = after;
                    from = index;
                    continue;
                }
                _ => self.unused_loose(tokens, index),
            }
            index += 1;
        }
        if !any {
            self.clause_without_numbers(tokens, clause);
        } else if tokens.all[from..end].iter().any(|token| token.class() == Some(Class::Rate)) {
            // 有21个省份增速高于全国,其中江西(6.9%)…
            self.state.rate_of_paragraph = Some(Measure::Yoy);
        }
    }

    /// 在全省21个地级市中居第7位: the number says how many are ranked, it is part of the scope.
    fn counts_the_field(&self, tokens: &Tokens<'l>, index: usize, clause: &Clause) -> bool {
        let before = &tokens.all[clause.tokens.start.max(index.saturating_sub(REACH))..index];
        let after = &tokens.all[index + 1..clause.tokens.end];
        let mut to_the_next = after.iter().take_while(|token| !matches!(token.kind, Kind::Quantity(_)));
        to_the_next.any(|token| token.class() == Some(Class::Rank))
            && before.iter().any(|token| token.text(self.clean.text()) == "在")
    }

    /// Whether a number only says how large the things are that a name stands for: 亿元以上项目, 百亿产业.
    fn is_class_size(&self, tokens: &Tokens<'l>, index: usize, end: usize) -> bool {
        let bare = tokens.quantity(index).is_some_and(|quantity| quantity.shape == Shape::Bare);
        is_threshold(tokens, index, end)
            || bare && !self.bare_counts(tokens, index, end)
            || size_of_counted(tokens, self.clean.text(), index, end).is_some()
    }

    /// 超百亿元 states an amount; 亿元以上项目 and 百亿产业 name a class.
    fn bare_counts(&self, tokens: &Tokens<'l>, index: usize, end: usize) -> bool {
        let before = index.checked_sub(1).and_then(|before| tokens.all[before].class());
        let after = tokens.all[..end].get(index + 1).and_then(|after| after.class());
        // 财政收入超亿元的县: a class too.
        let of_class = tokens.all[..end].get(index + 1).is_some_and(|after| {
            // 首个超百亿元水利工程: so is one whose noun follows at once.
            let noun = if matches!(after.kind, Kind::Text) { tokens.all.get(index + 2) } else { Some(after) };
            after.text(self.clean.text()).starts_with('的')
                || noun.is_some_and(|noun| noun.class() == Some(Class::Project))
        });
        matches!(before, Some(Class::BoundGt | Class::BoundLt | Class::Approx | Class::Level | Class::Reach))
            && !matches!(after, Some(Class::AfterGe | Class::AfterLe))
            && !of_class
    }

    /// Sorts the words of the tokens `from..to`.
    pub(super) fn slots(&self, tokens: &Tokens<'l>, from: usize, to: usize) -> Slots<'l> {
        let is_place = |entry: &_| self.atlas.is_place(entry);
        extract::slots(self.lexicon, tokens, self.clean.text(), from..to, &is_place)
    }

    /// A bracket: a growth rate behind its name, parts with 各, a remark. The words before it start at `from`. True when
    /// it used them up, as the numbers of a list of places do: 江西(6.9%)、福建(6.7%).
    fn bracket(&mut self, tokens: &Tokens<'l>, from: usize, bracket: Range<usize>, sentence: Span) -> bool {
        let Range { start: open, end: close } = bracket;
        let closed = tokens.all[close - 1].is_mark(')') && close > open + 1;
        let inside = open + 1..if closed { close - 1 } else { close };
        if !inside.clone().any(|index| tokens.quantity(index).is_some()) {
            for index in inside {
                self.unused_loose(tokens, index);
            }
            return false;
        }
        if self.clean.text()[tokens.bytes(open..close)].contains("为100") {
            // （以上年同月为100）
            self.unused_all(tokens, inside, Reason::Base);
            return false;
        }
        let before = self.slots(tokens, from.max(open.saturating_sub(REACH)), open);
        if !before.scope.is_empty() {
            self.benchmark(tokens, inside, &before, sentence);
            return false;
        }
        let named = !before.name.is_empty() || !before.subject.is_empty();
        let kept = self.state.clone();
        let calendar = self.calendar.clone();
        let of_place = !named && !before.places.is_empty();
        if of_place {
            // 广东(3.3%)、江苏(4.6%)低于全国水平
            self.note(&before, tokens, from);
            self.state.benchmark = self.state.rate_of_paragraph;
        }
        if named {
            // 建筑业(增长3.2%): what stands before the bracket is what the rate is of.
            let words = Words { subject: &before.subject, name: &before.name, act: &before.act };
            let (before, parent) = (self.state.topic.as_ref(), self.state.parent.as_ref());
            let topic = self.naming.topic(words, true, (None, ""), before, parent);
            self.state.topic = topic.or(self.state.topic.take());
        }
        for clause in clauses(&tokens.all[inside.clone()]) {
            let shifted =
                Clause { tokens: clause.tokens.start + inside.start..clause.tokens.end + inside.start, ..clause };
            self.depth += 1;
            self.clause(tokens, &shifted, sentence);
            self.depth -= 1;
        }
        let topic = if named { self.state.topic.take() } else { kept.topic.clone() };
        self.state = State { topic, paragraph: std::mem::take(&mut self.state.paragraph), ..kept };
        self.calendar = calendar;
        // 化工(-31.5%)、有色(-12.1%)
        of_place || named && tokens.all.get(close).is_some_and(|next| next.is_mark('、'))
    }

    /// 高于全国(3.9%)3.6个百分点: the number in the bracket is the other place's own, of what was stated before.
    fn benchmark(&mut self, tokens: &Tokens<'l>, inside: Range<usize>, before: &Slots<'l>, sentence: Span) {
        let quantities = inside.clone().filter(|&index| tokens.quantity(index).is_some());
        let percent = |index| tokens.quantity(index).is_some_and(|one| one.unit_kind == Some(UnitKind::Percent));
        let one = quantities.clone().count() == 1 && quantities.clone().all(percent);
        let place = before.scopes.last();
        let measure = self.state.rated.filter(|_| self.state.topic.is_some() && one);
        let (Some(place), Some(measure)) = (place, measure) else {
            return self.unused_all(tokens, inside, Reason::Base);
        };
        let kept = self.state.clone();
        self.turn_to(place, measure);
        let clause = Clause { tokens: inside, sentence: 0, group: 0 };
        self.depth += 1;
        self.clause(tokens, &clause, sentence);
        self.depth -= 1;
        self.state = kept;
    }

    /// What is read next is another place's own number, of `measure`; the caller turns back.
    pub(super) fn turn_to(&mut self, place: &Place<'l>, measure: Measure) {
        self.state.regions = vec![self.atlas.code(place, self.state.section_region)];
        self.state.zone = None;
        self.state.entity = None;
        self.state.benchmark = Some(measure);
    }
}

/// Classes of words that say what the sentences behind theirs are about.
fn holds_on(class: Class) -> bool {
    class.is_place()
        || matches!(
            class,
            Class::Company
                | Class::Project
                | Class::Site
                | Class::School
                | Class::Fair
                | Class::Rate
                | Class::Fall
                | Class::Plan
                | Class::Target
                | Class::Among
                | Class::Lead
        )
}

/// Whether a line is the caption of a chart.
fn is_chart(line: &str) -> bool {
    line.strip_prefix('图')
        .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit() || "一二三".contains(c)))
}

/// Whether a report says that its figures are estimates: 以下均为预计数.
fn are_estimates(text: &str) -> bool {
    let mut behind = text.split('均').skip(1);
    behind.any(|words| ["为预计数", "为预计执行数", "为快报数"].iter().any(|estimate| words.starts_with(estimate)))
}

/// Whether a paragraph reports how a budget was carried out: 一般公共预算收入执行数…, 为预算的101.2%.
fn reports_execution(text: &str) -> bool {
    const WORDS: [&str; 8] =
        ["执行数", "完成预算", "完成年初预算", "完成调整预算", "为预算的", "为年初预算", "为调整预算", "决算"];
    WORDS.iter().any(|word| text.contains(word))
}
