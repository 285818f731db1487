//! What a run must keep to before anything is published.

use crate::config::Quality;

/// How many findings a message names.
const NAMED: usize = 3;

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
    /// Too many numbers that cannot be right.
    #[error("new errors in the numbers: {found}, more than quality.max_errors = {limit} allows: {named}")]
    Errors {
        /// New findings of the severity error.
        found: usize,
        /// The most allowed.
        limit: usize,
        /// The first of them.
        named: String,
    },
}

/// Lets a run of `inputs`, of which `rejected` could not be read, pass or not.
///
/// # Errors
/// When the share of rejects is above the limit.
pub fn gate_rejects(quality: &Quality, inputs: usize, rejected: usize) -> Result<(), QualityError> {
    let limit = quality.max_reject_share;
    if rejected as f64 > limit * inputs as f64 {
        return Err(QualityError::Rejects { rejected, inputs, limit });
    }
    Ok(())
}

/// Lets a run pass or not that adds the findings `errors`, each told in words.
///
/// # Errors
/// When there are more than allowed.
pub fn gate_errors(quality: &Quality, errors: &[String]) -> Result<(), QualityError> {
    match quality.max_errors {
        Some(limit) if errors.len() > limit => {
            let named = errors.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join("; ");
            let more = errors.len().saturating_sub(NAMED);
            let named = if more > 0 { format!("{named}; and {more} more") } else { named };
            Err(QualityError::Errors { found: errors.len(), limit, named })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Rules;

    #[test]
    fn the_gates_count() {
        let quality = Quality { max_reject_share: 0.5, max_errors: Some(1), rules: Rules::bundled().unwrap() };
        assert_eq!(gate_rejects(&quality, 0, 0), Ok(()));
        assert_eq!(gate_rejects(&quality, 4, 2), Ok(()));
        assert!(gate_rejects(&quality, 4, 3).is_err());
        let errors: Vec<String> = ["a", "b", "c", "d"].map(str::to_owned).into();
        assert_eq!(gate_errors(&quality, &errors[..1]), Ok(()));
        let message = gate_errors(&quality, &errors).unwrap_err().to_string();
        assert_eq!(
            message,
            "new errors in the numbers: 4, more than quality.max_errors = 1 allows: a; b; c; and 1 more"
        );
        assert_eq!(gate_errors(&Quality { max_errors: None, ..quality }, &errors), Ok(()));
    }
}
