//! Where something stands in a document's text.

/// A stretch of a document's text *as given*, in bytes (to slice with) and in Unicode code points (to publish).
///
/// Invariant: both pairs are ordered, lie inside the text, fall on character boundaries and name the same stretch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub byte_start: u32,
    /// One past the last byte.
    pub byte_end: u32,
    /// First code point.
    pub char_start: u32,
    /// One past the last code point.
    pub char_end: u32,
}

impl Span {
    /// The words of `text` that the span names.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.byte_start as usize..self.byte_end as usize]
    }

    /// Whether `other` lies inside.
    pub fn covers(&self, other: Span) -> bool {
        self.byte_start <= other.byte_start && other.byte_end <= self.byte_end
    }

    /// The smallest span that holds both.
    pub fn join(self, other: Span) -> Span {
        Span {
            byte_start: self.byte_start.min(other.byte_start),
            byte_end: self.byte_end.max(other.byte_end),
            char_start: self.char_start.min(other.char_start),
            char_end: self.char_end.max(other.char_end),
        }
    }
}
