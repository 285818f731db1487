//! The point of no return: a list of renames that is finished by whoever comes next.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::StoreError;

/// `meta/journal.json`: what is still to be done. All paths are relative to the store's root.
///
/// It is written when every new file is on the disk, so that finishing it needs no space, and doing a step twice is
/// the same as doing it once.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Journal {
    /// New files and the places that they go to, in order; the ledger last.
    pub replace: Vec<(PathBuf, PathBuf)>,
    /// Files that go: partitions that have no rows left, inputs that are forgotten.
    pub remove: Vec<PathBuf>,
}

impl Journal {
    /// Adds the steps of `other`.
    pub fn extend(&mut self, other: Journal) {
        self.replace.extend(other.replace);
        self.remove.extend(other.remove);
    }

    /// Writes the journal down and carries it out.
    pub fn commit(&self, root: &Path) -> Result<(), StoreError> {
        let path = path(root);
        let text = serde_json::to_vec_pretty(self).map_err(|error| StoreError::io(&path)(error.into()))?;
        write_whole(&path, &text)?;
        self.carry_out(root)?;
        fs::remove_file(&path).map_err(StoreError::io(&path))
    }

    fn carry_out(&self, root: &Path) -> Result<(), StoreError> {
        // Removals first: the ledger, last of the replacements, must not be ahead of them.
        for target in &self.remove {
            let target = root.join(target);
            ignore_missing(fs::remove_file(&target)).map_err(StoreError::io(&target))?;
            if let Some(folder) = target.parent() {
                remove_if_empty(folder).map_err(StoreError::io(folder))?;
            }
        }
        for (staged, target) in &self.replace {
            let (staged, target) = (root.join(staged), root.join(target));
            if staged.exists() {
                replace(&staged, &target)?;
            }
        }
        Ok(())
    }
}

/// Brings the store at `root` to rest: finishes a run that died while it published, forgets one that died before.
/// True when there was one to finish.
pub(super) fn recover(root: &Path) -> Result<bool, StoreError> {
    let path = path(root);
    let finished = match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(StoreError::io(&path)(error)),
        Ok(text) => {
            let journal: Journal =
                serde_json::from_slice(&text).map_err(|error| StoreError::io(&path)(error.into()))?;
            journal.carry_out(root)?;
            fs::remove_file(&path).map_err(StoreError::io(&path))?;
            true
        }
    };
    let staged = root.join("meta").join("tmp");
    ignore_missing(fs::remove_dir_all(&staged)).map_err(StoreError::io(&staged))?;
    Ok(finished)
}

/// Writes a small file so that it is there whole or not at all.
///
/// # Errors
/// When it cannot be written; what was at `path` before is still there.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let staged = path.with_added_extension("new");
    let mut file = File::create(&staged).map_err(StoreError::io(&staged))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(StoreError::io(&staged))?;
    replace(&staged, path)
}

/// Renames `staged` to `target` and makes the name itself durable: without the second a power cut can undo the first.
fn replace(staged: &Path, target: &Path) -> Result<(), StoreError> {
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
    fs::rename(staged, target).map_err(StoreError::io(target))?;
    // The folder may be new too, and then its own name lies in the one above.
    for folder in std::iter::once(folder).chain(folder.parent()).filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(StoreError::io(folder))?;
    }
    Ok(())
}

fn remove_if_empty(folder: &Path) -> io::Result<()> {
    match ignore_missing(fs::remove_dir(folder)) {
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
        result => result,
    }
}

fn ignore_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Where the journal of the store at `root` lies.
pub(super) fn path(root: &Path) -> PathBuf {
    root.join("meta").join("journal.json")
}
