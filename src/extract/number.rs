//! Numbers as reports write them.

use compact_str::CompactString;
use rust_decimal::Decimal;

/// A number read at some place of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    /// Bytes taken.
    pub len: usize,
    /// Its value, with the decimals as written.
    pub value: Decimal,
    /// A misprint was repaired on the way.
    pub repaired: bool,
}

/// Longest run of digits that is taken for a number; longer ones are account or telephone numbers.
const MOST_DIGITS: usize = 20;

/// Longest Chinese numeral in characters: 九千九百九十九万九千九百九十九点九九九九 and some more.
const MOST_NUMERALS: usize = 24;

/// Reads the Arabic number that `text` starts with: `1359.3`, `1,392,476`, `4 862`, `1,099, 160`, `12. 6`, `14..3`.
pub(super) fn arabic(text: &str) -> Option<Number> {
    plain(text).or_else(|| separated(text))
}

/// Reads digits with a decimal point at most, which most numbers are: `1359.3`. `None` where anything may follow that
/// belongs to the number too.
fn plain(text: &str) -> Option<Number> {
    const MOST: usize = 15;
    let bytes = text.as_bytes();
    let mut mantissa: i64 = 0;
    let (mut len, mut point) = (0, None);
    while let Some(&byte) = bytes.get(len) {
        match byte {
            b'0'..=b'9' if len < MOST => mantissa = mantissa * 10 + i64::from(byte - b'0'),
            b'.' if len > 0 && point.is_none() && bytes.get(len + 1).is_some_and(u8::is_ascii_digit) => {
                point = Some(len)
            }
            // Separators, misprinted points, and numbers that are too long: a closer look.
            b'0'..=b'9' | b'.' | b',' | b' ' | 0xC2 => return None,
            0xE2 | 0xEF if text[len..].starts_with(['\u{2009}', '．', '，']) => return None,
            _ => break,
        }
        len += 1;
    }
    let decimals = point.map_or(0, |point| len - point - 1);
    let value = Decimal::new(mantissa, u32::try_from(decimals).ok()?);
    (len > 0).then_some(Number { len, value, repaired: false })
}

/// Reads the Arabic number that `text` starts with: `1359.3`, `1,392,476`, `4 862`, `1,099, 160`, `12. 6`, `14..3`.
fn separated(text: &str) -> Option<Number> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = digits(0);
    if end == 0 {
        return None;
    }
    let mut number = String::with_capacity(24);
    number.push_str(&text[..end]);
    if end <= 3 {
        // Thousands: groups of exactly three digits after a comma, a comma and a blank, or a blank.
        // `23个,5亿元` has a unit before its comma, `12,15,18亿元` has groups of two: neither is one number.
        let mut gap = thousands_gap(text, end);
        while let Some(width) = gap {
            let group = end + width;
            if digits(group) != 3 || number.len() > MOST_DIGITS {
                break;
            }
            number.push_str(&text[group..group + 3]);
            end = group + 3;
            gap = thousands_gap(text, end);
        }
    }
    let mut repaired = false;
    if let Some(point) = decimal_point(&text[end..]) {
        let fraction = digits(end + point.len);
        if fraction > 0 {
            number.push('.');
            number.push_str(&text[end + point.len..end + point.len + fraction]);
            end += point.len + fraction;
            repaired = point.repaired;
        }
    }
    if number.len() > MOST_DIGITS {
        return None;
    }
    Some(Number { len: end, value: Decimal::from_str_exact(&number).ok()?, repaired })
}

/// Width of a thousands separator at `at`: `,`, `, `, a blank, or the `，` of a page typed in full width. A `，` between
/// two numbers of a sentence has a unit or words beside it.
fn thousands_gap(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    [", ", ",", "，", " ", "\u{a0}", "\u{2009}"].iter().find(|gap| rest.starts_with(**gap)).map(|gap| gap.len())
}

struct Point {
    len: usize,
    repaired: bool,
}

/// A decimal point: `.`, or the misprints `..`, `·` and `. ` of county pages.
fn decimal_point(rest: &str) -> Option<Point> {
    let misprints = [("..", true), (". ", false), (".", false), ("·", true), ("．", false)];
    misprints
        .iter()
        .find(|(text, _)| rest.starts_with(text))
        .map(|&(text, repaired)| Point { len: text.len(), repaired })
}

fn digit(c: char) -> Option<i64> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// 万 or 亿.
fn scale(c: char) -> Option<i64> {
    match c {
        '万' => Some(10_000),
        '亿' => Some(100_000_000),
        _ => None,
    }
}

/// Whether a numeral goes on after 万 or 亿: 五十七万三千, 十万零五百. 两 alone is the unit of weight: 一万两, but 一万两千.
fn goes_on(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        Some('两') => chars.next().is_some_and(|c| matches!(c, '百' | '千' | '万')),
        first => first.is_some_and(|c| digit(c).is_some()),
    }
}

/// Whether a Chinese numeral can start with `c`.
pub(super) fn starts_chinese(c: char) -> bool {
    digit(c).is_some() || matches!(c, '十' | '百' | '千' | '几' | '数')
}

/// Reads the Chinese numeral that `text` starts with: `九千七百六十一`, `二十`, `五点六`, `二〇三五`.
///
/// 万 and 亿 are left to the unit, as with Arabic digits: `二十万亿元` is 20 `万亿元`. Inside a numeral they are part of
/// it: `五十七万三千人` is 573000 `人`.
pub(super) fn chinese(text: &str) -> Option<Number> {
    let mut sections: i64 = 0;
    let mut total: i64 = 0;
    let mut pending: Option<i64> = None;
    let mut plain = 0;
    let mut positional = CompactString::default();
    let mut len = 0;
    let mut fraction: Option<CompactString> = None;
    for c in text.chars().take(MOST_NUMERALS) {
        if let Some(decimals) = &mut fraction {
            match digit(c) {
                Some(d) => decimals.push(char::from(b'0' + d as u8)),
                None => break,
            }
        } else if let Some(d) = digit(c) {
            positional.push(char::from(b'0' + d as u8));
            plain += 1;
            pending = Some(d);
        } else if let Some(power) = match c {
            '十' => Some(10),
            '百' => Some(100),
            '千' => Some(1000),
            _ => None,
        } {
            if plain > 1 && !positional.ends_with(|d: char| d != '0') {
                break;
            }
            total += pending.take().unwrap_or(1) * power;
            plain = 0;
            positional.clear();
        } else if let Some(scale) = scale(c)
            && len > 0
            && plain <= 1
            && (sections > 0 || goes_on(&text[len + c.len_utf8()..]))
        {
            // 三亿五千万: what follows the first scale word counts below it.
            sections += (total + pending.take().unwrap_or(0)) * scale;
            total = 0;
            plain = 0;
            positional.clear();
        } else if c == '点' && len > 0 && text[len + c.len_utf8()..].starts_with(|c| digit(c).is_some()) {
            fraction = Some(CompactString::default());
        } else {
            break;
        }
        len += c.len_utf8();
    }
    if len == 0 {
        return None;
    }
    let whole = if total == 0 && plain > 1 && sections == 0 {
        positional.parse().ok()?
    } else {
        sections + total + pending.unwrap_or(0)
    };
    let value = match fraction {
        Some(decimals) if !decimals.is_empty() => Decimal::from_str_exact(&format!("{whole}.{decimals}")).ok()?,
        _ => Decimal::from(whole),
    };
    Some(Number { len, value, repaired: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, usize)> {
        arabic(text).or_else(|| chinese(text)).map(|n| (n.value.to_string(), text[..n.len].chars().count()))
    }

    #[test]
    fn separators_are_told_from_list_commas() {
        for (text, value, chars) in [
            ("1,359.3亿元", "1359.3", 7),
            ("12,345万元", "12345", 6),
            ("1,099, 160万元", "1099160", 10),
            ("4 862万吨", "4862", 5),
            ("20 867元", "20867", 6),
            ("23,5亿元", "23", 2),
            ("12,15,18亿元", "12", 2),
            ("12. 6%", "12.6", 5),
            ("14..3%", "14.3", 5),
            ("九千七百六十一亿元", "9761", 7),
            ("二十万亿元", "20", 2),
            ("五点六", "5.6", 3),
            ("五十七万三千人", "573000", 6),
            ("三亿五千万元", "350000000", 5),
            ("十二万多人", "12", 2),
            ("二〇三五年", "2035", 4),
            ("两千三百四十五户", "2345", 7),
        ] {
            assert_eq!(read(text), Some((value.to_owned(), chars)), "{text}");
        }
    }
}
