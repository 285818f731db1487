//! Which statement holds, what follows from those that do, and that neither depends on how the reports came.

use std::sync::LazyLock;

use polars::prelude::{DataFrame, IdxCa, IntoLazy, NewChunkedArray, SortMultipleOptions, col, lit};
use proptest::prelude::*;
use zhibiao::normalize;

use crate::fixture::{Fixture, zhibiao};
use crate::reading::LEXICON;

/// A line of a JSONL file: a report of 衢州, published on `day` by `publisher`.
fn line(id: &str, day: &str, publisher: &str, text: &str) -> String {
    let published = if day.is_empty() { String::new() } else { format!(r#""published":"{day}","#) };
    format!(r#"{{"id":"{id}",{published}"publisher":"{publisher}","region":"330800","text":"{text}"}}"#)
}

/// A store of the reports in `lines`.
fn store(lines: &[String]) -> Fixture {
    let fixture = Fixture::jsonl(&lines.join("\n"));
    fixture.run(&[], 0);
    fixture
}

/// The points of a line of 衢州's 规上工业增加值: period, value in 亿元 or as it is, derivation, difference, flags.
fn points(fixture: &Fixture, measure: &str, freq: &str) -> Vec<String> {
    let is = |name: &str, value: &str| col(name).eq(lit(value.to_owned()));
    let rows = fixture.rows("trends").unwrap().lazy();
    let rows = rows.filter(is("region_code", "330800").and(is("indicator", "industrial_value_added_above_scale")));
    let rows = rows.filter(is("measure", measure).and(is("freq", freq))).sort(["period_end"], Default::default());
    let rows = rows.collect().unwrap();
    let text = |name: &str, row: usize| rows.column(name).unwrap().str().unwrap().get(row).unwrap_or("-").to_owned();
    let number = |name: &str, row: usize| rows.column(name).unwrap().f64().unwrap().get(row);
    let row = |row| {
        let unit = if text("unit", row) == "元" { 1e8 } else { 1.0 };
        let difference = number("difference", row).map_or("-".to_owned(), |points| format!("{points:.1}"));
        let (value, precision) = (number("value", row).unwrap() / unit, number("precision", row).unwrap() / unit);
        let (period, how, flags) = (text("time_period", row), text("derivation", row), text("flags", row));
        format!("{period} {value:.1} ±{precision:.2} {how} {difference} {flags}")
    };
    (0..rows.height()).map(row).collect()
}

/// The example reports, worked out by hand: the second quarter of 2022 is 282.7 − 131.5.
#[test]
fn the_example_reports_give_a_line_of_quarters() {
    let fixture = Fixture::examples();
    assert_eq!(
        points(&fixture, "level", "Q"),
        [
            "2021-Q1 116.8 ±0.10 reported - -",
            "2021-Q2 141.8 ±0.10 quarter_from_cumulative - -",
            "2021-Q3 134.8 ±0.10 quarter_from_cumulative - -",
            "2021-Q4 152.2 ±0.10 quarter_from_cumulative - -",
            "2022-Q1 131.5 ±0.10 reported - -",
            "2022-Q2 151.2 ±0.10 quarter_from_cumulative - -",
            "2022-Q3 141.9 ±0.10 quarter_from_cumulative - -",
        ]
    );
    assert_eq!(
        points(&fixture, "level", "S"),
        [
            "2021-S1 258.6 ±0.10 reported - -",
            "2021-S2 287.0 ±0.10 half_from_cumulative - -",
            "2022-S1 282.7 ±0.10 reported - -"
        ]
    );
    assert_eq!(points(&fixture, "level", "M"), ["2022-M07 48.2 ±0.10 month_from_cumulative - -"]);
    // 131.5 / 116.8 is 12.6 % more at current prices, where the report says 8.9 % at constant ones.
    assert_eq!(
        points(&fixture, "yoy_of_levels", "Q"),
        [
            "2022-Q1 12.6 ±0.09 growth_from_levels 3.7 -",
            "2022-Q2 6.6 ±0.15 growth_from_levels - -",
            "2022-Q3 5.3 ±0.15 growth_from_levels - -"
        ]
    );
    // 116.8 / 1.264: no report of 2020 is among them.
    assert_eq!(points(&fixture, "base_level", "Q"), ["2020-Q1 92.4 ±0.08 base_level_from_growth - -"]);
}

/// A cumulative report of 规上工业增加值.
fn cumulative(id: &str, day: &str, period: &str, value: &str) -> String {
    line(id, day, "衢州市统计局", &format!("{period}，全市规上工业增加值{value}亿元。"))
}

#[test]
fn january_and_february_are_never_split() {
    let fixture = store(&[
        cumulative("a", "2022-02-15", "2022年1月", "40.5"),
        cumulative("b", "2022-03-15", "2022年1—2月", "80.1"),
        cumulative("c", "2022-04-15", "2022年一季度", "131.5"),
    ]);
    assert_eq!(
        points(&fixture, "level", "M"),
        ["2022-M01 40.5 ±0.10 reported - -", "2022-M03 51.4 ±0.10 month_from_cumulative - -"]
    );
    assert_eq!(points(&fixture, "level", "R"), ["2022-01-01/P2M 80.1 ±0.10 reported - -"]);
}

#[test]
fn what_is_reported_stands_before_what_could_be_derived() {
    let fixture = store(&[
        cumulative("a", "2022-07-15", "2022年上半年", "282.7"),
        cumulative("b", "2022-08-15", "2022年1—7月", "330.9"),
        cumulative("c", "2022-08-20", "2022年7月", "48.5"),
    ]);
    assert_eq!(points(&fixture, "level", "M"), ["2022-M07 48.5 ±0.10 reported - -"]);
}

#[test]
fn what_falls_or_is_vague_is_not_derived() {
    let fixture = store(&[
        cumulative("a", "2022-07-15", "2022年上半年", "282.7"),
        cumulative("b", "2022-08-15", "2022年1—7月", "270.2"),
        cumulative("c", "2022-09-15", "2022年1—8月", "超300"),
        cumulative("d", "2022-10-15", "2022年前三季度", "424.6"),
    ]);
    assert_eq!(points(&fixture, "level", "M"), Vec::<String>::new());
    assert_eq!(
        points(&fixture, "level", "R"),
        [
            "2022-01-01/P7M 270.2 ±0.10 reported - cumulative_falls",
            "2022-01-01/P8M 300.0 ±1.00 reported - -",
            "2022-01-01/P9M 424.6 ±0.10 reported - -",
        ]
    );
}

#[test]
fn losses_stocks_averages_and_targets() {
    let texts = [
        ("2022-07-15", "2022年上半年，全市规上工业利润总额20.5亿元，平均工资50000元，力争全年规上工业增加值600亿元。"),
        ("2022-08-15", "2022年1—7月，全市规上工业利润总额18.1亿元，平均工资58000元。"),
        ("2022-07-16", "2022年6月末，全市本外币存款余额5000亿元。"),
        ("2022-08-16", "2022年7月末，全市本外币存款余额5100亿元。"),
    ];
    let lines: Vec<String> =
        texts.iter().enumerate().map(|(id, (day, text))| line(&id.to_string(), day, "衢州市统计局", text)).collect();
    let fixture = store(&lines);
    let rows = fixture.rows("trends").unwrap();
    let derived = rows.clone().lazy().filter(col("derived")).collect().unwrap();
    let names: Vec<&str> = derived.column("indicator_name").unwrap().str().unwrap().iter().flatten().collect();
    assert_eq!(names, ["规模以上工业利润总额"]);
    assert_eq!(derived.column("value").unwrap().f64().unwrap().get(0), Some(-2.4e8));
    let statuses: Vec<&str> = rows.column("status").unwrap().str().unwrap().iter().flatten().collect();
    assert!(!statuses.contains(&"target") && fixture.texts("series", "status").contains(&"target".to_owned()));
}

#[test]
fn growth_far_from_what_is_stated_is_flagged() {
    let fixture = store(&[
        cumulative("a", "2022-01-15", "2021年", "500.0"),
        line("b", "2023-01-15", "衢州市统计局", "2022年，全市规上工业增加值600.0亿元，增长6.2%。"),
    ]);
    assert_eq!(points(&fixture, "yoy_of_levels", "A"), ["2022 20.0 ±0.02 growth_from_levels 13.8 growth_apart"]);
    assert_eq!(points(&fixture, "yoy", "A"), ["2022 6.2 ±0.10 reported - -"]);
    assert_eq!(points(&fixture, "base_level", "A"), Vec::<String>::new());
}

#[test]
fn levels_in_another_currency_are_a_line_of_their_own_without_growth() {
    let text = |year: &str, yuan: &str, dollars: &str| {
        let text = format!("{year}年，全市进出口总值{yuan}亿元。以美元计，全市进出口总值{dollars}亿美元。");
        line(year, "2023-03-01", "衢州市统计局", &text)
    };
    let fixture = store(&[text("2021", "480.0", "75.0"), text("2022", "528.0", "78.0")]);
    let rows = fixture.rows("trends").unwrap();
    let of = |measure: &str| rows.clone().lazy().filter(col("measure").eq(lit(measure.to_owned()))).collect().unwrap();
    assert_eq!(of("level").height(), 4);
    let growth = of("yoy_of_levels");
    assert_eq!(growth.height(), 1);
    assert!((growth.column("value").unwrap().f64().unwrap().get(0).unwrap() - 10.0).abs() < 1e-9);
}

/// A later report of a year changes the trends of the years beside it, and one that goes takes its own with it.
#[test]
fn years_beside_a_change_are_computed_anew() {
    let (first, second) = (
        cumulative("a", "2023-01-15", "2022年", "500.0"),
        line("b", "2024-01-15", "衢州市统计局", "2023年，全市规上工业增加值550.0亿元，增长6.2%。"),
    );
    let fixture = store(std::slice::from_ref(&second));
    assert_eq!(points(&fixture, "base_level", "A"), ["2022 517.9 ±0.29 base_level_from_growth - -"]);
    assert!(fixture.texts("dim_period", "time_period").contains(&"2022".to_owned()));
    fixture.write("in.jsonl", format!("{second}\n{first}"));
    fixture.run(&[], 0);
    assert_eq!(points(&fixture, "base_level", "A"), Vec::<String>::new());
    assert_eq!(points(&fixture, "yoy_of_levels", "A").len(), 1);
}

#[test]
fn an_office_comes_before_a_newspaper_and_the_own_report_before_others() {
    let text = |value: &str| format!("2022年上半年，衢州市规上工业增加值{value}亿元。");
    let fixture = store(&[
        line("a", "2022-07-20", "衢州日报", &text("282.9")),
        line("b", "2022-07-20", "衢州市统计局", &text("282.7")),
        line("c", "2022-07-20", "浙江省统计局", &text("282.8")).replace("330800", "330000"),
    ]);
    assert_eq!(fixture.texts("observations", "source_kind"), ["office", "office", "press"]);
    assert_eq!(fixture.texts("series", "value_text"), ["282.7"]);
    assert_eq!(fixture.texts("series", "selected_by"), ["own"]);
    let fixture = store(&[
        line("a", "2022-07-20", "衢州日报", &text("282.9")),
        line("b", "2022-07-20", "衢州市统计局", &text("282.7")),
    ]);
    assert_eq!(fixture.texts("series", "value_text"), ["282.7"]);
    assert_eq!(fixture.texts("series", "selected_by"), ["official"]);
}

#[test]
fn a_revision_says_what_held_before_and_an_earlier_day_can_be_looked_at() {
    let fixture = store(&[
        cumulative("a", "2023-01-20", "2022年", "545.6"),
        cumulative("b", "2023-12-01", "2022年", "551.3"),
        cumulative("c", "", "2021年", "500.1"),
        cumulative("d", "2023-02-01", "2022年", "545.63"),
    ]);
    let series = fixture.rows("series").unwrap();
    let of_2022 = series.lazy().filter(col("time_period").eq(lit("2022"))).collect().unwrap();
    let number = |name: &str| of_2022.column(name).unwrap().f64().unwrap().get(0).unwrap();
    assert_eq!((number("value"), number("revised_from")), (55_130_000_000.0, 54_563_000_000.0));
    assert_eq!(of_2022.column("n_reports").unwrap().i32().unwrap().get(0), Some(3));
    let day = |name: &str| of_2022.column(name).unwrap().get(0).unwrap().to_string();
    assert_eq!(
        ["first_published", "revised_on", "last_published"].map(day),
        ["2023-01-20", "2023-12-01", "2023-12-01"]
    );
    let store = fixture.path("store");
    let print = |day: &[&str]| {
        let arguments = ["series", "衢州", "规上工业增加值", "--store", store.to_str().unwrap()];
        let output = zhibiao().args(arguments).args(day).assert().success().get_output().clone();
        String::from_utf8(output.stdout).unwrap()
    };
    let today = print(&[]);
    assert!(today.contains("551.3") && today.contains("revised from 545.63"), "{today}");
    let then = print(&["--as-of", "2023-02-28"]);
    assert!(then.contains("545.63") && !then.contains("551.3") && !then.contains("revised"), "{then}");
    assert!(then.contains("500.1") && then.contains("undated"), "{then}");
    let before = print(&["--as-of", "2023-01-19"]);
    assert!(!before.contains("545.6") && before.contains("500.1"), "{before}");
    let wrong =
        zhibiao().args(["series", "衢州", "GDP", "--as-of", "2023-02-30"]).assert().code(2).get_output().clone();
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("--as-of"));
}

#[test]
fn a_trend_of_a_day_is_that_of_a_store_which_ends_there() {
    let all = reports();
    let until = |day: &str| {
        let is_known = |report: &&String| {
            let published: serde_json::Value = serde_json::from_str(report).unwrap();
            published["published"].as_str().is_none_or(|published| published <= day)
        };
        store(&all.iter().filter(is_known).cloned().collect::<Vec<String>>())
    };
    let trend = |fixture: &Fixture, arguments: &[&str]| {
        let mut command = zhibiao();
        command.args(["trend", "衢州", "规上工业增加值", "--store"]).arg(fixture.path("store")).args(arguments);
        String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap()
    };
    let whole = store(&all);
    let mut pictures = Vec::new();
    for day in ["2022-01-20", "2022-07-20", "2022-12-20", "2023-01-20"] {
        let ended = until(day);
        for kind in [&["--freq", "q"][..], &["--freq", "a"], &["--freq", "ytd", "--measure", "yoy"]] {
            let kind = [kind, &["--format", "csv"]].concat();
            let then = trend(&whole, &[&kind[..], &["--as-of", day]].concat());
            assert_eq!(then, trend(&ended, &kind), "{day} {kind:?}");
            pictures.push(then);
        }
    }
    pictures.dedup();
    assert!(pictures.len() > 6, "the days do not differ: {pictures:#?}");
    assert!(trend(&whole, &["--as-of", "2022-07-20"]).contains(", as known on 2022-07-20"));
}

/// Reports of three years: revised, contradicted, vague, by others, without a date, and one of them twice.
fn reports() -> Vec<String> {
    let office = "衢州市统计局";
    let of = |id: &str, day: &str, publisher: &str, text: &str| line(id, day, publisher, text);
    vec![
        of("a", "2021-07-20", office, "2021年上半年，全市规上工业增加值258.6亿元，增长17.5%。"),
        of("b", "2021-10-20", office, "2021年前三季度，全市规上工业增加值393.4亿元，增长14.2%。"),
        of("c", "2022-01-20", office, "2021年，全市规上工业增加值545.6亿元，增长12.1%，地区生产总值1875.6亿元。"),
        of("d", "2022-12-20", office, "2021年，全市规上工业增加值548.2亿元。"),
        of("e", "2022-01-20", "衢州日报", "2021年，全市规上工业增加值超545亿元，增长12.3%，地区生产总值1876.6亿元。"),
        of("f", "2022-07-20", office, "2022年上半年，全市规上工业增加值282.7亿元，增长6.6%，力争全年增长9%。"),
        of("g", "2022-07-20", "衢州日报", "2022年上半年，全市规上工业增加值2827215万元，增长6.7%。"),
        of("h", "2022-10-20", office, "2022年前三季度，全市规上工业增加值预计424.6亿元。"),
        of("i", "", office, "2022年前三季度，全市规上工业增加值424.9亿元。"),
        of("j", "2023-01-20", office, "2022年，全市规上工业增加值560.4亿元，增长5.1%。"),
        of("k", "2023-01-20", office, "2022年，全市规上工业增加值560.4亿元，增长5.1%。"),
    ]
}

/// A table without what tells of the run and of the path.
fn content(fixture: &Fixture, table: &str) -> DataFrame {
    let rows = fixture.rows(table).unwrap().drop_many(["run_id", "ingested_at", "source_uri"]);
    rows.sort(["series_id", "time_period"], SortMultipleOptions::new()).unwrap()
}

/// What one run over all of [`reports`] gives: `observations`, `series` and `trends`.
static AT_ONCE: LazyLock<[DataFrame; 3]> = LazyLock::new(|| {
    let fixture = store(&reports());
    [fixture.rows("observations").unwrap(), content(&fixture, "series"), content(&fixture, "trends")]
});

proptest! {
    // A case is a handful of runs of the program.
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn neither_order_nor_runs_nor_doubles_matter(
        lines in Just(reports()).prop_shuffle(),
        cuts in prop::collection::btree_set(1usize..11, 0..3),
        twice in 0usize..11,
    ) {
        let piecemeal = Fixture::jsonl("");
        let mut given = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            given.push(line.clone());
            if cuts.contains(&(number + 1)) {
                piecemeal.write("in.jsonl", given.join("\n"));
                piecemeal.run(&[], 0);
            }
        }
        given.push(lines[twice].clone());
        piecemeal.write("in.jsonl", given.join("\n"));
        piecemeal.run(&[], 0);
        prop_assert!(AT_ONCE[1].equals_missing(&content(&piecemeal, "series")));
        prop_assert!(AT_ONCE[2].equals_missing(&content(&piecemeal, "trends")));
        let before = piecemeal.published();
        piecemeal.run(&["--full"], 0);
        prop_assert_eq!(before, piecemeal.published());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_choice_does_not_depend_on_the_order_of_rows(order in Just((0..AT_ONCE[0].height()).collect()).prop_shuffle()) {
        let order: Vec<usize> = order;
        let of = |places: &[usize]| {
            let places = places.iter().map(|place| *place as u32);
            let rows = AT_ONCE[0].take(&IdxCa::from_iter_values("row".into(), places)).unwrap();
            let series = normalize::series(&rows, None).unwrap();
            let trends = normalize::trends(&series, 2022, &LEXICON).unwrap();
            trends.sort(["series_id", "time_period"], SortMultipleOptions::new()).unwrap()
        };
        let sorted: Vec<usize> = (0..order.len()).collect();
        prop_assert!(of(&order).equals_missing(&of(&sorted)));
    }
}
