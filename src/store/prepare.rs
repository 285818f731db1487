//! The new files of a publication: what every table will hold, prepared partition by partition on all cores.

use std::collections::BTreeSet;
use std::path::PathBuf;

use arrow::array::UInt32Array;
use arrow::compute::take;
use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use super::arrangement::Arrangement;
use super::each::each;
use super::layout::relative_file;
use super::merge::{Change, arranged, merged, stacked};
use super::parquet::Group;
use super::part::Part;
use super::sheet::Sheet;
use super::window::Window;
use super::writer::staged;
use super::{Ledger, StoreError, Writer, parquet, record};
use crate::config::Rules;
use crate::lexicon::Lexicon;
use crate::normalize::schema::{
    CHANGES, CHECKS, DIM_INDICATOR, DIM_PERIOD, DIM_REGION, DOCUMENTS, ENTITIES, NUMBERS, OBSERVATIONS, REJECTS,
    SERIES, TRENDS, Table,
};
use crate::normalize::{self, VINTAGE_SOURCE};
use crate::quality;

/// The columns that `dim_period` is made of.
const PERIODS: [&str; 5] = ["freq", "time_period", "period_start", "period_end", "period_basis"];

/// What becomes of a file.
#[derive(Debug)]
pub(super) enum Step {
    /// It holds what it shall hold.
    Stay,
    /// A new one waits for its place.
    Replace(PathBuf, PathBuf),
    /// It has no rows left.
    Remove(PathBuf),
}

/// What a year of statements becomes.
struct Statements {
    steps: [Step; 2],
    periods: Option<DataFrame>,
    /// What changes in `series`, encoded for the record of the run.
    changes: Vec<Group>,
    /// How many rows that is.
    changed: usize,
}

/// What changes in `series`, encoded for the record of the run, and how many rows that is.
pub(super) type Changes = (Vec<Group>, usize);

/// What becomes of `checks` in a year, and the words of the errors that are new.
type Checked = (Step, Vec<String>);

impl Writer {
    /// Prepares every table: the words of the new errors, and what changes in `series`, with the number of rows.
    pub(super) fn merge_all(
        &mut self,
        lexicon: &Lexicon,
        rules: &Rules,
        ledger: &Ledger,
        change: &Change,
    ) -> Result<(Vec<String>, Changes), StoreError> {
        let statement_years = change.statement_years(ledger);
        let document_years = change.document_years(ledger);
        let mut periods = Vec::new();

        let observation_years = self.touched(&OBSERVATIONS, &statement_years);
        let (mut changes, mut changed) = (Vec::new(), 0);
        let years: Vec<i32> = observation_years.iter().copied().collect();
        for year in each(years, |year| self.statements(year, change))? {
            year.steps.into_iter().for_each(|step| self.take(step));
            periods.extend(year.periods);
            changes.extend(year.changes);
            changed += year.changed;
        }
        // What a year's trends hold depends on the years beside it.
        let beside: BTreeSet<i32> = observation_years.iter().flat_map(|year| year - 1..=year + 1).collect();
        for (step, more) in self.trends(&beside, lexicon)? {
            self.take(step);
            periods.extend(more);
        }
        let mut errors = Vec::new();
        for (step, more) in self.checks(&observation_years, lexicon, rules, ledger, change)? {
            self.take(step);
            errors.extend(more);
        }
        let years = self.touched(&ENTITIES, &statement_years).into_iter().collect();
        for (step, more) in each(years, |year| {
            let rows = self.arrangement(&ENTITIES, year, change)?;
            let periods = normalize::periods(&rows.sheet().frame(&PERIODS)?)?;
            Ok::<_, StoreError>((self.place(year, rows.sheet(), rows.old())?, periods))
        })? {
            self.take(step);
            periods.push(more);
        }
        self.merge(&NUMBERS, self.touched(&NUMBERS, &document_years), change)?;

        self.put(&DIM_REGION, None, Some(&normalize::regions(lexicon)?))?;
        self.put(&DIM_INDICATOR, None, Some(&normalize::indicators(lexicon)?))?;
        self.put_periods(&periods)?;
        self.put_rejects(change)?;
        self.merge(&DOCUMENTS, self.touched(&DOCUMENTS, &document_years), change)?;
        Ok((errors, (changes, changed)))
    }

    /// Prepares the record of the run: what `changes`, `rows` in all, the order of the table kept within each year.
    pub(super) fn put_record(&mut self, changes: Changes, change: &Change) -> Result<(), StoreError> {
        let (groups, rows) = changes;
        if rows == 0 {
            return Ok(());
        }
        let target = record::file(&change.run.id);
        let staged = staged(&target);
        let path = self.scratch.path().join(&staged);
        let bytes = parquet::assembled(&CHANGES, groups, &path)?;
        parquet::write_file(&bytes, &path)?.sync_all().map_err(StoreError::io(&path))?;
        parquet::checked(&CHANGES, Some(rows), &path)?;
        self.journal.replace.push((staged, target));
        Ok(())
    }

    /// The years of `table` that rows were staged for, and `dropped`.
    fn touched(&self, table: &Table, dropped: &BTreeSet<i32>) -> BTreeSet<i32> {
        let staged = self.parts.keys().filter(|(name, _)| *name == table.name).map(|(_, year)| *year);
        staged.chain(dropped.iter().copied()).collect()
    }

    /// The rows that the partition `year` of `table` will hold.
    fn arrangement(&self, table: &'static Table, year: i32, change: &Change) -> Result<Arrangement, StoreError> {
        let parts = self.parts.get(&(table.name, year)).map_or(&[][..], Vec::as_slice);
        let new = parts.iter().map(|part| Part::open(part)).collect::<Result<_, _>>()?;
        Arrangement::of(table, self.stored(table, Some(year))?, new, &change.dropped)
    }

    /// The file of `table` for `year` as it is.
    fn stored(&self, table: &Table, year: Option<i32>) -> Result<Option<Part>, StoreError> {
        let path = self.store.file(table, year);
        if path.is_file() { Part::open(&path).map(Some) } else { Ok(None) }
    }

    /// Prepares `observations` and `series` of a year.
    fn statements(&self, year: i32, change: &Change) -> Result<Statements, StoreError> {
        let mut observations = self.arrangement(&OBSERVATIONS, year, change)?;
        let place = self.place(year, observations.sheet(), observations.old())?;
        if let (Step::Stay, Some(old)) = (&place, self.stored(&OBSERVATIONS, Some(year))?) {
            // The same, but read by this run: the rows stay those of the run that wrote them.
            observations = Arrangement::of(&OBSERVATIONS, Some(old), Vec::new(), &Default::default())?;
        }
        let old = self.stored(&SERIES, Some(year))?;
        let frame = observations.sheet().frame(&VINTAGE_SOURCE)?;
        let periods = (frame.height() > 0).then(|| normalize::periods(&frame)).transpose()?;
        // A function of the partition's observations alone; checked even if those are unchanged, so that a file that was
        // lost comes back.
        let (rows, summary) = normalize::vintages(&frame)?;
        drop(frame);
        let rows = UInt32Array::from_iter_values(rows.into_iter().map(|row| u32::try_from(row).unwrap_or(u32::MAX)));
        let summary = Sheet::of(&SERIES, &summary);
        let series = Sheet {
            table: &SERIES,
            rows: summary.rows,
            columns: Box::new(|column| match OBSERVATIONS.column(column.name) {
                Some(column) => {
                    let values = take(&observations.column(column)?, &rows, None);
                    values.map_err(|error| StoreError::parquet(&self.store.file(&SERIES, Some(year)))(error.into()))
                }
                None => (summary.columns)(column),
            }),
        };
        let of_record = record::columns();
        let changes = record::changes(
            old.as_ref().map(|old| old.frame(Some(&of_record))).transpose()?.as_ref(),
            (series.rows > 0).then(|| series.frame(&of_record)).transpose()?.as_ref(),
        )?;
        let changes = if change.forgotten.is_empty() { changes } else { record::of_forgetting(&changes)? };
        let path = record::file(&change.run.id);
        let changes = arranged(&changes, &CHANGES).map_err(StoreError::frame(&path))?;
        let changed = changes.height();
        let groups = parquet::groups(&Sheet::of(&CHANGES, &changes), &path)?;
        Ok(Statements { steps: [place, self.place(year, series, old.as_ref())?], periods, changes: groups, changed })
    }

    /// Prepares the partitions `years` of `table`.
    fn merge(&mut self, table: &'static Table, years: BTreeSet<i32>, change: &Change) -> Result<(), StoreError> {
        let steps = each(years.into_iter().collect(), |year| {
            let rows = self.arrangement(table, year, change)?;
            self.place(year, rows.sheet(), rows.old())
        })?;
        steps.into_iter().for_each(|step| self.take(step));
        Ok(())
    }

    /// Prepares `trends` of `years`, as they are after this run, and their periods.
    fn trends(&self, years: &BTreeSet<i32>, lexicon: &Lexicon) -> Result<Vec<(Step, Option<DataFrame>)>, StoreError> {
        let mut window = Window::new(self, &SERIES, &normalize::TREND_SOURCE);
        let mut steps = Vec::with_capacity(years.len());
        for &year in years {
            let series = window.read(year - 1..=year + 1)?;
            let path = self.store.file(&TRENDS, Some(year));
            let pieces = normalize::by_region(&series).map_err(StoreError::frame(&path))?;
            let pieces = each(pieces, |parts| match stacked(&parts).map_err(StoreError::frame(&path))? {
                Some(series) => {
                    let year = i16::try_from(year).unwrap_or_default();
                    Ok(Some(normalize::trends(&series, year, lexicon)?))
                }
                None => Ok::<_, StoreError>(None),
            })?;
            let pieces: Vec<DataFrame> = pieces.into_iter().flatten().collect();
            let trends = stacked(&pieces).map_err(StoreError::frame(&path))?.filter(|trends| trends.height() > 0);
            let periods = trends.as_ref().map(normalize::periods).transpose()?;
            steps.push((self.frame_step(&TRENDS, Some(year), trends.as_ref())?, periods));
        }
        Ok(steps)
    }

    /// Prepares `checks` of the years whose observations are `touched`, and of those that look back on them.
    fn checks(
        &self,
        touched: &BTreeSet<i32>,
        lexicon: &Lexicon,
        rules: &Rules,
        ledger: &Ledger,
        change: &Change,
    ) -> Result<Vec<Checked>, StoreError> {
        if touched.is_empty() {
            return Ok(Vec::new());
        }
        let history = rules.all.history_years;
        let stored = self.store.years(&OBSERVATIONS)?;
        let following = stored.into_iter().filter(|year| touched.range(year - history..=*year).next().is_some());
        let years: BTreeSet<i32> = touched.iter().copied().chain(following).collect();
        let last_year = |id: &str| self.last_year(id).or_else(|| ledger.last_year(id, &change.dropped));
        let mut window = Window::new(self, &SERIES, &quality::EARLIER);
        let mut checked = Vec::with_capacity(years.len());
        for year in years {
            let path = self.store.file(&CHECKS, Some(year));
            let in_frame = |error| StoreError::frame(&path)(error);
            let before = self.store.read(&CHECKS, Some(year), None)?;
            let before = before.as_ref();
            let Some(observations) = self.prepared(&OBSERVATIONS, year, &quality::COLUMNS)? else {
                checked.push((self.frame_step(&CHECKS, Some(year), None)?, Vec::new()));
                continue;
            };
            let mut frames = vec![&observations];
            frames.extend(window.read(year - history..=year - 1)?);
            // The rules of the year alone see all regions: reports compare them.
            let pieces = normalize::by_region(&frames).map_err(in_frame)?.into_iter().map(Some).chain([None]).collect();
            let checks = each(pieces, |piece: Option<Vec<DataFrame>>| match piece.as_deref() {
                Some([observations, earlier @ ..]) => {
                    quality::looking_back(observations, earlier, rules, lexicon, &change.run, before)
                }
                _ => {
                    let rows = quality::Year { year, observations: &observations, last_year: &last_year };
                    rows.checks(rules, lexicon, &change.run, before)
                }
            })?;
            let checks = stacked(&checks).map_err(in_frame)?.filter(|checks| checks.height() > 0);
            let errors = checks.as_ref().map(|checks| quality::new_errors(before, checks)).transpose();
            let errors = errors.map_err(in_frame)?.unwrap_or_default();
            checked.push((self.frame_step(&CHECKS, Some(year), checks.as_ref())?, errors));
        }
        Ok(checked)
    }

    /// The partition `year` of `table` as it will be.
    pub(super) fn prepared(&self, table: &Table, year: i32, columns: &[&str]) -> Result<Option<DataFrame>, StoreError> {
        let target = relative_file(table, Some(year));
        match self.journal.replace.iter().find(|(_, place)| *place == target) {
            Some((staged, _)) => parquet::read(&self.scratch.path().join(staged), Some(columns)).map(Some),
            None if self.journal.remove.contains(&target) => Ok(None),
            None => self.store.read(table, Some(year), Some(columns)),
        }
    }

    fn put_periods(&mut self, new: &[DataFrame]) -> Result<(), StoreError> {
        let old = self.store.read(&DIM_PERIOD, None, None)?;
        let path = self.store.file(&DIM_PERIOD, None);
        let rows = merged(&DIM_PERIOD, &[old.as_slice(), new].concat()).map_err(StoreError::frame(&path))?;
        self.put(&DIM_PERIOD, None, rows.as_ref())
    }

    /// What older runs rejected, as far as it stays, and what this one did.
    fn put_rejects(&mut self, change: &Change) -> Result<(), StoreError> {
        let old = self.store.read(&REJECTS, None, None)?;
        let path = self.store.file(&REJECTS, None);
        let kept = old.as_ref().map(|old| {
            let text = |name: &str| old.column(name).and_then(|column| column.str().cloned());
            let (jobs, uris, stages, ids) = (text("pipeline")?, text("source_uri")?, text("stage")?, text("doc_id")?);
            let is_kept = |row: usize| change.keeps_reject(jobs.get(row), uris.get(row), stages.get(row), ids.get(row));
            old.filter(&BooleanChunked::from_iter_values("kept".into(), (0..old.height()).map(is_kept)))
        });
        let kept = kept.transpose().map_err(StoreError::frame(&path))?;
        // The new ones first: of two rejects of one input the later holds.
        let parts: Vec<DataFrame> = std::iter::once(change.rejects.clone()).chain(kept).collect();
        let rows = merged(&REJECTS, &parts).map_err(StoreError::frame(&path))?;
        self.put(&REJECTS, None, rows.as_ref())
    }

    /// Prepares a whole file of `table`.
    pub(super) fn put(
        &mut self,
        table: &'static Table,
        year: Option<i32>,
        rows: Option<&DataFrame>,
    ) -> Result<(), StoreError> {
        let step = self.frame_step(table, year, rows)?;
        self.take(step);
        Ok(())
    }

    /// What becomes of a file of `table` that shall hold `rows`.
    fn frame_step(
        &self,
        table: &'static Table,
        year: Option<i32>,
        rows: Option<&DataFrame>,
    ) -> Result<Step, StoreError> {
        let path = self.store.file(table, year);
        let old = self.stored(table, year)?;
        let rows = rows.map(|rows| arranged(rows, table)).transpose().map_err(StoreError::frame(&path))?;
        let target = relative_file(table, year);
        match (&rows, &old) {
            (Some(rows), old) => self.step(target, Sheet::of(table, rows), old.as_ref()),
            (None, Some(_)) => Ok(Step::Remove(target)),
            (None, None) => Ok(Step::Stay),
        }
    }

    /// What becomes of the partition `year` of a table that holds `old` and shall hold `new`.
    fn place(&self, year: i32, new: Sheet<'_>, old: Option<&Part>) -> Result<Step, StoreError> {
        self.step(relative_file(new.table, Some(year)), new, old)
    }

    fn step(&self, target: PathBuf, new: Sheet<'_>, old: Option<&Part>) -> Result<Step, StoreError> {
        match old {
            None if new.rows == 0 => Ok(Step::Stay),
            Some(_) if new.rows == 0 => Ok(Step::Remove(target)),
            Some(old) if new.is_as(old)? => Ok(Step::Stay),
            _ => self.staged_file(target, &new),
        }
    }

    /// Writes the file that is to come to `target`, relative to the root.
    fn staged_file(&self, target: PathBuf, rows: &Sheet<'_>) -> Result<Step, StoreError> {
        let staged = staged(&target);
        parquet::write_checked(rows, &self.scratch.path().join(&staged))?;
        Ok(Step::Replace(staged, target))
    }

    /// Prepares the file `target`, relative to the root, with the rows of `table`.
    pub(super) fn put_file(
        &mut self,
        table: &'static Table,
        target: PathBuf,
        rows: &DataFrame,
    ) -> Result<(), StoreError> {
        let step = self.staged_file(target, &Sheet::of(table, rows))?;
        self.take(step);
        Ok(())
    }

    /// Notes a step for the publication.
    fn take(&mut self, step: Step) {
        match step {
            Step::Stay => {}
            Step::Replace(staged, target) => self.journal.replace.push((staged, target)),
            Step::Remove(target) => self.journal.remove.push(target),
        }
    }
}
