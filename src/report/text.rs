//! The text of one report, and where its statements stand in it.

use serde::Serialize;

/// A report's text, as the page opens it.
#[derive(Debug, Default, Serialize)]
pub(super) struct Text<'t> {
    text: &'t str,
    /// First and one past the last code point of the sentence of each statement, in their order: two numbers a row.
    sentences: Vec<u32>,
    /// Byte of each code point, and the length.
    #[serde(skip)]
    bytes: Vec<usize>,
}

impl<'t> Text<'t> {
    /// The text without a statement.
    pub fn new(text: &'t str) -> Self {
        let bytes = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        Text { text, sentences: Vec::new(), bytes }
    }

    /// Adds the statement whose number stands at the code points `start..end`, and whether the text has `surface` there.
    /// Where it does not, or `sentence` is not around it, the number alone is taken for the sentence.
    pub fn state(&mut self, start: i32, end: i32, surface: &str, sentence: &str) -> bool {
        let byte = |at: i32| usize::try_from(at).ok().and_then(|at| self.bytes.get(at)).copied();
        let found = match (byte(start), byte(end)) {
            (Some(from), Some(to)) => self.text.get(from..to).filter(|words| *words == surface).map(|_| (from, to)),
            _ => None,
        };
        let around = found.and_then(|(from, to)| self.sentence(from, to, sentence));
        let place = |at: usize| u32::try_from(self.bytes.partition_point(|&byte| byte < at)).unwrap_or(u32::MAX);
        let span = match around {
            Some((from, to)) => [place(from), place(to)],
            None => [start, end].map(|at| u32::try_from(at).unwrap_or(0)),
        };
        self.sentences.extend(span);
        found.is_some()
    }

    /// Bytes of the `sentence` around `from..to`.
    fn sentence(&self, from: usize, to: usize, sentence: &str) -> Option<(usize, usize)> {
        let earliest = self.text.ceil_char_boundary(to.saturating_sub(sentence.len()));
        let mut at = earliest;
        while let Some(found) = self.text[at..].find(sentence) {
            let start = at + found;
            if start > from {
                return None;
            }
            if start + sentence.len() >= to {
                return Some((start, start + sentence.len()));
            }
            at = self.text.ceil_char_boundary(start + 1);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_code_points() {
        let mut text = Text::new("𠮷县产值5亿元。𠮷县产值6亿元。");
        assert!(text.state(4, 7, "5亿元", "𠮷县产值5亿元。"));
        assert!(text.state(12, 15, "6亿元", "𠮷县产值6亿元。"));
        assert_eq!(text.sentences, [0, 8, 8, 16]);
    }

    #[test]
    fn of_two_sentences_that_are_the_same_it_is_the_one_around_the_number() {
        let mut text = Text::new("增长5%。增长5%。");
        assert!(text.state(7, 9, "5%", "增长5%。"));
        assert_eq!(text.sentences, [5, 10]);
    }

    #[test]
    fn what_the_text_does_not_hold_is_told() {
        let mut text = Text::new("增长5%。");
        assert!(!text.state(2, 4, "6%", "增长6%。"));
        assert!(!text.state(3, 99, "5%", "增长5%。"));
        assert!(text.state(2, 4, "5%", "another sentence"));
        assert_eq!(text.sentences, [2, 4, 3, 99, 2, 4]);
    }
}
