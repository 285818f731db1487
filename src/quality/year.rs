//! The rules over the statements of one year, and those that look back from it.

use polars::prelude::DataFrame;

use super::finding::checks;
use super::statement::{Statement, Statements};
use super::{dates, growth, history, ranks, repeats, signs, sums};
use crate::config::Rules;
use crate::lexicon::Lexicon;
use crate::normalize::{NormalizeError, Run};

/// Tells the last year that the document of an id states anything of.
pub type LastYear<'a> = dyn Fn(&str) -> Option<i32> + Sync + 'a;

/// What the rules look at.
#[derive(Clone, Copy)]
pub struct Year<'a> {
    /// The year of `period_end`.
    pub year: i32,
    /// Its observations.
    pub observations: &'a DataFrame,
    /// Looks documents up.
    pub last_year: &'a LastYear<'a>,
}

impl Year<'_> {
    /// The table `checks` of the year, but for the rules that look at other years. Findings that are in `before`, the table as it was, keep the run that found them.
    ///
    /// # Errors
    /// When a frame lacks a column, or polars refuses.
    pub fn checks(
        &self,
        rules: &Rules,
        lexicon: &Lexicon,
        run: &Run,
        before: Option<&DataFrame>,
    ) -> Result<DataFrame, NormalizeError> {
        let rules = &rules.all;
        let columns = Statements::of(self.observations)?;
        let rows = columns.all(lexicon);

        let mut findings = sums::findings(rules, &rows);
        findings.extend(rules.change.into_iter().flat_map(|rule| growth::changes(rule, lexicon, &rows)));
        findings.extend(rules.gap.into_iter().flat_map(|rule| growth::gaps(rule, &rows)));
        findings.extend(rules.rank.into_iter().flat_map(|rule| ranks::findings(rule, lexicon, &rows)));
        findings.extend(rules.sign.into_iter().flat_map(|rule| signs::findings(rule, lexicon, &rows)));
        findings.extend(rules.duplicate.into_iter().flat_map(|rule| repeats::duplicates(rule, &rows)));
        findings.extend(rules.conflict.into_iter().flat_map(|rule| repeats::conflicts(rule, &rows)));
        findings.extend(rules.early.into_iter().flat_map(|rule| dates::early(rule, &rows)));
        findings.extend(rules.late.into_iter().flat_map(|rule| dates::late(rule, self.year, self.last_year, &rows)));
        checks(&findings, run, before)
    }
}

/// The table `checks` of a year as far as the rules look back on years before it. `observations` are those of some or all of its
/// regions, and `earlier` what `series` has of the same regions in the years before, with the columns [`EARLIER`](super::EARLIER).
///
/// # Errors
/// When a frame lacks a column, or polars refuses.
pub fn looking_back(
    observations: &DataFrame,
    earlier: &[DataFrame],
    rules: &Rules,
    lexicon: &Lexicon,
    run: &Run,
    before: Option<&DataFrame>,
) -> Result<DataFrame, NormalizeError> {
    let columns = Statements::of(observations)?;
    let rows = columns.all(lexicon);
    let earlier: Vec<Statements> = earlier.iter().map(Statements::of).collect::<Result<_, _>>()?;
    let earlier: Vec<Statement<'_>> = earlier.iter().flat_map(|columns| columns.all(lexicon)).collect();
    checks(&history::findings(&rules.all, lexicon, &rows, &earlier), run, before)
}
