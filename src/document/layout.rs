//! Lines, paragraphs and headings.
//!
//! Reports reach us as lines, but a line is not always a paragraph: newspapers break them inside sentences, even over
//! blank lines, and headings carry no mark. What tells them apart is length and the punctuation at the end.

use std::ops::Range;

use super::grid::{Parting, cells, is_figure};
use super::markup::cell_span;
use super::scattered;

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

/// A line with what parts its cells, looked for once.
#[derive(Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    parting: Parting,
}

impl<'t> Line<'t> {
    fn new(text: &'t str) -> Self {
        Line { text, parting: Parting::of(text) }
    }
}

/// The stretches of line ends and blanks at which a sentence goes on in the next line.
///
/// `…通过招商引资投资中心等部门⏎⏎的努力,…` is one sentence: the first line is prose (long, with punctuation inside),
/// does not end a sentence, and the next does not look like a heading.
pub(super) fn line_joints(text: &str) -> Vec<Range<usize>> {
    let places: Vec<Range<usize>> = lines(text).collect();
    let all: Vec<&str> = places.iter().map(|bytes| &text[bytes.clone()]).collect();
    let scattered = scattered::joints(&all, |line| is_row(Line::new(line)));
    let mut joints = Vec::new();
    let mut previous: Option<Line<'_>> = None;
    for (at, words) in all.iter().enumerate() {
        let line = Line::new(words);
        if let Some(before) = previous
            && (scattered[at - 1]
                || goes_on(before)
                    && continues(before.text, line)
                    && !is_headline(before.text, line.text, all.get(at + 1).copied())
                || parts_number(before, line.text))
        {
            joints.push(places[at - 1].end..places[at].start);
        }
        previous = Some(line);
    }
    joints
}

/// Whether a line break parts a number, or a number from its unit: `总投资22.3⏎⏎亿元`, `45.6亿⏎元`, `123⏎.4亿元`. A figure
/// alone on its line is a table's cell, and one behind letters (`PM2.5⏎%`) a name.
fn parts_number(line: Line<'_>, next: &str) -> bool {
    const UNITS: [&str; 10] = ["亿", "万元", "万人", "万吨", "万户", "万亩", "元", "%", "个百分点", "人次"];
    let figure = line.text.trim_end_matches(['亿', '万']);
    let words = figure.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let fraction = next.strip_prefix('.').is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit()));
    words.len() < figure.len()
        && words.ends_with(|c: char| !c.is_ascii() && c != '　')
        && !is_row(line)
        && (fraction || UNITS.iter().any(|unit| next.starts_with(unit)))
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
fn goes_on(line: Line<'_>) -> bool {
    let last = line.text.chars().next_back().unwrap_or('。');
    if "。！？!?；;：:”’》】|>".contains(last) || line.text.starts_with(['#', '|']) || is_row(line) {
        return false;
    }
    let line = line.text;
    if last.is_ascii_digit() && line.chars().count() < PROSE_LINE && !line.contains(['，', ',', '。']) {
        return false;
    }
    "，,、".contains(last)
        || last.is_ascii_digit() && line.contains(['，', '。'])
        || (line.chars().count() >= PROSE_LINE && line.contains(['，', ',', '。']))
}

/// Characters of the longest headline.
const LONGEST_HEADLINE: usize = 40;

/// Whether `line`, which leaves its sentence open, is a headline over `next` or over the two lines behind it:
/// `…前三季度呈逐季攀升态势⏎民营企业进出口增长10.4%，占外贸总值的42.3%⏎据海关统计，…`. Where lines are broken by their width,
/// they are as long as each other.
fn is_headline(line: &str, next: &str, after: Option<&str>) -> bool {
    if line.ends_with(['，', ',', '、']) || line.ends_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let (length, below) = (line.chars().count(), next.chars().count());
    if length > LONGEST_HEADLINE {
        return false;
    }
    let open = !next.ends_with(['。', '；', ';', '，', ',', '、', '！', '？', '”']);
    let second = below <= LONGEST_HEADLINE && open;
    let long = |text: &str| text.chars().count() >= 3 * length.max(PROSE_LINE);
    long(next) || second && after.is_some_and(long)
}

/// Whether `next` can be the rest of the sentence that `line` leaves open.
fn continues(line: &str, next: Line<'_>) -> bool {
    let is_row = is_row(next);
    let next = next.text;
    if starts_list_item(next) || next.starts_with(['#', '|', '　', '【', '<', '“']) || is_row {
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

/// Whether a line is a row of a table, from its own look.
fn is_row(Line { text: line, parting }: Line<'_>) -> bool {
    match parting {
        Parting::None => return false,
        Parting::Marks | Parting::Blanks => return true,
        Parting::Bars if line.starts_with('|') && line.ends_with('|') => return true,
        Parting::Bars | Parting::Tabs | Parting::Wide => {}
    }
    let all = cells(line, parting);
    let full: Vec<&str> = all.into_iter().map(|cell| &line[cell]).filter(|cell| !cell.is_empty()).collect();
    let Some((last, [_, middle @ ..])) = full.split_last() else { return false };
    if full.len() >= 3 && !line.contains(['。', '；']) {
        // 钨精矿 吨 8265 4.7: a unit may stand before the figures.
        let words =
            middle.iter().take(1).filter(|cell| cell.chars().count() > LONGEST_UNIT && !is_figure(cell)).count();
        if words == 0 && is_figure(last) && middle.iter().skip(1).all(|cell| is_figure(cell)) {
            return true;
        }
    }
    let plain = !line.contains(['。', '，', '；']);
    plain && (parting == Parting::Tabs && full.len() >= 3 || full.iter().all(|cell| cell.ends_with(HEADER_ENDS)))
}

/// Characters of the longest unit that stands in a column of its own: 吨标准煤/万元.
const LONGEST_UNIT: usize = 7;

/// What the cells of a header end with.
const HEADER_ENDS: [char; 11] = ['）', ')', '量', '位', '称', '标', '数', '重', '长', '%', '额'];

/// The blocks of a clean text, in order.
pub fn blocks(text: &str) -> Vec<Block> {
    // A bar on a line of its own is what is left between the cells of a table: 原煤⏎|⏎3238.9⏎|.
    let says = |line: &Range<usize>| !text[line.clone()].trim_matches(['|', '｜', ' ']).is_empty();
    let (mut blocks, mut partings) = (Vec::new(), Vec::new());
    for bytes in lines(text).filter(says) {
        let bytes = without_lone_mark(text, bytes);
        let line = Line::new(&text[bytes.clone()]);
        let mut push = |bytes: Range<usize>, line: Line<'_>| {
            blocks.push(Block { kind: kind(line), bytes });
            partings.push(line.parting);
        };
        match table_in_a_line(line) {
            None => push(bytes, line),
            Some(parts) => parts.into_iter().for_each(|part| {
                push(bytes.start + part.start..bytes.start + part.end, Line::new(&line.text[part]));
            }),
        }
    }
    for index in (0..blocks.len()).rev() {
        let line = &text[blocks[index].bytes.clone()];
        let row = match partings[index] {
            // A bar may stand in a title; bars line by line part cells.
            Parting::Bars => {
                let near = [index.checked_sub(1), Some(index + 1)];
                let mut near = near.into_iter().flatten().filter_map(|near| partings.get(near));
                !line.contains('。') && near.any(|near| *near == Parting::Bars)
            }
            // 指标　绝对数　增长: as many cells as in the row below.
            Parting::Wide | Parting::None => {
                blocks.get(index + 1).filter(|below| below.kind == BlockKind::Row).is_some_and(|below| {
                    let parting = partings[index + 1];
                    let count = cells(line, parting).len();
                    let blanks = matches!(parting, Parting::Wide | Parting::Blanks);
                    blanks
                        && count >= 3
                        && !line.contains(['。', '，', '；'])
                        && cells(&text[below.bytes.clone()], parting).len() == count
                })
            }
            _ => false,
        };
        if row {
            blocks[index].kind = BlockKind::Row;
        }
    }
    blocks
}

/// The cells of a table that lost the ends of its rows, and before them the prose of its line: 产品 | 产量(吨) | 增长(%) |
/// 粮食 | 124735 | 3.2 | 小麦 | 15669 | -3.0. It is read as one with a cell a line.
fn table_in_a_line(line: Line<'_>) -> Option<Vec<Range<usize>>> {
    const LEAST_HEADER: usize = 3;
    const LEAST_ROWS: usize = 2;
    if line.parting != Parting::Bars {
        return None;
    }
    let words = line.text;
    let mut parts: Vec<Range<usize>> =
        cells(words, Parting::Bars).into_iter().filter(|cell| !cell.is_empty()).collect();
    let is_figure = |cell: &Range<usize>| is_figure(&words[cell.clone()]);
    let header = parts.iter().take_while(|cell| !is_figure(cell)).count();
    let rows = parts.windows(2).filter(|pair| is_figure(&pair[0]) && !is_figure(&pair[1])).count();
    if header < LEAST_HEADER || rows < LEAST_ROWS {
        return None;
    }
    let first = parts[0].clone();
    if let Some(stop) = words[first.clone()].rfind('。') {
        let prose = first.start..first.start + stop + '。'.len_utf8();
        let blanks = words[prose.end..first.end].len() - words[prose.end..first.end].trim_start().len();
        parts[0].start = prose.end + blanks;
        parts.insert(0, prose);
    }
    Some(parts)
}

/// A line without the mark of a cell that is alone in its row.
fn without_lone_mark(text: &str, line: Range<usize>) -> Range<usize> {
    let inner = text[line.clone()].strip_prefix(|c| cell_span(c).is_some());
    match inner.filter(|inner| Parting::of(inner) != Parting::Marks) {
        Some(inner) => {
            let trimmed = inner.trim_start();
            line.end - trimmed.len()..line.end
        }
        None => line,
    }
}

/// A longer line with a full stop is prose, without a closer look. In bytes.
const LONGEST_HEADING: usize = 180;

/// What a line is, from its own look.
fn kind(line: Line<'_>) -> BlockKind {
    let Line { text, parting } = line;
    if text.len() > LONGEST_HEADING && !text.starts_with('|') && text.contains('。') && parting != Parting::Marks {
        return BlockKind::Paragraph;
    }
    let is_row = is_row(line);
    if text.starts_with('#') && !is_row {
        return BlockKind::Heading;
    }
    if is_row || is_figure(text) {
        return BlockKind::Row;
    }
    let ends_sentence = text.ends_with(['。', '！', '？', '；', ';', '!', '?', '”', '，', ',']);
    let is_short = || text.chars().count() <= 40;
    let has_stop = || text.contains(['。', '；']);
    let commas = || text.matches(['，', ',']).count();
    if !ends_sentence && is_short() && !has_stop() && commas() <= 1 { BlockKind::Heading } else { BlockKind::Paragraph }
}
