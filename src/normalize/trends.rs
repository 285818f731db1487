//! Points for charts: what reports state of every line, and what follows from it.

use std::collections::{BTreeMap, HashMap};

use polars::error::PolarsResult;
use polars::prelude::DataFrame;

use super::cells::{days, numbers, steps, taken, texts, truths, words};
use super::codes::SeriesName;
use super::columns::POINT;
use super::derive::{Derivation, Point, Points, Remarks, add_single_periods, growth};
use super::schema::{TRENDS, Table};
use super::{FrameBuilder, NormalizeError};
use crate::lexicon::{Indicator, Kind, LevelTrait, Lexicon, UnitKind};
use crate::model::{Measure, Period};

/// Columns of `series` that [`trends`] reads.
pub const TREND_SOURCE: [&str; 26] = [
    "obs_id",
    "region_code",
    "region_name",
    "region_level",
    "parent_code",
    "zone",
    "indicator",
    "indicator_name",
    "breakdown",
    "measure",
    "period_start",
    "period_end",
    "period_basis",
    "value",
    "value_high",
    "unit",
    "value_text",
    "decimals",
    "bound",
    "status",
    "scope",
    "scope_code",
    "price_basis",
    "published",
    "revised",
    "conflict",
];

/// The columns of a point, beside those of its line.
static POINTS: Table = Table { name: "trends", about: "", groups: &[POINT], key: &[], order: &[], year_of: None };

/// What a line is about, whatever its periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Line<'f> {
    region: &'f str,
    zone: Option<&'f str>,
    indicator: &'f str,
    breakdown: Option<&'f str>,
    scope: Option<&'f str>,
    /// Empty for rates of growth, which are in per cent whatever the levels are in.
    unit: &'f str,
}

/// Rows of `trends` of the `year` out of the rows of `series` of that year, the one before and the one after: growth
/// needs the levels before, and what a rate implies lies a year before it. Pure, so that the two tables never drift
/// apart.
///
/// # Errors
/// When polars refuses.
pub fn trends(series: &DataFrame, year: i16, lexicon: &Lexicon) -> Result<DataFrame, NormalizeError> {
    let source = Source::of(series)?;
    let catalogue: HashMap<&str, &Indicator> =
        lexicon.indicators().iter().map(|indicator| (indicator.id.as_str(), indicator)).collect();
    let (mut levels, mut rates): (BTreeMap<Line<'_>, Points<'_>>, BTreeMap<Line<'_>, Points<'_>>) = Default::default();
    let mut points = Vec::new();
    for row in (0..series.height()).filter(|row| source.statuses[*row] != "target") {
        let (line, point) = (source.line(row), source.point(row));
        if point.measure == Measure::Level.as_str() {
            levels.entry(line).or_default().insert(point.period, point);
            continue;
        }
        if point.measure == Measure::Yoy.as_str() && point.unit == "%" {
            rates.entry(Line { unit: "", ..line }).or_default().insert(point.period, point.clone());
        }
        points.push(point);
    }
    let none = Points::new();
    for (line, mut levels) in levels {
        if let Some(indicator) = catalogue.get(line.indicator).filter(|_| is_amount(lexicon, line.unit)) {
            if adds_up(lexicon, indicator) {
                let signed = lexicon.levels_are(&indicator.name, LevelTrait::Signed);
                (year - 1..=year + 1).for_each(|year| add_single_periods(&mut levels, year, signed));
            }
            // Rates do not say whether they are of dollars or of yuan: those of the usual unit are meant.
            if line.unit == indicator.unit {
                points.extend(growth(&levels, rates.get(&Line { unit: "", ..line }).unwrap_or(&none)));
            }
        }
        points.extend(levels.into_values());
    }
    points.retain(|point| point.period.end.year() == year);
    source.frame(series, &points)
}

/// Whether levels in this unit can be added and divided: an amount, and no price or ratio.
fn is_amount(lexicon: &Lexicon, unit: &str) -> bool {
    let kind = lexicon.units().get(unit).map(|unit| unit.kind);
    !unit.contains('/') && matches!(kind, Some(UnitKind::Money | UnitKind::People | UnitKind::Count))
}

/// Whether the months of an indicator add up to its year.
fn adds_up(lexicon: &Lexicon, indicator: &Indicator) -> bool {
    indicator.kind == Kind::Flow && !lexicon.levels_are(&indicator.name, LevelTrait::NoSum)
}

/// The rows of `series`, column by column.
struct Source<'f> {
    obs_ids: Vec<&'f str>,
    regions: Vec<&'f str>,
    zones: Vec<Option<&'f str>>,
    indicators: Vec<&'f str>,
    breakdowns: Vec<Option<&'f str>>,
    scopes: Vec<Option<&'f str>>,
    measures: Vec<&'f str>,
    units: Vec<&'f str>,
    periods: Vec<Period>,
    values: Vec<f64>,
    highs: Vec<Option<f64>>,
    steps: Vec<f64>,
    bounds: Vec<&'f str>,
    statuses: Vec<&'f str>,
    price_bases: Vec<Option<&'f str>>,
    published: Vec<Option<jiff::civil::Date>>,
    revised: Vec<bool>,
    conflict: Vec<bool>,
}

impl<'f> Source<'f> {
    fn of(frame: &'f DataFrame) -> PolarsResult<Source<'f>> {
        let spans = days(frame, "period_start")?.into_iter().zip(days(frame, "period_end")?);
        let periods = spans.zip(words(frame, "period_basis")?).map(|((start, end), basis)| {
            let (start, end) = (start.unwrap_or_default(), end.unwrap_or_default());
            if basis == "instant" { Period::instant(end) } else { Period::flow(start, end) }
        });
        Ok(Source {
            obs_ids: words(frame, "obs_id")?,
            regions: words(frame, "region_code")?,
            zones: texts(frame, "zone")?,
            indicators: words(frame, "indicator")?,
            breakdowns: texts(frame, "breakdown")?,
            scopes: texts(frame, "scope")?,
            measures: words(frame, "measure")?,
            units: words(frame, "unit")?,
            periods: periods.collect(),
            values: numbers(frame, "value")?,
            highs: frame.column("value_high")?.f64()?.iter().collect(),
            steps: steps(frame)?,
            bounds: words(frame, "bound")?,
            statuses: words(frame, "status")?,
            price_bases: texts(frame, "price_basis")?,
            published: days(frame, "published")?,
            revised: truths(frame, "revised")?,
            conflict: truths(frame, "conflict")?,
        })
    }

    fn line(&self, row: usize) -> Line<'f> {
        Line {
            region: self.regions[row],
            zone: self.zones[row],
            indicator: self.indicators[row],
            breakdown: self.breakdowns[row],
            scope: self.scopes[row],
            unit: self.units[row],
        }
    }

    /// The point that a row states.
    fn point(&self, row: usize) -> Point<'f> {
        Point {
            row,
            measure: self.measures[row],
            period: self.periods[row],
            value: self.values[row],
            unit: self.units[row],
            precision: self.steps[row],
            is_exact: self.bounds[row] == "exact",
            is_estimate: self.statuses[row] == "estimate",
            published: self.published[row],
            derivation: Derivation::Reported,
            from: vec![self.obs_ids[row]],
            stated: None,
            remarks: Remarks { revised: self.revised[row], conflict: self.conflict[row], ..Remarks::default() },
        }
    }

    /// The id of the series that a point belongs to.
    fn series_id(&self, point: &Point<'_>) -> String {
        let Line { region, zone, indicator, breakdown, scope, .. } = self.line(point.row);
        let name = SeriesName {
            region: Some(region),
            zone,
            indicator,
            breakdown,
            measure: point.measure,
            scope,
            freq: point.period.freq().as_str(),
            unit: point.unit,
            ..SeriesName::default()
        };
        name.id()
    }

    /// The rows of `trends` for `points`, whose lines `series` names.
    fn frame(&self, series: &DataFrame, points: &[Point<'_>]) -> Result<DataFrame, NormalizeError> {
        let mut frame = FrameBuilder::new(&POINTS);
        for point in points {
            let row = point.row;
            let derived = point.derivation != Derivation::Reported;
            let (high, basis) = if derived { (None, None) } else { (self.highs[row], self.price_bases[row]) };
            frame.push([
                ("series_id", self.series_id(point).into()),
                ("measure", point.measure.into()),
                ("freq", point.period.freq().as_str().into()),
                ("time_period", point.period.to_string().into()),
                ("period_start", point.period.start.into()),
                ("period_end", point.period.end.into()),
                ("value", point.value.into()),
                ("value_high", high.into()),
                ("unit", point.unit.into()),
                ("precision", point.precision.into()),
                ("bound", if derived { "exact" } else { self.bounds[row] }.into()),
                ("status", if point.is_estimate { "estimate" } else { "actual" }.into()),
                ("price_basis", basis.into()),
                ("published", point.published.into()),
                ("derived", derived.into()),
                ("derivation", point.derivation.as_str().into()),
                ("derived_from", point.from.join(";").into()),
                ("stated", point.stated.into()),
                ("difference", point.stated.map(|stated| point.value - stated).into()),
                ("flags", point.remarks.words().into()),
            ])?;
        }
        let rows: Vec<usize> = points.iter().map(|point| point.row).collect();
        let points = frame.finish()?;
        let shared: Vec<&str> = POINTS.columns().map(|column| column.name).collect();
        let lines = taken(series, &rows)?.drop_many(shared).hstack(points.columns())?;
        Ok(lines.select(TRENDS.columns().map(|column| column.name))?)
    }
}
