//! Mark-up in a text: HTML tags, comments and entities, and the cells of HTML tables.
//!
//! What a page lays out as a table becomes a line a row, each cell with a mark before it that holds how many columns
//! and rows the cell spans. Cells that hold prose, or a table of their own, only lay out the page: they become lines.

/// First of the characters of a private plane that stand before a cell.
const FIRST_MARK: u32 = 0xF_0000;

/// A cell spans fewer columns than this.
const MOST_COLUMNS: u32 = 64;

/// A cell spans fewer rows than this.
const MOST_ROWS: u32 = 256;

/// A line broken inside a cell.
pub(super) const BREAK: char = '\u{2028}';

/// The mark before a cell that spans `columns` and `rows`.
fn cell_mark(columns: u32, rows: u32) -> Option<char> {
    let (columns, rows) = (columns.clamp(1, MOST_COLUMNS) - 1, rows.clamp(1, MOST_ROWS) - 1);
    char::from_u32(FIRST_MARK + columns * MOST_ROWS + rows)
}

/// How many columns and rows the cell behind the mark `c` spans; `None` when `c` is no such mark.
pub(crate) fn cell_span(c: char) -> Option<(usize, usize)> {
    let code = (c as u32).checked_sub(FIRST_MARK).filter(|code| *code < MOST_COLUMNS * MOST_ROWS)?;
    Some(((code / MOST_ROWS + 1) as usize, (code % MOST_ROWS + 1) as usize))
}

/// Mark-up that stands inside a line.
const INLINE_TAGS: [&str; 14] =
    ["a", "b", "col", "em", "font", "i", "label", "o:p", "s", "span", "strong", "sub", "sup", "u"];

/// Mark-up that starts a new line.
const BLOCK_TAGS: [&str; 40] = [
    "article",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "colgroup",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "img",
    "li",
    "link",
    "main",
    "meta",
    "ol",
    "p",
    "section",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
];

/// A longer run between angle brackets is no tag.
const LONGEST_TAG: usize = 1500;

/// Bytes, tags among them, in which a cell has to end.
const LONGEST_CELL: usize = 6000;

/// Characters that a cell of a table holds at most; what is longer is prose.
const LONGEST_CELL_TEXT: usize = 120;

/// Where in a table the text stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// In no row whose cells are read.
    #[default]
    Outside,
    /// In a row, between its cells.
    Row,
    /// In a cell.
    Cell,
}

/// Reads mark-up from the front to the back of a text.
#[derive(Debug, Default)]
pub(super) struct Markup {
    place: Place,
    /// Hidden stretches (comments, styles, scripts) that are known to have no end in the rest of the text.
    endless: [bool; HIDDEN.len()],
}

/// What is not shown: its start and its end.
const HIDDEN: [(&str, &str); 3] = [("<!--", "-->"), ("<style", "</style>"), ("<script", "</script>")];

impl Markup {
    /// Whether a line break of the text stands inside a row.
    pub(super) fn in_row(&self) -> bool {
        self.place != Place::Outside
    }

    /// Length of the mark-up that `text` starts with, and what takes its place.
    pub(super) fn tag(&mut self, text: &str) -> Option<(usize, Option<char>)> {
        if let Some(len) = self.hidden(text) {
            return Some((len, None));
        }
        let tag = Tag::read(text)?;
        Some((tag.len, self.replacement(&tag, &text[tag.len..])))
    }

    /// Length of the comment, style or script that `text` starts with.
    fn hidden(&mut self, text: &str) -> Option<usize> {
        let index = HIDDEN.iter().position(|(start, _)| starts_with(text.as_bytes(), start))?;
        let (start, end) = HIDDEN[index];
        if self.endless[index] {
            return None;
        }
        let found = text.as_bytes()[start.len()..].windows(end.len()).position(|bytes| starts_with(bytes, end));
        self.endless[index] = found.is_none();
        found.map(|at| start.len() + at + end.len())
    }

    fn replacement(&mut self, tag: &Tag<'_>, behind: &str) -> Option<char> {
        let in_cell = self.place == Place::Cell;
        match (tag.name.as_str(), tag.closes) {
            ("td" | "th", false) if self.in_row() && is_cell(behind) => {
                self.place = Place::Cell;
                cell_mark(tag.number("colspan"), tag.number("rowspan"))
            }
            ("td" | "th", true) if self.in_row() => {
                self.place = Place::Row;
                None
            }
            ("tr", closes) => {
                self.place = if closes { Place::Outside } else { Place::Row };
                Some('\n')
            }
            ("td" | "th" | "table" | "tbody" | "thead" | "tfoot" | "caption", _) => {
                self.place = Place::Outside;
                Some('\n')
            }
            _ if tag.inline => None,
            _ if in_cell => Some(BREAK),
            _ if self.place == Place::Row => None,
            _ => Some('\n'),
        }
    }

    /// What takes the place of blanks with a line break in them, `behind` standing after them.
    pub(super) fn line_break(&mut self, behind: &str) -> Option<char> {
        match self.place {
            Place::Cell => Some(BREAK),
            Place::Row if behind.starts_with('<') => None,
            _ => {
                self.place = Place::Outside;
                Some('\n')
            }
        }
    }
}

/// A tag.
struct Tag<'t> {
    /// Lower case.
    name: String,
    closes: bool,
    inline: bool,
    attributes: &'t str,
    len: usize,
}

impl<'t> Tag<'t> {
    fn read(text: &'t str) -> Option<Self> {
        let inner = text.get(1..)?;
        let closes = inner.starts_with('/');
        let inner = inner.trim_start_matches('/');
        let name_len = inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b':').count();
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        if !inner[name_len..].starts_with(['>', '/', ' ', '\t', '\n', '\r']) {
            return None;
        }
        let name = inner[..name_len].to_ascii_lowercase();
        let inline = INLINE_TAGS.contains(&name.as_str());
        if !inline && !BLOCK_TAGS.contains(&name.as_str()) {
            return None;
        }
        let close = text.bytes().take(LONGEST_TAG).skip(1).position(|b| matches!(b, b'>' | b'<'))? + 1;
        let attributes = &text[text.len() - inner.len() + name_len..close];
        (text.as_bytes()[close] == b'>').then_some(Tag { name, closes, inline, attributes, len: close + 1 })
    }

    /// The number of an attribute, one where it is not given.
    fn number(&self, attribute: &str) -> u32 {
        let bytes = self.attributes.as_bytes();
        let value = bytes.windows(attribute.len()).position(|window| window.eq_ignore_ascii_case(attribute.as_bytes()));
        let value = value.map_or("", |at| &self.attributes[at + attribute.len()..]);
        let value = value.trim_start_matches([' ', '=', '"', '\'']);
        let digits = value.bytes().take_while(u8::is_ascii_digit).count();
        value[..digits].parse().unwrap_or(1)
    }
}

/// Whether what stands behind `<td>` is the cell of a table of figures, and no prose or layout.
fn is_cell(behind: &str) -> bool {
    const ENDS: [&str; 8] = ["</td", "</th", "<td", "<th", "</tr", "<tr", "</table", "</tbody"];
    let mut shown = 0;
    let mut in_tag = false;
    let mut chars = behind.char_indices().take_while(|(at, _)| *at < LONGEST_CELL);
    chars.any(|(at, c)| match c {
        '<' => {
            in_tag = true;
            let tag = &behind.as_bytes()[at..];
            if starts_with(tag, "<table") {
                shown = usize::MAX;
            }
            ENDS.iter().any(|end| starts_with(tag, end))
        }
        '>' => {
            in_tag = false;
            false
        }
        '。' if !in_tag => {
            shown = usize::MAX;
            true
        }
        _ => {
            shown = shown.saturating_add(usize::from(!in_tag && !c.is_whitespace()));
            false
        }
    }) && shown <= LONGEST_CELL_TEXT
}

/// Whether `text` starts with `word`, upper or lower case.
fn starts_with(text: &[u8], word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

/// Entities that Chinese pages are written with.
const ENTITIES: [(&str, char); 22] = [
    ("amp", '&'),
    ("emsp", '　'),
    ("ensp", ' '),
    ("gt", '>'),
    ("hellip", '…'),
    ("ldquo", '“'),
    ("lsquo", '‘'),
    ("lt", '<'),
    ("mdash", '—'),
    ("middot", '·'),
    ("minus", '-'),
    ("nbsp", ' '),
    ("ndash", '–'),
    ("permil", '‰'),
    ("plusmn", '±'),
    ("quot", '"'),
    ("rdquo", '”'),
    ("rsquo", '’'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("thinsp", ' '),
    ("times", '×'),
];

/// The entity that `text` starts with, and its length: `&nbsp;`, `&#8212;`, `&#xA0;`.
pub(super) fn entity(text: &str) -> Option<(usize, char)> {
    const LONGEST: usize = 10;
    let len = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = text.get(1..len)?;
    let c = match name.strip_prefix('#') {
        Some(code) => {
            let hex = code.strip_prefix(['x', 'X']);
            let code = hex.map_or_else(|| code.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
            char::from_u32(code).filter(|c| cell_span(*c).is_none())?
        }
        None => ENTITIES.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((len + 1, if c.is_control() || c == '\u{a0}' { ' ' } else { c }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_holds_what_its_cell_spans() {
        for span in [(1, 1), (3, 1), (1, 40), (64, 256)] {
            let mark = cell_mark(span.0, span.1).expect("a character");
            assert_eq!(cell_span(mark), Some((span.0 as usize, span.1 as usize)));
        }
        assert_eq!(cell_mark(1_000, 9_999), cell_mark(64, 256));
        assert_eq!(cell_span('市'), None);
    }

    #[test]
    fn entities_are_read_with_their_length() {
        for (text, read) in [
            ("&nbsp;1", Some((6, ' '))),
            ("&lt;", Some((4, '<'))),
            ("&#8212;", Some((7, '—'))),
            ("&#xA0;", Some((6, ' '))),
            ("&D", None),
            ("&今年;", None),
            ("&#9999999999;", None),
        ] {
            assert_eq!(entity(text), read, "{text}");
        }
    }
}
