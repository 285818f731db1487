//! The figures of a table: each is stated by its row's name and its column's header.

use compact_str::{CompactString, format_compact};
use rust_decimal::Decimal;

use super::calendar::Dated;
use super::figure::{self, Figure, Label};
use super::header::{Column, Head};
use super::naming::Topic;
use super::reader::Reader;
use super::table::{self, Line, Table};
use super::words::{self, take};
use crate::document::{Block, BlockKind, Cell, Parting, cells, is_figure};
use crate::extract::{Kind, Tokens, scan};
use crate::model::{Bound, Flags, Measure, Observation, Period, RegionCode, Said, Span};

/// What the lines above a table say of all of it.
#[derive(Debug, Default)]
struct Above {
    /// The indicator or head noun that the caption names: 产量 of 表1 主要工业产品产量及其增长速度.
    noun: CompactString,
    /// The unit of 单位：万元.
    unit: CompactString,
}

/// What the cells of one row share.
struct Row {
    label: Label,
    sentence: Span,
    /// The region that the row is named for.
    region: Option<RegionCode>,
    /// The development zone or town that the row is named for.
    zone: Option<CompactString>,
    /// The days that the row is named for.
    period: Option<Period>,
}

impl Row {
    /// Whether the row is named for a place or a time, so that the column says what the figures are about.
    fn says_where_or_when(&self) -> bool {
        self.region.is_some() || self.zone.is_some() || self.period.is_some()
    }
}

/// One figure, with what its row and column say of it.
struct Stated<'h> {
    span: Span,
    value: Decimal,
    unit: CompactString,
    measure: Measure,
    head: &'h Head,
    /// The place that row, column or section name.
    region: Option<RegionCode>,
}

/// A row that others are parts of.
struct Stem {
    topic: Topic,
    /// The unit of its name.
    unit: String,
}

/// What the rows above a row say of it.
struct Over<'s> {
    /// The last row that stands for itself.
    stem: &'s mut Option<Stem>,
    /// The place that the section is named for.
    place: Option<RegionCode>,
}

impl<'l> Reader<'l, '_> {
    /// Lines that may hold tables. What stands above a header are headings; figures that no header explains are listed.
    pub(super) fn table(&mut self, lines: &[Block]) {
        let text = self.clean.text();
        let mut above = Above::default();
        let mut at = 0;
        while at < lines.len() {
            let Some((count, found)) = table::find(self.lexicon, text, &lines[at..], |unit| self.is_unit(unit)) else {
                self.line_above(&lines[at], &mut above);
                at += 1;
                continue;
            };
            let read = found.and_then(|table| self.columns(&table).map(|columns| (table, columns)));
            let first = self.reading.observations.len();
            if let Some((table, columns)) = read {
                self.rows(&table, &columns, &above);
            }
            self.unused_in_table(&lines[at..at + count], first);
            above = Above::default();
            at += count;
        }
    }

    /// A line that is no part of a table: a caption, a unit, a heading, or a row whose header is not known.
    fn line_above(&mut self, line: &Block, above: &mut Above) {
        let text = self.clean.text();
        let words = &text[line.bytes.clone()];
        let parting = Parting::of(words);
        if line.kind == BlockKind::Row && matches!(parting, Parting::Marks | Parting::Bars) {
            // 表1 主要指标 | | | 单位：亿元: each cell for itself.
            let cells = cells(words, parting).into_iter().filter(|cell| !cell.is_empty());
            let cells: Vec<_> = cells.map(|cell| cell.start + line.bytes.start..cell.end + line.bytes.start).collect();
            if cells.len() <= 2 && !cells.iter().any(|cell| is_figure(&text[cell.clone()])) {
                return cells
                    .into_iter()
                    .for_each(|bytes| self.heading_above(&Block { kind: BlockKind::Heading, bytes }, above));
            }
        }
        self.heading_above(line, above);
    }

    fn heading_above(&mut self, line: &Block, above: &mut Above) {
        let words = &self.clean.text()[line.bytes.clone()];
        let unit = words.find("单位：").or_else(|| words.find("单位:"));
        if let Some(at) = unit {
            above.unit = self.table_unit(&words[at + "单位".len()..]);
        }
        let before = unit.map_or(words, |at| words[..at].trim_end_matches(['计', '量', '（', '(', ' ', '　']));
        if line.kind != BlockKind::Heading || before.is_empty() {
            return self.block(&Block { kind: BlockKind::Row, bytes: line.bytes.clone() });
        }
        let noun = self.caption_noun(before);
        if !noun.is_empty() {
            above.noun = noun;
        }
        self.block(line);
    }

    /// The one unit of levels of `：亿元、%`; empty when there are several.
    fn table_unit(&self, words: &str) -> CompactString {
        let words = words.trim_matches(['：', ':', ' ', '　', '）', ')', '|']);
        let units = words.split(['、', '，', ',', '；', ' ', '　']).filter(|unit| !unit.is_empty());
        let mut levels = units.filter(|unit| *unit != "%" && *unit != "％");
        match (levels.next(), levels.next()) {
            (Some(unit), None) if self.is_unit(unit) => unit.into(),
            (None, _) if !words.is_empty() => "%".into(),
            _ => CompactString::default(),
        }
    }

    /// The noun of a caption that completes the names of rows: 产量 of 主要农产品产量, 规上工业增加值 of
    /// 各县（市、区）规上工业增加值.
    fn caption_noun(&self, caption: &str) -> CompactString {
        let mut tokens = Tokens::default();
        scan(self.lexicon, caption, 0, caption.len(), &mut tokens);
        // What stands behind the period and the places.
        let named = tokens.all.iter().rev().find(|token| match token.kind {
            Kind::Time(_) => true,
            Kind::Word(entry) => !entry.regions.is_empty() && entry.indicator.is_none(),
            _ => false,
        });
        let mut words = caption[named.map_or(0, |token| token.end as usize)..].replace(' ', "");
        for end in ["及", "和增长", "与增长", "增长", "增速", "情况", "统计表", "完成", "一览表", "表"]
        {
            if let Some(at) = words.find(end).filter(|at| *at > 0) {
                words.truncate(at);
            }
        }
        take(
            &mut words,
            &["各县(市、区)", "各县（市、区）", "各县市区", "各县区", "各区县", "分县区", "分地区", "各地区", "各地"],
        );
        if self.naming.row(&words).is_some() {
            return words.into();
        }
        let generic = ["主要", "分", "各", "部分"].iter().any(|start| words.starts_with(start));
        let head = self.naming.head(&words).filter(|_| generic);
        head.unwrap_or_default().into()
    }

    fn rows(&mut self, table: &Table, columns: &[Column], above: &Above) {
        // The last row that stands for itself: what follows and does not is a part of it.
        let mut stem: Option<Stem> = None;
        let mut place = None;
        for line in &table.body {
            match line {
                Line::Section(bytes) => {
                    let label = self.label_of(&self.clean.text()[bytes.clone()]);
                    place = self.place(&label.name);
                    if self.naming.is_whole(&label.name) {
                        let topic = self.naming.build(&label.name, None, None, false);
                        stem = Some(Stem { topic, unit: label.unit });
                    }
                }
                Line::Row(cells) => self.cells(cells, columns, above, Over { stem: &mut stem, place }),
            }
        }
    }

    fn label_of(&self, cell: &str) -> Label {
        figure::label(cell, |unit| self.is_unit(unit))
    }

    fn cells(&mut self, cells: &[Cell], columns: &[Column], above: &Above, over: Over<'_>) {
        let Over { stem, place } = over;
        let text = self.clean.text();
        let mut row = self.row(cells, columns);
        let mut named: Option<Topic> = None;
        for (cell, column) in cells.iter().zip(columns) {
            let Column::Figures(head) = column else { continue };
            let topic = self.cell_topic(&row, head, named.as_ref(), above, stem.as_ref());
            let Some(topic) = topic else { continue };
            if named.is_none() && !row.says_where_or_when() {
                let part = row.label.part || !self.naming.is_whole(&row.label.name);
                match stem.as_ref().filter(|_| part) {
                    // 第一产业 under 地区生产总值（亿元）
                    Some(stem) if row.label.unit.is_empty() && topic.inherited => row.label.unit = stem.unit.clone(),
                    Some(_) => {}
                    None => *stem = Some(Stem { topic: topic.clone(), unit: row.label.unit.clone() }),
                }
            }
            named = Some(topic.clone());
            let words = &text[cell.bytes.clone()];
            let figure = if cell.repeated { None } else { figure::figure(words) };
            let Some(Figure { value, unit, bytes }) = figure else { continue };
            let Some((measure, unit)) = self.measure(&row, head, (value, unit), &topic, above) else { continue };
            let span = self.span(cell.bytes.start + bytes.start..cell.bytes.start + bytes.end);
            let region = row.region.or(head.region).or(place);
            self.figure(&row, Stated { span, value, unit, measure, head, region }, &topic);
        }
    }

    fn row(&mut self, cells: &[Cell], columns: &[Column]) -> Row {
        let text = self.clean.text();
        let of =
            |kind: &Column| columns.iter().position(|column| column == kind).map(|at| &text[cells[at].bytes.clone()]);
        let mut label = self.label_of(of(&Column::Name).unwrap_or_default());
        if let Some(unit) = of(&Column::Unit).filter(|_| label.unit.is_empty()) {
            label.unit = unit.chars().filter(|c| !c.is_whitespace()).collect();
        }
        let own = cells.iter().filter(|cell| !cell.repeated);
        let start = own.map(|cell| cell.bytes.start).min().unwrap_or(cells[0].bytes.start);
        let sentence = self.span(start..cells[cells.len() - 1].bytes.end.max(start));
        let (region, period) = (self.place(&label.name), self.label_period(&label.name));
        let zone = words::is_zone(self.lexicon, &label.name)
            .then(|| CompactString::from(&label.name))
            .filter(|_| region.is_none());
        Row { label, sentence, region, zone, period }
    }

    /// What the figure of a cell is about; `named` is what the cell before it was about. `None` when nothing says it.
    fn cell_topic(
        &self,
        row: &Row,
        head: &Head,
        named: Option<&Topic>,
        above: &Above,
        stem: Option<&Stem>,
    ) -> Option<Topic> {
        let build = |name: &str| self.naming.build(name, None, None, false);
        let label = &row.label;
        let noun = head.noun.as_str();
        if !noun.is_empty() && head.unit.is_empty() && !self.naming.is_whole(noun) {
            return None;
        }
        if row.says_where_or_when() {
            // 柯城区 under 固定资产投资增长（%）; a growth without a noun goes with the column before.
            if let ("", Some(named)) = (noun, named) {
                return Some(named.clone());
            }
            // 投资额 and 产量 say of what only together with the caption.
            let alone = !noun.is_empty() && (self.naming.row(noun).is_some() || self.naming.head(noun) != Some(noun));
            let name = if alone { noun } else { &above.noun };
            return (!name.is_empty()).then(|| build(name));
        }
        if label.name.is_empty() {
            return None;
        }
        let name = words::without_growth(self.lexicon, &label.name);
        if self.naming.is_whole(name) {
            return Some(build(name));
        }
        // 发电量 beside 产量 is itself; 钨精矿 under 产量 is 钨精矿产量.
        if !noun.is_empty() {
            return Some(build(&format!("{name}{noun}")));
        }
        if let Some(named) = named {
            return Some(named.clone());
        }
        if !above.noun.is_empty() {
            let noun = self.naming.part_head(&above.noun).unwrap_or(&above.noun);
            return Some(build(&format!("{name}{noun}")));
        }
        // 第一产业 under 地区生产总值
        let alike = stem.filter(|stem| self.counted_alike(&label.unit, &stem.unit));
        Some(match alike.and_then(|stem| self.naming.part_head(&stem.topic.name)) {
            Some(head) => self.naming.build(&format!("{name}{head}"), Some(name), None, true),
            None => build(name),
        })
    }

    /// 粗钢 in 万吨 is no part of 发电量 in 亿千瓦时.
    fn counted_alike(&self, part: &str, whole: &str) -> bool {
        let base = |unit| self.lexicon.base_unit(unit).name;
        part.is_empty() || whole.is_empty() || base(part) == base(whole)
    }

    /// What a figure states, and in which unit; `None` when that is not certain.
    fn measure(
        &self,
        row: &Row,
        head: &Head,
        (value, own): (Decimal, &str),
        topic: &Topic,
        above: &Above,
    ) -> Option<(Measure, CompactString)> {
        let level_unit = [row.label.unit.as_str(), &head.unit, &above.unit];
        let level_unit = level_unit.into_iter().find(|unit| !unit.is_empty()).unwrap_or_default();
        let own = if own == "百分点" { "个百分点" } else { own };
        let is_ratio = self.naming.is_ratio(topic);
        match head.measure {
            Measure::Level => {
                let unit = if own.is_empty() || own == level_unit { level_unit } else { own };
                if !own.is_empty() && !self.is_unit(own) {
                    return None;
                }
                if words::is_growth(self.lexicon, &row.label.name) {
                    return (unit == "%").then(|| (Measure::Yoy, unit.into()));
                }
                let percent = unit == "%" || unit == "‰";
                let is_index = || self.naming.indicator(topic).is_some_and(|row| row.unit == "指数");
                let known = self.is_unit(unit) || is_index();
                // A percentage of what is no ratio is a growth or a share, and nothing says which.
                (known && percent == is_ratio).then(|| (Measure::Level, unit.into()))
            }
            Measure::Rank => {
                let place = value.is_integer() && value > Decimal::ZERO && matches!(own, "" | "位");
                place.then(|| (Measure::Rank, own.into()))
            }
            Measure::Change if head.unit == "个百分点" => {
                let points = is_ratio && matches!(own, "" | "个百分点");
                points.then(|| (Measure::Change, head.unit.clone()))
            }
            Measure::Change => (own.is_empty() || own == head.unit).then(|| (Measure::Change, head.unit.clone())),
            measure if measure.is_growth() => match own {
                "个百分点" if is_ratio => Some((Measure::Change, own.into())),
                // The growth of a ratio may be one in points.
                "" | "%" if !is_ratio || own == "%" => Some((measure, head.unit.clone())),
                _ => None,
            },
            measure => matches!(own, "" | "%").then(|| (measure, head.unit.clone())),
        }
    }

    fn figure(&mut self, row: &Row, stated: Stated<'_>, topic: &Topic) {
        let Stated { span, value, unit, measure, head, region } = stated;
        let (governing, named) = self.calendar.current();
        let own = head.period.or(row.period);
        let Dated { mut period, said: period_said } =
            own.map_or(governing, |period| Dated { period, said: Said::Table });
        if self.naming.is_stock(topic) {
            period = period.at_end();
        }
        let mut flags = Flags::TABLE;
        let region_said = if region.is_some() { Said::Table } else { self.state.section_said };
        if region_said == Said::Document {
            flags.insert(Flags::REGION_INFERRED);
        }
        if matches!(period_said, Said::Title | Said::Document) {
            flags.insert(Flags::PERIOD_FROM_TITLE);
        }
        let indicator_text = match (measure, &head.scope) {
            (Measure::Share, Some(scope)) => format_compact!("{}占{scope}比重", topic.name),
            (Measure::Share, None) => format_compact!("{}比重", topic.name),
            _ => (*topic.name).into(),
        };
        self.reading.observations.push(Observation {
            span,
            sentence: row.sentence,
            measure,
            value,
            value_high: None,
            unit,
            indicator: topic.row,
            indicator_text,
            breakdown: topic.breakdown.as_deref().map(Into::into),
            region: region.or(self.state.section_region),
            region_said,
            zone: row.zone.clone(),
            period,
            period_said,
            period_inferred: own.is_none() && !named,
            bound: Bound::Exact,
            status: head.status,
            scope: head.scope.clone(),
            scope_code: None,
            price_basis: None,
            entity: None,
            rule: "table",
            confidence: self.confidence_in_table(topic, period_said),
            flags,
        });
    }
}
