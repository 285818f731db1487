//! Runs over a folder of reports: what comes to lie in the store, and what a second run changes.

use std::fs;
use std::path::PathBuf;

use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use zhibiao::model::DocumentId;
use zhibiao::store::Store;

use crate::fixture::{Fixture, REPORTS, files_below, zhibiao};

const NOTHING_BUT_PARQUET: &str = "only final Parquet files lie below v1/";

#[test]
fn a_run_fills_every_table_and_every_row_can_be_traced() {
    let fixture = Fixture::new(&REPORTS);
    assert_eq!(fixture.run(&[], 0), "");
    assert_eq!(fixture.count("documents"), 3);
    assert!(fixture.count("observations") >= 4);
    assert!(fixture.count("series") >= 4);
    assert!(fixture.count("entities") >= 2);
    assert!(fixture.count("dim_region") > 0 && fixture.count("dim_indicator") > 0 && fixture.count("dim_period") > 0);
    for path in fixture.published().keys() {
        assert!(path.ends_with("data.parquet"), "{NOTHING_BUT_PARQUET}: {}", path.display());
    }

    let documents = fixture.rows("documents").unwrap();
    let texts: Vec<&str> = documents.column("text").unwrap().str().unwrap().iter().flatten().collect();
    let ids: Vec<&str> = documents.column("doc_id").unwrap().str().unwrap().iter().flatten().collect();
    let rows = fixture.rows("observations").unwrap();
    let text =
        |name: &str, row: usize| rows.column(name).unwrap().str().unwrap().get(row).unwrap_or_default().to_owned();
    let number = |name: &str, row: usize| rows.column(name).unwrap().i32().unwrap().get(row).unwrap() as usize;
    for row in 0..rows.height() {
        let document = ids.iter().position(|id| *id == text("doc_id", row)).unwrap();
        let (start, end) = (number("char_start", row), number("char_end", row));
        let surface: String = texts[document].chars().skip(start).take(end - start).collect();
        assert_eq!(surface, text("surface", row));
        assert!(text("sentence", row).contains(&surface));
    }
}

#[test]
fn levels_are_in_the_base_unit() {
    let fixture = Fixture::new(&REPORTS[1..2]);
    fixture.run(&[], 0);
    let rows = fixture.rows("observations").unwrap();
    let values: Vec<f64> = rows.column("value").unwrap().f64().unwrap().iter().flatten().collect();
    assert!(values.contains(&28_270_000_000.0), "{values:?}");
    assert!(fixture.texts("observations", "value_text").contains(&"282.7".to_owned()));
}

#[test]
fn a_second_run_changes_nothing() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let before = fixture.store();
    assert_eq!(fixture.run(&[], 0), "");
    assert_eq!(fixture.store(), before);
    // Not even when everything is read again: the rows are a function of the documents.
    fixture.run(&["--full"], 0);
    assert_eq!(fixture.store(), before);
}

#[test]
fn order_and_batches_do_not_matter() {
    let (at_once, one_by_one) = (Fixture::new(&REPORTS), Fixture::new(&[]));
    at_once.run(&[], 0);
    for (name, text) in REPORTS {
        one_by_one.write(&format!("reports/{name}"), text);
        one_by_one.run(&[], 0);
    }
    for (table, key) in
        [("observations", "obs_id"), ("series", "obs_id"), ("documents", "doc_id"), ("entities", "obs_id")]
    {
        assert_eq!(at_once.texts(table, key), one_by_one.texts(table, key), "{table}");
    }
}

#[test]
fn a_changed_document_replaces_its_rows_and_no_others() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let before = fixture.texts("observations", "obs_id");
    fixture.write("reports/july.txt", REPORTS[1].1.replace("282.7", "283.9").replace("2022", "2021"));
    fixture.run(&[], 0);
    assert_eq!(fixture.count("documents"), 3);
    assert!(!fixture.texts("observations", "value_text").contains(&"282.7".to_owned()));
    assert!(fixture.texts("observations", "value_text").contains(&"283.9".to_owned()));
    let after = fixture.texts("observations", "obs_id");
    assert_eq!(before.len(), after.len());
    assert!(after.iter().filter(|id| before.contains(id)).count() >= 2, "the rows of june.txt stay");
}

#[test]
fn a_document_gives_way_to_one_that_is_known_from_elsewhere() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    fixture.write("reports/june.txt", REPORTS[1].1);
    fixture.run(&[], 0);
    assert_eq!(fixture.texts("documents", "source_uri"), ["reports/company.txt", "reports/july.txt"]);
    fs::rename(fixture.path("reports/june.txt"), fixture.path("reports/company.txt")).unwrap();
    fs::remove_file(fixture.path("reports/july.txt")).unwrap();
    fixture.run(&[], 0);
    assert_eq!(fixture.texts("documents", "source_uri"), ["reports/july.txt"]);
    assert_eq!(fixture.count("entities"), 0);
}

#[test]
fn a_series_holds_the_latest_fact_at_prices_as_stated() {
    const EARLIER: &str = "2022年，全市居民人均可支配收入预计增长9%。";
    const LATER: &str = "2022年，全市居民人均可支配收入增长8%，扣除价格因素，实际增长6.1%。";
    let lines = [("a", "2022-12-30", EARLIER), ("b", "2023-03-01", LATER)].map(|(id, published, text)| {
        format!(r#"{{"id":"{id}","published":"{published}","region":"330800","text":"{text}"}}"#)
    });
    let fixture = Fixture::jsonl(&lines.join("\n"));
    fixture.run(&[], 0);
    assert_eq!(fixture.texts("observations", "price_basis"), ["", "", "constant"]);
    assert_eq!(fixture.texts("series", "value_text"), ["8"]);
    let series = fixture.rows("series").unwrap();
    let flag = |name: &str| series.column(name).unwrap().bool().unwrap().get(0);
    // The rate at constant prices is another figure, not a contradiction.
    assert_eq!((flag("conflict"), flag("revised")), (Some(false), Some(true)));
    assert_eq!(series.column("revised_from").unwrap().f64().unwrap().get(0), Some(9.0));
    assert_eq!(series.column("n_reports").unwrap().i32().unwrap().get(0), Some(2));
}

#[test]
fn a_series_holds_the_revised_value() {
    let line = r#"{"id":"a","published":"2023-03-01","region":"330800","text":"2022年全市地区生产总值由1331.2亿元修订为1334.6亿元。"}"#;
    let fixture = Fixture::jsonl(line);
    fixture.run(&[], 0);
    assert_eq!(fixture.count("observations"), 2);
    assert_eq!(fixture.texts("series", "value_text"), ["1334.6"]);
}

#[test]
fn facts_of_a_sidecar_come_first_and_a_change_of_them_is_noticed() {
    let fixture = Fixture::new(&REPORTS[1..2]);
    fixture.run(&[], 0);
    fixture.write("reports/july.meta.toml", "title = \"七月\"\npublished = 2022-08-19\nregion = \"330802\"\n");
    fixture.run(&[], 0);
    assert_eq!(fixture.count("documents"), 1);
    assert_eq!(fixture.texts("documents", "title"), ["七月"]);
    assert_eq!(fixture.texts("documents", "published_origin"), ["sidecar"]);
    assert_eq!(fixture.texts("documents", "region_code"), ["330802"]);
}

#[test]
fn a_dry_run_writes_nothing() {
    let fixture = Fixture::new(&REPORTS);
    fs::create_dir(fixture.path("tmp")).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = zhibiao();
        command
            .arg("run")
            .arg(fixture.path("job.toml"))
            .arg("--summary")
            .args(arguments)
            .env("TMPDIR", fixture.path("tmp"));
        let said = String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap();
        assert_eq!(fs::read_dir(fixture.path("tmp")).unwrap().count(), 0, "something is left behind");
        said
    };
    let files = |summary: &str| {
        let line = summary.lines().find(|line| line.contains("files written")).unwrap();
        line.chars().filter(char::is_ascii_digit).collect::<String>().parse::<usize>().unwrap()
    };
    let rehearsed = run(&["--dry-run"]);
    assert!(rehearsed.contains("would be") && !fixture.path("store").exists());
    assert_eq!(files(&rehearsed), files(&run(&[])));
    let before = fixture.store();
    fixture.write("reports/june.txt", REPORTS[0].1.replace("240.1", "240.9"));
    assert!(files(&run(&["--dry-run"])) > 0);
    assert_eq!(fixture.store(), before);
}

#[test]
fn a_limit_is_kept_and_the_rest_comes_next_time() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&["--limit", "2"], 0);
    assert_eq!(fixture.count("documents"), 2);
    fixture.run(&["--limit", "2"], 0);
    assert_eq!(fixture.count("documents"), 3);
}

#[test]
fn what_a_crash_before_publication_left_is_cleared() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let before = fixture.store();
    fs::create_dir_all(fixture.path("store/meta/tmp/v1/observations/year=2022")).unwrap();
    fixture.write("store/meta/tmp/v1/observations/year=2022/data.parquet", "half a file");
    fixture.run(&[], 0);
    assert_eq!(fixture.store(), before);
}

#[test]
fn a_crash_in_the_middle_of_publication_is_finished() {
    let (crashed, whole) = (Fixture::new(&REPORTS[..1]), Fixture::new(&REPORTS));
    crashed.run(&[], 0);
    whole.run(&[], 0);
    // The state after the journal was written and before the first rename: the new files of `whole` staged.
    let mut renames = Vec::new();
    for (path, bytes) in whole.published() {
        let staged = std::path::Path::new("meta/tmp/v1").join(&path);
        let place = crashed.path("store").join(&staged);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, bytes).unwrap();
        renames.push(format!("[{staged:?}, {:?}]", std::path::Path::new("v1").join(&path)));
    }
    crashed.write("store/meta/journal.json", format!("{{\"replace\": [{}], \"remove\": []}}", renames.join(",")));
    for (name, text) in &REPORTS[1..] {
        crashed.write(&format!("reports/{name}"), text);
    }
    crashed.run(&[], 0);
    assert_eq!(crashed.published(), whole.published());
    assert!(!crashed.path("store/meta/journal.json").exists());
}

/// What the archive has of every document, or what it says of it.
fn archived(fixture: &Fixture) -> Vec<Result<Option<Vec<u8>>, String>> {
    let archive = Store::at(&fixture.path("store")).unwrap().archive().unwrap();
    let ids = fixture.texts("documents", "doc_id");
    ids.into_iter().map(|id| archive.get(&DocumentId(id)).map_err(|error| error.to_string())).collect()
}

fn packs(fixture: &Fixture) -> Vec<PathBuf> {
    files_below(&fixture.path("store/meta/raw"))
}

#[test]
fn what_is_damaged_in_the_archive_is_written_anew() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let whole = archived(&fixture);
    assert!(whole.iter().all(|bytes| matches!(bytes, Ok(Some(_)))), "{whole:?}");
    let [pack] = &packs(&fixture)[..] else { panic!("one run makes one pack") };
    let bytes = fs::read(pack).unwrap();
    // What is in a pack can be unpacked without its index.
    let unpacked = String::from_utf8(zstd::decode_all(&bytes[..]).unwrap()).unwrap();
    assert!(REPORTS.iter().all(|(_, text)| unpacked.contains(text)));

    let mut damaged = bytes.clone();
    damaged[..9].fill(0);
    let cut = &bytes[..bytes.len() - 9];
    for (harm, lost) in [(&damaged[..], 1), (cut, 3), (b"", 3)] {
        fs::write(pack, harm).unwrap();
        let gone = archived(&fixture).into_iter().filter(|bytes| !matches!(bytes, Ok(Some(_)))).count();
        assert_eq!(gone, lost);
        fixture.run(&["--full"], 0);
        assert_eq!(archived(&fixture), whole);
        let before = fixture.store();
        fixture.run(&["--full"], 0);
        assert_eq!(fixture.store(), before);
        packs(&fixture).iter().filter(|other| *other != pack).for_each(|other| fs::remove_file(other).unwrap());
    }
}

#[test]
fn many_runs_leave_few_packs() {
    let fixture = Fixture::new(&[]);
    for run in 0..16 {
        fixture.write(&format!("reports/{run}.txt"), REPORTS[1].1.replace("282.7", &format!("{run}.7")));
        fixture.run(&[], 0);
    }
    assert!(archived(&fixture).iter().all(|bytes| matches!(bytes, Ok(Some(_)))));
    assert!(packs(&fixture).len() < 6, "{:?}", packs(&fixture));
}

#[test]
fn an_archive_of_single_files_is_still_read() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let whole = archived(&fixture);
    fs::remove_dir_all(fixture.path("store/meta/raw")).unwrap();
    for (id, bytes) in fixture.texts("documents", "doc_id").into_iter().zip(&whole) {
        let bytes = bytes.as_ref().unwrap().as_ref().unwrap();
        fs::create_dir_all(fixture.path("store/meta/raw").join(&id[..2])).unwrap();
        fixture.write(&format!("store/meta/raw/{}/{id}.zst", &id[..2]), zstd::bulk::compress(bytes, 0).unwrap());
    }
    assert_eq!(archived(&fixture), whole);
    let before = fixture.store();
    fixture.run(&["--full"], 0);
    assert_eq!(fixture.store(), before);
}

#[test]
fn a_store_without_its_ledger_heals_to_the_same_content() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let before = fixture.published();
    let ids = fixture.texts("documents", "doc_id");
    fs::remove_dir_all(fixture.path("store/v1/documents")).unwrap();
    fs::remove_dir_all(fixture.path("store/v1/series")).unwrap();
    fs::remove_dir_all(fixture.path("store/v1/trends")).unwrap();
    fixture.run(&[], 0);
    assert_eq!(fixture.texts("documents", "doc_id"), ids);
    for (path, bytes) in fixture.published() {
        let of_the_run = path.starts_with("documents");
        assert!(of_the_run || before.get(&path) == Some(&bytes), "{} changed", path.display());
    }
}

/// `file` without `columns`, as a program that did not know them would have written it.
fn forget(file: &std::path::Path, columns: &[&str]) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(file).unwrap()).unwrap().build().unwrap();
    let batches: Vec<_> = reader.map(|batch| batch.unwrap()).collect();
    let fields = batches[0].schema().fields().clone();
    let kept: Vec<usize> = (0..fields.len()).filter(|at| !columns.contains(&fields[*at].name().as_str())).collect();
    let batches: Vec<_> = batches.iter().map(|batch| batch.project(&kept).unwrap()).collect();
    let mut writer = ArrowWriter::try_new(fs::File::create(file).unwrap(), batches[0].schema(), None).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.close().unwrap();
}

#[test]
fn a_store_from_before_a_column_was_added_is_added_to() {
    let fixture = Fixture::new(&REPORTS[..1]);
    fixture.run(&[], 0);
    let file = |table: &str| fixture.path(&format!("store/v1/{table}/year=2022/data.parquet"));
    forget(&file("observations"), &["doc_region", "source_kind"]);
    forget(&file("series"), &["last_published", "revised_from", "revised_on", "selected_by"]);
    fs::remove_dir_all(fixture.path("store/v1/trends")).unwrap();
    fixture.write("reports/july.txt", REPORTS[1].1);
    fixture.run(&[], 0);
    assert_eq!(fixture.texts("observations", "doc_region"), ["", "", "330800", "330800"]);
    assert_eq!(fixture.texts("series", "selected_by"), ["only"; 4]);
    assert!(fixture.count("trends") > 4);
}
