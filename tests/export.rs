//! Exports: what is written is what the store has, whoever reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use csv::StringRecord;
use polars::prelude::AnyValue;
use zhibiao::normalize::schema::TABLES;
use zhibiao::store::{Store, read_parquet};

use crate::fixture::{Fixture, REPORTS, zhibiao};

/// Exports to `output`, expecting an exit code; what it said on stderr.
fn export(fixture: &Fixture, output: &str, arguments: &[&str], code: i32) -> String {
    let mut command = zhibiao();
    command.arg("export").arg("-o").arg(fixture.path(output)).args(arguments);
    command.arg("--store").arg(fixture.path("store")).current_dir(fixture.path("."));
    String::from_utf8(command.assert().code(code).get_output().stderr.clone()).unwrap()
}

/// The columns and the rows of a file.
fn read(path: &Path) -> (Vec<String>, Vec<StringRecord>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let columns = reader.headers().unwrap().iter().map(|name| name.trim_start_matches('\u{feff}').to_owned());
    (columns.collect(), reader.records().map(Result::unwrap).collect())
}

/// Two years, a target, a fall, and a title that a spreadsheet would compute.
fn reports() -> Fixture {
    let fixture = Fixture::new(&REPORTS);
    fixture.write(
        "reports/old.txt",
        "衢州市经济运行情况\n2021年,全市规上工业增加值450.2亿元,下降4.2%。\n\n2022年主要预期目标：规上工业增加值增长7%。\n",
    );
    fixture.write("reports/old.txt.meta.toml", "title = '=HYPERLINK(\"http://a.example\",\"衢州\")'\n");
    fixture.run(&[], 0);
    fixture
}

#[test]
fn a_sheet_holds_every_value_of_every_table() {
    let fixture = reports();
    export(&fixture, "out", &[], 0);
    let store = Store::existing(&fixture.path("store")).unwrap();
    let mut compared = 0;
    for table in TABLES {
        let path = fixture.path("out").join(format!("{}.csv", table.name));
        let bytes = fs::read(&path).unwrap();
        assert!(bytes.starts_with(b"\xef\xbb\xbf"), "{}: no mark before the first character", table.name);
        let (columns, lines) = read(&path);
        let expected: Vec<&str> = table.columns().map(|column| column.name).collect();
        assert_eq!(columns, expected);
        let mut lines = lines.into_iter();
        store
            .batches(table, |rows| {
                for row in 0..rows.height() {
                    let line = lines.next().unwrap();
                    for (column, cell) in rows.columns().iter().zip(&line) {
                        match column.get(row).unwrap() {
                            AnyValue::Null => assert_eq!(cell, ""),
                            text if text.get_str().is_some() => {
                                assert_eq!(Some(cell.strip_prefix('\'').unwrap_or(cell)), text.get_str());
                            }
                            AnyValue::Float64(number) => assert_eq!(cell.parse(), Ok(number)),
                            AnyValue::Int32(number) => assert_eq!(cell.parse(), Ok(number)),
                            AnyValue::Boolean(truth) => assert_eq!(cell.parse(), Ok(truth)),
                            AnyValue::Date(_) => {
                                assert_eq!(cell.parse::<jiff::civil::Date>().unwrap().to_string(), cell)
                            }
                            AnyValue::Datetime(micros, ..) => {
                                assert_eq!(cell.parse::<jiff::Timestamp>().unwrap().as_microsecond(), micros);
                            }
                            other => panic!("{other:?}"),
                        }
                        compared += 1;
                    }
                }
                Ok::<(), zhibiao::store::StoreError>(())
            })
            .unwrap();
        assert_eq!(lines.next(), None, "{}", table.name);
    }
    assert!(compared > 1000, "{compared}");
}

#[test]
fn a_spreadsheet_computes_nothing_of_what_reports_say() {
    let fixture = reports();
    export(&fixture, "series.csv", &["series"], 0);
    let (columns, lines) = read(&fixture.path("series.csv"));
    let place = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let fall = lines.iter().find(|line| &line[place("value_text")] == "-4.2").expect("a number stays a number");
    assert_eq!(&fall[place("value")], "-4.2");
    assert_eq!(&fall[place("title")], "'=HYPERLINK(\"http://a.example\",\"衢州\")");
    let years: BTreeSet<&str> = lines.iter().map(|line| &line[place("period_end")][..4]).collect();
    assert_eq!(years, BTreeSet::from(["2021", "2022"]));
    let level = lines.iter().find(|line| &line[place("value_text")] == "450.2").unwrap();
    assert_eq!(&level[place("value")], "45020000000");
}

#[test]
fn an_sdmx_message_names_its_structure_and_each_row_once() {
    let fixture = reports();
    export(&fixture, "out", &["--format", "sdmx-csv"], 0);
    let (columns, lines) = read(&fixture.path("out/series.sdmx.csv"));
    assert_eq!(columns[..3], ["STRUCTURE", "STRUCTURE_ID", "ACTION"]);
    let value = columns.iter().position(|name| name == "OBS_VALUE").unwrap();
    let keys: BTreeSet<Vec<&str>> = lines.iter().map(|line| line.iter().take(value).collect()).collect();
    assert_eq!(keys.len(), fixture.count("series"));
    assert_eq!(lines.len(), keys.len());
    assert!(keys.iter().all(|key| key.iter().all(|word| !word.is_empty())), "a dimension without a value");
    let row = |period: &str, measure: &str, scenario: &str| {
        let has =
            |line: &&StringRecord| [period, measure, scenario].iter().all(|word| line.iter().any(|cell| cell == *word));
        let line = lines.iter().find(has).unwrap();
        columns.iter().map(String::as_str).zip(line).map(|(name, cell)| (name, cell.to_owned())).collect()
    };
    let level: BTreeMap<&str, String> = row("2021", "level", "FACT");
    for (name, cell) in [
        ("STRUCTURE", "datastructure"),
        ("STRUCTURE_ID", "ZHIBIAO:SERIES(1.0.0)"),
        ("ACTION", "I"),
        ("FREQ", "A"),
        ("REF_AREA", "330800"),
        ("ZONE", "_T"),
        ("INDICATOR", "industrial_value_added_above_scale"),
        ("UNIT_MEASURE", "元"),
        ("OBS_VALUE", "45020000000"),
        ("OBS_STATUS", "A"),
        ("UNIT_MULT", "0"),
        ("TITLE", "=HYPERLINK(\"http://a.example\",\"衢州\")"),
    ] {
        assert_eq!(level[name], cell, "{name}");
    }
    assert_eq!(row("2022", "yoy", "TARGET")["OBS_STATUS"], "F");
    let bytes = fs::read(fixture.path("out/series.sdmx.csv")).unwrap();
    assert!(bytes.starts_with(b"STRUCTURE,"), "programs take a mark for a part of the first name");
}

#[test]
fn one_parquet_file_holds_all_years() {
    let fixture = reports();
    export(&fixture, "all.parquet", &["observations", "--format", "parquet"], 0);
    let copy = read_parquet(&fixture.path("all.parquet"), None).unwrap();
    assert!(copy.equals_missing(&fixture.rows("observations").unwrap()));
}

#[test]
fn an_export_replaces_files_whole_and_leaves_others_alone() {
    let fixture = reports();
    fixture.write("series.csv", "mine");
    assert_eq!(export(&fixture, "series.csv", &["series"], 0), "");
    assert!(fs::metadata(fixture.path("series.csv")).unwrap().len() > 1000);
    fs::create_dir(fixture.path("out")).unwrap();
    fixture.write("out/notes.csv", "mine");
    export(&fixture, "out", &["series", "checks"], 0);
    let names: BTreeSet<_> =
        fs::read_dir(fixture.path("out")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["checks.csv", "notes.csv", "series.csv"].map(Into::into).into());

    // A file of the store that cannot be read: what was exported before stays.
    let before = fs::read(fixture.path("series.csv")).unwrap();
    fs::write(fixture.path("store/v1/series/year=2022/data.parquet"), "no parquet").unwrap();
    assert!(export(&fixture, "series.csv", &["series"], 1).contains("year=2022/data.parquet: parquet: "));
    assert_eq!(fs::read(fixture.path("series.csv")).unwrap(), before);
    assert!(!fixture.path("series.csv.new").exists());
}

#[test]
fn what_cannot_be_exported_is_named() {
    let fixture = reports();
    for (output, arguments, code, words) in [
        ("a.csv", &["series", "trends"][..], 2, "a.csv: expected one table for a file, or a folder for 2 tables"),
        ("a.csv", &[], 2, "expected one table for a file"),
        ("out", &["trends", "--format", "sdmx-csv"], 2, "trends: sdmx-csv is of the table series alone"),
        ("out", &["serie"], 2, "invalid value 'serie'"),
        ("job.toml", &["series"], 74, "job.toml: "),
        ("none/a.csv", &["series"], 74, "none/a.csv.new: "),
    ] {
        let said = export(&fixture, output, arguments, code);
        assert!(said.contains(words), "{output} {arguments:?}: {said}");
    }
}
