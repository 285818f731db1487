//! The statement that holds for each series and period, out of all that were made.

use std::collections::BTreeMap;

use jiff::civil::Date;
use polars::error::PolarsResult;
use polars::prelude::DataFrame;

use super::cells::{days, numbers, steps, taken, texts, words};
use super::columns::VINTAGES;
use super::schema::{SERIES, Table};
use super::vintages::{Statement, Vintages};
use super::{FrameBuilder, NormalizeError};

/// The columns that `series` has beside those of `observations`.
static SUMMARY: Table = Table { name: "series", about: "", groups: &[VINTAGES], key: &[], order: &[], year_of: None };

/// The columns of `observations` that the choice looks at, and those that name their periods.
pub const VINTAGE_SOURCE: [&str; 21] = [
    "obs_id",
    "series_id",
    "region_code",
    "freq",
    "time_period",
    "period_start",
    "period_end",
    "period_basis",
    "value",
    "value_text",
    "decimals",
    "bound",
    "status",
    "price_basis",
    "published",
    "doc_id",
    "doc_region",
    "source_kind",
    "char_start",
    "confidence",
    "flags",
];

/// Rows of `series` for all of `observations` of a year: pure, so the two tables never drift apart. With a day, what
/// was known then: only statements published by that day, and undated ones.
///
/// `docs/STORE.md` gives the order of the statements. Targets have a `series_id` of their own and never come into
/// it. Rows without a region code are left out: several places would share a series; and so are those that were rejected.
///
/// # Errors
/// When polars refuses.
pub fn series(observations: &DataFrame, as_of: Option<Date>) -> Result<DataFrame, NormalizeError> {
    let (rows, summary) = chosen(observations, as_of)?;
    let rows = taken(observations, &rows)?.hstack(summary.columns())?;
    Ok(rows.select(SERIES.columns().map(|column| column.name))?)
}

/// The rows of `observations`, of which only the columns [`VINTAGE_SOURCE`] are needed, that make up `series`, in their order, and
/// the columns that `series` has beside theirs.
///
/// # Errors
/// When polars refuses.
pub fn vintages(observations: &DataFrame) -> Result<(Vec<usize>, DataFrame), NormalizeError> {
    let (rows, summary) = chosen(observations, None)?;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_unstable_by_key(|&place| rows[place]);
    Ok((order.iter().map(|&place| rows[place]).collect(), taken(&summary, &order)?))
}

fn chosen(observations: &DataFrame, as_of: Option<Date>) -> Result<(Vec<usize>, DataFrame), NormalizeError> {
    let mut groups: BTreeMap<(&str, &str), Vec<Statement<'_>>> = BTreeMap::new();
    let keys = words(observations, "series_id")?.into_iter().zip(words(observations, "time_period")?);
    let regions = texts(observations, "region_code")?;
    let rejected = texts(observations, "flags")?.into_iter().map(is_rejected);
    for (((key, region), rejected), statement) in keys.zip(&regions).zip(rejected).zip(statements(observations)?) {
        let known = as_of.is_none_or(|day| statement.published.is_none_or(|published| published <= day));
        if known && region.is_some() && !rejected {
            groups.entry(key).or_default().push(statement);
        }
    }

    let mut rows = Vec::with_capacity(groups.len());
    let mut summary = FrameBuilder::new(&SUMMARY);
    for vintages in groups.into_values().filter_map(Vintages::of) {
        rows.push(vintages.row);
        summary.push([
            ("n_reports", i32::try_from(vintages.reports).unwrap_or(i32::MAX).into()),
            ("revised", vintages.revised.is_some().into()),
            ("conflict", vintages.conflict.into()),
            ("first_published", vintages.first_published.into()),
            ("last_published", vintages.last_published.into()),
            ("revised_from", vintages.revised.map(|(value, _)| value).into()),
            ("revised_on", vintages.revised.map(|(_, day)| day).into()),
            ("selected_by", vintages.selected_by.into()),
        ])?;
    }
    Ok((rows, summary.finish()?))
}

/// Whether the column `flags` says that somebody found the statement wrong.
pub(crate) fn is_rejected(flags: Option<&str>) -> bool {
    flags.is_some_and(|flags| flags.split(';').any(|flag| flag == "rejected"))
}

/// What the choice needs to know of every row.
fn statements(frame: &DataFrame) -> PolarsResult<Vec<Statement<'_>>> {
    let (obs_ids, documents, published) = (words(frame, "obs_id")?, words(frame, "doc_id")?, days(frame, "published")?);
    let (statuses, bounds, bases) = (words(frame, "status")?, words(frame, "bound")?, texts(frame, "price_basis")?);
    let (kinds, regions) = (texts(frame, "source_kind")?, texts(frame, "region_code")?);
    let owners = texts(frame, "doc_region")?;
    let (confidences, values, steps) = (numbers(frame, "confidence")?, numbers(frame, "value")?, steps(frame)?);
    let places = frame.column("char_start")?.i32()?;
    let statement = |row: usize| Statement {
        row,
        obs_id: obs_ids[row],
        document: documents[row],
        char_start: places.get(row).unwrap_or_default(),
        published: published[row],
        is_estimate: statuses[row] == "estimate",
        is_exact: bounds[row] == "exact",
        distance: match kinds[row] {
            Some("bulletin" | "office") => 0,
            None => 1,
            Some(_) => 2,
        },
        is_own: owners[row] == regions[row],
        is_deflated: bases[row] == Some("constant"),
        confidence: confidences[row],
        value: values[row],
        step: steps[row],
    };
    Ok((0..frame.height()).map(statement).collect())
}
