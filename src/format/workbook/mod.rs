//! Excel files: each sheet a heading and a table, figures as they are shown.

mod number;
mod sheet;

use std::io::Cursor;

use calamine::{Data, Reader, SheetVisible, Xls, Xlsx};

use sheet::{Cells, Sheet};

use crate::model::Format;
use crate::source::{Archive, Limits, Reason};

/// Cells of a workbook with something in them; more are a database and no report.
const MOST_CELLS: usize = 1_000_000;

/// Cells of a sheet, empty ones among them, that are looked at.
const MOST_EMPTY_CELLS: usize = 10_000_000;

/// The text of a workbook since 2007.
///
/// # Errors
/// When it is damaged, or larger than it may be.
pub(super) fn read_xlsx(bytes: &[u8], limits: Limits) -> Result<String, Reason> {
    // The reader of workbooks takes what an archive says of itself on trust.
    let mut package = Archive::open(bytes, limits)?;
    let parts = package
        .names()
        .into_iter()
        .enumerate()
        .filter(|(_, name)| [".xml", ".rels"].iter().any(|end| name.ends_with(end)));
    parts.into_iter().try_for_each(|(index, _)| package.read(index).map(drop))?;

    let damaged = |error: calamine::XlsxError| damaged(Format::Xlsx, &error);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let (mut text, mut count) = (String::new(), 0);
    for name in shown(&book) {
        let merged = book.merge_cells_by_sheet_name(&name).map_err(damaged)?;
        let mut reader = book.worksheet_cells_reader(&name).map_err(damaged)?;
        let mut cells = Cells::new();
        let mut seen = 0;
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(damaged)? {
            seen += 1;
            if seen > MOST_EMPTY_CELLS {
                return Err(excessive());
            }
            let format = reader.styles().get(style).and_then(|style| style.number_format.as_ref());
            let code = format.map_or("General", |format| format.format_code.as_str());
            keep(
                &mut cells,
                &mut count,
                cell.get_position(),
                number::shown(&Data::from(cell.get_value().clone()), code),
            )?;
        }
        Sheet { name: &name, cells: &cells, merged: &merged }.write(&mut text)?;
    }
    Ok(text)
}

/// The text of a workbook before 2007. How its figures are to be shown is not known.
///
/// # Errors
/// When it is damaged, or larger than it may be.
pub(super) fn read_xls(bytes: &[u8]) -> Result<String, Reason> {
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsError::Password => Reason::Locked,
        error => damaged(Format::Xls, &error),
    })?;
    let (mut text, mut count) = (String::new(), 0);
    for name in shown(&book) {
        let merged = book.merge_cells_by_sheet_name(&name).map_err(|error| damaged(Format::Xls, &error))?;
        let range = book.worksheet_range(&name).map_err(|error| damaged(Format::Xls, &error))?;
        let mut cells = Cells::new();
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let place = (top + row as u32, left + column as u32);
            keep(&mut cells, &mut count, place, number::shown(value, "General"))?;
        }
        Sheet { name: &name, cells: &cells, merged: &merged }.write(&mut text)?;
    }
    Ok(text)
}

fn damaged(format: Format, error: &dyn std::error::Error) -> Reason {
    Reason::Damaged { format, detail: error.to_string() }
}

fn excessive() -> Reason {
    Reason::Excessive(format!("a workbook of more than {MOST_CELLS} cells"))
}

/// The sheets that a reader sees.
fn shown<R: Reader<Cursor<B>>, B: AsRef<[u8]>>(book: &R) -> Vec<String> {
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    sheets.map(|sheet| sheet.name.clone()).collect()
}

/// Keeps a cell with something in it.
fn keep(cells: &mut Cells, count: &mut usize, place: (u32, u32), shown: String) -> Result<(), Reason> {
    if !shown.trim().is_empty() {
        *count += 1;
        cells.insert(place, shown);
    }
    if *count > MOST_CELLS { Err(excessive()) } else { Ok(()) }
}
