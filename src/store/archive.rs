//! Raw inputs by hash, so that better rules can read everything again without fetching it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::StoreError;
use crate::model::DocumentId;
use crate::source::is_of;

/// The bytes of an input, compressed for the archive.
#[derive(Debug)]
pub struct Packed {
    id: DocumentId,
    bytes: Vec<u8>,
}

impl Packed {
    /// Compresses the `bytes` of the input `id`.
    ///
    /// # Errors
    /// When zstd refuses.
    pub fn new(id: &DocumentId, bytes: &[u8]) -> std::io::Result<Packed> {
        Ok(Packed { id: id.clone(), bytes: zstd::bulk::compress(bytes, 0)? })
    }
}

/// The bytes of the input `id`, if the archive below `meta` has them. They are what the id names, or it is an error.
pub(super) fn read(meta: &Path, id: &DocumentId) -> Result<Option<Vec<u8>>, StoreError> {
    let path = meta.join(relative_path(id));
    let bytes = match File::open(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        file => file.and_then(zstd::decode_all).map_err(StoreError::io(&path))?,
    };
    if is_of(&bytes, id) { Ok(Some(bytes)) } else { Err(StoreError::Archive { path }) }
}

/// `raw/<first two digits>/<id>.zst`, relative to `meta`.
pub(super) fn relative_path(id: &DocumentId) -> PathBuf {
    Path::new("raw").join(id.0.get(..2).unwrap_or_default()).join(format!("{id}.zst"))
}

/// The raw inputs of a run, written but perhaps not yet on the disk.
#[derive(Debug, Default)]
pub(super) struct Archive {
    files: Vec<PathBuf>,
    /// Those of them that were not there before.
    new: Vec<PathBuf>,
}

impl Archive {
    /// Keeps `packed`; a file that is there and whole is left alone.
    pub fn keep(&mut self, meta: &Path, packed: &Packed) -> Result<(), StoreError> {
        let path = meta.join(relative_path(&packed.id));
        // One that cannot be read was cut short by a crash before it was synced, or damaged since.
        if let Ok(Some(_)) = read(meta, &packed.id) {
            return Ok(());
        }
        if !path.exists() {
            self.new.push(path.clone());
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        }
        fs::write(&path, &packed.bytes).map_err(StoreError::io(&path))?;
        self.files.push(path);
        Ok(())
    }

    /// Takes away everything that was not there before.
    pub fn discard(&self) -> Result<(), StoreError> {
        self.new.iter().try_for_each(|path| fs::remove_file(path).map_err(StoreError::io(path)))
    }

    /// Waits until everything kept is on the disk. Done once a run: file by file as they come would cost a flush each.
    pub fn sync(&self) -> Result<(), StoreError> {
        let folders: BTreeSet<&Path> = self.files.iter().filter_map(|file| file.parent()).collect();
        for path in self.files.iter().map(PathBuf::as_path).chain(folders) {
            File::open(path).and_then(|file| file.sync_all()).map_err(StoreError::io(path))?;
        }
        Ok(())
    }
}
