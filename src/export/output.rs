//! A file that is there whole or not at all.

use std::fs::{self, File};
use std::path::Path;

use super::ExportError;

/// Has `write` fill a new file, and puts it at `path`. It is not waited for until it is on the disk: it can be made again.
pub(super) fn put_whole(path: &Path, write: impl FnOnce(&File) -> Result<(), ExportError>) -> Result<(), ExportError> {
    let staged = path.with_added_extension("new");
    let file = File::create(&staged).map_err(ExportError::write(&staged))?;
    let done = write(&file).and_then(|()| fs::rename(&staged, path).map_err(ExportError::write(path)));
    if done.is_err() {
        // Whatever was written is of no use; that it cannot be taken away either is not what went wrong.
        drop(fs::remove_file(&staged));
    }
    done
}
