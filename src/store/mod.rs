//! The Parquet store: plain files under `v1/`, one a partition, replaced whole and atomically.
//!
//! ```text
//! <root>/v1/<table>/year=YYYY/data.parquet     what readers see, and nothing else
//! <root>/v1/<table>/data.parquet               tables of one file
//! <root>/meta/{schema.json, forgotten.json, lock, schedule.json, schedule.lock, journal.json, tmp/, raw/, runs/, seen/}
//! ```
//!
//! [`remote`] keeps the same files in a bucket.
//!
//! A run stages its rows, merges them into the partitions that they touch, and writes every new partition to `meta/tmp`
//! before it replaces the first. From then on `meta/journal.json` says what is still to be renamed, and whoever opens
//! the store next finishes it; before that a crash leaves nothing but a folder to be cleared. The ledger (`documents`)
//! goes last, so a reader never finds a document whose rows are not there.

mod answer;
mod archive;
mod arrangement;
mod batch;
mod copy;
mod decisions;
mod digest;
mod each;
mod error;
mod forgotten;
mod health;
mod journal;
mod last_runs;
mod layout;
mod ledger;
mod lock;
mod merge;
mod pages;
mod parquet;
mod part;
mod prepare;
mod record;
mod remote;
mod scan;
mod scratch;
mod seen;
mod sheet;
mod staging;
mod verify;
mod window;
mod writer;

pub use answer::encode_any;
pub use archive::{Archive, Packed, Packer};
pub use batch::arrow_schema;
pub use copy::TableFile;
pub use error::StoreError;
pub use forgotten::Forgotten;
pub use health::{Health, Lock};
pub use journal::write_whole;
pub use last_runs::LastRuns;
pub use layout::Store;
pub use ledger::{Entry, Ledger};
pub use merge::Change;
pub use parquet::{encode as encode_parquet, read as read_parquet};
pub use seen::{Seen, SeenFile, Stamp, Tally};
pub use staging::{Staged, Staging};
pub use verify::{Fault, Verdict};
pub use writer::{Published, Writer};
