//! Tables found in lines: rows of cells, and tables flattened to a cell a line.
//!
//! Where header and rows do not fit together there is no table to read: the lines are taken for what they are and the
//! figures in them are listed.

use std::ops::Range;

use super::figure::without_note;
use super::words::{heads_figures, is_stub, is_year};
use crate::document::{Block, BlockKind, Cell, Grid, MOST_COLUMNS, PADDING, Parting, is_blank, is_figure, number_len};
use crate::lexicon::Lexicon;

/// A table in consecutive lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// The header's words, one a column; those of several rows joined from top to bottom by a line break.
    pub header: Vec<String>,
    /// The lines below the header that could be read.
    pub body: Vec<Line>,
}

/// A line of a table's body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A name without figures, over the rows that follow.
    Section(Range<usize>),
    /// Cells, as many as the header has.
    Row(Vec<Cell>),
}

/// How many lines from the first on make one table, and the table, if it can be read.
pub(super) type Found = (usize, Option<Table>);

/// Most rows of a header.
const MOST_HEADER_ROWS: usize = 4;

/// The table that starts with the first of `lines`. Looks at few lines where there is none.
pub(super) fn find(lexicon: &Lexicon, text: &str, lines: &[Block], is_unit: impl Fn(&str) -> bool) -> Option<Found> {
    let parting = parting(text, lines)?;
    if parting == Parting::None { flat(lexicon, text, lines, is_unit) } else { grid(lexicon, text, lines, parting) }
}

/// What parts the cells of the table that starts with the first line.
fn parting(text: &str, lines: &[Block]) -> Option<Parting> {
    let of = |line: &Block| Parting::of(&text[line.bytes.clone()]);
    let first = of(lines.first()?);
    let mut next = lines.iter().take(MOST_HEADER_ROWS + 1);
    match first {
        // 指标 绝对数 增长: what parts the header shows only in the rows.
        Parting::None | Parting::Wide if next.any(|line| of(line) == Parting::Blanks) => Some(Parting::Blanks),
        // 粮食 |⏎ 12.5 |⏎: a cell a line, with the bars left over.
        Parting::Bars if lone(text, lines[0].bytes.clone()).is_some() => Some(Parting::None),
        other => Some(other),
    }
}

/// The only cell of a line.
fn lone(text: &str, line: Range<usize>) -> Option<Range<usize>> {
    let inner = text[line.clone()].trim_matches(['|', '｜', ' ']);
    (!matches!(Parting::of(inner), Parting::Marks | Parting::Bars | Parting::Tabs | Parting::Wide)).then(|| {
        let start = line.start + text[line].find(inner).unwrap_or(0);
        start..start + inner.len()
    })
}

/// Whether a cell holds a number, and no year.
fn is_number(cell: &str) -> bool {
    let cell = cell.trim_matches(PADDING);
    number_len(cell).is_some() && is_figure(cell) && !is_year(cell)
}

/// A table with all cells of a row on one line.
fn grid(lexicon: &Lexicon, text: &str, lines: &[Block], parting: Parting) -> Option<Found> {
    let words = |cell: &Cell| &text[cell.bytes.clone()];
    let has_figures = |row: &[Cell]| {
        let mut cells = row.iter().skip(1).filter(|cell| !cell.repeated).map(words);
        cells.clone().any(is_number) || row.len() > 1 && !is_rule(text, row) && says_nothing(&mut cells)
    };
    let mut grid = Grid::new(text, parting);
    let mut header: Vec<Vec<Cell>> = Vec::new();
    let mut body = Vec::new();
    let mut first = None;
    let mut at = 0;
    while first.is_none() {
        let line = lines.get(at).filter(|_| at <= MOST_HEADER_ROWS + 1)?;
        let row = grid.row(line.bytes.clone());
        if header.is_empty() && (has_figures(&row) || names(text, &row).len() < 2) {
            return None;
        }
        at += 1;
        match names(text, &row).as_slice() {
            _ if has_figures(&row) => first = Some(row),
            _ if is_rule(text, &row) => {}
            // 一、工业 between the header and the first row
            [name] if row[0].bytes == *name && !row[0].repeated && !heads_figures(lexicon, &text[name.clone()]) => {
                body.push(Line::Section(name.clone()));
            }
            _ => header.push(row),
        }
    }
    let first = first?;
    let width = first.len();
    // 表2　地区生产总值构成: a caption, or a caption with the unit beside it.
    let said = header.first().map_or(Vec::new(), |row| names(text, row));
    let with_unit =
        said.iter().any(|cell| text[cell.clone()].contains("单位") && text[cell.clone()].contains(['：', ':']));
    let shows_empty = matches!(parting, Parting::Marks | Parting::Bars);
    if said.len() == 2 && width > 3 && (with_unit || !shows_empty) {
        return None;
    }
    let header = header_words(lexicon, text, header, &first);
    let mut row = Some(first);
    let count = loop {
        match row {
            Some(cells) if has_figures(&cells) => body.extend(fitting(text, cells, width).map(Line::Row)),
            Some(cells) => match names(text, &cells).as_slice() {
                [] => {}
                [name] => body.push(Line::Section(name.clone())),
                // A row of several words without a figure is the header of another table, or a remark.
                _ => break at - 1,
            },
            None => {}
        }
        let Some(line) = lines.get(at) else { break at };
        row = match lone(text, line.bytes.clone()) {
            _ if same_parting(parting, Parting::of(&text[line.bytes.clone()])) => Some(grid.row(line.bytes.clone())),
            // A name between two rows is over the second.
            Some(name) if lines.get(at + 1).is_some_and(|next| continues(text, next, parting, width)) => {
                body.push(Line::Section(name));
                None
            }
            _ => break at,
        };
        at += 1;
    };
    Some((count, header.map(|header| Table { header, body })))
}

/// Whether all cells are marks that there is no figure, and are there.
fn says_nothing<'t>(cells: &mut impl Iterator<Item = &'t str>) -> bool {
    let mut marks = 0;
    cells.all(|cell| {
        marks += usize::from(!cell.is_empty());
        is_blank(cell)
    }) && marks > 0
}

fn same_parting(table: Parting, line: Parting) -> bool {
    table == line || table == Parting::Blanks && line == Parting::Wide
}

/// Whether a line is a row of figures of a table of `width` columns.
fn continues(text: &str, line: &Block, parting: Parting, width: usize) -> bool {
    same_parting(parting, Parting::of(&text[line.bytes.clone()])) && {
        let row = Grid::new(text, parting).row(line.bytes.clone());
        row.len() == width && row.iter().skip(1).any(|cell| is_number(&text[cell.bytes.clone()]))
    }
}

/// Markdown's rule under the header.
fn is_rule(text: &str, row: &[Cell]) -> bool {
    row.iter().all(|cell| text[cell.bytes.clone()].trim_matches(['-', ':', ' ', '=', '+']).is_empty())
}

/// The cells of a row that say something, each once.
fn names(text: &str, row: &[Cell]) -> Vec<Range<usize>> {
    let said = row.iter().filter(|cell| !cell.repeated && !cell.bytes.is_empty());
    let mut names: Vec<Range<usize>> = said.map(|cell| cell.bytes.clone()).collect();
    names.dedup_by(|a, b| text[a.clone()] == text[b.clone()]);
    names
}

/// A row in the width of its table: blank cells at the end may be left out or too many.
fn fitting(text: &str, mut row: Vec<Cell>, width: usize) -> Option<Vec<Cell>> {
    while row.len() > width && row.last().is_some_and(|cell| text[cell.bytes.clone()].is_empty()) {
        row.pop();
    }
    (row.len() == width).then_some(row)
}

/// The words over each column of a table whose first row of figures is `first`; `None` when they do not fit it.
fn header_words(lexicon: &Lexicon, text: &str, rows: Vec<Vec<Cell>>, first: &[Cell]) -> Option<Vec<String>> {
    let width = first.len();
    let said = |cell: &Range<usize>| said(&text[cell.clone()]);
    let mut levels: Vec<Vec<String>> = Vec::new();
    let mut before: Vec<Range<usize>> = Vec::new();
    for mut row in rows {
        // The header of the serial numbers, or the one over the names, was left out.
        let figures = |cell: &Cell| is_number(&text[cell.bytes.clone()]);
        let serial = figures(&first[0]) && !figures(&first[1]);
        let short = row.len() + 1 == width || row.len() == width && row.last().is_some_and(|end| end.bytes.is_empty());
        let shifted = short && !text[first[width - 1].bytes.clone()].is_empty();
        let missing = row.first().is_some_and(|cell| serial || heads_figures(lexicon, &said(&cell.bytes)));
        if levels.is_empty() && shifted && missing {
            row.truncate(width - 1);
            row.insert(0, Cell { bytes: row[0].bytes.start..row[0].bytes.start, repeated: false });
        }
        // 品名 | 播种面积 | 总产量⏎（万亩） | （万吨）: which cells the second row stands below was lost.
        let blank_end = row.last().is_some_and(|end| end.bytes.is_empty());
        let second = !levels.is_empty() && !row.first().is_some_and(|cell| cell.bytes.is_empty() || cell.repeated);
        if second && (row.len() < width || blank_end) {
            return None;
        }
        if row.len() < width {
            let end = row.last()?.bytes.end;
            row.resize(width, Cell { bytes: end..end, repeated: false });
        }
        let row = fitting(text, row, width)?;
        // A cell that reaches down from the row above is said once.
        let fresh = |(at, cell): (usize, &Cell)| before.get(at) != Some(&cell.bytes);
        let level =
            row.iter().enumerate().map(|(at, cell)| if fresh((at, cell)) { said(&cell.bytes) } else { String::new() });
        levels.push(level.collect());
        before = row.into_iter().map(|cell| cell.bytes).collect();
    }
    spread(&mut levels);
    let joined = |column: usize| {
        let said: Vec<&str> =
            levels.iter().map(|level| level[column].as_str()).filter(|words| !words.is_empty()).collect();
        said.join("\n")
    };
    Some((0..width).map(joined).collect())
}

/// The words of a header's cell, without blanks and footnotes.
fn said(cell: &str) -> String {
    without_note(cell).chars().filter(|c| !c.is_whitespace() && *c != '*').collect()
}

/// Heads over several columns whose span was lost: they stand over the first, and over those right of it that say
/// nothing while the row below goes on.
fn spread(levels: &mut [Vec<String>]) {
    for at in 1..levels.len() {
        let (above, below) = levels.split_at_mut(at);
        let (above, below) = (&mut above[at - 1], &below[0]);
        for column in 2..above.len() {
            if above[column].is_empty() && !below[column].is_empty() && !below[column - 1].is_empty() {
                above[column] = above[column - 1].clone();
            }
        }
    }
}

/// A table with one cell a line: each row has a name, or a name and a unit, and as many figures as the header has
/// columns for them.
fn flat(lexicon: &Lexicon, text: &str, lines: &[Block], is_unit: impl Fn(&str) -> bool) -> Option<Found> {
    let cell = |line: &Block| lone(text, line.bytes.clone());
    let said = |cell: &Range<usize>| said(&text[cell.clone()]);
    let stub = said(&cell(lines.first()?)?);
    if stub.is_empty() || !is_stub(lexicon, &stub) {
        return None;
    }
    let header_and_name = name_run(text, lines, 2 * MOST_COLUMNS);
    let start = header_and_name.len();
    let figures = figure_run(text, &lines[start..]);
    let with_unit = is_unit(&text[header_and_name.last()?.clone()]);
    let words = if with_unit { 2 } else { 1 };
    let lines_of_header = start.checked_sub(words)?;
    let header = rejoined(header_and_name[..lines_of_header].iter().map(said));
    if figures == 0 || header.len() != words + figures {
        return None;
    }
    let mut body: Vec<Line> = Vec::new();
    let (mut regular, mut irregular) = (0, 0);
    let mut at = lines_of_header;
    loop {
        let names = name_run(text, &lines[at..], words + 2);
        let values = figure_run(text, &lines[at + names.len()..]);
        let fits = names.len() >= words && (words == 1 || is_unit(&text[names[names.len() - 1].clone()]));
        if values == 0 || names.len() > words + 1 || names.is_empty() {
            break;
        }
        if fits && values == figures {
            let sections = names.len() - words;
            body.extend(names[..sections].iter().cloned().map(Line::Section));
            let figures = lines[at + names.len()..][..values].iter().filter_map(cell);
            let row = names[sections..].iter().cloned().chain(figures);
            body.push(Line::Row(row.map(|bytes| Cell { bytes, repeated: false }).collect()));
            regular += 1;
        } else {
            irregular += 1;
        }
        at += names.len() + values;
    }
    (regular >= 2 && regular > irregular).then_some((at, Some(Table { header, body })))
}

/// The cells of the lines from the first on that hold words each, `most` of them at the most.
fn name_run(text: &str, lines: &[Block], most: usize) -> Vec<Range<usize>> {
    let cells = lines.iter().take(most).map_while(|line| lone(text, line.bytes.clone()));
    cells.take_while(|cell| !is_figure(&text[cell.clone()])).collect()
}

/// How many lines from the first on hold a figure each.
fn figure_run(text: &str, lines: &[Block]) -> usize {
    let figures = lines.iter().take_while(|line| {
        line.kind == BlockKind::Row && lone(text, line.bytes.clone()).is_some_and(|cell| is_figure(&text[cell]))
    });
    figures.take(MOST_COLUMNS).count()
}

/// Cells of a header, those that were broken over lines put together again: 绝对数⏎（亿元）, 比上年同期⏎增长（%）.
fn rejoined(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut cells: Vec<String> = Vec::new();
    for line in lines {
        match cells.last_mut() {
            Some(before) if line.starts_with(['（', '(']) || before.starts_with('比') && is_base(before) => {
                before.push_str(&line);
            }
            _ => cells.push(line),
        }
    }
    cells
}

/// 比上年同期 names a base, and what grew against it stands in the next line.
fn is_base(cell: &str) -> bool {
    cell.ends_with(['年', '期', '月', '初', '末'])
}
