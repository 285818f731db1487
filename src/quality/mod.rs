//! What a run must keep to before anything is published, and what a table must keep to before it is written.

use polars::error::PolarsResult;
use polars::prelude::{DataFrame, UniqueKeepStrategy};

use crate::config::Quality;
use crate::normalize::schema::Table;

/// A run whose result must not be published.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum QualityError {
    /// Too many inputs were rejected.
    #[error("{rejected} of {inputs} inputs rejected, more than quality.max_reject_share = {limit} allows")]
    Rejects {
        /// Inputs rejected.
        rejected: usize,
        /// Inputs seen.
        inputs: usize,
        /// The largest share allowed.
        limit: f64,
    },
}

/// Lets a run of `inputs`, of which `rejected` could not be read, pass or not.
///
/// # Errors
/// When the share of rejects is above the limit.
pub fn gate(quality: Quality, inputs: usize, rejected: usize) -> Result<(), QualityError> {
    let limit = quality.max_reject_share;
    if rejected as f64 > limit * inputs as f64 {
        return Err(QualityError::Rejects { rejected, inputs, limit });
    }
    Ok(())
}

/// `rows` without those whose key was there before; the first of each stays.
///
/// # Errors
/// When polars refuses.
pub fn deduplicate(rows: &DataFrame, table: &Table) -> PolarsResult<DataFrame> {
    let key: Vec<String> = table.key.iter().map(|&name| name.to_owned()).collect();
    rows.unique_stable(Some(&key), UniqueKeepStrategy::First, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_counts_shares() {
        let quality = Quality { max_reject_share: 0.5 };
        assert_eq!(gate(quality, 0, 0), Ok(()));
        assert_eq!(gate(quality, 4, 2), Ok(()));
        assert!(gate(quality, 4, 3).is_err());
    }
}
