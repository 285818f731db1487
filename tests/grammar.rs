//! One sentence at a time: what it states, row by row. The cases lie in `fixtures/grammar.tsv`.

use crate::reading::{Statement, document, statements};

const CASES: &str = include_str!("fixtures/grammar.tsv");

/// A sentence and the rows that it should give.
struct Case {
    line: usize,
    region: &'static str,
    published: &'static str,
    text: String,
    rows: Vec<&'static str>,
}

#[test]
fn every_sentence_gives_its_rows() {
    let cases = cases();
    assert!(cases.len() >= 70, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let found: Vec<String> =
            statements(document(&case.text, case.region, case.published)).iter().map(line).collect();
        if found != case.rows {
            wrong.push(format!(
                "grammar.tsv:{}: {}\n  expected:\n    {}\n  found:\n    {}",
                case.line,
                case.text,
                case.rows.join("\n    "),
                found.join("\n    ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} sentences:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// A row in the notation of the fixture.
pub fn line(row: &Statement) -> String {
    let number = format!("{} {}", row.value_text, row.unit_text);
    let region = row.region_code.as_deref().unwrap_or("-");
    let mut cells = vec![row.surface.replace('\n', "\\n"), row.measure.clone(), number.trim_end().to_owned()];
    cells.extend([row.indicator_name.clone(), region.to_owned(), row.time_period.clone()]);
    cells.extend([row.status.clone(), row.bound.clone()]);
    cells.extend(row.entity.iter().map(|entity| format!("entity={entity}")));
    cells.join("\t")
}

/// Reads the fixture; its head says how it is written.
fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (index, text) in CASES.lines().enumerate().filter(|(_, text)| !text.is_empty() && !text.starts_with('#')) {
        if let Some(row) = text.strip_prefix('\t') {
            cases.last_mut().unwrap().rows.push(row);
            continue;
        }
        let (place, text) = match text.strip_prefix('@') {
            Some(text) => text.split_once(' ').unwrap(),
            None => ("330800", text),
        };
        let (region, published) = place.split_once('/').unwrap_or((place, "2022-08-19"));
        cases.push(Case { line: index + 1, region, published, text: text.replace("\\n", "\n"), rows: Vec::new() });
    }
    cases
}
