//! Questions: SQL over the tables, one indicator of several regions, and the names that people give.

use std::collections::BTreeMap;
use std::fs;

use polars::prelude::{col, lit};
use zhibiao::normalize::schema::{CHECKS, TRENDS};
use zhibiao::store::{Store, read_parquet};

use crate::fixture::{Fixture, REPORTS, zhibiao};

/// What a command over the store of `fixture` prints to stdout and stderr.
fn asked(fixture: &Fixture, arguments: &[&str], code: i32) -> [String; 2] {
    let output = zhibiao()
        .args(arguments)
        .env("ZHIBIAO_STORE", fixture.path("store"))
        .current_dir(fixture.path("."))
        .assert()
        .code(code)
        .get_output()
        .clone();
    [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn sql_answers_in_every_format() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let sql = "SELECT time_period, value / 100000000 AS yi, year, count(*) OVER () AS n FROM series \
               WHERE indicator = 'industrial_value_added_above_scale' AND measure = 'level' ORDER BY time_period DESC";
    let [csv, _] = asked(&fixture, &["query", sql, "--format", "csv"], 0);
    assert_eq!(csv, "time_period,yi,year,n\n2022-S1,240.1,2022,2\n2022-01-01/P7M,282.7,2022,2\n");
    let [json, _] = asked(&fixture, &["query", sql, "--format", "json"], 0);
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(first, serde_json::json!({"time_period": "2022-S1", "yi": 240.1, "year": 2022, "n": 2}));
    let [digits, _] = asked(&fixture, &["query", "SELECT max(value) / 7 AS n FROM series", "--format", "csv"], 0);
    assert_eq!(digits, format!("n\n{}\n", 28_270_000_000.0 / 7.0), "not one digit less");
    let first = "SELECT time_period FROM series WHERE measure = 'level' AND zone IS NULL ORDER BY value DESC LIMIT 1";
    let [csv, _] = asked(&fixture, &["query", first, "--format", "csv"], 0);
    assert_eq!(csv, "time_period\n2022-01-01/P7M\n");
    let [table, _] = asked(&fixture, &["query", sql, "--limit", "1"], 0);
    assert!(table.contains("240.1") && !table.contains("282.7") && table.contains("the first 1 rows"), "{table}");
    let [records, _] = asked(&fixture, &["query", "SELECT * FROM dim_region WHERE region_code = '330800'"], 0);
    assert!(records.contains("衢州市") && records.ends_with("1 row\n"), "{records}");

    let mut command = zhibiao();
    command.args(["query", "-", "--format", "parquet", "--store"]).arg(fixture.path("store")).write_stdin(sql);
    let bytes = command.assert().code(0).get_output().stdout.clone();
    fixture.write("answer.parquet", bytes);
    let answer = read_parquet(&fixture.path("answer.parquet"), Some(&["time_period", "yi"])).unwrap();
    assert_eq!(answer.height(), 2);
}

#[test]
fn wrong_sql_says_what_was_expected() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    for (sql, words) in [
        ("SELECT * FROM serie", ["sql: ", "serie", "the tables are observations, series, trends"].as_slice()),
        ("SELECT wert FROM series", &["sql: ", "wert", "valid columns", "value_text"]),
        ("SELEC 1", &["sql: ", "SELEC"]),
        ("", &["sql: "]),
    ] {
        let [stdout, stderr] = asked(&fixture, &["query", sql], 2);
        assert!(stdout.is_empty());
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(words.iter().all(|word| stderr.contains(word)), "{stderr}");
    }
    fs::write(fixture.path("store/v1/series/year=2022/data.parquet"), "no parquet").unwrap();
    let [_, stderr] = asked(&fixture, &["query", "SELECT value FROM series"], 1);
    assert!(stderr.contains("series/year=2022/data.parquet: "), "{stderr}");
}

/// A scan reads pages by their statistics, and must give what reading everything gives.
#[test]
fn a_scan_leaves_out_nothing_that_is_wanted() {
    let fixture = Fixture::examples();
    let store = Store::existing(&fixture.path("store")).unwrap();
    let whole = fixture.rows("trends").unwrap();
    let day = |text: &str| {
        lit(text.parse::<jiff::civil::Date>().map(zhibiao::normalize::epoch_days).unwrap())
            .cast(polars::prelude::DataType::Date)
    };
    let conditions = [
        col("region_code").eq(lit("330800")),
        lit("330800").gt(col("region_code")),
        col("region_code").eq(lit("330825")).or(col("indicator").eq(lit("gdp"))),
        col("region_code").gt_eq(lit("330802")).and(col("region_code").lt_eq(lit("330825"))),
        col("value").gt(lit(1e10)),
        col("period_end").lt(day("2021-12-31")),
        col("indicator").eq(lit("no such")),
        col("zone").is_null().and(col("measure").neq(lit("level"))),
        col("derived").eq(lit(true)),
        col("value").gt(lit(5.0)).and(lit("yoy").eq(col("measure"))).and(col("region_code").eq(lit("330800"))),
        col("zone").eq(lit("")).or(col("measure").eq(lit("level"))).and(col("indicator").neq(lit("gdp"))),
    ];
    for condition in conditions {
        use polars::prelude::IntoLazy;
        let order = || (["series_id", "time_period"], Default::default());
        let (by, options) = order();
        let expected = whole.clone().lazy().filter(condition.clone()).sort(by, options).collect().unwrap();
        let (by, options) = order();
        let columns: Vec<_> = TRENDS.columns().map(|column| col(column.name)).collect();
        let found = store.scan(&TRENDS).unwrap().filter(condition.clone()).select(columns).sort(by, options).collect();
        assert!(found.unwrap().equals_missing(&expected), "{condition:?}");
    }
    let of_year = store.scan(&TRENDS).unwrap().filter(col("year").eq(lit(2022))).select([col("value")]);
    let file = store.read(&TRENDS, Some(2022), Some(&["value"])).unwrap().unwrap();
    assert_eq!(of_year.collect().unwrap().height(), file.height());
    let [count, _] = asked(&fixture, &["query", "SELECT count(*) AS n FROM trends", "--format", "csv"], 0);
    assert_eq!(count, format!("n\n{}\n", whole.height()));
}

#[test]
fn a_table_without_files_is_empty() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    assert!(!fixture.path("store/v1").join(CHECKS.name).exists());
    let [csv, _] = asked(&fixture, &["query", "SELECT rule, year FROM checks", "--format", "csv"], 0);
    assert_eq!(csv, "rule,year\n");
}

#[test]
fn a_trend_shows_regions_beside_each_other() {
    let fixture = Fixture::examples();
    let [table, stderr] = asked(&fixture, &["trend", "衢州,龙游县,江山", "规上工业增加值", "--freq", "q"], 0);
    assert_eq!(stderr, "");
    for words in ["规模以上工业增加值, 亿元, single quarters", "2022-Q2", "151.2*", "衢州市", "龙游县", "江山市", "·"]
    {
        assert!(table.contains(words), "{words} not in\n{table}");
    }
    let [csv, _] = asked(&fixture, &["trend", "330800", "规上工业增加值", "--freq", "Q", "--format", "csv"], 0);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 8, "{csv}");
    assert!(lines[2].starts_with("330800,衢州市,industrial_value_added_above_scale,规模以上工业增加值,level,2021-Q2,"));
    assert!(lines[2].contains(",quarter_from_cumulative,"));

    // 2022-Q1 over 2021-Q1: 131.5 / 116.8.
    let [index, _] =
        asked(&fixture, &["trend", "衢州", "规上工业增加值", "--freq", "q", "--index", "--format", "csv"], 0);
    let values: BTreeMap<&str, &str> =
        index.lines().map(|line| line.split(',').collect::<Vec<_>>()).map(|cells| (cells[5], cells[6])).collect();
    assert_eq!(values["2021-Q1"], "100.0");
    assert!((values["2022-Q1"].parse::<f64>().unwrap() - 13150.0 / 116.8).abs() < 1e-9);

    let arguments =
        ["trend", "衢州", "规上工业增加值", "--freq", "ytd", "--measure", "yoy", "--from", "2022", "--to", "2022-07"];
    let [growth, _] = asked(&fixture, &[&arguments[..], &["--format", "csv"]].concat(), 0);
    let periods: Vec<&str> = growth.lines().skip(1).map(|line| line.split(',').nth(5).unwrap()).collect();
    assert_eq!(periods, ["2022-Q1", "2022-S1", "2022-01-01/P7M"]);
}

#[test]
fn contributions_are_parts_of_the_growth_of_the_whole() {
    let fixture = Fixture::examples();
    let ask = |regions: &str, more: &[&str], code: i32| {
        let arguments = ["trend", regions, "规上工业增加值", "--freq", "q", "--contributions"];
        asked(&fixture, &[&arguments[..], more].concat(), code)
    };
    let [csv, stderr] = ask("衢州", &["--format", "csv"], 0);
    assert_eq!(stderr, "", "nobody asked for the counties that have nothing");
    let values: BTreeMap<(&str, &str), f64> = csv
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|cells| ((cells[1], cells[5]), cells[6].parse().unwrap()))
        .collect();
    // Third quarters: 衢州市 134.8 to 141.9, 龙游县 21.2 to 23.6, 江山市 24.9 to 25.8.
    for (name, expected) in [("衢州市", 7.1), ("龙游县", 2.4), ("江山市", 0.9)] {
        assert!((values[&(name, "2022-Q3")] - expected / 134.8 * 100.0).abs() < 1e-6, "{name} in {csv}");
    }
    let [csv_of_two, _] = ask("衢州,龙游,江山", &["--format", "csv"], 0);
    assert_eq!(csv_of_two, csv);
    let [table, _] = ask("衢州", &["--plot", "parts.svg"], 0);
    assert!(table.contains("规模以上工业增加值, contributions to growth, 百分点, single quarters"), "{table}");
    assert!(table.contains("5.27 ┆   1.78 ┆   0.67"), "{table}");
    assert!(fs::read_to_string(fixture.path("parts.svg")).unwrap().contains("reckoned from levels at current prices"));
    let [csv_of_a_year, _] = ask("衢州", &["--format", "csv", "--from", "2022-07"], 0);
    assert_eq!(csv_of_a_year.lines().count(), 4, "the year before is reckoned with, and not shown: {csv_of_a_year}");
    for (regions, more, words) in [
        ("衢州,杭州", [].as_slice(), "330100"),
        ("浙江,衢州,龙游", &[], "330825"),
        ("衢州", &["--to", "2021"], "a year apart"),
    ] {
        let [_, stderr] = ask(regions, more, 2);
        assert!(stderr.contains("--contributions") && stderr.contains(words), "{stderr}");
    }
}

#[test]
fn what_has_only_growth_is_shown_as_growth() {
    let fixture = Fixture::new(&[("june.txt", "衢州市经济运行情况\n2022年1—6月,全市固定资产投资增长5.2%。\n")]);
    fixture.run(&[], 0);
    let [table, _] = asked(&fixture, &["trend", "衢州", "固定资产投资"], 0);
    assert!(table.contains("growth on the year before, %"), "{table}");
    let [nothing, stderr] = asked(&fixture, &["trend", "衢州", "固定资产投资", "--measure", "level"], 0);
    assert!(nothing.is_empty() && stderr.contains("nothing in the store"), "{stderr}");
}

#[test]
fn names_that_are_not_known_are_guessed_at() {
    let fixture = Fixture::examples();
    for command in ["trend", "series"] {
        for given in ["衢洲市", "衢洲"] {
            let [_, stderr] = asked(&fixture, &[command, given, "GDP"], 2);
            assert!(stderr.contains("did you mean 衢州"), "{stderr}");
        }
        let [_, stderr] = asked(&fixture, &[command, "衢州", "规上工业增加直"], 2);
        assert!(stderr.contains("did you mean 规上工业增加值"), "{stderr}");
        let [_, stderr] = asked(&fixture, &[command, "衢州", "qqq"], 2);
        assert!(!stderr.contains("did you mean"), "{stderr}");
        let [by_english, _] = asked(&fixture, &[command, "衢州", "gdp"], 0);
        let [by_id, _] = asked(&fixture, &[command, "330800", "gdp"], 0);
        assert!(!by_id.is_empty() && by_english == by_id);
    }
    let [_, stderr] = asked(&fixture, &["trend", "衢州", "GDP", "--from", "July"], 2);
    assert!(stderr.contains("expected a year, a month or a day"), "{stderr}");
    let [_, stderr] = asked(&fixture, &["trend", "衢州", "GDP", "--plot", "gdp.png"], 2);
    assert!(stderr.contains("gdp.png: expected a file that ends with .svg or .html"), "{stderr}");
}

/// The points of each line and what joins them, read as any XML reader would.
fn drawn(svg: &str) -> (usize, usize, usize) {
    let mut reader = quick_xml::Reader::from_str(svg);
    let (mut joined, mut full, mut hollow) = (0, 0, 0);
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => return (joined, full, hollow),
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                let value = |name: &str| {
                    let attribute = tag.try_get_attribute(name).unwrap().unwrap();
                    attribute.value.into_owned()
                };
                match tag.name().as_ref() {
                    "polyline" => joined += value("points").split(' ').count() - 1,
                    "circle" if value("fill") == "#fff" => hollow += 1,
                    "circle" => full += 1,
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

#[test]
fn a_picture_bridges_no_gap() {
    let fixture = Fixture::examples();
    let draw = |arguments: &[&str], file: &str| {
        asked(&fixture, &[&["trend"], arguments, &["--plot", file]].concat(), 0);
        fs::read_to_string(fixture.path(file)).unwrap()
    };
    let svg = draw(&["衢州", "规上工业增加值", "--freq", "q"], "quarters.svg");
    assert_eq!(drawn(&svg), (6, 2, 5), "seven quarters, two of them stated");
    for words in [
        "规模以上工业增加值",
        "衢州市 2022-Q2: 151.2 亿元, quarter_from_cumulative",
        "Hollow points",
        "Source: 6 reports",
    ] {
        assert!(svg.contains(words), "{words} not in\n{svg}");
    }
    // Four cumulative values of 2021 and four of 2022: nothing is drawn from December down to March.
    let svg = draw(&["衢州", "规上工业增加值", "--freq", "ytd"], "year.svg");
    let (joined, full, hollow) = drawn(&svg);
    assert_eq!((full, hollow), (8, 0));
    assert!(joined < 7 && svg.contains("start again each year"), "{joined}");
    let page = draw(&["衢州,龙游", "规上工业增加值", "--freq", "q"], "quarters.html");
    for words in ["<svg", "Content-Security-Policy", "<td>151.2*</td>", "2022年前三季度"] {
        assert!(page.contains(words), "{words} not in\n{page}");
    }
    assert!(!page.contains("<script"));
}
