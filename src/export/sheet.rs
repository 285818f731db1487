//! Comma-separated values for spreadsheets.
//!
//! Text comes from reports that anybody may have written, and a spreadsheet computes what begins like a formula: such
//! texts get an apostrophe before them.

use std::io::{self, BufWriter, Write};

use polars::prelude::DataFrame;

use super::cells::{Cells, Refused};
use crate::normalize::schema::{Table, Type};

/// Without it Excel takes UTF-8 for the characters of the system's code page.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// What begins a formula, or is skipped before one; the wide forms are taken for the others by spreadsheets in Chinese.
/// The apostrophe itself too, so that it can be told which of them were in the text.
const BEGINNINGS: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '\''];

/// A table as a spreadsheet opens it.
pub(super) struct Sheet<W: Write> {
    lines: csv::Writer<BufWriter<W>>,
    table: &'static Table,
}

impl<W: Write> Sheet<W> {
    /// Begins with the names of the columns.
    pub fn new(out: W, table: &'static Table) -> Result<Self, Refused> {
        let mut out = BufWriter::new(out);
        out.write_all(BYTE_ORDER_MARK.as_bytes()).map_err(csv::Error::from)?;
        let mut lines = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        lines.write_record(table.columns().map(|column| column.name))?;
        Ok(Sheet { lines, table })
    }

    pub fn write(&mut self, rows: &DataFrame) -> Result<(), Refused> {
        let columns = self.table.columns().map(|column| Ok((column.kind == Type::Text, Cells::of(rows, column)?)));
        let columns: Vec<(bool, Cells)> = columns.collect::<Result<_, Refused>>()?;
        let mut scratch = String::new();
        for row in 0..rows.height() {
            for (is_text, cells) in &columns {
                let text = cells.text(row, &mut scratch);
                match *is_text && is_computed(text) {
                    true => self.lines.write_field(format!("'{text}"))?,
                    false => self.lines.write_field(text)?,
                }
            }
            self.lines.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.lines.flush()
    }
}

/// Whether a spreadsheet might compute `text`, or take an apostrophe from it. A plain number, as in `value_text`, is what
/// it is.
fn is_computed(text: &str) -> bool {
    text.starts_with(BEGINNINGS) && !is_number(text)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_compute_is_told_from_numbers() {
        for text in [
            "=1+1",
            "+86",
            "-8.7%",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1",
            "－增长",
            "--1",
            "-",
            "-1.",
            "-1-1",
            "'",
        ] {
            assert!(is_computed(text), "{text:?}");
        }
        for text in ["", "-4.2", "-4", "4.2", "330.9亿元", "增长-8.7%", "0-6岁"] {
            assert!(!is_computed(text), "{text:?}");
        }
    }
}
