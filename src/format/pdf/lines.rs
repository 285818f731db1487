//! Glyphs as lines, and a page as lines and ruled tables from top to bottom.

use super::glyphs::{Drawn, Glyph};
use super::ruled;
use crate::format::table::Table;

/// A gap of this many times the size of the letters parts two cells.
const CELL_GAP: f64 = 1.4;

/// A gap of this many times the size of the letters parts two words.
const WORD_GAP: f64 = 0.2;

/// Words that stand together.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub text: String,
    pub left: f64,
    pub right: f64,
}

/// A line of a page, as one run or in several that are far apart.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub runs: Vec<Run>,
    pub base: f64,
    pub size: f64,
}

impl Line {
    pub fn left(&self) -> f64 {
        self.runs.first().map_or(0.0, |run| run.left)
    }

    pub fn right(&self) -> f64 {
        self.runs.last().map_or(0.0, |run| run.right)
    }

    /// The words of the line; what stands far apart is parted by a wide blank.
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect::<Vec<_>>().join("　　")
    }
}

/// What a page holds, from top to bottom.
#[derive(Debug)]
pub(super) enum Item {
    Line(Line),
    Table(Table),
}

/// A page.
#[derive(Debug)]
pub(super) struct Page {
    pub items: Vec<Item>,
    pub height: f64,
}

impl Page {
    /// The lines of a page, and its tables between rules.
    pub fn of(drawn: &Drawn) -> Page {
        let tables = ruled::tables(&drawn.rules);
        let mut cells: Vec<Vec<&Glyph>> = vec![Vec::new(); tables.len()];
        let mut free = Vec::new();
        for glyph in &drawn.glyphs {
            match tables.iter().position(|table| table.holds(glyph)) {
                Some(index) => cells[index].push(glyph),
                None => free.push(glyph),
            }
        }
        let lines = lines(free).into_iter().map(|line| (line.base, Item::Line(line)));
        let tables = tables.iter().zip(cells).filter(|(_, glyphs)| !glyphs.is_empty());
        let tables = tables.map(|(grid, glyphs)| (grid.top(), Item::Table(grid.table(glyphs))));
        let mut items: Vec<(f64, Item)> = lines.chain(tables).collect();
        items.sort_by(|a, b| a.0.total_cmp(&b.0));
        Page { items: items.into_iter().map(|(_, item)| item).collect(), height: drawn.height }
    }
}

/// The lines that `glyphs` stand on, from top to bottom.
pub(super) fn lines(mut glyphs: Vec<&Glyph>) -> Vec<Line> {
    glyphs.retain(|glyph| !glyph.text.trim().is_empty());
    glyphs.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut rows: Vec<Vec<&Glyph>> = Vec::new();
    for glyph in glyphs {
        match rows.last_mut() {
            Some(row) if on_row(row, glyph) => row.push(glyph),
            _ => rows.push(vec![glyph]),
        }
    }
    rows.into_iter().map(line).collect()
}

/// Whether a glyph stands on the row of others, a little raised or lowered as it may be.
fn on_row(row: &[&Glyph], glyph: &Glyph) -> bool {
    let first = row[0];
    (glyph.base - first.base).abs() < 0.45 * first.size.max(glyph.size).min(2.0 * first.size.min(glyph.size))
}

fn line(mut row: Vec<&Glyph>) -> Line {
    row.sort_by(|a, b| a.left.total_cmp(&b.left));
    // Letters are made bold by drawing them twice.
    row.dedup_by(|next, before| next.text == before.text && next.left - before.left < 0.25 * before.size);
    let mut sizes: Vec<f64> = row.iter().map(|glyph| glyph.size).collect();
    sizes.sort_by(f64::total_cmp);
    let size = sizes[sizes.len() / 2];
    let mut runs: Vec<Run> = Vec::new();
    for glyph in &row {
        let words = glyph.text.trim();
        match runs.last_mut() {
            Some(run) if glyph.left - run.right < CELL_GAP * size => {
                let is_ascii = |text: &str| text.is_ascii();
                if glyph.left - run.right > WORD_GAP * size
                    && is_ascii(words)
                    && run.text.ends_with(|c: char| c.is_ascii())
                    && !is_split_number(&run.text, words, glyph.left - run.right, size)
                {
                    run.text.push(' ');
                }
                run.text.push_str(words);
                run.right = run.right.max(glyph.right);
            }
            _ => runs.push(Run { text: words.to_owned(), left: glyph.left, right: glyph.right }),
        }
    }
    let base = row.iter().map(|glyph| glyph.base).sum::<f64>() / row.len() as f64;
    Line { runs, base, size }
}

/// Whether a small gap lies inside a number: justified lines are stretched there too.
fn is_split_number(before: &str, after: &str, gap: f64, size: f64) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | '%' | ',');
    gap < 0.5 * size && before.ends_with(is_part) && after.starts_with(is_part)
}

/// Joins the lines of a paragraph or a cell: Chinese without a gap, words of letters with one.
pub(super) fn join(text: &mut String, next: &str) {
    let letters = |c: char| c.is_ascii_alphabetic();
    if text.ends_with(letters) && next.starts_with(letters) {
        text.push(' ');
    }
    text.push_str(next);
}
