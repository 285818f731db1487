//! From clean text to mentions: quantities, each with the words that say what it states.
//!
//! [`scan`] makes tokens in one pass, [`sentence`] cuts them into clauses, [`slots`] sorts the words before a quantity
//! by the part they play, and [`frame`] decides what kind of statement they make. Nothing here looks beyond the
//! clause; what is inherited is the business of [`crate::resolve`].

mod finish;
mod frame;
mod noun;
mod number;
mod quantity;
mod scan;
mod sentence;
mod slots;
mod time;
mod token;
mod vague;
mod verbs;
mod walk;

pub(crate) use frame::{Frame, frame, rate};
pub(crate) use noun::{following_noun, is_threshold, size_of_counted};
pub(crate) use scan::scan;
pub(crate) use sentence::{Clause, bracket_end, clauses};
pub(crate) use slots::{Base, Place, Slots};
pub(crate) use time::{Edge, Part, Time, Year};
pub(crate) use token::{Kind, Quantity, Shape, Token, Tokens};
pub(crate) use walk::slots;

use crate::lexicon::Lexicon;

/// The number of tokens in a text, line by line: the scan alone, as the bench measures it.
pub fn count_tokens(lexicon: &Lexicon, text: &str) -> usize {
    let mut tokens = Tokens::default();
    let mut count = 0;
    for line in text.lines() {
        scan(lexicon, line, 0, line.len(), &mut tokens);
        count += tokens.all.len();
    }
    count
}
