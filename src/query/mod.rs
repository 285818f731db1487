//! Reading the store: what its tables say about one question. Never writes and takes no lock.

mod conflicts;
mod coverage;
mod decisions;
mod diff;
mod error;
mod frequency;
mod readable;
mod series;
mod sql;
mod trend;

pub use conflicts::conflicts;
pub use coverage::{Coverage, coverage, uncatalogued};
pub use decisions::decisions;
pub use diff::diff;
pub use error::QueryError;
pub use frequency::Frequency;
pub(crate) use readable::{number, scale};
pub use series::series;
pub use sql::sql;
pub use trend::{Line, Point, Question, Report, Trend, trend};
