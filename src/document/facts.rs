//! Title, date and region that a text itself states, for documents that come without them.

use std::collections::HashMap;

use jiff::civil::Date;

use super::layout::{BlockKind, blocks};
use crate::format::first_day;
use crate::lexicon::{Class, Lexicon};
use crate::model::{Document, Level, Origin, RegionCode, Stated};

/// How many bytes at the start of a text are searched for its dateline.
const DATELINE: usize = 1200;

/// Fills in title, publication date and region from the text, where they are still unknown.
pub fn identify(lexicon: &Lexicon, document: &mut Document) {
    if document.title.is_none() {
        document.title = title(&document.text).map(|title| Stated::new(title, Origin::Text));
    }
    if document.published.is_none() {
        document.published = published(&document.text).map(|day| Stated::new(day, Origin::Text));
    }
    if document.region.is_none() {
        let year = document.published.as_ref().map_or(2020, |stated| stated.value.year());
        let title = document.title.as_ref().map_or("", |stated| stated.value.as_str());
        document.region = region(lexicon, title, &document.text, year).map(|code| Stated::new(code, Origin::Text));
    }
}

/// The first heading. 2024年1月16日在市第七届人民代表大会第四次会议上 stands over that of a report, or under it.
fn title(text: &str) -> Option<String> {
    let mut blocks = blocks(text).into_iter().peekable();
    while blocks.next_if(|block| text[block.bytes.clone()].ends_with("会议上")).is_some() {}
    let first = blocks.next()?;
    let line = text[first.bytes].trim_start_matches(['#', ' ']);
    (first.kind == BlockKind::Heading && line.chars().count() >= 4).then(|| line.to_owned())
}

/// The first full date near the start, else the one that a label gives, else the one that the text is signed with.
fn published(text: &str) -> Option<Date> {
    const LABELS: [&str; 6] = ["发布时间", "发布日期", "发稿时间", "公开日期", "成文日期", "日期"];
    /// Bytes from a label to the end of its date.
    const LABELLED: usize = 40;
    /// Characters of a line that is nothing but a date, and of how many lines a text may be signed.
    const SIGNED: (usize, usize) = (16, 3);
    let labelled = || {
        let behind = LABELS.iter().find_map(|label| text.find(label).map(|at| &text[at + label.len()..]))?;
        first_day(&behind[..behind.floor_char_boundary(LABELLED)])
    };
    let signed = || {
        let last = text.lines().rev().map(str::trim).filter(|line| !line.is_empty()).take(SIGNED.1);
        last.filter(|line| line.chars().count() <= SIGNED.0).find_map(first_day)
    };
    first_day(&text[..text.floor_char_boundary(DATELINE)]).or_else(labelled).or_else(signed)
}

/// Bytes at the start of a text in which the place that it is about is named more often than later.
const LEAD: usize = 600;

/// Words behind a place that make it part of a name: 黑龙江日报, 青岛海关.
const NAMED_AFTER: [&str; 12] =
    ["日报", "晚报", "晨报", "新闻", "网", "讯", "电视", "经济网", "海关", "大学", "舰", "证券"];

/// What a place that is part of a name counts for.
const OF_NAME: f32 = 0.01;

/// Bodies whose figures are the nation's.
const NATIONAL: [&str; 13] = [
    "国家",
    "中国",
    "央行",
    "人民银行",
    "商务部",
    "海关总署",
    "国务院",
    "财政部",
    "文化和旅游部",
    "农业农村部",
    "工信部",
    "交通运输部",
    "中国人民",
];

/// The places that a text names, with how strongly each stands for the place that it is about.
#[derive(Default)]
struct Votes {
    named: HashMap<RegionCode, f32>,
    /// 全省, 我省 and the like, by the level that they tell.
    province: f32,
    prefecture: f32,
    county: f32,
    autonomous: f32,
    nation: f32,
}

/// The place that a text is about: the one that it names most, above all in its title and its first lines. A place also
/// stands for those above it, and 全省 or 全市 say how high.
fn region(lexicon: &Lexicon, title: &str, text: &str, year: i16) -> Option<RegionCode> {
    let mut votes = Votes::default();
    votes.count(lexicon, title, year, 12.0, true);
    votes.count(lexicon, text, year, 1.0, false);
    votes.winner(lexicon, year)
}

impl Votes {
    fn count(&mut self, lexicon: &Lexicon, source: &str, year: i16, weight: f32, title: bool) {
        // The last place named: where it ends, its code and what it counted for.
        let mut outer: Option<(usize, RegionCode, f32)> = None;
        for hit in lexicon.hits(source) {
            if hit.entry.class.is_some() && is_compared_with(&source[..hit.start], &source[hit.end..]) {
                continue;
            }
            let lead = if !title && hit.start < LEAD { 3.0 } else { 1.0 };
            match hit.entry.class {
                Some(Class::Nation) => self.nation += weight * lead * 0.4,
                Some(Class::Province) => self.province += weight,
                Some(Class::City | Class::Prefecture) => self.prefecture += weight,
                Some(Class::County | Class::Banner) => self.county += weight,
                Some(Class::Autonomous) => self.autonomous += weight,
                _ if hit.entry.regions.is_empty() || hit.entry.region_ambiguous => {}
                _ if is_part_of_name(&source[hit.end..]) => {
                    // 据甘肃日报报道,…全省: only where the text names no other place.
                    if let Some(code) = lexicon.regions().named(&source[hit.start..hit.end], year) {
                        *self.named.entry(code).or_insert(0.0) += weight * OF_NAME;
                    }
                }
                _ => {
                    if let Some(code) = lexicon.regions().named(&source[hit.start..hit.end], year) {
                        let nation = code == RegionCode::NATION;
                        let votes = weight * lead * if nation { 0.4 } else { 1.0 };
                        if let Some((end, around, counted)) = outer
                            && end == hit.start
                            && around != code
                            && lexicon.regions().contains(around, code, year)
                        {
                            // 金华义乌市上半年…: the first of the two only says where the second lies.
                            *self.named.entry(around).or_insert(0.0) -= counted;
                        }
                        *self.named.entry(code).or_insert(0.0) += votes;
                        outer = Some((hit.end, code, votes));
                    }
                }
            }
        }
        let lead = &source[..source.floor_char_boundary(LEAD)];
        let bodies: usize = NATIONAL.iter().map(|body| lead.matches(body).count()).sum();
        self.nation += weight * bodies as f32;
    }

    fn winner(self, lexicon: &Lexicon, year: i16) -> Option<RegionCode> {
        let regions = lexicon.regions();
        let mut standing: HashMap<RegionCode, f32> = HashMap::new();
        for (&code, &votes) in &self.named {
            *standing.entry(code).or_insert(0.0) += votes;
            for above in [code.prefecture(), code.province()] {
                if above != code && code != RegionCode::NATION && regions.at(above, year).is_some() {
                    *standing.entry(above).or_insert(0.0) += votes * 0.4;
                }
            }
        }
        *standing.entry(RegionCode::NATION).or_insert(0.0) += self.nation;
        for (code, votes) in &mut standing {
            let name = regions.at(*code, year).map_or("", |region| region.name.as_str());
            *votes += match code.level() {
                Level::Nation => 0.0,
                Level::Province if name.ends_with("自治区") => self.autonomous,
                Level::Province if name.ends_with('市') => self.prefecture,
                Level::Province => self.province,
                Level::Prefecture => self.prefecture,
                _ if name.ends_with('区') => self.autonomous,
                _ if name.ends_with('市') => self.prefecture,
                _ => self.county,
            };
        }
        let best = standing.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        // 全市 without any name leaves open which.
        let local = self.province + self.prefecture + self.county + self.autonomous;
        (best.1 > 0.0 || local == 0.0).then_some(best.0)
    }
}

/// Whether 全省 or 全国 is only what a figure is compared with: 居全省第3位, 比全国平均水平高1.2个百分点.
fn is_compared_with(before: &str, after: &str) -> bool {
    const BEFORE: [char; 9] = ['居', '比', '于', '占', '列', '名', '较', '与', '超'];
    const AFTER: [&str; 4] = ["第", "平均", "前", "首位"];
    before.ends_with(BEFORE) || AFTER.iter().any(|word| after.starts_with(word))
}

/// Whether what follows a place makes it part of a name, or the dateline of a news agency: 北京7月31日电.
fn is_part_of_name(after: &str) -> bool {
    let dateline = after.trim_start_matches(|c: char| c.is_ascii_digit() || "月日 ".contains(c));
    NAMED_AFTER.iter().any(|word| after.starts_with(word))
        || dateline.len() < after.len() && dateline.starts_with(['电', '讯'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_of_a_year_are_no_day() {
        assert_eq!(published("衢州市2019年1-7月经济运行情况"), None);
        let long = "上半年全市经济运行平稳，主要指标好于预期。".repeat(40);
        assert_eq!(published(&format!("{long}\n来源：市统计局 发布时间：2024-10-29")), Date::new(2024, 10, 29).ok());
        assert_eq!(published(&format!("{long}\n市统计局\n2024年10月29日\n")), Date::new(2024, 10, 29).ok());
        assert_eq!(published("2019-08-07 来源:市统计局"), Date::new(2019, 8, 7).ok());
    }
}
