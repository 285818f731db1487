//! The rows of `observations` as the rules look at them.

use polars::error::PolarsResult;
use polars::prelude::{ChunkFull, DataFrame, Float64Chunked, Int32Chunked, StringChunked};

use crate::lexicon::Lexicon;
use crate::normalize::is_rejected;

/// The columns of `observations` and `series` that rules look at.
pub const COLUMNS: [&str; 31] = [
    "obs_id",
    "series_id",
    "region_code",
    "region_name",
    "zone",
    "indicator",
    "indicator_name",
    "breakdown",
    "measure",
    "time_period",
    "period_basis",
    "unit",
    "value_text",
    "unit_text",
    "bound",
    "status",
    "scope",
    "scope_code",
    "price_basis",
    "doc_id",
    "source_uri",
    "surface",
    "sentence",
    "flags",
    "value",
    "decimals",
    "char_start",
    "char_end",
    "period_start",
    "period_end",
    "published",
];

/// The columns of `series` that are looked back on. In a statement of an earlier year the others are empty.
pub const EARLIER: [&str; 19] = [
    "obs_id",
    "region_code",
    "zone",
    "indicator",
    "breakdown",
    "measure",
    "time_period",
    "period_basis",
    "unit",
    "value_text",
    "unit_text",
    "bound",
    "status",
    "doc_id",
    "value",
    "decimals",
    "period_start",
    "period_end",
    "published",
];

/// One statement about a region that has a code.
#[derive(Clone, Debug)]
pub(super) struct Statement<'a> {
    pub obs_id: &'a str,
    pub series_id: &'a str,
    pub region: &'a str,
    pub region_name: Option<&'a str>,
    pub zone: Option<&'a str>,
    pub indicator: &'a str,
    pub indicator_name: &'a str,
    pub breakdown: Option<&'a str>,
    pub measure: &'a str,
    pub time_period: &'a str,
    pub basis: &'a str,
    pub unit: &'a str,
    pub value_text: &'a str,
    pub unit_text: &'a str,
    pub bound: &'a str,
    pub status: &'a str,
    pub scope: Option<&'a str>,
    pub scope_code: Option<&'a str>,
    pub constant_prices: bool,
    pub document: &'a str,
    pub uri: &'a str,
    pub surface: &'a str,
    pub sentence: &'a str,
    pub sign_in_number: bool,
    /// In the base unit.
    pub value: f64,
    /// Half a unit of the last digit written, in the base unit: how far the number may be from the true one.
    pub rounding: f64,
    pub char_start: i32,
    pub char_end: i32,
    /// First and last day, and the day of publication, in days since 1970-01-01.
    pub start: i32,
    pub end: i32,
    pub published: Option<i32>,
}

/// What a statement of one report is about: statements that share it can be reckoned with each other.
pub(super) type Place<'a> = (&'a str, &'a str, Option<&'a str>, Option<&'a str>, &'a str, &'a str);

impl<'a> Statement<'a> {
    /// Document, region, zone, breakdown, period and status.
    pub fn place(&self) -> Place<'a> {
        (self.document, self.region, self.zone, self.breakdown, self.time_period, self.status)
    }

    pub fn is_exact(&self) -> bool {
        self.bound == "exact"
    }

    /// Whether it is a rate of change in percent.
    pub fn is_growth(&self) -> bool {
        matches!(self.measure, "yoy" | "mom" | "vs_prior")
    }

    /// The number as written: 30.3亿元.
    pub fn amount(&self) -> String {
        format!("{}{}", self.value_text, self.unit_text)
    }

    /// Name and number: 地区生产总值 285.3亿元.
    pub fn named(&self) -> String {
        format!("{} {}", self.indicator_name, self.amount())
    }

    /// `value` of the base unit, in the unit that this one is written in.
    pub fn like(&self, value: f64) -> String {
        let written: f64 = self.value_text.parse().unwrap_or(0.0);
        let factor = if written == 0.0 || self.value == 0.0 { 1.0 } else { self.value / written };
        let digits = format!("{:.4}", value / factor);
        format!("{}{}", digits.trim_end_matches('0').trim_end_matches('.'), self.unit_text)
    }
}

/// The columns of a frame, taken out once.
pub(super) struct Statements {
    texts: Vec<StringChunked>,
    integers: Vec<Int32Chunked>,
    values: Float64Chunked,
}

const TEXTS: usize = 24;
const DAYS: [&str; 3] = ["period_start", "period_end", "published"];
const INTEGERS: [&str; 3] = ["decimals", "char_start", "char_end"];

impl Statements {
    pub fn of(rows: &DataFrame) -> PolarsResult<Statements> {
        let is_earlier = rows.get_column_index("sentence").is_none();
        let is_empty = |name: &str| is_earlier && !EARLIER.contains(&name);
        let texts = COLUMNS[..TEXTS].iter().map(|&name| match is_empty(name) {
            true => Ok(StringChunked::full("".into(), "", rows.height())),
            false => rows.column(name)?.str().cloned(),
        });
        let integers = INTEGERS.iter().map(|&name| match is_empty(name) {
            true => Ok(Int32Chunked::full("".into(), 0, rows.height())),
            false => rows.column(name)?.i32().cloned(),
        });
        let days = DAYS.iter().map(|name| Ok(rows.column(name)?.date()?.physical().clone()));
        Ok(Statements {
            texts: texts.collect::<PolarsResult<_>>()?,
            integers: integers.chain(days).collect::<PolarsResult<_>>()?,
            values: rows.column("value")?.f64()?.clone(),
        })
    }

    /// Every row whose region has a code: several places share what has none. What was rejected is nobody's word any more.
    pub fn all<'a>(&'a self, lexicon: &Lexicon) -> Vec<Statement<'a>> {
        (0..self.values.len()).filter_map(|row| self.get(row, lexicon)).collect()
    }

    fn get<'a>(&'a self, row: usize, lexicon: &Lexicon) -> Option<Statement<'a>> {
        let mut texts = self.texts.iter().map(|column| column.get(row));
        let mut may = || texts.next().flatten();
        let (obs_id, series_id, region) = (may()?, may()?, may());
        let (region_name, zone) = (may(), may());
        let (indicator, indicator_name, breakdown, measure) = (may()?, may()?, may(), may()?);
        let (time_period, basis, unit) = (may()?, may()?, may()?);
        let (value_text, unit_text, bound, status) = (may()?, may()?, may()?, may()?);
        let (scope, scope_code, price_basis) = (may(), may(), may());
        let (document, uri, surface, sentence, flags) = (may()?, may()?, may()?, may()?, may());
        if is_rejected(flags) {
            return None;
        }
        let integer = |column: usize| self.integers[column].get(row);
        // 1.1倍 is 110 %, of which the last digit counts tens.
        let percents = if surface.ends_with('倍') && unit == "%" { 2 } else { 0 };
        let step = 10f64.powi(lexicon.base_unit(unit_text).power + percents - integer(0)?);
        Some(Statement {
            obs_id,
            series_id,
            region: region?,
            region_name,
            zone,
            indicator,
            indicator_name,
            breakdown,
            measure,
            time_period,
            basis,
            unit,
            value_text,
            unit_text,
            bound,
            status,
            scope,
            scope_code,
            constant_prices: price_basis == Some("constant"),
            document,
            uri,
            surface,
            sentence,
            sign_in_number: flags.is_some_and(|flags| flags.split(';').any(|flag| flag == "sign_in_number")),
            value: self.values.get(row)?,
            rounding: step / 2.0,
            char_start: integer(1)?,
            char_end: integer(2)?,
            start: integer(3)?,
            end: integer(4)?,
            published: integer(5),
        })
    }
}
