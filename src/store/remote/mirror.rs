//! The working copy of a bucket, and what is known of how the two agree.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};
use serde::{Deserialize, Serialize};

use super::client::Client;
use crate::store::StoreError;
use crate::store::journal::write_whole;
use crate::store::layout::files_below;

/// Objects that are on their way at once.
pub(super) const CONCURRENT: usize = 8;

/// What belongs to a machine, or to a run that is at work, and is in no copy.
const OF_THE_MACHINE: [&str; 7] = [
    "meta/lock",
    "meta/lock.json",
    "meta/journal.json",
    "meta/schedule.json",
    "meta/schedule.lock",
    "meta/tmp/",
    "meta/seen/",
];

/// The raw inputs: most of the bytes, and nothing that readers look at.
pub(super) const RAW: &str = "meta/raw/";

/// How much of a bucket is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All that a run needs.
    All,
    /// What commands that only read need.
    Readers,
}

impl Extent {
    fn includes(self, name: &str) -> bool {
        let is_of_store = name.starts_with("v1/") || name.starts_with("meta/");
        let is_of_machine =
            OF_THE_MACHINE.iter().any(|own| name == *own || (own.ends_with('/') && name.starts_with(own)));
        is_of_store && !is_of_machine && !name.ends_with(".new") && (self == Extent::All || !name.starts_with(RAW))
    }
}

/// Which files of a copy are which objects of the bucket: a file beside the copy.
#[derive(Debug)]
pub(super) struct Manifest {
    path: PathBuf,
    copies: BTreeMap<String, Copy>,
}

/// An object and the file that it was when they were last the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Copy {
    /// Tag of the object, or when it was written where the server gives none.
    version: String,
    size: u64,
    /// When the file was written, in nanoseconds since 1970: every writer replaces it whole.
    modified: u128,
}

/// What differs from the bucket.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Files that the bucket has not, or otherwise; the ledger last.
    pub written: Vec<String>,
    /// Objects whose files went.
    pub removed: Vec<String>,
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }
}

impl Manifest {
    /// The manifest at `path`. One that cannot be read is as good as none: everything is fetched again.
    pub fn at(path: PathBuf) -> Manifest {
        let copies = fs::read(&path).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
        Manifest { path, copies }
    }

    /// What the copy in `folder` has that the bucket has not.
    pub fn changes(&self, folder: &Path) -> Result<Changes, StoreError> {
        let files = files_in(folder, Extent::All)?;
        let mut written = Vec::new();
        for name in &files {
            if self.copies.get(name).map(|copy| (copy.size, copy.modified)) != Some(state_of(&folder.join(name))?) {
                written.push(name.clone());
            }
        }
        written.sort_by_key(|name| (is_ledger(name), name.clone()));
        let removed = self.copies.keys().filter(|name| files.binary_search(name).is_err()).cloned().collect();
        Ok(Changes { written, removed })
    }

    /// Notes that the file `name` of `folder` is the object `object`.
    pub fn add(&mut self, folder: &Path, name: &str, object: &ObjectMeta) -> Result<(), StoreError> {
        let (size, modified) = state_of(&folder.join(name))?;
        self.copies.insert(name.to_owned(), Copy { version: version(object), size, modified });
        Ok(())
    }

    /// Notes that there is no object `name` any more.
    pub fn remove(&mut self, name: &str) {
        self.copies.remove(name);
    }

    pub fn save(&self) -> Result<(), StoreError> {
        let text = serde_json::to_vec(&self.copies).map_err(|error| StoreError::io(&self.path)(error.into()))?;
        write_whole(&self.path, &text)
    }

    fn has(&self, folder: &Path, name: &str, object: &ObjectMeta) -> bool {
        let Some(copy) = self.copies.get(name).filter(|copy| copy.version == version(object)) else { return false };
        state_of(&folder.join(name)).is_ok_and(|state| state == (copy.size, copy.modified))
    }
}

/// Makes `folder` hold what the bucket holds, as far as `extent` goes.
///
/// # Errors
/// When the bucket cannot be read or the folder not be written.
pub(super) async fn pull(
    client: &Client,
    folder: &Path,
    mut manifest: Manifest,
    extent: Extent,
) -> Result<Manifest, StoreError> {
    let mut objects: BTreeMap<String, ObjectMeta> = BTreeMap::new();
    let mut list = client.store.list(Some(client.prefix()));
    while let Some(object) = list.try_next().await.map_err(client.failed(""))? {
        let name = client.name(&object.location).filter(|name| extent.includes(name) && stays_inside(name));
        objects.extend(name.map(|name| (name, object)));
    }
    for name in files_in(folder, Extent::All)?.iter().filter(|name| !objects.contains_key(*name)) {
        let path = folder.join(name);
        fs::remove_file(&path).map_err(StoreError::io(&path))?;
        // A year without its file would be a year to readers of the folder.
        if let Some(folder) = path.parent() {
            drop(fs::remove_dir(folder));
        }
    }
    manifest.copies.retain(|name, _| objects.contains_key(name));
    let wanted: Vec<(&String, &ObjectMeta)> =
        objects.iter().filter(|(name, object)| !manifest.has(folder, name, object)).collect();
    let fetches = wanted.into_iter().map(|(name, object)| async move {
        let answer = client.store.get(&object.location).await.map_err(client.failed(name))?;
        // What was listed may have been replaced since.
        let meta = answer.meta.clone();
        let path = folder.join(name);
        let staged = path.with_added_extension("new");
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(StoreError::io(parent))?;
        let mut file = File::create(&staged).map_err(StoreError::io(&staged))?;
        let mut chunks = answer.into_stream();
        while let Some(chunk) = chunks.try_next().await.map_err(client.failed(name))? {
            file.write_all(&chunk).map_err(StoreError::io(&staged))?;
        }
        file.sync_all().and_then(|()| fs::rename(&staged, &path)).map_err(StoreError::io(&path))?;
        Ok::<_, StoreError>((name, meta))
    });
    let mut fetched = stream::iter(fetches).buffer_unordered(CONCURRENT);
    while let Some((name, meta)) = fetched.try_next().await? {
        manifest.add(folder, name, &meta)?;
    }
    drop(fetched);
    manifest.save()?;
    Ok(manifest)
}

/// Whether the object `name` is part of the ledger, which goes last.
pub(super) fn is_ledger(name: &str) -> bool {
    name.starts_with("v1/documents/")
}

/// Names of the files below `folder`, in order.
fn files_in(folder: &Path, extent: Extent) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for part in ["meta", "v1"] {
        for path in files_below(&folder.join(part))? {
            let name = path.strip_prefix(folder).ok().and_then(Path::to_str).map(str::to_owned);
            names.extend(name.filter(|name| extent.includes(name)));
        }
    }
    names.sort();
    Ok(names)
}

/// Whether `name` leads to a place below the folder that it is joined to, whoever wrote the object.
fn stays_inside(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

fn version(object: &ObjectMeta) -> String {
    object.e_tag.clone().unwrap_or_else(|| object.last_modified.to_rfc3339())
}

/// Size and time of change of a file; of one that is not there what no file has.
fn state_of(path: &Path) -> Result<(u64, u128), StoreError> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok((u64::MAX, 0)),
        metadata => {
            let metadata = metadata.map_err(StoreError::io(path))?;
            let modified = metadata.modified().map_err(StoreError::io(path))?;
            Ok((metadata.len(), modified.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_holds_what_is_of_the_store_and_nothing_of_a_machine() {
        for name in
            ["v1/series/year=2022/data.parquet", "meta/schema.json", "meta/runs/a.parquet", "meta/forgotten.json"]
        {
            assert!(Extent::All.includes(name) && Extent::Readers.includes(name), "{name}");
        }
        assert!(Extent::All.includes("meta/raw/packs/a.zst") && !Extent::Readers.includes("meta/raw/packs/a.zst"));
        for name in [
            "meta/seen/job.json",
            "meta/lock",
            "meta/lock.json",
            "meta/journal.json",
            "meta/tmp/a/v1/b",
            "notes.txt",
            "v1/a.new",
        ] {
            assert!(!Extent::All.includes(name), "{name}");
        }
        assert!(stays_inside("v1/a/b") && !stays_inside("v1/../../b") && !stays_inside("/etc/b"));
    }
}
