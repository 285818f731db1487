//! What later clauses may inherit from earlier ones.

use compact_str::CompactString;

use super::naming::Topic;
use crate::extract::Base;
use crate::model::{Measure, RegionCode, Said, Status};

/// What is remembered while a document is read. Each field says how long it holds.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// The place that the section is about; until a heading names another.
    pub section_region: Option<RegionCode>,
    /// Where that place was named.
    pub section_said: Said,
    /// The places that the paragraph is about, by its last clause that names one.
    pub regions: Vec<Option<RegionCode>>,
    /// Where they were named.
    pub regions_said: Said,
    /// They are several places counted together, and forgotten with the sentence.
    pub counted_places: bool,
    /// The town that it is about, when that has no code.
    pub zone: Option<CompactString>,
    /// The indicator last named; until the paragraph ends.
    pub topic: Option<Topic>,
    /// What the paragraph before was about, for lead-ins and ranks that name nothing.
    pub before: Option<Topic>,
    /// `before` is the indicator of the heading right above: 三、固定资产投资⏎1—7月,同比增长9.1%.
    pub headed: bool,
    /// The whole whose parts follow: the topic before 其中, the lead-in's; until the paragraph ends.
    pub parent: Option<Topic>,
    /// The topic is a part under 其中; until the sentence ends.
    pub child: bool,
    /// Topics of the paragraph so far.
    pub paragraph: Vec<Topic>,
    /// Topics with values in this sentence, for a later 分别.
    pub stated: Vec<Topic>,
    /// A class named as subject by a clause without numbers: 民营企业挑起重担,进出口总值…; until the sentence ends.
    pub class: CompactString,
    /// The class was named as a whole (民营经济增加值中,…), so that it completes names that have heads of their own.
    pub class_of_whole: bool,
    /// A list named by a clause without numbers: 原煤、原油、天然气产量稳步提高,同比分别增长…; until it is used.
    pub listed: CompactString,
    /// The company or project spoken of; until the paragraph ends or a place is named.
    pub entity: Option<CompactString>,
    /// The sight that the clause before named alone; until it is used or the sentence ends.
    pub sight: CompactString,
    /// The entity was named in passing, and is forgotten with the sentence.
    pub passing: bool,
    /// 按可比价格计算; until a number is stated.
    pub price: Option<&'static str>,
    /// What 预计 or 力争 says of the sentence.
    pub status: Option<Status>,
    /// 主要预期目标:… opened a list of goals; until the paragraph ends.
    pub goals: bool,
    /// The paragraph sets out a draft budget: its amounts are targets.
    pub draft: bool,
    /// The section is headed as a draft budget: 二、2016年财政预算安排情况.
    pub drafts: bool,
    /// The paragraph reports how a budget was carried out.
    pub executed: bool,
    /// 市本级, until a place is named or a semicolon.
    pub own: CompactString,
    /// The 市本级 of the heading: （二）市本级收支情况; until the next heading of that rank.
    pub section_own: CompactString,
    /// A place was named in the paragraph, and so none of its budgets is the heading's.
    pub place_named: bool,
    /// The paragraph's sentence is its first.
    pub first_sentence: bool,
    /// What the last statement was.
    pub last: Option<Measure>,
    /// The sign of the change that the last number stated, if it did.
    pub last_change: Option<i8>,
    /// What the last rate or ratio of the topic was, for the same of another place: 高于全国(3.9%).
    pub rated: Option<Measure>,
    /// The rate that the paragraph is about, as its words or numbers tell.
    pub rate_of_paragraph: Option<Measure>,
    /// The number that is read is another place's own, of this measure.
    pub benchmark: Option<Measure>,
    /// 增速, 涨幅 was named by a clause without a number: 增速明显领先,达到9.6%; until the sentence ends.
    pub rate_named: Option<i8>,
    /// The last statement was a ratio, so that points after it change a ratio and not a rate.
    pub last_is_ratio: bool,
    /// The last number was a plan's own amount.
    pub planned: bool,
    /// The paragraph is about changes on the month before: 环比看,…; until another base is named.
    pub monthly: bool,
    /// What the last change was measured against; until the sentence ends.
    pub base: Base,
    /// 预计（下同）: the status where none is said; to the end of the document.
    pub status_below: Option<Status>,
    /// 比2012年（下同）: the base where none is said; to the end of the document.
    pub base_below: Base,
    /// Index of the clause group that is being read.
    pub group: usize,
}

impl State {
    /// The state before a document that is about `home`.
    pub(super) fn new(home: Option<RegionCode>) -> Self {
        State { section_region: home, regions: vec![home], ..State::default() }
    }

    /// A paragraph or heading begins: the section's place holds, and nothing is named yet. `executed` tells that it
    /// reports how a budget was carried out.
    pub(super) fn new_block(&mut self, executed: bool) {
        self.back_to_section();
        self.counted_places = false;
        self.zone = None;
        self.before = self.parent.take().or_else(|| self.topic.take()).or_else(|| self.before.take());
        self.topic = None;
        self.parent = None;
        self.paragraph.clear();
        self.entity = None;
        self.status = None;
        self.goals = false;
        self.draft = self.drafts;
        self.executed = executed;
        self.own.clear();
        self.place_named = false;
        self.first_sentence = true;
        self.child = false;
        self.passing = false;
        self.planned = false;
        self.monthly = false;
        self.base = Base::Unnamed;
        self.last = None;
        self.rate_of_paragraph = None;
        self.last_is_ratio = false;
        self.forget_sentence();
    }

    /// The next sentence of a paragraph begins.
    pub(super) fn new_sentence(&mut self) {
        self.first_sentence = false;
        if self.regions.len() > 1 || std::mem::take(&mut self.counted_places) {
            // 江山、龙游分别增长5.1%、6.2%。全市工业用电量…: what is said of several places ends with its sentence.
            self.back_to_section();
        }
        self.status = None;
        self.base = Base::Unnamed;
        if std::mem::take(&mut self.child) {
            self.back_to_parent();
        }
        if std::mem::take(&mut self.passing) {
            self.entity = None;
        }
        self.forget_sentence();
    }

    /// What stands behind a semicolon is about the whole again, and an estimate goes no further.
    pub(super) fn new_group(&mut self, group: usize) {
        if std::mem::replace(&mut self.group, group) == group {
            return;
        }
        self.own.clear();
        if self.child {
            self.back_to_parent();
        }
        if self.status == Some(Status::Estimate) {
            self.status = None;
        }
    }

    /// What follows is about the place of the section.
    pub(super) fn back_to_section(&mut self) {
        self.regions.clear();
        self.regions.push(self.section_region);
        self.regions_said = self.section_said;
    }

    fn back_to_parent(&mut self) {
        if self.parent.is_some() {
            self.topic = self.parent.clone();
        }
    }

    fn forget_sentence(&mut self) {
        self.price = None;
        self.rate_named = None;
        self.stated.clear();
        self.sight.clear();
        self.class.clear();
        self.class_of_whole = false;
        self.listed.clear();
    }

    /// The last `count` topics with values in this sentence; `None` when there are not so many.
    pub(super) fn last_stated(&self, count: usize) -> Option<Vec<Topic>> {
        self.stated.len().checked_sub(count).map(|at| self.stated[at..].to_vec())
    }
}
