//! Lines, paragraphs and headings.
//!
//! Reports reach us as lines, but a line is not always a paragraph: newspapers break them inside sentences, even over
//! blank lines, and headings carry no mark. What tells them apart is length and the punctuation at the end.

use std::ops::Range;

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A line that names what follows: `三、固定资产投资`, `江山 全过程加快推进重点项目建设`.
    Heading,
    /// Prose.
    Paragraph,
    /// A row of cells: `第一产业　12.58　5.0　15.6`, or a short cell on a line of its own.
    Row,
}

/// A paragraph, heading or table row, in bytes of the clean text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands, without blanks around it.
    pub bytes: Range<usize>,
}

/// A line shorter than this many characters is no prose that could go on in the next line.
const PROSE_LINE: usize = 18;

/// The stretches of line ends and blanks at which a sentence goes on in the next line.
///
/// `…通过招商引资投资中心等部门⏎⏎的努力,…` is one sentence: the first line is prose (long, with punctuation inside),
/// does not end a sentence, and the next does not look like a heading.
pub(super) fn line_joints(text: &str) -> Vec<Range<usize>> {
    let mut joints = Vec::new();
    let mut previous: Option<Range<usize>> = None;
    for line in lines(text) {
        if let Some(before) = previous
            && goes_on(&text[before.clone()])
            && continues(&text[before.clone()], &text[line.clone()])
        {
            joints.push(before.end..line.start);
        }
        previous = Some(line);
    }
    joints
}

/// Lines that are not blank, without blanks around them.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let from = start + (line.len() - line.trim_start().len());
        let to = start + line.trim_end().len();
        start += line.len();
        (from < to).then_some(from..to)
    })
}

/// Whether `line` is prose whose sentence is not over.
fn goes_on(line: &str) -> bool {
    let last = line.chars().next_back().unwrap_or('。');
    if "。！？!?；;：:”’》】|>".contains(last) || line.starts_with(['#', '|']) || is_row(line) {
        return false;
    }
    if last.is_ascii_digit() && line.chars().count() < PROSE_LINE && !line.contains(['，', ',', '。']) {
        return false;
    }
    "，,、".contains(last)
        || last.is_ascii_digit() && line.contains(['，', '。'])
        || (line.chars().count() >= PROSE_LINE && line.contains(['，', ',', '。']))
}

/// Whether `next` can be the rest of the sentence that `line` leaves open.
fn continues(line: &str, next: &str) -> bool {
    if starts_list_item(next) || next.starts_with(['#', '|', '　', '【', '<', '“']) || is_row(next) {
        return false;
    }
    // A number cut in two goes on with digits or its unit: `25⏎0.3亿元`.
    let open = line.chars().next_back().is_some_and(|c| "，,、".contains(c) || c.is_ascii_digit());
    // After an open clause anything but a heading follows; a heading has blanks or neither comma nor full stop.
    next.contains(['，', ',', '。', '；', ';']) || (open && !next.contains(' '))
}

/// `一、`, `（二）`, `3.`, `1、`: the number of a heading or list item at the start of a line.
pub(crate) fn starts_list_item(line: &str) -> bool {
    list_mark_len(line).is_some()
}

/// Length in bytes of the list mark that `line` starts with.
pub(crate) fn list_mark_len(line: &str) -> Option<usize> {
    let is_number = |c: char| "一二三四五六七八九十".contains(c) || c.is_ascii_digit();
    let mut rest = line;
    let open = rest.strip_prefix(['（', '(']);
    rest = open.unwrap_or(rest);
    let digits = rest.len() - rest.trim_start_matches(is_number).len();
    if digits == 0 || rest[..digits].chars().count() > 3 {
        return None;
    }
    let after = &rest[digits..];
    let mark = after.chars().next()?;
    let closes = match (open.is_some(), mark) {
        (true, '）' | ')') | (false, '、' | '）' | ')') => true,
        (false, '.' | '．') => !after[mark.len_utf8()..].starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    };
    closes.then(|| line.len() - rest.len() + digits + mark.len_utf8())
}

/// Whether a line is a row of a table: cells between pipes, tabs or wide blanks, most of them short.
pub(crate) fn is_row(line: &str) -> bool {
    if !line.contains(['|', '\t', '　']) && !line.contains("  ") {
        return false;
    }
    if line.starts_with('|') && line.ends_with('|') {
        return true;
    }
    cells(line).count() >= 3 && !line.contains(['。', '；']) && cells(line).skip(1).all(|cell| is_figure(&line[cell]))
        || cells(line).count() >= 2
            && !line.contains(['。', '，', '；'])
            && cells(line).all(|cell| line[cell].ends_with(['）', ')', '量', '位', '称', '标', '数', '重', '长', '%']))
}

/// A cell that holds a figure or says that there is none.
pub(crate) fn is_figure(cell: &str) -> bool {
    let cell = cell.trim_matches(['*', ' ']);
    let number = cell.trim_end_matches(['%', '％']).replace([',', ' '], "");
    number.parse::<f64>().is_ok() || matches!(cell, "-" | "—" | "/")
}

/// Cells of a row, in bytes of `line`: between pipes, tabs, ideographic blanks or two or more blanks.
pub(crate) fn cells(line: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let pipes = line.starts_with('|');
    let mut at = 0;
    std::iter::from_fn(move || {
        let is_gap = |c: char| if pipes { c == '|' } else { c == '\t' || c == '　' };
        loop {
            let rest = line.get(at..)?;
            if rest.is_empty() {
                return None;
            }
            let wide = if pipes { None } else { rest.find("  ") };
            let end = rest.find(is_gap).into_iter().chain(wide).min().unwrap_or(rest.len());
            let cell = &rest[..end];
            let from = at + (cell.len() - cell.trim_start().len());
            let to = at + cell.trim_end().len();
            let gap = rest[end..].chars().next().map_or(0, char::len_utf8);
            at += end + gap;
            if from < to {
                return Some(from..to);
            }
        }
    })
}

/// The blocks of a clean text, in order.
pub fn blocks(text: &str) -> Vec<Block> {
    lines(text).map(|bytes| Block { kind: kind(&text[bytes.clone()]), bytes }).collect()
}

/// A longer line with a full stop is prose, without a closer look. In bytes.
const LONGEST_HEADING: usize = 180;

/// What a line is, from its own look.
fn kind(line: &str) -> BlockKind {
    if line.len() > LONGEST_HEADING && !line.starts_with('|') && line.contains('。') {
        return BlockKind::Paragraph;
    }
    if line.starts_with('#') && !is_row(line) {
        return BlockKind::Heading;
    }
    if is_row(line) || is_figure(line) {
        return BlockKind::Row;
    }
    let ends_sentence = line.ends_with(['。', '！', '？', '；', ';', '!', '?', '”', '，', ',']);
    let short = line.chars().count() <= 40;
    let has_stop = line.contains(['。', '；']);
    let commas = line.matches(['，', ',']).count();
    if short && !ends_sentence && !has_stop && commas <= 1 { BlockKind::Heading } else { BlockKind::Paragraph }
}
