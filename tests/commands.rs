//! The command line: what goes to stdout, what to stderr, and the exit codes.

use std::fs::File;
use std::process::Output;

use crate::fixture::{Fixture, REPORTS, zhibiao};

fn output(arguments: &[&str], input: &str, code: i32) -> Output {
    zhibiao().args(arguments).write_stdin(input).assert().code(code).get_output().clone()
}

fn stdout(arguments: &[&str], input: &str) -> String {
    String::from_utf8(output(arguments, input, 0).stdout).unwrap()
}

#[test]
fn jsonl_has_every_column_in_the_order_of_the_text() {
    let lines =
        stdout(&["extract", "-", "--format", "jsonl", "--region", "330800", "--published", "2022-08-19"], REPORTS[1].1);
    let rows: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rows.len() >= 2);
    let columns = zhibiao::normalize::schema::EXTRACT.columns().count();
    let starts: Vec<i64> = rows.iter().map(|row| row["char_start"].as_i64().unwrap()).collect();
    assert!(starts.is_sorted(), "{starts:?}");
    for row in &rows {
        assert_eq!(row.as_object().unwrap().len(), columns, "nulls are there too");
        assert_eq!((row["document"].as_str(), row["published"].as_str()), (Some("-"), Some("2022-08-19")));
        assert!(row["entity"].is_null());
    }
    let level = rows.iter().find(|row| row["measure"] == "level").unwrap();
    assert_eq!((level["value_text"].as_str(), level["value"].as_f64()), (Some("282.7"), Some(28_270_000_000.0)));
    assert_eq!(
        (level["period_start"].as_str(), level["period_end"].as_str()),
        (Some("2022-01-01"), Some("2022-07-31"))
    );
}

#[test]
fn a_jsonl_file_keeps_the_ids_of_its_documents() {
    let fixture = Fixture::new(&[]);
    let document = serde_json::json!({"id": "d7", "title": null, "published": "2022-08-19", "region": "330800", "text": REPORTS[1].1});
    fixture.write("in.jsonl", format!("{document}\nnot json\n"));
    let path = fixture.path("in.jsonl");
    let output = output(&["extract", path.to_str().unwrap(), "--format", "jsonl"], "", 3);
    let lines = String::from_utf8(output.stdout).unwrap();
    assert!(
        lines.lines().count() >= 2 && lines.lines().all(|line| line.starts_with("{\"document\":\"d7\"")),
        "{lines}"
    );
    assert!(String::from_utf8(output.stderr).unwrap().contains("in.jsonl:2"));
}

#[test]
fn the_other_formats() {
    let csv = stdout(&["extract", "-", "--format", "csv", "--region", "330800"], REPORTS[1].1);
    assert!(csv.starts_with("document,obs_id,series_id,") && csv.contains("282.7"), "{csv}");
    let table = stdout(&["extract", "-", "--region", "330800"], REPORTS[1].1);
    assert!(table.contains("282.7亿元"), "{table}");
    let parquet = output(&["extract", "-", "--format", "parquet"], REPORTS[1].1, 0).stdout;
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
    let explained = stdout(&["explain", "-", "--region", "330800"], REPORTS[1].1);
    assert!(explained.contains("282.7"), "{explained}");
}

#[test]
fn explain_says_where_place_and_period_come_from() {
    let text = "二、消费\n上半年，龙游县民间投资增长3.2%。其中制造业投资12亿元。\n全年力争民间投资增长6%左右。\n";
    let arguments = ["explain", "-", "--region", "330800", "--published", "2022-08-19", "--title", "2022年快报"];
    let explained = stdout(&arguments, text);
    for words in [
        "{上半年}，<龙游县>民间投资增长[3.2%]",
        "yoy 3.2 %  (rule rate",
        "龙游县 330825, 龙游县 in the clause",
        "2022-S1, 上半年 in the sentence",
        "2022-S1, 上半年 before it, @5",
        "衢州市 330800, the document's own",
        "approx, target",
    ] {
        assert!(explained.contains(words), "{words} not in\n{explained}");
    }
    let headed = "龙游县2022年上半年经济运行情况\n全社会用电量15.9亿千瓦时，增长8.2%。\n";
    let explained = stdout(&["explain", "-", "--region", "330800", "--published", "2022-08-19"], headed);
    assert!(explained.contains("330825, the heading 龙游县2022年上半…, @0"), "{explained}");
}

#[test]
fn explain_fits_a_terminal() {
    use unicode_width::UnicodeWidthStr;
    for (_, text) in REPORTS {
        let explained = stdout(&["explain", "-", "--region", "330800"], text);
        let wide: Vec<&str> = explained.lines().filter(|line| line.width() > 80).collect();
        assert!(wide.is_empty(), "{wide:#?}");
    }
}

#[test]
fn explain_as_jsonl_gives_each_primitive() {
    let text = "截至7月底，江山市亿元以上项目23个，增长5%—6%，比例为3:1。\n";
    let arguments =
        ["explain", "-", "--format", "jsonl", "--region", "330800", "--published", "2022-08-19", "--title", "快报"];
    let lines = stdout(&arguments, text);
    let found: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<&str> = found.iter().map(|found| found["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["period", "region", "quantity", "quantity", "range", "ratio"], "{lines}");
    for found in &found {
        let [start, end] = [0, 1].map(|at| found["span"][at].as_u64().unwrap() as usize);
        let surface: String = text.chars().skip(start).take(end - start).collect();
        assert_eq!(found["surface"], surface);
    }
    assert_eq!((found[0]["start"].as_str(), found[0]["end"].as_str()), (Some("2022-07-31"), Some("2022-07-31")));
    assert_eq!(found[1]["code"], "330881");
    assert_eq!((found[2]["value"].as_str(), found[2]["bound"].as_str()), (Some("100000000"), Some("ge")));
    assert_eq!((found[4]["value"].as_str(), found[4]["value_high"].as_str()), (Some("5"), Some("6")));
    assert_eq!((found[4]["of"].as_str(), found[4]["sign"].as_i64()), (Some("percent"), Some(1)));
    assert_eq!(found[5]["values"], serde_json::json!(["3", "1"]));
}

#[test]
fn a_series_shows_levels_beside_their_growth() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let store = fixture.path("store");
    let table = stdout(&["series", "衢州", "规上工业增加值", "--store", store.to_str().unwrap()], "");
    for word in ["2022-01-01/P7M", "282.7", "亿元", "6.6"] {
        assert!(table.contains(word), "{word} not in\n{table}");
    }
    assert!(!table.contains("12.5"), "a company is not the city:\n{table}");
    output(&["series", "哪里", "GDP", "--store", store.to_str().unwrap()], "", 2);
    output(&["series", "衢州", "GDP", "--store", fixture.path("nowhere").to_str().unwrap()], "", 78);
}

#[test]
fn the_summary_is_printed_when_asked_for() {
    let fixture = Fixture::new(&REPORTS);
    let job = fixture.path("job.toml");
    let job = job.to_str().unwrap();
    assert_eq!(stdout(&["run", job, "--dry-run"], ""), "", "a quiet success");
    let summary = stdout(&["run", job, "--summary"], "");
    assert!(summary.contains("new documents") && summary.contains("observations"), "{summary}");
    assert_eq!(stdout(&["run", job, "--summary"], ""), "job: nothing new in 3 inputs\n");
}

#[test]
fn check_says_what_a_pipeline_would_read_or_what_is_wrong_with_it() {
    let fixture = Fixture::new(&REPORTS);
    let job = fixture.path("job.toml");
    let report = stdout(&["check", job.to_str().unwrap()], "");
    assert!(report.contains("3 texts"), "{report}");
    let text = std::fs::read_to_string(&job).unwrap();
    for (from, to, words) in [
        ("name", "nmae", "job.toml:1: nmae"),
        ("reports/*.txt", "report/*.txt", "job.toml:5: \"report/*.txt\": expected a folder"),
        ("reports/*.txt", "reports/may.txt", "job.toml:5: \"reports/may.txt\": expected a file"),
        ("330800", "3308", "job.toml:7: defaults.region"),
    ] {
        fixture.write("job.toml", text.replace(from, to));
        let stderr = output(&["check", job.to_str().unwrap()], "", 78).stderr;
        let stderr = String::from_utf8(stderr).unwrap();
        assert!(stderr.contains(words), "{words} not in {stderr}");
        output(&["run", job.to_str().unwrap()], "", 78);
    }
}

#[test]
fn the_repository_s_own_pipelines_are_good() {
    for name in ["quzhou", "bucket"] {
        let path = format!("pipelines/{name}.toml");
        assert_eq!(zhibiao::config::Pipeline::load(path.as_ref()).unwrap().name, name);
    }
}

#[test]
fn exit_codes() {
    output(&["run"], "", 2);
    output(&["extract", "nowhere.txt"], "", 74);
    output(&["run", "nowhere.toml"], "", 78);

    let fixture = Fixture::new(&[]);
    assert!(fixture.run(&[], 0).contains("matches no file"));
    fixture.run(&["--fail-if-empty"], 66);

    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let before = fixture.store();
    let lock = File::options().write(true).open(fixture.path("store/meta/lock")).unwrap();
    lock.lock().unwrap();
    fixture.run(&["--full"], 75);
    drop(lock);
    assert_eq!(fixture.store(), before);
}

#[test]
fn log_lines_can_be_json() {
    let fixture = Fixture::new(&REPORTS);
    let log = fixture.run(&["--log-format", "json", "-v"], 0);
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["fields"]["observations"].as_u64().is_some_and(|rows| rows >= 4)), "{log}");
}
