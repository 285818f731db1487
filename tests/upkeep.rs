//! Commands that look after a store: is it whole, what differs, what is missing, what changed, what is to go.

use std::fs;
use std::path::Path;

use crate::fixture::{Fixture, REPORTS, files_below, zhibiao};

/// Runs a command on the fixture's store, expecting an exit code: what it said on stdout and on stderr.
fn on_store(fixture: &Fixture, arguments: &[&str], code: i32) -> (String, String) {
    let mut command = zhibiao();
    command.args(arguments).env("ZHIBIAO_STORE", fixture.path("store"));
    let output = command.assert().code(code).get_output().clone();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn check(fixture: &Fixture, code: i32) -> String {
    let store = fixture.path("store");
    let (out, log) = on_store(fixture, &["check", store.to_str().unwrap()], code);
    out + &log
}

/// Publishes other rows in the place of those of a partition.
fn put(
    fixture: &Fixture,
    file: &str,
    table: &'static zhibiao::normalize::schema::Table,
    rows: &polars::prelude::DataFrame,
) {
    let path = fixture.path("store/v1").join(file);
    let bytes = zhibiao::store::encode_parquet(rows, table, &path).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_store_that_is_whole() {
    let fixture = Fixture::new(&REPORTS);
    fixture.write("reports/sign.txt", "2022年全市固定资产投资增长-8.7%。");
    fixture.run(&[], 0);
    let report = check(&fixture, 0);
    for words in ["store: whole", "documents             4 rows in 1 files", "info  sign"] {
        assert!(report.contains(words), "{words} not in {report}");
    }
}

#[test]
fn a_store_that_is_broken() {
    use zhibiao::normalize::schema::{OBSERVATIONS, SERIES};

    const ROWS: &str = "observations/year=2022/data.parquet";
    const HOLDS: &str = "series/year=2022/data.parquet";
    let broken = |harm: &dyn Fn(&Fixture), words: &str| {
        let fixture = Fixture::new(&REPORTS);
        fixture.run(&[], 0);
        harm(&fixture);
        let report = check(&fixture, 1);
        assert!(report.contains(words) && report.contains("store: broken"), "{words} not in {report}");
    };
    broken(&|fixture| fs::write(fixture.path("store/v1").join(ROWS), b"half").unwrap(), "observations/year=2022");
    broken(
        &|fixture| fs::write(fixture.path("store/v1/series/notes.txt"), b"").unwrap(),
        "notes.txt: belongs to no table",
    );
    broken(&|fixture| put(fixture, HOLDS, &OBSERVATIONS, &fixture.rows("observations").unwrap()), "schema");
    broken(
        &|fixture| {
            let rows = fixture.rows("observations").unwrap();
            put(fixture, ROWS, &OBSERVATIONS, &rows.vstack(&rows).unwrap());
        },
        "share a key",
    );
    broken(
        &|fixture| put(fixture, HOLDS, &SERIES, &fixture.rows("series").unwrap().head(Some(1))),
        "is not what follows from the observations",
    );
    broken(
        &|fixture| put(fixture, ROWS, &OBSERVATIONS, &fixture.rows("observations").unwrap().head(Some(1))),
        "the ledger says",
    );
    broken(
        &|fixture| {
            let mut rows = fixture.rows("observations").unwrap();
            let surfaces = rows.column("surface").unwrap().str().unwrap().clone();
            let others = surfaces.iter().map(|surface| surface.map(|surface| surface.replace("282.7", "283.7")));
            let others: Vec<Option<String>> = others.collect();
            rows.with_column(polars::prelude::Column::new("surface".into(), others)).unwrap();
            put(fixture, ROWS, &OBSERVATIONS, &rows);
        },
        "does not stand at",
    );
    broken(
        &|fixture| fs::remove_dir_all(fixture.path("store/v1/documents")).unwrap(),
        "documents that the ledger does not have",
    );
}

/// Two reports of one day that differ, and a later one that revises both.
fn differing() -> Fixture {
    let line = |id: &str, published: &str, value: &str| {
        let text = format!("2022年全市地区生产总值{value}亿元。");
        serde_json::json!({"id": id, "published": published, "region": "330800", "text": text}).to_string() + "\n"
    };
    let fixture = Fixture::jsonl(&(line("a", "2023-03-01", "2003.4") + &line("b", "2023-03-01", "2013.4")));
    fixture.run(&[], 0);
    let more = fs::read_to_string(fixture.path("in.jsonl")).unwrap() + &line("c", "2023-10-01", "2008.1");
    fixture.write("in.jsonl", more);
    fixture.run(&[], 0);
    fixture
}

#[test]
fn conflicts_stand_side_by_side() {
    let fixture = differing();
    let (out, _) = on_store(&fixture, &["conflicts"], 0);
    let places: Vec<usize> =
        ["衢州市  地区生产总值  level  2022  conflict", "2003.4亿元", "2013.4亿元", "* 2008.1亿元"]
            .iter()
            .map(|words| out.find(words).unwrap_or_else(|| panic!("{words} not in {out}")))
            .collect();
    assert_eq!(places[0], 0);
    assert!(places[1] < places[3] && places[2] < places[3], "{out}");
    assert!(out.contains("in.jsonl#a") && out.contains("2022年全市地区生产总值2013.4亿元"), "{out}");
    let (lines, _) = on_store(&fixture, &["conflicts", "--format", "jsonl"], 0);
    let rows: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows.iter().filter(|row| row["holds"] == true).count(), 1);
    let (csv, _) = on_store(&fixture, &["conflicts", "--format", "csv"], 0);
    assert!(csv.starts_with("region_name,indicator_name,") && csv.lines().count() == 4, "{csv}");

    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    assert_eq!(on_store(&fixture, &["conflicts"], 0).0, "");
}

#[test]
fn a_revision_is_no_conflict_of_one_day() {
    let line = |id: &str, published: &str, value: &str| {
        let text = format!("2022年全市地区生产总值{value}亿元。");
        serde_json::json!({"id": id, "published": published, "region": "330800", "text": text}).to_string() + "\n"
    };
    let fixture = Fixture::jsonl(&(line("a", "2023-03-01", "2003.4") + &line("b", "2023-10-01", "2008.1")));
    fixture.run(&[], 0);
    assert!(on_store(&fixture, &["conflicts"], 0).0.contains("revised"));
    assert_eq!(on_store(&fixture, &["conflicts", "--same-day"], 0).0, "");
}

#[test]
fn coverage_shows_what_is_missing() {
    use unicode_width::UnicodeWidthStr;

    let months =
        [("2021年一季度", "1"), ("2021年上半年", "2"), ("2021年", "3"), ("2022年一季度", "4"), ("2022年", "5")];
    let fixture = Fixture::new(&[]);
    for (period, value) in months {
        fixture.write(&format!("reports/{value}.txt"), format!("{period}全市工业用电量增长{value}.5%。"));
    }
    fixture.write("reports/county.txt", "2022年龙游县工业用电量增长6.1%。");
    fixture.run(&[], 0);
    let (out, _) = on_store(&fixture, &["coverage", "--region", "衢州", "--indicator", "工业用电量"], 0);
    let mut lines = out.lines();
    assert!(lines.next().unwrap().starts_with("衢州市 330800"));
    assert!(lines.next().unwrap().ends_with(" ..#..#.....# ..#..?.....#"), "{out}");
    assert!(!out.contains("龙游县") && out.lines().all(|line| line.width() <= 80), "{out}");
    let (out, _) = on_store(&fixture, &["coverage", "--format", "csv"], 0);
    assert!(out.contains("330800,衢州市,electricity_consumption_industrial,工业用电量,2022,6,false"), "{out}");
    assert!(out.contains("330825,龙游县,electricity_consumption_industrial,工业用电量,2022,12,true"), "{out}");
    on_store(&fixture, &["coverage", "--region", "哪里"], 2);
}

#[test]
fn a_run_leaves_a_record_of_what_it_changed() {
    let fixture = differing();
    let (list, _) = on_store(&fixture, &["diff"], 0);
    let runs: Vec<&str> = list.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(runs.len(), 2, "{list}");
    let (first, _) = on_store(&fixture, &["diff", runs[0]], 0);
    assert!(first.contains("+ 衢州市  地区生产总值  level  2022  20") && first.contains("1 added"), "{first}");
    let (second, _) = on_store(&fixture, &["diff", runs[1]], 0);
    assert!(second.contains("-> 2008.1亿元") && second.contains("0 added, 0 removed, 1 changed"), "{second}");
    assert_eq!(on_store(&fixture, &["diff", runs[0], runs[1]], 0).0, second);
    on_store(&fixture, &["diff", runs[1], runs[0]], 2);
    assert!(on_store(&fixture, &["diff", "yesterday"], 2).1.contains("expected a run"));

    // A run that changes nothing has nothing to record, and a change that is taken back is none.
    fixture.run(&["--full"], 0);
    let text = fs::read_to_string(fixture.path("in.jsonl")).unwrap();
    fixture.write("in.jsonl", text.replace("2008.1", "2009.1"));
    fixture.run(&[], 0);
    fixture.write("in.jsonl", &text);
    fixture.run(&[], 0);
    let (list, _) = on_store(&fixture, &["diff"], 0);
    let runs: Vec<&str> = list.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(runs.len(), 4, "{list}");
    assert_eq!(on_store(&fixture, &["diff", runs[1], runs[3]], 0).0, "0 added, 0 removed, 0 changed\n");
}

/// What is below a folder, but for the names of runs.
fn holds(folder: &Path, words: impl AsRef<[u8]>) -> bool {
    let words = words.as_ref();
    files_below(folder).into_iter().any(|path| {
        let bytes = fs::read(path).unwrap();
        bytes.windows(words.len()).any(|window| window == words)
    })
}

#[test]
fn a_document_that_is_forgotten_leaves_nothing_and_does_not_come_back() {
    let (fixture, other) = (Fixture::new(&REPORTS), Fixture::new(&[REPORTS[0], REPORTS[2]]));
    fixture.run(&[], 0);
    fixture.write("reports/july.txt", "");
    fixture.run(&[], 3);
    other.run(&[], 0);
    let job = fixture.path("job.toml");
    let job = job.to_str().unwrap();
    let id =
        fixture.texts("documents", "doc_id").into_iter().find(|id| !other.texts("documents", "doc_id").contains(id));
    let id = id.unwrap();
    let archived = || {
        let store = zhibiao::store::Store::at(&fixture.path("store")).unwrap();
        store.archive().unwrap().get(&zhibiao::model::DocumentId(id.clone())).unwrap()
    };
    assert_eq!(archived().as_deref(), Some(REPORTS[1].1.as_bytes()));
    let packed = zstd::bulk::compress(REPORTS[1].1.as_bytes(), 0).unwrap();
    assert!(holds(&fixture.path("store/meta/raw"), &packed));

    on_store(&fixture, &["forget", job, "reports/july.txt"], 0);
    for (table, key) in
        [("observations", "obs_id"), ("series", "obs_id"), ("documents", "doc_id"), ("numbers", "doc_id")]
    {
        assert_eq!(fixture.texts(table, key), other.texts(table, key), "{table}");
    }
    assert_eq!(archived(), None);
    assert!(!holds(&fixture.path("store/meta/raw"), &packed));
    assert_eq!(fixture.count("rejects"), 0);
    let (runs, _) = on_store(&fixture, &["diff"], 0);
    assert!(!on_store(&fixture, &["diff", runs.split(' ').next().unwrap()], 0).0.contains("282.7"));
    // That something went is told, and not what.
    let record = runs.lines().last().unwrap().split(' ').next().unwrap();
    let (gone, _) = on_store(&fixture, &["diff", record], 0);
    assert!(gone.contains("- 衢州市  规模以上工业增加值  level  2022-01-01/P7M  forgotten"), "{gone}");
    assert!(gone.ends_with("0 added, 2 removed, 0 changed\n"), "{gone}");
    assert!(!holds(&fixture.path("store/v1"), "282.7") && !holds(&fixture.path("store/meta/runs"), "282.7"));
    check(&fixture, 0);

    // Not by a new run, nor under another name, nor when it is corrected.
    let before = fixture.store();
    fixture.run(&["--full"], 0);
    assert_eq!(fixture.store(), before);
    fixture.write("reports/copy.txt", REPORTS[1].1);
    fixture.write("reports/july.txt", REPORTS[1].1.replace("282.7", "283.9"));
    let (summary, _) = on_store(&fixture, &["run", job, "--summary"], 0);
    assert!(summary.contains("nothing new in 4 inputs"), "{summary}");
    assert_eq!(fixture.store(), before);

    // Unless the pipeline is told.
    let text = fs::read_to_string(job).unwrap();
    fixture.write("job.toml", format!("read_forgotten = true\n{text}"));
    fixture.run(&[], 0);
    assert_eq!(fixture.count("documents"), 4);
}

#[test]
fn what_is_to_be_forgotten_must_be_there() {
    let fixture = Fixture::new(&REPORTS);
    let job = fixture.path("job.toml");
    let job = job.to_str().unwrap();
    assert!(on_store(&fixture, &["forget", job, "reports/july.txt"], 78).1.contains("no store here"));
    fixture.run(&[], 0);
    let before = fixture.store();
    let (_, log) = on_store(&fixture, &["forget", job, "reports/july.txt", "reports/may.txt"], 2);
    assert!(log.contains("\"reports/may.txt\": expected an id or a uri"), "{log}");
    assert_eq!(fixture.store(), before);
    // By id only these bytes are forgotten, not what comes in their place.
    let id = fixture.texts("documents", "doc_id").remove(0);
    on_store(&fixture, &["forget", job, &id[..12]], 0);
    assert_eq!(fixture.count("documents"), 2);
    let forgotten = fs::read_to_string(fixture.path("store/meta/forgotten.json")).unwrap();
    assert!(forgotten.contains(&id) && !forgotten.contains("reports/"), "{forgotten}");
}
