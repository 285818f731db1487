//! What `doctor` finds, and what it says to do about it.

use std::fs::{self, File};

use crate::fixture::{Fixture, REPORTS, zhibiao};

/// What `doctor` says of the job and the store of `fixture`.
fn doctor(fixture: &Fixture, code: i32) -> String {
    let output = zhibiao().arg("doctor").arg(fixture.path("job.toml")).assert().code(code).get_output().clone();
    String::from_utf8(output.stdout).unwrap()
}

/// The lines of `findings` that are not good.
fn bad(findings: &str) -> Vec<&str> {
    findings.lines().filter(|line| !line.starts_with("ok ")).collect()
}

#[test]
fn a_sound_job_has_a_line_of_praise_for_everything() {
    let fixture = Fixture::new(&REPORTS);
    assert!(doctor(&fixture, 0).contains("none yet; the first run makes it"));
    assert!(!fixture.path("store").exists(), "looking changes nothing");
    fixture.run(&[], 0);
    let before = fixture.store();
    let findings = doctor(&fixture, 0);
    assert_eq!(bad(&findings), [""; 0]);
    for subject in ["clock", "timezone", "pipeline", "lexicon", "sources", "schedule", "store", "lock", "disk"] {
        assert!(findings.lines().any(|line| line.split_whitespace().nth(1) == Some(subject)), "{subject}\n{findings}");
    }
    let rows = format!("{} observations", fixture.count("observations"));
    assert!(findings.contains(&rows) && findings.contains("3 documents"), "{findings}");
    assert_eq!(fixture.store(), before);
}

#[test]
fn a_wrong_pipeline_file_is_named_with_its_line() {
    let fixture = Fixture::new(&REPORTS);
    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", job.replace("store", "stroe"));
    let findings = doctor(&fixture, 1);
    assert!(bad(&findings)[0].contains("job.toml:2: stroe"), "{findings}");
    fixture.write("job.toml", job.replace("reports/*.txt", "nowhere/*.txt"));
    let findings = doctor(&fixture, 1);
    assert!(bad(&findings)[0].starts_with("FAIL  sources") && findings.contains("nowhere"), "{findings}");
    fixture.write("job.toml", job.replace("*.txt", "*.xml"));
    let findings = doctor(&fixture, 0);
    assert!(bad(&findings)[0].starts_with("warn  sources"), "{findings}");
}

#[test]
fn files_that_are_damaged_missing_or_of_no_table_are_named() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let partition = "store/v1/observations/year=2022/data.parquet";
    let whole = fs::read(fixture.path(partition)).unwrap();
    fixture.write(partition, &whole[..whole.len() - 10]);
    fs::copy(fixture.path("store/v1/dim_region/data.parquet"), fixture.path("store/v1/dim_period/data.parquet"))
        .unwrap();
    fs::remove_file(fixture.path("store/v1/series/year=2022/data.parquet")).unwrap();
    fixture.write("store/v1/notes.txt", "mine");
    let findings = doctor(&fixture, 1);
    let bad = bad(&findings);
    for words in [
        "observations/year=2022/data.parquet: ",
        "dim_period/data.parquet: not the columns of dim_period",
        "series/year=2022/data.parquet: missing",
        "v1/notes.txt: of no table",
    ] {
        assert!(bad.iter().any(|line| line.contains(words)), "{words} not in\n{findings}");
    }
    assert_eq!(bad.len(), 4, "{findings}");
    // What it says to do helps.
    for path in [partition, "store/v1/dim_period/data.parquet", "store/v1/notes.txt"] {
        fs::remove_file(fixture.path(path)).unwrap();
    }
    fixture.run(&["--full"], 0);
    assert!(self::bad(&doctor(&fixture, 0)).is_empty());
}

#[test]
fn who_holds_the_lock_and_what_was_left_behind() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    fs::create_dir_all(fixture.path("store/meta/tmp/parts")).unwrap();
    let findings = doctor(&fixture, 0);
    assert!(findings.contains("warn  leftovers") && findings.contains("meta/tmp"), "{findings}");
    fixture.write("store/meta/journal.json", "{\"replace\": [], \"remove\": []}");
    assert!(doctor(&fixture, 0).contains("the next finishes it"));

    // What lies there while a run is at work is its business.
    let lock = File::options().write(true).open(fixture.path("store/meta/lock")).unwrap();
    lock.lock().unwrap();
    let findings = doctor(&fixture, 0);
    assert!(findings.contains(" is writing") && !findings.contains("leftovers"), "{findings}");
    if fs::read_to_string("/proc/locks").is_ok_and(|locks| locks.contains(&format!(" {} ", std::process::id()))) {
        assert!(findings.contains(&format!("process {} is writing", std::process::id())), "{findings}");
    }
}

#[test]
fn a_schedule_that_nobody_keeps_is_noticed() {
    let fixture = Fixture::new(&REPORTS);
    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", format!("schedule = \"30 6 * * *\"\n{job}"));
    let findings = doctor(&fixture, 0);
    assert!(findings.contains("30 6 * * * is next 20") && findings.contains("06:30 CST, 20"), "{findings}");
    fs::create_dir_all(fixture.path("store/meta")).unwrap();
    fixture.write("store/meta/schedule.json", "{\"job\": \"2001-01-01T00:00:00Z\"}");
    let findings = doctor(&fixture, 0);
    assert!(findings.contains("warn  schedule  job: due since 2001-01-01T22:30:00Z"), "{findings}");
}

#[test]
fn a_store_without_its_pipeline() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    zhibiao().arg("doctor").assert().code(2);
    zhibiao().arg("doctor").arg("--store").arg(fixture.path("store")).assert().code(0);
    fixture.write("store/meta/schema.json", "{\"format\": \"zhibiao\", \"version\": 2}");
    let output =
        zhibiao().env("ZHIBIAO_STORE", fixture.path("store")).arg("doctor").assert().code(1).get_output().clone();
    assert!(String::from_utf8(output.stdout).unwrap().contains("newer zhibiao"));
}
