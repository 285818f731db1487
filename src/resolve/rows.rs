//! The figures of a table: each is stated by its row's name and its column's header.

use std::ops::Range;

use compact_str::format_compact;
use rust_decimal::Decimal;

use super::LINES_BEFORE_FIGURES;
use super::naming::Topic;
use super::reader::Reader;
use super::table::{self, Column, Table};
use crate::document::{Block, list_mark_len};
use crate::model::{Bound, Flags, Measure, Observation, RegionCode, Span, Status};

/// What surrounds the number in a cell.
const PADDING: [char; 2] = ['*', ' '];

/// Names of rows that stand for the whole region.
const WHOLE_REGION: [&str; 8] = ["全市", "全县", "全区", "全省", "全州", "全旗", "合计", "总计"];

/// What the cells of one row share.
struct Row<'t> {
    label: &'t str,
    sentence: Span,
    /// The region that the row is named for.
    region: Option<RegionCode>,
    /// What the column of units says.
    unit: &'t str,
}

/// One figure, with what its column says of it.
struct Figure<'t> {
    cell: Range<usize>,
    value: Decimal,
    unit: &'t str,
    measure: Measure,
    /// The noun of the column's header.
    noun: &'t str,
}

impl<'d> Reader<'_, 'd> {
    /// Lines that may be a table. The words above its header are headings; figures that no header explains are listed.
    pub(super) fn table(&mut self, lines: &[Block]) {
        let text = self.clean.text();
        let spans: Vec<_> = lines.iter().map(|line| line.bytes.clone()).collect();
        for skip in 0..lines.len().saturating_sub(1).min(LINES_BEFORE_FIGURES + 1) {
            let Some(found) = table::table(text, &spans[skip..]) else { continue };
            let Some(columns) = table::columns(text, &found) else { continue };
            for heading in &lines[..skip] {
                self.block(heading);
            }
            let first = self.reading.observations.len();
            self.rows(&found, &columns);
            return self.unused_in_table(&lines[skip..], first);
        }
        for line in lines {
            self.block(line);
        }
    }

    fn rows(&mut self, table: &Table, columns: &[Column]) {
        let text = self.clean.text();
        let mut whole: Option<Topic> = None;
        for cells in &table.rows {
            let row = self.row(cells, columns);
            let mut named = row.label.to_owned();
            for (cell, column) in cells.iter().zip(columns) {
                let Column::Figures { measure, unit, noun } = column else { continue };
                let Some(value) = figure_value(text[cell.clone()].trim_matches(PADDING)) else { continue };
                if let Some(name) = self.cell_name(&row, &named, *measure, noun, whole.as_ref()) {
                    named = name;
                }
                let unit = if *measure == Measure::Level && unit.is_empty() { row.unit } else { unit };
                let topic = self.naming.build(&named, None, None, false);
                if unit.is_empty() && topic.row.is_none() {
                    continue;
                }
                self.figure(&row, Figure { cell: cell.clone(), value, unit, measure: *measure, noun }, &topic);
                whole.get_or_insert(topic);
            }
        }
    }

    fn row(&mut self, cells: &[Range<usize>], columns: &[Column]) -> Row<'d> {
        let text = self.clean.text();
        let label = row_name(&text[cells[0].clone()]);
        let sentence = self.span(cells[0].start..cells[cells.len() - 1].end);
        let place = if WHOLE_REGION.contains(&label) {
            self.state.section_region
        } else {
            self.lexicon.regions().named(label, self.calendar.governing().end.year())
        };
        let region = place.filter(|code| self.home.is_none_or(|home| self.atlas.contains(home, *code)));
        let unit =
            columns.iter().position(|column| *column == Column::Unit).map_or("", |at| text[cells[at].clone()].trim());
        Row { label, sentence, region, unit }
    }

    /// What the figure of a cell is about, where that is not what the cell before it was about.
    fn cell_name(
        &self,
        row: &Row<'_>,
        named: &str,
        measure: Measure,
        noun: &str,
        whole: Option<&Topic>,
    ) -> Option<String> {
        match measure {
            // 江山市's growth under 固定资产投资增长（%）
            Measure::Yoy if !noun.is_empty() && row.region.is_some() => Some(noun.to_owned()),
            Measure::Level if !noun.is_empty() => Some(if row.region.is_some() {
                noun.to_owned()
            } else if self.naming.is_whole(row.label) {
                row.label.to_owned()
            } else {
                // 发电量 beside 产量 is itself; 钨精矿 under 产量 is 钨精矿产量.
                format!("{}{noun}", row.label)
            }),
            // 第一产业 under 地区生产总值
            _ if !self.naming.is_whole(named) => {
                let head = self.naming.part_head(&whole?.name)?;
                Some(format!("{named}{head}"))
            }
            _ => None,
        }
    }

    fn figure(&mut self, row: &Row<'_>, figure: Figure<'_>, topic: &Topic) {
        let text = self.clean.text();
        let cell = &text[figure.cell.clone()];
        let start = figure.cell.start + cell.len() - cell.trim_start_matches(PADDING).len();
        let end = start + text[start..figure.cell.end].trim_end_matches(PADDING).len();
        let span = self.span(start..end);
        let (mut period, named) = self.calendar.current();
        if self.naming.is_stock(topic) {
            period = period.at_end();
        }
        let share = figure.measure == Measure::Share;
        let noun = figure.noun;
        let mut flags = Flags::TABLE;
        if row.region.is_none() {
            flags.insert(Flags::REGION_INFERRED);
        }
        self.reading.observations.push(Observation {
            span,
            sentence: row.sentence,
            measure: figure.measure,
            value: figure.value,
            value_high: None,
            unit: figure.unit.into(),
            indicator: topic.row,
            indicator_text: if share { format_compact!("{}{noun}", topic.name) } else { topic.name.clone() },
            breakdown: topic.breakdown.clone(),
            region: row.region.or(self.state.section_region),
            zone: None,
            period,
            period_inferred: !named,
            bound: Bound::Exact,
            status: Status::Actual,
            // 占GDP的比重
            scope: share.then(|| noun.trim_start_matches('占').trim_end_matches("比重").trim_end_matches('的').into()),
            scope_code: None,
            price_basis: None,
            entity: None,
            rule: "table",
            confidence: if topic.row.is_some() { 0.9 } else { 0.7 },
            flags,
        });
    }
}

/// The name of a table's row without the marks of its depth: `#工业`, `其中：税收`, `一、收入`.
fn row_name(cell: &str) -> &str {
    let mut name = cell.trim_start_matches(['#', '*', ' ', '　', '·']);
    for mark in ["其中：", "其中:", "其中", "：", ":"] {
        name = name.strip_prefix(mark).unwrap_or(name);
    }
    let mark = list_mark_len(name).unwrap_or(0);
    name[mark..].trim()
}

/// The number of a cell; `None` for a cell that says there is none.
fn figure_value(cell: &str) -> Option<Decimal> {
    let plain = cell.trim_end_matches(['%', '％']).replace([',', ' '], "");
    Decimal::from_str_exact(plain.trim_start_matches('+')).ok()
}
