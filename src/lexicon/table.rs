//! Tab-separated tables: `#` starts a comment or the header, every other line is a row.

use super::LexiconError;

/// A table's text with the name that errors use for it.
#[derive(Clone, Copy)]
pub(super) struct Table<'t> {
    name: &'t str,
    text: &'t str,
    class: Option<&'t str>,
}

/// One line of a table.
pub(super) struct Row<'t> {
    table: &'t str,
    line: usize,
    text: &'t str,
    cells: Vec<&'t str>,
}

impl<'t> Table<'t> {
    pub(super) fn new(name: &'t str, text: &'t str) -> Self {
        Table { name, text, class: None }
    }

    /// The same table with `class` as the second cell of every row.
    pub(super) fn as_class(self, class: &'t str) -> Self {
        Table { class: Some(class), ..self }
    }

    /// The rows, each with at least `columns` cells.
    pub(super) fn rows(self, columns: usize) -> impl Iterator<Item = Result<Row<'t>, LexiconError>> {
        let lines = self.text.lines().enumerate();
        lines.filter(|(_, text)| !text.is_empty() && !text.starts_with('#')).map(move |(index, text)| {
            let mut cells: Vec<&str> = text.split('\t').collect();
            if let Some(class) = self.class {
                cells.truncate(1);
                cells.push(class);
            }
            let row = Row { table: self.name, line: index + 1, text, cells };
            if row.cells.len() < columns { Err(row.error("one cell for every column of the header")) } else { Ok(row) }
        })
    }
}

impl<'t> Row<'t> {
    pub(super) fn cell(&self, column: usize) -> &'t str {
        self.cells[column]
    }

    /// The cell's `|`-joined parts.
    pub(super) fn list(&self, column: usize) -> impl Iterator<Item = &'t str> {
        self.cells[column].split('|').filter(|part| !part.is_empty())
    }

    /// The classes that the second cell names, by their names in the lexicon.
    pub(super) fn classes<C: Copy>(&self, known: &[(&str, C)]) -> Result<Vec<C>, LexiconError> {
        let of = |name| known.iter().find(|(known, _)| *known == name).map(|(_, class)| *class);
        let classes: Option<Vec<C>> = self.list(1).map(of).collect();
        classes.ok_or_else(|| self.error("known classes in the second column"))
    }

    pub(super) fn error(&self, expected: &'static str) -> LexiconError {
        LexiconError::Line { table: self.table.to_owned(), line: self.line, found: self.text.to_owned(), expected }
    }

    pub(super) fn parse<T: std::str::FromStr>(&self, column: usize, expected: &'static str) -> Result<T, LexiconError> {
        self.cells[column].parse().map_err(|_| self.error(expected))
    }
}
