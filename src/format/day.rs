//! Days as they are written.

use jiff::civil::Date;

/// The first full date in `text`: `2013年12月18日`, `2023-07-31`, `2023/08/04`.
pub(crate) fn first_day(text: &str) -> Option<Date> {
    let starts = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at);
    starts.filter(|&at| !text[..at].ends_with(|c: char| c.is_ascii_digit())).find_map(|at| {
        let (year, rest) = number(&text[at..])?;
        let rest = rest.strip_prefix(['年', '-', '/', '.'])?;
        let (month, rest) = number(rest)?;
        let rest = rest.strip_prefix(['月', '-', '/', '.'])?;
        let (day, behind) = number(rest)?;
        // 2019年1-7月 names months.
        (year >= 1949 && !behind.starts_with('月'))
            .then(|| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok())?
    })
}

fn number(text: &str) -> Option<(i16, &str)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    Some((text.get(..len)?.parse().ok()?, &text[len..]))
}
