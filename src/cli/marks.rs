//! Sentences with what was found in them between brackets, in lines of a terminal's width.

use unicode_width::UnicodeWidthChar;

use crate::model::{Primitive, PrimitiveKind, Reading, Said, Span};

/// What was found in a document, in the order of the text; no two overlap.
pub(super) struct Marks(Vec<(Span, [char; 2])>);

impl Marks {
    /// The numbers of `reading`, the periods and places named, and those that statements go back to.
    pub fn new(reading: &Reading, primitives: &[Primitive]) -> Self {
        const NUMBER: [char; 2] = ['[', ']'];
        const PERIOD: [char; 2] = ['{', '}'];
        const PLACE: [char; 2] = ['<', '>'];
        let words = |said, marks| if let Said::Words(span) = said { Some((span, marks)) } else { None };
        let mut all: Vec<_> = reading.observations.iter().map(|row| (row.span, NUMBER)).collect();
        all.extend(primitives.iter().filter_map(|found| match found.kind {
            PrimitiveKind::Period(_) => Some((found.span, PERIOD)),
            PrimitiveKind::Region(_) => Some((found.span, PLACE)),
            PrimitiveKind::Amount(_) | PrimitiveKind::Ratio(_) => None,
        }));
        for row in reading.observations.iter().filter(|row| row.rule != "table") {
            all.extend(words(row.period_said, PERIOD));
            all.extend(words(row.region_said, PLACE));
        }
        all.extend(reading.unused.iter().map(|number| (number.span, NUMBER)));
        // Of two that overlap the one that was added first stays: a year is a period before it is a number.
        all.sort_by_key(|(span, _)| span.byte_start);
        let mut kept: Vec<(Span, [char; 2])> = Vec::new();
        for mark in all {
            if kept.last().is_none_or(|last| last.0.byte_end <= mark.0.byte_start) {
                kept.push(mark);
            }
        }
        Marks(kept)
    }

    /// The words of `text` at `span`, with the marks inside it.
    pub fn show(&self, span: Span, text: &str) -> String {
        let mut out = String::new();
        let mut at = span.byte_start;
        let first = self.0.partition_point(|(mark, _)| mark.byte_start < span.byte_start);
        for (mark, [open, close]) in self.0[first..].iter().take_while(|(mark, _)| mark.byte_end <= span.byte_end) {
            out += &text[at as usize..mark.byte_start as usize];
            out.push(*open);
            out += mark.of(text);
            out.push(*close);
            at = mark.byte_end;
        }
        out += &text[at as usize..span.byte_end as usize];
        one_line(&out)
    }
}

/// Text without the line ends inside it.
pub(super) fn one_line(text: &str) -> String {
    text.split('\n').map(str::trim).collect()
}

/// Breaks text into lines of at most 80 columns, of which the first `indent` are taken. Numbers, Latin words and what
/// stands between marks are kept whole, and no line starts with a mark that closes.
pub(super) fn wrap(text: &str, indent: usize) -> String {
    const COLUMNS: usize = 80;
    let mut out = String::new();
    let mut column = indent;
    let mut rest = text;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(word_len(rest));
        let width: usize = word.chars().filter_map(UnicodeWidthChar::width).sum();
        if column + width > COLUMNS && column > indent {
            out.truncate(out.trim_end().len());
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        }
        if column > indent || word != " " {
            out += word;
            column += width;
        }
        rest = after;
    }
    out
}

/// Bytes of what must stay on one line at the start of `text`, which is not empty.
fn word_len(text: &str) -> usize {
    const LONGEST: usize = 60;
    let first = text.chars().next().map_or(0, char::len_utf8);
    let marked = match text.as_bytes()[0] {
        b'[' => text.find(']'),
        b'{' => text.find('}'),
        b'<' => text.find('>'),
        _ => None,
    };
    let plain = text.find(|c: char| !c.is_ascii_graphic() || matches!(c, '[' | '{' | '<')).unwrap_or(text.len());
    let len = marked.map_or(plain.max(first), |close| if close < LONGEST { close + 1 } else { first });
    let closing = text[len..].chars().take_while(|c| "，。、；：）”！？]}>".contains(*c));
    len + closing.map(char::len_utf8).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_a_terminal() {
        let text = "规模以上工业增加值330.9亿元".repeat(6);
        let lines: Vec<String> = wrap(&text, 10).lines().map(str::to_owned).collect();
        assert!(lines.len() > 2);
        assert!(lines.iter().skip(1).all(|line| line.starts_with(&" ".repeat(10))));
        assert!(lines.iter().all(|line| !line.ends_with("330.")), "{lines:?}");
        assert_eq!(lines.iter().map(|line| line.trim_start()).collect::<String>(), text);
    }
}
