//! How fast questions are answered over a store of ten million observations: twenty years, 1 250 regions.
//!
//! ```text
//! cargo bench --bench questions                              makes the store in a temporary folder first (minutes)
//! ZHIBIAO_BENCH_STORE=/tmp/big cargo bench --bench questions keeps it there, and uses it again
//! ```
//!
//! The rows are those that the example reports state of one year, once for each region and year, with names of their own,
//! in the order and by the writer of any store.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use divan::{Bencher, black_box};
use jiff::civil::Date;
use polars::prelude::{
    Column, DataFrame, Float64Chunked, IdxCa, Int32Chunked, IntoColumn, NewChunkedArray, SortMultipleOptions,
    StringChunked,
};
use tempfile::TempDir;
use zhibiao::config::Pipeline;
use zhibiao::lexicon::Lexicon;
use zhibiao::model::RegionCode;
use zhibiao::normalize::schema::{OBSERVATIONS, SERIES, TRENDS, Table};
use zhibiao::normalize::{Run, epoch_days, from_epoch_days};
use zhibiao::pipeline::{self, Options, Stop};
use zhibiao::query::{self, Question};
use zhibiao::store::{Store, encode_parquet};

/// Years and rows of `observations` in each.
const YEARS: std::ops::RangeInclusive<i16> = 2005..=2024;
const ROWS_A_YEAR: usize = 500_000;

/// The year of the rows that are multiplied.
const MODEL: i16 = 2022;

const QUZHOU: &str = "330800";
const INDICATOR: &str = "industrial_value_added_above_scale";

static STORE: LazyLock<(Store, Option<TempDir>)> = LazyLock::new(|| {
    let given = std::env::var_os("ZHIBIAO_BENCH_STORE").map(PathBuf::from);
    let temporary = given.is_none().then(|| TempDir::new().unwrap());
    let root = given.unwrap_or_else(|| temporary.as_ref().unwrap().path().join("store"));
    if !root.join("made").is_file() {
        make(&root);
    }
    (Store::existing(&root).unwrap(), temporary)
});

fn main() {
    divan::main();
}

#[divan::bench_group(sample_count = 10, sample_size = 1)]
mod questions {
    use super::*;

    fn ask(bencher: Bencher<'_, '_>, sql: &str) {
        bencher.bench_local(|| query::sql(&STORE.0, black_box(sql), None).unwrap());
    }

    #[divan::bench]
    fn query_one_line_of_trends(bencher: Bencher<'_, '_>) {
        ask(
            bencher,
            "SELECT time_period, value FROM trends WHERE region_code = '330800' \
             AND indicator = 'industrial_value_added_above_scale' AND measure = 'level' ORDER BY period_end",
        );
    }

    #[divan::bench]
    fn query_all_counties_of_one_year(bencher: Bencher<'_, '_>) {
        ask(
            bencher,
            "SELECT region_name, value FROM series WHERE year = 2022 AND indicator = 'gdp' AND measure = 'level' \
             ORDER BY value DESC LIMIT 20",
        );
    }

    #[divan::bench]
    fn query_an_indicator_of_all_years(bencher: Bencher<'_, '_>) {
        ask(
            bencher,
            "SELECT year, count(*) AS n, avg(value) AS mean FROM series WHERE indicator = 'gdp' AND measure = 'yoy' \
             GROUP BY year ORDER BY year",
        );
    }

    #[divan::bench]
    fn query_count_of_each_measure(bencher: Bencher<'_, '_>) {
        ask(bencher, "SELECT measure, count(*) AS n FROM observations GROUP BY measure ORDER BY n DESC");
    }

    #[divan::bench]
    fn query_a_row_by_its_id(bencher: Bencher<'_, '_>) {
        let sql = format!("SELECT surface, sentence FROM observations WHERE obs_id = '{}'", name(1_234_567));
        ask(bencher, &sql);
    }

    #[divan::bench]
    fn series(bencher: Bencher<'_, '_>) {
        let region: RegionCode = QUZHOU.parse().unwrap();
        bencher.bench_local(|| query::series(&STORE.0, region, black_box(INDICATOR), None).unwrap());
    }

    #[divan::bench]
    fn series_as_of_a_day(bencher: Bencher<'_, '_>) {
        let (region, day): (RegionCode, Date) = (QUZHOU.parse().unwrap(), "2022-05-01".parse().unwrap());
        bencher.bench_local(|| query::series(&STORE.0, region, black_box(INDICATOR), Some(day)).unwrap());
    }

    #[divan::bench]
    fn trend_of_three_regions(bencher: Bencher<'_, '_>) {
        let question = Question {
            regions: [QUZHOU, "330803", "330825"].map(|code| code.parse().unwrap()).to_vec(),
            indicator: INDICATOR.to_owned(),
            measure: None,
            frequency: None,
            from: None,
            to: None,
            as_of: None,
        };
        let lexicon = Lexicon::bundled().unwrap();
        bencher.bench_local(|| query::trend(&STORE.0, &lexicon, black_box(&question)).unwrap().unwrap());
    }
}

/// Makes the store at `root`.
fn make(root: &Path) {
    let lexicon = Arc::new(Lexicon::bundled().unwrap());
    run_examples(&lexicon, root);
    let store = Store::existing(root).unwrap();
    let model = store.read(&OBSERVATIONS, Some(MODEL.into()), None).unwrap().unwrap().height();
    let regions: Vec<(String, String)> = regions(&lexicon).take(ROWS_A_YEAR.div_ceil(model)).collect();
    for table in [&OBSERVATIONS, &SERIES, &TRENDS] {
        let model = store.read(table, Some(MODEL.into()), None).unwrap().unwrap();
        let _ = fs::remove_dir_all(root.join("v1").join(table.name));
        for year in YEARS {
            let path = store.file(table, Some(year.into()));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let rows = multiplied(&model, &regions, year).sort(table.order, nulls_last()).unwrap();
            fs::write(&path, encode_parquet(&rows, table, &path).unwrap()).unwrap();
        }
        say(&store, table);
    }
    fs::write(root.join("made"), "").unwrap();
}

fn nulls_last() -> SortMultipleOptions {
    SortMultipleOptions::new().with_nulls_last(true)
}

fn say(store: &Store, table: &Table) {
    let files: Vec<PathBuf> = YEARS.map(|year| store.file(table, Some(year.into()))).collect();
    let bytes: u64 = files.iter().map(|path| fs::metadata(path).unwrap().len()).sum();
    let sql = format!("SELECT count(*) AS n FROM {}", table.name);
    let rows = query::sql(store, &sql, None).unwrap();
    println!(
        "{}: {} rows in {} files, {} MB",
        table.name,
        rows.column("n").unwrap().get(0).unwrap(),
        files.len(),
        bytes >> 20
    );
}

/// Codes and names, 衢州 and its counties first.
fn regions(lexicon: &Lexicon) -> impl Iterator<Item = (String, String)> {
    let of_quzhou = |code: RegionCode| code.prefecture().to_string() == QUZHOU;
    let today = lexicon.regions().all().iter().filter(|region| region.in_force(2022));
    let (first, others): (Vec<_>, Vec<_>) = today.partition(|region| of_quzhou(region.code));
    first.into_iter().chain(others).map(|region| (region.code.to_string(), region.name.clone()))
}

/// `model` once for each of `regions`, in `year`.
fn multiplied(model: &DataFrame, regions: &[(String, String)], year: i16) -> DataFrame {
    let height = model.height();
    let indices = IdxCa::from_iter_values("row".into(), (0..regions.len()).flat_map(|_| 0..height as u32));
    let mut rows = model.take(&indices).unwrap();
    let region = |row: usize| &regions[row / height];
    let mut words = |name: &str, word: &dyn Fn(usize, Option<&str>) -> Option<String>| {
        let Ok(column) = rows.column(name) else { return };
        let column = column.str().unwrap().iter().enumerate().map(|(row, old)| word(row, old));
        let column: StringChunked = column.collect();
        rows.with_column(column.with_name(name.into()).into_column()).unwrap();
    };
    let number = |row: usize| (usize::from(year.unsigned_abs()) - 2005) * height * regions.len() + row;
    words("obs_id", &|row, _| Some(name(number(row))));
    words("series_id", &|row, old| Some(format!("{:08x}{}", row / height, &old.unwrap()[8..])));
    words("region_code", &|row, _| Some(region(row).0.clone()));
    words("region_name", &|row, _| Some(region(row).1.clone()));
    words("time_period", &|_, old| Some(old.unwrap().replacen(&MODEL.to_string(), &year.to_string(), 1)));
    words("doc_id", &|row, _| Some(name(number(row) / 50).repeat(2)));
    words("derived_from", &|row, _| Some(name(number(row))));
    words("sentence", &|row, old| Some(format!("{}：{}", region(row).1, old.unwrap())));
    words("value_text", &|row, old| Some(format!("{}{}", old.unwrap(), row / height % 10)));
    let values = rows.column("value").unwrap().f64().unwrap().iter().enumerate();
    let values: Float64Chunked =
        values.map(|(row, value)| Some(value? * (1.0 + (row / height) as f64 / 1e4))).collect();
    rows.with_column(values.with_name("value".into()).into_column()).unwrap();
    for name in ["period_start", "period_end", "published", "first_published", "last_published"] {
        let Ok(column) = rows.column(name) else { continue };
        let moved = column.date().unwrap().physical().iter().map(|day| day.map(|day| in_year(day, year)));
        let moved: Int32Chunked = moved.collect();
        let moved: Column = moved.with_name(name.into()).into_date().into_column();
        rows.with_column(moved).unwrap();
    }
    rows
}

/// An id of 32 digits that looks like any other.
fn name(number: usize) -> String {
    let mixed = (number as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    format!("{:032x}", mixed ^ mixed >> 61)
}

/// A day as many years away from 2022 as `year` is.
fn in_year(day: i32, year: i16) -> i32 {
    let day = from_epoch_days(day);
    let moved = Date::new(day.year() + year - MODEL, day.month(), 1).unwrap();
    epoch_days(moved.with().day(day.day().min(moved.last_of_month().day())).build().unwrap())
}

fn run_examples(lexicon: &Arc<Lexicon>, root: &Path) {
    let folder = TempDir::new().unwrap();
    let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports");
    let file = folder.path().join("job.toml");
    let source = format!("[[source]]\nkind = \"files\"\ninclude = [\"{}/*.txt\"]\n", reports.display());
    let job = format!("name = \"bench\"\nstore = \"{}\"\n{source}[defaults]\nregion = \"330800\"\n", root.display());
    fs::write(&file, job).unwrap();
    let run = Run { id: "bench".to_owned(), began: "2026-01-01T00:00:00Z".parse().unwrap() };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let stop = runtime.block_on(async { Stop::on_signals() }).unwrap();
    runtime
        .block_on(pipeline::run(
            Pipeline::load(&file).unwrap(),
            lexicon.clone(),
            run,
            Options::default(),
            &stop,
            &|_| {},
        ))
        .unwrap();
}
