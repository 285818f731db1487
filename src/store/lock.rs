//! Rights that one process at a time has.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::StoreError;

/// Takes the lock on the file `name` of `folder`, both made if they are not there, as soon as nobody else has it.
///
/// # Errors
/// When it cannot be made or taken.
pub(super) fn wait(folder: &Path, name: &str) -> Result<File, StoreError> {
    fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
    let path = folder.join(name);
    let lock = File::options().create(true).truncate(false).write(true).open(&path);
    lock.and_then(|lock| lock.lock().map(|()| lock)).map_err(StoreError::io(&path))
}

/// Takes the lock on the file `name` of the folder `meta`, both made if they are not there; `held` is the error when another
/// process has it.
///
/// # Errors
/// When it is held, or cannot be made or taken.
pub(super) fn take(meta: &Path, name: &str, held: fn(PathBuf) -> StoreError) -> Result<File, StoreError> {
    fs::create_dir_all(meta).map_err(StoreError::io(meta))?;
    let path = meta.join(name);
    // Locked by the system, not by being there: nothing is left to clear away after a crash.
    let lock = File::options().create(true).truncate(false).write(true).open(&path);
    let lock = lock.map_err(StoreError::io(&path))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(held(path)),
        Err(TryLockError::Error(error)) => Err(StoreError::io(&path)(error)),
    }
}
