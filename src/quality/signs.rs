//! The sign of a number against the verb before it.

use super::finding::Finding;
use super::statement::Statement;
use crate::config::Plain;
use crate::lexicon::{Class, Lexicon};

/// Longest verb that is looked for, in characters.
const LONGEST_VERB: usize = 8;

/// Numbers whose sign and verb disagree: 增长-8.7%.
pub(super) fn findings<'a>(rule: Plain, lexicon: &Lexicon, statements: &'a [Statement<'a>]) -> Vec<Finding<'a>> {
    let changes = statements.iter().filter(|row| row.is_growth() || matches!(row.measure, "change" | "gap"));
    changes
        .filter_map(|row| {
            let verb = verb(lexicon, row);
            let against = match verb {
                Some((_, Class::Up | Class::Above)) => row.value < 0.0,
                Some((_, Class::Down | Class::Below)) => row.value > 0.0,
                _ => false,
            };
            let word = verb.map_or("its verb", |(word, _)| word);
            (against || row.sign_in_number).then(|| Finding {
                rule: "sign",
                severity: rule.severity,
                rows: vec![row],
                numbers: None,
                evidence: format!("{} is {} behind {word}", row.surface, row.named()),
            })
        })
        .collect()
}

/// The verb right before the number, when its place in the sentence is certain.
fn verb<'a>(lexicon: &Lexicon, row: &Statement<'a>) -> Option<(&'a str, Class)> {
    let mut places = row.sentence.match_indices(row.surface);
    let (Some((at, _)), None) = (places.next(), places.next()) else { return None };
    let start = row.sentence[..at].char_indices().rev().take(LONGEST_VERB).last()?.0;
    let before = &row.sentence[start..at];
    let hit = lexicon.hits(before).last().filter(|hit| hit.end == before.len())?;
    Some((&before[hit.start..hit.end], hit.entry.class?))
}
