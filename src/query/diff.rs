//! What runs changed in `series`.

use std::collections::BTreeMap;

use polars::prelude::{AnyValue, DataFrame};

use crate::normalize::FrameBuilder;
use crate::normalize::schema::CHANGES;
use crate::store::{Store, StoreError};

/// What the runs `runs`, in order of time, changed together: a frame of the table [`CHANGES`] in its order. A value that was changed and
/// changed back is not in it.
///
/// # Errors
/// When a record cannot be read.
pub fn diff(store: &Store, runs: &[String]) -> Result<DataFrame, StoreError> {
    // Of each series and period the cells of its last change, and the value and document from before the first.
    let mut net: BTreeMap<Vec<Option<String>>, [Option<String>; 4]> = BTreeMap::new();
    for run in runs {
        let rows = store.changes(run)?;
        let frame = |source| StoreError::Frame { path: store.root().to_owned(), source };
        for row in 0..rows.height() {
            let cells = CHANGES.columns().map(|column| match rows.column(column.name)?.get(row)? {
                AnyValue::String(text) => Ok(Some(text.to_owned())),
                _ => Ok(None),
            });
            let mut key = cells.collect::<Result<Vec<Option<String>>, _>>().map_err(frame)?;
            let values = key.split_off(key.len() - 4);
            let [old, new, old_document, new_document] = <[_; 4]>::try_from(values).unwrap_or_default();
            match net.get_mut(&key) {
                Some(first) => [first[1], first[3]] = [new, new_document],
                None => {
                    net.insert(key, [old, new, old_document, new_document]);
                }
            }
        }
    }
    let mut changed: Vec<_> = net.into_iter().filter(|(_, values)| values[0] != values[1]).collect();
    let order: Vec<usize> =
        CHANGES.order.iter().filter_map(|name| CHANGES.columns().position(|column| column.name == *name)).collect();
    changed.sort_by(|(a, _), (b, _)| order.iter().map(|&at| &a[at]).cmp(order.iter().map(|&at| &b[at])));
    let mut frame = FrameBuilder::new(&CHANGES);
    for (key, values) in changed {
        let cells = key.into_iter().chain(values).map(Into::into);
        frame.push(CHANGES.columns().map(|column| column.name).zip(cells))?;
    }
    Ok(frame.finish()?)
}
