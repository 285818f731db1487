//! Lines as paragraphs, and lines of several columns as tables.

use super::lines::{Item, Line, Page, Run, join};
use crate::format::table::{Cell, Table, write_line};

/// A line with fewer characters does not show how wide the text is.
const PROSE: usize = 20;

/// The text of `pages`.
pub(super) fn text(pages: Vec<Page>) -> String {
    let lines = || {
        pages.iter().flat_map(|page| &page.items).filter_map(|item| match item {
            Item::Line(line) if line.runs.len() == 1 && line.text().chars().count() >= PROSE => Some(line),
            _ => None,
        })
    };
    let margins = Margins::of(lines());
    let mut flow = Flow { margins, text: String::new(), paragraph: None, columns: Vec::new(), table: None };
    for page in pages {
        let mut above = None;
        for item in page.items {
            match item {
                Item::Line(line) => {
                    let base = line.base;
                    flow.line(line, above);
                    above = Some(base);
                }
                Item::Table(table) => {
                    flow.table(table);
                    above = None;
                }
            }
        }
        flow.end_columns();
    }
    flow.end();
    flow.text
}

/// Where the lines of prose start and end.
#[derive(Clone, Copy, Debug, Default)]
struct Margins {
    left: f64,
    right: f64,
}

impl Margins {
    /// Of the lines of prose: where those start that start farthest left, and where most of them end.
    fn of<'l>(lines: impl Iterator<Item = &'l Line>) -> Margins {
        let (mut lefts, mut rights): (Vec<f64>, Vec<f64>) = lines.map(|line| (line.left(), line.right())).unzip();
        lefts.sort_by(f64::total_cmp);
        rights.sort_by(f64::total_cmp);
        let at = |places: &[f64], percent: usize| places.get(places.len() * percent / 100).copied().unwrap_or_default();
        Margins { left: at(&lefts, 5), right: at(&rights, 80) }
    }
}

struct Flow {
    margins: Margins,
    text: String,
    /// The paragraph so far, and its last line.
    paragraph: Option<(String, Line)>,
    /// Lines of several columns that follow each other.
    columns: Vec<Line>,
    /// A table that may go on on the next page.
    table: Option<Table>,
}

impl Flow {
    /// Adds a line; `above` is where the line before it on the page stands.
    fn line(&mut self, line: Line, above: Option<f64>) {
        self.end_table();
        if line.runs.len() > 1 {
            self.end_paragraph();
            self.columns.push(line);
            return;
        }
        self.end_columns();
        match &mut self.paragraph {
            Some((text, last)) if goes_on(self.margins, last, &line, above) => {
                join(text, &line.text());
                *last = line;
            }
            _ => {
                self.end_paragraph();
                self.paragraph = Some((line.text(), line));
            }
        }
    }

    /// Adds a table, or the rest of the one that the page before ends with.
    fn table(&mut self, table: Table) {
        self.end_paragraph();
        self.end_columns();
        let width = |table: &Table| {
            table.rows.iter().map(|row| row.iter().map(|cell| cell.columns).sum::<usize>()).max().unwrap_or(0)
        };
        match &mut self.table {
            Some(before) if width(before) == width(&table) => {
                let repeated = table.rows.iter().zip(&before.rows).take_while(|(row, head)| row == head).count();
                before.rows.extend(table.rows.into_iter().skip(repeated));
            }
            _ => {
                self.end_table();
                self.table = Some(table);
            }
        }
    }

    fn end(&mut self) {
        self.end_paragraph();
        self.end_columns();
        self.end_table();
    }

    fn end_paragraph(&mut self) {
        if let Some((text, _)) = self.paragraph.take() {
            write_line(&mut self.text, &text);
        }
    }

    fn end_table(&mut self) {
        if let Some(table) = self.table.take() {
            table.write(&mut self.text);
        }
    }

    fn end_columns(&mut self) {
        let lines = std::mem::take(&mut self.columns);
        match lines.as_slice() {
            [] => {}
            [line] => write_line(&mut self.text, &line.text()),
            lines => columns(lines).write(&mut self.text),
        }
    }
}

/// Whether a paragraph goes on from its last line to `next`.
fn goes_on(margins: Margins, last: &Line, next: &Line, above: Option<f64>) -> bool {
    let size = last.size.max(next.size);
    let is_full = last.right() > margins.right - 2.0 * size;
    let is_indented = next.left() > margins.left + 1.2 * size;
    let is_alike = (last.size - next.size).abs() < 0.15 * size;
    let is_near = above.is_none_or(|above| next.base - above < 3.2 * size);
    is_full && !is_indented && is_alike && is_near
}

/// Lines of several columns as a table. The columns are those of the lines with most cells; a cell that lies over
/// several spans them.
fn columns(lines: &[Line]) -> Table {
    let most = lines.iter().map(|line| line.runs.len()).max().unwrap_or(0);
    let mut columns: Vec<(f64, f64)> = Vec::new();
    for line in lines.iter().filter(|line| line.runs.len() == most) {
        for (index, run) in line.runs.iter().enumerate() {
            match columns.get_mut(index) {
                Some(column) => *column = (column.0.min(run.left), column.1.max(run.right)),
                None => columns.push((run.left, run.right)),
            }
        }
    }
    Table { rows: lines.iter().map(|line| row(line, &columns)).collect() }
}

/// The cells of a line, each in the columns that it lies over.
fn row(line: &Line, columns: &[(f64, f64)]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut next = 0;
    for (index, run) in line.runs.iter().enumerate() {
        let left = line.runs.len() - index - 1;
        let over = |column: &usize| columns[*column].0 < run.right && run.left < columns[*column].1;
        let free = next..columns.len().saturating_sub(left).max(next);
        let first = free.clone().find(over).unwrap_or_else(|| nearest(columns, free.clone(), run));
        let last = free.clone().rev().find(over).unwrap_or(first).max(first);
        cells.extend((next..first).map(|_| Cell::new("")));
        cells.push(Cell { columns: last - first + 1, ..Cell::new(run.text.as_str()) });
        next = last + 1;
    }
    cells
}

/// The column whose middle is nearest to that of a run.
fn nearest(columns: &[(f64, f64)], free: std::ops::Range<usize>, run: &Run) -> usize {
    let distance = |column: usize| match columns.get(column) {
        Some((left, right)) => ((left + right) - (run.left + run.right)).abs(),
        None => f64::MAX,
    };
    free.clone().min_by(|a, b| distance(*a).total_cmp(&distance(*b))).unwrap_or(free.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(base: f64, runs: &[(&str, f64, f64)]) -> Line {
        let runs = runs.iter().map(|&(text, left, right)| Run { text: text.to_owned(), left, right });
        Line { runs: runs.collect(), base, size: 10.0 }
    }

    fn page(lines: Vec<Line>) -> Page {
        Page { items: lines.into_iter().map(Item::Line).collect(), height: 800.0 }
    }

    #[test]
    fn sentences_run_over_lines_and_pages() {
        let first = "上半年全市规模以上工业增加值二百八十二亿元增";
        let lines = vec![line(700.0, &[(first, 40.0, 300.0)]), line(716.0, &[(first, 20.0, 300.0)])];
        let more = vec![line(50.0, &[("长百分之六。", 20.0, 100.0)]), line(66.0, &[("二、消费", 40.0, 90.0)])];
        assert_eq!(text(vec![page(lines), page(more)]), format!("{first}{first}长百分之六。\n二、消费\n"));
    }

    #[test]
    fn columns_are_cells() {
        let lines = [
            line(10.0, &[("指标", 20.0, 40.0), ("2022年", 100.0, 230.0)]),
            line(26.0, &[("工业", 20.0, 40.0), ("12.5", 100.0, 130.0), ("6.2", 200.0, 230.0)]),
            line(42.0, &[("电力", 20.0, 40.0), ("3.1", 205.0, 230.0)]),
        ];
        let rows = columns(&lines).rows;
        assert_eq!(rows[0], [Cell::new("指标"), Cell { columns: 2, ..Cell::new("2022年") }]);
        assert_eq!(rows[2], [Cell::new("电力"), Cell::new(""), Cell::new("3.1")]);
    }
}
