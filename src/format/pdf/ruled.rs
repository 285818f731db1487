//! Tables between rules: the cells that lines across and down the page enclose.

use super::glyphs::{Glyph, Rule};
use super::lines::{join, lines};
use crate::format::table::{Cell, Table};

/// Rules that are no farther apart, in points, are one, or touch.
const TOUCH: f64 = 2.5;

/// Rules of a page that tables are looked for in; a page with more is a drawing.
const MOST_RULES: usize = 4_000;

/// Cells of a grid.
const MOST_CELLS: usize = 20_000;

/// The grid that rules draw.
#[derive(Debug)]
pub(super) struct Ruled {
    /// Places of the lines down and across the page, in rising order.
    columns: Vec<f64>,
    rows: Vec<f64>,
    rules: Vec<Rule>,
}

/// The grids of at least two cells that `rules` draw, each of the rules that touch each other.
pub(super) fn tables(rules: &[Rule]) -> Vec<Ruled> {
    if rules.len() > MOST_RULES {
        return Vec::new();
    }
    let mut groups: Vec<Vec<Rule>> = Vec::new();
    for rule in rules {
        let (mut with, without): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.iter().any(|other| touch(rule, other)));
        let mut group: Vec<Rule> = with.drain(..).flatten().collect();
        group.push(*rule);
        groups = without;
        groups.push(group);
    }
    let is_table = |grid: &Ruled| {
        let (width, height) = (grid.columns.len(), grid.rows.len());
        width > 2 && height > 1 && width * height <= MOST_CELLS
    };
    groups.into_iter().map(Ruled::new).filter(is_table).collect()
}

/// Whether two rules meet: they cross, or one goes on where the other ends.
fn touch(a: &Rule, b: &Rule) -> bool {
    let reaches = |rule: &Rule, at: f64| rule.from - TOUCH <= at && at <= rule.to + TOUCH;
    match a.across == b.across {
        true => (a.at - b.at).abs() <= TOUCH && a.from <= b.to + TOUCH && b.from <= a.to + TOUCH,
        false => reaches(a, b.at) && reaches(b, a.at),
    }
}

impl Ruled {
    fn new(rules: Vec<Rule>) -> Ruled {
        let places = |across: bool| {
            let mut places: Vec<f64> = rules.iter().filter(|rule| rule.across == across).map(|rule| rule.at).collect();
            places.sort_by(f64::total_cmp);
            places.dedup_by(|next, before| *next - *before <= TOUCH);
            places
        };
        Ruled { columns: places(false), rows: places(true), rules }
    }

    pub fn top(&self) -> f64 {
        self.rows.first().copied().unwrap_or_default()
    }

    /// Whether a glyph stands inside the grid.
    pub fn holds(&self, glyph: &Glyph) -> bool {
        cell_of(&self.columns, (glyph.left + glyph.right) / 2.0).is_some()
            && cell_of(&self.rows, glyph.base - 0.3 * glyph.size).is_some()
    }

    /// The table with the words of `glyphs`, all of which stand inside the grid. Cells without a rule between them are
    /// one.
    pub fn table(&self, glyphs: Vec<&Glyph>) -> Table {
        let (width, height) = (self.columns.len() - 1, self.rows.len() - 1);
        let middle = |places: &[f64], index: usize| (places[index] + places[index + 1]) / 2.0;
        let parted = |across: bool, at: f64, by: f64| {
            self.rules.iter().any(|rule| {
                rule.across == across
                    && (rule.at - at).abs() <= TOUCH
                    && rule.from - TOUCH <= by
                    && by <= rule.to + TOUCH
            })
        };
        let mut taken = vec![vec![None; width]; height];
        let mut cells: Vec<(usize, Cell, Vec<&Glyph>)> = Vec::new();
        for row in 0..height {
            for column in 0..width {
                if taken[row][column].is_some() {
                    continue;
                }
                let (x, y) = (middle(&self.columns, column), middle(&self.rows, row));
                let mut across = 1;
                while column + across < width
                    && taken[row][column + across].is_none()
                    && !parted(false, self.columns[column + across], y)
                {
                    across += 1;
                }
                let mut down = 1;
                while row + down < height && !parted(true, self.rows[row + down], x) {
                    down += 1;
                }
                for line in &mut taken[row..row + down] {
                    line[column..column + across].fill(Some(cells.len()));
                }
                cells.push((row, Cell { columns: across, rows: down, ..Cell::default() }, Vec::new()));
            }
        }
        for glyph in glyphs {
            let column = cell_of(&self.columns, (glyph.left + glyph.right) / 2.0);
            let row = cell_of(&self.rows, glyph.base - 0.3 * glyph.size);
            if let (Some(column), Some(row)) = (column, row)
                && let Some(index) = taken[row][column]
            {
                cells[index].2.push(glyph);
            }
        }
        let mut table = Table { rows: vec![Vec::new(); height] };
        for (row, mut cell, glyphs) in cells {
            lines(glyphs).iter().for_each(|line| join(&mut cell.text, &line.text()));
            table.rows[row].push(cell);
        }
        table
    }
}

/// The number of the gap between `places` in which `at` lies.
fn cell_of(places: &[f64], at: f64) -> Option<usize> {
    let next = places.partition_point(|place| *place <= at);
    (next > 0 && next < places.len()).then(|| next - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyph(text: &str, left: f64, base: f64) -> Glyph {
        Glyph { text: text.to_owned(), left, right: left + 10.0, base, size: 10.0, visible: true }
    }

    #[test]
    fn cells_without_a_rule_between_them_are_one() {
        // A head over two columns, and a name beside it that goes on below.
        let across = [(0.0, 0.0, 90.0), (20.0, 30.0, 90.0), (40.0, 0.0, 90.0), (60.0, 0.0, 90.0)];
        let down = [(0.0, 0.0, 60.0), (30.0, 0.0, 60.0), (60.0, 20.0, 60.0), (90.0, 0.0, 60.0)];
        let rule = |across: bool| move |(at, from, to)| Rule { across, at, from, to };
        let rules: Vec<Rule> = across.map(rule(true)).into_iter().chain(down.map(rule(false))).collect();
        let tables = tables(&rules);
        assert_eq!(tables.len(), 1);
        let glyphs = [glyph("名", 5.0, 25.0), glyph("年", 50.0, 15.0), glyph("增", 70.0, 35.0), glyph("9", 40.0, 55.0)];
        let table = tables[0].table(glyphs.iter().collect());
        let cell = |text: &str, columns, rows| Cell { text: text.to_owned(), columns, rows };
        assert_eq!(table.rows[0], [cell("名", 1, 2), cell("年", 2, 1)]);
        assert_eq!(table.rows[1], [cell("", 1, 1), cell("增", 1, 1)]);
        assert_eq!(table.rows[2], [cell("", 1, 1), cell("9", 1, 1), cell("", 1, 1)]);
    }
}
