//! Sentences, clauses and brackets.

use std::ops::Range;

use super::token::{Kind, Token};

/// A clause: a run of tokens between commas. Commas in brackets do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    /// Indices of its tokens.
    pub tokens: Range<usize>,
    /// Index of the sentence in the block.
    pub sentence: usize,
    /// Index of the clause group (between semicolons) in the block.
    pub group: usize,
}

/// Cuts tokens into clauses.
pub(crate) fn clauses(tokens: &[Token<'_>]) -> Vec<Clause> {
    let mut all = Vec::with_capacity(16);
    let (mut sentence, mut group, mut start) = (0, 0, 0);
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate() {
        let Kind::Mark(mark) = token.kind else { continue };
        match mark {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 && mark != '。' => continue,
            '。' | '!' | '?' | '\n' | ';' | ',' | ':' => {
                depth = 0;
                push(&mut all, start..index, sentence, group);
                start = index + 1;
                sentence += usize::from(matches!(mark, '。' | '!' | '?' | '\n'));
                group += usize::from(!matches!(mark, ',' | ':'));
            }
            _ => {}
        }
    }
    push(&mut all, start..tokens.len(), sentence, group);
    all
}

fn push(all: &mut Vec<Clause>, tokens: Range<usize>, sentence: usize, group: usize) {
    if !tokens.is_empty() {
        all.push(Clause { tokens, sentence, group });
    }
}

/// The index after the bracket that opens at `open`, and no further than `end`. One that nothing closes for long is
/// a misprint, and ends at once.
pub(crate) fn bracket_end(tokens: &[Token<'_>], open: usize, end: usize) -> usize {
    const LONGEST: usize = 200;
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate().take(end.min(open + LONGEST)).skip(open) {
        if token.is_mark('(') {
            depth += 1;
        } else if token.is_mark(')') {
            depth -= 1;
            if depth == 0 {
                return index + 1;
            }
        }
    }
    if end > open + LONGEST { open + 1 } else { end }
}
