//! What a run leaves out, and that leaving it out changes nothing.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use crate::fixture::Fixture;

const LINES: usize = 1_200;

/// A line of JSONL of about a kilobyte.
fn line(id: &str, words: &str) -> String {
    let text = format!("{words}。{}", "全市经济运行总体平稳，稳中有进，市场预期持续改善。".repeat(12));
    serde_json::json!({"id": id, "published": "2022-08-19", "region": "330800", "text": text}).to_string() + "\n"
}

/// A file that is large enough to be noted.
fn large() -> String {
    (0..LINES)
        .map(|index| line(&index.to_string(), &format!("2022年规上工业增加值增长{}.{}%", index % 9, index % 10)))
        .collect()
}

/// A job over `in/*.jsonl`.
fn job() -> Fixture {
    let fixture = Fixture::new(&[]);
    fs::create_dir(fixture.path("in")).unwrap();
    fixture
        .write("job.toml", "name = \"job\"\nstore = \"store\"\n[[source]]\nkind = \"jsonl\"\npath = \"in/*.jsonl\"\n");
    fixture
}

/// Lets the times of files become old enough to be relied on.
fn settle() {
    std::thread::sleep(Duration::from_secs(5));
}

/// Runs, and what the log says was counted.
fn counts(fixture: &Fixture, code: i32) -> (bool, String) {
    let log = fixture.run(&["-v"], code);
    let done = log.lines().find(|line| line.contains(" done ")).unwrap_or_else(|| panic!("{log}"));
    let (_, counts) = done.split_once("inputs=").unwrap();
    (log.contains("not read again"), counts.split(" files_written").next().unwrap().to_owned())
}

#[test]
fn a_large_file_that_did_not_change_is_not_read_and_nobody_could_tell() {
    let (quick, plain) = (job(), job());
    let write = |name: &str, text: &str| [&quick, &plain].iter().for_each(|job| job.write(name, text));
    // The one relies on what it noted, the other has no note and reads everything.
    let run = |code: i32| {
        let (is_left_out, counted) = counts(&quick, code);
        let _ = fs::remove_dir_all(plain.path("store/meta/seen"));
        assert_eq!((false, counted.clone()), counts(&plain, code));
        for (table, key) in
            [("documents", "doc_id"), ("observations", "obs_id"), ("series", "obs_id"), ("rejects", "source_uri")]
        {
            assert_eq!(quick.texts(table, key), plain.texts(table, key), "{table}");
        }
        (is_left_out, counted)
    };
    write("in/5.jsonl", &large());
    settle();
    assert!(!run(0).0);
    let before = quick.store();
    let (is_left_out, counted) = run(0);
    assert!(
        is_left_out && counted.starts_with(&format!("{LINES} new=0 changed=0 reread=0 unchanged={LINES} ")),
        "{counted}"
    );
    assert_eq!(quick.store(), before);

    // Behind it: a new document, one that stands in the large file, one under an id of it, and the end of a broken line.
    let mut more = line("new", "2022年规上工业增加值增长7.5%") + large().lines().nth(7).unwrap() + "\n";
    write!(more, "{}{{\"id\"", line("8", "2022年规上工业增加值增长8.5%")).unwrap();
    write("in/7.jsonl", &more);
    let (is_left_out, counted) = run(3);
    assert!(is_left_out && counted.contains("new=1 ") && counted.contains("rejected=2"), "{counted}");
    assert!(run(3).0);

    // Before it: now the large file is the one with the copy, and must be read.
    write("in/3.jsonl", &(line("other", "2022年规上工业增加值增长6.5%") + large().lines().nth(9).unwrap()));
    assert!(!run(3).0);
    fs::remove_file(quick.path("in/3.jsonl")).unwrap();
    fs::remove_file(plain.path("in/3.jsonl")).unwrap();
    write("in/7.jsonl", "");
    run(0);

    // A note that cannot be read, a ledger that is gone, a changed file: everything is read.
    run(0);
    for entry in fs::read_dir(quick.path("store/meta/seen")).unwrap() {
        fs::write(entry.unwrap().path(), "{").unwrap();
    }
    assert!(!run(0).0);
    for job in [&quick, &plain] {
        fs::remove_dir_all(job.path("store/v1/documents")).unwrap();
    }
    let (is_left_out, counted) = run(0);
    assert!(!is_left_out && counted.contains(&format!("new={LINES} ")), "{counted}");
    write("in/5.jsonl", &large().replace("7.7%", "7.8%"));
    let (is_left_out, counted) = run(0);
    assert!(!is_left_out && !counted.contains("changed=0"), "{counted}");
    // It has only just changed, and could change again unnoticed.
    assert!(!run(0).0);
}

#[test]
fn what_is_read_anew_or_forgotten_is_not_left_out() {
    let fixture = job();
    fixture.write("in/5.jsonl", large());
    settle();
    counts(&fixture, 0);
    assert!(counts(&fixture, 0).0);
    let log = fixture.run(&["-v", "--full"], 0);
    assert!(log.contains(&format!("reread={LINES} ")), "{log}");
    let text = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", format!("{text}[defaults]\nregion = \"330802\"\n"));
    let (is_left_out, counted) = counts(&fixture, 0);
    assert!(!is_left_out && counted.contains(&format!("reread={LINES} ")), "{counted}");
    let (job, id) = (fixture.path("job.toml"), fixture.texts("documents", "doc_id").remove(0));
    crate::fixture::zhibiao().arg("forget").arg(job).arg(&id).assert().code(0);
    let (is_left_out, counted) = counts(&fixture, 0);
    assert!(!is_left_out && counted.contains("forgotten=1"), "{counted}");
}
