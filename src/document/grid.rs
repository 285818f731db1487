//! The cells of a line, and lines as a grid.

use std::ops::Range;

use super::markup::cell_span;

/// What parts the cells of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parting {
    /// The line is one cell.
    None,
    /// The marks of an HTML table.
    Marks,
    /// `|`
    Bars,
    /// Tabs: two of them hold an empty cell.
    Tabs,
    /// Ideographic blanks, or two and more blanks; they show no empty cells.
    Wide,
    /// Single blanks, where the line ends in two figures: `粮食 12.5 3.2`.
    Blanks,
}

impl Parting {
    pub(crate) fn of(line: &str) -> Parting {
        if !has_gap(line) {
            return Parting::None;
        }
        // The marks lie in the plane whose characters start with this byte.
        if line.bytes().any(|byte| byte == 0xF3) && line.contains(|c| cell_span(c).is_some()) {
            Parting::Marks
        } else if line.contains(['|', '｜']) {
            Parting::Bars
        } else if line.contains('\t') {
            Parting::Tabs
        } else if line.contains('　') || line.contains("  ") {
            Parting::Wide
        } else if ends_in_figures(line) {
            Parting::Blanks
        } else {
            Parting::None
        }
    }
}

/// Whether anything stands in a line that cells may be parted by, as in few. It looks at all bytes alike, and so at many
/// at once.
fn has_gap(line: &str) -> bool {
    let is_gap = |any: u8, ((&a, &b), &c): ((&u8, &u8), &u8)| {
        let wide = (a == 0xE3) & (b == 0x80) & (c == 0x80) | (a == 0xEF) & (b == 0xBD) & (c == 0x9C);
        any | u8::from(wide | (a == b' ') | (a == b'|') | (a == b'\t') | (a == 0xF3))
    };
    let bytes = line.as_bytes();
    let from = |at: usize| bytes.get(at..).unwrap_or_default().iter();
    // The last two bytes start nothing wider than themselves.
    let end = &bytes[bytes.len().saturating_sub(2)..];
    from(0).zip(from(1)).zip(from(2)).fold(0, is_gap) != 0 || end.iter().any(|byte| b" |\t".contains(byte))
}

/// Whether a line with single blanks is a name with at least two figures behind it.
fn ends_in_figures(line: &str) -> bool {
    let mut words = line.rsplit(' ');
    // 粮食 308.12万吨 8.3: of the two the first may bring its unit.
    let two =
        words.next().is_some_and(is_figure) && words.next().is_some_and(|word| is_figure(word) || is_amount(word));
    // 2022 7 15 and 1 2 3 name nothing.
    two && line
        .split(' ')
        .next()
        .is_some_and(|first| !first.starts_with(|c: char| c.is_ascii_digit()) && !is_figure(first))
        && words.next().is_some()
        && !line.contains(['。', '，', '；'])
}

/// Cells of a line, in its bytes, without the blanks around them. Empty ones are there where the parting shows them.
pub(crate) fn cells(line: &str, parting: Parting) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    let mut from = 0;
    let mut cell = |range: Range<usize>| {
        let inner = &line[range.clone()];
        let start = range.start + (inner.len() - inner.trim_start().len());
        cells.push(start..start + inner.trim().len());
    };
    let is_gap = |c: char| match parting {
        Parting::None => false,
        Parting::Marks => cell_span(c).is_some(),
        Parting::Bars => c == '|' || c == '｜',
        Parting::Tabs => c == '\t',
        Parting::Wide | Parting::Blanks => c == ' ' || c == '　',
    };
    for (at, gap) in line.match_indices(is_gap) {
        if parting == Parting::Wide && gap == " " && !line[..at].ends_with(' ') && !line[at + 1..].starts_with(' ') {
            continue;
        }
        cell(from..at);
        from = at + gap.len();
    }
    cell(from..line.len());
    match parting {
        Parting::Wide | Parting::Blanks => cells.retain(|cell| !cell.is_empty()),
        Parting::Marks | Parting::Bars => {
            // What stands before the first mark and outside the outer bars is no cell.
            if cells.first().is_some_and(|first| first.is_empty()) {
                cells.remove(0);
            }
            if parting == Parting::Bars && cells.last().is_some_and(|last| last.is_empty()) {
                cells.pop();
            }
        }
        Parting::None | Parting::Tabs => {}
    }
    cells
}

/// Length of the number that `text` starts with: a sign, digits, groups of three parted by commas or blanks, decimals.
pub(crate) fn number_len(text: &str) -> Option<usize> {
    let sign = text.trim_start_matches(['+', '-', '−', '–']);
    let sign_len = text.len() - sign.len();
    if text[..sign_len].chars().count() > 1 {
        return None;
    }
    let unsigned = if sign_len > 0 { sign.trim_start_matches(' ') } else { sign };
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let first = digits(unsigned);
    let mut len = first;
    while (1..=3).contains(&first) {
        let rest = &unsigned[len..];
        let Some(gap) = rest.chars().next().filter(|c| matches!(c, ',' | '，' | ' ')) else { break };
        if digits(&rest[gap.len_utf8()..]) != 3 {
            break;
        }
        len += gap.len_utf8() + 3;
    }
    if let Some(decimals) = unsigned[len..].strip_prefix('.').map(digits).filter(|count| *count > 0) {
        len += 1 + decimals;
    }
    (len > 0).then_some(text.len() - unsigned.len() + len)
}

/// What a cell is put between: `**12.5**`.
pub(crate) const PADDING: [char; 2] = ['*', ' '];

/// A cell that holds a figure, or says that there is none: `12.5%`, `-`, `…`.
pub(crate) fn is_figure(cell: &str) -> bool {
    let cell = cell.trim_matches(PADDING);
    match number_len(cell) {
        Some(len) => matches!(cell[len..].trim_start(), "" | "%" | "％" | "‰" | "个百分点" | "百分点"),
        None => cell == "持平" || is_blank(cell) && !cell.is_empty(),
    }
}

/// A figure with its unit: `308.12万吨`.
fn is_amount(cell: &str) -> bool {
    const LONGEST_UNIT: usize = 5;
    let unit = number_len(cell).map(|len| &cell[len..]);
    unit.is_some_and(|unit| unit.chars().count() <= LONGEST_UNIT && unit.chars().all(|c| c.is_alphabetic() || c == '/'))
}

/// A cell without a figure: empty, or with a mark that there is none.
pub(crate) fn is_blank(cell: &str) -> bool {
    cell.trim_matches(['-', '—', '–', '－', '─', '…', '.', '/', '*', '#', '_', ' ']).is_empty()
}

/// A cell of a grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// In the clean text, without the blanks around it.
    pub bytes: Range<usize>,
    /// The cell to the left or above reaches here.
    pub repeated: bool,
}

/// Lines read one after the other as rows of a grid.
pub(crate) struct Grid<'t> {
    text: &'t str,
    parting: Parting,
    /// Cells that reach down into the next rows, a column each, with how many rows are to come.
    reaching: Vec<(usize, Range<usize>)>,
}

impl<'t> Grid<'t> {
    /// A grid whose lines are parted by `parting`.
    pub(crate) fn new(text: &'t str, parting: Parting) -> Self {
        Grid { text, parting, reaching: Vec::new() }
    }

    /// The cells of the next line.
    pub(crate) fn row(&mut self, line: Range<usize>) -> Vec<Cell> {
        let cells = cells(&self.text[line.clone()], self.parting);
        let mut row = Vec::with_capacity(cells.len());
        for cell in cells {
            self.reach_down(&mut row);
            let bytes = cell.start + line.start..cell.end + line.start;
            let before = self.text[line.start..bytes.start].trim_end().chars().next_back();
            let (columns, rows) = before.and_then(cell_span).unwrap_or((1, 1));
            for column in 0..columns {
                if rows > 1 {
                    let at = row.len();
                    self.reaching.resize(self.reaching.len().max(at + 1), (0, 0..0));
                    self.reaching[at] = (rows - 1, bytes.clone());
                }
                row.push(Cell { bytes: bytes.clone(), repeated: column > 0 });
            }
            if row.len() > MOST_COLUMNS {
                break;
            }
        }
        self.reach_down(&mut row);
        row
    }

    /// Adds the cells that reach down from the rows above.
    fn reach_down(&mut self, row: &mut Vec<Cell>) {
        while let Some((rows, bytes)) = self.reaching.get_mut(row.len()).filter(|(rows, _)| *rows > 0) {
            *rows -= 1;
            row.push(Cell { bytes: bytes.clone(), repeated: true });
        }
    }
}

/// Wider tables are not read.
pub(crate) const MOST_COLUMNS: usize = 64;
