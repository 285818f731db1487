//! Decisions of people: what they do to the store, and what becomes of them when documents are read again.

use serde_json::{Value, json};

use crate::fixture::{Fixture, REPORTS, zhibiao};

/// A line of a file of decisions about the row whose number is written `surface`, as the page exports it.
pub fn line(fixture: &Fixture, surface: &str, more: Value) -> Value {
    const COLUMNS: &str = "obs_id, doc_id, source_uri, char_start, char_end, surface, region_code, indicator, measure, \
                           time_period, value_text, unit_text";
    let sql = format!("SELECT {COLUMNS} FROM observations WHERE surface = '{surface}'");
    let output = zhibiao().args(["query", &sql, "--format", "jsonl", "--store"]).arg(fixture.path("store")).output();
    let mut line: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    line["decided_at"] = json!("2026-03-01T08:00:00.123Z");
    line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    line
}

/// Applies `lines`, expecting an exit code: what was said on stdout and on stderr.
pub fn apply(fixture: &Fixture, lines: &[Value], code: i32) -> (String, String) {
    let text: Vec<String> = lines.iter().map(Value::to_string).collect();
    fixture.write("decisions.jsonl", text.join("\n"));
    review(fixture, &["apply", "decisions.jsonl", "job.toml"], code)
}

fn review(fixture: &Fixture, arguments: &[&str], code: i32) -> (String, String) {
    let mut command = zhibiao();
    command.arg("review").args(arguments).current_dir(fixture.path(""));
    let output = command.assert().code(code).get_output().clone();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// The rows of a SELECT.
fn rows(fixture: &Fixture, sql: &str) -> Vec<Value> {
    let mut command = zhibiao();
    let output =
        command.args(["query", sql, "--format", "jsonl", "--store"]).arg(fixture.path("store")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The flags of the level of July, empty for none.
fn flags(fixture: &Fixture) -> String {
    let rows = rows(fixture, "SELECT flags FROM observations WHERE surface = '282.7亿元'");
    rows[0]["flags"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn what_is_rejected_counts_no_more_and_is_still_there() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let july =
        "SELECT value_text FROM series WHERE indicator = 'industrial_value_added_above_scale' AND measure = 'level'";
    assert_eq!(rows(&fixture, july), [json!({"value_text": "240.1"}), json!({"value_text": "282.7"})]);
    let observations = fixture.count("observations");

    let reject = line(&fixture, "282.7亿元", json!({"decision": "reject", "note": "a misprint", "decided_by": "王"}));
    let (said, _) = apply(&fixture, &[reject], 0);
    assert!(said.starts_with("applied 1 decisions"), "{said}");
    assert_eq!(rows(&fixture, july), [json!({"value_text": "240.1"})]);
    assert_eq!(rows(&fixture, "SELECT value FROM trends WHERE value = 28270000000.0"), [] as [Value; 0]);
    assert_eq!(fixture.count("observations"), observations);
    let flags = "SELECT flags, surface FROM observations WHERE surface = '282.7亿元'";
    assert_eq!(rows(&fixture, flags), [json!({"flags": "rejected", "surface": "282.7亿元"})]);

    // It stays so when everything is read again, and nothing is written twice.
    let before = fixture.store();
    fixture.run(&["--full"], 0);
    assert_eq!(fixture.store(), before);
    let (said, _) = review(&fixture, &["apply", "decisions.jsonl", "job.toml"], 0);
    assert!(said.starts_with("nothing new in 1 decisions; 0 files"), "{said}");
    assert_eq!(fixture.store(), before);
    zhibiao().arg("check").arg(fixture.path("store")).assert().code(0);

    let (list, _) = review(&fixture, &["list", "--store", "store"], 0);
    for words in ["reject  2026-03-01T08:00:00.123Z  by 王\n", "282.7亿元", "reports/july.txt", "a misprint"] {
        assert!(list.contains(words), "{words} not in {list}");
    }
}

#[test]
fn what_is_corrected_stands_where_it_belongs() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let change = json!({
        "decision": "correct", "new_time_period": "2021-01-01/P7M", "new_region_code": "330825", "new_value_text": "28.27",
        "new_indicator": "gdp", "new_breakdown": "民营企业",
    });
    apply(&fixture, &[line(&fixture, "282.7亿元", change)], 0);
    let sql = "SELECT year, region_name, parent_code, indicator_name, breakdown, value, flags, surface, time_period FROM series \
               WHERE surface = '282.7亿元'";
    let expected = json!({
        "year": 2021, "region_name": "龙游县", "parent_code": "330800", "indicator_name": "地区生产总值",
        "breakdown": "民营企业", "value": 2827000000.0, "flags": "corrected", "surface": "282.7亿元",
        "time_period": "2021-01-01/P7M",
    });
    assert_eq!(rows(&fixture, sql), [expected]);
    let before = fixture.store();
    fixture.run(&["--full"], 0);
    assert_eq!(fixture.store(), before);
    zhibiao().arg("check").arg(fixture.path("store")).assert().code(0);

    // A document that goes takes what was corrected in it along, from whatever year.
    fixture.write("reports/july.txt", "衢州市经济运行情况\n2022年1—7月,全市规上工业增加值增长6.6%。\n");
    fixture.run(&[], 0);
    assert_eq!(rows(&fixture, "SELECT * FROM observations WHERE year = 2021"), [] as [Value; 0]);
    assert!(review(&fixture, &["list", "--store", "store"], 0).0.contains("no such row now"));
}

#[test]
fn of_two_decisions_the_later_holds_and_undo_takes_back() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let fresh = fixture.published();
    let at = |hour: u32, more: Value| {
        let mut line = line(&fixture, "282.7亿元", more);
        line["decided_at"] = json!(format!("2026-03-01T{hour:02}:00:00Z"));
        line
    };
    let flags = || flags(&fixture);
    let lines = [at(9, json!({"decision": "accept"})), at(8, json!({"decision": "reject"}))];
    apply(&fixture, &lines, 0);
    assert_eq!(flags(), "accepted");
    apply(&fixture, &[at(10, json!({"decision": "undo"}))], 0);
    assert_eq!(flags(), "");
    let trends = || fixture.published().into_iter().filter(|(path, _)| path.starts_with("trends"));
    assert!(trends().all(|(path, bytes)| fresh[&path] == bytes), "as if nothing had been decided");
    // An old file that comes again changes nothing.
    apply(&fixture, &lines, 0);
    assert_eq!(flags(), "");
    assert_eq!(fixture.count("decisions"), 3);

    // What one store was told can be told to another.
    let other = Fixture::new(&REPORTS);
    other.run(&[], 0);
    let (exported, _) = review(&fixture, &["list", "--store", "store", "--format", "jsonl"], 0);
    other.write("all.jsonl", exported);
    review(&other, &["apply", "all.jsonl", "job.toml"], 0);
    assert_eq!(other.count("decisions"), 3);
}

#[test]
fn a_file_with_a_bad_line_changes_nothing() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let before = fixture.store();
    let good = line(&fixture, "282.7亿元", json!({"decision": "reject"}));
    let with = |more: Value| {
        let mut line = good.clone();
        line["decided_at"] = json!("2026-03-02T08:00:00Z");
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        line
    };
    let correct = |field: &str, value: &str| with(json!({"decision": "correct", field: value}));
    for (bad, words) in [
        (json!({"obs_id": "a"}), "missing field"),
        (with(json!({"decision": "maybe"})), "expected one of `accept`"),
        (with(json!({"new_perod": "2022"})), "unknown field `new_perod`"),
        (with(json!({"decision": "correct"})), "expected one of the fields new_"),
        (with(json!({"new_time_period": "2022"})), "belong to the decision correct"),
        (correct("new_time_period", "2022-13"), "new_time_period \"2022-13\": expected an SDMX code"),
        (correct("new_region_code", "999999"), "expected a code of the table dim_region"),
        (correct("new_indicator", "gdpp"), "expected an id of the table dim_indicator"),
        (correct("new_measure", "growth"), "expected level, yoy"),
        (correct("new_status", "done"), "expected actual, estimate or target"),
        (correct("new_value_text", "12亿"), "expected a decimal"),
        (with(json!({"decision": "accept", "decided_at": "2026-03-01T08:00:00.123Z"})), "at the same moment"),
    ] {
        let (_, log) = apply(&fixture, &[good.clone(), bad], 2);
        assert!(log.contains("decisions.jsonl:2: ") && log.contains(words), "{words} not in {log}");
    }
    fixture.write("decisions.jsonl", format!("{good}\n\n{{\"obs_id\": 1}}\n"));
    let (_, log) = review(&fixture, &["apply", "decisions.jsonl", "job.toml"], 2);
    assert!(log.contains("decisions.jsonl:3: expected a decision"), "{log}");
    review(&fixture, &["apply", "nothing.jsonl", "job.toml"], 74);
    review(&fixture, &["apply", "decisions.jsonl"], 2);
    assert_eq!(fixture.store(), before);
}

#[test]
fn a_decision_finds_its_row_again_or_says_that_it_does_not() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    // As if older rules had read the number otherwise: another row, of the same number.
    let reread = line(&fixture, "282.7亿元", json!({"obs_id": "0f", "decision": "reject"}));
    let gone = line(&fixture, "6.6%", json!({"obs_id": "1f", "char_start": 0, "decision": "accept"}));
    let (_, log) = apply(&fixture, &[reread, gone], 3);
    assert!(log.contains("decisions.jsonl:2: 6.6% 1f: no such row") && !log.contains("jsonl:1:"), "{log}");
    assert_eq!(
        rows(&fixture, "SELECT surface FROM observations WHERE flags = 'rejected'"),
        [json!({"surface": "282.7亿元"})]
    );
    let (list, _) = review(&fixture, &["list", "--store", "store", "--format", "csv"], 0);
    let ends: Vec<&str> = list.lines().skip(1).map(|line| line.rsplit(',').next().unwrap()).collect();
    assert_eq!(ends, ["reread", "gone"]);

    // What is said of the row itself comes before what was said of another of its number.
    apply(&fixture, &[line(&fixture, "282.7亿元", json!({"decision": "accept"}))], 0);
    assert_eq!(flags(&fixture), "accepted");
}

#[test]
fn decisions_need_the_jobs_that_read_the_reports() {
    let fixture = Fixture::new(&REPORTS[..1]);
    fixture.write("other.txt", "2022年1—5月,全市规上工业增加值201.7亿元。\n");
    let job = std::fs::read_to_string(fixture.path("job.toml")).unwrap();
    let other = job.replace("\"job\"", "\"other\"").replace("reports/*.txt", "other.txt");
    fixture.write("other.toml", &other);
    fixture.write("elsewhere.toml", other.replace("\"store\"", "\"elsewhere\""));
    fixture.run(&[], 0);
    zhibiao().arg("run").arg(fixture.path("other.toml")).assert().code(0);
    let lines = ["240.1亿元", "201.7亿元"].map(|surface| line(&fixture, surface, json!({"decision": "reject"})));
    let before = fixture.store();
    let (_, log) = apply(&fixture, &lines, 2);
    assert!(log.contains("decisions.jsonl:2: other.txt was read by the job \"other\""), "{log}");
    let (_, log) = review(&fixture, &["apply", "decisions.jsonl", "job.toml", "elsewhere.toml"], 2);
    assert!(log.contains("elsewhere.toml: expected the store of the first pipeline"), "{log}");
    assert_eq!(fixture.store(), before);
    review(&fixture, &["apply", "decisions.jsonl", "job.toml", "other.toml"], 0);
    assert_eq!(fixture.count("series"), 1, "the growth of June");
    // What is forgotten is forgotten with what was said of it.
    zhibiao().arg("forget").arg(fixture.path("job.toml")).arg("reports/june.txt").assert().code(0);
    assert_eq!(fixture.texts("decisions", "surface"), ["201.7亿元"]);
}

#[test]
fn a_document_that_the_archive_lost_leaves_the_store_as_it_was() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let reject = line(&fixture, "282.7亿元", json!({"decision": "reject"}));
    std::fs::remove_dir_all(fixture.path("store/meta/raw")).unwrap();
    let before = fixture.store();
    let (_, log) = apply(&fixture, std::slice::from_ref(&reject), 1);
    assert!(log.contains("reports/july.txt: cannot be read again: the archive does not have it"), "{log}");
    assert_eq!(fixture.store(), before);
    fixture.run(&["--full"], 0);
    apply(&fixture, &[reject], 0);
}
