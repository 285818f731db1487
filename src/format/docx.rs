//! Word files: the paragraphs and tables of their main part.
//!
//! Headers and footers are parts of their own and are not read, nor are deleted words, field codes and tables of
//! contents. Read event by event: what spans rows and columns is kept, and no tree is built of a large file.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::table::{Cell, Table, write_line};
use crate::model::Format;
use crate::source::{Archive, Limits, Reason};

/// Tables inside each other.
const DEEPEST_TABLE: usize = 16;

/// Elements whose words are not those of the document: taken out, said twice, codes, or how words are spoken.
const UNREAD: [&str; 6] = ["del", "moveFrom", "Fallback", "instrText", "delText", "rt"];

/// The text of the file `bytes`.
///
/// # Errors
/// When it is damaged, or larger than it may be.
pub(super) fn read(bytes: &[u8], limits: Limits) -> Result<String, Reason> {
    let mut package = Archive::open(bytes, limits)?;
    let names = package.names();
    let is_main = |name: &String| name.starts_with("word/document") && name.ends_with(".xml");
    let main = names.iter().position(is_main).ok_or_else(|| damaged("no part word/document.xml"))?;
    let xml = package.read(main)?;
    let xml = std::str::from_utf8(&xml).map_err(|error| damaged(&error.to_string()))?;
    parse(xml)
}

fn damaged(detail: &str) -> Reason {
    Reason::Damaged { format: Format::Docx, detail: detail.to_owned() }
}

fn parse(xml: &str) -> Result<String, Reason> {
    let mut reader = Reader::from_str(xml);
    let mut document = Document::default();
    loop {
        let event = reader
            .read_event()
            .map_err(|error| damaged(&format!("word/document.xml, byte {}: {error}", reader.error_position())))?;
        match event {
            Event::Start(element) => document.start(&element)?,
            Event::Empty(element) => {
                document.start(&element)?;
                document.end(element.local_name().as_ref());
            }
            Event::End(element) => document.end(element.local_name().as_ref()),
            Event::Text(words) => document.words(&words),
            Event::CData(words) => document.words(&words),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(c)) => document.words(c.encode_utf8(&mut [0; 4])),
                _ => document.words(resolve_predefined_entity(&reference).unwrap_or_default()),
            },
            Event::Eof if document.depth > 0 => return Err(damaged("word/document.xml is cut short")),
            Event::Eof => return Ok(document.text),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
        }
    }
}

/// A document that is being read.
#[derive(Default)]
struct Document {
    text: String,
    depth: usize,
    /// Depth of the element that is left out.
    skipped: Option<usize>,
    /// Open paragraphs: a text box holds some of its own.
    paragraphs: Vec<Paragraph>,
    tables: Vec<OpenTable>,
    in_text: bool,
    in_tab_stops: bool,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    is_contents: bool,
}

/// A table that is being read, up to the cell that is being read.
#[derive(Default)]
struct OpenTable {
    table: Table,
    /// The first column of each cell of the rows, to find those that go on below.
    columns: Vec<Vec<usize>>,
    row: Vec<Cell>,
    goes_on: Vec<bool>,
    cell: Cell,
    cell_goes_on: bool,
}

impl Document {
    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), Reason> {
        self.depth += 1;
        if self.skipped.is_some() {
            return Ok(());
        }
        let value = || {
            let value = element.try_get_attribute("w:val").ok().flatten();
            value.map(|value| value.value.into_owned()).unwrap_or_default()
        };
        let count = || value().parse::<usize>().unwrap_or(1).max(1);
        match element.local_name().as_ref() {
            name if UNREAD.contains(&name) => self.skipped = Some(self.depth),
            "p" => self.paragraphs.push(Paragraph::default()),
            "pStyle" => {
                let style = value().to_lowercase();
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.is_contents = style.starts_with("toc") || style.starts_with("目录");
                }
            }
            "t" => self.in_text = true,
            "tabs" => self.in_tab_stops = true,
            "tab" | "ptab" if !self.in_tab_stops => self.push('\t'),
            "br" | "cr" => self.push('\n'),
            "noBreakHyphen" => self.push('-'),
            "tbl" if self.tables.len() == DEEPEST_TABLE => {
                return Err(Reason::Excessive(format!("tables inside each other, more than {DEEPEST_TABLE} deep")));
            }
            "tbl" => self.tables.push(OpenTable::default()),
            name => {
                if let Some(table) = self.tables.last_mut() {
                    match name {
                        "gridBefore" => table.row.push(Cell { columns: count(), ..Cell::new("") }),
                        "tc" => (table.cell, table.cell_goes_on) = (Cell::new(""), false),
                        "gridSpan" => table.cell.columns = count(),
                        "vMerge" => table.cell_goes_on = value() != "restart",
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, name: &str) {
        let depth = self.depth;
        self.depth = depth.saturating_sub(1);
        if self.skipped.is_some() {
            self.skipped = self.skipped.filter(|skipped| *skipped != depth);
            return;
        }
        match name {
            "t" => self.in_text = false,
            "tabs" => self.in_tab_stops = false,
            "p" => {
                if let Some(paragraph) = self.paragraphs.pop().filter(|paragraph| !paragraph.is_contents) {
                    self.lines(&paragraph.text);
                }
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    table.end_cell();
                }
            }
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.end_row();
                }
            }
            "tbl" => self.end_table(),
            _ => {}
        }
    }

    fn push(&mut self, c: char) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push(c);
        }
    }

    fn words(&mut self, words: &str) {
        if self.in_text
            && self.skipped.is_none()
            && let Some(paragraph) = self.paragraphs.last_mut()
        {
            paragraph.text.push_str(words);
        }
    }

    /// Adds whole lines to the cell that is being read, or to the text.
    fn lines(&mut self, lines: &str) {
        match self.tables.last_mut() {
            Some(table) if !lines.trim().is_empty() => {
                if !table.cell.text.is_empty() {
                    table.cell.text.push('\n');
                }
                table.cell.text.push_str(lines.trim());
            }
            Some(_) => {}
            None => lines.lines().for_each(|line| write_line(&mut self.text, line)),
        }
    }

    /// A table inside a cell becomes lines of it, its cells parted by tabs.
    fn end_table(&mut self) {
        let Some(OpenTable { table, .. }) = self.tables.pop() else { return };
        if self.tables.is_empty() {
            return table.write(&mut self.text);
        }
        for row in table.rows {
            let cells: Vec<String> = row.into_iter().map(|cell| cell.text.replace('\n', "")).collect();
            self.lines(&cells.join("\t"));
        }
    }
}

impl OpenTable {
    fn end_cell(&mut self) {
        // Cells before it that only hold a place have no mark of their own.
        self.goes_on.resize(self.row.len(), false);
        self.row.push(std::mem::take(&mut self.cell));
        self.goes_on.push(self.cell_goes_on);
    }

    /// Adds the row; a cell that goes on from above makes that one longer.
    fn end_row(&mut self) {
        let (row, goes_on) = (std::mem::take(&mut self.row), std::mem::take(&mut self.goes_on));
        let (mut cells, mut columns, mut column) = (Vec::new(), Vec::new(), 0);
        for (index, cell) in row.into_iter().enumerate() {
            let width = cell.columns.max(1);
            let above = if goes_on.get(index) == Some(&true) { self.above(column) } else { None };
            match above {
                Some((row, index)) => self.table.rows[row][index].rows += 1,
                None => {
                    cells.push(cell);
                    columns.push(column);
                }
            }
            column += width;
        }
        self.table.rows.push(cells);
        self.columns.push(columns);
    }

    /// The nearest cell above that starts in `column`, and reaches down to here.
    fn above(&self, column: usize) -> Option<(usize, usize)> {
        let next = self.columns.len();
        let found =
            self.columns.iter().enumerate().rev().find_map(|(row, columns)| {
                columns.iter().position(|start| *start == column).map(|index| (row, index))
            })?;
        (found.0 + self.table.rows[found.0][found.1].rows == next).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deleted_words_and_contents_are_left_out() {
        let xml = "<w:document><w:p><w:pPr><w:pStyle w:val=\"TOC1\"/></w:pPr><w:r><w:t>一、综合1</w:t></w:r></w:p>\
                   <w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:del><w:r><w:delText>5%</w:delText></w:r></w:del>\
                   <w:r><w:t>增长6.2&#37;</w:t><w:tab/><w:t>A&amp;B</w:t></w:r></w:p></w:document>";
        assert_eq!(parse(xml).as_deref(), Ok("增长6.2%\tA&B\n"));
    }

    #[test]
    fn cells_keep_what_they_span() {
        let cell = |marks: &str, text: &str| {
            format!("<w:tc><w:tcPr>{marks}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>")
        };
        let xml = format!(
            "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}{}</w:tr></w:tbl>",
            cell("<w:vMerge w:val=\"restart\"/>", "指标"),
            cell("<w:gridSpan w:val=\"2\"/>", "2022年"),
            cell("<w:vMerge/>", ""),
            cell("", "总量"),
            cell("", "增长"),
        );
        let table = "<table>\n<tr><td rowspan=2>指标</td><td colspan=2>2022年</td></tr>\n\
                     <tr><td>总量</td><td>增长</td></tr>\n</table>\n";
        assert_eq!(parse(&xml).as_deref(), Ok(table));
    }
}
