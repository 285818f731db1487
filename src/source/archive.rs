//! ZIP archives: of inputs, each member one of its own, and the packages that office files are.
//!
//! An archive of a few bytes can stand for any number of others, so everything here is bounded: how many members there
//! are, how large one is, how many times larger than its packed form, and how large all are together.

use std::io::{Cursor, Read};

use encoding_rs::GB18030;
use zip::ZipArchive;
use zip::result::ZipError;

use super::inputs::sha256;
use super::{Content, Declared, Input, Limits, Reason, Reject};
use crate::model::{DocumentId, Fetched};

/// More members than this are not looked at.
const MOST_MEMBERS: usize = 10_000;

/// A member may be this many times larger than its packed form. XML that repeats itself reaches a hundred.
const LARGEST_RATIO: u64 = 400;

/// What is smaller than this may be packed as tightly as it likes.
const SMALL: u64 = 1 << 20;

/// All members together may be this many times larger than the largest document.
const MOST_DOCUMENTS: u64 = 16;

/// An archive may hold archives, and those no others.
const DEEPEST: usize = 2;

/// What a ZIP archive starts with, and an empty one.
const SIGNATURES: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// What stands before the entry of each member in the directory.
const ENTRY: &[u8] = b"PK\x01\x02";

/// A ZIP archive whose members are read within bounds.
pub struct Archive<B> {
    zip: ZipArchive<Cursor<B>>,
    limit: u64,
    left: u64,
}

impl<B: AsRef<[u8]>> Archive<B> {
    /// Whether `bytes` start as an archive does.
    pub fn is_one(bytes: &[u8]) -> bool {
        SIGNATURES.iter().any(|signature| bytes.starts_with(signature))
    }

    /// Opens the archive that `bytes` are. A member may have the size of the largest document.
    ///
    /// # Errors
    /// When they are none, or have too many members.
    pub fn open(bytes: B, limits: Limits) -> Result<Self, Reason> {
        // Before the directory is read into memory: it tells of the members twice, and may say two things.
        let members = bytes.as_ref().windows(ENTRY.len()).filter(|window| *window == ENTRY).count();
        if members > MOST_MEMBERS {
            return Err(Reason::Excessive(format!("an archive of {members} members, expected {MOST_MEMBERS} at most")));
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        let limit = limits.document_bytes;
        Ok(Archive { zip, limit, left: limit.saturating_mul(MOST_DOCUMENTS) })
    }

    /// The names of the members, in the order of the archive. A folder's ends in `/`.
    pub fn names(&self) -> Vec<String> {
        // A name without the mark of UTF-8 is in whatever the packer spoke.
        let decode = |name: &[u8]| match std::str::from_utf8(name) {
            Ok(name) => name.to_owned(),
            Err(_) => GB18030.decode_without_bom_handling(name).0.into_owned(),
        };
        self.zip.file_names_raw().map(decode).collect()
    }

    /// Reads the member number `index`.
    ///
    /// # Errors
    /// When it is locked or damaged, or larger than it may be.
    pub fn read(&mut self, index: usize) -> Result<Vec<u8>, Reason> {
        let member = self.zip.by_index(index).map_err(damaged)?;
        let tight = member.compressed_size().saturating_mul(LARGEST_RATIO).max(SMALL);
        // What a member says of its own size is only believed when it is bad.
        let most = self.limit.min(tight).min(self.left);
        let declared = member.size();
        let mut bytes = Vec::new();
        if declared <= most {
            member.take(most + 1).read_to_end(&mut bytes).map_err(|error| Reason::DamagedArchive(error.to_string()))?;
        }
        let size = declared.max(bytes.len() as u64);
        if size <= most {
            self.left -= bytes.len() as u64;
            return Ok(bytes);
        }
        Err(match most {
            most if most == self.limit => Reason::TooLarge { size, limit: self.limit },
            most if most == self.left => Reason::Excessive(format!(
                "an archive of more than {} bytes",
                self.limit.saturating_mul(MOST_DOCUMENTS)
            )),
            _ => Reason::Excessive(format!("a member {LARGEST_RATIO} times larger than its packed form")),
        })
    }
}

/// Why an archive or a member of it cannot be read.
fn damaged(error: ZipError) -> Reason {
    match error {
        ZipError::InvalidPassword => Reason::Locked,
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Reason::Locked,
        error => Reason::DamagedArchive(error.to_string()),
    }
}

/// The inputs that an input stands for: the members of an archive, else itself.
pub fn members(input: Input, limits: Limits) -> Members {
    let mut members = Members { single: None, open: Vec::new(), limits };
    if let Some(input) = members.enter(input) {
        members.single = Some(input);
    }
    members
}

/// The members of an archive, one after the other.
pub struct Members {
    /// What was no archive, or could not be opened.
    single: Option<Result<Input, Reject>>,
    /// The archive, and the one inside it that is being read.
    open: Vec<Folder>,
    limits: Limits,
}

/// An open archive of inputs.
struct Folder {
    archive: Archive<Vec<u8>>,
    names: Vec<String>,
    next: usize,
    uri: String,
    declared: Declared,
    fetched: Option<Fetched>,
}

impl Members {
    /// Opens `input`, or gives it back when it is no archive of inputs.
    fn enter(&mut self, input: Input) -> Option<Result<Input, Reject>> {
        let Content::Bytes(bytes) = &input.content else { return Some(Ok(input)) };
        if !Archive::<Vec<u8>>::is_one(bytes) {
            return Some(Ok(input));
        }
        match Archive::open(bytes.as_slice(), self.limits).map(|archive| is_package(&archive.names())) {
            Ok(false) => {}
            Ok(true) => return Some(Ok(input)),
            Err(reason) => return Some(Err(input.reject(reason))),
        }
        if self.open.len() == DEEPEST {
            return Some(Err(input.reject(Reason::Unsupported("an archive in an archive in an archive"))));
        }
        let Input { id, uri, mut declared, fetched, content, .. } = input;
        let Content::Bytes(bytes) = content else { return None };
        // What was said of the whole holds for its parts, but for its headline.
        declared.title = None;
        let reject = |uri, reason| Some(Err(Reject { uri, reason, id: Some(id) }));
        match Archive::open(bytes, self.limits) {
            Ok(archive) if archive.names().iter().all(|name| !is_input(name)) => reject(uri, Reason::Empty),
            Ok(mut archive) => {
                // All that lies in an archive counts together, however it is nested.
                archive.left = self.open.last().map_or(archive.left, |outer| outer.archive.left);
                let names = archive.names();
                self.open.push(Folder { archive, names, next: 0, uri, declared, fetched });
                None
            }
            Err(reason) => reject(uri, reason),
        }
    }
}

impl Iterator for Members {
    type Item = Result<Input, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(single) = self.single.take() {
            return Some(single);
        }
        loop {
            let folder = self.open.last_mut()?;
            let index = folder.next;
            let Some(name) = folder.names.get(index) else {
                let left = folder.archive.left;
                self.open.pop();
                if let Some(outer) = self.open.last_mut() {
                    outer.archive.left = left;
                }
                continue;
            };
            folder.next += 1;
            if !is_input(name) {
                continue;
            }
            let uri = format!("{}#{name}", folder.uri);
            let bytes = match folder.archive.read(index) {
                Ok(bytes) => bytes,
                Err(reason) => return Some(Err(Reject { uri, reason, id: None })),
            };
            let id = DocumentId(sha256(&[&bytes]));
            let input = Input {
                declared: folder.declared.clone(),
                fetched: folder.fetched.clone().map(|fetched| Fetched { media_type: None, ..fetched }),
                ..Input::whole(id, &uri, bytes)
            };
            if let Some(member) = self.enter(input) {
                return Some(member);
            }
        }
    }
}

/// Whether the members make up one file of an office program.
fn is_package(names: &[String]) -> bool {
    names.iter().any(|name| ["[Content_Types].xml", "mimetype", "OFD.xml"].contains(&name.as_str()))
}

/// Whether a member is a file, and none of those that systems leave in archives beside what was packed.
fn is_input(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    !file.is_empty() && !name.starts_with("__MACOSX/") && ![".DS_Store", "Thumbs.db", "desktop.ini"].contains(&file)
}
