//! Days as lists of links and addresses of pages write them.

use jiff::civil::Date;

/// The first day in `text`, year first: `2022-08-19`, `2022/8/19`, `2022.08.19`, `2022年8月19日`, `202208/t20220819_1.html`.
pub(super) fn first_day(text: &str) -> Option<Date> {
    let starts = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at);
    let mut starts = starts.filter(|&at| !text[..at].ends_with(|c: char| c.is_ascii_digit()));
    starts.find_map(|at| parted(&text[at..]).or_else(|| compact(&text[at..])))
}

/// `2022-08-19` and the like.
fn parted(text: &str) -> Option<Date> {
    let (year, rest) = digits(text)?;
    let (month, rest) = digits(rest.strip_prefix(['-', '/', '.', '年', '_'])?)?;
    let (day, rest) = digits(rest.strip_prefix(['-', '/', '.', '月', '_'])?)?;
    // 2022年1-7月 names months.
    if year.len() == 4 && month.len() <= 2 && day.len() <= 2 && !rest.starts_with('月') {
        date(year, month, day)
    } else {
        None
    }
}

/// `20220819`.
fn compact(text: &str) -> Option<Date> {
    let (digits, _) = digits(text)?;
    if digits.len() == 8 { date(&digits[..4], &digits[4..6], &digits[6..]) } else { None }
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let year = year.parse().ok().filter(|year| (1949..2100).contains(year))?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

fn digits(text: &str) -> Option<(&str, &str)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    (len > 0).then(|| text.split_at(len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_found_in_lists_and_addresses() {
        for (text, day) in [
            ("[2022-08-19]", Some((2022, 8, 19))),
            ("发布时间：2022年8月9日 10:30", Some((2022, 8, 9))),
            ("2022/8/19", Some((2022, 8, 19))),
            ("2022.08.19", Some((2022, 8, 19))),
            ("https://tjj.example.cn/art/2022/8/19/art_1229561.html", Some((2022, 8, 19))),
            ("https://tjj.example.cn/202208/t20220819_123456.html", Some((2022, 8, 19))),
            ("2022年1-7月全市经济运行情况 2022-08-19", Some((2022, 8, 19))),
            ("2022年1-7月", None),
            ("08-19", None),
            ("2022-13-01", None),
            ("1229561", None),
            ("99999999", None),
        ] {
            assert_eq!(first_day(text), day.map(|(year, month, day)| Date::constant(year, month, day)), "{text}");
        }
    }
}
