//! What the extractor hands on: observations, and the numbers that are none.

use std::fmt;

use compact_str::CompactString;
use rust_decimal::Decimal;

use super::{Bound, Measure, Period, Reason, RegionCode, Span, Status};

/// Where a document says what a statement is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Said {
    /// These words, of the number's own sentence or of one before it.
    Words(Span),
    /// This heading above it.
    Heading(Span),
    /// The header of its column, or the name of its row in a table.
    Table,
    /// The document's title.
    Title,
    /// Nowhere: what is known of the document, its region or its day of publication.
    #[default]
    Document,
}

/// One number that a text states about one place, one period and one indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The number with its unit, in the text as given.
    pub span: Span,
    /// The sentence that it stands in.
    pub sentence: Span,
    /// What kind of statement it is.
    pub measure: Measure,
    /// The number in the unit written, signed by its verb.
    pub value: Decimal,
    /// Upper end when `bound` is [`Bound::Range`].
    pub value_high: Option<Decimal>,
    /// The unit as written, without blanks: `亿元`, `%`, `个百分点`; empty where there is none.
    pub unit: CompactString,
    /// Row of the indicator in the catalogue, `None` when it is not in it.
    pub indicator: Option<u32>,
    /// The words of the text for the indicator, completed with what they inherit.
    pub indicator_text: CompactString,
    /// A part of the whole that is not in the indicator's own name: 民营企业.
    pub breakdown: Option<CompactString>,
    /// The place, in the codes in force at the document's date; `None` where it has no code.
    pub region: Option<RegionCode>,
    /// Where the place was named.
    pub region_said: Said,
    /// Development zone or town inside `region`, as written, when the number is about it.
    pub zone: Option<CompactString>,
    /// The period that the number covers.
    pub period: Period,
    /// Where the period was named.
    pub period_said: Said,
    /// True when the period did not stand in the number's own clause.
    pub period_inferred: bool,
    /// How the number bounds the true one.
    pub bound: Bound,
    /// Fact, estimate or target.
    pub status: Status,
    /// What a rank, gap, share or contribution is compared with, as written.
    pub scope: Option<CompactString>,
    /// Region code of `scope`, when it is a region.
    pub scope_code: Option<RegionCode>,
    /// `current` (现价) or `constant` (可比价), when the text says so.
    pub price_basis: Option<&'static str>,
    /// Company, project, port or school that the number is about; such rows never enter a region's series.
    pub entity: Option<CompactString>,
    /// Name of the grammar rule that made it.
    pub rule: &'static str,
    /// How sure the extractor is, `0.0..=1.0`.
    pub confidence: f32,
    /// What a reader should know about the row.
    pub flags: Flags,
}

/// A number of the text that is no observation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    /// Where it stands.
    pub span: Span,
    /// Why it was left out.
    pub reason: Reason,
}

/// Everything read in one document. Both lists are in the order of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The statements.
    pub observations: Vec<Observation>,
    /// The numbers that are no statements.
    pub unused: Vec<Unused>,
}

/// A set of remarks on an observation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u32);

impl Flags {
    /// A misprint was repaired: `14..3%`.
    pub const REPAIRED: Flags = Flags(1);
    /// The region was taken from the publisher, not from the text.
    pub const REGION_INFERRED: Flags = Flags(1 << 1);
    /// The indicator was carried over from an earlier clause.
    pub const INDICATOR_INHERITED: Flags = Flags(1 << 2);
    /// The period was taken from the title or the date of publication.
    pub const PERIOD_FROM_TITLE: Flags = Flags(1 << 3);
    /// Read from a table.
    pub const TABLE: Flags = Flags(1 << 4);
    /// The sign of the number and its verb disagree (增长-8.7%).
    pub const SIGN_IN_NUMBER: Flags = Flags(1 << 5);
    /// The unit is not in the catalogue of units.
    pub const UNKNOWN_UNIT: Flags = Flags(1 << 6);
    /// Somebody found it right.
    pub const ACCEPTED: Flags = Flags(1 << 7);
    /// Somebody found it wrong; it counts no more.
    pub const REJECTED: Flags = Flags(1 << 8);
    /// Somebody put it right.
    pub const CORRECTED: Flags = Flags(1 << 9);

    const NAMES: [(Flags, &'static str); 10] = [
        (Flags::REPAIRED, "repaired"),
        (Flags::REGION_INFERRED, "region_inferred"),
        (Flags::INDICATOR_INHERITED, "indicator_inherited"),
        (Flags::PERIOD_FROM_TITLE, "period_from_title"),
        (Flags::TABLE, "table"),
        (Flags::SIGN_IN_NUMBER, "sign_in_number"),
        (Flags::UNKNOWN_UNIT, "unknown_unit"),
        (Flags::ACCEPTED, "accepted"),
        (Flags::REJECTED, "rejected"),
        (Flags::CORRECTED, "corrected"),
    ];

    /// Adds the remarks of `other`.
    pub fn insert(&mut self, other: Flags) {
        self.0 |= other.0;
    }

    /// Whether every remark of `other` is set.
    pub fn contains(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether no remark is set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Flags {
    /// The remarks joined by `;`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for (_, name) in Flags::NAMES.iter().filter(|(flag, _)| self.contains(*flag)) {
            f.write_str(if first { "" } else { ";" })?;
            f.write_str(name)?;
            first = false;
        }
        Ok(())
    }
}
