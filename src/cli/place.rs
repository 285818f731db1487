//! The store that a command looks at.

use std::path::{Path, PathBuf};

use clap::Args;

use super::CliError;
use crate::config::Root;
use crate::store::Store;

#[derive(Debug, Args)]
pub(super) struct Place {
    /// Root folder of the store, or s3://bucket/prefix, az:// or gs://
    #[arg(long, value_name = "PATH|URL", env = "ZHIBIAO_STORE", default_value = "store")]
    store: PathBuf,
}

impl Place {
    /// The store, which must be there.
    pub fn open(&self) -> Result<Store, CliError> {
        Ok(Store::existing_of(&root(&self.store)?)?)
    }
}

/// The place that is named on the command line.
pub(super) fn root(given: &Path) -> Result<Root, CliError> {
    match given.to_str() {
        Some(text) => {
            Root::parse(text, Path::new("")).map_err(|message| CliError::Argument(format!("store: {message}")))
        }
        // Whatever it is, it is no url.
        None => Ok(Root::Folder(given.to_owned())),
    }
}
