//! What holds for any text: of report-like scraps put together at random, and of arbitrary characters.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::string::string_regex;
use zhibiao::document::{blocks, clean};
use zhibiao::model::{Basis, Bound, Reading, Span};
use zhibiao::resolve;

use crate::reading::{LEXICON, document, extracted};

/// What reports are made of.
#[rustfmt::skip]
const SCRAPS: &[&str] = &[
    "2022年", "1—7月", "1-6月", "7月", "上半年", "前三季度", "今年以来", "截至6月底", "2021年末", "“十四五”期间", "到2025年", "8月19日",
    "二〇二二年", "当月", "全市", "全省", "全县", "全区", "柯城区", "龙游县", "江山", "衢州市", "我市", "全国", "开发区", "有限公司", "项目", "三期",
    "规上工业增加值", "固定资产投资", "工业投资", "生产总值", "GDP", "出口", "进出口总值", "存款余额", "常住人口", "居民消费价格", "城镇、农村居民人均可支配收入",
    "三次产业结构", "一般公共预算收入", "用电量", "第三产业", "5A级景区", "PM2.5", "500强", "R&D", "实现", "完成", "达到", "增长", "下降", "同比",
    "环比", "比上年", "较年初", "回落", "收窄", "持平", "翻一番", "由", "提高到", "占", "比重", "高于", "低于", "居", "第", "位", "前三", "排名", "前移",
    "连续", "分别", "其中", "从行业看", "预计", "力争", "超过", "近", "约", "不足", "以上", "左右", "多", "贡献率", "拉动", "年均", "两年平均", "为", "的",
    "和", "与", "是", "亿元", "万元", "元", "%", "％", "‰", "个百分点", "万人", "家", "个", "倍", "元/吨", "吨标准煤/万元", "万千瓦时", "个月", "万美元", "成",
    "0", "1", "4.2", "30.3", "-2.6", "1359.3", "1,668,952", "９", "２７１．０２", "54 312", "14..3", "1·8", "18:35:47", "4.7∶42.5∶52.8", "5%~6%", "007",
    "12345678901234567890123456789012345678901234567890", "一", "三成", "两位数", "百分之五", "五十七万", "过半", "几十", "Ⅲ", "½", "٣", ",", "，", "。",
    "；", "、", "：", ":", "(", ")", "（", "）", "[2]", "〔2022〕15号", "“", "”", "—", "~", "－", "/", "<", ">", "|", "\t", "　", " ", "  ", "\n", "\n\n",
    "\r\n", "\u{feff}", "\u{200b}", "😀", "# ", "一、", "（二）", "1. ", "|---|---|", "| 柯城区 | 4.9 | 11.3 |", "增速%", "绝对数（亿元）",
];

/// Mark-up, whose digits are no numbers of the text.
#[rustfmt::skip]
const TAGS: &[&str] = &[
    "<p>", "</p>", "<br/>", "<table border=\"1\">", "<tr>", "<td width=\"120\">", "<TH colspan=2 rowspan='3'>", "</td>", "</tr>", "</table>",
    "<span style=\"font-size:16px\">", "</span>", "<!-- 12 -->", "<style>td{width:3px}</style>", "&nbsp;", "&#8212;", "&lt;",
];

/// A text, and for each of its scraps its end and whether it is mark-up.
#[derive(Clone, Debug)]
struct Patchwork {
    text: String,
    scraps: Vec<(usize, bool)>,
}

impl Patchwork {
    fn of(scraps: &[(&str, bool)]) -> Patchwork {
        let mut patchwork = Patchwork { text: String::new(), scraps: Vec::new() };
        for (scrap, is_tag) in scraps {
            patchwork.text.push_str(scrap);
            patchwork.scraps.push((patchwork.text.len(), *is_tag));
        }
        patchwork
    }

    /// Bytes of the ASCII digits outside mark-up.
    fn digits(&self) -> impl Iterator<Item = usize> + '_ {
        let outside = |at: &usize| !self.scraps[self.scraps.partition_point(|(end, _)| end <= at)].1;
        self.text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()).map(|(at, _)| at).filter(outside)
    }
}

fn patchwork() -> impl Strategy<Value = Patchwork> {
    let scrap = prop_oneof![
        30 => select(SCRAPS).prop_map(|scrap| (scrap, false)),
        1 => select(TAGS).prop_map(|tag| (tag, true)),
    ];
    let marked_up = prop_oneof![
        1 => select(SCRAPS).prop_map(|scrap| (scrap, false)),
        1 => select(TAGS).prop_map(|tag| (tag, true)),
    ];
    let scraps = prop_oneof![3 => prop::collection::vec(scrap, 0..48), 1 => prop::collection::vec(marked_up, 0..48)];
    scraps.prop_map(|scraps| Patchwork::of(&scraps))
}

/// Text with a little of everything that Unicode has.
fn any_text() -> impl Strategy<Value = String> {
    let mixed = "([0-9０-９.,%％]{1,6}|\\PC{1,4}|[\\s\\x00-\\x1f]|[一-龥]{1,3}|<[a-z0-9 ]{0,4}>?){0,40}";
    prop_oneof![any::<String>(), string_regex(mixed).unwrap()]
}

fn read(text: &str) -> Reading {
    resolve::read(&LEXICON, &document(text, "330800", "2022-08-19"))
}

fn check_span(text: &str, span: Span) -> Result<(), TestCaseError> {
    let [start, end, first, last] =
        [span.byte_start, span.byte_end, span.char_start, span.char_end].map(|at| at as usize);
    prop_assert!(start < end && end <= text.len(), "{span:?}");
    let by_chars: String = text.chars().skip(first).take(last - first).collect();
    prop_assert_eq!(text.get(start..end), Some(by_chars.as_str()));
    prop_assert_eq!(text[..start].chars().count(), first);
    prop_assert_eq!(span.of(text), by_chars);
    Ok(())
}

/// Everything that holds of a reading, whatever the text.
pub fn check(text: &str, reading: &Reading) -> Result<(), TestCaseError> {
    for row in &reading.observations {
        check_span(text, row.span)?;
        check_span(text, row.sentence)?;
        prop_assert!(row.sentence.byte_start <= row.span.byte_start && row.span.byte_end <= row.sentence.byte_end);
        prop_assert!(row.period.start <= row.period.end);
        prop_assert!(row.period.basis == Basis::Flow || row.period.start == row.period.end);
        prop_assert_eq!(row.bound == Bound::Range, row.value_high.is_some());
        prop_assert!((0.0..=1.0).contains(&row.confidence));
        prop_assert!(!row.indicator_text.is_empty());
    }
    for number in &reading.unused {
        check_span(text, number.span)?;
    }
    let observed: Vec<u32> = reading.observations.iter().map(|row| row.span.byte_start).collect();
    prop_assert!(observed.is_sorted(), "{observed:?}");
    let unused: Vec<u32> = reading.unused.iter().map(|number| number.span.byte_start).collect();
    prop_assert!(unused.is_sorted(), "{unused:?}");
    Ok(())
}

fn accounted(reading: &Reading, at: usize) -> bool {
    let mut spans =
        reading.observations.iter().map(|row| row.span).chain(reading.unused.iter().map(|number| number.span));
    spans.any(|span| (span.byte_start as usize..span.byte_end as usize).contains(&at))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 768, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scraps_of_reports_are_read_and_every_digit_is_accounted_for(given in patchwork()) {
        let reading = read(&given.text);
        check(&given.text, &reading)?;
        for at in given.digits() {
            prop_assert!(accounted(&reading, at), "the digit at byte {at} of {:?}", given.text);
        }
    }

    #[test]
    fn any_text_is_read_and_every_digit_is_accounted_for(text in any_text()) {
        let reading = read(&text);
        check(&text, &reading)?;
        let cleaned = clean(&text);
        for (at, _) in cleaned.text().char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            let given = cleaned.given_bytes(at..at + 1);
            prop_assert!(accounted(&reading, given.start), "{:?} of {text:?}", &text[given]);
        }
    }

    #[test]
    fn reading_twice_gives_the_same(given in patchwork()) {
        prop_assert_eq!(read(&given.text), read(&given.text));
    }

    #[test]
    fn no_two_rows_of_a_document_have_one_name(given in patchwork()) {
        let document = document(&given.text, "330800", "2022-08-19");
        let reading = resolve::read(&LEXICON, &document);
        let stated = reading.observations.len();
        let rows = extracted(document, reading);
        let names: BTreeSet<&str> = rows.column("obs_id").unwrap().str().unwrap().iter().flatten().collect();
        prop_assert_eq!(names.len(), stated, "{:?}", given.text);
    }

    #[test]
    fn a_clean_text_leads_back_to_the_given_one(text in any_text(), given in patchwork()) {
        for text in [text, given.text] {
            check_clean(&text)?;
        }
    }
}

fn check_clean(text: &str) -> Result<(), TestCaseError> {
    let cleaned = clean(text);
    prop_assert_eq!(cleaned.given(), text);
    let mut last = 0;
    for (at, c) in cleaned.text().char_indices() {
        let bytes = cleaned.given_bytes(at..at + c.len_utf8());
        let from = text.get(bytes.clone());
        let from = from.unwrap_or_default();
        let first = from.chars().next().unwrap_or_default();
        let entity = first == '&' && (from.ends_with(';') || from == "&");
        prop_assert!(from.chars().count() == 1 || entity, "{bytes:?} for {c:?} in {text:?}");
        let half_width = char::from_u32((first as u32).wrapping_sub(0xFEE0));
        // A tag or a line break inside a table became the mark of a cell, or a break inside one.
        let of_table =
            matches!(c, '\n' | '\u{2028}' | '\u{f0000}'..='\u{f3fff}') && (first == '<' || first.is_whitespace());
        prop_assert!(c == first || Some(c) == half_width || entity || of_table, "{c:?} from {from:?}");
        prop_assert!(bytes.start >= last, "{bytes:?} after {last} in {text:?}");
        last = bytes.start;
    }
    // Ranges of several characters: the blocks, and the whole.
    for bytes in
        blocks(cleaned.text()).into_iter().map(|block| block.bytes).chain(std::iter::once(0..cleaned.text().len()))
    {
        let given = cleaned.given_bytes(bytes.clone());
        prop_assert!(text.get(given.clone()).is_some(), "{bytes:?} from {given:?} of {text:?}");
    }
    Ok(())
}

/// Texts that repeat themselves: a reader that looks back over all of them for each number would take hours.
#[test]
fn long_repetitions_are_read_in_one_go() {
    const PATTERNS: [&str; 19] = [
        "指标\n绝对数（亿元）\n增长%\n地区生产总值\n1\n2\n",
        "指标\n1\n",
        "|甲|1|\n",
        "甲|\n1|\n",
        "甲\t乙\n丙\t1\n",
        "<tr><td>甲</td><td colspan=64 rowspan=256>1</td></tr>",
        "<tr><td>1",
        "<!-- 1<style>",
        "1\n",
        "甲\n1\n",
        "规上工业增加值30.3亿元，增长6%，",
        "1位居",
        "(1",
        "(1)",
        "产值(增长1%",
        "1,111,",
        "1:",
        "2022年1",
        "一1",
    ];
    for pattern in PATTERNS {
        let reading = read(&pattern.repeat(20_000));
        assert!(reading.observations.len() + reading.unused.len() > 1000, "numbers of {pattern:?} went missing");
    }
}
