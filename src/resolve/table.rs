//! Tables: rows of cells on a line, and tables flattened to one cell a line.
//!
//! A figure of a table is stated by its row's name and its column's header together. Where the header is not certain
//! nothing is stated: the figures are listed with that reason.

use std::ops::Range;

use crate::document::{cells, is_figure};
use crate::model::Measure;

/// A table found in consecutive lines, as cells in bytes of the clean text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    /// The header's cells, one a column; the first is over the row names.
    pub header: Vec<Range<usize>>,
    /// The rows, each as long as the header.
    pub rows: Vec<Vec<Range<usize>>>,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// The names of the rows.
    Name,
    /// The units of the rows' levels.
    Unit,
    /// Figures of one measure, in a unit that the header gives or leaves to the row.
    Figures {
        /// What the figures state.
        measure: Measure,
        /// `亿元` of 绝对数（亿元）; empty when the header gives none.
        unit: String,
        /// A noun of the header that completes row names: 产量.
        noun: String,
    },
}

/// Reads lines (in bytes of `text`) as a table; `None` when they are not one or their header is not certain.
pub(super) fn table(text: &str, lines: &[Range<usize>]) -> Option<Table> {
    let wide: Vec<Vec<Range<usize>>> = lines
        .iter()
        .map(|line| cells(&text[line.clone()]).map(|cell| cell.start + line.start..cell.end + line.start).collect())
        .collect();
    let table = if wide.iter().all(|row| row.len() >= 2) { from_rows(text, wide) } else { from_cells(text, &wide) }?;
    let certain = !table.rows.is_empty() && table.rows.iter().all(|row| row.len() == table.header.len());
    certain.then_some(table)
}

/// Rows with all their cells on one line; Markdown's rule under the header is skipped.
fn from_rows(text: &str, rows: Vec<Vec<Range<usize>>>) -> Option<Table> {
    let is_rule =
        |row: &Vec<Range<usize>>| row.iter().all(|cell| text[cell.clone()].trim_matches(['-', ':', ' ']).is_empty());
    let mut rows = rows.into_iter().filter(|row| !is_rule(row));
    let header = rows.next()?;
    if header.iter().any(|cell| is_figure(&text[cell.clone()])) {
        return None;
    }
    Some(Table { header, rows: rows.collect() })
}

/// One cell a line: words and figures alternate in the same numbers from row to row, and the header has one cell for each.
fn from_cells(text: &str, lines: &[Vec<Range<usize>>]) -> Option<Table> {
    if lines.iter().any(|cells| cells.len() != 1) {
        return None;
    }
    let all: Vec<Range<usize>> = lines.iter().map(|cells| cells[0].clone()).collect();
    let figure = |cell: &Range<usize>| is_figure(&text[cell.clone()]);
    // Length of the last row: the figures at the end, and the words before them.
    let figures = all.iter().rev().take_while(|cell| figure(cell)).count();
    let words = all.iter().rev().skip(figures).take_while(|cell| !figure(cell)).count();
    let width = figures + words;
    if figures == 0 || words > 2 || width == 0 || !all.len().is_multiple_of(width) || all.len() / width < 3 {
        return None;
    }
    let mut rows = all.chunks(width).map(<[_]>::to_vec);
    let header = rows.next()?;
    if header.iter().any(figure) {
        return None;
    }
    let rows: Vec<_> = rows.collect();
    let regular = rows.iter().all(|row| !row[..words].iter().any(figure) && row[words..].iter().all(figure));
    regular.then_some(Table { header, rows })
}

/// What each column holds, by its header; `None` when one cannot be told.
pub(super) fn columns(text: &str, table: &Table) -> Option<Vec<Column>> {
    let mut columns = vec![Column::Name];
    for cell in &table.header[1..] {
        let header = text[cell.clone()].replace(['*', ' '], "");
        columns.push(column(&header)?);
    }
    Some(columns)
}

fn column(header: &str) -> Option<Column> {
    let (noun, unit) = match header.split_once(['（', '(']) {
        Some((noun, unit)) => (noun, unit.trim_end_matches(['）', ')'])),
        None => (header, ""),
    };
    if noun == "单位" || noun == "计量单位" {
        return Some(Column::Unit);
    }
    let has = |words: &[&str]| words.iter().any(|word| noun.contains(word));
    if has(&["占"]) && has(&["比"]) || has(&["比重", "占比", "构成"]) {
        return Some(Column::Figures { measure: Measure::Share, unit: "%".into(), noun: noun.into() });
    }
    if has(&["增长", "增速", "同比", "增幅", "比上年", "±"]) {
        let percent = unit.is_empty() || unit.contains('%') || unit.contains('％');
        // 固定资产投资增长（%） names what grows; 增长（%） leaves it to the column before.
        let of = ["同比", "增长", "增速", "增幅", "比上年", "±"]
            .iter()
            .fold(noun.to_owned(), |noun, word| noun.replace(word, ""));
        return percent.then_some(Column::Figures { measure: Measure::Yoy, unit: "%".into(), noun: of });
    }
    if has(&["排名", "位次", "名次", "序号"]) {
        return None;
    }
    let plain = ["绝对数", "绝对量", "总量", "数值", "数量", "累计", "本月止累计", "实绩", "完成数", "指标值", "合计"]
        .iter()
        .any(|word| noun.ends_with(word));
    let noun = if plain { "" } else { noun };
    Some(Column::Figures { measure: Measure::Level, unit: unit.into(), noun: noun.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Range<usize>> {
        let mut at = 0;
        let spans = text.split_inclusive('\n').map(|line| {
            let start = at;
            at += line.len();
            start..start + line.trim_end().len()
        });
        spans.collect()
    }

    #[test]
    fn a_table_flattened_to_a_cell_a_line_is_read_back() {
        let text = "产品名称\n单位\n产量\n比上年增长（%）\n钨精矿\n吨\n8265\n4.7\n发电量\n亿千瓦时\n3.84\n-10.2\n";
        let table = table(text, &lines(text)).expect("a table");
        assert_eq!(table.rows.len(), 2);
        let columns = columns(text, &table).expect("columns");
        assert_eq!(columns[1], Column::Unit);
        assert_eq!(columns[2], Column::Figures { measure: Measure::Level, unit: String::new(), noun: "产量".into() });
    }

    #[test]
    fn an_irregular_list_is_no_table() {
        let text = "甲\n1\n乙\n2\n3\n";
        assert_eq!(table(text, &lines(text)), None);
    }
}
