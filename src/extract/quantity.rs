//! A number with what belongs to it: sign, unit, `多` and `余`, the other end of a range.

use compact_str::CompactString;
use rust_decimal::Decimal;

use super::number::{self, Number};
use super::token::{Quantity, Shape};
use super::vague::{fraction, tenths, vague};
use crate::lexicon::{UnitKind, Units};
use crate::model::Bound;

/// A unit as it stands behind a number.
pub(super) struct Written {
    /// Bytes from the end of the number to the end of the unit, 多 and blanks included.
    pub len: usize,
    /// The unit without them: 亿元 of `12 多亿元`.
    pub text: CompactString,
    /// What it measures; `None` where scale words stand alone.
    pub kind: Option<UnitKind>,
    /// 多, 余: more than the number says.
    pub bound: Option<Bound>,
    /// Scale words with no unit behind them: 3万, 5个亿.
    pub scale_only: bool,
}

/// Reads the quantity whose number starts `text`, behind the words `before`; returns it with the bytes taken.
pub(super) fn quantity(units: &Units, before: &str, text: &str) -> Option<(Quantity, usize)> {
    let (sign, sign_len) = sign(text);
    let body = &text[sign_len..];
    let first = number::arabic(body)?;
    if let Some(found) = fraction(before, body, &first).filter(|_| sign.is_none()) {
        return Some(found);
    }
    if let Some((percent, len)) = tenths(&first, &body[first.len..]).filter(|_| sign.is_none()) {
        // 占比近7成
        return Some((Quantity::new(percent, "%", UnitKind::Percent), len));
    }
    let lower = unit(units, &body[first.len..]);
    let (high, mut len, unit) = match range_end(units, before, body, &first, lower.as_ref()) {
        Some((high, len)) => (Some(high), len, unit(units, &body[len..])),
        None => (None, first.len, lower),
    };
    let value = if sign == Some(Sign::Minus) { -first.value } else { first.value };
    let mut quantity =
        Quantity { high, signed: sign.is_some(), repaired: first.repaired, ..Quantity::new(value, "", None) };
    if let Some(written) = unit {
        // 100余亿元以上项目 counts projects of over 亿元: a threshold is never vague.
        if written.bound.is_some()
            && written.kind == Some(UnitKind::Money)
            && body[len + written.len..].starts_with("以上")
        {
            let more = body[len..].chars().next().map_or(0, char::len_utf8);
            let counted = Quantity { bound: Some(Bound::Gt), ..Quantity::new(first.value, "", UnitKind::Count) };
            return Some((counted, sign_len + len + more));
        }
        // 1亿2000万元, 2万3千元: what follows the first scale word counts below it.
        if let Some((lesser, unit, taken)) = below_scale(units, &body[len..], &written) {
            quantity.value += if quantity.value.is_sign_negative() { -lesser } else { lesser };
            quantity.unit = unit;
            quantity.unit_kind = Some(UnitKind::Money);
            return Some((quantity, sign_len + len + taken));
        }
        len += written.len;
        quantity.unit = written.text;
        quantity.unit_kind = written.kind;
        quantity.bound = written.bound;
    }
    Some((quantity, sign_len + len))
}

/// Reads the quantity in Chinese numerals that starts `text`: `九千七百六十一亿元`, `百分之五点六`, `七成`, `几十台`.
///
/// A single numeral before a counting word (三大任务, 八项支出) is part of a name and gives nothing.
pub(super) fn chinese_quantity(units: &Units, text: &str) -> Option<(Quantity, usize)> {
    for (prefix, unit) in [("百分之", "%"), ("千分之", "‰")] {
        if let Some(rest) = text.strip_prefix(prefix) {
            let read = number::chinese(rest).or_else(|| number::arabic(rest))?;
            let mut percent = Quantity::new(read.value, unit, UnitKind::Percent);
            let mut len = prefix.len() + read.len;
            // 百分之二十至三十, 百分之五到百分之六
            if let Some(after) = text[len..].strip_prefix(['到', '至'])
                && let rest = after.strip_prefix(prefix).unwrap_or(after)
                && let Some(last) = number::chinese(rest).filter(|last| last.value > read.value)
            {
                percent.high = Some(last.value);
                len = text.len() - rest.len() + last.len;
            }
            return Some((percent, len));
        }
    }
    if let Some(read) = text.strip_prefix("万分之").and_then(number::chinese) {
        let percent = read.value.checked_div(Decimal::ONE_HUNDRED)?;
        return Some((Quantity::new(percent, "%", UnitKind::Percent), "万分之".len() + read.len));
    }
    if let Some(found) = vague(units, text) {
        return Some(found);
    }
    let read = number::chinese(text)?;
    let rest = &text[read.len..];
    // 三分之一
    if let Some(numerator) = rest.strip_prefix("分之").and_then(number::chinese) {
        let share = (numerator.value * Decimal::ONE_HUNDRED).checked_div(read.value)?.round_dp(2);
        return Some((Quantity::new(share, "%", UnitKind::Percent), read.len + "分之".len() + numerator.len));
    }
    if rest.starts_with('成') && tenths(&read, rest).is_none() {
        return None;
    }
    if let Some((percent, len)) = tenths(&read, rest) {
        return Some((Quantity::new(percent, "%", UnitKind::Percent), len));
    }
    // 一千到两千万元: both ends share the unit of the last.
    let to = rest.chars().next().filter(|c| matches!(c, '到' | '至' | '—' | '-')).map_or(0, char::len_utf8);
    let last = (to > 0).then(|| number::chinese(&rest[to..])).flatten().filter(|last| last.value > read.value);
    let len = read.len + last.map_or(0, |last| to + last.len);
    let written = unit(units, &text[len..])?;
    if last.is_none() && !counts(&text[..read.len], &written) {
        return None;
    }
    let mut quantity = Quantity::new(read.value, &written.text, written.kind.unwrap_or(UnitKind::Count));
    quantity.high = last.map(|last| last.value);
    quantity.bound = written.bound;
    Some((quantity, len + written.len))
}

/// Whether a Chinese numeral counts what its unit says: 九千七百六十一户, 三亿元, 五倍, but not 三大任务 or 三个代表.
fn counts(numeral: &str, written: &Written) -> bool {
    let strong =
        matches!(written.kind, Some(UnitKind::Money | UnitKind::Percent | UnitKind::Points | UnitKind::Multiple))
            || written.text.starts_with(['万', '亿']) && !written.scale_only;
    // 十余家 counts, 十家 and 十大 may be names.
    let composed = (numeral.chars().count() >= 2 || written.bound.is_some()) && numeral.contains(['十', '百', '千']);
    strong || composed && written.kind.is_some() || written.kind == Some(UnitKind::Duration)
}

/// A sign that a text writes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
}

/// The minus or plus sign that `text` starts with, and its bytes.
fn sign(text: &str) -> (Option<Sign>, usize) {
    let (sign, rest) = if let Some(rest) = text.strip_prefix(['-', '－', '−', '–']) {
        (Sign::Minus, rest)
    } else if let Some(rest) = text.strip_prefix(['+', '＋']) {
        (Sign::Plus, rest)
    } else {
        return (None, 0);
    };
    (Some(sign), text.len() - rest.len())
}

/// The upper end of a range that `body` starts with: `300—500亿元`, `5.5%-6.0%`, `10万元至20万元`, `3亿—5亿元`; and the bytes
/// up to its number's end.
fn range_end(
    units: &Units,
    before: &str,
    body: &str,
    first: &Number,
    lower: Option<&Written>,
) -> Option<(Decimal, usize)> {
    for skip in [0, lower.map_or(0, |written| written.len)] {
        let rest = &body[first.len + skip..];
        if !rest.starts_with(['—', '–', '-', '~', '～', '至', '到']) {
            continue;
        }
        let Some(dash) = ["——", "—", "–", "-", "~", "～", "至", "到"].iter().find(|dash| rest.starts_with(**dash))
        else {
            continue;
        };
        let after = &rest[dash.len()..];
        let Some(last) = number::arabic(after) else { continue };
        let upper_unit = unit(units, &after[last.len..]);
        // `由27136元到36439元` states two values; a range has nothing that a change starts from before it.
        let two_values = ["至", "到"].contains(dash) && opens_change(before);
        let same_unit = match (lower, &upper_unit) {
            (Some(lower), Some(upper)) if skip > 0 => {
                let same = lower.text == upper.text || lower.scale_only && upper.text.starts_with(lower.text.as_str());
                same && !two_values
            }
            (_, upper) => skip == 0 && upper.is_some(),
        };
        if same_unit && last.value > first.value {
            return Some((last.value, first.len + skip + dash.len() + last.len));
        }
    }
    None
}

/// Whether the clause that ends `before` has said where a change starts: 由, 由上年的, 从去年同期的.
fn opens_change(before: &str) -> bool {
    const REACH: usize = 16;
    let words = before.chars().rev().take(REACH).take_while(|c| !matches!(c, '，' | ',' | '。' | '；' | '、'));
    words.into_iter().any(|c| matches!(c, '由' | '从' | '自'))
}

/// Reads a bare unit that stands for one of it: the `亿元` of 亿元以上项目, the `百亿元` of 超百亿元.
pub(super) fn bare_unit(units: &Units, text: &str) -> Option<(Quantity, usize)> {
    let written = unit(units, text)?;
    let scaled = written.text.starts_with(['百', '千', '万', '亿']) && written.kind == Some(UnitKind::Money);
    if !scaled {
        return None;
    }
    // 百亿元 is 100 亿元; 亿元 is 1 亿元.
    let (value, unit_text) = match written.text.chars().next() {
        Some('百') => (Decimal::ONE_HUNDRED, &written.text["百".len()..]),
        Some('千') => (Decimal::ONE_THOUSAND, &written.text["千".len()..]),
        _ => (Decimal::ONE, written.text.as_str()),
    };
    let quantity = Quantity { shape: Shape::Bare, ..Quantity::new(value, unit_text, written.kind) };
    Some((quantity, written.len))
}

/// The rest of a number with two scale words, behind the figure of its first: `5千万元` of 1亿5千万元. Its value in the
/// first scale, the unit of both, and the bytes taken; money only.
fn below_scale(units: &Units, text: &str, scale: &Written) -> Option<(Decimal, CompactString, usize)> {
    if !scale.scale_only || scale.bound.is_some() || !matches!(scale.text.as_str(), "亿" | "万") {
        return None;
    }
    let rest = number::arabic(&text[scale.len..])?;
    let from = scale.len + rest.len;
    let written = unit(units, &text[from..])?;
    let plain = written.text.trim_start_matches(['百', '千', '万']);
    let (first, second) = (units.base(&scale.text).power, units.base(&written.text).power);
    if written.kind != Some(UnitKind::Money) || written.text.contains('/') || second >= first {
        return None;
    }
    let below = Decimal::from(10u64.pow((first - second).unsigned_abs()));
    let lesser = rest.value.checked_div(below).filter(|lesser| *lesser < Decimal::ONE)?;
    Some((lesser, compact_str::format_compact!("{}{plain}", scale.text), from + written.len))
}

/// Bytes of the scale words that `text` starts with: 万亿 of 万亿千瓦时, whose 千 belongs to the unit.
fn scale_len(units: &Units, text: &str) -> usize {
    let all = text.len() - text.trim_start_matches(['十', '百', '千', '万', '亿']).len();
    if all == 0 {
        return 0;
    }
    let known = |len: &usize| units.longest_prefix(&text[*len..]).is_some_and(|(_, unit)| unit > "元".len());
    (0..all).step_by("万".len()).find(known).unwrap_or(all)
}

/// Reads a unit at the start of `text`: blanks, 多 or 余, scale words, the unit, a second one in brackets, a denominator.
pub(super) fn unit(units: &Units, text: &str) -> Option<Written> {
    let blanks = blank_len(text);
    let mut at = blanks;
    let mut more = more_len(&text[at..]);
    at += more;
    let mut written = CompactString::default();
    // A scale word is one only before a unit or where nothing follows it; 千瓦 and 千米 are units of their own.
    let before_scale = at;
    let whole = units.longest_prefix(&text[at..]);
    if whole.is_none_or(|(_, len)| text[at..at + len].chars().count() < 2) {
        let scale = scale_len(units, &text[at..]);
        written.push_str(&text[at..at + scale]);
        at += scale;
        if scale > 0 {
            // 46000多标箱 has 多 before its unit, 3万多户 behind its scale.
            let behind = more_len(&text[at..]);
            more += behind;
            at += behind;
            if behind > 0 {
                // 5千多万元
                let scale = scale_len(units, &text[at..]);
                written.push_str(&text[at..at + scale]);
                at += scale;
            }
        }
    }
    let bound = (more > 0).then_some(Bound::Gt);
    let scaled = !written.is_empty();
    // 3个亿: 个 stands before the scale; 600万个 has it as its unit.
    for (words, bound) in [("个亿", bound), ("个多亿", Some(Bound::Gt))] {
        if !scaled
            && let Some(after) = text[at..].strip_prefix(words)
            && !after.starts_with('元')
        {
            let len = at + words.len();
            return Some(Written { len, text: "亿".into(), kind: Some(UnitKind::Money), bound, scale_only: true });
        }
    }
    // 孕产妇死亡率6.5/10万
    if let Some(per) = ["/10万", "/十万"].iter().find(|per| text.starts_with(**per)) {
        let kind = Some(UnitKind::Count);
        return Some(Written { len: per.len(), text: "/10万".into(), kind, bound: None, scale_only: false });
    }
    let start = if scaled { at + blank_len(&text[at..]) } else { at };
    let behind_scale = if start == before_scale { whole } else { units.longest_prefix(&text[start..]) };
    let Some((found, len)) = behind_scale else {
        return scaled.then_some(Written { len: at, text: written, kind: None, bound, scale_only: true });
    };
    // `9 126元` keeps its blanks out of the unit; wide blanks before 个 or 家 end the number.
    let wide = blanks > 1;
    if wide && found.kind == UnitKind::Count && matches!(&text[start..start + len], "个" | "家") {
        return None;
    }
    at = start + len;
    at += second_len(units, &text[at..]);
    written.push_str(&text[start..at]);
    let denominator = denominator_len(units, &text[at..]);
    if let Some(per) = text[at..at + denominator].strip_prefix(['/', '每']) {
        // 微克每立方米 is 微克/立方米.
        written.push('/');
        written.push_str(per);
    }
    at += denominator;
    let kind = match found.kind {
        // 分 is money in 分/千瓦时 only.
        UnitKind::Fen if denominator == 0 => return None,
        UnitKind::Fen => UnitKind::Money,
        kind => kind,
    };
    Some(Written { len: at, text: written, kind: Some(kind), bound, scale_only: false })
}

/// Bytes of the blanks and line ends that `text` starts with.
fn blank_len(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\n', '\u{a0}']).len()
}

/// Bytes of 多, 余 and the like at the start of `text`, where they say that the number is exceeded: 6万多户, but not 多年 or 余额.
fn more_len(text: &str) -> usize {
    let Some(rest) = text.strip_prefix(['多', '余', '来', '几']) else { return 0 };
    let exceeded = rest.starts_with(|c: char| !"年于额下地".contains(c));
    if exceeded { text.len() - rest.len() } else { 0 }
}

/// Bytes of a second unit in brackets: 头（只）, 套（间）.
fn second_len(units: &Units, text: &str) -> usize {
    let Some(inner) = text.strip_prefix(['（', '(']) else { return 0 };
    let Some((_, len)) = units.longest_prefix(inner) else { return 0 };
    inner[len..].strip_prefix(['）', ')']).map_or(0, |after| text.len() - after.len())
}

/// Bytes of a denominator with its stroke: 元/吨, 吨标准煤/万元.
fn denominator_len(units: &Units, text: &str) -> usize {
    let Some(rest) = text.strip_prefix(['/', '每']) else { return 0 };
    let scale = rest.len() - rest.trim_start_matches(['百', '千', '万', '亿']).len();
    let whole = units.longest_prefix(rest).filter(|(_, len)| *len > "千".len()).map(|(_, len)| len);
    let len = whole.or_else(|| units.longest_prefix(&rest[scale..]).map(|(_, len)| scale + len));
    len.map_or(0, |len| text.len() - rest.len() + len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    /// Surface, value, upper end, unit, bound.
    type Read<'t> = (&'t str, String, Option<String>, String, Option<Bound>);

    /// What is taken of `text`.
    fn read(text: &str) -> Option<Read<'_>> {
        let lexicon = Lexicon::bundled().expect("the bundled tables are sound");
        let units = lexicon.units();
        let (quantity, len) = quantity(units, "", text).or_else(|| chinese_quantity(units, text))?;
        let high = quantity.high.map(|high| high.to_string());
        Some((&text[..len], quantity.value.to_string(), high, quantity.unit.to_string(), quantity.bound))
    }

    #[test]
    fn quantities_with_their_units() {
        for (text, surface, value, high, unit, bound) in [
            ("1359.3亿元，", "1359.3亿元", "1359.3", None, "亿元", None),
            ("-8.7%，", "-8.7%", "-8.7", None, "%", None),
            ("2.2个百分点", "2.2个百分点", "2.2", None, "个百分点", None),
            ("3.84亿千瓦时", "3.84亿千瓦时", "3.84", None, "亿千瓦时", None),
            ("6万多户", "6万多户", "6", None, "万户", Some(Bound::Gt)),
            ("100余家", "100余家", "100", None, "家", Some(Bound::Gt)),
            ("5个亿，", "5个亿", "5", None, "亿", None),
            ("600万个", "600万个", "600", None, "万个", None),
            ("12.5元/公斤", "12.5元/公斤", "12.5", None, "元/公斤", None),
            ("3.2万头（只）", "3.2万头（只）", "3.2", None, "万头（只）", None),
            ("300—500亿元", "300—500亿元", "300", Some("500"), "亿元", None),
            ("5.5%-6.0%", "5.5%-6.0%", "5.5", Some("6.0"), "%", None),
            ("27136元到36439元", "27136元到36439元", "27136", Some("36439"), "元", None),
            ("3亿—5亿元", "3亿—5亿元", "3", Some("5"), "亿元", None),
            ("9 126元", "9 126元", "9126", None, "元", None),
            ("8265 4.7", "8265", "8265", None, "", None),
            ("3余额", "3", "3", None, "", None),
            ("九千七百六十一亿元", "九千七百六十一亿元", "9761", None, "亿元", None),
            ("百分之五点六", "百分之五点六", "5.6", None, "%", None),
            ("三分之一", "三分之一", "33.33", None, "%", None),
            ("六成半", "六成半", "65", None, "%", None),
            ("几十台", "几十台", "20", Some("99"), "台", None),
            ("一千到两千万元", "一千到两千万元", "1000", Some("2000"), "万元", None),
        ] {
            let expected = (surface, value.to_owned(), high.map(str::to_owned), unit.to_owned(), bound);
            assert_eq!(read(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn numerals_in_names_are_no_quantities() {
        for text in ["三大任务", "八项支出", "两个", "亿元以上"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_bare_unit_is_one_of_it() {
        let lexicon = Lexicon::bundled().expect("the bundled tables are sound");
        for (text, value, unit) in [("亿元以上", "1", "亿元"), ("百亿元", "100", "亿元")] {
            let read =
                bare_unit(lexicon.units(), text).map(|(quantity, _)| (quantity.value.to_string(), quantity.unit));
            assert_eq!(read, Some((value.to_owned(), unit.into())), "{text}");
        }
        assert!(bare_unit(lexicon.units(), "万户").is_none(), "only money is left without its number");
    }
}
