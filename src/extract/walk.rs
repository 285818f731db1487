//! The walk over a clause that sorts its words into [`Slots`].

use std::ops::Range;

use compact_str::CompactString;

use super::noun::{is_threshold, size_of_counted, trim, trimmed};
use super::sentence::bracket_end;
use super::slots::{Base, Place, Slots};
use super::time::{Edge, Part, Time};
use super::token::{Kind, Shape, Token, Tokens};
use crate::lexicon::{Class, Entry, Lexicon, UnitKind};
use crate::model::{Bound, Status};

/// What the words that come next belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
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

/// Sorts the words of a clause before a quantity, the tokens of `range`.
///
/// `is_place` tells whether an entry of the gazetteer names a place here, or is an everyday word.
pub(crate) fn slots<'l>(
    lexicon: &'l Lexicon,
    tokens: &Tokens<'l>,
    text: &str,
    range: Range<usize>,
    is_place: &dyn Fn(&Entry) -> bool,
) -> Slots<'l> {
    let mut walk = Walk {
        lexicon,
        is_place,
        tokens,
        text,
        slots: Slots::default(),
        mode: Mode::Topic,
        toward: None,
        before_from: None,
        near_quantity: false,
        as_of: false,
        places_before_at: None,
    };
    let mut index = range.start;
    while index < range.end {
        if tokens.all[index].is_mark('(') {
            let behind = bracket_end(&tokens.all, index, range.end);
            walk.bracket(index + 1..behind.saturating_sub(1));
            index = behind;
            continue;
        }
        walk.token(index, range.end);
        index += 1;
    }
    walk.finish()
}

/// The state of the walk.
pub(super) struct Walk<'l, 't, 'o> {
    pub(super) lexicon: &'l Lexicon,
    is_place: &'o dyn Fn(&Entry) -> bool,
    pub(super) tokens: &'o Tokens<'l>,
    pub(super) text: &'t str,
    pub(super) slots: Slots<'l>,
    pub(super) mode: Mode,
    /// The subject before 对, which opened what a contribution goes to.
    pub(super) toward: Option<CompactString>,
    /// The time named before 由, and its token.
    pub(super) before_from: Option<(Time, usize)>,
    /// The quantity stands within two tokens.
    pub(super) near_quantity: bool,
    /// 截至 stands right before.
    pub(super) as_of: bool,
    /// Number of places named before 在.
    pub(super) places_before_at: Option<usize>,
}

impl<'l> Walk<'l, '_, '_> {
    /// 占总人口的比重（常住人口城镇化率）为65.2%: the share has a name of its own.
    fn bracket(&mut self, inner: Range<usize>) {
        let Some([token]) = self.tokens.all.get(inner.clone()) else { return };
        let words = token.text(self.text);
        self.slots.same_below |= token.class() == Some(Class::Same);
        let is_rate = words.ends_with('率') && matches!(token.kind, Kind::Word(entry) if entry.indicator.is_some());
        if is_rate
            && self.slots.share
            && self.tokens.all[..inner.start - 1].last().is_some_and(|before| before.class() == Some(Class::Share))
        {
            self.slots.share = false;
            self.slots.whole.clear();
            self.slots.name = words.into();
            self.mode = Mode::Topic;
        }
    }

    fn token(&mut self, index: usize, to: usize) {
        let token = self.tokens.all[index];
        let words = token.text(self.text);
        self.near_quantity = index + 2 >= to;
        let money =
            |index: usize| self.tokens.quantity(index).is_some_and(|before| before.unit_kind == Some(UnitKind::Money));
        match token.kind {
            // 9431.5亿元人民币: the rest of the unit.
            Kind::Text if words == "人民币" && index > 0 && money(index - 1) => {}
            Kind::Text | Kind::Loose(_) => self.words(words),
            // 民生实事圆满收官、完成投资…: another thing that was done.
            Kind::Mark('、') if self.mode == Mode::Topic && self.next(index).is_some_and(|next| self.does(next)) => {
                self.slots.name.clear();
            }
            Kind::Mark('、') => self.words("、"),
            // 建材—家居产业
            Kind::Mark('-') if self.mode == Mode::Topic && !self.slots.name.is_empty() => self.words(words),
            Kind::Mark(_) => {}
            Kind::Time(time) => self.time(self.tokens.times[time as usize], index),
            Kind::Quantity(quantity) => {
                // 亿元以上项目: the number is part of a name, whose noun may stand behind the range.
                let bare = self.tokens.quantities[quantity as usize].shape == Shape::Bare;
                if let Some(over) = size_of_counted(self.tokens, self.text, index, self.tokens.all.len()) {
                    self.slots.bound = None;
                    self.words(over);
                    return self.words(words);
                }
                if bare || is_threshold(self.tokens, index, to.max(index + 3).min(self.tokens.all.len())) {
                    self.words(words);
                }
            }
            Kind::Word(entry) => self.word(entry, words, index),
        }
    }

    /// The token behind `index`, the quantity itself behind the last word.
    pub(super) fn next(&self, index: usize) -> Option<&Token<'l>> {
        self.tokens.all.get(index + 1)
    }

    /// Whether a quantity stands right behind `index`.
    fn quantity_follows(&self, index: usize) -> bool {
        self.tokens.quantity(index + 1).is_some()
    }

    /// Whether a quantity that is no difference in points stands right behind `index`.
    fn amount_follows(&self, index: usize) -> bool {
        self.tokens.quantity(index + 1).is_some_and(|next| next.unit_kind != Some(UnitKind::Points))
    }

    /// Words without the particles at their ends.
    pub(super) fn trim<'w>(&self, words: &'w str) -> &'w str {
        trim(self.lexicon, words)
    }

    /// Takes the name so far, without the particles at its ends.
    pub(super) fn take_name(&mut self) -> CompactString {
        trimmed(self.lexicon, std::mem::take(&mut self.slots.name))
    }

    /// Words that may be part of a name.
    pub(super) fn words(&mut self, words: &str) {
        let slots = &mut self.slots;
        if self.mode == Mode::Topic && words.starts_with('等') {
            // 以华兴集团技改项目等为代表的亿元以上项目: examples of many.
            slots.entity = None;
        }
        match self.mode {
            Mode::Topic => slots.name.push_str(words),
            Mode::Base | Mode::Scope | Mode::Pulled => slots.scope.push_str(words),
            Mode::Whole => slots.whole.push_str(words),
            Mode::Object => slots.object.push_str(words),
        }
    }

    fn time(&mut self, time: Time, index: usize) {
        const BEING: [&str; 5] = ["为", "是", "相当于", "恢复到", "恢复至"];
        // 是上年同期的2.2倍, 恢复到2019年同期的86.2%, 为上年同期99.6%: the time is what the multiple is of.
        let of_then = self.next(index).is_some_and(|next| next.text(self.text) == "的");
        let unit = self.tokens.quantity(index + 1 + usize::from(of_then)).and_then(|quantity| quantity.unit_kind);
        let before = index.checked_sub(1).map_or("", |before| self.tokens.all[before].text(self.text));
        let percent = unit == Some(UnitKind::Percent) && BEING.iter().any(|verb| before.ends_with(verb));
        if of_then && unit == Some(UnitKind::Multiple) || percent {
            self.slots.base = Base::Time(time);
            self.slots.multiple = percent;
            return;
        }
        if index > 0 && self.tokens.all[index - 1].text(self.text).ends_with(['创', '超']) {
            // 当月增速创今年新高, 已超去年全年总量: how far back the record goes, and what is exceeded.
            return;
        }
        match self.mode {
            Mode::Base => self.slots.base = Base::Time(time),
            // 高于上年同期1.2个百分点
            Mode::Scope if self.slots.relation.is_some() && self.slots.scope.is_empty() => {
                self.slots.base = Base::Time(time);
            }
            Mode::Whole | Mode::Scope | Mode::Pulled => {}
            // 对同期社会消费品零售总额增长的贡献率
            Mode::Topic | Mode::Object if time.part == Some(Part::Same) && time.year.is_none() => {}
            Mode::Topic | Mode::Object => {
                // 由年初的6.02%: a time in the middle of a clause opens a new name, unless 年末 only dates the one before.
                if !self.slots.name.is_empty() && time.edge != Some(Edge::End) {
                    self.close_name();
                }
                let time = Time { as_of: std::mem::take(&mut self.as_of), ..time };
                // 2022年,1—7月: a part of the year named before.
                self.slots.time_at = index;
                self.slots.time = Some(match self.slots.time {
                    Some(before) if time.year.is_none() && before.part.is_none() => Time { year: before.year, ..time },
                    _ => time,
                });
            }
        }
    }

    /// Whether a word says that something was done: 完成投资, 新增.
    fn does(&self, token: &Token<'l>) -> bool {
        token.text(self.text).starts_with("完成") || token.class() == Some(Class::Act)
    }

    /// The name so far becomes the subject of what follows.
    pub(super) fn close_name(&mut self) {
        let name = self.take_name();
        if !name.is_empty() {
            self.slots.subject = name;
        }
    }

    fn place(&mut self, entry: &'l Entry, words: &str, index: usize) {
        let place = Place { entry, token: index };
        match self.mode {
            Mode::Topic | Mode::Object => self.place_of_topic(place, words),
            Mode::Base | Mode::Scope => {
                self.slots.scope.push_str(words);
                self.slots.scopes.push(place);
            }
            Mode::Whole => self.slots.whole.push_str(words),
            Mode::Pulled => self.slots.scope.push_str(words),
        }
    }

    /// A place among the words that say what the clause is about.
    fn place_of_topic(&mut self, place: Place<'l>, words: &str) {
        let index = place.token;
        if place.entry.class == Some(Class::Own) {
            self.slots.own = true;
            if !self.trim(&self.slots.name).is_empty() {
                // 县直本级收入, 地税局县本级收入
                return self.words(words);
            }
            self.slots.name.clear();
            self.slots.name.push_str(words);
            return;
        }
        if self.tokens.quantity(index + 1).is_some_and(|next| next.shape == Shape::Ordinal) {
            // 总规模全国第一
            self.slots.scope.push_str(words);
            self.slots.scopes.push(place);
            return;
        }
        const FIRST: [&str; 6] = ["首个", "首家", "首条", "首座", "唯一", "首批"];
        let after = &self.text[self.tokens.all[index].end as usize..];
        if place.entry.regions.is_empty() && FIRST.iter().any(|first| after.starts_with(first)) {
            // 全省首个水利工程开工: what it is the first of.
            return;
        }
        // 与全国增速差距: the other side of a comparison.
        if index > 0 && self.tokens.all[index - 1].text(self.text).ends_with(['与', '同', '跟']) {
            self.slots.scope.push_str(words);
            self.slots.scopes.push(place);
            return;
        }
        // 美国实际投入外资5.25亿美元; 东盟进出口: where trade and capital come from is part of the name.
        if place.entry.class == Some(Class::Foreign) && self.names_partner(index) {
            return self.words(words);
        }
        // 中新社北京, 8条国内航线: a place inside a phrase is not what the clause is about.
        let after_number = index > 0 && self.tokens.quantity(index - 1).is_some();
        let passed = self.slots.verb || !self.slots.subject.is_empty();
        // 分别是乌海市45.95%、呼和浩特市45.14%: a place right before its number is what that is about.
        let listed = self.quantity_follows(index) && self.slots.change.is_none();
        if !listed && (after_number || passed || !self.trim(&self.slots.name).is_empty()) {
            self.slots.name.push_str(words);
            return;
        }
        self.slots.name.clear();
        self.slots.places.push(place);
    }

    /// Whether the words up to the next number are of trade, capital or travellers.
    fn names_partner(&self, index: usize) -> bool {
        const OF_TRADE: [&str; 8] = ["出口", "进口", "外资", "投资", "贸易", "游客", "入境", "旅客"];
        let ahead = self.tokens.all[index + 1..].iter().take(12);
        let mut ahead = ahead.take_while(|token| !matches!(token.kind, Kind::Mark(',' | '。' | ';')));
        ahead.any(|token| OF_TRADE.iter().any(|word| token.text(self.text).contains(word)))
    }

    /// 高, 快, 多 are verbs only right before their number (比全省高2.2个百分点), else part of a name (高技术产业).
    fn is_verb_here(&self, words: &str, index: usize) -> bool {
        words.chars().count() > 1
            || self.quantity_follows(index)
            || self.next(index).is_some_and(|next| {
                matches!(next.class(), Some(Class::Approx | Class::BoundGt | Class::BoundLt | Class::Plan))
                    || next.text(self.text).starts_with('了')
            })
    }

    /// A place, a group or a rank follows: 居全市第7, 排第2, 超全省平均.
    fn before_scope(&self, index: usize) -> bool {
        let Some(next) = self.next(index) else { return false };
        match next.kind {
            Kind::Quantity(_) => self.tokens.quantity(index + 1).is_some_and(|next| next.shape == Shape::Ordinal),
            Kind::Word(entry) => match entry.class {
                Some(class) => is_scope(class),
                None => !entry.regions.is_empty() && entry.indicator.is_none(),
            },
            Kind::Loose(_) => true,
            _ => false,
        }
    }

    /// Nothing was named yet, and a time follows.
    fn opens_with_time(&self, index: usize) -> bool {
        self.mode == Mode::Topic
            && self.slots.name.is_empty()
            && self.next(index).is_some_and(|next| matches!(next.kind, Kind::Time(_)))
    }

    /// 均居, 各为: 各 and 均 share out only before a verb.
    fn before_verb(&self, index: usize) -> bool {
        self.next(index).is_some_and(|next| match next.kind {
            Kind::Mark(_) => true,
            _ => matches!(
                next.class(),
                Some(
                    Class::Rank
                        | Class::Up
                        | Class::Down
                        | Class::Level
                        | Class::Reach
                        | Class::Have
                        | Class::Yoy
                        | Class::Above
                        | Class::Below
                        | Class::BoundGt
                )
            ),
        })
    }

    /// A single character of function stands for itself only at the edge of a word: 受, but not the 受 of 承受.
    fn inside_word(&self, words: &str, class: Option<Class>, index: usize) -> bool {
        needs_boundary(class)
            && words.chars().count() == 1
            && index > 0
            && matches!(self.tokens.all[index - 1].kind, Kind::Text)
            && !self.quantity_follows(index)
    }

    /// Gives a word of the lexicon the part that its class plays; what the classes do is in [`super::verbs`].
    fn word(&mut self, entry: &'l Entry, words: &str, index: usize) {
        self.slots.share |= entry.of_share;
        if self.inside_word(words, entry.class, index) {
            return self.words(words);
        }
        let Some(class) = entry.class else {
            if entry.regions.is_empty() || entry.indicator.is_some() || !(self.is_place)(entry) {
                return self.words(words);
            }
            return self.place(entry, words, index);
        };
        match class {
            class if class.is_place() => {
                self.place(entry, words, index);
            }
            Class::Company | Class::Project | Class::Site | Class::School | Class::Fair => {
                self.entity(class, words, index);
            }
            Class::Name
            | Class::OrdinalName
            | Class::Group_
            | Class::Person
            | Class::Head
            | Class::PlanStart
            | Class::Trap
            | Class::AfterGe
            | Class::AfterLe => self.words(words),
            Class::Up | Class::Down if !self.is_verb_here(words, index) => self.words(words),
            // 比上年同期的289.2亿元多58.7亿元
            Class::AfterGt if words == "多" && self.is_verb_here(words, index) => self.change(1, words),
            Class::AfterGt => self.words(words),
            Class::Each
                if words.chars().count() == 1 && !self.is_verb_here(words, index) && !self.before_verb(index) =>
            {
                self.words(words);
            }
            // 居 and 排 rank only before what they rank in: 居全市第7, but 家居 and 排放.
            Class::Rank if words.chars().count() == 1 && !self.before_scope(index) => self.words(words),
            Class::Rank => self.rank(words, index),
            // 超全市平均8.4个百分点
            Class::BoundGt if words.starts_with('超') && self.mode == Mode::Topic && self.before_scope(index) => {
                self.relation(1)
            }
            // 占比超过七成, 失业率低于5%: no benchmark stands between verb and number, so that it bounds the number.
            Class::Above | Class::Below if self.mode != Mode::Base && self.amount_follows(index) => {
                self.slots.bound = Some(if class == Class::Above { Bound::Gt } else { Bound::Lt });
                self.slots.verb = true;
            }
            // 到9月末: as 截至
            Class::Reach if matches!(words, "到" | "至") && self.opens_with_time(index) => self.as_of = true,
            Class::Plan => self.plan(words, index),
            // 将开工4000套; but 将收入用于…
            Class::Prep if words == "将" && self.next(index).is_some_and(|next| is_done(next.class())) => {
                self.slots.status.get_or_insert(Status::Target);
            }
            _ => self.verb(class, words, index),
        }
    }
}

/// Classes whose single characters are also parts of longer words.
fn needs_boundary(class: Option<Class>) -> bool {
    matches!(
        class,
        Some(
            Class::Have
                | Class::Drop
                | Class::BoundGt
                | Class::BoundLt
                | Class::Approx
                | Class::Streak
                | Class::AfterGt
                | Class::Narrow
        )
    )
}

/// Classes of verbs that something is done with: behind 将 they tell of a time to come.
fn is_done(class: Option<Class>) -> bool {
    matches!(
        class,
        Some(Class::Act | Class::ActDrop | Class::Up | Class::Down | Class::Level | Class::Reach | Class::BoundGt)
    )
}

/// Classes of words that say in what a rank is taken.
fn is_scope(class: Class) -> bool {
    matches!(
        class,
        Class::Nation
            | Class::Province
            | Class::Autonomous
            | Class::City
            | Class::County
            | Class::Prefecture
            | Class::Banner
            | Class::Group
            | Class::Foreign
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::scan;

    /// The slots of the words before the first quantity of `text` that is no threshold.
    fn read<'l>(lexicon: &'l Lexicon, text: &str) -> Slots<'l> {
        let mut tokens = Tokens::default();
        scan(lexicon, text, 0, text.len(), &mut tokens);
        let count = tokens.all.len();
        let first = (0..count).find(|&index| tokens.quantity(index).is_some() && !is_threshold(&tokens, index, count));
        slots(lexicon, &tokens, text, 0..first.unwrap_or(count), &|_| true)
    }

    #[test]
    fn words_are_sorted_by_their_part() {
        let lexicon = Lexicon::bundled().expect("the bundled tables are sound");
        for (text, subject, name, scope, whole) in [
            ("地区生产总值1359.3亿元", "", "地区生产总值", "", ""),
            ("规模以上工业实现增加值12.5亿元", "规模以上工业", "增加值", "", ""),
            ("装备制造业产值占全县的比重为66.2%", "", "装备制造业产值", "", "全县"),
            ("增速高于全省1.5个百分点", "", "", "全省", ""),
            ("工业增加值增速居全市第7位", "", "工业增加值", "全市", ""),
            ("消费对经济增长的贡献率为60%", "消费", "消费", "经济增长", ""),
            ("亿元以上项目实现产值32亿元", "亿元以上项目", "产值", "", ""),
        ] {
            let slots = read(&lexicon, text);
            let found = (slots.subject.as_str(), slots.name.as_str(), slots.scope.as_str(), slots.whole.as_str());
            assert_eq!(found, (subject, name, scope, whole), "{text}");
        }
    }

    #[test]
    fn words_of_function_leave_their_mark() {
        let lexicon = Lexicon::bundled().expect("the bundled tables are sound");
        let mark = |text: &str, holds: &dyn Fn(&Slots<'_>) -> bool| assert!(holds(&read(&lexicon, text)), "{text}");
        mark("产值同比下降3.1%", &|slots| slots.change == Some(-1) && slots.base == Base::Yoy);
        mark("价格环比上涨0.4%", &|slots| slots.change == Some(1) && slots.base == Base::Mom);
        mark("收入提高到36439元", &|slots| slots.reach);
        mark("其中第一产业增长6%", &|slots| slots.among && slots.name == "第一产业");
        mark("产值预计达30亿元", &|slots| slots.status == Some(Status::Estimate));
        mark("投资突破100亿元", &|slots| slots.bound == Some(Bound::Gt));
        mark("进口、出口分别增长3%", &|slots| slots.each && slots.name == "进口、出口");
        mark("完成年初预算的38.1%", &|slots| slots.plan && !slots.planned);
        mark("完成年计划96亿元", &|slots| slots.planned);
        mark("全市财政收入30亿元", &|slots| slots.places.len() == 1);
    }
}
