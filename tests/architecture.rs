//! The street has one direction: a stage imports only what stands before it.

use std::fs;
use std::path::Path;

use crate::fixture::files_below;

/// The stages in the order of the street.
const STREET: [&str; 16] = [
    "model",
    "lexicon",
    "config",
    "source",
    "format",
    "document",
    "extract",
    "resolve",
    "normalize",
    "quality",
    "store",
    "query",
    "pipeline",
    "report",
    "export",
    "cli",
];

#[test]
fn no_stage_imports_from_further_down_the_street() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut arrows = 0;
    for (position, stage) in STREET.iter().enumerate() {
        for (path, text) in rust_files(&source.join(stage)) {
            for line in text.lines() {
                for stage in imported(line) {
                    arrows += 1;
                    match STREET.iter().position(|known| *known == stage) {
                        Some(other) if other <= position => {}
                        _ => wrong.push(format!("{}: {}", path, line.trim())),
                    }
                }
            }
        }
    }
    assert!(arrows > 50, "the imports were not found");
    assert!(wrong.is_empty(), "against the stream:\n{}", wrong.join("\n"));
}

#[test]
fn every_module_stands_in_the_street() {
    let library = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for line in library.lines() {
        let declared = line.split_once("mod ").filter(|(before, _)| before.is_empty() || before.starts_with("pub"));
        if let Some(name) = declared.and_then(|(_, rest)| rest.strip_suffix(';')) {
            assert!(STREET.contains(&name), "{name} has no place in the street");
        }
    }
}

/// The stages that a line names through `crate::`.
fn imported(line: &str) -> impl Iterator<Item = &str> {
    let code = line.split("//").next().unwrap_or_default();
    code.match_indices("crate::").map(|(at, path)| {
        let rest = &code[at + path.len()..];
        rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
    })
}

fn rust_files(folder: &Path) -> Vec<(String, String)> {
    let files = files_below(folder).into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    files.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect()
}
