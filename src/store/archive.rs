//! Raw inputs, so that better rules can read everything again without fetching it.
//!
//! They lie in packs, a few for all runs: what a run brings in is one pack, and packs that are small are taken into the next
//! ([`gather`]). A pack is a run of zstd frames, one an input, and behind them the index of what is where, in a frame that zstd
//! skips: `zstd -dc` prints all that a pack holds.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::digest::{Digest, digest};
use super::journal::Journal;
use super::layout::files_below;
use super::writer::staged;
use crate::model::DocumentId;
use crate::source::is_of;

/// A pack that has this many bytes is closed, and no other is taken into it: forgetting a document writes its pack anew.
const LARGEST_PACK: u64 = 256 << 20;

/// First bytes of a frame that zstd skips; the length of what is in it follows, in four bytes.
const SKIPPABLE: [u8; 4] = 0x184d_2a5e_u32.to_le_bytes();

/// Last bytes of a pack, behind the number of its inputs.
const MARK: [u8; 4] = *b"ZBP1";

/// Bytes of an input in the index: digest, place and length.
const ENTRY_BYTES: usize = 32 + 8 + 4;

/// Bytes of the number of inputs and the mark.
const END_BYTES: usize = 8;

/// Compresses inputs, one after the other.
#[derive(Default)]
pub struct Packer {
    /// For all of them: making one costs more than packing a small input.
    compressor: Option<zstd::bulk::Compressor<'static>>,
}

impl Packer {
    /// Compresses the `bytes` of the input `id`.
    ///
    /// # Errors
    /// When zstd refuses.
    pub fn pack(&mut self, id: &DocumentId, bytes: &[u8]) -> io::Result<Packed> {
        let compressor = match &mut self.compressor {
            Some(compressor) => compressor,
            none => none.insert(zstd::bulk::Compressor::new(0)?),
        };
        Ok(Packed { id: id.clone(), bytes: compressor.compress(bytes)? })
    }
}

/// The bytes of an input, compressed for the archive.
#[derive(Debug)]
pub struct Packed {
    id: DocumentId,
    bytes: Vec<u8>,
}

/// Where in a pack an input is.
#[derive(Clone, Copy, Debug)]
struct Member {
    digest: Digest,
    start: u64,
    length: u32,
}

/// A pack and its index, sorted by digest.
#[derive(Debug)]
struct Pack {
    path: PathBuf,
    bytes: u64,
    members: Vec<Member>,
}

/// What the archive of a store holds, at the moment that it was opened.
#[derive(Debug)]
pub struct Archive {
    meta: PathBuf,
    packs: Vec<Pack>,
    /// Packs whose index cannot be read.
    broken: Vec<PathBuf>,
}

impl Archive {
    /// Reads the indexes of all packs below `meta`. A pack that has none is as good as not there.
    pub(super) fn open(meta: &Path) -> Result<Archive, StoreError> {
        let (mut packs, mut broken) = (Vec::new(), Vec::new());
        for path in files_below(&meta.join(folder()))? {
            match Pack::open(&path).map_err(StoreError::io(&path))? {
                Some(pack) => packs.push(pack),
                None => {
                    tracing::warn!(path = %path.display(), "damaged: a pack of the archive without its index");
                    broken.push(path);
                }
            }
        }
        Ok(Archive { meta: meta.to_owned(), packs, broken })
    }

    /// The bytes of the input `id`, if the archive has them. They are what the id names, or it is an error.
    ///
    /// # Errors
    /// When they cannot be read, or are damaged.
    pub fn get(&self, id: &DocumentId) -> Result<Option<Vec<u8>>, StoreError> {
        let mut damaged = None;
        for (pack, member) in self.members(id) {
            match pack.read(member).and_then(|frame| zstd::decode_all(frame.as_slice())) {
                Ok(bytes) if is_of(&bytes, id) => return Ok(Some(bytes)),
                _ => damaged = Some(StoreError::Archive { path: pack.path.clone() }),
            }
        }
        let path = self.meta.join(single(id));
        match File::open(&path).and_then(zstd::decode_all) {
            Ok(bytes) if is_of(&bytes, id) => Ok(Some(bytes)),
            Ok(_) => Err(StoreError::Archive { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => damaged.map_or(Ok(None), Err),
            Err(error) => Err(StoreError::io(&path)(error)),
        }
    }

    /// Whether it has `packed`, whole.
    fn has(&self, packed: &Packed) -> bool {
        // Mostly the same bytes, and then nothing is to be unpacked; those of another version of zstd differ.
        let same = |(pack, member): (&Pack, Member)| pack.read(member).is_ok_and(|frame| frame == packed.bytes);
        self.members(&packed.id).any(same) || matches!(self.get(&packed.id), Ok(Some(_)))
    }

    /// The places where `id` should be.
    fn members(&self, id: &DocumentId) -> impl Iterator<Item = (&Pack, Member)> {
        let digest = digest(&id.0);
        self.packs.iter().filter_map(move |pack| Some((pack, pack.find(&digest?)?)))
    }
}

impl Pack {
    /// The pack at `path`; `None` when it has no index.
    fn open(path: &Path) -> io::Result<Option<Pack>> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        let tail = |length: usize| -> io::Result<Option<Vec<u8>>> {
            let Some(start) = bytes.checked_sub(length as u64) else { return Ok(None) };
            let mut tail = vec![0; length];
            file.read_exact_at(&mut tail, start).map(|()| Some(tail))
        };
        let Some(end) = tail(END_BYTES)? else { return Ok(None) };
        let Some(count) = end.strip_suffix(&MARK).map(|count| number(count) as usize) else { return Ok(None) };
        let held = count * ENTRY_BYTES + END_BYTES;
        let Some(index) = tail(SKIPPABLE.len() + 4 + held)? else { return Ok(None) };
        let Some(index) = index.strip_prefix(&SKIPPABLE).filter(|index| number(&index[..4]) == held as u64) else {
            return Ok(None);
        };
        let members = index[4..4 + count * ENTRY_BYTES].chunks_exact(ENTRY_BYTES).map(|entry| {
            let mut digest = [0; 32];
            digest.copy_from_slice(&entry[..32]);
            Member { digest, start: number(&entry[32..40]), length: number(&entry[40..]) as u32 }
        });
        Ok(Some(Pack { path: path.to_owned(), bytes, members: members.collect() }))
    }

    fn find(&self, digest: &Digest) -> Option<Member> {
        let place = self.members.binary_search_by_key(digest, |member| member.digest).ok()?;
        Some(self.members[place])
    }

    fn read(&self, member: Member) -> io::Result<Vec<u8>> {
        let mut frame = vec![0; member.length as usize];
        File::open(&self.path)?.read_exact_at(&mut frame, member.start)?;
        Ok(frame)
    }
}

/// A pack that is being written.
#[derive(Debug)]
struct Growing {
    path: PathBuf,
    file: BufWriter<File>,
    bytes: u64,
    members: Vec<Member>,
}

impl Growing {
    fn new(path: PathBuf) -> Result<Growing, StoreError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        }
        let file = File::create(&path).map_err(StoreError::io(&path))?;
        Ok(Growing { path, file: BufWriter::new(file), bytes: 0, members: Vec::new() })
    }

    fn add(&mut self, digest: Digest, frame: &[u8]) -> Result<(), StoreError> {
        let length = u32::try_from(frame.len()).map_err(|_| io::ErrorKind::FileTooLarge.into());
        let length = length.map_err(StoreError::io(&self.path))?;
        self.file.write_all(frame).map_err(StoreError::io(&self.path))?;
        self.members.push(Member { digest, start: self.bytes, length });
        self.bytes += u64::from(length);
        Ok(())
    }

    /// Takes over what `wanted` says of `pack`, as it is.
    fn add_all(&mut self, pack: &Pack, wanted: impl Fn(&Digest) -> bool) -> Result<(), StoreError> {
        let mut members: Vec<&Member> = pack.members.iter().filter(|member| wanted(&member.digest)).collect();
        members.sort_unstable_by_key(|member| member.start);
        let file = File::open(&pack.path).map_err(StoreError::io(&pack.path))?;
        let mut frame = Vec::new();
        for member in members {
            frame.resize(member.length as usize, 0);
            file.read_exact_at(&mut frame, member.start).map_err(StoreError::io(&pack.path))?;
            self.add(member.digest, &frame)?;
        }
        Ok(())
    }

    /// Writes the index, and waits until all is on the disk.
    fn finish(mut self) -> Result<(), StoreError> {
        self.members.sort_unstable_by_key(|member| member.digest);
        let held = self.members.len() * ENTRY_BYTES + END_BYTES;
        let mut index = Vec::with_capacity(SKIPPABLE.len() + 4 + held);
        index.extend(SKIPPABLE);
        index.extend((held as u32).to_le_bytes());
        for member in &self.members {
            index.extend(member.digest);
            index.extend(member.start.to_le_bytes());
            index.extend(member.length.to_le_bytes());
        }
        index.extend((self.members.len() as u32).to_le_bytes());
        index.extend(MARK);
        let written = self.file.write_all(&index).and_then(|()| self.file.flush());
        written.and_then(|()| self.file.get_ref().sync_all()).map_err(StoreError::io(&self.path))
    }
}

/// The raw inputs of a run, on their way into the archive: nothing of it changes before they are published.
#[derive(Debug)]
pub(super) struct Packing {
    root: PathBuf,
    /// What was there before.
    archive: Archive,
    full: Vec<Growing>,
    open: Option<Growing>,
}

impl Packing {
    pub fn new(root: &Path, meta: &Path) -> Result<Packing, StoreError> {
        Ok(Packing { root: root.to_owned(), archive: Archive::open(meta)?, full: Vec::new(), open: None })
    }

    /// Keeps `packed`, unless the archive has it whole.
    pub fn keep(&mut self, packed: &Packed) -> Result<(), StoreError> {
        let Some(digest) = digest(&packed.id.0).filter(|_| !self.archive.has(packed)) else { return Ok(()) };
        if self.open.as_ref().is_some_and(|open| open.bytes >= LARGEST_PACK) {
            self.full.extend(self.open.take());
        }
        let open = match &mut self.open {
            Some(open) => open,
            none => {
                // A place to wait in, whatever the name that it is published under.
                let waiting = staged(&pack_file(&self.full.len().to_string()));
                none.insert(Growing::new(self.root.join(waiting))?)
            }
        };
        open.add(digest, &packed.bytes)
    }

    /// Closes the packs of the run `id`, and takes small ones of earlier runs into the last: files that wait and their
    /// places, and what goes.
    pub fn finish(&mut self, id: &str) -> Result<Journal, StoreError> {
        let mut gone = Vec::new();
        if let Some(open) = &mut self.open {
            for pack in gather(&mut self.archive.packs, open.bytes) {
                open.add_all(&pack, |_| true)?;
                gone.push(relative(&pack.path));
            }
        }
        let mut places = Vec::new();
        for (number, pack) in std::mem::take(&mut self.full).into_iter().chain(self.open.take()).enumerate() {
            pack.finish()?;
            places.push((staged(&pack_file(&number.to_string())), pack_file(&format!("{id}-{number}"))));
        }
        Ok(Journal { replace: places, remove: gone })
    }
}

/// Takes out of `packs` those that a pack of `bytes` takes in: each no larger than twice what is there by then, so that of many
/// runs few packs stay, and what is kept is seldom written again.
fn gather(packs: &mut Vec<Pack>, mut bytes: u64) -> Vec<Pack> {
    packs.sort_by_key(|pack| pack.bytes);
    let taken = packs.iter().take_while(|pack| {
        let is_taken = pack.bytes / 2 <= bytes && bytes + pack.bytes <= LARGEST_PACK;
        bytes += pack.bytes;
        is_taken
    });
    let taken = taken.count();
    packs.drain(..taken).collect()
}

/// Prepares the archive below `root` without the inputs `ids`: packs that wait in the place of others, and files that go.
pub(super) fn without(root: &Path, meta: &Path, ids: impl Iterator<Item = DocumentId>) -> Result<Journal, StoreError> {
    let archive = Archive::open(meta)?;
    if let Some(path) = archive.broken.into_iter().next() {
        // It may hold what is to be forgotten.
        return Err(StoreError::Archive { path });
    }
    let (mut digests, mut gone) = (std::collections::HashSet::new(), Vec::new());
    for id in ids {
        digests.extend(digest(&id.0));
        let single = Path::new("meta").join(single(&id));
        if root.join(&single).is_file() {
            gone.push(single);
        }
    }
    let mut places = Vec::new();
    for pack in &archive.packs {
        let kept = pack.members.iter().filter(|member| !digests.contains(&member.digest)).count();
        let target = relative(&pack.path);
        match kept {
            kept if kept == pack.members.len() => {}
            0 => gone.push(target),
            _ => {
                let waiting = staged(&target);
                let mut growing = Growing::new(root.join(&waiting))?;
                growing.add_all(pack, |digest| !digests.contains(digest))?;
                growing.finish()?;
                places.push((waiting, target));
            }
        }
    }
    Ok(Journal { replace: places, remove: gone })
}

/// A number of up to eight bytes, the lowest first.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The folder of packs, relative to `meta`.
fn folder() -> PathBuf {
    Path::new("raw").join("packs")
}

/// The pack `name`, relative to the store's root.
fn pack_file(name: &str) -> PathBuf {
    Path::new("meta").join(folder()).join(format!("{name}.zst"))
}

/// Place of the pack at `path`, relative to the store's root.
fn relative(path: &Path) -> PathBuf {
    Path::new("meta").join(folder()).join(path.file_name().unwrap_or_default())
}

/// Where earlier versions kept an input by itself, relative to `meta`.
fn single(id: &DocumentId) -> PathBuf {
    Path::new("raw").join(id.0.get(..2).unwrap_or_default()).join(format!("{id}.zst"))
}
