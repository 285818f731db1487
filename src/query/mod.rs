//! Reading the store: what its tables say about one question. Never writes and takes no lock.

mod trend;

pub use trend::trend;
