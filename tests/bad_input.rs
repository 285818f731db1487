//! Inputs and stores that are not as they should be: each is named, and what was stored before stays.

use std::fs;

use zhibiao::resolve;

use crate::fixture::{Fixture, REPORTS, zhibiao};
use crate::reading::{LEXICON, document, extracted};

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
fn rows_of_a_sentence_that_goes_on_for_pages_hold_what_is_around_their_number() {
    let text = "2022年工业增加值增长1%，".to_owned() + &"出口1.2亿元，进口3.4亿元，".repeat(2000);
    let document = document(&text, "330800", "2022-08-19");
    let reading = resolve::read(&LEXICON, &document);
    let rows = extracted(document, reading);
    let [sentences, surfaces] = ["sentence", "surface"].map(|name| rows.column(name).unwrap().str().unwrap());
    assert!(rows.height() > 4000);
    for (sentence, surface) in sentences.iter().flatten().zip(surfaces.iter().flatten()) {
        assert!(sentence.contains(surface) && text.contains(sentence));
        assert!((1000..4000).contains(&sentence.len()), "{} bytes for {surface}", sentence.len());
    }
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

#[cfg(unix)]
#[test]
fn a_store_that_became_read_only_stays_as_it_is() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;

    const NOBODY: u32 = 65534;
    let fixture = Fixture::new(&REPORTS[..1]);
    fixture.run(&[], 0);
    let before = fixture.store();
    fixture.write("reports/july.txt", REPORTS[1].1);
    fs::set_permissions(fixture.path("."), fs::Permissions::from_mode(0o755)).unwrap();
    set_modes(&fixture.path("store"), 0o555, 0o444);
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("zhibiao"));
    command.arg("run").arg(fixture.path("job.toml")).arg("--full");
    // Root may write whatever the modes say, so that the run has to be someone else's.
    if fs::metadata(fixture.path("job.toml")).unwrap().uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output();
    set_modes(&fixture.path("store"), 0o755, 0o644);
    match output {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            println!("skipped: nobody cannot start {:?}", command.get_program());
        }
        output => {
            let output = output.unwrap();
            let log = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(74), "{log}");
            assert!(log.contains("store"), "{log}");
            assert_eq!(fixture.store(), before);
        }
    }
}

/// Gives every folder and every file below `path` a mode.
#[cfg(unix)]
fn set_modes(path: &std::path::Path, folders: u32, files: u32) {
    use std::os::unix::fs::PermissionsExt;

    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            set_modes(&entry.unwrap().path(), folders, files);
        }
    }
    let mode = if path.is_dir() { folders } else { files };
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn two_documents_with_one_id_leave_the_first_of_an_earlier_run() {
    let line =
        |text: &str| format!("{{\"id\":\"a\",\"region\":\"330800\",\"text\":\"{}\"}}\n", text.replace('\n', "\\n"));
    let fixture = Fixture::jsonl(&line(REPORTS[0].1));
    fixture.run(&[], 0);
    let rows = fixture.texts("observations", "obs_id");
    fixture.write("in.jsonl", line(REPORTS[0].1) + &line(REPORTS[1].1));
    fixture.run(&[], 3);
    assert_eq!(fixture.texts("observations", "obs_id"), rows);
    assert_eq!(fixture.texts("rejects", "reason"), ["duplicate"]);
    // The same line twice is one document, and nothing to complain of.
    fixture.write("in.jsonl", line(REPORTS[0].1).repeat(2));
    fixture.run(&[], 0);
    assert_eq!(fixture.texts("observations", "obs_id"), rows);
}

#[test]
fn texts_on_the_command_line_that_cannot_be_read() {
    let half = &REPORTS[0].1.as_bytes()[..REPORTS[0].1.len() - 3];
    for (name, content, reason) in [
        ("empty.txt", &b""[..], "empty"),
        ("binary.txt", b"\x89PNG\r\n\x1a\n\0\0\0", "binary"),
        ("cut.zip", b"PK\x03\x04\0\0", "damaged"),
        ("half.txt", half, "encoding"),
    ] {
        let fixture = Fixture::new(&[("good.txt", REPORTS[1].1)]);
        fixture.write(name, content);
        let files = [fixture.path(name), fixture.path("reports/good.txt")];
        let output =
            zhibiao().arg("extract").args(files).args(["--format", "jsonl"]).assert().code(3).get_output().clone();
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(log.contains(name) && log.contains(reason), "{log}");
        assert!(String::from_utf8(output.stdout).unwrap().contains("282.7亿元"), "the good one is read all the same");
    }
    let fixture = Fixture::new(&[]);
    fs::File::create(fixture.path("huge.txt")).unwrap().set_len(200_000_000).unwrap();
    let output = zhibiao().arg("extract").arg(fixture.path("huge.txt")).assert().code(3).get_output().clone();
    assert!(String::from_utf8(output.stderr).unwrap().contains("200000000 bytes"));
    assert!(output.stdout.is_empty() || !String::from_utf8(output.stdout).unwrap().contains("obs"));
}

#[test]
fn a_megabyte_of_digits_is_one_number_that_is_not_used() {
    let digits = "1234567890".repeat(100_000);
    let fixture = Fixture::new(&[("digits.txt", &digits)]);
    fixture.run(&[], 0);
    assert_eq!(fixture.count("observations"), 0);
    assert_eq!(fixture.count("numbers"), 1);
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
