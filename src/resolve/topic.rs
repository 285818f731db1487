//! Which indicators a run of quantities is about: those it names, lists, or goes on about.

use std::borrow::Cow;

use compact_str::{CompactStringExt as _, format_compact};

use super::list::is_part_of_nation;
use super::mention::Mention;
use super::naming::{self, Topic, Words};
use super::reader::Reader;
use crate::extract::{Shape, Slots};
use crate::lexicon::{Class, UnitKind};
use crate::model::Measure;

impl<'l> Reader<'l, '_> {
    /// The topic of each quantity of a run. `None` when no indicator can be found.
    pub(super) fn topics(&mut self, mention: &Mention<'l, '_>) -> Option<Vec<Topic>> {
        let (slots, count) = (&mention.slots, mention.count());
        let crops = slots.name.contains("粮经") && mention.measure == Measure::Share;
        if matches!(mention.first().shape, Shape::Ratio(3..)) || crops {
            return self.structure(slots, count);
        }
        // 江山、龙游工业增加值分别增长5.1%、6.2%,分别居全市第1、第2位: the numbers go to the places.
        let by_place = self.state.regions.len() == count;
        let respectively = count > 1 && slots.scopes.len() != count && !by_place;
        if slots.name.is_empty() && slots.object.is_empty() && slots.subject.is_empty() {
            // 装备制造业…增加值分别增长…,占规上工业的比重分别为…
            if respectively && let Some(stated) = self.state.last_stated(count) {
                if mention.measure == Measure::Contribution {
                    // 三次产业结构为5:42:53,对经济增长的贡献率分别为…
                    let parts =
                        stated.iter().map(|topic| topic.name.split_once('占').map_or(&*topic.name, |(part, _)| part));
                    return Some(parts.map(|part| self.contributor(part)).collect());
                }
                return Some(stated);
            }
            if mention.measure == Measure::Share {
                return self.state.topic.clone().map(|topic| vec![topic; count]);
            }
        }
        if let Some(topic) = self.counted(mention) {
            return Some(vec![topic; count]);
        }
        if count > 1 || slots.each {
            let listed = std::mem::take(&mut self.state.listed);
            let named = [&slots.name, &slots.subject, &listed].into_iter().find(|words| !words.is_empty());
            let named = named.map_or("", |words| words.as_str());
            if is_size_and_growth(slots, named) {
                return self.state.topic.clone().map(|topic| vec![topic; 2]);
            }
            if let Some(topics) = self.listed(mention, named) {
                return Some(topics);
            }
            if respectively && let Some(topics) = self.with_head(mention, named) {
                return Some(topics);
            }
            if named.is_empty()
                && respectively
                && let Some(stated) = self.state.last_stated(count)
            {
                return Some(stated);
            }
        }
        self.single(mention).map(|topic| vec![topic; count])
    }

    /// 三次产业结构为5.8:42.6:51.6; 投资结构为8.2:59.5:32.3
    fn structure(&self, slots: &Slots<'l>, count: usize) -> Option<Vec<Topic>> {
        let named = [&slots.subject, &slots.name].concat_compact();
        if named.contains("粮经") {
            // 粮经饲比例为70:20:10, 粮经比例为62:38
            let crops = ["粮食作物", "经济作物", "饲料作物"].iter().take(count);
            let names = crops.map(|crop| format_compact!("{crop}比重"));
            return Some(names.map(|name| self.naming.build(&name, None, Some(UnitKind::Percent), false)).collect());
        }
        if count != 3 {
            return None;
        }
        if named.is_empty() {
            // …由16.2:51.2:32.6调整为15.6:50.0:34.4
            return self.state.last_stated(3);
        }
        let (part, whole) = if named.contains("投资") {
            ("投资", "固定资产投资")
        } else if named.contains("产业")
            || named.contains("GDP")
            || named.ends_with("结构")
            || named.ends_with("结构比")
        {
            // 三次产业协调发展,结构比由14:68:18演进为11:64:25
            ("增加值", "地区生产总值")
        } else {
            return None;
        };
        let names = ["一", "二", "三"].map(|ordinal| format_compact!("第{ordinal}产业{part}占{whole}比重"));
        Some(names.iter().map(|name| self.naming.build(name, None, Some(UnitKind::Percent), false)).collect())
    }

    /// 一产业比重下降0.3个百分点: of a whole that is not said, and so of the GDP.
    pub(super) fn share_of_gdp(&self, topic: &mut Topic) {
        let ordinal = topic.name.trim_start_matches('第').chars().next().filter(|c| "一二三".contains(*c));
        let plain =
            ["产业", "产"].iter().any(|end| topic.name.trim_start_matches('第').chars().skip(1).eq(end.chars()));
        if let (Some(ordinal), true, None) = (ordinal, plain, topic.row) {
            topic.row = self.naming.row(&format_compact!("第{ordinal}产业增加值占地区生产总值比重"));
        }
    }

    /// What contributes to the growth of the GDP: 第一产业 by its value added.
    fn contributor(&self, name: &str) -> Topic {
        let mut topic = self.naming.build(name, None, None, false);
        if name.starts_with('第') && name.ends_with("产业") && topic.row.is_none() {
            topic.row = self.naming.row(&[name, "增加值"].concat_compact());
        }
        topic
    }

    /// What a number counts by the noun behind it: 新增92户规模以上工业企业. `None` where the words before it name more.
    fn counted(&self, mention: &Mention<'l, '_>) -> Option<Topic> {
        let (slots, noun) = (&mention.slots, mention.noun.as_deref()?);
        if self.naming.head(&slots.name).is_some_and(|head| head.len() < slots.name.len()) {
            return None;
        }
        let before = if slots.examples { "" } else { slots.name.as_str() };
        // 学生营养改善计划惠及3200万孩子
        let subject = if !slots.act.is_empty() && slots.act == before { slots.subject.as_str() } else { "" };
        // 64个项目实现竣工: the verb behind says which.
        let verb = if matches!(noun, "项目" | "企业") { mention.next_act.unwrap_or_default() } else { "" };
        let name = [subject, before, verb, noun].concat_compact();
        Some(self.naming.build(&name, None, mention.level_unit(), false))
    }

    /// The items of a list, one for each quantity: 原煤、原油、天然气产量分别增长…; 进口和出口均增长….
    fn listed(&mut self, mention: &Mention<'l, '_>, named: &str) -> Option<Vec<Topic>> {
        let slots = &mention.slots;
        let wanted = if mention.count() > 1 { mention.count() } else { items_of(named) };
        if wanted < 2 {
            return None;
        }
        let full = if self.is_bare_head(&slots.name) && !slots.subject.is_empty() {
            [&slots.subject, &slots.name].concat_compact()
        } else {
            named.into()
        };
        let items = self.naming.list(&full, wanted).or_else(|| self.naming.list(named, wanted))?;
        if items.iter().all(|item| item.split_once("地区").is_some_and(|(group, _)| is_part_of_nation(group))) {
            // None of them has a code.
            self.state.regions = vec![None];
            self.state.counted_places = true;
        }
        if mention.measure == Measure::Contribution {
            return Some(items.iter().map(|item| self.contributor(item)).collect());
        }
        let topics = items.iter().map(|item| {
            let words = Words { subject: "", name: item, act: "" };
            let topic = self.named(words, mention, self.state.topic.as_ref());
            topic.unwrap_or_else(|| self.naming.build(item, None, mention.level_unit(), false))
        });
        Some(topics.collect())
    }

    /// 猪、羊出栏分别达到10.7万头和7.5万只,存栏分别达到15.6万头和12万只: the things just listed, by another head.
    fn with_head(&self, mention: &Mention<'l, '_>, head: &str) -> Option<Vec<Topic>> {
        let stated = self.state.last_stated(mention.count())?;
        let related =
            |topic: &Topic| self.naming.same_family(head, &topic.name) && !self.naming.modifier(&topic.name).is_empty();
        let bare = self.is_bare_head(head) && stated.iter().all(related);
        let unit = mention.level_unit();
        let other = |topic: &Topic| {
            let thing = self.naming.modifier(&topic.name);
            self.naming.build(&[thing, head].concat_compact(), Some(thing), unit, true)
        };
        bare.then(|| stated.iter().map(other).collect())
    }

    /// The one topic that the words name or that is inherited.
    fn single(&self, mention: &Mention<'l, '_>) -> Option<Topic> {
        let (slots, state) = (&mention.slots, &self.state);
        let words = self.words(mention);
        // 其中一般债务余额…。债务余额比上年末净增…: a bare head that opens a sentence names what the paragraph has named.
        let opens = state.stated.is_empty() && !state.child && self.subject(slots).is_empty();
        if opens && self.is_bare_head(words.name) {
            let again = state.paragraph.iter().find(|topic| self.naming.head(&topic.name) == Some(words.name));
            if let Some(topic) = again {
                return Some(Topic { inherited: true, ..topic.clone() });
            }
        }
        if let Some(of_counted) = self.of_counted(words.name, mention) {
            return Some(of_counted);
        }
        let name = slots.named();
        if mention.measure == Measure::Contribution && !name.is_empty() {
            // 消费贡献率由54.9%提高到58.8%
            return Some(self.contributor(name));
        }
        // 实施重点项目96个,年度计划投资…,开工93个: the verb goes back to what was counted.
        let unit = mention.level_unit();
        let counted = state.stated.iter().rev().find(|topic| topic.unit_kind == unit && unit.is_some());
        let counted = counted.filter(|_| slots.act == slots.name);
        // 受锂电池出口拉动,宁德出口增长71.6%: what a place is named for again is its whole.
        let whole_again = !slots.places.is_empty() && self.naming.row(words.name).is_some();
        let before = counted.or(state.topic.as_ref()).filter(|_| !whole_again);
        let named = self.named(words, mention, before);
        // 值得注意的是,苏州在全国排名第5: of what the paragraph before was about.
        let compares = matches!(mention.measure, Measure::Rank | Measure::Gap | Measure::Accel | Measure::RankMove);
        // 从增速看,榆林增速为20.5%; 嘉兴以250亿元位居第五: so does a bare rate, and what a place is ranked by.
        let behind = mention.passage.tokens.all[..mention.passage.end].get(mention.run.last + 1);
        let ranked_by = behind.is_some_and(|token| token.class() == Some(Class::Rank));
        // 湖北和安徽分别以1.1万亿元和1.0万亿元进入…; 广东(3.3%)、江苏(4.6%)低于全国
        let by = mention.run.first.checked_sub(1).map(|at| mention.passage.tokens.all[at]);
        let by = !slots.places.is_empty() && by.is_some_and(|by| by.text(self.clean.text()) == "以");
        let compares = compares || slots.rate || ranked_by || by || state.benchmark.is_some();
        let before = state.topic.as_ref().or(state.before.as_ref().filter(|_| compares || state.headed));
        // 产值达到500亿元,惠及3万人: no people are what a value is made of.
        let fits = |topic: &&Topic| unit != Some(UnitKind::People) || topic.unit_kind != Some(UnitKind::Money);
        named.or_else(|| before.filter(fits).map(|topic| Topic { inherited: true, ..topic.clone() }))
    }

    /// 新开工项目71个,完成投资42.4亿元; 规模以上工业企业281家,实现增加值80亿元: of what the sentence has just counted.
    fn of_counted(&self, name: &str, mention: &Mention<'l, '_>) -> Option<Topic> {
        let counted = self.state.topic.as_ref().filter(|topic| topic.unit_kind == Some(UnitKind::Count))?;
        let of_sentence = !self.state.stated.is_empty() && self.subject(&mention.slots).is_empty();
        if !of_sentence || !self.is_bare_head(name) {
            return None;
        }
        let fits = counted.name.ends_with("项目") && name.contains("投资") && !name.starts_with('总')
            || counted.name.ends_with("企业") && self.naming.family(name) == Some("value");
        let joined = [&*counted.name, name].concat_compact();
        fits.then(|| self.naming.build(&joined, None, mention.level_unit(), true))
    }

    /// The words that can name the topic of a mention.
    fn words<'m>(&'m self, mention: &'m Mention<'l, '_>) -> Words<'m> {
        let slots = &mention.slots;
        if mention.measure == Measure::Progress && !slots.name.ends_with("完成率") {
            // 完成自治区下达年度计划的96.6%: only the words before the verb can name what is completed.
            let before = if slots.subject.is_empty() { &slots.name } else { &slots.subject };
            return Words { subject: "", name: if self.naming.is_whole(before) { before } else { "" }, act: "" };
        }
        Words { subject: self.subject(slots), name: &slots.name, act: &slots.act }
    }

    /// 民营企业挑起重担,进出口总值…: the class of a clause before completes a name that has none of its own, and is none itself.
    fn subject<'m>(&'m self, slots: &'m Slots<'l>) -> &'m str {
        if !slots.subject.is_empty() || self.state.class.is_empty() {
            return &slots.subject;
        }
        let takes_class = self.is_bare_head(&slots.name)
            || self.naming.family(&slots.name) == Some("trade")
            || self.state.class_of_whole && self.naming.family(&slots.name) == Some("value");
        if takes_class { &self.state.class } else { "" }
    }

    /// The topic that words name after `before`.
    fn named(&self, words: Words<'_>, mention: &Mention<'l, '_>, before: Option<&Topic>) -> Option<Topic> {
        // 第二产业居全省第4位: a rank does not say of which of its numbers, unless it names a rate: 应税销售增幅居全省第二.
        let compose =
            !matches!(mention.measure, Measure::Rank | Measure::Gap | Measure::RankMove | Measure::Contribution)
                || mention.slots.rate && !mention.slots.name.is_empty() && mention.slots.scope.is_empty();
        let unit = (mention.level_unit(), mention.first().unit.as_str());
        let topic = self.naming.topic(words, compose, unit, before, self.state.parent.as_ref())?;
        Some(self.newly(&topic).unwrap_or(topic))
    }

    /// 新登记市场主体2.3万户,其中企业6500户: the parts are newly registered too.
    fn newly(&self, part: &Topic) -> Option<Topic> {
        let whole = &self.state.parent.as_ref()?.name;
        let act = whole.strip_suffix(self.naming.without_act(whole))?;
        let counted = matches!(part.unit_kind, Some(UnitKind::Count | UnitKind::People));
        let plain = self.state.child && counted && act.starts_with('新') && !part.name.starts_with('新');
        plain.then(|| self.naming.build(&format_compact!("{act}{}", part.name), None, part.unit_kind, false))
    }

    /// Whether a name is nothing but its head: 产量, 余额.
    fn is_bare_head(&self, name: &str) -> bool {
        self.naming.head(name) == Some(name)
    }

    /// 市本级…收入…,转移性收入…: what is about the city's own budget stays so until another place is named.
    pub(super) fn own<'t>(&self, topic: &'t Topic) -> Cow<'t, Topic> {
        let of_heading = self.state.own.is_empty() && !self.state.place_named;
        let own = if of_heading { &self.state.section_own } else { &self.state.own };
        if own.is_empty() || topic.name.contains(own.as_str()) || of_heading && naming::own_start(&topic.name).is_some()
        {
            return Cow::Borrowed(topic);
        }
        let family = self.naming.family(&topic.name);
        if !family.is_some_and(|family| family.starts_with("budget") || family == "tax") {
            return Cow::Borrowed(topic);
        }
        Cow::Owned(self.naming.build(&[own.as_str(), &topic.name].concat_compact(), None, topic.unit_kind, true))
    }

    /// What the next clause inherits of a statement.
    pub(super) fn remember(&mut self, mention: &Mention<'l, '_>, measure: Measure, topics: &[Topic]) {
        let state = &mut self.state;
        state.last = Some(measure);
        if measure.is_growth() || measure == Measure::Level && mention.first().unit_kind == Some(UnitKind::Percent) {
            state.rated = Some(measure);
        }
        if measure.is_growth() {
            state.rate_of_paragraph = Some(measure);
        }
        let percent = mention.first().unit_kind == Some(UnitKind::Percent);
        state.last_is_ratio = percent && matches!(measure, Measure::Level | Measure::Share)
            || state.last_is_ratio && measure == Measure::Change;
        for topic in topics {
            state.paragraph.push(topic.clone());
            // 房屋施工面积17万平方米,竣工面积7万平方米,分别增长…: a name that was only completed is one of its own.
            let again = topic.inherited && state.topic.as_ref().is_some_and(|last| last.name == topic.name);
            if !again && state.stated.last() != Some(topic) {
                state.stated.push(topic.clone());
            }
        }
        if let Some(own) = topics.first().and_then(|topic| naming::own_budget(&topic.name)) {
            state.own = own.into();
        }
        let counts_places = |topic: &Topic| {
            topic.unit_kind == Some(UnitKind::Count)
                && ["省份", "城市", "地市", "盟市", "市县", "区县", "县区"].iter().any(|end| topic.name.ends_with(end))
        };
        if topics.iter().all(counts_places) {
            // 有8个盟市增速超过全区平均: the text goes on about the rate, not about them.
            return;
        }
        state.topic = topics.last().cloned();
        if state.parent.is_none() {
            state.parent = topics.first().cloned();
        }
    }
}

/// 总量和增速均居全市第一: two statements about one indicator.
fn is_size_and_growth(slots: &Slots<'_>, named: &str) -> bool {
    slots.rank && named.contains("总量") && (named.contains('增') || slots.rate)
}

/// Number of items that a list names.
fn items_of(named: &str) -> usize {
    named.matches('、').count() + usize::from(named.contains(['和', '与', '及'])) + 1
}
