//! Whole reports: the rows of every report in `examples/reports`, compared with the ones that were read by eye.
//!
//! `ZHIBIAO_BLESS=1 cargo test golden` writes the fixtures anew. A line that starts with `# known wrong` holds a row as
//! it comes out today although it should not; blessing keeps the mark for as long as the row stays the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use zhibiao::config::Defaults;
use zhibiao::format;
use zhibiao::model::Document;
use zhibiao::pipeline;
use zhibiao::source::{self, Limits};

use crate::reading::{LEXICON, statements};

const KNOWN_WRONG: &str = "# known wrong ";

#[test]
fn the_example_reports_give_the_rows_of_their_fixtures() {
    let bless = std::env::var_os("ZHIBIAO_BLESS").is_some();
    let mut wrong = Vec::new();
    let mut reports = BTreeSet::new();
    for path in texts() {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let found: Vec<String> =
            statements(load(&path)).iter().map(|row| serde_json::to_string(row).unwrap()).collect();
        assert!(!found.is_empty(), "{name} gives no rows");
        let file = fixtures().join(&name).join("expected.jsonl");
        let before = fs::read_to_string(&file).unwrap_or_default();
        if bless {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, marked(&found, &before)).unwrap();
        } else if let Some(difference) = difference(&rows(&before), &found) {
            wrong.push(format!("{}:\n{difference}", file.display()));
        }
        reports.insert(name);
    }
    assert!(reports.len() >= 12, "{reports:?}");
    assert!(wrong.is_empty(), "ZHIBIAO_BLESS=1 rewrites them, after a look:\n{}", wrong.join("\n"));
}

#[test]
fn no_fixture_is_without_its_report() {
    let names: BTreeSet<_> = texts().iter().map(|path| path.file_stem().unwrap().to_owned()).collect();
    let entries = fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap());
    for folder in entries.filter(|entry| entry.path().join("expected.jsonl").exists()) {
        assert!(names.contains(&folder.file_name()), "{}", folder.path().display());
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fixtures() -> PathBuf {
    root().join("tests/fixtures")
}

fn texts() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("examples/reports")).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    paths.sort();
    paths
}

/// The document as a pipeline without defaults would read it.
fn load(path: &Path) -> Document {
    let input = source::read_file(path, &path.to_string_lossy(), Limits::default()).unwrap();
    let mut document = format::document(input).unwrap();
    pipeline::prepare(&LEXICON, &mut document, &Defaults::default());
    document
}

/// The rows of a fixture, marked or not.
fn rows(fixture: &str) -> Vec<String> {
    fixture.lines().map(|line| line.strip_prefix(KNOWN_WRONG).unwrap_or(line).to_owned()).collect()
}

/// A fixture of `found` that marks what `before` marked.
fn marked(found: &[String], before: &str) -> String {
    let known: BTreeSet<&str> = before.lines().filter_map(|line| line.strip_prefix(KNOWN_WRONG)).collect();
    let mark = |row: &String| if known.contains(row.as_str()) { KNOWN_WRONG } else { "" };
    found.iter().map(|row| format!("{}{row}\n", mark(row))).collect()
}

/// The stretch in which the two differ: lines gone with `-`, lines come with `+`.
fn difference(expected: &[String], found: &[String]) -> Option<String> {
    if expected == found {
        return None;
    }
    let same = expected.iter().zip(found).take_while(|(a, b)| a == b).count();
    let (gone, come) = (&expected[same..], &found[same..]);
    let tail = gone.iter().rev().zip(come.iter().rev()).take_while(|(a, b)| a == b).count();
    let gone = gone[..gone.len() - tail].iter().map(|row| format!("- {row}"));
    let come = come[..come.len() - tail].iter().map(|row| format!("+ {row}"));
    Some(gone.chain(come).collect::<Vec<_>>().join("\n"))
}
