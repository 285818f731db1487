//! The program as a process among others: the lock, signals, and the scheduler from its start to its end.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::fixture::{Fixture, REPORTS, program};

/// Starts the program, and catches what it says on stderr.
fn start(arguments: &[&str]) -> Child {
    program().args(arguments).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap()
}

/// Waits for `condition`; a machine that is busy may take its time.
fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < Duration::from_secs(120), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Sends a signal to a process.
fn signal(child: &Child, name: &str) {
    let kill = format!("kill -{name} {}", child.id());
    assert!(std::process::Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

/// Exit code and stderr of a process that is told to end.
fn terminate(child: Child) -> (Option<i32>, String) {
    signal(&child, "TERM");
    end(child)
}

fn end(mut child: Child) -> (Option<i32>, String) {
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    (child.wait().unwrap().code(), log)
}

/// Whether some process holds the lock. Not asked by taking it: that could keep the process from it.
fn is_locked(path: &Path) -> bool {
    let Ok(file) = fs::metadata(path) else { return false };
    let held = format!(":{} ", file.ino());
    fs::read_to_string("/proc/locks").unwrap().lines().any(|lock| lock.contains(&held))
}

/// A fixture whose run takes a while, the names of its job and of its lock.
fn slow() -> (Fixture, String) {
    let line = |index: usize| {
        let text = REPORTS[1].1.trim().replace('\n', "\\n").replace("282.7", &format!("{index}.7")).repeat(10);
        format!("{{\"id\":\"{index}\",\"region\":\"330800\",\"text\":\"{text}\"}}\n")
    };
    let fixture = Fixture::jsonl(&(0..300).map(line).collect::<String>());
    let job = fixture.path("job.toml").to_str().unwrap().to_owned();
    (fixture, job)
}

/// Gives the job of `fixture` a schedule that is half a year away.
fn put_schedule(fixture: &Fixture, job: &str, name: &str) -> String {
    let month = (jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).month() + 5) % 12 + 1;
    let text = fs::read_to_string(fixture.path("job.toml")).unwrap();
    let text = text.replace("name = \"job\"", &format!("name = \"{name}\"\nschedule = \"0 0 1 {month} *\""));
    fixture.write(job, text);
    fixture.path(job).to_str().unwrap().to_owned()
}

#[test]
fn of_two_runs_at_once_one_ends_at_once_or_waits_if_it_is_told_to() {
    let (fixture, job) = slow();
    let first = start(&["run", &job]);
    wait_for("the first run to begin", || is_locked(&fixture.path("store/meta/lock")));
    signal(&first, "STOP");
    let waiting = start(&["run", &job, "--wait-lock", "600"]);
    let (code, log) = end(start(&["run", &job]));
    assert_eq!(code, Some(75), "{log}");
    assert!(log.contains("store/meta/lock: another run is writing"), "{log}");
    signal(&first, "CONT");
    assert_eq!([end(first), end(waiting)].map(|(code, _)| code), [Some(0); 2]);
    assert_eq!(fixture.count("documents"), 300);
}

#[test]
fn a_run_that_waits_for_the_lock_gives_up_in_the_end_or_on_a_signal() {
    let fixture = Fixture::new(&REPORTS);
    fixture.run(&[], 0);
    let lock = File::options().write(true).open(fixture.path("store/meta/lock")).unwrap();
    lock.lock().unwrap();
    fixture.run(&["--wait-lock", "1"], 75);
    let job = fixture.path("job.toml");
    let mut waiting = start(&["run", "-v", job.to_str().unwrap(), "--wait-lock", "600"]);
    let mut line = String::new();
    BufReader::new(waiting.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("waiting for another run"), "{line}");
    assert_eq!(terminate(waiting).0, Some(1));
}

#[test]
fn a_run_that_is_told_to_end_while_it_reads_publishes_nothing() {
    let (fixture, job) = slow();
    let run = start(&["run", &job]);
    wait_for("the run to begin", || is_locked(&fixture.path("store/meta/lock")));
    let (code, log) = terminate(run);
    assert_eq!(code, Some(1), "{log}");
    assert!(log.contains("interrupted before publication"), "{log}");
    assert!(!fixture.path("store/v1").exists());
}

#[test]
fn a_scheduler_catches_up_once_and_ends_on_sigterm() {
    let fixture = Fixture::new(&REPORTS);
    fs::create_dir_all(fixture.path("store/meta")).unwrap();
    fixture.write("store/meta/schedule.json", "{\"job\": \"2001-01-01T00:00:00Z\"}");
    let job = put_schedule(&fixture, "job.toml", "job");
    let state = || fs::read_to_string(fixture.path("store/meta/schedule.json")).unwrap();
    let metrics = fixture.path("zhibiao.prom");
    let scheduler = start(&["schedule", "-v", &job, "--metrics-file", metrics.to_str().unwrap()]);
    wait_for("the run that was missed", || !state().contains("2001") && metrics.exists());
    assert_eq!(fixture.count("documents"), 3);
    let second = program().args(["schedule", &job]).output().unwrap();
    assert_eq!(second.status.code(), Some(75));
    let (code, log) = terminate(scheduler);
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(log.matches(" done ").count(), 1, "{log}");

    // A second start has nothing to catch up with.
    let (before, store) = (state(), fixture.published());
    let scheduler = start(&["schedule", "-v", &job]);
    wait_for("the second start", || is_locked(&fixture.path("store/meta/schedule.lock")));
    let (code, log) = terminate(scheduler);
    assert_eq!((code, log.as_str()), (Some(0), ""));
    assert_eq!((state(), fixture.published()), (before, store));
}

#[test]
fn a_first_start_catches_up_with_nothing() {
    let fixture = Fixture::new(&REPORTS);
    let job = put_schedule(&fixture, "job.toml", "job");
    let scheduler = start(&["schedule", "-v", &job]);
    wait_for("the note of the first start", || fixture.path("store/meta/schedule.json").exists());
    assert_eq!(terminate(scheduler), (Some(0), String::new()));
    assert_eq!(fixture.count("documents"), 0);
}

#[test]
fn a_scheduled_run_that_sigterm_cuts_short_is_caught_up_with_later() {
    let (fixture, _) = slow();
    fs::create_dir_all(fixture.path("store/meta")).unwrap();
    let missed = "{\"job\": \"2001-01-01T00:00:00Z\"}";
    fixture.write("store/meta/schedule.json", missed);
    let job = put_schedule(&fixture, "job.toml", "job");
    let scheduler = start(&["schedule", &job]);
    wait_for("the run to begin", || is_locked(&fixture.path("store/meta/lock")));
    let (code, log) = terminate(scheduler);
    assert_eq!(code, Some(0), "{log}");
    assert!(!fixture.path("store/v1").exists());
    assert_eq!(fs::read_to_string(fixture.path("store/meta/schedule.json")).unwrap(), missed);
}

#[test]
fn a_scheduled_run_that_publishes_when_sigterm_comes_finishes_first() {
    let (fixture, _) = slow();
    fs::create_dir_all(fixture.path("store/meta")).unwrap();
    fixture.write("store/meta/schedule.json", "{\"job\": \"2001-01-01T00:00:00Z\"}");
    let job = put_schedule(&fixture, "job.toml", "job");
    let scheduler = start(&["schedule", &job]);
    wait_for("the first file to be published", || fixture.path("store/meta/tmp/v1").exists());
    let (code, log) = terminate(scheduler);
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(fixture.count("documents"), 300);
    assert!(!fixture.path("store/meta/journal.json").exists() && !fixture.path("store/meta/tmp").exists());
    assert!(!fs::read_to_string(fixture.path("store/meta/schedule.json")).unwrap().contains("2001"));
}

#[test]
fn a_pipeline_file_that_breaks_while_the_scheduler_runs_is_reported_and_not_used() {
    let fixture = Fixture::new(&REPORTS);
    fs::create_dir_all(fixture.path("store/meta")).unwrap();
    fixture.write("store/meta/schedule.json", "{\"a\": \"2001-01-01T00:00:00Z\", \"b\": \"2002-01-01T00:00:00Z\"}");
    let (a, b) = (put_schedule(&fixture, "a.toml", "a"), put_schedule(&fixture, "b.toml", "b"));
    fixture.write("store/meta/lock", "");
    let lock = File::options().write(true).open(fixture.path("store/meta/lock")).unwrap();
    lock.lock().unwrap();
    let scheduler = start(&["schedule", &a, &b]);
    wait_for("the scheduler", || is_locked(&fixture.path("store/meta/schedule.lock")));
    // The turn of a comes first, and waits for the store.
    fixture.write("b.toml", "nmae = \"b\"\n");
    drop(lock);
    let state = || fs::read_to_string(fixture.path("store/meta/schedule.json")).unwrap();
    wait_for("both turns", || !state().contains("2001") && !state().contains("2002"));
    let (code, log) = terminate(scheduler);
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("b.toml:1: nmae") && log.contains("exit_code=78"), "{log}");
    let jobs = fixture.texts("documents", "pipeline");
    assert_eq!(jobs, ["a", "a", "a"]);
}

#[test]
fn a_scheduler_refuses_what_it_cannot_schedule() {
    let fixture = Fixture::new(&REPORTS);
    let job = fixture.path("job.toml").to_str().unwrap().to_owned();
    let output = program().args(["schedule", &job]).output().unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78), "{log}");
    assert!(log.contains("job.toml: schedule: expected a cron expression"), "{log}");

    let (a, b) = (put_schedule(&fixture, "a.toml", "one"), put_schedule(&fixture, "b.toml", "one"));
    let output = program().args(["schedule", &a, &b]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("both named \"one\""));

    fs::create_dir_all(fixture.path("store/meta")).unwrap();
    fixture.write("store/meta/schedule.json", "{\"one\": \"yesterday\"}");
    let output = program().args(["schedule", &a]).output().unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78), "{log}");
    assert!(log.contains("schedule.json: expected"), "{log}");
}
