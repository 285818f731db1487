//! What one pass over a block of text finds.

use std::ops::Range;

use compact_str::CompactString;
use rust_decimal::Decimal;

use super::time::Time;
use crate::lexicon::{Class, Entry, Stop, UnitKind};
use crate::model::{Bound, Reason};

/// A stretch of the clean text with what it is. The tokens of a block, joined, give the block back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'l> {
    /// First byte in the clean text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is.
    pub kind: Kind<'l>,
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind<'l> {
    /// Words that the lexicon does not know; no digits.
    Text,
    /// Something of the lexicon.
    Word(&'l Entry),
    /// A number with its unit: index into [`Tokens::quantities`].
    Quantity(u32),
    /// An expression of time: index into [`Tokens::times`].
    Time(u32),
    /// A number that is no quantity.
    Loose(Reason),
    /// Punctuation or a bracket, its half-width form.
    Mark(char),
}

/// What a quantity is, beyond its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A number with or without a unit.
    Plain,
    /// 第4, 第三位, 首位, 前三
    Ordinal,
    /// One part of `22.8:38.8:38.4`; the number of parts.
    Ratio(u8),
    /// 持平
    Flat,
    /// 翻一番, 两位数增长: the word itself states a growth
    Fold,
    /// `亿元以上`: a unit whose number, one, is left out
    Bare,
}

/// A number with its unit.
#[derive(Clone, Debug)]
pub(crate) struct Quantity {
    /// The number, signed only where the text writes a sign.
    pub value: Decimal,
    /// Upper end of a range.
    pub high: Option<Decimal>,
    /// The unit as written, without blanks; empty where there is none.
    pub unit: CompactString,
    /// What the unit measures; `None` without a known unit.
    pub unit_kind: Option<UnitKind>,
    /// What it is.
    pub shape: Shape,
    /// A bound inside the number: 6万多户, 100余家.
    pub bound: Option<Bound>,
    /// Written with `+` or `-`.
    pub signed: bool,
    /// A misprint was repaired.
    pub repaired: bool,
}

impl Quantity {
    /// A number in digits with a unit of a known kind, and nothing else said of it.
    pub(super) fn new(value: Decimal, unit: &str, unit_kind: impl Into<Option<UnitKind>>) -> Self {
        Quantity {
            value,
            high: None,
            unit: unit.into(),
            unit_kind: unit_kind.into(),
            shape: Shape::Plain,
            bound: None,
            signed: false,
            repaired: false,
        }
    }
}

/// The tokens of a block.
#[derive(Debug, Default)]
pub(crate) struct Tokens<'l> {
    /// The tokens in the order of the text.
    pub all: Vec<Token<'l>>,
    /// What [`Kind::Quantity`] points into.
    pub quantities: Vec<Quantity>,
    /// What [`Kind::Time`] points into.
    pub times: Vec<Time>,
    /// Where words of the lexicon stand in the block and where other tokens may begin, kept for their memory.
    pub(super) stops: Vec<Stop<'l>>,
}

impl<'l> Tokens<'l> {
    /// The quantity at `index`, if it is one.
    pub fn quantity(&self, index: usize) -> Option<&Quantity> {
        match self.all.get(index)?.kind {
            Kind::Quantity(quantity) => Some(&self.quantities[quantity as usize]),
            _ => None,
        }
    }

    /// Where the tokens of a range, at least one, stand in the clean text.
    pub fn bytes(&self, range: Range<usize>) -> Range<usize> {
        self.all[range.start].start as usize..self.all[range.end - 1].end as usize
    }

    /// Empties the lists and keeps their memory.
    pub fn clear(&mut self) {
        self.all.clear();
        self.quantities.clear();
        self.times.clear();
    }
}

impl Token<'_> {
    /// The token's words.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start as usize..self.end as usize]
    }

    /// Its class in the lexicon.
    pub fn class(&self) -> Option<Class> {
        match self.kind {
            Kind::Word(entry) => entry.class,
            _ => None,
        }
    }

    /// Whether it is the mark `c`.
    pub fn is_mark(&self, c: char) -> bool {
        matches!(self.kind, Kind::Mark(mark) if mark == c)
    }
}

/// The half-width form of a mark that ends words.
pub(super) fn mark(c: char) -> Option<char> {
    Some(match c {
        '，' | ',' => ',',
        '。' | '．' => '。',
        '；' | ';' => ';',
        '：' | ':' | '∶' | '︰' => ':',
        '！' | '!' => '!',
        '？' | '?' => '?',
        '、' | '､' => '、',
        '（' | '(' | '〔' | '【' | '［' | '[' => '(',
        '）' | ')' | '〕' | '】' | '］' | ']' => ')',
        '“' | '‘' | '「' | '《' | '〈' | '"' => '“',
        '”' | '’' | '」' | '》' | '〉' => '”',
        '\n' => '\n',
        ' ' | '　' | '\t' | '\u{a0}' => ' ',
        '|' => '|',
        '—' | '-' | '–' | '~' | '～' => '-',
        '#' | '*' | '●' | '■' | '◆' | '★' | '▲' | '○' | '□' | '◇' | '①'..='⑳' => '#',
        _ => return None,
    })
}
