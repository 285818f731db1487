//! Names completed with what they inherit: the subject of their clause, the topic before, the whole that they are part of.

use compact_str::{CompactString, CompactStringExt as _};

use super::naming::{Naming, Topic, Words, own_start};
use crate::lexicon::{Class, UnitKind};

/// The words of a clause as they can name an indicator.
struct Phrase<'w> {
    subject: &'w str,
    name: &'w str,
    /// The verb that the name starts with.
    act: &'w str,
    /// Subject and name together; empty where there is no subject.
    joined: CompactString,
    /// The name is nothing but a head: 收入, 出口.
    bare: bool,
}

/// What a name can take over.
struct Context<'t> {
    /// A part without a head may take the head of its whole.
    compose: bool,
    /// What the levels of the topic are counted in.
    unit: Option<UnitKind>,
    /// The unit as written.
    unit_text: &'t str,
    before: Option<&'t Topic>,
    parent: Option<&'t Topic>,
}

impl Naming<'_> {
    /// The topic that a clause names, given the one before it. `None` when it names nothing.
    ///
    /// `compose` lets a part without a head take the head of the whole (第二产业 after 第一产业增加值).
    pub(super) fn topic(
        &self,
        words: Words<'_>,
        compose: bool,
        (unit, unit_text): (Option<UnitKind>, &str),
        before: Option<&Topic>,
        parent: Option<&Topic>,
    ) -> Option<Topic> {
        let turned = self.turned(words.name).or_else(|| self.produced(words.name, unit, unit_text));
        let words = Words { name: turned.as_deref().unwrap_or(words.name), ..words };
        let phrase = self.phrase(words, compose)?;
        let context = Context { compose, unit, unit_text, before, parent };
        let completed = self.with_subject(&phrase, unit);
        let completed = completed.or_else(|| self.with_topic_before(&phrase, &context));
        let completed = completed.or_else(|| self.own_share_of_budget(&phrase, &context));
        let completed = completed.or_else(|| self.per_household(&phrase, &context));
        let completed = completed.or_else(|| self.people_of_institution(phrase.name, &context));
        let completed = completed.or_else(|| self.toll_of_accident(phrase.name, &context));
        if completed.is_some() {
            return completed;
        }
        let of_class = self.is_class(phrase.subject) || self.is_partner(phrase.subject);
        let counts = |row: u32| ["个", "户", "家"].contains(&self.lexicon.indicators()[row as usize].unit.as_str());
        if !is_counted(unit) && self.is_class(phrase.name) && self.row(phrase.name).is_some_and(counts) {
            // 国有企业增加值增长1.5%,私营企业增长7.7%; 国有企业进出口964亿元,外商投资企业414亿元: what grows is the value of the class, and not their number.
            let value = |topic: &&Topic| !is_counted(topic.unit_kind) && !self.is_class(&topic.name);
            if let Some(part) = context.before.filter(value).and_then(|_| self.part_of_whole(phrase.name, &context)) {
                return Some(part);
            }
        }
        if self.is_whole(phrase.name) {
            // 民营企业进出口总值: the class that the clause is about comes before the name.
            return Some(match of_class {
                true => self.build(&phrase.joined, Some(phrase.subject), unit, false),
                false => self.build(phrase.name, None, unit, false),
            });
        }
        if is_counted(unit) {
            return Some(self.counted_thing(phrase.name, &context));
        }
        let name = if of_class { phrase.joined.as_str() } else { phrase.name };
        self.part_of_whole(phrase.name, &context).or_else(|| Some(self.build(name, None, unit, false)))
    }

    /// 出口机电产品 is 机电产品出口.
    fn turned(&self, name: &str) -> Option<CompactString> {
        ["出口", "进口"].into_iter().find_map(|trade| {
            let goods = name.strip_prefix(trade)?;
            let price = goods.contains('价');
            let plain = goods.chars().count() > 1 && self.head(goods).is_none() && !self.is_whole(name) && !price;
            plain.then(|| [goods, trade].concat_compact())
        })
    }

    /// 生产水泥412万吨 is 水泥产量.
    fn produced(&self, name: &str, unit: Option<UnitKind>, unit_text: &str) -> Option<CompactString> {
        // 产茧1400吨
        let short =
            || name.strip_prefix('产').filter(|goods| !goods.starts_with(['量', '值', '业', '能', '品', '销', '出']));
        let goods = name.strip_prefix("生产").or_else(short)?;
        let measured =
            unit == Some(UnitKind::Count) && !unit_text.ends_with(['家', '个', '户', '条', '座', '项', '起']);
        let plain = !goods.is_empty() && self.head(goods).is_none() && !self.is_whole(name);
        (measured && plain).then(|| [goods, "产量"].concat_compact())
    }

    /// The words without a place before them and a whole inside. `None` when they name nothing.
    fn phrase<'w>(&self, words: Words<'w>, compose: bool) -> Option<Phrase<'w>> {
        let (mut subject, mut name) = (words.subject, words.name);
        if name.is_empty() {
            name = subject;
        }
        if name.starts_with('全') {
            for scope in ["全市", "全县", "全区", "全省", "全国", "全州", "全旗"] {
                name = name.strip_prefix(scope).unwrap_or(name);
            }
        }
        // 规模跃居世界第二: the size of what was spoken of.
        let is_size = ["规模", "总量", "现价总量", "总额", "水平", "数量", "增量"].contains(&name);
        let is_size = is_size && (subject.is_empty() || subject == name);
        if name.is_empty() || is_size || !compose && !self.is_whole(name) {
            return None;
        }
        if let Some(items) = name.strip_suffix("合计")
            && items.chars().count() > 2
        {
            // 八项支出合计 is 八项支出; 支出合计 closes an account.
            name = items;
        }
        if name == subject {
            subject = "";
        }
        if let Some(parted) = self.part_of(name) {
            (subject, name) = parted;
        }
        let joined = if subject.is_empty() { CompactString::default() } else { [subject, name].concat_compact() };
        // 债务还本, 上年结余: items of an account that are complete in themselves.
        let bare = self.head(name) == Some(name) && self.family(name) != Some("budget_item");
        Some(Phrase { subject, name, act: words.act, joined, bare })
    }

    /// A name that only its subject makes whole.
    fn with_subject(&self, phrase: &Phrase<'_>, unit: Option<UnitKind>) -> Option<Topic> {
        let Phrase { subject, name, act, ref joined, bare } = *phrase;
        if subject.is_empty() {
            return None;
        }
        // 定点医院开通率: a verb and a head make a name only with their subject.
        let act_head = |rest: &str| {
            let len = rest.chars().count();
            len == 1 || len <= 4 && self.head(rest).is_some()
        };
        // 社会养老保险覆盖9亿人: so does a verb alone.
        let of_act = !act.is_empty() && (name == act || name.strip_prefix(act).is_some_and(act_head));
        if of_act || self.row(joined).is_some() {
            return Some(self.build(joined, None, unit, false));
        }
        bare.then(|| self.build(joined, Some(subject), unit, false))
    }

    /// A verb or a bare head that goes on about the topic before.
    fn with_topic_before(&self, phrase: &Phrase<'_>, context: &Context<'_>) -> Option<Topic> {
        let (name, topic) = (phrase.name, context.before?);
        if !phrase.act.is_empty() && name == phrase.act {
            // 新开工保障性安居工程660万套,基本建成540万套; 实施重点项目96个,开工93个
            let thing = self.without_act(&topic.name);
            return Some(self.build(&[name, thing].concat_compact(), None, context.unit, true));
        }
        if !phrase.bare {
            return None;
        }
        if self.family(name) == Some("edu") {
            // 普通中学3522所,招生159.9万人,在校生492.6万人
            let school =
                if self.family(&topic.name) == Some("edu") { self.modifier(&topic.name) } else { &*topic.name };
            let school = school.trim_start_matches("共有");
            let is_school = ["校", "学", "园", "院", "中", "机构", "教育"].iter().any(|end| school.ends_with(end));
            return is_school.then(|| self.build(&[school, name].concat_compact(), Some(school), context.unit, true));
        }
        if self.family(name) == Some("crop") && self.head(&topic.name).is_none() && context.compose {
            // 果用瓜1107公顷,产量28408吨
            let thing = &*topic.name;
            return Some(self.build(&[thing, name].concat_compact(), Some(thing), context.unit, true));
        }
        let counted = topic.unit_kind == Some(UnitKind::Count);
        if self.family(name) == Some("beds")
            && counted
            && ["机构", "单位", "院"].iter().any(|end| topic.name.ends_with(end))
        {
            // 社会福利机构93个,床位1310张
            return Some(self.build(&[&topic.name, name].concat_compact(), None, context.unit, true));
        }
        let industry = ["规模以上工业", "规上工业"].into_iter().find(|industry| topic.name.starts_with(industry));
        if let Some(industry) = industry.filter(|_| self.family(name) == Some("value")) {
            // 规模以上工业经济效益综合指数195.2%,实现利税512亿元
            return Some(self.build(&[industry, name].concat_compact(), None, context.unit, true));
        }
        let related =
            self.same_family(name, &topic.name) || name.ends_with("产值") && self.family(&topic.name) == Some("crop");
        let modifier = self.modifier(&topic.name);
        // 总户数3.9万户,总人口8.6万人; 客运周转量…,货运量…: no name takes such a modifier twice.
        let twice = modifier == "总"
            || matches!(modifier, "客运" | "货运" | "旅客" | "货物") && name.starts_with(['客', '货', '旅']);
        if !related || modifier.is_empty() || twice {
            return None;
        }
        // 进出口总值30.3亿元,出口26.1亿元; 小麦播种18.4万亩,总产8.1万吨
        Some(self.build(&[modifier, name].concat_compact(), Some(modifier), context.unit, true))
    }

    /// 一般公共预算收入…,其中:市本级收入…,区级收入…
    fn own_share_of_budget(&self, phrase: &Phrase<'_>, context: &Context<'_>) -> Option<Topic> {
        let own = own_start(phrase.name)?;
        let topic = context.parent.or(context.before)?;
        let rest = &phrase.name[own.len()..];
        let whole = own_start(&topic.name).map_or(&*topic.name, |own| &topic.name[own.len()..]);
        if rest.is_empty() && self.family(&topic.name).is_some_and(|family| family.starts_with("budget")) {
            // 一般公共预算收入45.9亿元。分级次看,市本级12.2亿元
            return Some(self.build(&[own, whole].concat_compact(), None, context.unit, true));
        }
        if self.head(rest) != Some(rest) || !self.same_family(rest, &topic.name) {
            return None;
        }
        let modifier = self.modifier(whole);
        if own == "本级" {
            // 区本级一般公共预算收入85.8亿元,其中:本级收入47.3亿元,转移性收入38.5亿元
            let row = self.row(&[modifier, rest].concat_compact());
            let breakdown = row.is_some().then(|| own.into());
            let name = [modifier, own, rest].concat_compact().as_str().into();
            return Some(Topic { name, breakdown, row, unit_kind: context.unit, inherited: true });
        }
        Some(self.build(&[own, modifier, rest].concat_compact(), None, context.unit, true))
    }

    /// 每百户居民家庭拥有家用汽车35辆、空调120台: what each hundred of them have.
    fn per_household(&self, phrase: &Phrase<'_>, context: &Context<'_>) -> Option<Topic> {
        let goods = context.unit == Some(UnitKind::Count) && ["辆", "台", "部", "架"].contains(&context.unit_text);
        let owners = match phrase.subject {
            "" => {
                let before = &context.before?.name;
                let end = ["家庭", "居民", "每百户"].iter().find_map(|end| before.rfind(end).map(|at| at + end.len()));
                &before[..end.unwrap_or(0)]
            }
            subject => subject,
        };
        let counted = goods && owners.starts_with("每百户") && !phrase.name.starts_with('每');
        counted.then(|| self.build(&[owners, phrase.name].concat_compact(), None, context.unit, true))
    }

    /// 卫生技术人员1.5万人,其中:医院0.9万人; 床位1200张,其中:乡镇卫生院480张; 在校学生7.4万人,其中:小学3.9万人
    fn people_of_institution(&self, name: &str, context: &Context<'_>) -> Option<Topic> {
        const KINDS: [&str; 9] = ["校", "学", "园", "院", "所", "站", "中心", "机构", "中"];
        let (unit, beds) = (context.unit, context.unit_text == "张");
        let people = |topic: &&Topic| match self.family(&topic.name) {
            Some("edu" | "staff") => unit == Some(UnitKind::People) && topic.unit_kind == unit,
            Some("beds") => beds,
            _ => false,
        };
        let of_kind = context.compose
            && (unit == Some(UnitKind::People) || beds)
            && KINDS.iter().any(|kind| name.ends_with(kind))
            && self.head(name).is_none();
        let whole = [context.before, context.parent].into_iter().flatten().filter(|_| of_kind).find(people)?;
        let head = self.head(&whole.name)?;
        let head = ["总人数", "总数", "人数"].iter().find_map(|end| head.strip_suffix(end)).unwrap_or(head);
        Some(self.build(&[name, head].concat_compact(), Some(name), context.unit, true))
    }

    /// 发生道路交通事故112起,死亡13人,受伤168人,直接经济损失20万元
    fn toll_of_accident(&self, name: &str, context: &Context<'_>) -> Option<Topic> {
        let accident = &context.before?.name;
        let accident = &accident[..accident.find("事故")? + "事故".len()];
        let accident = accident.strip_prefix("发生").unwrap_or(accident);
        let toll = match name {
            "死亡" => "死亡人数",
            "受伤" => "受伤人数",
            "直接经济损失" | "直接财产损失" => name,
            _ => return None,
        };
        Some(self.build(&[accident, toll].concat_compact(), None, context.unit, true))
    }

    /// 家庭农场30884个 counts what it names, unless the name only changes what was counted before.
    fn counted_thing(&self, name: &str, context: &Context<'_>) -> Topic {
        let unit = context.unit;
        // 省级93个 after 国家级…产业园区1个 changes the grade.
        if let Some(topic) = context.before
            && name.ends_with('级')
            && let Some(at) = topic.name.find('级')
            && topic.unit_kind == unit
        {
            return self.build(&[name, &topic.name[at + "级".len()..]].concat_compact(), None, unit, true);
        }
        // 原煤4862万吨 after 主要产品产量; 羊208.3万只 after 牲畜存栏; 其中火电325.1亿千瓦时 after 发电量; 住宅95.7万平方米 after
        // 商品房销售面积; but 烟叶收购量 is whole
        let part = context.compose && !self.is_class(name) && !name.ends_with(['量', '额', '数']);
        let of_power = context.unit_text.ends_with("千瓦时");
        let of_products = [context.before, context.parent].into_iter().flatten().find(|topic| {
            let area = || context.unit_text.ends_with("平方米") && topic.name.ends_with("面积");
            let power = || of_power && ["发电量", "供电量", "用电量"].iter().any(|head| topic.name.ends_with(head));
            part && (self.family(&topic.name) == Some("crop") || power() || area())
        });
        match of_products.and_then(|topic| self.head(&topic.name)).filter(|head| measures(head, context.unit_text)) {
            Some(head) => self.build(&[name, head].concat_compact(), Some(name), unit, true),
            None => self.build(name, None, unit, false),
        }
    }

    /// 第二产业增长6%; 食品烟酒类下降1.2%: a part, the head is the whole's.
    fn part_of_whole(&self, name: &str, context: &Context<'_>) -> Option<Topic> {
        let unit = context.unit;
        if context.before.is_some_and(|topic| topic.name.ends_with("系数")) {
            // 恩格尔系数为38%。…食品消费增长10.6%: a coefficient has no parts.
            return None;
        }
        let wholes = [context.before, context.parent].into_iter().flatten().filter(|whole| {
            let fits =
                matches!(unit, None | Some(UnitKind::Percent)) || whole.unit_kind.is_none() || whole.unit_kind == unit;
            // 28个行业增加值实现增长,增长面达68.3%: nor have such ratios.
            context.compose && fits && !whole.name.ends_with('面')
        });
        let head = wholes.into_iter().find_map(|whole| self.part_head(&whole.name))?;
        // 限额以上餐饮业营业额…。粮油、食品类增长8%: goods by their kind are sold by retail.
        let is_row = |head: &str| self.row(&[name, head].concat_compact()).is_some();
        let head = if name.ends_with('类') && !is_row(head) && is_row("零售额") { "零售额" } else { head };
        Some(self.build(&[name, head].concat_compact(), Some(name), unit, true))
    }

    /// 规模以上工业中装备制造业增加值, 收入加转移性收入: the whole, and what the number is about.
    fn part_of<'n>(&self, name: &'n str) -> Option<(&'n str, &'n str)> {
        ['中', '加'].into_iter().find_map(|infix| {
            let (whole, part) = name.split_once(infix)?;
            let plain =
                part.chars().count() >= 2 && (self.is_whole(whole) || self.is_class(whole)) && self.row(name).is_none();
            plain.then_some((if infix == '中' { whole } else { "" }, part))
        })
    }

    /// A name without the verb that it starts with: 保障性安居工程 of 新开工保障性安居工程.
    pub(super) fn without_act<'n>(&self, name: &'n str) -> &'n str {
        let ends = name.char_indices().map(|(at, _)| at).skip(2).take(3);
        let act = ends.filter(|&at| self.lexicon.class_of(&name[..at]) == Some(Class::Act)).last();
        &name[act.unwrap_or(0)..]
    }
}

/// Whether numbers of a harvest or a herd can be in `unit`: 面积 is in 亩, 产量 in 吨, 出栏 in 头.
fn measures(head: &str, unit: &str) -> bool {
    let unit = unit.trim_start_matches(['十', '百', '千', '万', '亿']);
    if ["个", "家", "户", "处", "条", "座", "项", "所", "名", "位", "起", "次"].contains(&unit) {
        // 小龙虾产量81万吨,…新增示范区4家
        return false;
    }
    let area = ["亩", "公顷", "顷", "平方米", "平方公里"].contains(&unit);
    let herd = unit.starts_with(['头', '只', '羽', '口', '匹']);
    if head.ends_with("面积") || head.ends_with("播种") || head.ends_with("种植") {
        area
    } else if head.contains("栏") {
        herd
    } else {
        !area && !herd
    }
}

/// Whether a unit counts things, so that the name before it says what is counted.
fn is_counted(unit: Option<UnitKind>) -> bool {
    matches!(unit, Some(UnitKind::Count | UnitKind::People))
}
