//! Runs over a bucket: what is fetched, what is not fetched again, and what goes wrong on the way.

use std::fs;
use std::process::Stdio;

use zhibiao::model::DocumentId;
use zhibiao::store::Store;

use crate::fixture::{Fixture, REPORTS, files_below, zhibiao};
use crate::s3_server::{Answer, KEY, S3Server};

const OBJECTS: [(&str, &str); 3] =
    [("in/june.txt", REPORTS[0].1), ("in/july.txt", REPORTS[1].1), ("in/more/company.txt", REPORTS[2].1)];

/// A pipeline over the bucket of `server`, with `more` keys of the source.
fn fixture(server: &S3Server, more: &str) -> Fixture {
    let fixture = Fixture::new(&[]);
    let head = "name = \"job\"\nstore = \"store\"\n";
    fixture.write("job.toml", format!("{head}{}{more}[defaults]\nregion = \"330800\"\n", server.source()));
    fixture
}

/// The keys of rows: functions of the documents' bytes, and not of where they lay.
fn rows(fixture: &Fixture) -> Vec<String> {
    [fixture.texts("observations", "obs_id"), fixture.texts("entities", "obs_id")].concat()
}

#[test]
fn a_bucket_gives_the_rows_of_its_files_and_is_not_fetched_twice() {
    let (server, files) = (S3Server::new(&OBJECTS), Fixture::new(&REPORTS));
    let fixture = fixture(&server, "");
    assert_eq!(fixture.run(&[], 0), "");
    files.run(&[], 0);
    assert_eq!(rows(&fixture), rows(&files));
    assert_eq!(
        fixture.texts("documents", "source_uri"),
        ["s3://reports/in/july.txt", "s3://reports/in/june.txt", "s3://reports/in/more/company.txt"]
    );
    assert_eq!(fixture.texts("documents", "media_type"), ["text/plain"; 3]);
    assert_eq!(server.asked().len(), 3);
    let before = fixture.store();
    assert_eq!(fixture.run(&[], 0), "");
    assert_eq!(fixture.store(), before);
    fixture.run(&["--full"], 0);
    assert_eq!(fixture.store(), before);
    assert_eq!(server.asked(), [""; 0], "all is known by its tag, and read again from the archive");
}

#[test]
fn where_there_are_no_tags_the_time_tells_what_is_new() {
    let server = S3Server::new(&OBJECTS);
    server.leave_out_tags();
    let fixture = fixture(&server, "");
    fixture.run(&[], 0);
    server.asked();
    fixture.run(&[], 0);
    assert_eq!(server.asked(), [""; 0]);
    server.put("in/june.txt", OBJECTS[0].1.replace("240.1", "241.1"));
    fixture.run(&[], 0);
    assert_eq!(server.asked(), ["in/june.txt"]);
    assert!(fixture.texts("observations", "value_text").contains(&"241.1".to_owned()));
}

#[test]
fn the_same_bytes_under_another_tag_are_fetched_once_more() {
    let server = S3Server::new(&OBJECTS);
    let fixture = fixture(&server, "");
    fixture.run(&[], 0);
    server.asked();
    let before = rows(&fixture);
    server.put_again("in/july.txt");
    fixture.run(&[], 0);
    assert_eq!(server.asked(), ["in/july.txt"]);
    fixture.run(&[], 0);
    assert_eq!(server.asked(), [""; 0]);
    assert_eq!(rows(&fixture), before);
}

#[test]
fn a_changed_object_takes_the_place_of_the_old_one_for_good() {
    let server = S3Server::new(&OBJECTS);
    let fixture = fixture(&server, "");
    fixture.run(&[], 0);
    server.put("in/july.txt", OBJECTS[1].1.replace("282.7", "283.9"));
    fixture.run(&[], 0);
    let after = rows(&fixture);
    let values = fixture.texts("observations", "value_text");
    assert!(values.contains(&"283.9".to_owned()) && !values.contains(&"282.7".to_owned()), "{values:?}");
    fixture.run(&["--full"], 0);
    assert_eq!(rows(&fixture), after);
    server.remove("in/july.txt");
    fixture.run(&["--full"], 0);
    assert_eq!(rows(&fixture), after, "what is gone from the bucket stays in the store, as it was last");
}

#[test]
fn without_its_server_everything_is_read_again_from_the_archive() {
    let server = S3Server::new(&OBJECTS);
    let fixture = fixture(&server, "");
    fixture.run(&[], 0);
    let before = fixture.published();
    drop(server);
    let log = fixture.run(&["--full", "-vv"], 3);
    assert!(log.contains("/reports: Connection refused"), "{log}");
    assert_eq!(log.matches(": read").count(), 3, "{log}");
    let rejects = ["source_uri", "stage", "reason"].map(|column| fixture.texts("rejects", column).join(" "));
    assert_eq!(rejects, ["s3://reports/in/", "fetch", "unfetched"]);
    let mut after = fixture.published();
    after.retain(|path, _| !path.starts_with("rejects"));
    assert_eq!(after, before);
    let twice = fixture.store();
    fixture.run(&[], 3);
    assert_eq!(fixture.store(), twice);
}

#[test]
fn a_reject_of_the_bucket_goes_when_it_can_be_listed() {
    let server = S3Server::new(&OBJECTS);
    let fixture = fixture(&server, "");
    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", job.replace("//reports/", "//report/"));
    let log = fixture.run(&[], 3);
    assert!(log.contains("404 Not Found: NoSuchBucket: no such bucket"), "{log}");
    assert_eq!(fixture.texts("rejects", "source_uri"), ["s3://report/in/"]);
    let output = zhibiao().arg("run").arg(fixture.path("job.toml")).env("AWS_ACCESS_KEY_ID", "other").output().unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("403 Forbidden: InvalidAccessKeyId") && output.status.code() == Some(3), "{log}");

    fixture.write("job.toml", job.replace("endpoint = \"http://127", "endpoint = \"http://127.0.0.1:9/127"));
    fixture.run(&[], 3);
    assert!(fixture.texts("rejects", "source_uri").contains(&"s3://reports/in/".to_owned()));
    fixture.write("job.toml", job);
    fixture.run(&[], 0);
    assert!(!fixture.texts("rejects", "source_uri").contains(&"s3://reports/in/".to_owned()));
    assert_eq!(fixture.count("documents"), 3);
}

#[test]
fn another_lexicon_reads_again_once_and_fetches_nothing() {
    let server = S3Server::new(&OBJECTS);
    let fixture = fixture(&server, "");
    fs::create_dir(fixture.path("lexicon")).unwrap();
    for table in fs::read_dir("config/lexicon").unwrap() {
        let table = table.unwrap();
        fs::copy(table.path(), fixture.path("lexicon").join(table.file_name())).unwrap();
    }
    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", format!("lexicon = \"lexicon\"\n{job}"));
    server.put("in/gone.txt", "2021年,全市地区生产总值1875.6亿元,增长8.7%。\n");
    server.put(
        "in/lines.jsonl",
        "{\"id\":\"a\",\"region\":\"330800\",\"text\":\"2020年,全市地区生产总值1639.1亿元。\"}\n",
    );
    fixture.run(&[], 0);
    let before = rows(&fixture);
    server.remove("in/gone.txt");
    server.asked();
    let names = fs::read_to_string(fixture.path("lexicon/indicators.tsv")).unwrap();
    fixture.write("lexicon/indicators.tsv", names.replace("Value Added of Industry", "Added Value of Industry"));
    let summary = |log: &str, words: &str| assert!(log.contains(words), "{words} not in {log}");
    summary(&fixture.run(&["-v"], 0), "reread=5 unchanged=0");
    assert_eq!(server.asked(), ["in/lines.jsonl"]);
    summary(&fixture.run(&["-v"], 0), "reread=0 unchanged=4");
    assert_eq!(rows(&fixture), before);
    assert_eq!(fixture.texts("documents", "name"), ["", "", "", "", "a"]);
}

#[test]
fn an_archive_that_lost_a_document_says_so_and_is_mended_from_the_bucket() {
    let server = S3Server::new(&OBJECTS);
    let fixture = fixture(&server, "");
    fixture.run(&[], 0);
    let before = rows(&fixture);
    let documents = fixture.rows("documents").unwrap();
    let column = |name: &str| documents.column(name).unwrap().str().unwrap().clone();
    let archived = |uri: &str| {
        let row = column("source_uri").iter().position(|known| known == Some(uri)).unwrap();
        let id = column("doc_id").get(row).unwrap().to_owned();
        fixture.path("store/meta/raw").join(&id[..2]).join(format!("{id}.zst"))
    };
    // Each in a file of its own, as earlier versions kept them.
    let packs = files_below(&fixture.path("store/meta/raw/packs"));
    let archive = Store::at(&fixture.path("store")).unwrap().archive().unwrap();
    for id in column("doc_id").iter().flatten() {
        let bytes = archive.get(&DocumentId(id.to_owned())).unwrap().unwrap();
        fs::create_dir_all(fixture.path("store/meta/raw").join(&id[..2])).unwrap();
        fixture.write(&format!("store/meta/raw/{}/{id}.zst", &id[..2]), zstd::bulk::compress(&bytes, 0).unwrap());
    }
    packs.iter().for_each(|pack| fs::remove_file(pack).unwrap());
    let [lost, swapped, cut] =
        ["june.txt", "july.txt", "more/company.txt"].map(|name| archived(&format!("s3://reports/in/{name}")));
    let whole = [&lost, &swapped, &cut].map(|path| fs::read(path).unwrap());
    fs::copy(&lost, &swapped).unwrap();
    fs::remove_file(&lost).unwrap();
    fs::write(&cut, &whole[2][..whole[2].len() - 9]).unwrap();
    fixture.run(&[], 0);
    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    let far = job.replace("endpoint = \"http://127", "endpoint = \"http://127.0.0.1:9/127");
    fixture.write("job.toml", &far);
    let log = fixture.run(&["--full"], 3);
    let named = |path: &std::path::Path| log.contains(&*path.file_name().unwrap().to_string_lossy());
    assert!(log.contains("in/june.txt") && log.contains("the archive does not have it"), "{log}");
    assert!(named(&swapped) && log.contains("damaged"), "{log}");
    assert!(named(&cut), "{log}");
    assert_eq!(rows(&fixture), before);

    fixture.write("job.toml", job);
    server.asked();
    fixture.run(&["--full"], 0);
    assert_eq!(server.asked().len(), 3);
    assert_eq!((rows(&fixture), fixture.count("rejects")), (before.clone(), 0));
    // The archive is mended: nothing has to be fetched.
    fixture.write("job.toml", far);
    fixture.run(&["--full"], 3);
    assert_eq!((rows(&fixture), fixture.texts("rejects", "stage")), (before, vec!["fetch".to_owned()]));
}

#[test]
fn facts_of_a_sidecar_and_a_change_of_them() {
    let server = S3Server::new(&OBJECTS);
    let fixture = fixture(&server, "");
    let all = "title = \"七月\"\npublished = 2022-08-19\nregion = \"330802\"\npublisher = \"统计局\"\n";
    server.put("in/july.meta.toml", all);
    fixture.run(&[], 0);
    assert!(fixture.texts("documents", "title").contains(&"七月".to_owned()));
    assert!(fixture.texts("documents", "region_origin").contains(&"sidecar".to_owned()));
    server.asked();
    let before = fixture.store();
    fixture.run(&[], 0);
    assert_eq!(server.asked(), ["in/july.meta.toml"]);
    fixture.run(&["--full"], 0);
    assert_eq!(fixture.store(), before, "the ledger has the facts as they were given");
    // The whole name comes before the name without its ending.
    server.put("in/july.txt.meta.toml", "title = \"前七月\"\n");
    fixture.run(&[], 0);
    assert!(fixture.texts("documents", "title").contains(&"前七月".to_owned()));
    server.put("in/july.txt.meta.toml", "titel = \"前七月\"\n");
    let log = fixture.run(&[], 3);
    assert!(log.contains("july.txt.meta.toml:1: unknown field `titel`"), "{log}");
    server.remove("in/july.txt.meta.toml");
    server.remove("in/july.meta.toml");
    fixture.run(&[], 0);
    assert!(!fixture.texts("documents", "title_origin").contains(&"sidecar".to_owned()));
    assert_eq!((fixture.count("documents"), fixture.count("rejects")), (3, 0));
}

#[test]
fn a_bad_object_does_not_stop_the_others() {
    let server = S3Server::new(&OBJECTS);
    let fixture = fixture(&server, "");
    for (key, content) in
        [("in/a.txt", "2"), ("in/b.txt", ""), ("in/c.txt", "\0"), ("in/d.txt", "4"), ("in/e.txt", "5")]
    {
        server.put(key, content);
    }
    server.answer("in/a.txt", Answer::Error);
    server.list_as("in/d.txt", 200_000_000);
    server.put("in/e.txt", vec![b'1'; (64 << 20) + 1]);
    server.list_as("in/e.txt", 5);
    let log = fixture.run(&[], 3);
    assert!(log.contains("500 Internal Server Error: InternalError: try again"), "{log}");
    assert_eq!(fixture.count("documents"), 3);
    assert_eq!(
        fixture.texts("rejects", "source_uri"),
        ["a", "b", "c", "d", "e"].map(|name| format!("s3://reports/in/{name}.txt"))
    );
    assert_eq!(fixture.texts("rejects", "reason"), ["binary", "empty", "too_large", "too_large", "unfetched"]);
    assert_eq!(fixture.texts("rejects", "stage"), ["decode", "decode", "fetch", "read", "read"]);
    let before = fixture.store();
    fixture.run(&[], 3);
    assert_eq!(fixture.store(), before, "the same rejects again");
    // A reject does not outlive its cause, nor the object.
    server.answer("in/a.txt", Answer::Bytes);
    for key in ["in/b.txt", "in/c.txt", "in/d.txt", "in/e.txt"] {
        server.remove(key);
    }
    fixture.run(&[], 0);
    assert_eq!((fixture.count("documents"), fixture.count("rejects")), (4, 0));
}

#[test]
fn lines_of_a_jsonl_object() {
    let line = |id: &str, text: &str| {
        format!("{{\"id\":\"{id}\",\"region\":\"330800\",\"text\":\"{}\"}}\n", text.replace('\n', "\\n"))
    };
    let server = S3Server::new(&[]);
    server.put("in/all.jsonl", line("a", OBJECTS[0].1) + "not json\n" + &line("b", OBJECTS[1].1));
    let fixture = fixture(&server, "");
    fixture.run(&[], 3);
    assert_eq!(
        fixture.texts("documents", "source_uri"),
        ["s3://reports/in/all.jsonl#a", "s3://reports/in/all.jsonl#b"]
    );
    assert_eq!(fixture.texts("rejects", "source_uri"), ["s3://reports/in/all.jsonl:2"]);
    let before = fixture.store();
    fixture.run(&["--full"], 3);
    assert_eq!(fixture.store(), before);
    server.put("in/all.jsonl", line("a", &OBJECTS[0].1.replace("240.1", "241.1")));
    fixture.run(&[], 0);
    assert_eq!((fixture.count("documents"), fixture.count("rejects")), (2, 0), "line b is kept");
    let before = rows(&fixture);
    drop(server);
    let log = fixture.run(&["-v"], 3);
    assert!(log.contains("reread=0"), "the ledger has the facts of a line as they were given: {log}");
    let log = fixture.run(&["--full", "-v"], 3);
    assert!(log.contains("reread=2"), "{log}");
    assert_eq!(rows(&fixture), before);
    assert_eq!(fixture.texts("documents", "name"), ["a", "b"]);
}

#[test]
fn what_is_read_of_a_bucket_can_be_chosen() {
    let server = S3Server::new(&OBJECTS);
    server.put("in/", "");
    server.put("in/reports/", "");
    server.put("in/report 七月.md", OBJECTS[1].1.replace("282.7", "283.9"));
    server.put("other/june.txt", OBJECTS[0].1.replace("240.1", "241.1"));
    let fixture = fixture(&server, "include = [\"*.txt\", \"report*\", \"*.html\"]\nexclude = [\"june*\"]\n");
    let log = fixture.run(&[], 0);
    assert!(log.contains("matches no object") && log.contains("*.html") && log.lines().count() == 1, "{log}");
    assert_eq!(
        fixture.texts("documents", "source_uri"),
        ["s3://reports/in/july.txt", "s3://reports/in/report 七月.md"]
    );
    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", job.replace("//reports/in/", "//reports").replace("\"*.html\"", "\"other/**\""));
    fixture.run(&[], 0);
    assert!(fixture.texts("documents", "source_uri").contains(&"s3://reports/other/june.txt".to_owned()));
}

#[test]
fn the_same_bytes_under_two_keys_are_one_document() {
    let server = S3Server::new(&[("in/a.txt", REPORTS[0].1), ("in/b.txt", REPORTS[0].1)]);
    let fixture = fixture(&server, "");
    fixture.run(&[], 0);
    let before = fixture.store();
    let log = fixture.run(&["-v"], 0);
    assert!(log.contains("unchanged=1 duplicates=1 forgotten=0 rejected=0"), "{log}");
    assert_eq!(fixture.store(), before);
    assert_eq!(fixture.texts("documents", "source_uri"), ["s3://reports/in/a.txt"]);
}

#[test]
fn a_limit_and_a_dry_run() {
    let server = S3Server::new(&OBJECTS);
    let fixture = fixture(&server, "");
    fixture.run(&["--dry-run"], 0);
    assert!(!fixture.path("store").exists());
    fixture.run(&["--limit", "2"], 0);
    assert_eq!(fixture.count("documents"), 2);
    fixture.run(&["--limit", "2"], 0);
    assert_eq!(fixture.count("documents"), 3);
}

#[test]
fn settings_that_describe_no_bucket_are_a_fault_of_the_configuration() {
    let server = S3Server::new(&OBJECTS);
    let fixture = fixture(&server, "");
    let output =
        zhibiao().arg("run").arg(fixture.path("job.toml")).env_remove("AWS_SECRET_ACCESS_KEY").output().unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78), "{log}");
    assert!(log.contains("job.toml:5: url: s3://reports/in/:") && log.contains("SecretAccessKey"), "{log}");
    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", job.replace("//reports/", "//Reports/"));
    assert!(fixture.run(&[], 78).contains("job.toml:5: url: expected s3://bucket/prefix/"));
    assert_eq!(server.asked(), [""; 0]);
    assert!(!fixture.path("store").exists());
}

#[test]
fn each_provider_is_made_ready_from_the_environment() {
    let fixture = Fixture::new(&[]);
    let settings =
        [("az://reports", "AZURE_STORAGE_ACCOUNT_NAME"), ("s3://reports/a/", "AWS_REGION"), ("gs://reports", "X")];
    for (url, variable) in settings {
        let source = format!("[[source]]\nkind = \"bucket\"\nurl = \"{url}\"\nanonymous = true\n");
        fixture.write("job.toml", format!("name = \"job\"\nstore = \"store\"\n{source}"));
        let mut check = zhibiao();
        check.arg("check").arg(fixture.path("job.toml")).env(variable, "account");
        let output = check.assert().code(0).get_output().clone();
        assert!(String::from_utf8(output.stdout).unwrap().contains("1 buckets"));
    }
    fixture.write("job.toml", fs::read_to_string(fixture.path("job.toml")).unwrap().replace("gs:", "az:"));
    let output = zhibiao().arg("check").arg(fixture.path("job.toml")).assert().code(78).get_output().clone();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("job.toml:5: url: az://reports/:") && log.contains("Account"), "{log}");
}

#[test]
fn a_public_bucket_needs_no_credentials() {
    let server = S3Server::new(&OBJECTS);
    let fixture = fixture(&server, "anonymous = true\n");
    let mut command = zhibiao();
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    command.arg("run").arg(fixture.path("job.toml")).assert().code(0);
    assert_eq!(fixture.count("documents"), 3);
}

#[cfg(unix)]
#[test]
fn a_server_that_says_nothing_does_not_keep_a_run_from_ending() {
    let server = S3Server::new(&OBJECTS);
    server.answer("in/june.txt", Answer::Silence);
    let fixture = fixture(&server, "");
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("zhibiao"));
    command.env("AWS_ACCESS_KEY_ID", KEY).env("AWS_SECRET_ACCESS_KEY", "secret").env("NO_PROXY", "127.0.0.1");
    let mut run = command.arg("run").arg(fixture.path("job.toml")).stderr(Stdio::piped()).spawn().unwrap();
    while !server.asked().contains(&"in/june.txt".to_owned()) {
        std::thread::yield_now();
    }
    std::process::Command::new("kill").arg(run.id().to_string()).status().unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(1));
    assert_eq!(fixture.count("documents"), 0);
}
