//! Puts the page where it is wanted: first what lies beside it, then the page, last what no page needs any more.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::data::{Data, encode};
use super::page::page;
use super::{Counts, ReportError};

/// Digits of a hash in the name of a file: enough for any number of reports.
const DIGITS: usize = 16;

/// Writes the page to `path`, and reports to files beside it where all is more than `largest` bytes.
pub(super) fn write(data: Data, path: &Path, largest: usize) -> Result<Counts, ReportError> {
    if path.is_dir() {
        return Err(ReportError::Folder { path: path.to_owned() });
    }
    let bytes = data.tables.len() + data.reports.iter().map(String::len).sum::<usize>();
    let folder = path.with_extension("files");
    let mut beside = BTreeSet::new();
    let page = if bytes > largest {
        fs::create_dir_all(&folder).map_err(ReportError::write(&folder))?;
        let mut names = Vec::with_capacity(data.reports.len());
        for report in &data.reports {
            let name = file_name(report);
            let file = folder.join(&name);
            let script = format!("zhibiao.take(\"{}\", {report});\n", &name[..DIGITS]);
            // Named by what it holds: one that is there is the same, and an older page goes on with its own. One of
            // another length was cut short when the machine stopped.
            if !fs::metadata(&file).is_ok_and(|there| there.len() == script.len() as u64) {
                put(&file, script.as_bytes())?;
            }
            names.push(name[..DIGITS].to_owned());
            beside.insert(name);
        }
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let files = encode(&(name, names))?;
        page(&data.tables, &[], Some(&files))
    } else {
        page(&data.tables, &data.reports, None)
    };
    put(path, page.as_bytes())?;
    sweep(&folder, &beside).map_err(ReportError::write(&folder))?;
    Ok(Counts { bytes: page.len(), files: beside.len(), ..data.counts })
}

/// Writes a file so that whoever opens it finds it whole. It is not waited for until it is on the disk: it can be made
/// again.
fn put(path: &Path, bytes: &[u8]) -> Result<(), ReportError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let staged = path.with_file_name(name);
    fs::write(&staged, bytes).and_then(|()| fs::rename(&staged, path)).map_err(|source| {
        // Whatever was written is of no use; that it cannot be taken away either is not what went wrong.
        drop(fs::remove_file(&staged));
        ReportError::write(path)(source)
    })
}

/// Takes away the files of an older page below `folder`, and the folder when it is empty; nothing else that lies there.
fn sweep(folder: &Path, kept: &BTreeSet<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut left = 0;
    for entry in entries {
        let name = entry?.file_name();
        match name.to_str().filter(|name| is_ours(name) && !kept.contains(*name)) {
            Some(name) => fs::remove_file(folder.join(name))?,
            None => left += 1,
        }
    }
    if left == 0 { fs::remove_dir(folder) } else { Ok(()) }
}

/// Name of the file for an encoded report: the first digits of its hash.
fn file_name(report: &str) -> String {
    let hash = Sha256::digest(report);
    let digits: String = hash.iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect();
    digits + ".js"
}

fn is_ours(name: &str) -> bool {
    let digits = name.strip_suffix(".new").unwrap_or(name).strip_suffix(".js");
    digits.is_some_and(|digits| digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
