//! A sheet as a heading, lines and a table.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use calamine::Dimensions;

use super::excessive;
use crate::format::table::{self, Table, write_line};
use crate::source::Reason;

/// Cells with something in them, by row and column.
pub(super) type Cells = BTreeMap<(u32, u32), String>;

/// Cells of the grid that a sheet is written as.
const LARGEST_GRID: usize = 4_000_000;

/// Names that a program gives a sheet which nobody named.
const UNNAMED: [&str; 2] = ["Sheet", "工作表"];

/// A sheet that was read.
pub(super) struct Sheet<'s> {
    pub name: &'s str,
    pub cells: &'s Cells,
    pub merged: &'s [Dimensions],
}

/// The rows and columns with something in them, and how merged cells lie in them.
struct Grid {
    rows: Vec<u32>,
    columns: Vec<u32>,
    /// What a merged cell spans, by the place of its first.
    spans: BTreeMap<(u32, u32), (usize, usize)>,
    /// Places that a merged cell reaches over.
    covered: HashSet<(u32, u32)>,
}

impl Sheet<'_> {
    /// Appends the sheet to `text`. Rows of one cell above and below the table are lines: the headline, 单位：亿元, notes.
    ///
    /// # Errors
    /// When few cells lie far apart, so that the grid between them is larger than that of any report.
    pub fn write(&self, text: &mut String) -> Result<(), Reason> {
        let is_unnamed = |start: &str| {
            self.name.strip_prefix(start).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        };
        if !self.cells.is_empty() && !UNNAMED.iter().any(|start| is_unnamed(start)) {
            write_line(text, self.name);
        }
        let grid = self.grid()?;
        let rows: Vec<Vec<table::Cell>> = grid.rows.iter().map(|row| self.row(&grid, *row)).collect();
        let is_line = |row: &Vec<table::Cell>| {
            let full = row.iter().filter(|cell| !cell.text.is_empty());
            full.clone().count() <= 1 && full.clone().all(|cell| cell.rows == 1)
        };
        let first = rows.iter().position(|row| !is_line(row)).unwrap_or(rows.len());
        let last = rows.iter().rposition(|row| !is_line(row)).map_or(rows.len(), |last| last + 1);
        let mut table = Table::default();
        for (index, row) in rows.into_iter().enumerate() {
            if index == last {
                std::mem::take(&mut table).write(text);
            }
            match (first..last).contains(&index) {
                true => table.rows.push(row),
                false => row.iter().flat_map(|cell| cell.text.lines()).for_each(|line| write_line(text, line)),
            }
        }
        table.write(text);
        Ok(())
    }

    fn grid(&self) -> Result<Grid, Reason> {
        let rows: BTreeSet<u32> = self.cells.keys().map(|place| place.0).collect();
        let columns: BTreeSet<u32> = self.cells.keys().map(|place| place.1).collect();
        if rows.len().saturating_mul(columns.len()) > LARGEST_GRID {
            return Err(excessive());
        }
        let (mut spans, mut covered) = (BTreeMap::new(), HashSet::new());
        for span in self.merged {
            let down: Vec<u32> = rows.range(span.start.0..=span.end.0.max(span.start.0)).copied().collect();
            let across: Vec<u32> = columns.range(span.start.1..=span.end.1.max(span.start.1)).copied().collect();
            spans.insert(span.start, (across.len().max(1), down.len().max(1)));
            let places = down.iter().flat_map(|row| across.iter().map(move |column| (*row, *column)));
            covered.extend(places.filter(|place| *place != span.start));
            if covered.len() > LARGEST_GRID {
                return Err(excessive());
            }
        }
        Ok(Grid { rows: rows.into_iter().collect(), columns: columns.into_iter().collect(), spans, covered })
    }

    /// The cells of a row, without empty ones at its end.
    fn row(&self, grid: &Grid, row: u32) -> Vec<table::Cell> {
        let places = grid.columns.iter().map(|column| (row, *column)).filter(|place| !grid.covered.contains(place));
        let mut cells: Vec<table::Cell> = places
            .map(|place| {
                let (columns, rows) = grid.spans.get(&place).copied().unwrap_or((1, 1));
                table::Cell { text: self.cells.get(&place).cloned().unwrap_or_default(), columns, rows }
            })
            .collect();
        while cells.last().is_some_and(|cell| cell.text.is_empty() && cell.rows == 1) {
            cells.pop();
        }
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_around_the_table_and_spans_in_it() {
        let words =
            [((0, 0), "主要指标"), ((1, 3), "单位：亿元"), ((3, 0), "指标"), ((3, 1), "2022年"), ((4, 1), "总量")];
        let more = [
            ((4, 3), "增长"),
            ((5, 0), "工业"),
            ((6, 0), "增加值"),
            ((6, 1), "12.5"),
            ((6, 3), "6.2"),
            ((7, 0), "注：初步数"),
        ];
        let cells: Cells = words.into_iter().chain(more).map(|(place, words)| (place, words.to_owned())).collect();
        let merged = [Dimensions::new((3, 0), (4, 0)), Dimensions::new((3, 1), (3, 3))];
        let mut text = String::new();
        Sheet { name: "Sheet1", cells: &cells, merged: &merged }.write(&mut text).unwrap();
        assert_eq!(
            text,
            "主要指标\n单位：亿元\n<table>\n<tr><td rowspan=2>指标</td><td colspan=2>2022年</td></tr>\n\
             <tr><td>总量</td><td>增长</td></tr>\n<tr><td>工业</td></tr>\n\
             <tr><td>增加值</td><td>12.5</td><td>6.2</td></tr>\n</table>\n注：初步数\n"
        );
    }

    #[test]
    fn cells_far_apart_are_no_report() {
        let cells: Cells = (0..10_000).map(|at| ((at, at), "1".to_owned())).collect();
        let written = Sheet { name: "a", cells: &cells, merged: &[] }.write(&mut String::new());
        assert!(matches!(written, Err(Reason::Excessive(_))));
    }
}
