//! What people say of statements that the rules have read.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What becomes of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is right.
    Accept,
    /// It is wrong, and counts no more.
    Reject,
    /// It is another one: the fields `new_…` say what.
    Correct,
    /// Something is to be said of it, and nothing changes.
    Note,
    /// What was decided before is taken back.
    Undo,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Verdict; 5] = [Verdict::Accept, Verdict::Reject, Verdict::Correct, Verdict::Note, Verdict::Undo];

    /// The word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Accept => "accept",
            Verdict::Reject => "reject",
            Verdict::Correct => "correct",
            Verdict::Note => "note",
            Verdict::Undo => "undo",
        }
    }
}

/// One decision about one statement, with what the statement was when it was made.
///
/// The same fields are the columns of the table `decisions` and the keys of a line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The row of `observations` or `entities`.
    pub obs_id: String,
    /// When it was made; of two about one row the later holds.
    pub decided_at: Timestamp,
    /// What was decided.
    pub decision: Verdict,
    /// Who decided.
    #[serde(default)]
    pub decided_by: Option<String>,
    /// Words about it.
    #[serde(default)]
    pub note: Option<String>,
    /// The document that states it.
    pub doc_id: String,
    /// Where the document came from.
    pub source_uri: String,
    /// Place of the number in the document's text, in code points.
    pub char_start: u32,
    /// One past its last code point.
    pub char_end: u32,
    /// The number as written.
    pub surface: String,
    /// What the row said: region,
    #[serde(default)]
    pub region_code: Option<String>,
    /// indicator,
    pub indicator: String,
    /// measure,
    pub measure: String,
    /// period,
    pub time_period: String,
    /// number,
    pub value_text: String,
    /// and unit.
    pub unit_text: String,
    /// What it should say, where that is another: GB/T 2260 code,
    #[serde(default)]
    pub new_region_code: Option<String>,
    /// zone inside the region, empty for none,
    #[serde(default)]
    pub new_zone: Option<String>,
    /// catalogue id, or `x.` and words,
    #[serde(default)]
    pub new_indicator: Option<String>,
    /// part of the whole, empty for none,
    #[serde(default)]
    pub new_breakdown: Option<String>,
    /// measure,
    #[serde(default)]
    pub new_measure: Option<String>,
    /// SDMX code of the period,
    #[serde(default)]
    pub new_time_period: Option<String>,
    /// status,
    #[serde(default)]
    pub new_status: Option<String>,
    /// the signed decimal in the unit written,
    #[serde(default)]
    pub new_value_text: Option<String>,
    /// and the unit.
    #[serde(default)]
    pub new_unit_text: Option<String>,
}

impl Decision {
    /// Whether it says that something should be other.
    pub fn corrects(&self) -> bool {
        [
            &self.new_region_code,
            &self.new_zone,
            &self.new_indicator,
            &self.new_breakdown,
            &self.new_measure,
            &self.new_time_period,
            &self.new_status,
            &self.new_value_text,
            &self.new_unit_text,
        ]
        .into_iter()
        .any(Option::is_some)
    }
}
