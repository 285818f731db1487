//! The words before a quantity, sorted by the part they play.

use compact_str::{CompactString, format_compact};

use super::sentence::bracket_end;
use super::time::{Edge, Part, Time};
use super::token::{Kind, Shape, Token, Tokens};
use crate::lexicon::{Class, Entry, UnitKind};
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
    /// 达产后: what follows has not happened yet.
    pub future: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// What the clause is about.
    Topic,
    /// After 比: the base or the benchmark.
    Base,
    /// After 占: the whole.
    Whole,
    /// After 居 or 高于: the scope.
    Scope,
    /// After 拉动: what is pulled.
    Pulled,
    /// After a change verb.
    Object,
}

/// Sorts `tokens[from..to]`, the words of a clause before a quantity.
///
/// `is_place` tells whether an entry of the gazetteer names a place here, or is an everyday word.
pub(crate) fn slots<'l>(
    tokens: &Tokens<'l>,
    text: &str,
    from: usize,
    to: usize,
    is_place: &dyn Fn(&Entry) -> bool,
) -> Slots<'l> {
    let mut walk = Walk { tokens, text, slots: Slots::default(), mode: Mode::Topic, toward: None, before_from: None, as_of: false, at: None, is_place };
    let mut index = from;
    while index < to {
        if tokens.all[index].is_mark('(') {
            index = bracket_end(&tokens.all, index, to);
            continue;
        }
        walk.token(index, to);
        index += 1;
    }
    walk.finish()
}

/// The noun directly behind a quantity: `规模以上工业企业` of 92户规模以上工业企业. Ends at a verb, a mark or a number.
pub(crate) fn following_noun(tokens: &Tokens<'_>, text: &str, from: usize, to: usize) -> CompactString {
    let mut noun = CompactString::default();
    let mut index = from;
    while index < to {
        let token = &tokens.all[index];
        match token.kind {
            Kind::Text => noun.push_str(token.text(text)),
            Kind::Quantity(q) if is_threshold(tokens, index, to) || tokens.quantities[q as usize].shape == Shape::Bare => {
                noun.push_str(token.text(text));
            }
            // 25个省重点工业项目完成投资35.9亿元: the noun ends before the verb, also inside a word of the catalogue.
            Kind::Word(entry) if entry.indicator.is_some() && token.text(text).contains("完成") => {
                noun.push_str(token.text(text).split("完成").next().unwrap_or_default());
                break;
            }
            Kind::Word(entry) => match entry.class {
                Some(Class::AfterGe | Class::AfterLe) if !noun.is_empty() => noun.push_str(token.text(text)),
                None | Some(Class::Name | Class::Group_ | Class::Head | Class::Company | Class::Project | Class::Site | Class::School | Class::Person)
                    if entry.indicator.is_some() || entry.class.is_some() || !entry.regions.is_empty() =>
                {
                    noun.push_str(token.text(text));
                }
                Some(Class::Nation | Class::Group) => noun.push_str(token.text(text)),
                _ => break,
            },
            Kind::Mark('“' | '”') => {}
            _ => break,
        }
        index += 1;
    }
    trim(&noun)
}

/// Whether the quantity at `index` is a threshold that defines a class: `500万元以上` before a noun.
pub(crate) fn is_threshold(tokens: &Tokens<'_>, index: usize, to: usize) -> bool {
    let Kind::Quantity(quantity) = tokens.all[index].kind else { return false };
    let quantity = &tokens.quantities[quantity as usize];
    if quantity.unit_kind == Some(UnitKind::Percent) {
        // 产值增幅达10%以上企业351家: a rate defines a class only where the class is counted.
        let all = &tokens.all[..to];
        return all.get(index + 1).is_some_and(|after| after.class() == Some(Class::AfterGe))
            && all.get(index + 2).is_some_and(|noun| noun.class() == Some(Class::Group_))
            && all.get(index + 3).is_some_and(|count| matches!(count.kind, Kind::Quantity(_)));
    }
    if matches!(quantity.unit_kind, Some(UnitKind::Percent | UnitKind::Points | UnitKind::Rank | UnitKind::Multiple)) {
        return false;
    }
    let Some(after) = tokens.all[..to].get(index + 1) else { return false };
    if !matches!(after.class(), Some(Class::AfterGe | Class::AfterLe)) {
        return false;
    }
    tokens.all[..to].get(index + 2).is_some_and(|noun| match noun.kind {
        Kind::Text => true,
        Kind::Word(entry) => {
            entry.indicator.is_some()
                || matches!(entry.class, None | Some(Class::Group_ | Class::Project | Class::Head | Class::Name | Class::Company | Class::Act | Class::Nation))
        }
        Kind::Mark(mark) => mark == '(' || mark == '“',
        _ => false,
    })
}

struct Walk<'l, 't, 'o> {
    is_place: &'o dyn Fn(&Entry) -> bool,
    tokens: &'o Tokens<'l>,
    text: &'t str,
    slots: Slots<'l>,
    mode: Mode,
    /// Length of the subject when 对 opened what a contribution goes to.
    toward: Option<CompactString>,
    /// The time named before 由.
    before_from: Option<Time>,
    /// 截至 stands right before.
    as_of: bool,
    /// Number of places named before 在.
    at: Option<usize>,
}

impl<'l> Walk<'l, '_, '_> {
    fn token(&mut self, index: usize, to: usize) {
        let token = self.tokens.all[index];
        let words = token.text(self.text);
        match token.kind {
            Kind::Text => self.words(words),
            Kind::Mark('、') => self.words("、"),
            Kind::Mark(' ') if !self.slots.name.is_empty() && self.mode == Mode::Topic => {}
            Kind::Mark(_) => {}
            Kind::Loose(_) => self.words(words),
            Kind::Time(time) => self.time(self.tokens.times[time as usize], index),
            Kind::Quantity(quantity) => {
                let bare = self.tokens.quantities[quantity as usize].shape == Shape::Bare;
                if bare || is_threshold(self.tokens, index, to.max(index + 3).min(self.tokens.all.len())) {
                    self.words(words);
                }
            }
            Kind::Word(entry) => self.word(entry, words, index),
        }
    }

    /// Words that may be part of a name.
    fn words(&mut self, words: &str) {
        let slots = &mut self.slots;
        match self.mode {
            Mode::Topic => slots.name.push_str(words),
            Mode::Base | Mode::Scope => slots.scope.push_str(words),
            Mode::Whole => slots.whole.push_str(words),
            Mode::Pulled => slots.scope.push_str(words),
            Mode::Object => slots.object.push_str(words),
        }
    }

    fn time(&mut self, time: Time, index: usize) {
        let tokens = &self.tokens.all;
        // 是上年同期的2.2倍: the time is what the multiple is of.
        let multiple = tokens.get(index + 2).is_some_and(|token| {
            matches!(token.kind, Kind::Quantity(q) if self.tokens.quantities[q as usize].unit_kind == Some(UnitKind::Multiple))
        });
        if multiple && tokens[index + 1].text(self.text) == "的" {
            self.slots.base = Base::Time(time);
            return;
        }
        match self.mode {
            Mode::Base => self.slots.base = Base::Time(time),
            Mode::Whole | Mode::Scope | Mode::Pulled => {}
            // 对同期社会消费品零售总额增长的贡献率
            Mode::Topic | Mode::Object if time.part == Some(Part::Same) && time.year.is_none() => {}
            Mode::Topic | Mode::Object => {
                // 由年初的6.02%: a time in the middle of a clause opens a new name, unless 年末 only dates the one before.
                if !self.slots.name.is_empty() && time.edge != Some(Edge::End) {
                    self.close_name();
                }
                let time = Time { as_of: self.as_of, ..time };
                self.as_of = false;
                self.slots.time = Some(match self.slots.time {
                    Some(before) if time.year.is_none() && before.part.is_none() => Time { year: before.year, ..time },
                    _ => time,
                });
            }
        }
    }

    /// The name so far becomes the subject of what follows.
    fn close_name(&mut self) {
        let name = trim(&self.slots.name);
        self.slots.name.clear();
        if !name.is_empty() {
            self.slots.subject = name;
        }
    }

    fn place(&mut self, entry: &'l Entry, words: &str, index: usize) {
        let place = Place { entry, token: index };
        match self.mode {
            Mode::Topic | Mode::Object => {
                if entry.class == Some(Class::Own) {
                    self.slots.own = true;
                    self.slots.name.clear();
                    self.slots.name.push_str(words);
                    return;
                }
                if entry.class == Some(Class::Group) {
                    // 副省级城市排名第3: a group is what a rank is taken in.
                    self.slots.scope.push_str(words);
                    return;
                }
                let ranks = self.tokens.all.get(index + 1).is_some_and(
                    |next| matches!(next.kind, Kind::Quantity(q) if self.tokens.quantities[q as usize].shape == Shape::Ordinal),
                );
                if ranks {
                    // 总规模全国第一
                    self.slots.scope.push_str(words);
                    self.slots.scopes.push(place);
                    return;
                }
                // 与全国增速差距: the other side of a comparison
                if index > 0 && self.tokens.all[index - 1].text(self.text).ends_with(['与', '同', '跟']) {
                    self.slots.scope.push_str(words);
                    self.slots.scopes.push(place);
                    return;
                }
                // 中新社北京, 8条国内航线: a place inside a phrase is not what the clause is about.
                let after_number = index > 0 && matches!(self.tokens.all[index - 1].kind, Kind::Quantity(_));
                let passed = self.slots.verb || !self.slots.subject.is_empty();
                if !trim(&self.slots.name).is_empty() || after_number || passed {
                    self.slots.name.push_str(words);
                    return;
                }
                self.slots.name.clear();
                self.slots.places.push(place);
            }
            Mode::Base | Mode::Scope => {
                self.slots.scope.push_str(words);
                self.slots.scopes.push(place);
            }
            Mode::Whole => self.slots.whole.push_str(words),
            Mode::Pulled => self.slots.scope.push_str(words),
        }
    }

    /// 高, 快, 多 are verbs only right before their number (比全省高2.2个百分点), else part of a name (高技术产业).
    fn is_verb_here(&self, words: &str, index: usize) -> bool {
        let next = self.tokens.all.get(index + 1);
        words.chars().count() > 1
            || next.is_some_and(|next| {
                matches!(next.kind, Kind::Quantity(_))
                    || matches!(next.class(), Some(Class::Approx | Class::BoundGt | Class::BoundLt | Class::Plan))
                    || next.text(self.text).starts_with('了')
            })
    }

    /// A place, a rank or a group follows: 居全市第7, 排第2.
    fn before_scope(&self, index: usize) -> bool {
        self.tokens.all.get(index + 1).is_some_and(|next| match next.kind {
            Kind::Quantity(q) => self.tokens.quantities[q as usize].shape == Shape::Ordinal,
            Kind::Word(entry) => {
                matches!(
                    entry.class,
                    Some(Class::Nation | Class::Province | Class::Autonomous | Class::City | Class::County | Class::Prefecture | Class::Banner | Class::Group | Class::Foreign)
                ) || !entry.regions.is_empty() && entry.class.is_none() && entry.indicator.is_none()
            }
            Kind::Loose(_) => true,
            _ => false,
        })
    }

    /// 均居, 各为: 各 and 均 share out only before a verb.
    fn before_verb(&self, index: usize) -> bool {
        self.tokens.all.get(index + 1).is_some_and(|next| {
            matches!(
                next.class(),
                Some(Class::Rank | Class::Up | Class::Down | Class::Level | Class::Reach | Class::Have | Class::Yoy | Class::Above | Class::Below | Class::BoundGt)
            ) || matches!(next.kind, Kind::Mark(_))
        })
    }

    /// A single character of function stands for itself only at the edge of a word: 受, but not the 受 of 承受.
    fn inside_word(&self, words: &str, needs_boundary: bool, index: usize) -> bool {
        if !needs_boundary || words.chars().count() > 1 || index == 0 {
            return false;
        }
        let tokens = &self.tokens.all;
        let number_follows = tokens.get(index + 1).is_some_and(|next| matches!(next.kind, Kind::Quantity(_)));
        matches!(tokens[index - 1].kind, Kind::Text) && !number_follows
    }

    fn word(&mut self, entry: &'l Entry, words: &str, index: usize) {
        if says_share(words) {
            self.slots.share = true;
        }
        if self.inside_word(words, class_needs_boundary(entry.class), index) {
            return self.words(words);
        }
        let Some(class) = entry.class else {
            if entry.regions.is_empty() || entry.indicator.is_some() || !(self.is_place)(entry) {
                return self.words(words);
            }
            return self.place(entry, words, index);
        };
        let verb_here = self.is_verb_here(words, index);
        let ranks_here = self.before_scope(index);
        let before_verb = self.before_verb(index);
        let slots = &mut self.slots;
        match class {
            Class::Nation | Class::Province | Class::Autonomous | Class::City | Class::County | Class::District
            | Class::Banner | Class::Prefecture | Class::Town | Class::Foreign | Class::Group | Class::Own => {
                self.place(entry, words, index);
            }
            Class::Up | Class::Down if !verb_here => self.words(words),
            Class::Up | Class::Down => {
                let sign = if class == Class::Up { 1 } else { -1 };
                self.change(sign, words);
            }
            Class::Narrow | Class::Widen => {
                slots.spread = true;
                self.change(if class == Class::Widen { 1 } else { -1 }, words);
            }
            Class::Reach
                if matches!(words, "到" | "至")
                    && slots.name.is_empty()
                    && self.mode == Mode::Topic
                    && self.tokens.all.get(index + 1).is_some_and(|next| matches!(next.kind, Kind::Time(_))) =>
            {
                // 到9月末: as 截至
                self.as_of = true;
            }
            Class::Reach => {
                slots.reach = true;
                slots.verb = true;
                if matches!(self.mode, Mode::Object | Mode::Base) {
                    self.mode = Mode::Topic;
                }
            }
            Class::Level | Class::Have => {
                slots.verb = true;
                if words.contains('数') || words == "实际完成" {
                    // 执行数1668952万元, beside the budget's own figure
                    slots.status = Some(Status::Actual);
                }
                slots.have |= class == Class::Have;
                if self.mode == Mode::Topic && words != "为" && words != "达" {
                    self.close_name();
                } else if self.mode == Mode::Base && !slots.scope.is_empty() {
                    self.mode = Mode::Scope;
                }
            }
            Class::Act => match self.mode {
                Mode::Topic => {
                    let already = self.slots.name.ends_with('已');
                    self.close_name();
                    self.slots.verb = true;
                    if already {
                        self.slots.name.push('已');
                    }
                    self.slots.name.push_str(words);
                    self.slots.act = self.slots.name.clone();
                }
                _ => self.words(words),
            },
            Class::ActDrop => {
                slots.verb = true;
                if self.mode == Mode::Topic {
                    self.close_name();
                }
            }
            Class::Share => {
                slots.share = true;
                if words.starts_with('占') && !words.contains('比') {
                    if self.mode == Mode::Topic && slots.name.is_empty() && !slots.object.is_empty() {
                        slots.name = std::mem::take(&mut slots.object);
                    }
                    self.mode = Mode::Whole;
                } else if self.mode == Mode::Base {
                    self.mode = Mode::Topic;
                }
            }
            Class::Contribution => {
                slots.contribution = true;
                slots.pull = words.contains('拉') || words == "带动";
                if let Some(subject) = self.toward.take() {
                    // 第一产业…,对经济增长的贡献率: the words since 对 are the scope.
                    slots.scope = trim(&slots.name);
                    slots.name = subject;
                }
                if words.starts_with('拉') || words == "带动" || words == "贡献" {
                    self.mode = Mode::Pulled;
                }
            }
            Class::Rank if words.len() == "居".len() && !ranks_here => self.words(words),
            Class::Rank => {
                slots.rank = true;
                if slots.places.last().is_some_and(|place| place.token + 1 == index) {
                    // 全市排名第七: the place right before is the scope.
                    let place = slots.places.pop();
                    slots.scope.push_str(place.map_or("", |place| self.tokens.all[place.token].text(self.text)));
                    slots.scopes.extend(place);
                }
                if let Some(from) = self.at
                    && from < slots.places.len()
                {
                    // 增幅在全州十县市中排第6位: the place after 在 is the scope.
                    slots.scopes.extend(slots.places.drain(from..));
                    slots.scope.push_str(&slots.name);
                    slots.name.clear();
                }
                slots.each |= words.starts_with(['均', '分']);
                self.mode = Mode::Scope;
            }
            Class::Above | Class::Below => {
                slots.relation = Some(if class == Class::Above { 1 } else { -1 });
                self.mode = Mode::Scope;
            }
            Class::Than => {
                if self.mode != Mode::Whole {
                    self.mode = Mode::Base;
                }
            }
            Class::Yoy => {
                self.base(Base::Yoy);
                if !words.starts_with("同比") && self.mode == Mode::Topic {
                    // 比上年实际完成数增加: what follows 比上年 belongs to the base.
                    self.close_name();
                    self.mode = Mode::Base;
                }
            }
            Class::Prior => self.base(Base::Prior),
            Class::Mom => self.base(Base::Mom),
            Class::Avg => {
                self.base(Base::Avg);
                if words.contains('增') {
                    self.slots.change = Some(1);
                } else if words.contains("递减") {
                    self.slots.change = Some(-1);
                }
            }
            Class::Rate => {
                slots.rate = true;
                if self.mode == Mode::Base && !slots.scope.is_empty() {
                    slots.scope.push_str(words);
                }
            }
            Class::Fall => slots.fall = true,
            Class::Among => {
                slots.among = true;
                slots.name.clear();
                slots.subject.clear();
                self.mode = Mode::Topic;
            }
            Class::Drop if words.starts_with("累计") => slots.cumulative = true,
            Class::Each if words.len() == 3 && !verb_here && !before_verb => self.words(words),
            Class::Each => slots.each = true,
            Class::Lead => {
                slots.lead = true;
                slots.name.clear();
                slots.subject.clear();
            }
            Class::Plan => self.plan(words, index),
            Class::Estimate => slots.status = Some(Status::Estimate),
            Class::Target => {
                slots.status = Some(Status::Target);
                slots.future |= words.ends_with('后');
                if words.ends_with("增长") {
                    slots.change = Some(1);
                }
                if words.ends_with("投资") {
                    // 年度计划投资128.5亿元: the plan of this number only.
                    self.close_name();
                    self.slots.name.push_str(words);
                    self.slots.planned = true;
                }

            }
            // 超全市平均8.4个百分点
            Class::BoundGt if ranks_here && words.starts_with('超') && self.mode == Mode::Topic => {
                slots.relation = Some(1);
                self.mode = Mode::Scope;
            }
            Class::BoundGt => self.bound(Bound::Gt),
            Class::BoundLt => self.bound(Bound::Lt),
            Class::BoundGe => self.bound(Bound::Ge),
            Class::BoundLe => self.bound(Bound::Le),
            Class::Approx => self.bound(Bound::Approx),
            Class::AfterGe | Class::AfterLe => self.words(words),
            // 比上年同期的289.2亿元多58.7亿元
            Class::AfterGt if words == "多" && verb_here => self.change(1, words),
            Class::AfterGt => self.words(words),
            Class::Streak => slots.streak = true,
            Class::Prep => self.preposition(words),
            Class::Current => slots.price = Some("current"),
            Class::Constant => slots.price = Some("constant"),
            Class::Company | Class::Project | Class::Site | Class::School | Class::Fair => self.entity(class, words),
            Class::Name | Class::OrdinalName | Class::Group_ | Class::Person | Class::Head | Class::PlanStart | Class::Trap => {
                self.words(words);
            }
            _ => {}
        }
    }

    fn change(&mut self, sign: i8, words: &str) {
        if self.toward.is_some() {
            // 对经济增长的贡献率
            return self.words(words);
        }
        // 比全省高2.2个百分点, 比城镇居民收入增速快1.7个百分点: the verb tells the side, the scope is named before it.
        let against = !self.slots.scopes.is_empty() || self.slots.scope.contains("平均") || self.slots.scope.contains("收入");
        if self.mode == Mode::Base && against {
            self.slots.relation = Some(sign);
        }
        if self.mode == Mode::Pulled {
            return self.words(words);
        }
        self.slots.change = Some(sign);
        if words.ends_with('至') || words.ends_with('到') {
            self.slots.reach = true;
            self.mode = Mode::Topic;
        } else if self.mode != Mode::Whole {
            self.mode = Mode::Object;
        }
    }

    fn base(&mut self, base: Base) {
        self.slots.base = base;
        if self.mode == Mode::Base {
            self.mode = Mode::Topic;
        }
    }

    fn bound(&mut self, bound: Bound) {
        self.slots.bound = Some(bound);
        if bound == Bound::Gt {
            self.slots.verb = true;
        }
    }

    /// `完成年初预算的80%` completes a plan; `收入预算为3亿元` and `代编预算3亿元` state one.
    fn plan(&mut self, words: &str, index: usize) {
        let next = self.tokens.all.get(index + 1);
        let states = next.is_some_and(|next| {
            matches!(next.kind, Kind::Quantity(_)) || matches!(next.class(), Some(Class::Level | Class::Reach | Class::Approx | Class::Target))
        });
        let amount = next.is_some_and(|next| matches!(next.kind, Kind::Quantity(q) if self.tokens.quantities[q as usize].unit_kind == Some(UnitKind::Money)));
        let completed = self.slots.verb || self.mode != Mode::Topic;
        if !states && !completed {
            // 学生营养改善计划惠及…: part of a name.
            return self.words(words);
        }
        if amount && completed {
            // 完成年计划96亿元的75.4%: the plan's own amount.
            self.slots.status = Some(Status::Target);
            self.slots.planned = true;
            return;
        }
        let slots = &mut self.slots;
        match self.mode {
            Mode::Topic | Mode::Object if !slots.verb && !slots.name.is_empty() => slots.status = Some(Status::Target),
            Mode::Base | Mode::Scope => slots.scope.push_str(words),
            _ => {}
        }
        slots.plan = true;
        if words.contains("进度") {
            slots.scope = words.into();
        }
    }

    fn preposition(&mut self, words: &str) {
        match self.mode {
            Mode::Topic => {
                self.close_name();
                if words.chars().count() > 1 {
                    // 经市统计局核定: who says it is no part of the name.
                    self.slots.subject.clear();
                }
                self.toward = (words == "对").then(|| self.slots.subject.clone());
                self.as_of = words.starts_with('截');
                self.at = (words == "在").then_some(self.slots.places.len());
                if words == "从" || words == "由" {
                    self.slots.from = true;
                    self.before_from = self.slots.time.take();
                }
            }
            Mode::Base | Mode::Object | Mode::Scope | Mode::Pulled => {}
            Mode::Whole => {}
        }
    }

    fn entity(&mut self, class: Class, words: &str) {
        // 定点医院, 高校: schools and hospitals come in kinds; a place before makes one of them.
        let kind_of = matches!(class, Class::School | Class::Fair) && self.slots.places.is_empty();
        if self.mode == Mode::Topic && !kind_of {
            let name = trim(&self.slots.name);
            let known = words.starts_with('该') || name.is_empty() && matches!(class, Class::Company | Class::Site);
            if class == Class::Project && !words.starts_with('该') {
                // 重点项目, 招引项目: only what the number is said of (see `described`) makes one project a subject.
            } else if known {
                self.slots.same_entity = true;
                if words.starts_with('该') {
                    self.slots.that = Some(words.into());
                }
            } else {
                let mut entity = name.clone();
                entity.push_str(words);
                self.slots.entity = Some(entity);
            }
        }
        if !(class == Class::Company && trim(&self.slots.name).is_empty()) {
            self.words(words);
        }
    }

    fn finish(mut self) -> Slots<'l> {
        let slots = &mut self.slots;
        slots.of_base = self.mode == Mode::Base && slots.change.is_none() && slots.relation.is_none();
        slots.examples = slots.name.ends_with('等');
        // 特变基地等亿元以上重大项目: the examples before 等 are not the name.
        if let Some((_, name)) = slots.name.split_once('等')
            && name.chars().count() >= 4
            && (name.starts_with(|c: char| c.is_ascii_digit()) || name.contains("以上"))
        {
            slots.name = name.into();
        }
        slots.from &= slots.name.is_empty() || slots.name == "的";
        if slots.from {
            slots.from_time = slots.time.take();
        }
        slots.time = slots.time.or(self.before_from);
        if slots.name.starts_with("扣除") || slots.name.starts_with("剔除") {
            // 扣除留抵退税因素后增长5.8%: how it was reckoned, not what.
            slots.name.clear();
        }
        slots.name = if slots.act.starts_with('已') && slots.name.starts_with(slots.act.as_str()) {
            format_compact!("已{}", trim(&slots.name))
        } else {
            trim(&slots.name)
        };
        slots.object = trim(&slots.object);
        slots.whole = trim(&slots.whole);
        slots.scope = trim(&slots.scope);
        if let Some(subject) = self.toward.take()
            && slots.name.is_empty()
        {
            slots.subject = subject;
        }
        self.slots
    }
}

/// Classes whose single characters are also parts of longer words.
fn class_needs_boundary(class: Option<Class>) -> bool {
    matches!(
        class,
        Some(Class::Have | Class::Drop | Class::BoundGt | Class::BoundLt | Class::Approx | Class::Streak | Class::AfterGt | Class::Narrow)
    )
}

/// Whether a name is itself that of a share: 国有投资占比, 第一产业比重.
pub(crate) fn says_share(name: &str) -> bool {
    name.ends_with("比重") || name.ends_with("占比") || name.contains('占') && name.contains('比')
}

/// Takes off particles that belong to no name: `的`, `了`, conjunctions and marks at the ends.
pub(crate) fn trim(words: &str) -> CompactString {
    const START: [&str; 28] = [
        "仅", "也", "已", "的", "了", "和", "与", "及", "、", "以及", "中", "为", "是", "地", "内", "里", "后", "来", "份", "等", "全部", "个", "共", "着", "至", "方面", "时", ",",
    ];
    const END: [&str; 21] =
        ["已", "平均", "全部", "人均", "的", "了", "和", "与", "及", "、", "为", "是", "达", "共", "就", "等", "将", "可", "中", "实", "并"];
    let mut words = words.trim();
    loop {
        let before = words;
        for particle in START {
            if let Some(rest) = words.strip_prefix(particle)
                && (!rest.is_empty() || ["仅", "也", "已"].contains(&particle))
                && !keeps_start(words)
            {
                words = rest;
            }
        }
        for particle in END {
            if let Some(rest) = words.strip_suffix(particle) && !keeps_end(words) {
                words = rest;
            }
        }
        if words == before {
            return words.into();
        }
    }
}

/// Words that start like a particle and are none: 中小企业, 上市公司.
fn keeps_start(words: &str) -> bool {
    const WHOLE: [&str; 12] =
        ["中小", "中药", "中等", "中央", "中国", "中部", "中高", "上市", "上缴", "上解", "个体", "个人"];
    WHOLE.iter().any(|whole| words.starts_with(whole))
        || ["地方", "地表", "地下", "地区", "内资", "内贸", "后备", "来自", "及时", "地膜", "为民", "上年", "上网", "共有", "共享", "内河", "个私", "中职", "中成", "中稻", "中学", "地质", "至少"].iter().any(|whole| words.starts_with(whole))
}

/// Words that end like a particle and are none: 目的.
fn keeps_end(words: &str) -> bool {
    if words.starts_with('全') && words.ends_with("平均") {
        // 全市平均 is what a rate is compared with.
        return true;
    }
    ["目的", "惠及", "普及", "涉及", "共和", "高中", "初中", "集中", "发达", "果实", "落实"].iter().any(|whole| words.ends_with(whole))
}
