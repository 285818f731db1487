//! One sentence at a time: what it states, row by row. The cases lie in `fixtures/grammar.tsv`.

use crate::reading::{Statement, statements};
use crate::sentences::Sentences;

const SENTENCES: Sentences =
    Sentences { name: "grammar.tsv", text: include_str!("fixtures/grammar.tsv"), published: "2022-08-19", least: 70 };

#[test]
fn every_sentence_gives_its_rows() {
    SENTENCES.check(|document| statements(document).iter().map(line).collect());
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
