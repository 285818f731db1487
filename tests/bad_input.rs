//! Inputs and stores that are not as they should be: each is named, and what was stored before stays.

use std::fs;

use crate::fixture::{Fixture, REPORTS};

/// Runs a fixture of good reports with one more input; the reason that it was rejected for.
fn rejected(name: &str, content: &[u8]) -> String {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let rows = fixture.texts("observations", "obs_id");
    fixture.write(&format!("reports/{name}"), content);
    let log = fixture.run(&[], 3);
    assert!(log.contains(name), "{log}");
    assert_eq!(fixture.texts("observations", "obs_id"), rows, "what was stored before stays");
    assert_eq!(fixture.count("rejects"), 1);
    // A run that meets the same reject again has nothing new to write, and still says so.
    let before = fixture.store();
    fixture.run(&[], 3);
    assert_eq!(fixture.store(), before);
    let reason = fixture.texts("rejects", "reason").remove(0);
    // A reject does not outlive its cause.
    fs::remove_file(fixture.path(&format!("reports/{name}"))).unwrap();
    fixture.run(&[], 0);
    assert_eq!(fixture.count("rejects"), 0);
    reason
}

#[test]
fn files_that_are_no_texts() {
    let half = &REPORTS[0].1.as_bytes()[..REPORTS[0].1.len() - 3];
    assert_eq!(rejected("empty.txt", b""), "empty");
    assert_eq!(rejected("blank.txt", b" \n\n"), "empty");
    assert_eq!(rejected("image.txt", b"\x89PNG\r\n\x1a\n\0\0\0"), "binary");
    assert_eq!(rejected("half.txt", half), "encoding");
}

#[test]
fn a_file_over_the_limit_is_not_read() {
    let fixture = Fixture::new(&REPORTS);
    // Sparse: 200 MB in name only, which is all that the limit looks at.
    let file = fs::File::create(fixture.path("reports/huge.txt")).unwrap();
    file.set_len(200_000_000).unwrap();
    fixture.run(&[], 3);
    assert_eq!(fixture.texts("rejects", "reason"), ["too_large"]);
    assert_eq!(fixture.count("documents"), 3);
}

#[test]
fn a_text_of_digits_is_a_document_without_statements() {
    let fixture = Fixture::new(&[("digits.txt", "12345678901234567890123456789012345678901234567890")]);
    fixture.run(&[], 0);
    assert_eq!(fixture.texts("documents", "status"), ["empty"]);
    assert_eq!(fixture.count("observations"), 0);
}

#[test]
fn a_sidecar_with_a_misspelt_key() {
    let fixture = Fixture::new(&REPORTS);
    fixture.write("reports/june.txt.meta.toml", "titel = \"六月\"\n");
    assert!(fixture.run(&[], 3).contains("june.txt.meta.toml:1: unknown field `titel`"));
    assert_eq!(fixture.texts("rejects", "reason"), ["sidecar"]);
    assert_eq!(fixture.count("documents"), 2);
}

#[test]
fn lines_of_a_jsonl_file() {
    let text = REPORTS[0].1.trim();
    let fixture = Fixture::jsonl(&format!(
        "{{\"id\":\"a\",\"text\":\"{text}\",\"region\":\"330800\"}}\nnot json\n{{\"id\":\"b\",\"text\":null}}\n\
         {{\"id\":\"a\",\"text\":\"other\"}}\n{{\"id\":\"c\",\"text\":\"{text}\",\"region\":null}}\n",
        text = text.replace('\n', "\\n"),
    ));
    fixture.run(&[], 3);
    assert_eq!(fixture.texts("documents", "source_uri"), ["in.jsonl#a", "in.jsonl#c"]);
    assert_eq!(fixture.texts("rejects", "source_uri"), ["in.jsonl:2", "in.jsonl:3", "in.jsonl:4"]);
    assert_eq!(fixture.texts("rejects", "reason"), ["duplicate", "json", "no_text"]);
    assert_eq!(fixture.texts("rejects", "stage"), ["check", "parse", "parse"]);
}

#[test]
fn too_many_rejects_publish_nothing() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let before = fixture.published();
    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", format!("{job}[quality]\nmax_reject_share = 0.25\n"));
    fixture.write("reports/a.txt", "");
    fixture.write("reports/new.txt", "2021年,全市地区生产总值1875.6亿元,增长8.7%。\n");
    fixture.run(&[], 3);
    fixture.write("reports/b.txt", "");
    fixture.write("reports/new.txt", "2021年,全市地区生产总值1875.7亿元,增长8.7%。\n");
    let after_one = fixture.published();
    assert!(fixture.run(&[], 4).contains("max_reject_share"));
    assert_eq!(fixture.published(), after_one);
    assert_ne!(before, after_one);
}

#[test]
fn a_store_that_cannot_be_one() {
    let fixture = Fixture::new(&REPORTS);
    fixture.write("store", "a file");
    assert!(fixture.run(&[], 78).contains("expected a folder"));
    assert_eq!(fs::read_to_string(fixture.path("store")).unwrap(), "a file");

    // No folder can be made below /proc, whoever asks: the stand-in for a file system that is read-only.
    let fixture = Fixture::new(&REPORTS);
    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", job.replace("\"store\"", "\"/proc/zhibiao\""));
    assert!(fixture.run(&[], 74).contains("/proc/zhibiao"));
}

#[test]
fn a_store_of_another_version_or_another_program_is_left_alone() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    fixture.write("store/meta/schema.json", "{\"format\": \"zhibiao\", \"version\": 2}");
    let before = fixture.store();
    assert!(fixture.run(&["--full"], 78).contains("newer zhibiao"));
    assert_eq!(fixture.store(), before);

    let fixture = Fixture::new(&REPORTS);
    fs::create_dir_all(fixture.path("store/v1/api")).unwrap();
    assert!(fixture.run(&[], 78).contains("no zhibiao store"));
}

#[test]
fn a_full_disk_leaves_the_store_as_it_was() {
    let fixture = Fixture::new(&REPORTS[..1]);
    fixture.run(&[], 0);
    let before = fixture.published();
    fixture.write("reports/july.txt", REPORTS[1].1);
    // The shell's limit on the size of a file stands in for the end of the disk: files can be made, but not filled.
    let program = assert_cmd::cargo::cargo_bin("zhibiao");
    let job = fixture.path("job.toml");
    let script = format!("trap '' XFSZ; ulimit -f 8; exec {} run {}", program.display(), job.display());
    let output = std::process::Command::new("bash").args(["-c", &script]).output().unwrap();
    assert_eq!(output.status.code(), Some(74), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fixture.published(), before);
    fixture.run(&[], 0);
    assert_eq!(fixture.count("documents"), 2);
}
