//! A number with what belongs to it: sign, unit, `多` and `余`, the other end of a range.

use compact_str::CompactString;
use rust_decimal::Decimal;

use super::number::{self, Number};
use super::token::{Quantity, Shape};
use crate::lexicon::{UnitKind, Units};
use crate::model::Bound;

/// A unit as it stands behind a number.
struct Written {
    /// Bytes from the end of the number to the end of the unit, 多 and blanks included.
    len: usize,
    text: CompactString,
    kind: Option<UnitKind>,
    bound: Option<Bound>,
    /// Bytes that belong to the number's surface but come after the unit: 多 in 46000多标箱 stands before it.
    scale_only: bool,
}

/// Reads the quantity whose number starts `text`; returns it with the bytes taken.
pub(super) fn quantity(units: &Units, text: &str) -> Option<(Quantity, usize)> {
    let (negative, signed, sign_len) = sign(text);
    let body = &text[sign_len..];
    let first = number::arabic(body)?;
    let (value, high, mut len) = match range_end(units, body, &first) {
        Some((high, len)) => (first.value, Some(high), len),
        None => (first.value, None, first.len),
    };
    let unit = unit(units, &body[len..]);
    let mut bound = None;
    let (mut unit_text, mut kind) = (CompactString::default(), None);
    if let Some(written) = unit {
        // 100余亿元以上项目 counts projects of over 亿元: a threshold is never vague.
        let vague = written.bound.is_some() && written.kind == Some(UnitKind::Money) && body[len + written.len..].starts_with("以上");
        if vague {
            let more = body[len..].chars().next().map_or(0, char::len_utf8);
            let quantity = Quantity {
                value: first.value,
                high: None,
                unit: CompactString::default(),
                unit_kind: Some(UnitKind::Count),
                shape: Shape::Plain,
                bound: Some(Bound::Gt),
                signed: false,
                repaired: false,
                chinese: false,
            };
            return Some((quantity, sign_len + len + more));
        }
        len += written.len;
        (unit_text, kind, bound) = (written.text, written.kind, written.bound);
    }
    let value = if negative { -value } else { value };
    let quantity = Quantity {
        value,
        high,
        unit: unit_text,
        unit_kind: kind,
        shape: Shape::Plain,
        bound,
        signed,
        repaired: first.repaired,
        chinese: false,
    };
    Some((quantity, sign_len + len))
}

/// Reads the quantity in Chinese numerals that starts `text`: `九千七百六十一亿元`, `百分之五点六`, `七成`, `几十台`.
///
/// A single numeral before a counting word (三大任务, 八项支出) is part of a name and gives nothing.
pub(super) fn chinese_quantity(units: &Units, text: &str) -> Option<(Quantity, usize)> {
    let plain = |value, unit: &str, kind, high| Quantity {
        value,
        high,
        unit: unit.into(),
        unit_kind: Some(kind),
        shape: Shape::Plain,
        bound: None,
        signed: false,
        repaired: false,
        chinese: true,
    };
    for (prefix, unit) in [("百分之", "%"), ("千分之", "‰")] {
        if let Some(rest) = text.strip_prefix(prefix) {
            let read = number::chinese(rest).or_else(|| number::arabic(rest))?;
            return Some((plain(read.value, unit, UnitKind::Percent, None), prefix.len() + read.len));
        }
    }
    if let Some(rest) = text.strip_prefix("几十") {
        let written = unit(units, rest).filter(|written| !written.scale_only)?;
        let kind = written.kind?;
        let quantity = plain(Decimal::from(20), &written.text, kind, Some(Decimal::from(99)));
        return Some((quantity, "几十".len() + written.len));
    }
    let read = number::chinese(text)?;
    let rest = &text[read.len..];
    // 三分之一
    if let Some(numerator) = rest.strip_prefix("分之").and_then(number::chinese) {
        let share = (numerator.value * Decimal::ONE_HUNDRED).checked_div(read.value)?.round_dp(2);
        return Some((plain(share, "%", UnitKind::Percent, None), read.len + "分之".len() + numerator.len));
    }
    // 七成, 六成半
    if let Some(after) = rest.strip_prefix('成')
        && read.value < Decimal::TEN
        && !after.starts_with(['立', '为', '员', '本', '果', '效', '功', '绩', '长', '都', '交', '品', '份', '熟', '就'])
    {
        let half = after.starts_with('半');
        let percent = read.value * Decimal::TEN + Decimal::from(if half { 5 } else { 0 });
        let len = read.len + "成".len() + if half { "半".len() } else { 0 };
        return Some((plain(percent, "%", UnitKind::Percent, None), len));
    }
    // 一千到两千万元: both ends share the unit of the last.
    let (high, len) = match rest.strip_prefix(['到', '至', '—', '-']).and_then(number::chinese) {
        Some(last) if last.value > read.value => {
            (Some(last.value), text.len() - rest.len() + rest.chars().next().map_or(0, char::len_utf8) + last.len)
        }
        _ => (None, read.len),
    };
    let written = unit(units, &text[len..])?;
    let kind = written.kind;
    let numerals = text[..read.len].chars().count();
    let strong = matches!(kind, Some(UnitKind::Money | UnitKind::Percent | UnitKind::Points | UnitKind::Multiple))
        || written.text.starts_with(['万', '亿']) && !written.scale_only;
    let scaled = text[..read.len].contains(['十', '百', '千']);
    let counted = numerals >= 2 && scaled && kind.is_some() || kind == Some(UnitKind::Duration);
    if !(strong || counted) {
        return None;
    }
    let mut quantity = plain(read.value, &written.text, kind.unwrap_or(UnitKind::Count), high);
    quantity.bound = written.bound;
    Some((quantity, len + written.len))
}

/// Whether `text` starts with a minus or plus sign that belongs to a number.
fn sign(text: &str) -> (bool, bool, usize) {
    for (sign, negative) in [("-", true), ("－", true), ("−", true), ("–", true), ("+", false), ("＋", false)] {
        if text.starts_with(sign) {
            return (negative, true, sign.len());
        }
    }
    (false, false, 0)
}

/// The upper end of a range that `body` starts with: `300—500亿元`, `5.5%-6.0%`, `4.1元—4.2元`; and the bytes up to its number's end.
fn range_end(units: &Units, body: &str, first: &Number) -> Option<(Decimal, usize)> {
    let mut at = first.len;
    let lower_unit = unit(units, &body[at..]);
    for skip in [0, lower_unit.as_ref().map_or(0, |written| written.len)] {
        let rest = &body[at + skip..];
        let Some(dash) = ["——", "—", "–", "-", "~", "～", "至", "到"].iter().find(|dash| rest.starts_with(**dash)) else {
            continue;
        };
        let after = &rest[dash.len()..];
        let Some(last) = number::arabic(after) else { continue };
        let upper_unit = unit(units, &after[last.len..]);
        // `由27136元到36439元` states two values; a range has its dash between two numbers of one unit.
        let same_unit = match (&lower_unit, &upper_unit) {
            (Some(lower), Some(upper)) if skip > 0 => lower.text == upper.text && !["至", "到"].contains(dash),
            (_, upper) => skip == 0 && upper.is_some(),
        };
        if same_unit && last.value > first.value {
            at += skip + dash.len() + last.len;
            return Some((last.value, at));
        }
    }
    None
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
    let quantity = Quantity {
        value,
        high: None,
        unit: unit_text.into(),
        unit_kind: written.kind,
        shape: Shape::Bare,
        bound: None,
        signed: false,
        repaired: false,
        chinese: true,
    };
    Some((quantity, written.len))
}

/// Bytes of the scale words that `text` starts with: 万亿 of 万亿千瓦时, whose 千 belongs to the unit.
fn scale_len(units: &Units, text: &str) -> usize {
    let all = text.len() - text.trim_start_matches(['十', '百', '千', '万', '亿']).len();
    let known = |len: &usize| units.longest_prefix(&text[*len..]).is_some_and(|(_, unit)| unit > "元".len());
    (0..all).step_by("万".len()).find(known).unwrap_or(all)
}

/// Reads a unit at the start of `text`: blanks, 多 or 余, scale words, the unit, a second one in brackets, a denominator.
fn unit(units: &Units, text: &str) -> Option<Written> {
    let skip_blanks = |at: usize| at + (text[at..].len() - text[at..].trim_start_matches([' ', '\n', '\u{a0}']).len());
    let mut at = skip_blanks(0);
    let blanks = at;
    let mut bound = None;
    let mut more = |at: usize| -> usize {
        let found = ["多", "余", "来", "几"].iter().find(|more| text[at..].starts_with(**more));
        let Some(more) = found.filter(|more| text[at + more.len()..].starts_with(|c: char| !"年于额下元地".contains(c) || c == '元'))
        else {
            return at;
        };
        bound = Some(Bound::Gt);
        at + more.len()
    };
    at = more(at);
    let start = at;
    let mut written = CompactString::default();
    // A scale word is one only before a unit or where nothing follows it; 千瓦 and 千米 are units of their own.
    let whole = units.longest_prefix(&text[at..]);
    if whole.is_none_or(|(_, len)| text[at..at + len].chars().count() < 2) {
        let scale = scale_len(units, &text[at..]);
        written.push_str(&text[at..at + scale]);
        at += scale;
        if scale > 0 {
            at = more(at);
            if text[at..].starts_with('个') && !text[at..].starts_with("个百分") {
                // 3个亿 keeps its 个 before the scale; 600万个 has it as its unit.
            }
        }
    }
    let scale_len = at - start;
    if scale_len == 0
        && let Some(after) = text[at..].strip_prefix("个亿")
        && !after.starts_with('元')
    {
        return Some(Written { len: at + "个亿".len(), text: "亿".into(), kind: Some(UnitKind::Money), bound, scale_only: true });
    }
    let blank_before = if scale_len > 0 { skip_blanks(at) } else { at };
    let Some((found, len)) = units.longest_prefix(&text[blank_before..]) else {
        let scale_only = scale_len > 0;
        return scale_only.then_some(Written { len: at, text: written, kind: None, bound, scale_only });
    };
    // `9 126元` keeps its blanks out of the unit; a blank before a word that is no sign of a unit ends the number.
    if blanks > 0 && found.kind == UnitKind::Count && text[blank_before..].starts_with(['个', '家']) && len == 3 && blanks > 1 {
        return None;
    }
    let mut kind = found.kind;
    written.push_str(&text[blank_before..blank_before + len]);
    at = blank_before + len;
    // 头（只）, 套（间）
    if let Some(inner) = text[at..].strip_prefix(['（', '(']) {
        let open = text[at..].len() - inner.len();
        if let Some((_, len)) = units.longest_prefix(inner)
            && let Some(close) = inner[len..].chars().next().filter(|c| matches!(c, '）' | ')'))
        {
            written.push_str(&text[at..at + open + len + close.len_utf8()]);
            at += open + len + close.len_utf8();
        }
    }
    // 元/吨, 吨标准煤/万元
    if let Some(rest) = text[at..].strip_prefix('/') {
        let scale = rest.len() - rest.trim_start_matches(['百', '千', '万', '亿']).len();
        let whole = units.longest_prefix(rest).filter(|(_, len)| *len > 3);
        let denominator = whole.or_else(|| units.longest_prefix(&rest[scale..]).map(|(unit, len)| (unit, scale + len)));
        if let Some((_, len)) = denominator {
            written.push_str(&text[at..at + 1 + len]);
            at += 1 + len;
            kind = if kind == UnitKind::Fen { UnitKind::Money } else { kind };
        }
    }
    if kind == UnitKind::Fen {
        return None;
    }
    if kind == UnitKind::Money && text[at..].starts_with("人民币") {
        // 1万亿元人民币: the currency's name changes nothing.
    }
    Some(Written { len: at, text: written, kind: Some(kind), bound, scale_only: false })
}
