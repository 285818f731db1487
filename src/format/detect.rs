//! What a file is: by its first bytes, then by what the server said, then by its name.

use crate::model::Format;
use crate::source::{Archive, Limits, Reason};

/// What old office files start with: a file system in a file.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Kinds of files that start with a mark of their own and are not read.
const OTHERS: [(&[u8], &str); 4] = [
    (b"{\\rtf", "RTF"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
];

/// Bytes at the start of a file in which a PDF says that it is one, and a page that it is a page.
const HEAD: usize = 1024;

/// The format of `bytes` that came from `uri` as `media_type`.
///
/// # Errors
/// When it is a kind of file that is not read, or is damaged so that it cannot be told.
pub(super) fn format(bytes: &[u8], uri: &str, media_type: Option<&str>) -> Result<Format, Reason> {
    let head = &bytes[..bytes.len().min(HEAD)];
    if is_pdf(head, uri, media_type) {
        return Ok(Format::Pdf);
    }
    if Archive::<&[u8]>::is_one(bytes) {
        return package(bytes);
    }
    if bytes.starts_with(OLE) {
        return ole(bytes);
    }
    if let Some((_, kind)) = OTHERS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Err(Reason::Unsupported(kind));
    }
    if is_page(head) || says_page(uri, media_type) && has_tag(bytes) {
        return Ok(Format::Html);
    }
    Ok(Format::Text)
}

/// Some programs put a few bytes before the mark.
fn is_pdf(head: &[u8], uri: &str, media_type: Option<&str>) -> bool {
    let at = head.windows(5).position(|window| window == b"%PDF-");
    let says_so = || media_type == Some("application/pdf") || extension(uri) == "pdf";
    at.is_some_and(|at| head[..at].trim_ascii().is_empty() || head.starts_with(b"\xef\xbb\xbf") || says_so())
}

/// What an office package is, by its parts.
fn package(bytes: &[u8]) -> Result<Format, Reason> {
    let names = Archive::open(bytes, Limits::default())?.names();
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    match () {
        () if has("word/") => Ok(Format::Docx),
        () if has("xl/workbook.bin") => Err(Reason::Unsupported("a binary Excel workbook (.xlsb)")),
        () if has("xl/") => Ok(Format::Xlsx),
        () if has("ppt/") => Err(Reason::Unsupported("a PowerPoint file")),
        () if has("OFD.xml") => Err(Reason::Unsupported("an OFD file")),
        () if has("mimetype") => Err(Reason::Unsupported("an OpenDocument file")),
        () => Err(Reason::Unsupported("an archive in an archive")),
    }
}

/// What an old office file is, by the streams in it.
fn ole(bytes: &[u8]) -> Result<Format, Reason> {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(name.len()).any(|window| window == name)
    };
    match () {
        () if has("EncryptedPackage") => Err(Reason::Locked),
        () if has("Workbook") || has("Book") => Ok(Format::Xls),
        () if has("WordDocument") => Err(Reason::Unsupported("a Word file before 2007 (.doc)")),
        () => Err(Reason::Unsupported("an old office file that is no workbook")),
    }
}

/// Whether the text starts as a whole page does: with a doctype, `<html>`, `<head>` or `<body>`.
fn is_page(head: &[u8]) -> bool {
    // UTF-16 is every other byte, and nothing sought here is anything but ASCII.
    let ascii: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0 && byte.is_ascii()).collect();
    let ascii = String::from_utf8_lossy(&ascii).to_ascii_lowercase();
    let mut rest = ascii.trim_start();
    while let Some(end) = match () {
        () if rest.starts_with("<!--") => rest.find("-->").map(|at| at + 3),
        () if rest.starts_with("<?xml") => rest.find("?>").map(|at| at + 2),
        () => None,
    } {
        rest = rest[end..].trim_start();
    }
    ["<!doctype html", "<html", "<head>", "<body"].iter().any(|start| rest.starts_with(start))
}

/// Whether the server or the name says that it is a page.
fn says_page(uri: &str, media_type: Option<&str>) -> bool {
    const MEDIA_TYPES: [&str; 2] = ["text/html", "application/xhtml+xml"];
    media_type.is_some_and(|said| MEDIA_TYPES.contains(&said))
        || ["html", "htm", "shtml", "xhtml"].contains(&extension(uri).as_str())
}

/// Whether there is a tag in it: servers say of texts that they are pages.
fn has_tag(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || pair[1] == b'!'))
}

/// The end of a name behind its last dot, in lower case. What a server is asked behind `?` is no part of the name.
fn extension(uri: &str) -> String {
    let path = if uri.contains("://") { uri.split(['?', '#']).next().unwrap_or_default() } else { uri };
    let file = path.rsplit(['/', '#']).next().unwrap_or_default();
    file.rsplit_once('.').map_or(String::new(), |(_, end)| end.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_come_before_what_is_said() {
        let page = "<!-- x -->\n<!DOCTYPE html><html>".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for (bytes, uri, said, format) in [
            (&b"%PDF-1.4"[..], "a.txt", None, Format::Pdf),
            (b"\n%PDF-1.4", "a.txt", Some("text/html"), Format::Pdf),
            (b"junk %PDF-1.4", "a.pdf", None, Format::Pdf),
            (b"how a %PDF-1.4 begins", "a.txt", None, Format::Text),
            (b"<?xml version='1.0'?> <!doctype HTML>", "a.txt", None, Format::Html),
            (&page, "a", None, Format::Html),
            (b"<p>x</p>", "a.txt", None, Format::Text),
            (b"<p>x</p>", "https://a.cn/b.shtml?c=1.txt", None, Format::Html),
            (b"<p>x</p>", "a", Some("text/html"), Format::Html),
            (b"1 < 2", "a.html", Some("text/html"), Format::Text),
        ] {
            assert_eq!(super::format(bytes, uri, said), Ok(format), "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn what_is_not_read_is_named() {
        let doc = [OLE, b"\0\0W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"].concat();
        for bytes in [&b"{\\rtf1"[..], b"Rar!\x1a\x07", &doc] {
            assert!(matches!(super::format(bytes, "a.pdf", None), Err(Reason::Unsupported(_))));
        }
    }
}
