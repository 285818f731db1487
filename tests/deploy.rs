//! The examples in `deploy/`: their command lines, schedules and metrics are those of this program.

use std::collections::BTreeSet;
use std::fs;

use jiff::tz::TimeZone;
use zhibiao::config::Schedule;

use crate::fixture::{Fixture, REPORTS};

fn example(name: &str) -> String {
    fs::read_to_string(format!("deploy/{name}")).unwrap()
}

/// Checks that the program takes `words` as its arguments.
fn check_arguments(words: &[&str]) {
    let line = std::iter::once("zhibiao").chain(words.iter().copied());
    if let Err(error) = zhibiao::cli::command().try_get_matches_from(line) {
        panic!("{words:?}: {error}");
    }
}

fn check_schedule(expression: &str) {
    Schedule::new(expression, TimeZone::UTC).unwrap_or_else(|error| panic!("{expression}: {error}"));
}

#[test]
fn the_crontab_is_one_that_cron_and_the_program_take() {
    let mut jobs = 0;
    for line in example("crontab").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some((name, _)) = line.split_once('=').filter(|(name, _)| !name.contains(' ')) {
            assert!(["CRON_TZ", "MAILTO"].contains(&name), "{line}");
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        check_schedule(&words[..5].join(" "));
        assert!(!line.contains('%'), "cron ends the command at a percent sign: {line}");
        let program = words.iter().position(|word| *word == "zhibiao").expect("the program is run");
        check_arguments(&words[program + 1..]);
        jobs += 1;
    }
    assert_eq!(jobs, 1);
}

#[test]
fn the_units_of_systemd_call_the_program_as_it_wants() {
    for unit in ["zhibiao.service", "zhibiao-schedule.service"] {
        let text = example(unit);
        let command = text.lines().find_map(|line| line.strip_prefix("ExecStart=/usr/local/bin/zhibiao ")).unwrap();
        check_arguments(&command.split_whitespace().collect::<Vec<&str>>());
    }
}

#[test]
fn the_cron_job_of_kubernetes_calls_the_program_as_it_wants() {
    let text = example("cronjob.yaml");
    let value = |key: &str| {
        text.lines().find_map(|line| line.trim().strip_prefix(key)).unwrap_or_else(|| panic!("no {key}")).trim()
    };
    check_schedule(value("schedule:").trim_matches('"'));
    assert!(TimeZone::get(value("timeZone:")).is_ok());
    let arguments: Vec<String> = serde_json::from_str(value("args:")).unwrap();
    check_arguments(&arguments.iter().map(String::as_str).collect::<Vec<&str>>());
}

#[test]
fn the_alerts_are_about_metrics_that_there_are() {
    let fixture = Fixture::new(&REPORTS);
    let path = fixture.path("zhibiao.prom");
    fixture.run(&["--metrics-file", path.to_str().unwrap()], 0);
    let written = crate::operations::samples(&fs::read_to_string(path).unwrap());
    let written: BTreeSet<&str> = written.keys().filter_map(|series| Some(series.split_once('{')?.0)).collect();
    let alerts = example("alerts.yml");
    let words = alerts.split(|c: char| !c.is_ascii_lowercase() && c != '_');
    let named: BTreeSet<&str> = words.filter(|word| word.starts_with("zhibiao_")).collect();
    assert!(named.len() >= 4, "{named:?}");
    assert!(named.is_subset(&written), "{named:?} of {written:?}");
}
