//! JSONL: one document a line, `{"id", "title", "published", "region", "text"}`.
//!
//! Fields may be null or absent except `text`. Fields of other names are let pass: such files are exports of other
//! systems, and refusing a column that nobody asked for would refuse the document.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use jiff::civil::Date;
use serde::Deserialize;

use super::inputs::sha256;
use super::{Content, Declared, Input, Limits, Reason, Reject};
use crate::model::{DocumentId, Origin, RegionCode};

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Option<Id>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    region: Option<RegionCode>,
    #[serde(default)]
    publisher: Option<String>,
    #[serde(default)]
    text: Option<String>,
}

/// Other systems number their documents.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected an id that is a text or a whole number")]
enum Id {
    Text(String),
    Number(i64),
}

/// The documents of a JSONL file, one at a time: no more than one line is held.
pub struct Lines<R> {
    reader: R,
    uri: String,
    line: usize,
    limits: Limits,
    done: bool,
}

impl Lines<BufReader<File>> {
    /// Opens the file at `path`, known as `uri`.
    ///
    /// # Errors
    /// The file as a reject when it cannot be opened.
    pub fn open(path: &Path, uri: &str, limits: Limits) -> Result<Self, Reject> {
        let file = File::open(path).map_err(|error| Reject {
            uri: uri.to_owned(),
            reason: Reason::Unreadable(error.to_string()),
            id: None,
        })?;
        Ok(Lines::new(BufReader::new(file), uri, limits))
    }
}

impl<R: BufRead> Lines<R> {
    /// The documents that `reader` holds, known as `uri`.
    pub fn new(reader: R, uri: &str, limits: Limits) -> Self {
        Lines { reader, uri: uri.to_owned(), line: 0, limits, done: false }
    }

    /// The next line without its end, `None` at the end of the file. A line over the limit is skipped, not held.
    fn next_line(&mut self) -> Result<Option<Vec<u8>>, Reason> {
        let limit = self.limits.document_bytes;
        let mut bytes = Vec::new();
        let read = (&mut self.reader).take(limit + 1).read_until(b'\n', &mut bytes);
        let size = read.map_err(|error| Reason::Unreadable(error.to_string()))? as u64;
        if size == 0 {
            return Ok(None);
        }
        if size > limit && bytes.last() != Some(&b'\n') {
            drop(bytes);
            let rest = self.reader.skip_until(b'\n').map_err(|error| Reason::Unreadable(error.to_string()))?;
            return Err(Reason::TooLarge { size: size + rest as u64, limit });
        }
        Ok(Some(bytes))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Input, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            self.line += 1;
            match self.next_line() {
                Ok(None) => self.done = true,
                Ok(Some(bytes)) if bytes.trim_ascii().is_empty() => {}
                Ok(Some(bytes)) => return Some(parse_line(&bytes, &self.uri, self.line)),
                Err(reason) => {
                    // After a failed read there is no telling where the next line begins.
                    self.done = matches!(reason, Reason::Unreadable(_));
                    return Some(Err(Reject { uri: format!("{}:{}", self.uri, self.line), reason, id: None }));
                }
            }
        }
        None
    }
}

/// The document in line number `line` (from 1) of the file known as `uri`.
///
/// # Errors
/// The line as a reject when it is no JSON document or has no text.
pub fn parse_line(bytes: &[u8], uri: &str, line: usize) -> Result<Input, Reject> {
    let position = format!("{uri}:{line}");
    let reject = |reason| Reject { uri: position.clone(), reason, id: None };
    let json = |message: String| reject(Reason::Json(message));

    let bytes = if line == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
    let given = std::str::from_utf8(bytes).map_err(|error| json(error.to_string()))?.trim();
    let parsed: Line = serde_json::from_str(given).map_err(|error| json(error.to_string()))?;
    let published = match parsed.published.as_deref().map(str::trim).filter(|day| !day.is_empty()) {
        Some(day) => {
            let day = day.parse::<Date>();
            Some(day.map_err(|error| json(format!("published: expected a day such as 2022-08-19: {error}")))?)
        }
        None => None,
    };
    let text = parsed.text.ok_or_else(|| reject(Reason::NoText))?;
    let name = parsed.id.map(|id| match id {
        Id::Text(id) => id,
        Id::Number(id) => id.to_string(),
    });
    let id = match &name {
        Some(name) => sha256(&[name.as_bytes(), b"\0", text.as_bytes()]),
        None => sha256(&[text.as_bytes()]),
    };
    Ok(Input {
        id: DocumentId(id),
        uri: name.as_ref().map_or_else(|| format!("{uri}#{line}"), |name| format!("{uri}#{name}")),
        position,
        name,
        content: Content::Line { text, line: given.to_owned() },
        declared: Declared {
            title: parsed.title,
            published,
            region: parsed.region,
            publisher: parsed.publisher,
            origin: Origin::Field,
        },
        fetched: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, limit: u64) -> Vec<Result<Input, Reject>> {
        Lines::new(text.as_bytes(), "in.jsonl", Limits { document_bytes: limit }).collect()
    }

    #[test]
    fn good_lines_come_through_and_bad_ones_say_where() {
        let text = "{\"id\":\"a\",\"text\":\"x\",\"region\":null}\n\nnot json\n{\"id\":7,\"text\":\"y\",\"more\":1}\n{\"id\":\"c\"}\n";
        let items = read(text, 1000);
        let words: Vec<String> = items
            .iter()
            .map(|item| match item {
                Ok(input) => input.uri.clone(),
                Err(reject) => format!("{} {}", reject.uri, reject.reason.as_str()),
            })
            .collect();
        assert_eq!(words, ["in.jsonl#a", "in.jsonl:3 json", "in.jsonl#7", "in.jsonl:5 no_text"]);
    }

    #[test]
    fn a_line_over_the_limit_is_skipped() {
        let text = format!("{{\"text\":\"{}\"}}\n{{\"text\":\"y\"}}", "x".repeat(100));
        let items = read(&text, 50);
        assert!(matches!(&items[0], Err(Reject { reason: Reason::TooLarge { size: 112, .. }, .. })), "{items:?}");
        assert!(items[1].is_ok());
    }

    #[test]
    fn the_same_text_under_two_ids_is_two_documents() {
        let items = read("{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\"b\",\"text\":\"x\"}", 1000);
        let ids: Vec<&DocumentId> = items.iter().flatten().map(|input| &input.id).collect();
        assert_ne!(ids[0], ids[1]);
    }
}
