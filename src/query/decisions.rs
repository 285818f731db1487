//! What people decided, and whether the rows are still there.

use std::collections::{HashMap, HashSet};

use polars::error::PolarsResult;
use polars::prelude::{Column, DataFrame, SortMultipleOptions};

use crate::model::Decision;
use crate::normalize::schema::{DECISIONS, ENTITIES, OBSERVATIONS};
use crate::store::{Store, StoreError};

/// Columns that find a row again.
const PLACE: [&str; 4] = ["obs_id", "doc_id", "char_start", "char_end"];

/// Every decision in order of time: the columns of `decisions` but for the run's, and `stands`:
///
/// - `yes`: the row is there;
/// - `reread`: newer rules read the number otherwise, and the decision is about what they read;
/// - `gone`: there is no such row, or several of the number;
/// - `past`: there is a later decision about the row.
///
/// # Errors
/// When the store cannot be read.
pub fn decisions(store: &Store) -> Result<DataFrame, StoreError> {
    let path = store.file(&DECISIONS, None);
    let frame = |source| StoreError::Frame { path: path.clone(), source };
    let Some(rows) = store.read(&DECISIONS, None, None)? else { return Ok(DataFrame::empty()) };
    let sorted = rows.sort(DECISIONS.order, SortMultipleOptions::new()).map_err(frame)?;
    let decisions = crate::normalize::decisions(&sorted)?;
    let numbers = numbers(store, &decisions)?;
    let latest: HashMap<&str, &Decision> = decisions.iter().map(|one| (one.obs_id.as_str(), one)).collect();
    let stands = decisions.iter().map(|decision| {
        let rows = numbers.get(&place(decision)).map_or(&[][..], Vec::as_slice);
        match rows {
            _ if latest.get(decision.obs_id.as_str()).is_some_and(|last| last.decided_at > decision.decided_at) => {
                "past"
            }
            rows if rows.contains(&decision.obs_id) => "yes",
            [row] if !latest.contains_key(row.as_str()) => "reread",
            _ => "gone",
        }
    });
    let stands = Column::new("stands".into(), stands.collect::<Vec<&str>>());
    sorted.drop_many(["run_id", "ingested_at"]).hstack(&[stands]).map_err(frame)
}

type Place = (String, i32, i32);

fn place(decision: &Decision) -> Place {
    (decision.doc_id.clone(), decision.char_start.cast_signed(), decision.char_end.cast_signed())
}

/// The rows of each number that something was decided about.
fn numbers(store: &Store, decisions: &[Decision]) -> Result<HashMap<Place, Vec<String>>, StoreError> {
    let wanted: HashSet<Place> = decisions.iter().map(place).collect();
    let mut found: HashMap<Place, Vec<String>> = HashMap::new();
    let ledger = store.ledger()?;
    let documents: HashSet<&str> = decisions.iter().map(|decision| decision.doc_id.as_str()).collect();
    let years: HashSet<i32> =
        documents.iter().filter_map(|id| ledger.get(id)).flat_map(|entry| entry.years()).collect();
    for table in [&OBSERVATIONS, &ENTITIES] {
        for &year in &years {
            let Some(rows) = store.read(table, Some(year), Some(&PLACE))? else { continue };
            let mut take = || -> PolarsResult<()> {
                let (ids, documents) = (rows.column("obs_id")?.str()?, rows.column("doc_id")?.str()?);
                let (starts, ends) = (rows.column("char_start")?.i32()?, rows.column("char_end")?.i32()?);
                for (((id, document), start), end) in
                    ids.iter().zip(documents.iter()).zip(starts.iter()).zip(ends.iter())
                {
                    let (Some(id), Some(document), Some(start), Some(end)) = (id, document, start, end) else {
                        continue;
                    };
                    let place = (document.to_owned(), start, end);
                    if wanted.contains(&place) {
                        found.entry(place).or_default().push(id.to_owned());
                    }
                }
                Ok(())
            };
            take().map_err(|source| StoreError::Frame { path: store.file(table, Some(year)), source })?;
        }
    }
    Ok(found)
}
