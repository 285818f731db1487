//! The cells of a table: figures, and the names of rows.

use std::ops::Range;

use rust_decimal::Decimal;

use super::words::without_unit_label;
use crate::document::{PADDING, list_mark_len, number_len};

/// The number of a cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Figure<'t> {
    pub value: Decimal,
    /// What stands behind the number: `%`, a unit, or nothing.
    pub unit: &'t str,
    /// Number and unit, in bytes of the cell.
    pub bytes: Range<usize>,
}

/// The number that a cell holds; `None` for a cell without one, and for one that holds more.
pub(super) fn figure(cell: &str) -> Option<Figure<'_>> {
    let plain = cell.trim_matches(PADDING);
    let start = cell.find(plain)?;
    let ordinal = if plain.starts_with('第') { '第'.len_utf8() } else { 0 };
    if plain == "持平" {
        return Some(Figure { value: Decimal::ZERO, unit: "", bytes: start..start + plain.len() });
    }
    let len = ordinal + number_len(&plain[ordinal..])?;
    let digits: String = plain[ordinal..len].chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let negative = plain[ordinal..].starts_with(['-', '−', '–']);
    let mut value = Decimal::from_str_exact(&digits).ok()?;
    value.set_sign_negative(negative && !value.is_zero());
    let unit = without_note(&plain[len..]);
    let end = if unit.is_empty() { len } else { plain.len() - plain[len..].trim_start().len() + unit.len() };
    let bare = !unit.contains(|c: char| c.is_ascii_digit() || c.is_whitespace());
    bare.then_some(Figure { value, unit, bytes: start..start + end })
}

/// Words without the mark of a footnote behind them: `[1]`, `①`, `*`.
pub(super) fn without_note(words: &str) -> &str {
    let words = words.trim().trim_end_matches(|c: char| c == '*' || ('①'..='⑳').contains(&c));
    match words.rfind(['[', '［']) {
        Some(open) if words.ends_with([']', '］']) => words[..open].trim(),
        _ => words.trim(),
    }
}

/// What the first cell of a row says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// The name, without blanks and the marks of its depth: 工业 of `#工业`, 税收收入 of `其中：税收收入（亿元）`.
    pub name: String,
    /// The unit in brackets behind it.
    pub unit: String,
    /// `#` or 其中 says that it is a part of the rows above.
    pub part: bool,
}

/// Reads the first cell of a row; `is_unit` tells units from other remarks in brackets.
pub(super) fn label(cell: &str, is_unit: impl Fn(&str) -> bool) -> Label {
    let mut name: String = without_note(cell).chars().filter(|c| !c.is_whitespace()).collect();
    let mut part = false;
    loop {
        let marks = ["其中：", "其中:", "其中", "#", "＃", "*", "·", "：", ":", "-", "－", "—", "├", "└", "●", "○"];
        let mark = marks.iter().find(|mark| name.starts_with(**mark));
        let len = mark.map(|mark| mark.len()).or_else(|| list_mark_len(&name));
        let Some(len) = len.filter(|len| *len < name.len()) else { break };
        part |= mark.is_some_and(|mark| mark.starts_with("其中") || matches!(*mark, "#" | "＃"));
        name.drain(..len);
    }
    let mut unit = String::new();
    let close = ['）', ')'];
    if name.ends_with(close)
        && let Some(open) = name.rfind(['（', '('])
    {
        let inner = name[open..].trim_start_matches(['（', '(']).trim_end_matches(close);
        let inner = without_unit_label(inner);
        if is_unit(inner) {
            unit = inner.to_owned();
            name.truncate(open);
        }
    }
    Label { name: name.trim_end_matches(['：', ':', '*']).to_owned(), unit, part }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_as_they_are_written() {
        let read = |cell| figure(cell).map(|figure| (figure.value.to_string(), figure.unit, &cell[figure.bytes]));
        let some = |value: &str, unit, bytes| Some((value.to_owned(), unit, bytes));
        assert_eq!(read("1,668,952"), some("1668952", "", "1,668,952"));
        assert_eq!(read("54 312.5"), some("54312.5", "", "54 312.5"));
        assert_eq!(read("**-4.2**"), some("-4.2", "", "-4.2"));
        assert_eq!(read("- 1.05"), some("-1.05", "", "- 1.05"));
        assert_eq!(read("6.50%"), some("6.50", "%", "6.50%"));
        assert_eq!(read("0.4个百分点"), some("0.4", "个百分点", "0.4个百分点"));
        assert_eq!(read("12.5[1]"), some("12.5", "", "12.5"));
        assert_eq!(read("持平"), some("0", "", "持平"));
        for cell in ["", "-", "—", "…", "甲", "21 34", "12/34", "1-7月", "--"] {
            assert_eq!(read(cell), None, "{cell}");
        }
    }

    #[test]
    fn labels_lose_the_marks_of_their_depth() {
        let is_unit = |unit: &str| unit == "亿元";
        let read = |cell| {
            let label = label(cell, is_unit);
            (label.name, label.unit, label.part)
        };
        let some = |name: &str, unit: &str, part| (name.to_owned(), unit.to_owned(), part);
        assert_eq!(read("　　#工业"), some("工业", "", true));
        assert_eq!(read("其中：税 收 收 入（亿元）"), some("税收收入", "亿元", true));
        assert_eq!(read("一、固定资产投资(亿元)"), some("固定资产投资", "亿元", false));
        assert_eq!(read("1.粮食[2]"), some("粮食", "", false));
        assert_eq!(read("固定资产投资（不含农户）"), some("固定资产投资（不含农户）", "", false));
    }
}
