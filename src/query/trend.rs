//! One indicator of several regions through time, as a chart draws it: of each region one value a period, and where
//! there is none, nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use polars::error::PolarsResult;
use polars::prelude::{DataFrame, Expr, IntoLazy, LazyFrame, col, lit};

use super::frequency::Month;
use super::{Frequency, QueryError, scale};
use crate::lexicon::Lexicon;
use crate::model::{Measure, RegionCode};
use crate::normalize::cells::{days, words};
use crate::normalize::schema::{OBSERVATIONS, SERIES, TRENDS};
use crate::normalize::{self, FrameBuilder};
use crate::store::{Store, StoreError};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The regions, in the order in which they are shown.
    pub regions: Vec<RegionCode>,
    /// Id of the indicator.
    pub indicator: String,
    /// Levels or yearly growth as reported; where not said, levels, and growth of what has no levels.
    pub measure: Option<Measure>,
    /// The kind of periods; where not said, the one that has the most points.
    pub frequency: Option<Frequency>,
    /// Only periods that end on this day or later.
    pub from: Option<Date>,
    /// Only periods that end on this day or earlier.
    pub to: Option<Date>,
    /// As things were known on this day: from what was published by then, and what bears no date.
    pub as_of: Option<Date>,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Trend {
    /// Name of the indicator.
    pub indicator_name: String,
    /// Level, yearly growth, or what parts add to the growth of a whole.
    pub measure: Measure,
    /// The kind of periods.
    pub frequency: Frequency,
    /// The day whose knowledge it is, where one was asked for.
    pub as_of: Option<Date>,
    /// Base unit of the values; what is 100 where the trend is indexed.
    pub unit: String,
    /// The period that is 100, where the trend is indexed.
    pub base: Option<String>,
    /// The months in which periods end, in order, whether anything is stated for them or not.
    pub months: Vec<(i16, i8)>,
    /// A line a region, in the order asked for.
    pub lines: Vec<Line>,
    /// Points of these regions and periods in another unit, which no line has.
    pub in_other_units: usize,
    /// The reports that the points rest on, in the order of publication.
    pub reports: Vec<Report>,
}

/// One region.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its code.
    pub region: RegionCode,
    /// Its name, empty when the store has nothing of it.
    pub name: String,
    /// The points by their place in [`Trend::months`].
    pub points: BTreeMap<usize, Point>,
}

/// One value of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// SDMX code of the period.
    pub time_period: String,
    /// Value in the base unit, or of an indexed trend, the base period being 100.
    pub value: f64,
    /// exact, approx, gt, ge, lt, le or range.
    pub bound: String,
    /// As in the column `derivation`; `reported` when a report states the value itself.
    pub derivation: String,
    /// Remarks of the column `flags`, joined by `;`.
    pub flags: String,
    /// Day of publication, of a derived value the latest of its sources.
    pub published: Option<Date>,
    /// `obs_id` of the statements that it rests on.
    pub rests_on: Vec<String>,
}

/// Where points come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Report {
    /// Day of publication.
    pub published: Option<Date>,
    /// Its headline, empty where it has none.
    pub title: String,
    /// Where it came from.
    pub source_uri: String,
}

impl Point {
    /// Whether no report states it.
    pub fn is_derived(&self) -> bool {
        self.derivation != "reported"
    }
}

impl Trend {
    /// The power of ten that its values are read in, and its word before the unit.
    pub fn scale(&self) -> (f64, &'static str) {
        let values = self.lines.iter().flat_map(|line| line.points.values()).map(|point| point.value.abs());
        if self.base.is_some() { (1.0, "") } else { scale(values.fold(0.0, f64::max), &self.unit) }
    }

    /// Puts each line on a scale where the first period that all of them have is 100, and says which; `None`, and nothing
    /// is changed, where there is no such period with values above zero.
    pub fn index(&mut self) -> Option<&str> {
        let base = |line: &Line, at: usize| line.points.get(&at).map(|point| point.value).filter(|value| *value > 0.0);
        let at = (0..self.months.len()).find(|&at| self.lines.iter().all(|line| base(line, at).is_some()))?;
        let name = self.lines.first()?.points.get(&at)?.time_period.clone();
        for line in &mut self.lines {
            let Some(base) = base(line, at) else { continue };
            line.points.values_mut().for_each(|point| point.value *= 100.0 / base);
        }
        self.unit = format!("{name} = 100");
        self.base = Some(name);
        self.base.as_deref()
    }

    /// What the values are of the indicator, to stand behind its name.
    pub fn of_it(&self) -> &'static str {
        match self.measure {
            Measure::Yoy => ", growth on the year before",
            Measure::Contribution => ", contributions to growth",
            _ => "",
        }
    }

    /// Makes of the first line, a whole, its growth over the year before, and of each other, a part of it, what the change of
    /// the part adds to that growth, in percentage points of the whole. Only exact levels are reckoned with; they are at current
    /// prices. False, and nothing is changed, where the whole has no two values a year apart.
    pub fn contribute(&mut self) -> bool {
        let place: HashMap<Month, usize> = self.months.iter().enumerate().map(|(at, month)| (*month, at)).collect();
        let before = |at: usize| place.get(&(self.months[at].0 - 1, self.months[at].1)).copied();
        let exact = |line: &Line, at: usize| line.points.get(&at).filter(|point| point.bound == "exact").cloned();
        let added = |line: &Line, whole: &Line, at: usize| {
            let (now, then) = (exact(line, at)?, exact(line, before(at)?)?);
            let base = exact(whole, before(at)?).filter(|base| base.value > 0.0)?;
            // Of the whole itself the base is the value before, and stands there already.
            let base_too = base.rests_on.into_iter().filter(|id| !then.rests_on.contains(id));
            Some(Point {
                value: (now.value - then.value) / base.value * 100.0,
                derivation: "growth_from_levels".to_owned(),
                published: now.published.max(then.published).max(base.published),
                rests_on: now.rests_on.into_iter().chain(then.rests_on.clone()).chain(base_too).collect(),
                ..now
            })
        };
        let Some(whole) = self.lines.first() else { return false };
        let of_line = |line: &Line| -> BTreeMap<usize, Point> {
            (0..self.months.len()).filter_map(|at| Some((at, added(line, whole, at)?))).collect()
        };
        let lines: Vec<BTreeMap<usize, Point>> = self.lines.iter().map(of_line).collect();
        let Some(&first) = lines.first().and_then(|whole| whole.keys().next()) else { return false };
        for (line, points) in self.lines.iter_mut().zip(lines) {
            line.points = points.into_iter().filter_map(|(at, point)| Some((at.checked_sub(first)?, point))).collect();
        }
        self.months.drain(..first);
        self.measure = Measure::Contribution;
        self.unit = "百分点".to_owned();
        true
    }

    /// The neighbours that a chart may join: runs of points with no period between them. Levels that grow through the year
    /// are not joined across its end.
    pub fn runs<'t>(&self, line: &'t Line) -> Vec<Vec<(usize, &'t Point)>> {
        let starts_again = self.frequency == Frequency::YearToDate && self.measure == Measure::Level;
        let mut runs: Vec<Vec<(usize, &Point)>> = Vec::new();
        for (&at, point) in &line.points {
            let follows = |last: usize| last + 1 == at && !(starts_again && self.months[last].0 != self.months[at].0);
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(|(last, _)| follows(*last)) => run.push((at, point)),
                _ => runs.push(vec![(at, point)]),
            }
        }
        runs
    }
}

/// The points of a table that the question is about, before one kind of them is chosen.
struct Candidate {
    region: String,
    region_name: String,
    indicator_name: String,
    measure: Measure,
    unit: String,
    freq: String,
    start: Date,
    end: Date,
    point: Point,
}

/// The points of the table `trends` that answer `question`: of whole regions, without breakdowns and benchmarks, in the
/// unit that most of them have. `None` where there is not one.
///
/// # Errors
/// When the store cannot be read.
pub fn trend(store: &Store, lexicon: &Lexicon, question: &Question) -> Result<Option<Trend>, QueryError> {
    let [points, statements] = rows(store, lexicon, question)?;
    let mut points = candidates(points, question)?;
    let measures = [Measure::Level, Measure::Yoy];
    let has = |measure: &Measure| points.iter().any(|candidate| candidate.measure == *measure);
    let Some(measure) = question.measure.or_else(|| measures.into_iter().find(has)) else { return Ok(None) };
    points.retain(|candidate| candidate.measure == measure);

    let count = |frequency: &Frequency| {
        points.iter().filter(|point| frequency.includes(&point.freq, point.start, point.end)).count()
    };
    // Of equals the first is the most like a trend, and `max_by_key` gives the last.
    let fullest = Frequency::ALL.into_iter().rev().max_by_key(count).unwrap_or(Frequency::Quarter);
    let frequency = question.frequency.unwrap_or(fullest);
    points.retain(|point| frequency.includes(&point.freq, point.start, point.end));

    let all = points.len();
    let Some(unit) = most_common(points.iter().map(|point| point.unit.as_str())) else { return Ok(None) };
    points.retain(|point| point.unit == unit);

    let stated: BTreeSet<Month> = points.iter().map(|point| (point.end.year(), point.end.month())).collect();
    let months = frequency.months(&stated);
    let place: HashMap<Month, usize> = months.iter().enumerate().map(|(at, month)| (*month, at)).collect();
    let indicator_name = points.first().map(|point| point.indicator_name.clone()).unwrap_or_default();
    let reports = reports(statements, &points)?;
    let in_other_units = all - points.len();
    let mut lines: Vec<Line> =
        question.regions.iter().map(|&region| Line { region, name: String::new(), points: BTreeMap::new() }).collect();
    for candidate in points {
        let line = lines.iter_mut().find(|line| line.region.to_string() == candidate.region);
        let at = place.get(&(candidate.end.year(), candidate.end.month()));
        if let (Some(line), Some(&at)) = (line, at) {
            line.name = candidate.region_name;
            line.points.insert(at, candidate.point);
        }
    }
    Ok(Some(Trend {
        indicator_name,
        measure,
        frequency,
        as_of: question.as_of,
        unit,
        base: None,
        months,
        lines,
        in_other_units,
        reports,
    }))
}

/// The condition that a row of `series` or `trends` is about a region asked for and the indicator.
fn is_about(question: &Question) -> Expr {
    let region = |code: &RegionCode| col("region_code").eq(lit(code.to_string()));
    let regions = question.regions.iter().map(region).reduce(Expr::or).unwrap_or(lit(false));
    regions.and(col("indicator").eq(lit(question.indicator.as_str())))
}

/// The rows of `trends` and of `series` that the question is about: those of the store, or the ones that it would have if
/// nothing had come after a day.
fn rows(store: &Store, lexicon: &Lexicon, question: &Question) -> Result<[LazyFrame; 2], QueryError> {
    let of = |table| Ok::<_, QueryError>(store.scan(table)?.filter(is_about(question)));
    if question.as_of.is_none() {
        return Ok([of(&TRENDS)?, of(&SERIES)?]);
    }
    let columns: Vec<Expr> = OBSERVATIONS.columns().map(|column| col(column.name)).collect();
    let observations = of(&OBSERVATIONS)?.select(columns).collect()?;
    let statements = normalize::series(&observations, question.as_of).map_err(StoreError::from)?;
    let years: BTreeSet<i16> = days(&statements, "period_end")?.into_iter().flatten().map(Date::year).collect();
    let mut points = FrameBuilder::new(&TRENDS).finish().map_err(StoreError::from)?;
    // A rate tells of the year before, which may have nothing of its own.
    for year in years.iter().flat_map(|year| year - 1..=*year).collect::<BTreeSet<i16>>() {
        let end = || col("period_end").dt().year();
        let is_near = end().gt_eq(lit(i32::from(year) - 1)).and(end().lt_eq(lit(i32::from(year) + 1)));
        let window = statements.clone().lazy().filter(is_near).collect()?;
        points.vstack_mut(&normalize::trends(&window, year, lexicon).map_err(StoreError::from)?)?;
    }
    Ok([points.lazy(), statements.lazy()])
}

fn candidates(rows: LazyFrame, question: &Question) -> Result<Vec<Candidate>, QueryError> {
    let is = |measure: Measure| col("measure").eq(lit(measure.as_str()));
    let whole = col("zone").is_null().and(col("breakdown").is_null()).and(col("scope").is_null());
    let wanted = whole.and(is(Measure::Level).or(is(Measure::Yoy)));
    let columns =
        ["region_code", "region_name", "indicator_name", "measure", "unit", "freq", "period_start", "period_end"];
    let of_point = ["time_period", "value", "bound", "derivation", "flags", "published", "derived_from"];
    let columns = columns.iter().chain(&of_point).map(|name| col(*name)).collect::<Vec<Expr>>();
    let rows = rows.filter(wanted).select(columns).collect()?;
    let mut found = taken(&rows)?;
    let in_time = |end: Date| question.from.is_none_or(|from| end >= from) && question.to.is_none_or(|to| end <= to);
    found.retain(|candidate| in_time(candidate.end));
    found.sort_by_key(|candidate| candidate.end);
    Ok(found)
}

fn taken(rows: &DataFrame) -> PolarsResult<Vec<Candidate>> {
    let [regions, names, indicators, measures] = [
        words(rows, "region_code")?,
        words(rows, "region_name")?,
        words(rows, "indicator_name")?,
        words(rows, "measure")?,
    ];
    let [units, freqs, periods, bounds] =
        [words(rows, "unit")?, words(rows, "freq")?, words(rows, "time_period")?, words(rows, "bound")?];
    let [derivations, flags, sources] =
        [words(rows, "derivation")?, words(rows, "flags")?, words(rows, "derived_from")?];
    let [starts, ends, published] = [days(rows, "period_start")?, days(rows, "period_end")?, days(rows, "published")?];
    let values = rows.column("value")?.f64()?;
    let candidate = |row: usize| {
        Some(Candidate {
            region: regions[row].to_owned(),
            region_name: names[row].to_owned(),
            indicator_name: indicators[row].to_owned(),
            measure: if measures[row] == Measure::Level.as_str() { Measure::Level } else { Measure::Yoy },
            unit: units[row].to_owned(),
            freq: freqs[row].to_owned(),
            start: starts[row]?,
            end: ends[row]?,
            point: Point {
                time_period: periods[row].to_owned(),
                value: values.get(row)?,
                bound: bounds[row].to_owned(),
                derivation: derivations[row].to_owned(),
                flags: flags[row].to_owned(),
                published: published[row],
                rests_on: sources[row].split(';').map(str::to_owned).collect(),
            },
        })
    };
    Ok((0..rows.height()).filter_map(candidate).collect())
}

/// The reports that state what `points` rest on.
fn reports(statements: LazyFrame, points: &[Candidate]) -> Result<Vec<Report>, QueryError> {
    let columns = ["obs_id", "published", "title", "source_uri"];
    let rows = statements.select(columns.map(col)).collect()?;
    let [ids, titles, uris] = [words(&rows, "obs_id")?, words(&rows, "title")?, words(&rows, "source_uri")?];
    let published = days(&rows, "published")?;
    let used: BTreeSet<&str> = points.iter().flat_map(|point| &point.point.rests_on).map(String::as_str).collect();
    let is_used = |row: &usize| used.contains(ids[*row]);
    let report = |row: usize| Report {
        published: published[row],
        title: titles[row].to_owned(),
        source_uri: uris[row].to_owned(),
    };
    let all: BTreeSet<Report> = (0..rows.height()).filter(is_used).map(report).collect();
    Ok(all.into_iter().collect())
}

/// The word that comes most often, the first of the alphabet where several do.
fn most_common<'w>(words: impl Iterator<Item = &'w str>) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    words.for_each(|word| *counts.entry(word).or_default() += 1);
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(word, _)| word.to_owned())
}
