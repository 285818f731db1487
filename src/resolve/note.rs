//! What a clause says of time, place, entity and status, remembered for itself and for the clauses behind it.

use compact_str::CompactString;

use super::naming;
use super::reader::{REACH, Reader};
use crate::extract::{Base, Clause, Kind, Part, Place, Quantity, Slots, Time, Token, Tokens};
use crate::lexicon::{Class, UnitKind};
use crate::model::{Level, Measure, RegionCode, Said, Span, Status};

impl<'l> Reader<'l, '_> {
    /// Takes over what the words of a clause say; the first of them is the token `from`.
    pub(super) fn note(&mut self, slots: &Slots<'l>, tokens: &Tokens<'l>, from: usize) {
        if let Some(time) = slots.time {
            let at = self.span(tokens.bytes(slots.time_at..slots.time_at + 1));
            // 公司今年计划投资30亿元: a company's times are its own.
            let of_entity = slots.entity.is_some() || slots.same_entity;
            self.calendar.name(time, opens_sentence(tokens, from) && !of_entity, at);
            self.note_days(slots, time, at, tokens, from);
        }
        if !self.is_circumstance(slots, tokens, from) {
            self.note_places(slots, tokens, from);
        }
        self.state.price = slots.price.or(self.state.price);
        self.note_entity(slots);
        self.note_status(slots);
        if slots.lead && self.state.topic.is_none() {
            // 分产业看 at the start of a paragraph parts what the one before was about.
            self.state.topic = self.state.before.clone();
            self.state.parent = self.state.before.clone();
        }
        let by_rank = || {
            tokens.all[from..]
                .iter()
                .take(2)
                .any(|token| token.class() == Some(Class::Lead) && token.text(self.clean.text()).contains('级'))
        };
        if slots.lead
            && by_rank()
            && let Some(first) = self.state.paragraph.first()
        {
            // 一般公共预算收入45.9亿元,…税收收入32.7亿元。分级次看,市本级完成12.2亿元: of the whole, not of the taxes.
            self.state.topic = Some(first.clone());
            self.state.parent = Some(first.clone());
        }
        if slots.among && !std::mem::replace(&mut self.state.child, true) {
            self.state.parent = self.state.topic.clone();
        }
    }

    /// 预计（下同）全县生产总值340亿元，比2012年（下同）增长47.7%; a rate behind it without a base has this one.
    pub(super) fn note_below(&mut self, slots: &mut Slots<'l>, quantity: &Quantity) {
        if slots.same_below {
            self.state.status_below = slots.status.or(self.state.status_below);
            if slots.base != Base::Unnamed {
                self.state.base_below = slots.base;
            }
        } else if slots.base == Base::Unnamed && slots.change.is_some() && quantity.unit_kind == Some(UnitKind::Percent)
        {
            slots.base = self.state.base_below;
        }
    }

    /// 10月1日至7日,全省接待游客…: days that figures are about, and not those on which they were made known.
    fn note_days(&mut self, slots: &Slots<'l>, time: Time, at: Span, tokens: &Tokens<'l>, from: usize) {
        let days = match time.part {
            Some(Part::Days(..)) => true,
            Some(Part::FirstDays(_)) => self.calendar.has_days(),
            Some(Part::Day(..) | Part::DayOfMonth(_)) => !time.as_of && time.edge.is_none(),
            _ => return,
        };
        let end = tokens.all[from..].iter().take(REACH).position(|token| token.is_mark(',') || token.is_mark('。'));
        let clause = &tokens.all[from..from + end.unwrap_or(0)];
        let bare = slots.named().is_empty();
        let counts = clause.iter().any(|token| matches!(token.kind, Kind::Quantity(_)));
        if days && (bare || counts) && !self.makes_known(clause) {
            self.calendar.name_days(time, at);
        }
    }

    /// Whether words tell how a figure was made known, or of a meeting.
    fn makes_known(&self, tokens: &[Token<'l>]) -> bool {
        const WORDS: [&str; 19] = [
            "记者",
            "获悉",
            "发布",
            "公布",
            "召开",
            "举行",
            "讯",
            "电",
            "消息",
            "介绍",
            "表示",
            "透露",
            "会议",
            "来源",
            "开幕",
            "报道",
            "数据显示",
            "统计显示",
            "通报",
        ];
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return false };
        let words = &self.clean.text()[first.start as usize..last.end as usize];
        WORDS.iter().any(|word| words.contains(word))
    }

    /// 在全国经济下行的背景下, 按照我国统一核算制度: how things stand elsewhere, not what the sentence is about.
    fn is_circumstance(&self, slots: &Slots<'l>, tokens: &Tokens<'l>, from: usize) -> bool {
        let first = tokens.all.get(from).map_or("", |token| token.text(self.clean.text()));
        let ends: &[&str] = match first {
            "在" => &["下", "中", "背景", "形势"],
            "按照" | "根据" | "依据" => &["制度", "规定", "要求", "标准", "办法", "口径", "部署"],
            _ => return false,
        };
        ends.iter().any(|end| slots.name.ends_with(end))
    }

    fn note_places(&mut self, slots: &Slots<'l>, tokens: &Tokens<'l>, from: usize) {
        // A foreign place in the middle of a clause is where goods go, not what it is about.
        let counts = |place: &&Place<'l>| place.entry.class != Some(Class::Foreign) || place.token == from;
        if slots.places.is_empty() {
            return;
        }
        let places: Vec<Place<'l>> = slots.places.iter().filter(counts).copied().collect();
        let Some(first) = places.first() else { return };
        self.state.regions = self.place_list(&places, tokens);
        self.state.regions_said = Said::Words(self.span(tokens.bytes(first.token..first.token + 1)));
        let town = first.entry.class == Some(Class::Town);
        self.state.zone = town.then(|| tokens.all[first.token].text(self.clean.text()).into());
        self.state.own.clear();
        self.state.place_named = true;
        if slots.entity.is_none() && !slots.same_entity {
            self.state.entity = None;
        }
    }

    /// 9个区完成投资…: what several places that are counted have together is that of none with a code. How many provinces
    /// (`noun`) do something is said of the nation: 有11个省份增速超过全国.
    pub(super) fn note_counted_places(&mut self, slots: &mut Slots<'l>, tokens: &Tokens<'l>, from: usize, noun: &str) {
        const PLACES: [&str; 18] = [
            "区",
            "县",
            "市",
            "县区",
            "区县",
            "市县",
            "县市",
            "城市",
            "地市",
            "盟市",
            "旗县",
            "省份",
            "省市",
            "省区",
            "州市",
            "市州",
            "设区市",
            "地级市",
        ];
        let counted = from > 0 && tokens.quantity(from - 1).is_some_and(|before| before.unit == "个");
        let of_side = side(&slots.subject).or_else(|| side(&slots.name)).is_some();
        if counted || of_side {
            // 有21个省份增速高于…: they are no part of what grows.
            let rest = |words: &str| {
                let words = side(words).unwrap_or(words);
                let place = PLACES.iter().filter(|place| words.starts_with(**place)).max_by_key(|place| place.len())?;
                let rest = &words[place.len()..];
                (rest.is_empty() || rest.starts_with("完成")).then(|| CompactString::from(rest))
            };
            let subject = rest(&slots.subject).filter(|_| !slots.subject.is_empty());
            let name = rest(&slots.name).filter(|_| slots.subject.is_empty());
            match (subject, name) {
                (Some(subject), _) => slots.subject = subject,
                (None, Some(name)) => slots.name = name,
                (None, None) => return,
            }
        }
        let of_nation = ["省份", "省区市"].iter().any(|end| noun.starts_with(end));
        if !counted && !of_side && !of_nation {
            return;
        }
        let region = of_nation.then_some(RegionCode::NATION);
        self.state.regions = vec![region];
        self.state.zone = None;
        self.state.counted_places = true;
    }

    /// The codes of places in one clause: a county after its city stands for itself, others make a list.
    fn place_list(&self, places: &[Place<'l>], tokens: &Tokens<'l>) -> Vec<Option<RegionCode>> {
        let mut list: Vec<Option<RegionCode>> = Vec::new();
        let mut last_token = None;
        for place in places {
            let before = place.token.checked_sub(1);
            let relative = place.entry.regions.is_empty();
            if before.is_some() && last_token == before {
                if relative && !matches!(place.entry.class, Some(Class::Nation | Class::Group)) {
                    // 苏州全市: the city named.
                    last_token = Some(place.token);
                    continue;
                }
                // 衢州江山: the county alone, and the one of its name in that city: 徐州市鼓楼区. 我国东部地区: the
                // group.
                let outer = list.pop().flatten();
                list.push(self.atlas.inside(place, outer, true));
                last_token = Some(place.token);
                continue;
            } else if !before.is_some_and(|before| self.is_and(&tokens.all[before])) {
                list.clear();
            }
            list.push(self.atlas.code(place, self.around(place)));
            last_token = Some(place.token);
        }
        list
    }

    /// Where 全省 and 全市 are said: in the place that the sentence is about where that lies outside the report's own.
    fn around(&self, place: &Place<'l>) -> Option<RegionCode> {
        let section = self.state.section_region;
        match (self.state.regions.as_slice(), section) {
            // 云南:10月1日—4日,全省接待游客597.4万人次
            ([Some(here)], Some(home))
                if place.entry.class != Some(Class::Nation)
                    && here.level() <= Level::Prefecture
                    && *here != RegionCode::NATION
                    && !self.atlas.contains(*here, home)
                    && !self.atlas.contains(home, *here) =>
            {
                Some(*here)
            }
            _ => section,
        }
    }

    pub(super) fn is_and(&self, token: &Token<'l>) -> bool {
        token.is_mark('、') || matches!(token.text(self.clean.text()), "和" | "与" | "及")
    }

    fn note_entity(&mut self, slots: &Slots<'l>) {
        if let Some(entity) = &slots.entity {
            // 瀚运五金有限公司 is 瀚运五金 from now on.
            let core = ["公司", "有限", "责任", "股份", "集团"]
                .iter()
                .fold(entity.as_str(), |name, end| name.trim_end_matches(end));
            if entity.ends_with("公司") && core.chars().count() >= 3 {
                self.companies.push(core.into());
            }
            self.state.entity = Some(entity.clone());
        }
        if self.state.entity.is_none() {
            self.state.entity = slots.that.clone();
        }
    }

    fn note_status(&mut self, slots: &Slots<'l>) {
        // 完成年计划96亿元的75.4%: only the plan's own amount is a target.
        let of_number_only = slots.planned || slots.plan && slots.share;
        if let Some(status) = slots.status
            && !of_number_only
        {
            self.state.status = Some(status);
        }
        if slots.own {
            // 区级 is no 市本级: another government's budget ends what was said of the city's own.
            let name = if slots.name.contains('级') { &slots.name } else { &slots.subject };
            self.state.own = naming::own_budget(name).unwrap_or_default().into();
        }
        if slots.status == Some(Status::Target) && self.draft_year.is_some() && !self.state.executed {
            self.state.draft = true;
        }
    }

    /// A company named before by its full name, and now by what it is called.
    pub(super) fn note_company(&mut self, tokens: &Tokens<'l>, clause: &Clause) {
        if self.companies.is_empty() {
            return;
        }
        let words = &self.clean.text()[tokens.bytes(clause.tokens.clone())];
        if let Some(company) = self.companies.iter().find(|company| words.contains(company.as_str())) {
            self.state.entity = Some(company.clone());
        }
    }

    /// The words of a clause without numbers still say what later clauses are about.
    pub(super) fn clause_without_numbers(&mut self, tokens: &Tokens<'l>, clause: &Clause) {
        if self.calendar.has_days() && self.makes_known(&tokens.all[clause.tokens.clone()]) {
            self.calendar.forget_days();
        }
        let mut slots = self.slots(tokens, clause.tokens.start, clause.tokens.end);
        if self.clean.text()[tokens.bytes(clause.tokens.clone())].ends_with("基础上") {
            // 在上年高位增长的基础上: what was before, not what the sentence is about.
            slots.time = None;
        }
        let entity = self.state.entity.clone();
        self.state.rate_named = match (slots.rate, slots.fall) {
            (true, _) => Some(1),
            (_, true) => Some(-1),
            _ => self.state.rate_named,
        };
        if slots.rate || slots.fall {
            self.state.rate_of_paragraph = Some(Measure::Yoy);
        }
        if slots.base != Base::Unnamed {
            // 环比看,食品价格上涨2.1%
            self.state.monthly = slots.base == Base::Mom;
        }
        self.note(&slots, tokens, clause.tokens.start);
        self.note_sight(&slots);
        self.note_in_passing(&slots, entity, tokens, clause);
        self.note_first_indicator(tokens, clause);
        self.note_class(&slots, tokens, clause);
        self.note_goals(tokens, clause);
        let named = slots.named();
        if named.contains(['、', '和']) {
            self.state.listed = named.clone();
        }
        self.note_whole(&slots, named, tokens, clause);
    }

    /// Companies that a clause without numbers names, but that the text does not go on about. `before` was spoken of before.
    fn note_in_passing(
        &mut self,
        slots: &Slots<'l>,
        before: Option<CompactString>,
        tokens: &Tokens<'l>,
        clause: &Clause,
    ) {
        if slots.entity.is_none() && self.state.entity == before {
            return;
        }
        let text = self.clean.text();
        // 人民银行发布数据显示: who says it, not what it is about.
        let reports = tokens.all[clause.tokens.clone()].iter().any(|token| {
            token.class() == Some(Class::Prep)
                && ["发布", "公布", "显示", "宣布"].iter().any(|verb| token.text(text).contains(verb))
        });
        // 引进华友钴业等企业: examples of many.
        let examples = slots.entity.is_some() && text[tokens.bytes(clause.tokens.clone())].contains('等');
        // 新机场建成投用,高铁运营里程达…: an event, nothing that the text goes on about.
        const EVENTS: [&str; 13] =
            ["建成", "投用", "通车", "开通", "开工", "竣工", "投产", "落户", "签约", "揭牌", "落地", "获批", "开业"];
        let words = &text[tokens.bytes(clause.tokens.clone())];
        let event = slots.entity.is_some() && EVENTS.iter().any(|event| words.ends_with(event));
        let told = slots.that.is_none() && self.makes_known(&tokens.all[clause.tokens.clone()]);
        if reports || examples || told || event {
            self.state.entity = before;
        } else if !self.state.first_sentence && slots.entity.is_some() && before.is_none() {
            // 塞罕坝林场荣获…奖: named in passing, nothing that the paragraph goes on about.
            self.state.passing = true;
        }
    }

    /// 工业投资加速扩张,同比增长22.2%: an indicator that opens a clause is the topic.
    fn note_first_indicator(&mut self, tokens: &Tokens<'l>, clause: &Clause) {
        let opens = |token: &&Token<'l>| match token.kind {
            Kind::Mark(_) | Kind::Time(_) => false,
            Kind::Word(entry) if matches!(entry.class, Some(Class::Drop | Class::Each)) => false,
            Kind::Word(entry) => {
                entry.indicator.is_some() || entry.class == Some(Class::Name) || !self.atlas.is_place(entry)
            }
            _ => true,
        };
        let first = tokens.all[clause.tokens.clone()].iter().find(opens);
        if let Some(token) = first
            && matches!(token.kind, Kind::Word(entry) if entry.indicator.is_some())
        {
            self.state.topic = Some(self.naming.build(token.text(self.clean.text()), None, None, false));
        }
    }

    /// 民营企业挑起重担: the class completes names in the clauses behind it.
    fn note_class(&mut self, slots: &Slots<'l>, tokens: &Tokens<'l>, clause: &Clause) {
        const SHORTEST: usize = 4;
        let first = tokens.all[clause.tokens.clone()].iter().find(|token| token.class() == Some(Class::Group_));
        // 装备制造业贡献突出,增加值增长12.1%: a branch as well.
        let branch = if slots.subject.is_empty() { &slots.name } else { &slots.subject };
        let branch = if branch.ends_with('业') && self.naming.is_class(branch) { branch.as_str() } else { "" };
        let class = first.map_or(branch, |token| token.text(self.clean.text()));
        if self.state.class.is_empty() && class.chars().count() >= SHORTEST {
            self.state.class = class.into();
        }
    }

    /// 主要预期目标:地区生产总值增长6.5%,…
    fn note_goals(&mut self, tokens: &Tokens<'l>, clause: &Clause) {
        if opens_list(tokens, clause) && self.clean.text()[tokens.bytes(clause.tokens.clone())].ends_with("目标") {
            self.state.goals = true;
        }
    }

    /// 主要产品产量: a head without a number opens a list of parts.
    fn note_whole(&mut self, slots: &Slots<'l>, named: &str, tokens: &Tokens<'l>, clause: &Clause) {
        let lead = slots.lead || slots.among;
        let opens = lead || opens_list(tokens, clause);
        let opener = named.trim_end_matches('中');
        let of_parts = self.clean.text()[tokens.bytes(clause.tokens.clone())].ends_with('中');
        if of_parts && self.naming.family(opener) == Some("value") {
            // 民营经济增加值中,第一产业增加值12亿元: the parts are of that class too.
            self.state.class = self.naming.modifier(opener).into();
            self.state.class_of_whole = true;
        }
        if of_parts && opener.starts_with('第') && opener.ends_with("产业") {
            // 在第三产业中,批发和零售业增长15.1%
            self.state.topic = Some(self.naming.build(&[opener, "增加值"].concat(), None, None, false));
            self.state.parent = self.state.topic.clone();
        } else if (opens || named.ends_with("产品产量")) && self.naming.head(opener).is_some() {
            self.state.topic = Some(self.naming.build(opener, None, None, false));
            self.state.parent = self.state.topic.clone();
        } else if lead && self.state.topic.is_some() && !self.state.child {
            self.state.parent = self.state.topic.clone();
        }
    }
}

/// Whether a colon follows a clause.
fn opens_list(tokens: &Tokens<'_>, clause: &Clause) -> bool {
    tokens.all.get(clause.tokens.end).is_some_and(|token| token.is_mark(':'))
}

/// Whether a clause stands at the start of its sentence, so that its time governs the sentences behind it too.
fn opens_sentence(tokens: &Tokens<'_>, from: usize) -> bool {
    let before = &tokens.all[..from];
    let sentence = before.iter().rev().take(REACH).take_while(|token| !token.is_mark('。'));
    before.last().is_some_and(|mark| mark.is_mark('!'))
        || !sentence.clone().any(|token| matches!(token.kind, Kind::Quantity(_)))
}

/// What several places on one side of a region are called: 盟市 of 西部七盟市完成….
fn side(words: &str) -> Option<&str> {
    let side = words.strip_prefix(['东', '西', '南', '北', '中'])?.strip_prefix('部')?;
    let places = side.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    (places.len() < side.len()).then_some(places)
}
