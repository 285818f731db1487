//! The pieces that a page shows, front to back: paragraphs and tables.

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};

use crate::format::table::{Cell, Table, write_line};

/// A paragraph or a table of a page.
#[derive(Debug)]
pub(super) struct Piece {
    /// What it says.
    pub text: String,
    /// The table, when it is one; `text` has its cells a line each.
    table: Option<Table>,
    /// Characters of it that are links, blanks apart.
    pub linked: usize,
    /// Links in it.
    pub links: usize,
    /// The elements that it stands in, the outermost first.
    pub inside: Vec<NodeId>,
}

impl Piece {
    /// Appends it to `text` as the text of a document holds it.
    pub fn write(&self, text: &mut String) {
        match &self.table {
            Some(table) => table.write(text),
            None => write_line(text, &self.text),
        }
    }

    /// Characters of it, blanks apart.
    pub fn chars(&self) -> usize {
        chars(&self.text)
    }

    /// Whether it is a table of figures or words, and no paragraph.
    pub fn is_table(&self) -> bool {
        self.table.is_some()
    }
}

fn chars(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// Elements of a line; all others stand on lines of their own.
const INLINE: [&str; 31] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "o:p",
];

/// Elements whose content is not shown, or is nothing to be read.
const UNREAD: [&str; 22] = [
    "applet", "audio", "button", "canvas", "datalist", "embed", "head", "iframe", "img", "input", "link", "map",
    "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title", "video",
];

/// Characters of a cell that is no figure or name, but a part of the page that a table lays out.
const LONGEST_CELL: usize = 500;

/// The pieces of `page`.
pub(super) fn of(page: &Html) -> Vec<Piece> {
    let mut walk = Walk::default();
    walk.children(*page.root_element());
    walk.pieces
}

/// Whether nothing of an element is shown, by its kind or its attributes.
fn is_unread(element: &Element) -> bool {
    UNREAD.contains(&element.name()) || element.attr("hidden").is_some() || {
        let style: String = element.attr("style").unwrap_or_default().split_whitespace().collect();
        style.to_ascii_lowercase().contains("display:none")
    }
}

/// A paragraph that is being read.
#[derive(Default)]
struct Line {
    text: String,
    /// Blanks of the source that are not yet in the text.
    blanks: Option<Blanks>,
    linked: usize,
    links: usize,
}

/// What parts two words of the source.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blanks {
    /// As typed.
    Spaces,
    /// A line break: it parts words of letters, and no Chinese ones.
    Break,
}

impl Line {
    /// Adds a text of the source as a browser shows it.
    fn push(&mut self, source: &str, in_link: bool) {
        let before = self.text.len();
        for c in source.chars() {
            match c {
                // Columns are parted by them, so that each counts.
                '\u{a0}' => {
                    self.blanks = None;
                    self.text.push(' ');
                }
                '\n' | '\r' => self.blanks = Some(Blanks::Break),
                ' ' | '\t' | '\u{c}' => self.blanks = self.blanks.or(Some(Blanks::Spaces)),
                c => {
                    let parts = match self.blanks.take() {
                        Some(Blanks::Spaces) => true,
                        Some(Blanks::Break) => c.is_ascii() && self.text.ends_with(|c: char| c.is_ascii()),
                        None => false,
                    };
                    if parts && !self.text.is_empty() {
                        self.text.push(' ');
                    }
                    self.text.push(c);
                }
            }
        }
        if in_link {
            self.linked += chars(&self.text[before..]);
        }
    }
}

#[derive(Default)]
struct Walk {
    pieces: Vec<Piece>,
    line: Line,
    inside: Vec<NodeId>,
    links_open: usize,
    as_typed: usize,
}

impl Walk {
    /// Reads what is below `root`.
    fn children(&mut self, root: NodeRef<'_, Node>) {
        let mut skipped: Option<NodeId> = None;
        for edge in root.traverse() {
            let (node, opens) = match edge {
                Edge::Open(node) => (node, true),
                Edge::Close(node) => (node, false),
            };
            if let Some(id) = skipped {
                if id == node.id() && !opens {
                    skipped = None;
                }
                continue;
            }
            match node.value() {
                Node::Text(text) if opens => self.text(text),
                Node::Element(element) if opens && is_unread(element) => skipped = Some(node.id()),
                Node::Element(element) if opens && element.name() == "table" => match table(node) {
                    Some((table, linked, links)) => {
                        self.end_line();
                        self.table(node.id(), table, linked, links);
                        skipped = Some(node.id());
                    }
                    None => self.element(element, node.id(), true),
                },
                Node::Element(element) => self.element(element, node.id(), opens),
                _ => {}
            }
        }
        self.end_line();
    }

    fn element(&mut self, element: &Element, id: NodeId, opens: bool) {
        let name = element.name();
        match (name, opens) {
            ("a", true) => (self.links_open, self.line.links) = (self.links_open + 1, self.line.links + 1),
            ("a", false) => self.links_open = self.links_open.saturating_sub(1),
            ("pre", true) => self.as_typed += 1,
            ("pre", false) => self.as_typed = self.as_typed.saturating_sub(1),
            _ => {}
        }
        if !INLINE.contains(&name) {
            self.end_line();
        }
        match opens {
            true => self.inside.push(id),
            false => {
                self.inside.pop();
            }
        }
    }

    fn text(&mut self, text: &str) {
        let in_link = self.links_open > 0;
        if self.as_typed == 0 {
            return self.line.push(text, in_link);
        }
        for line in text.split_inclusive('\n') {
            self.line.text.push_str(line.trim_end_matches(['\n', '\r']));
            if line.ends_with('\n') {
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        let Line { text, linked, links, .. } = std::mem::take(&mut self.line);
        if !text.trim().is_empty() {
            self.pieces.push(Piece { text, table: None, linked, links, inside: self.inside.clone() });
        }
    }

    fn table(&mut self, id: NodeId, table: Table, linked: usize, links: usize) {
        let cells = table.rows.iter().flatten().map(|cell| cell.text.as_str());
        let text = cells.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
        let mut inside = self.inside.clone();
        inside.push(id);
        if !text.is_empty() {
            self.pieces.push(Piece { text, table: Some(table), linked, links, inside });
        }
    }
}

/// The table at `node`, with the characters and the number of its links; `None` when it only lays out the page.
fn table(node: NodeRef<'_, Node>) -> Option<(Table, usize, usize)> {
    let named = |node: NodeRef<'_, Node>, names: &[&str]| {
        node.value().as_element().is_some_and(|element| names.contains(&element.name()))
    };
    if node.descendants().skip(1).any(|node| named(node, &["table"])) {
        return None;
    }
    let (mut rows, mut linked, mut links) = (Vec::new(), 0, 0);
    for row in node.descendants().filter(|node| named(*node, &["tr", "caption"])) {
        let mut cells = Vec::new();
        let parts = row.children().filter(|cell| named(*cell, &["td", "th"]));
        for cell in parts.chain(named(row, &["caption"]).then_some(row)) {
            let mut walk = Walk::default();
            walk.children(cell);
            let text = walk.pieces.iter().map(|piece| piece.text.trim()).collect::<Vec<_>>().join("\n");
            if chars(&text) > LONGEST_CELL {
                return None;
            }
            linked += walk.pieces.iter().map(|piece| piece.linked).sum::<usize>();
            links += walk.pieces.iter().map(|piece| piece.links).sum::<usize>();
            let span = |name| {
                let written =
                    ElementRef::wrap(cell).and_then(|cell| cell.attr(name)).and_then(|n| n.trim().parse().ok());
                written.unwrap_or(1).max(1)
            };
            cells.push(Cell { text, columns: span("colspan"), rows: span("rowspan") });
        }
        if !cells.is_empty() {
            rows.push(cells);
        }
    }
    (rows.iter().any(|row| row.len() > 1)).then_some((Table { rows }, linked, links))
}
