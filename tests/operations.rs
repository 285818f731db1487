//! What a run tells those who watch it: metrics, summaries, logs, and flags from the environment.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::fixture::{Fixture, REPORTS, zhibiao};

/// The samples of a metrics file by name and labels, after checking it by the rules of the text format.
pub fn samples(text: &str) -> BTreeMap<String, f64> {
    let mut samples = BTreeMap::new();
    let (mut families, mut family, mut help) = (BTreeSet::new(), String::new(), String::new());
    assert!(text.ends_with('\n'), "the last line ends");
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            help = rest.split_once(' ').expect("HELP has a text").0.to_owned();
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            assert_eq!(rest, format!("{help} gauge"), "TYPE follows HELP");
            family = help.clone();
            assert!(families.insert(family.clone()), "{family} comes twice");
            assert!(family.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{family}");
        } else {
            let (series, value) = line.rsplit_once(' ').expect("a sample has a value");
            let (name, labels) = series.split_once('{').expect("a sample has labels");
            assert_eq!(name, family, "samples follow their TYPE");
            check_labels(labels);
            assert!(samples.insert(series.to_owned(), value.parse().unwrap()).is_none(), "{series} comes twice");
        }
    }
    samples
}

/// `name="value",…}` with quotes, backslashes and line ends escaped.
fn check_labels(labels: &str) {
    let mut rest = labels;
    loop {
        let (name, value) = rest.split_once("=\"").unwrap_or_else(|| panic!("{labels}"));
        assert!(name.chars().all(|c| c.is_ascii_lowercase()), "{labels}");
        let mut escaped = false;
        let end = value.find(|c| {
            let ends = c == '"' && !escaped;
            assert!(!escaped || ['\\', '"', 'n'].contains(&c), "{labels}");
            escaped = c == '\\' && !escaped;
            ends
        });
        rest = &value[end.expect("a value ends") + 1..];
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return assert_eq!(rest, "}", "{labels}"),
        }
    }
}

/// Runs a fixture and reads its metrics.
fn measured(fixture: &Fixture, code: i32) -> BTreeMap<String, f64> {
    let path = fixture.path("zhibiao.prom");
    fixture.run(&["--metrics-file", path.to_str().unwrap()], code);
    assert!(!fixture.path("zhibiao.prom.new").exists());
    samples(&fs::read_to_string(path).unwrap())
}

#[test]
fn metrics_tell_of_the_last_run_and_remember_the_last_success() {
    let fixture = Fixture::new(&REPORTS);
    fixture.write("reports/broken.txt", b"\0");
    fixture.write("reports/copy.txt", REPORTS[0].1);
    let first = measured(&fixture, 3);
    let of = |samples: &BTreeMap<String, f64>, name: &str, more: &str| {
        samples.get(&format!("zhibiao_{name}{{pipeline=\"job\"{more}}}")).copied()
    };
    for (outcome, count) in [
        ("new", 3.0),
        ("changed", 0.0),
        ("reread", 0.0),
        ("unchanged", 0.0),
        ("duplicate", 1.0),
        ("forgotten", 0.0),
        ("rejected", 1.0),
    ] {
        assert_eq!(of(&first, "last_run_documents", &format!(",outcome=\"{outcome}\"")), Some(count), "{outcome}");
    }
    assert_eq!(of(&first, "last_run_exit_code", ""), Some(3.0));
    let rows = fixture.count("observations") as f64;
    assert_eq!(of(&first, "last_run_rows", ",table=\"observations\""), Some(rows));
    // 2022-07-31 at midnight.
    assert_eq!(of(&first, "newest_period_end_timestamp_seconds", ""), Some(1_659_225_600.0));
    for stage in ["prepare", "read", "publish"] {
        assert!(of(&first, "last_run_duration_seconds", &format!(",stage=\"{stage}\"")).is_some_and(|took| took > 0.0));
    }
    let success = of(&first, "last_success_timestamp_seconds", "").unwrap();
    assert!(success > 1_700_000_000.0 && of(&first, "last_run_timestamp_seconds", "") == Some(success));

    // A run that fails forgets what it cannot know, and not when the last one succeeded.
    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", format!("{job}[quality]\nmax_reject_share = 0.0\n"));
    let failed = measured(&fixture, 4);
    assert_eq!(of(&failed, "last_run_exit_code", ""), Some(4.0));
    assert_eq!(of(&failed, "last_success_timestamp_seconds", ""), Some(success));
    assert!(of(&failed, "last_run_timestamp_seconds", "").is_some_and(|end| end > success));
    assert!(!failed.keys().any(|name| name.contains("documents") || name.contains("duration")));
    assert_eq!(of(&failed, "newest_period_end_timestamp_seconds", ""), Some(1_659_225_600.0));
}

#[test]
fn metrics_of_other_pipelines_stay_and_names_are_escaped() {
    let fixture = Fixture::new(&REPORTS);
    measured(&fixture, 0);
    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", job.replace("\"job\"", r#"'统计 "A\B"'"#));
    let both = measured(&fixture, 0);
    for label in [r#"{pipeline="job"}"#, r#"{pipeline="统计 \"A\\B\""}"#] {
        assert!(both.contains_key(&format!("zhibiao_last_success_timestamp_seconds{label}")), "{both:#?}");
    }
    // Named twice on one line it still has each sample once.
    let (job, path) = (fixture.path("job.toml"), fixture.path("zhibiao.prom"));
    fixture.run(&[job.to_str().unwrap(), "--metrics-file", path.to_str().unwrap()], 0);
    let again = samples(&fs::read_to_string(path).unwrap());
    assert_eq!(again.keys().collect::<Vec<_>>(), both.keys().collect::<Vec<_>>());
}

#[test]
fn a_dry_run_leaves_the_metrics_alone() {
    let fixture = Fixture::new(&REPORTS);
    let path = fixture.path("zhibiao.prom");
    fixture.run(&["--dry-run", "--metrics-file", path.to_str().unwrap()], 0);
    assert!(!path.exists());
}

#[test]
fn files_that_cannot_be_written_are_told_of_before_the_run() {
    let fixture = Fixture::new(&REPORTS);
    for flag in ["--metrics-file", "--summary-file"] {
        let path = fixture.path("nowhere/file");
        let log = fixture.run(&[flag, path.to_str().unwrap()], 2);
        assert!(log.contains(flag) && log.contains("no folder"), "{log}");
        let log = fixture.run(&[flag, fixture.path("reports").to_str().unwrap()], 2);
        assert!(log.contains("expected a file, found a folder"), "{log}");
    }
    assert!(!fixture.path("store").exists());
}

#[test]
fn a_summary_file_tells_of_runs_that_end_well_and_of_those_that_do_not() {
    let fixture = Fixture::new(&REPORTS);
    fixture.write("reports/broken.txt", b"\0");
    let path = fixture.path("summary.json");
    let flags = ["--summary-file", path.to_str().unwrap()];
    let read = || serde_json::from_slice::<Value>(&fs::read(&path).unwrap()).unwrap();
    fixture.run(&flags, 3);
    let partial = read();
    assert_eq!((partial["pipeline"].as_str(), partial["exit_code"].as_u64()), (Some("job"), Some(3)));
    assert_eq!((partial["documents"]["inputs"].as_u64(), partial["documents"]["new"].as_u64()), (Some(4), Some(3)));
    assert_eq!(partial["rejects"][0]["reason"], "binary");
    assert_eq!(partial["newest_period_end"], "2022-07-31");
    assert!(partial["error"].is_null() && partial["began"].as_str() < partial["ended"].as_str());
    assert!(fixture.texts("documents", "run_id").iter().all(|id| partial["run_id"] == id.as_str()));

    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", format!("{job}[quality]\nmax_reject_share = 0.0\n"));
    fixture.run(&flags, 4);
    let failed = read();
    assert_eq!(failed["exit_code"], 4);
    assert!(failed["error"].as_str().is_some_and(|error| error.contains("max_reject_share")), "{failed}");
    assert!(failed["documents"].is_null());
    let fields = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<String>>();
    assert_eq!(fields(&failed), fields(&partial), "the same fields however a run ends");
    let documentation = fs::read_to_string("docs/OPERATIONS.md").unwrap();
    for field in fields(&partial) {
        assert!(documentation.contains(&format!("`{field}`")), "docs/OPERATIONS.md says nothing of {field}");
    }

    // Several pipelines are a list, of all that had their turn.
    let arguments = ["run", "broken.toml", "job.toml", "--summary-file", "summary.json"];
    fixture.write("broken.toml", "name = 3\n");
    zhibiao().current_dir(fixture.path(".")).args(arguments).assert().code(78);
    let list = read();
    let codes: Vec<Option<u64>> = list.as_array().unwrap().iter().map(|run| run["exit_code"].as_u64()).collect();
    assert_eq!((codes, list[0]["pipeline"].as_str()), (vec![Some(78), Some(4)], Some("broken")));
}

#[test]
fn json_logs_name_the_run_and_the_document() {
    let fixture = Fixture::new(&REPORTS);
    fixture.write("reports/broken.txt", b"\0");
    let lines = |flags: &[&str], code| -> Vec<Value> {
        let log = fixture.run(&[&["--log-format", "json"], flags].concat(), code);
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    // Also of warnings when nothing more is logged.
    let quiet = lines(&["--dry-run"], 3);
    assert_eq!(quiet.len(), 1);
    assert!(quiet[0]["span"]["run_id"].is_string() && quiet[0]["span"]["pipeline"] == "job", "{quiet:#?}");
    assert!(quiet[0]["fields"]["doc_id"].as_str().is_some_and(|id| id.len() == 64), "{quiet:#?}");

    let all = lines(&["-vv"], 3);
    let run_ids: BTreeSet<String> = fixture.texts("documents", "run_id").into_iter().collect();
    let run_id = |line: &Value| {
        let spans = line["spans"].as_array().cloned().unwrap_or_default();
        let run_id = spans.iter().find_map(|span| span["run_id"].as_str().map(str::to_owned));
        run_id.or_else(|| line["fields"]["run_id"].as_str().map(str::to_owned))
    };
    for line in &all {
        assert!(run_id(line).is_some_and(|id| run_ids.contains(&id)), "{line:#}");
    }
    let documents: BTreeSet<String> = all
        .iter()
        .filter(|line| line["fields"]["message"] == "read")
        .map(|line| line["span"]["doc_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(documents.into_iter().collect::<Vec<String>>(), fixture.texts("documents", "doc_id"));
    let failed = {
        fixture.write(
            "job.toml",
            fs::read_to_string(fixture.path("job.toml")).unwrap() + "[quality]\nmax_reject_share = 0.0\n",
        );
        lines(&["--full"], 4)
    };
    assert!(failed.iter().all(|line| run_id(line).is_some()), "{failed:#?}");
}

#[test]
fn every_flag_is_an_environment_variable_too() {
    fn walk(command: &clap::Command, flags: &mut usize) {
        for flag in command.get_arguments().filter(|argument| !argument.is_positional()) {
            let name = flag.get_long().unwrap_or_else(|| panic!("{} of {command} has no long name", flag.get_id()));
            let variable = format!("ZHIBIAO_{}", name.to_uppercase().replace('-', "_"));
            assert_eq!(flag.get_env(), Some(variable.as_ref()), "--{name} of {command}");
            // What the logging library reads by itself.
            assert_ne!(variable, "ZHIBIAO_LOG");
            *flags += 1;
        }
        command.get_subcommands().for_each(|command| walk(command, flags));
    }
    let mut flags = 0;
    walk(&zhibiao::cli::command(), &mut flags);
    assert!(flags > 10, "the flags were not found");
}

#[test]
fn a_switch_in_the_environment_is_read_as_yes_or_no() {
    let fixture = Fixture::new(&REPORTS);
    let run = |value: &str, flags: &[&str], code: i32| {
        let job = fixture.path("job.toml");
        zhibiao().env("ZHIBIAO_DRY_RUN", value).arg("run").arg(job).args(flags).assert().code(code);
        fixture.path("store").exists()
    };
    for yes in ["1", "true", "yes", "on"] {
        assert!(!run(yes, &[], 0), "{yes}");
    }
    assert!(!run("maybe", &[], 2));
    // The command line comes first.
    assert!(!run("0", &["--dry-run"], 0));
    assert!(run("0", &[], 0));
    let output = zhibiao().env("ZHIBIAO_VERBOSE", "1").arg("run").arg(fixture.path("job.toml")).output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("INFO done"));
    let job = fixture.path("job.toml");
    let output = zhibiao().env("ZHIBIAO_WAIT_LOCK", "soon").arg("run").arg(job).assert().code(2).get_output().clone();
    assert!(String::from_utf8(output.stderr).unwrap().contains("--wait-lock"));
}

#[test]
fn from_init_to_rows_in_three_commands() {
    let fixture = Fixture::new(&[]);
    let folder = fixture.path("new");
    let init = |arguments: &[&str], code: i32| {
        let output = zhibiao().arg("init").args(arguments).assert().code(code).get_output().clone();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let folder_name = folder.to_str().unwrap();
    let (said, _) = init(&[folder_name, "--name", "衢州"], 0);
    fs::write(folder.join("reports/july.txt"), REPORTS[1].1).unwrap();
    let commands: Vec<Vec<&str>> = said
        .lines()
        .filter_map(|line| line.trim().strip_prefix("zhibiao "))
        .map(|line| line.split(' ').collect())
        .collect();
    assert_eq!(commands.len(), 2, "{said}");
    for command in &commands {
        zhibiao().args(command).assert().code(0);
    }
    let store = zhibiao::store::Store::existing(&folder.join("pipelines/../store")).unwrap();
    assert_eq!(store.ledger().unwrap().len(), 1);
    assert_eq!(store.newest_period_end().unwrap(), Some(jiff::civil::date(2022, 7, 31)));

    // What is there is left alone.
    let file = folder.join("pipelines/衢州.toml");
    fs::write(&file, "mine").unwrap();
    let (_, said) = init(&[folder_name, "--name", "衢州"], 2);
    assert!(said.contains("pipelines/衢州.toml: is there"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    for (name, words) in [("a/b", "expected a name"), ("", "expected a name"), ("..", "expected a name")] {
        let (_, said) = init(&[folder_name, "--name", name], 2);
        assert!(said.contains(words), "{said}");
    }
    fixture.write("file", "");
    let (_, said) = init(&[fixture.path("file").to_str().unwrap()], 2);
    assert!(said.contains("in the way"), "{said}");
}

#[test]
fn manual_and_completions_know_every_command() {
    let stdout = |arguments: &[&str]| {
        String::from_utf8(zhibiao().args(arguments).assert().code(0).get_output().stdout.clone()).unwrap()
    };
    let command = zhibiao::cli::command();
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let fixture = Fixture::new(&[]);
    let folder = fixture.path("man/man1");
    assert_eq!(stdout(&["man", folder.to_str().unwrap()]), "");
    let manual = stdout(&["man"]);
    for name in &names {
        let page = fs::read_to_string(folder.join(format!("zhibiao-{name}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS") && manual.contains(&page), "{name}");
        for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
            assert!(stdout(&["completions", shell]).contains(name), "{name} in {shell}");
        }
    }
    assert!(fs::read_to_string(folder.join("zhibiao.1")).unwrap().contains("Exit codes"));
}
