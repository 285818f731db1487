//! The words that every stage shares: what an observation is made of.
//!
//! Everything here is a value without behaviour of its own. Definitions follow SDMX (periods, observation status),
//! GB/T 2260 (region codes) and the usage of the National Bureau of Statistics (flow and instant, 现价 and 可比价).

mod decision;
mod document;
mod observation;
mod period;
mod primitive;
mod region;
mod span;
mod terms;

pub use decision::{Decision, Verdict};
pub use document::{Document, DocumentId, Fetched, Format, Origin, Stated};
pub use observation::{Flags, Observation, Reading, Said, Unused};
pub use period::{Basis, Freq, Period, PeriodError};
pub use primitive::{Amount, AmountKind, Primitive, PrimitiveKind};
pub use region::{Level, RegionCode, RegionCodeError};
pub use span::Span;
pub use terms::{Bound, Measure, Reason, Status};
