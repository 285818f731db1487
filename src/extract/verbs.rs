//! What verbs, bases, bounds and other words of function do to the slots of a clause.

use compact_str::format_compact;

use super::slots::Base;
use super::token::{Kind, Token};
use super::walk::{Mode, Walk};
use crate::lexicon::{Class, UnitKind};
use crate::model::{Bound, Status};

impl Walk<'_, '_, '_> {
    /// Gives a word of function the part that its class plays.
    pub(super) fn verb(&mut self, class: Class, words: &str, index: usize) {
        match class {
            Class::Up => self.change(1, words),
            Class::Down => self.change(-1, words),
            Class::Narrow | Class::Widen => {
                self.slots.spread = true;
                self.change(if class == Class::Widen { 1 } else { -1 }, words);
            }
            Class::Reach => self.reach(),
            Class::Level => self.level(words),
            Class::Have => {
                self.slots.have = true;
                self.level(words);
            }
            Class::Act => self.act(words),
            Class::ActDrop => self.act_drop(words),
            Class::Share => self.share(words),
            Class::Contribution => self.contribution(words),
            Class::Drag => {
                self.slots.drag = true;
                self.contribution(words);
            }
            Class::Above => self.relation(1),
            Class::Below => self.relation(-1),
            Class::Than if self.mode != Mode::Whole => self.mode = Mode::Base,
            Class::Yoy => self.yoy(words),
            Class::Prior => self.base(Base::Prior),
            Class::PriorYearEnd => self.base(Base::PriorYearEnd),
            Class::Mom => self.base(Base::Mom),
            Class::Avg => self.average(words),
            Class::Rate => self.rate(words),
            Class::Fall => self.slots.fall = true,
            Class::Among => self.among(),
            Class::Lead => self.lead(),
            Class::Each => self.slots.each = true,
            Class::Estimate => self.slots.status = Some(Status::Estimate),
            Class::Target => self.target(words),
            Class::BoundGt => {
                self.slots.bound = Some(Bound::Gt);
                self.slots.verb = true;
            }
            Class::BoundLt => self.slots.bound = Some(Bound::Lt),
            Class::BoundGe => self.slots.bound = Some(Bound::Ge),
            Class::BoundLe => self.slots.bound = Some(Bound::Le),
            Class::Approx => self.slots.bound = Some(Bound::Approx),
            Class::Streak => self.slots.streak = true,
            Class::Drop => {
                self.slots.cumulative |= words.starts_with("累计");
                if words == "加上" && self.next(index).is_some_and(|next| next.text(self.text).starts_with('级')) {
                    // 加上级补助收入3亿元
                    self.words("上");
                }
            }
            Class::Prep => self.preposition(words),
            Class::Current => self.slots.price = Some("current"),
            Class::Constant => self.slots.price = Some("constant"),
            _ => {}
        }
    }

    /// 增长, 下降, and 增长到 which names the level reached.
    pub(super) fn change(&mut self, sign: i8, words: &str) {
        if self.toward.is_some() && !self.near_quantity {
            // 对经济增长的贡献率, but 对东盟出口增长18.2%
            return self.words(words);
        }
        // 比全省高2.2个百分点, 比城镇居民收入增速快1.7个百分点: the verb tells the side, the scope is named before it.
        let slots = &mut self.slots;
        let against = !slots.scopes.is_empty()
            || slots.scope.contains("平均")
            || self.lexicon.head_of(&slots.scope).is_some()
            || slots.scope.ends_with(['速', '幅']);
        if self.mode == Mode::Base && against {
            slots.relation = Some(sign);
        }
        if self.mode == Mode::Pulled {
            // 拉动经济增长1.2个百分点; 影响总指数下降0.2个百分点
            self.slots.drag |= sign < 0;
            return self.words(words);
        }
        slots.change = Some(sign);
        if words.ends_with(['至', '到']) {
            slots.reach = true;
            self.mode = Mode::Topic;
        } else if self.mode != Mode::Whole {
            self.mode = Mode::Object;
        }
    }

    /// 提高到: what follows is the level.
    fn reach(&mut self) {
        self.slots.reach = true;
        self.slots.verb = true;
        if matches!(self.mode, Mode::Object | Mode::Base) {
            self.mode = Mode::Topic;
        }
    }

    /// 规模以上工业实现增加值…: a light verb parts the subject from the name.
    fn level(&mut self, words: &str) {
        self.slots.verb = true;
        if words.contains('数') || words == "实际完成" {
            // 执行数1668952万元, beside the budget's own figure
            self.slots.status = Some(Status::Actual);
        }
        if self.mode == Mode::Topic && words != "为" && words != "达" {
            self.close_name();
        } else if self.mode == Mode::Base && !self.slots.scope.is_empty() {
            self.mode = Mode::Scope;
        }
    }

    /// 新开工保障性安居工程: the verb is part of the name.
    fn act(&mut self, words: &str) {
        if self.mode != Mode::Topic {
            return self.words(words);
        }
        let already = self.slots.name.ends_with('已');
        self.close_name();
        self.slots.verb = true;
        if already {
            self.slots.name.push('已');
        }
        self.slots.name.push_str(words);
        self.slots.act = self.slots.name.clone();
    }

    /// 推出景区…: a verb that the name goes without.
    fn act_drop(&mut self, words: &str) {
        self.slots.verb = true;
        self.slots.arranged |= words.ends_with("安排");
        if self.mode == Mode::Topic {
            self.close_name();
        }
    }

    /// 占GDP的比重: the whole stands behind 占; 占比 and 比重 end a base.
    fn share(&mut self, words: &str) {
        let slots = &mut self.slots;
        slots.share = true;
        if let Some(before) = self.places_before_at.take()
            && !slots.subject.is_empty()
            && slots.name.trim_end_matches('的').ends_with('中')
        {
            // 服务业在全区经济中的比重: the words behind 在 are the whole.
            let whole = std::mem::replace(&mut slots.name, std::mem::take(&mut slots.subject));
            slots.whole = whole.trim_end_matches('的').trim_end_matches('中').into();
            slots.places.truncate(before);
            return;
        }
        if words.starts_with('占') && !words.contains('比') {
            if self.mode == Mode::Topic && slots.name.is_empty() && !slots.object.is_empty() {
                slots.name = std::mem::take(&mut slots.object);
            }
            self.mode = Mode::Whole;
        } else if self.mode == Mode::Base {
            self.mode = Mode::Topic;
        }
    }

    /// 对经济增长的贡献率, 拉动经济增长
    fn contribution(&mut self, words: &str) {
        self.slots.contribution = true;
        self.slots.pull = words.contains('拉') || matches!(words, "带动" | "拖累") || words.starts_with("影响");
        if let Some(subject) = self.toward.take() {
            // 第一产业…,对经济增长的贡献率: the words since 对 are the scope.
            self.slots.scope = self.take_name();
            self.slots.name = subject;
        }
        if self.slots.pull || words == "贡献" {
            self.mode = Mode::Pulled;
        }
    }

    /// 居全省第4位
    pub(super) fn rank(&mut self, words: &str, index: usize) {
        let slots = &mut self.slots;
        slots.rank = true;
        if let Some(place) = slots.places.pop_if(|place| place.token + 1 == index && place.entry.regions.is_empty()) {
            // 全市排名第七: the place right before is the scope; 安徽位列第十一: one with a name is ranked itself.
            slots.scope.push_str(self.tokens.all[place.token].text(self.text));
            slots.scopes.push(place);
        }
        if let Some(before) = self.places_before_at
            && before < slots.places.len()
        {
            // 增幅在全州十县市中排第6位: the place after 在 is the scope.
            slots.scopes.extend(slots.places.drain(before..));
            slots.scope.push_str(&slots.name);
            slots.name.clear();
        }
        slots.each |= words.starts_with(['均', '分']);
        if let Some(sign) = rank_move(words) {
            slots.change = Some(sign);
        }
        self.mode = Mode::Scope;
    }

    /// 高于全省1.5个百分点
    pub(super) fn relation(&mut self, side: i8) {
        self.slots.relation = Some(side);
        self.mode = Mode::Scope;
    }

    fn base(&mut self, base: Base) {
        self.slots.base = base;
        if self.mode == Mode::Base {
            self.mode = Mode::Topic;
        }
    }

    fn yoy(&mut self, words: &str) {
        self.base(Base::Yoy);
        if !words.starts_with("同比") && self.mode == Mode::Topic {
            // 比上年实际完成数增加: what follows 比上年 belongs to the base.
            self.close_name();
            self.mode = Mode::Base;
        }
    }

    /// 年均增长, 年均递减: the base with its verb.
    fn average(&mut self, words: &str) {
        self.base(Base::Avg);
        if words.contains('增') {
            self.slots.change = Some(1);
        } else if words.contains("递减") {
            self.slots.change = Some(-1);
        }
    }

    /// 比城镇居民收入增速快…: the rate is that of the scope.
    fn rate(&mut self, words: &str) {
        self.slots.rate = true;
        if self.mode == Mode::Base && !self.slots.scope.is_empty() {
            self.slots.scope.push_str(words);
        }
    }

    /// 其中第一产业…: a part follows, whatever stood before.
    fn among(&mut self) {
        self.slots.among = true;
        self.slots.name.clear();
        self.slots.subject.clear();
        self.mode = Mode::Topic;
    }

    /// 分产业看
    fn lead(&mut self) {
        self.slots.lead = true;
        self.slots.name.clear();
        self.slots.subject.clear();
    }

    /// 力争, 达产后, 预期增长
    fn target(&mut self, words: &str) {
        if words != "可达" || self.slots.status != Some(Status::Estimate) {
            // 预计增加值可达240亿元 is an estimate all the same.
            self.slots.status = Some(Status::Target);
        }
        if words.starts_with("批准") && self.mode == Mode::Topic {
            // 市人代会批准年初预算收入85亿元: who decided it is no part of the name.
            self.slots.name.clear();
        }
        if words == "不低于" {
            self.slots.bound = Some(Bound::Ge);
        }
        self.slots.future |= words.ends_with('后');
        if words.ends_with("增长") {
            self.slots.change = Some(1);
        }
        if words.ends_with("投资") {
            // 年度计划投资128.5亿元: the plan of this number only.
            self.close_name();
            self.slots.name.push_str(words);
            self.slots.planned = true;
        }
    }

    /// `完成年初预算的80%` completes a plan; `收入预算为3亿元` and `代编预算3亿元` state one.
    pub(super) fn plan(&mut self, words: &str, index: usize) {
        let quantity = self.tokens.quantity(index + 1);
        let states = quantity.is_some()
            || self.next(index).is_some_and(|next| {
                matches!(next.class(), Some(Class::Level | Class::Reach | Class::Approx | Class::Target))
            });
        let amount = quantity.is_some_and(|quantity| quantity.unit_kind == Some(UnitKind::Money));
        let completed = self.slots.verb || self.mode != Mode::Topic;
        if !states && !completed {
            if words == "计划" && self.slots.name.is_empty() {
                // 计划播种面积1128万亩
                self.slots.status = Some(Status::Target);
                return;
            }
            // 学生营养改善计划惠及…: part of a name.
            return self.words(words);
        }
        let slots = &mut self.slots;
        if amount && completed {
            // 完成年计划96亿元的75.4%, 比计划目标3000亿元超过…: the plan's own amount.
            slots.status = Some(Status::Target);
            slots.planned = true;
            self.mode = Mode::Topic;
            return;
        }
        match self.mode {
            // 收入预算为3亿元
            Mode::Topic | Mode::Object if !slots.verb && !slots.name.is_empty() => slots.status = Some(Status::Target),
            Mode::Base | Mode::Scope => slots.scope.push_str(words),
            _ => {}
        }
        slots.plan = true;
        if words.contains("进度") {
            // 超时序进度2.1个百分点
            slots.scope = words.into();
        }
    }

    /// 在, 由, 对, 截至, 经: what stands before is the subject, and the preposition says what follows it.
    fn preposition(&mut self, words: &str) {
        if self.mode != Mode::Topic {
            return;
        }
        self.close_name();
        if words.chars().count() > 1 {
            // 经市统计局核定: who says it is no part of the name.
            self.slots.subject.clear();
        }
        self.toward = (words == "对").then(|| self.slots.subject.clone());
        self.as_of = words.starts_with('截');
        self.places_before_at = (words == "在").then_some(self.slots.places.len());
        if words == "从" || words == "由" {
            self.slots.from = true;
            self.before_from = self.slots.time.take().map(|time| (time, self.slots.time_at));
        }
    }

    /// 浙江华友钴业公司, 该项目, 宁波港
    pub(super) fn entity(&mut self, class: Class, words: &str, index: usize) {
        // 钦州港片区, 港口: no port by its name.
        let goes_on = |next: &Token<'_>| {
            next.text(self.text).starts_with(['片', '区', '城', '湾', '务', '航', '口', '股', '建', '站'])
        };
        if words == "港" && self.next(index).is_some_and(goes_on) {
            return self.words(words);
        }
        // 在保税片区召开的东港集团…会议: what stands before 的 only describes it.
        let name = self.trim(self.slots.name.rsplit('的').next().unwrap_or_default());
        let nameless = name.is_empty();
        let nationwide = nameless
            && self.slots.places.last().is_some_and(|place| {
                place.token + 1 == index && self.tokens.all[place.token].text(self.text) == "全国"
            });
        if nationwide {
            // 全国高速公路流量: all of them.
            return self.words(words);
        }
        let start = index.saturating_sub(4);
        let through = ["通过", "随着", "经由"];
        let through = self.tokens.all[start..index].iter().any(|token| through.contains(&token.text(self.text)));
        if through && self.mode == Mode::Topic {
            // 通过中老铁路进入中国市场的水果: the way, not what it is about.
            return self.words(words);
        }
        // 省内民用机场, 八大产业园: a kind of them, or several.
        const KINDS: [&str; 11] =
            ["民用", "运输", "内", "境内", "省内", "市内", "区内", "主要", "沿海", "内河", "国际"];
        let several = name.strip_prefix(|c: char| "两二三四五六七八九十".contains(c));
        if KINDS.contains(&name) || several.is_some_and(|rest| rest.starts_with('大')) {
            return self.words(words);
        }
        if name.contains('各') || name.ends_with('等') {
            // 各主要旅游景区, 东港集团等公司: many, none by its name.
            return self.words(words);
        }
        // 定点医院, 高校: schools and hospitals come in kinds; a place with a name before makes one of them, unless the
        // clause counts them: 全县共有医院12所.
        let of_place = self.slots.places.iter().any(|place| !place.entry.regions.is_empty());
        let kind_of = matches!(class, Class::School | Class::Fair) && (!of_place || self.slots.have);
        if self.mode == Mode::Topic && !kind_of {
            if words.starts_with('该') {
                self.slots.same_entity = true;
                self.slots.that = Some(words.into());
            } else if nameless && matches!(class, Class::Company | Class::Site) {
                // 海口美兰机场, 宁波港: named for the place right before it, where that has a name.
                let places = &mut self.slots.places;
                let named = places.pop_if(|place| place.token + 1 == index && !place.entry.regions.is_empty());
                match named {
                    Some(place) => {
                        let place = self.tokens.all[place.token].text(self.text);
                        self.slots.entity = Some(format_compact!("{place}{words}"));
                        self.slots.name.push_str(place);
                    }
                    None => {
                        self.slots.same_entity = true;
                        if matches!(words, "公司" | "集团") && self.next(index).is_some_and(does_something) {
                            // 公司预计上半年净利润8亿元: one company, though its name may not have been caught.
                            self.slots.that = Some(words.into());
                        }
                    }
                }
            } else if class != Class::Project {
                // 重点项目, 招引项目: only what the number is said of (`described_entity`) makes one project a subject.
                self.slots.entity = Some(format_compact!("{name}{words}"));
            }
        }
        // 公司实现产值…: the company spoken of is no part of the name.
        if !(class == Class::Company && nameless) {
            self.words(words);
        }
    }
}

/// Whether a token goes on with what the one before it does or is.
fn does_something(token: &Token<'_>) -> bool {
    matches!(token.kind, Kind::Time(_))
        || matches!(
            token.class(),
            Some(Class::Level | Class::Have | Class::Act | Class::ActDrop | Class::Estimate | Class::Target)
        )
}

/// The way a verb moves a rank: 位次前移2位 is up.
fn rank_move(words: &str) -> Option<i8> {
    if words.ends_with("前移") {
        Some(1)
    } else if words.ends_with("后移") {
        Some(-1)
    } else {
        None
    }
}
