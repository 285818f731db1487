//! Numbers without all their figures: 几十台, 两三家, 近万人, 三分之一, 九成五, 过半, 翻番.

use rust_decimal::Decimal;

use super::number::{self, Number};
use super::quantity::unit;
use super::token::{Quantity, Shape, mark};
use crate::lexicon::{Class, UnitKind, Units};
use crate::model::Bound;

/// `几十台`, `数百家`, `几万人`: from twice what 几 counts to just below ten times; `二十几个` from 21 to 29.
pub(super) fn vague(units: &Units, text: &str) -> Option<(Quantity, usize)> {
    let (low, high, rest) = if let Some((low, high, len)) = neighbours(text) {
        let rest = &text[len..];
        let (power, len) = power(rest).unwrap_or((1, 0));
        (low * power, high * power, &rest[len..])
    } else if let Some(rest) = text.strip_prefix(['几', '数']) {
        let (power, len) = power(rest).unwrap_or((1, 0));
        let rest = &rest[len..];
        if len == 0 && !rest.starts_with(['万', '亿']) {
            return None;
        }
        (2 * power, 10 * power - 1, rest)
    } else {
        let tens = number::chinese(text).filter(|tens| text[..tens.len].ends_with('十'))?;
        let tens_value = i64::try_from(tens.value).ok()?;
        (tens_value + 1, tens_value + 9, text[tens.len..].strip_prefix('几')?)
    };
    let written = unit(units, rest)?;
    let kind = written.kind.unwrap_or(UnitKind::Count);
    let quantity = Quantity::new(Decimal::from(low), &written.text, kind);
    Some((Quantity { high: Some(Decimal::from(high)), ..quantity }, text.len() - rest.len() + written.len))
}

/// `10分之1`, and `1/3` where words say that it is a part: 占1/3, 1/4左右; in percent.
pub(super) fn fraction(before: &str, body: &str, first: &Number) -> Option<(Quantity, usize)> {
    const MOST_PARTS: i64 = 10;
    let rest = &body[first.len..];
    let (numerator, denominator, len) = if let Some(after) = rest.strip_prefix("分之") {
        let second = number::arabic(after)?;
        (second.value, first.value, first.len + "分之".len() + second.len)
    } else {
        let second = number::arabic(rest.strip_prefix('/')?)?;
        let len = first.len + "/".len() + second.len;
        let part = before.ends_with(['占', '的', '近', '约', '超', '过', '足', '有', '为', '达', '到'])
            || ["以上", "左右", "以下", "强"].iter().any(|bound| body[len..].starts_with(bound));
        let small = second.value <= Decimal::from(MOST_PARTS) && first.value < second.value;
        let ends = !body[len..].starts_with(|c: char| c.is_alphanumeric() && "年月日万亿".contains(c) || c == '/');
        (part && small && ends).then_some((first.value, second.value, len))?
    };
    let share = (numerator * Decimal::ONE_HUNDRED).checked_div(denominator)?.round_dp(2);
    Some((Quantity::new(share, "%", UnitKind::Percent), len))
}

/// `两三家`, `七八十户`, `三五个`: two numerals that say about how many, and their bytes. 一二 and 二三 are ordinals (二三产业).
fn neighbours(text: &str) -> Option<(i64, i64, usize)> {
    const PAIRS: [(&str, i64, i64); 9] = [
        ("一两", 1, 2),
        ("两三", 2, 3),
        ("三四", 3, 4),
        ("三五", 3, 5),
        ("四五", 4, 5),
        ("五六", 5, 6),
        ("六七", 6, 7),
        ("七八", 7, 8),
        ("八九", 8, 9),
    ];
    let (pair, low, high) = PAIRS.into_iter().find(|(pair, ..)| text.starts_with(pair))?;
    let after = &text[pair.len()..];
    // 三四季度, 三四五
    let ordinal =
        after.starts_with(['季', '线', '产', '级']) || number::chinese(after).is_some() && power(after).is_none();
    (!ordinal).then_some((low, high, pair.len()))
}

/// Reads a unit that a bound makes a number: the `百家` of 上百家, the `万人` of 近万人, the `百万` of 超百万.
pub(super) fn one_of_scale(units: &Units, text: &str) -> Option<(Quantity, usize)> {
    let (power, len) = power(text).unwrap_or((1, 0));
    let written = unit(units, &text[len..])?;
    let scaled = written.text.starts_with(['万', '亿']);
    // 近千年, 近百人, but no 近百 of 近百态: a scale word alone is one only from 万 on, and before a mark.
    let ends = text[len + written.len..].chars().next().is_none_or(|c| mark(c).is_some() || c == '的');
    if !scaled && len == 0 || written.scale_only && !(scaled && ends) {
        return None;
    }
    let kind = written.kind.unwrap_or(UnitKind::Count);
    let quantity = Quantity { bound: written.bound, ..Quantity::new(Decimal::from(power), &written.text, kind) };
    Some((quantity, len + written.len))
}

/// The power of ten that `text` starts with, below 万, and its bytes.
fn power(text: &str) -> Option<(i64, usize)> {
    let power = match text.chars().next()? {
        '十' => 10,
        '百' => 100,
        '千' => 1000,
        _ => return None,
    };
    Some((power, "十".len()))
}

/// `七成`, `六成半`: the percentage, and the bytes of numeral and 成. `rest` follows the numeral `read`.
pub(super) fn tenths(read: &Number, rest: &str) -> Option<(Decimal, usize)> {
    // 一成立, 三成员: 成 is the beginning of a word.
    const WORDS: [char; 15] =
        ['立', '为', '员', '本', '果', '效', '功', '绩', '长', '都', '交', '品', '份', '熟', '就'];
    let after = rest.strip_prefix('成')?;
    if read.value >= Decimal::TEN || after.starts_with(WORDS) {
        return None;
    }
    let (unit, len) = match after.strip_prefix('半') {
        Some(_) => (5, "半".len()),
        None => units_of_tenth(after).unwrap_or((0, 0)),
    };
    Some((read.value * Decimal::TEN + Decimal::from(unit), read.len + "成".len() + len))
}

/// The 五 of 九成五: a numeral right behind 成 that counts nothing of its own.
fn units_of_tenth(after: &str) -> Option<(i64, usize)> {
    let mut chars = after.chars();
    let numeral = chars.next()?;
    let ends = chars.next().is_none_or(|c| mark(c).is_some() || "的以左上多".contains(c));
    let value = "一二三四五六七八九".chars().position(|c| c == numeral).filter(|_| ends)?;
    Some((value as i64 + 1, numeral.len_utf8()))
}

/// The number that a word stands for, and its bytes: 占全市的一半, 比重过半, 实现翻番. The rest of the word is none of it.
pub(super) fn number_word(class: Class, word: &str) -> Option<(Quantity, usize)> {
    let percent = |value: i64, bound| Quantity { bound, ..Quantity::new(Decimal::from(value), "%", UnitKind::Percent) };
    Some(match class {
        Class::Flat => (Quantity { shape: Shape::Flat, ..percent(0, None) }, word.len()),
        Class::Fold => {
            // 翻两番 is four times as much, +300 %; 翻了一番多 and 近一番 bound it.
            let times = if word.contains('两') {
                2
            } else if word.contains('三') {
                3
            } else {
                1
            };
            let growth = (1 << times) * 100 - 100;
            let bound = if word.contains('近') { Some(Bound::Lt) } else { word.contains('多').then_some(Bound::Gt) };
            let surface = word.strip_suffix('多').unwrap_or(word);
            (Quantity { shape: Shape::Fold, ..percent(growth, bound) }, surface.len())
        }
        Class::Half => {
            let bound = match word {
                "一半" | "半数" => None,
                _ if word.ends_with("以上") => Some(Bound::Ge),
                _ if word.starts_with('近') => Some(Bound::Lt),
                _ => Some(Bound::Gt),
            };
            (percent(50, bound), word.len())
        }
        // 两位数增长 is growth of ten per cent at least.
        Class::Digits2 => {
            let surface = if word.starts_with('双') { "双位数" } else { "两位数" };
            let shape = if word.ends_with("增长") { Shape::Fold } else { Shape::Plain };
            (Quantity { shape, ..percent(10, Some(Bound::Ge)) }, surface.len())
        }
        _ => return None,
    })
}
