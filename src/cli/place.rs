//! The store that a command looks at.

use std::path::PathBuf;

use clap::Args;

use super::CliError;
use crate::store::Store;

#[derive(Debug, Args)]
pub(super) struct Place {
    /// Root folder of the store
    #[arg(long, value_name = "PATH", env = "ZHIBIAO_STORE", default_value = "store")]
    store: PathBuf,
}

impl Place {
    /// The store, which must be there.
    pub fn open(&self) -> Result<Store, CliError> {
        Ok(Store::existing(&self.store)?)
    }
}
