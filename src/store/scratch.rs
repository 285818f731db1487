//! Where new files wait for their publication.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder that holds `meta/tmp`, where new files wait: the store, or of a rehearsal a folder that goes with it.
#[derive(Debug)]
pub(super) enum Scratch {
    Store(PathBuf),
    Elsewhere(PathBuf),
}

impl Scratch {
    pub fn path(&self) -> &Path {
        match self {
            Scratch::Store(path) | Scratch::Elsewhere(path) => path,
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Scratch::Elsewhere(path) = self
            && let Err(error) = fs::remove_dir_all(&*path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!("{}: {error}", path.display());
        }
    }
}
