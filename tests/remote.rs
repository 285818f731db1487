//! Stores in buckets: what holds of a folder holds of a bucket, and what breaks off on the way is finished by whoever comes
//! next, on whatever machine.

use std::collections::BTreeMap;
use std::fs;
use std::process::Output;

use polars::prelude::{DataFrame, SortMultipleOptions};
use tempfile::TempDir;
use zhibiao::store::read_parquet;

use crate::fixture::{REPORTS, files_below, program};
use crate::s3_server::{Fault, S3Server};

/// A job whose store is a folder or lies in a bucket, and the machine that it runs on.
struct Bench {
    folder: TempDir,
    server: Option<S3Server>,
    /// The folder of the machine for copies of buckets.
    machine: &'static str,
}

impl Bench {
    fn new(server: Option<S3Server>, reports: &[(&str, &str)]) -> Bench {
        let bench = Bench { folder: TempDir::new().unwrap(), server, machine: "one" };
        fs::create_dir(bench.folder.path().join("reports")).unwrap();
        for (name, text) in reports {
            bench.write(&format!("reports/{name}"), text);
        }
        let source = "[[source]]\nkind = \"files\"\ninclude = [\"reports/*.txt\"]\n[defaults]\nregion = \"330800\"\n";
        bench.write("job.toml", &format!("name = \"job\"\nstore = \"{}\"\n{source}", bench.root()));
        bench
    }

    fn folder(reports: &[(&str, &str)]) -> Bench {
        Bench::new(None, reports)
    }

    fn bucket(reports: &[(&str, &str)]) -> Bench {
        Bench::new(Some(S3Server::new(&[])), reports)
    }

    fn server(&self) -> &S3Server {
        self.server.as_ref().unwrap()
    }

    fn root(&self) -> String {
        self.server.as_ref().map_or_else(|| "store".to_owned(), |server| server.root().0)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = program();
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("ZHIBIAO_CACHE", self.folder.path().join(self.machine));
        if let Some(server) = &self.server {
            command.env("AWS_ENDPOINT_URL", server.root().1).env("AWS_REGION", "us-east-1");
        }
        command
    }

    /// What a command prints, expecting an exit code; stdout and stderr.
    fn ask(&self, arguments: &[&str], code: i32) -> [String; 2] {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let printed = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(status.code(), Some(code), "{arguments:?}: {printed:?}");
        printed
    }

    /// What a run says on stderr.
    fn run(&self, arguments: &[&str], code: i32) -> String {
        let [_, said] = self.ask(&[&["run", "job.toml"], arguments].concat(), code);
        said
    }

    /// Everything in the store, by name.
    fn store(&self) -> BTreeMap<String, Vec<u8>> {
        if let Some(server) = &self.server {
            return server.objects("store/");
        }
        let store = self.folder.path().join("store");
        let name = |path: &std::path::Path| path.strip_prefix(&store).unwrap().to_str().unwrap().to_owned();
        let files = files_below(&store).into_iter().map(|path| (name(&path), fs::read(&path).unwrap()));
        files.filter(|(name, _)| name != "meta/lock").collect()
    }

    /// What readers see.
    fn published(&self) -> BTreeMap<String, Vec<u8>> {
        self.store().into_iter().filter(|(name, _)| name.starts_with("v1/")).collect()
    }

    /// The rows of `table`, without what tells of the run.
    fn rows(&self, table: &str) -> DataFrame {
        let place = self.folder.path().join("look.parquet");
        let of_table = self.published().into_iter().filter(|(name, _)| name.starts_with(&format!("v1/{table}/")));
        let frames = of_table.map(|(_, bytes)| {
            fs::write(&place, bytes).unwrap();
            read_parquet(&place, None).unwrap().drop_many(["run_id", "ingested_at"])
        });
        let rows = frames.reduce(|rows, more| rows.vstack(&more).unwrap()).unwrap_or_default();
        let keys: Vec<String> = rows.get_column_names().iter().take(2).map(ToString::to_string).collect();
        if rows.height() == 0 { rows } else { rows.sort(keys, SortMultipleOptions::new()).unwrap() }
    }

    /// Has the time of the lock in the bucket be up, as if nobody had renewed it.
    fn let_lock_expire(&self) {
        let lock = self.store().remove("meta/lock.json").expect("a lock is left behind");
        let mut lock: serde_json::Value = serde_json::from_slice(&lock).unwrap();
        lock["expires"] = "2026-01-01T00:00:00Z".into();
        lock["renewed_every_seconds"] = 0.into();
        self.server().put("store/meta/lock.json", lock.to_string());
    }
}

/// Runs `behaviour` over a folder and over a bucket.
fn both(reports: &[(&str, &str)], behaviour: impl Fn(&Bench)) {
    for bench in [Bench::folder(reports), Bench::bucket(reports)] {
        behaviour(&bench);
        let left: Vec<String> = bench.store().into_keys().collect();
        let of_runs = |name: &&String| ["meta/tmp", "meta/journal", "meta/lock"].iter().any(|of| name.starts_with(of));
        assert_eq!(left.iter().find(of_runs), None, "left behind in {}", bench.root());
    }
}

const TABLES: [&str; 6] = ["observations", "series", "trends", "entities", "numbers", "documents"];

#[test]
fn a_bucket_holds_what_a_folder_holds() {
    let (folder, bucket) = (Bench::folder(&REPORTS), Bench::bucket(&REPORTS));
    for bench in [&folder, &bucket] {
        bench.run(&[], 0);
    }
    // Records and packs are named for their run.
    let of_run = |name: &String| name.contains("runs/") || name.contains("packs/");
    let names = |bench: &Bench| bench.store().into_keys().filter(|name| !of_run(name)).collect::<Vec<_>>();
    assert_eq!(names(&folder), names(&bucket));
    for table in TABLES {
        assert!(folder.rows(table).equals_missing(&bucket.rows(table)), "{table}");
    }
    for question in [
        &["series", "衢州", "规上工业增加值"][..],
        &["trend", "衢州", "规上工业增加值", "--format", "csv"],
        &["query", "SELECT obs_id, value FROM series ORDER BY obs_id", "--format", "csv"],
        &["coverage"],
        &["conflicts"],
    ] {
        let ask = |bench: &Bench| bench.ask(&[question, &["--store", &bench.root()]].concat(), 0);
        assert_eq!(ask(&folder), ask(&bucket), "{question:?}");
    }
    let [whole, _] = bucket.ask(&["check", &bucket.root()], 0);
    assert!(whole.starts_with("s3://reports/store: whole"), "{whole}");
    let [good, _] = bucket.ask(&["check", "job.toml"], 0);
    assert!(good.contains("store     s3://reports/store (3 documents)"), "{good}");
    bucket.ask(&["doctor", "job.toml"], 0);
}

#[test]
fn a_second_run_changes_nothing_wherever_the_store_lies() {
    both(&REPORTS, |bench| {
        bench.run(&[], 0);
        let before = bench.store();
        bench.run(&[], 0);
        bench.run(&["--full"], 0);
        bench.run(&["--dry-run"], 0);
        assert_eq!(bench.store(), before);
    });
}

#[test]
fn a_changed_document_and_a_forgotten_one_leave_nothing_wherever_the_store_lies() {
    both(&REPORTS, |bench| {
        bench.run(&[], 0);
        bench.write("reports/june.txt", &REPORTS[0].1.replace("240.1", "250.1").replace("2022", "2019"));
        bench.run(&[], 0);
        let other = Bench::folder(&REPORTS);
        other.write("reports/june.txt", &REPORTS[0].1.replace("240.1", "250.1").replace("2022", "2019"));
        other.run(&[], 0);
        for table in TABLES {
            assert!(bench.rows(table).equals_missing(&other.rows(table)), "{table}");
        }
        let raw = |bench: &Bench| bench.store().into_keys().filter(|name| name.starts_with("meta/raw/")).count();
        let inputs = raw(bench);
        bench.ask(&["forget", "job.toml", "reports/june.txt"], 0);
        assert_eq!(raw(bench), inputs - 1);
        assert!(!bench.published().contains_key("v1/series/year=2019/data.parquet"), "a year without rows");
        let [runs, _] = bench.ask(&["diff", "--store", &bench.root()], 0);
        assert!(runs.lines().count() >= 2, "{runs}");
    });
}

#[test]
fn a_run_that_the_gate_stops_leaves_the_store_as_it_was_wherever_it_lies() {
    both(&REPORTS, |bench| {
        bench.run(&[], 0);
        let before = bench.store();
        let job = fs::read_to_string(bench.folder.path().join("job.toml")).unwrap();
        bench.write("job.toml", &format!("{job}[quality]\nmax_reject_share = 0.1\n"));
        bench.write("reports/new.txt", "2022年8月全市规上工业增加值30.5亿元。\n");
        bench.write("reports/broken.txt", "");
        assert!(bench.run(&[], 4).contains("quality.max_reject_share"));
        assert_eq!(bench.store(), before);
    });
}

#[test]
fn a_publication_that_breaks_off_anywhere_is_finished_by_another_machine() {
    let published = |bench: &Bench| TABLES.map(|table| bench.rows(table));
    let change = |bench: &Bench| {
        bench.write("reports/june.txt", &REPORTS[0].1.replace("240.1", "250.1"));
        bench.write("reports/old.txt", "2021年全市规上工业增加值450.2亿元。\n");
    };
    let undisturbed = Bench::bucket(&REPORTS);
    undisturbed.run(&[], 0);
    let (before, old) = (undisturbed.server().changes(), undisturbed.published());
    change(&undisturbed);
    undisturbed.run(&[], 0);
    let expected = published(&undisturbed);
    let changes = undisturbed.server().changes() - before;
    assert!(changes > 30, "{changes} requests");

    // One bench for all: before each break the bucket is what it was.
    let mut bench = Bench::bucket(&REPORTS);
    bench.run(&[], 0);
    let start = bench.store();
    change(&bench);
    let mut finished = 0;
    for (turn, after) in (0..changes).step_by(7).chain([1, changes - 2, changes - 1]).enumerate() {
        for name in bench.store().into_keys() {
            bench.server().remove(&format!("store/{name}"));
        }
        for (name, bytes) in &start {
            bench.server().put(&format!("store/{name}"), bytes);
        }
        bench.machine = "one";
        bench.server().break_after(after, Fault::Refuse);
        let broken = bench.command(&["run", "job.toml"]).output().unwrap();
        bench.server().mend();
        // What readers find in between are whole files, old or new.
        let now = bench.published();
        let place = bench.folder.path().join("look.parquet");
        for (name, bytes) in &now {
            fs::write(&place, bytes).unwrap();
            assert!(old.get(name).is_none_or(|old| old.len() > 12) && read_parquet(&place, None).is_ok(), "{name}");
        }
        if bench.store().contains_key("meta/lock.json") {
            bench.let_lock_expire();
        }
        bench.machine = ["two", "one"][turn % 2];
        let said = bench.run(&[], 0);
        finished += usize::from(said.contains("finished a publication"));
        for (table, (rows, expected)) in TABLES.iter().zip(published(&bench).iter().zip(&expected)) {
            assert!(rows.equals_missing(expected), "{table} after {after} of {changes}: {broken:?}");
        }
        let store = bench.store();
        let left: Vec<&String> =
            store.keys().filter(|name| name.starts_with("meta/tmp") || name.contains(".json")).collect();
        assert_eq!(left, ["meta/schema.json"], "after {after}");
        let again = bench.store();
        bench.run(&[], 0);
        assert_eq!(bench.store(), again, "after {after} a rerun changes something");
    }
    assert!(finished > 0, "no break lay behind the point of no return");
}

#[test]
fn of_two_machines_one_writes_and_the_other_ends() {
    let mut bench = Bench::bucket(&REPORTS);
    // The lock is made, and the first object is on its way.
    bench.server().break_after(1, Fault::Hold);
    let mut first = bench.command(&["run", "job.toml"]).spawn().unwrap();
    bench.server().wait_for_held();
    bench.machine = "two";
    let [found, _] = bench.ask(&["doctor", "job.toml"], 0);
    assert!(found.contains(" is writing") && !found.contains("nobody"), "{found}");
    let said = bench.run(&[], 75);
    assert!(said.contains("s3://reports/store/meta/lock.json: another run is writing to this store: "), "{said}");
    bench.server().mend();
    assert!(first.wait().unwrap().success());
    bench.run(&[], 0);
    assert_eq!(bench.rows("documents").height(), 3);
}

#[test]
fn a_run_that_was_killed_while_it_published_is_finished() {
    let bench = Bench::bucket(&REPORTS);
    bench.run(&[], 0);
    bench.write("reports/june.txt", &REPORTS[0].1.replace("240.1", "250.1"));
    bench.server().break_after(12, Fault::Hold);
    let mut killed = bench.command(&["run", "job.toml"]).spawn().unwrap();
    bench.server().wait_for_held();
    killed.kill().unwrap();
    killed.wait().unwrap();
    bench.server().mend();
    // What was held is carried out late, as a request of a dead client may be.
    while bench.server().is_busy() {
        std::thread::yield_now();
    }
    assert!(bench.run(&[], 75).contains("until 20"));
    bench.let_lock_expire();
    assert!(bench.run(&[], 0).contains("took over the lock of "));
    let values = bench.ask(&["query", "SELECT value FROM series", "--format", "csv", "--store", &bench.root()], 0);
    assert!(values[0].contains("25010000000") && !values[0].contains("24010000000"), "{values:?}");
    bench.ask(&["check", &bench.root()], 0);
}

#[test]
fn a_run_that_lost_the_lock_publishes_nothing() {
    let bench = Bench::bucket(&REPORTS);
    bench.run(&[], 0);
    let before = bench.published();
    bench.write("reports/june.txt", &REPORTS[0].1.replace("240.1", "250.1"));
    bench.server().break_after(1, Fault::Hold);
    let first = bench.command(&["run", "job.toml"]).stderr(std::process::Stdio::piped()).spawn().unwrap();
    bench.server().wait_for_held();
    let other = r#"{"owner":"other","expires":"2099-01-01T00:00:00Z","renewed_every_seconds":15}"#;
    bench.server().put("store/meta/lock.json", other);
    bench.server().mend();
    let output = first.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("meta/lock.json: lost"));
    assert_eq!(bench.published(), before);
    assert_eq!(bench.store()["meta/lock.json"], other.as_bytes(), "the lock of another is left alone");
}

#[test]
fn a_list_that_arrives_too_late_takes_nothing_away() {
    let bench = Bench::bucket(&REPORTS);
    bench.run(&[], 0);
    let before = bench.store();
    let late = r#"{"run":"late","replace":["v1/series/year=2022/data.parquet"],"remove":["v1/documents/year=0/data.parquet"]}"#;
    bench.server().put("store/meta/journal.json", late);
    assert!(bench.run(&[], 0).contains("left out a publication whose run had lost the lock"));
    assert_eq!(bench.store(), before);
}

#[test]
fn what_is_wrong_with_a_bucket_is_named() {
    let bench = Bench::bucket(&REPORTS);
    bench.run(&[], 0);
    for (variable, value, code, words) in [
        ("AWS_ENDPOINT_URL", "http://198.51.100.1:9000", 78, "AWS_ENDPOINT_URL: expected https for a server"),
        ("AWS_ENDPOINT_URL", "minio", 78, "AWS_ENDPOINT_URL: expected an address such as https://host"),
        ("AWS_ACCESS_KEY_ID", "nobody", 74, "InvalidAccessKeyId"),
    ] {
        for arguments in [&["run", "job.toml"][..], &["query", "SELECT 1", "--store", "s3://reports/store"]] {
            let output = bench.command(arguments).env(variable, value).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(code), "{said}");
            assert!(said.contains("s3://reports/store") && said.contains(words), "{said}");
        }
    }
    let [_, said] = bench.ask(&["series", "衢州", "GDP", "--store", "s3://reports/other"], 78);
    assert!(said.contains("s3://reports/other: no store here"), "{said}");
    let [_, said] = bench.ask(&["series", "衢州", "GDP", "--store", "ftp://reports/other"], 2);
    assert!(said.contains("expected s3://bucket/prefix/"), "{said}");
    bench.write(
        "job.toml",
        "name = \"job\"\nstore = \"s3://Reports\"\n[[source]]\nkind = \"files\"\ninclude = [\"*\"]\n",
    );
    assert!(bench.run(&[], 78).contains("job.toml:2: store: expected s3://bucket/prefix/"));
}
