//! Tables as the text of a document holds them: a row a line, each cell in a tag that says what it spans.

use std::fmt::Write as _;

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    /// Plain text; its lines are parted by `\n`.
    pub text: String,
    /// Columns and rows that it spans, one at least.
    pub columns: usize,
    pub rows: usize,
}

impl Cell {
    /// A cell of one column and row.
    pub fn new(text: impl Into<String>) -> Self {
        Cell { text: text.into(), columns: 1, rows: 1 }
    }
}

/// Rows of cells. A cell that another reaches over is not there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Appends the table to `text`, or, when it only frames one column of words, its cells as lines.
    pub fn write(&self, text: &mut String) {
        let rows = || self.rows.iter().filter(|row| row.iter().any(|cell| !cell.text.trim().is_empty()));
        if rows().all(|row| row.len() <= 1) {
            for cell in rows().flatten() {
                cell.text.lines().for_each(|line| write_line(text, line));
            }
            return;
        }
        text.push_str("<table>\n");
        for row in &self.rows {
            text.push_str("<tr>");
            row.iter().for_each(|cell| cell.write(text));
            text.push_str("</tr>\n");
        }
        text.push_str("</table>\n");
    }
}

impl Cell {
    fn write(&self, text: &mut String) {
        text.push_str("<td");
        for (name, number) in [("colspan", self.columns), ("rowspan", self.rows)] {
            if number > 1 {
                // Writing to a string cannot fail.
                let _ = write!(text, " {name}={number}");
            }
        }
        text.push('>');
        for (index, line) in self.text.trim().lines().enumerate() {
            if index > 0 {
                text.push_str("<br>");
            }
            escape(text, line.trim());
        }
        text.push_str("</td>");
    }
}

/// Appends a paragraph to `text`, unless there is nothing in it.
pub(super) fn write_line(text: &mut String, line: &str) {
    let line = line.trim_end();
    if !line.trim().is_empty() {
        escape(text, line);
        text.push('\n');
    }
}

/// Appends `words` so that they are read back as they are: what would be taken for a tag or an entity is written as one.
pub(super) fn escape(text: &mut String, words: &str) {
    /// Bytes of an entity behind its `&`.
    const LONGEST: usize = 10;
    let mut rest = words;
    while let Some(at) = rest.find(['<', '&']) {
        let behind = &rest[at + 1..];
        text.push_str(&rest[..at]);
        match (rest.as_bytes()[at], behind.as_bytes().first()) {
            (b'<', Some(c)) if c.is_ascii_alphabetic() || matches!(c, b'/' | b'!') => text.push_str("&lt;"),
            (b'&', Some(c))
                if (c.is_ascii_alphabetic() || *c == b'#') && behind.bytes().take(LONGEST).any(|c| c == b';') =>
            {
                text.push_str("&amp;");
            }
            (c, _) => text.push(char::from(c)),
        }
        rest = behind;
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_and_signs_escaped() {
        let wide = Cell { columns: 2, ..Cell::new("增长<b>&lt;\n1 < 2 & 3") };
        let mut text = String::new();
        Table { rows: vec![vec![Cell::new("a"), wide]] }.write(&mut text);
        assert_eq!(text, "<table>\n<tr><td>a</td><td colspan=2>增长&lt;b>&amp;lt;<br>1 < 2 & 3</td></tr>\n</table>\n");
    }

    #[test]
    fn a_frame_around_words_is_no_table() {
        let mut text = String::new();
        Table { rows: vec![vec![Cell::new("第一段。\n第二段。")]] }.write(&mut text);
        assert_eq!(text, "第一段。\n第二段。\n");
    }
}
