//! Clean-up of a text, with the way back.
//!
//! The clean text differs from the given one in few places: full-width letters and digits become ASCII, mark-up and
//! byte-order marks go, cells of HTML tables get a mark, and lines broken inside a sentence are joined. Everything else
//! is copied in runs, so that the map back is a short list of run starts.

use std::borrow::Cow;

use super::markup::{Markup, entity};
use crate::model::Span;

/// A text to read, and the map to the text as given.
#[derive(Debug)]
pub struct Clean<'t> {
    given: &'t str,
    text: Cow<'t, str>,
    /// `(clean byte, given byte)` where each run of equal bytes starts, in order.
    runs: Vec<(u32, u32)>,
}

impl<'t> Clean<'t> {
    /// The text to read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as given.
    pub fn given(&self) -> &'t str {
        self.given
    }

    /// The given byte that a clean byte came from. Inside a replaced character it is that character's first byte.
    fn origin(&self, clean: usize) -> usize {
        let run = self.runs.partition_point(|&(at, _)| at as usize <= clean) - 1;
        let (at, given) = self.runs[run];
        let end = self.runs.get(run + 1).map_or(self.given.len(), |next| next.1 as usize);
        self.given.floor_char_boundary((given as usize + (clean - at as usize)).min(end))
    }

    /// Bytes of the given text for bytes of the clean one: from the first character's origin to the end of the last's.
    pub fn given_bytes(&self, clean: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let start = self.origin(clean.start);
        if clean.is_empty() {
            return start..start;
        }
        let last = self.text[..clean.end].char_indices().next_back().map_or(0, |(at, _)| at);
        let last = self.origin(last);
        let rest = &self.given[last..];
        let width = if rest.starts_with('&') { entity(rest).map(|(len, _)| len) } else { None };
        start..last + width.or_else(|| rest.chars().next().map(char::len_utf8)).unwrap_or(0)
    }
}

/// Counts code points along a text, for spans asked in rising order.
pub struct CharCounter<'t> {
    text: &'t str,
    byte: usize,
    chars: usize,
}

impl<'t> CharCounter<'t> {
    /// A counter at the start of `text`.
    pub fn new(text: &'t str) -> Self {
        CharCounter { text, byte: 0, chars: 0 }
    }

    /// The number of code points before `byte`. Cheap when asked in rising order, right in any.
    pub fn chars_before(&mut self, byte: usize) -> u32 {
        if byte >= self.byte {
            self.chars += count_chars(&self.text.as_bytes()[self.byte..byte]);
        } else {
            self.chars -= count_chars(&self.text.as_bytes()[byte..self.byte]);
        }
        self.byte = byte;
        self.chars as u32
    }

    /// The span of `bytes`.
    pub fn span(&mut self, bytes: std::ops::Range<usize>) -> Span {
        let char_start = self.chars_before(bytes.start);
        let char_end = self.chars_before(bytes.end);
        Span { byte_start: bytes.start as u32, byte_end: bytes.end as u32, char_start, char_end }
    }
}

/// Code points in valid UTF-8: the bytes that do not continue one.
fn count_chars(bytes: &[u8]) -> usize {
    // As many as a byte can count, which many are counted at once in.
    let starts = |chunk: &[u8]| chunk.iter().map(|&byte| u8::from(byte as i8 >= -0x40)).sum::<u8>();
    bytes.chunks(u8::MAX as usize).map(|chunk| usize::from(starts(chunk))).sum()
}

/// Cleans `given`; see the module.
pub fn clean(given: &str) -> Clean<'_> {
    if is_clean(given) {
        return join_lines(Clean { given, text: Cow::Borrowed(given), runs: vec![(0, 0)] });
    }
    let mut out = Builder { given, text: String::with_capacity(given.len()), runs: vec![(0, 0)], copied: 0 };
    let bytes = given.as_bytes();
    let mut markup = Markup::default();
    let mut at = 0;
    while let Some(offset) = next_special(&bytes[at..], markup.in_row()) {
        at += offset;
        let rest = &given[at..];
        let found = match bytes[at] {
            b'<' => markup.tag(rest),
            b'&' => entity(rest).map(|(len, c)| (len, Some(c))),
            b'\n' => {
                let behind = rest.trim_start();
                Some((rest.len() - behind.len(), markup.line_break(behind)))
            }
            b'\r' => Some((1, None)),
            _ => unusual(rest),
        };
        match found {
            Some((len, with)) => {
                let mut buffer = [0; 4];
                out.replace(at..at + len, with.map_or("", |c| c.encode_utf8(&mut buffer)));
                at += len;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    out.text.push_str(&given[out.copied..]);
    join_lines(Clean { given, text: Cow::Owned(out.text), runs: out.runs })
}

/// Whether nothing in a text is to be replaced, as in most. It looks at all bytes alike, and so at many at once.
fn is_clean(given: &str) -> bool {
    let is_replaced = |any: u8, ((&a, &b), &c): ((&u8, &u8), &u8)| {
        let sign = (c == 0x85) | (c == 0x8B) | (0x8D..=0x99).contains(&c);
        let upper = (b == 0xBC) & (sign | (0xA1..=0xBA).contains(&c));
        let lower = (b == 0xBD) & (0x81..=0x9A).contains(&c);
        let no_width = (a == 0xE2) & (b == 0x80) & (c == 0x8B) | (a == 0xEF) & (b == 0xBB) & (c == 0xBF);
        any | u8::from((a == 0xEF) & (upper | lower) | no_width)
    };
    let is_markup = |any: u8, &byte: &u8| any | u8::from((byte == b'<') | (byte == b'&') | (byte == b'\r'));
    let from = |at: usize| given.as_bytes().get(at..).unwrap_or_default();
    from(0).iter().fold(0, is_markup) | from(0).iter().zip(from(1)).zip(from(2)).fold(0, is_replaced) == 0
}

/// Distance to the next byte that may start something to replace; line breaks are replaced in the rows of a table.
fn next_special(bytes: &[u8], in_row: bool) -> Option<usize> {
    bytes.iter().position(|&b| matches!(b, b'<' | b'&' | b'\r' | 0xE2 | 0xEF) || in_row && b == b'\n')
}

/// A full-width character or a mark without width, by its length, and what takes its place.
fn unusual(text: &str) -> Option<(usize, Option<char>)> {
    let c = text.chars().next()?;
    let gone = c == '\u{feff}' || c == '\u{200b}';
    let ascii = half_width(c);
    (gone || ascii.is_some()).then_some((c.len_utf8(), ascii))
}

/// The ASCII form of a full-width letter, digit or sign that numbers and names are written with.
///
/// Punctuation that ends clauses stays as it is: `，` and `,` mean different things beside digits.
fn half_width(c: char) -> Option<char> {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '％' | '．' | '－' | '＋' | '／' => {
            char::from_u32(c as u32 - 0xFEE0)
        }
        _ => None,
    }
}

struct Builder<'t> {
    given: &'t str,
    text: String,
    runs: Vec<(u32, u32)>,
    copied: usize,
}

impl Builder<'_> {
    /// Copies what stands before `bytes` and puts `with` in the place of `bytes`.
    fn replace(&mut self, bytes: std::ops::Range<usize>, with: &str) {
        self.text.push_str(&self.given[self.copied..bytes.start]);
        if !with.is_empty() {
            self.start_run(bytes.start);
            self.text.push_str(with);
        }
        self.start_run(bytes.end);
        self.copied = bytes.end;
    }

    fn start_run(&mut self, given: usize) {
        let run = (self.text.len() as u32, given as u32);
        match self.runs.last_mut() {
            Some(last) if last.0 == run.0 => *last = run,
            _ => self.runs.push(run),
        }
    }
}

/// Joins lines that are broken inside a sentence, by the rules of [`super::layout`].
fn join_lines(before: Clean<'_>) -> Clean<'_> {
    let joined = super::layout::line_joints(&before.text);
    if joined.is_empty() {
        return before;
    }
    let mut text = String::with_capacity(before.text.len());
    let mut runs = Vec::with_capacity(before.runs.len() + joined.len());
    let mut copied = 0;
    let mut next_run = 0;
    for gap in joined.into_iter().chain(std::iter::once(before.text.len()..before.text.len())) {
        // Runs that start inside the copied stretch move with it.
        runs.push((text.len() as u32, before.origin(copied) as u32));
        while let Some(&(at, origin)) = before.runs.get(next_run).filter(|run| (run.0 as usize) < gap.start) {
            if at as usize > copied {
                runs.push(((text.len() + at as usize - copied) as u32, origin));
            }
            next_run += 1;
        }
        while before.runs.get(next_run).is_some_and(|run| (run.0 as usize) < gap.end) {
            next_run += 1;
        }
        text.push_str(&before.text[copied..gap.start]);
        copied = gap.end;
    }
    Clean { given: before.given, text: Cow::Owned(text), runs }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_clean_when_nothing_is_replaced() {
        for c in '\0'..='\u{ffff}' {
            let text = format!("{c}p>甲乙");
            let same = clean(&text).text() == text;
            assert_eq!(is_clean(&text), same && !"<&".contains(c), "{c:?}");
        }
    }
}
