//! As much of an S3 server as a reader needs: a bucket that is listed page by page and whose objects can be fetched.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;

use xxhash_rust::xxh3::xxh3_64;

/// The access key that the server knows.
pub const KEY: &str = "reader";

/// The name of its bucket.
const BUCKET: &str = "reports";

/// Objects a page of the list.
const PAGE: usize = 2;

/// How the server answers when an object is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Bytes,
    Error,
    Silence,
}

#[derive(Clone, Debug)]
struct Object {
    bytes: Vec<u8>,
    tag: String,
    /// Seconds of the minute in which it was written.
    written: u32,
    /// What the list says; the true size when absent.
    listed_size: Option<u64>,
    answer: Answer,
}

#[derive(Debug, Default)]
struct State {
    objects: BTreeMap<String, Object>,
    /// Keys that were asked for since the last look.
    asked: Vec<String>,
    writes: u32,
    requests: u64,
    without_tags: bool,
    stopped: bool,
}

/// A server on a port of its own, until it is dropped.
pub struct S3Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    listener: Option<JoinHandle<()>>,
}

impl S3Server {
    /// A server with `objects`.
    pub fn new(objects: &[(&str, &str)]) -> S3Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        let listener = std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                if shared.lock().unwrap().stopped {
                    return;
                }
                let state = shared.clone();
                // A client that hangs up is no fault of the server.
                std::thread::spawn(move || serve(connection, &state).ok());
            }
        });
        let server = S3Server { address, state, listener: Some(listener) };
        for (key, content) in objects {
            server.put(key, content);
        }
        server
    }

    /// The keys of a pipeline's source over the prefix `in/` of its bucket.
    pub fn source(&self) -> String {
        let address = self.address;
        format!(
            "[[source]]\nkind = \"bucket\"\nurl = \"s3://{BUCKET}/in/\"\nendpoint = \"http://{address}\"\n\
             allow_http = true\n"
        )
    }

    pub fn put(&self, key: &str, content: impl AsRef<[u8]>) {
        let bytes = content.as_ref().to_vec();
        let mut state = self.state();
        state.writes += 1;
        let tag = format!("\"{:x}\"", xxh3_64(&bytes));
        let object = Object { bytes, tag, written: state.writes, listed_size: None, answer: Answer::Bytes };
        state.objects.insert(key.to_owned(), object);
    }

    /// Writes the object again in another way: the same bytes under a tag of their own.
    pub fn put_again(&self, key: &str) {
        let mut state = self.state();
        state.writes += 1;
        let tag = format!("\"parts-{}\"", state.writes);
        state.objects.get_mut(key).unwrap().tag = tag;
    }

    pub fn remove(&self, key: &str) {
        self.state().objects.remove(key).unwrap();
    }

    /// Has the list give another size than the object has.
    pub fn list_as(&self, key: &str, size: u64) {
        self.state().objects.get_mut(key).unwrap().listed_size = Some(size);
    }

    pub fn answer(&self, key: &str, answer: Answer) {
        self.state().objects.get_mut(key).unwrap().answer = answer;
    }

    /// Gives no tags from now on, as some servers do.
    pub fn leave_out_tags(&self) {
        self.state().without_tags = true;
    }

    /// The keys that were asked for since the last look, sorted.
    pub fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut self.state().asked);
        asked.sort();
        asked
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.state().stopped = true;
        // Wakes the listener, which then lets go of the port.
        TcpStream::connect(self.address).ok();
        if let Some(listener) = self.listener.take() {
            listener.join().ok();
        }
    }
}

/// Answers one request, and closes the connection.
fn serve(mut connection: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut lines = BufReader::new(connection.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let headers: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let target = request.split(' ').nth(1).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = percent_decoded(path);
    let mut known = state.lock().unwrap();
    known.requests += 1;
    // Numbered as real ones are: a message that held the number would differ from run to run.
    let number = known.requests;
    let error = |status: &str, code: &str, message: &str| {
        let body = format!(
            "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message>\
             <RequestId>{number}</RequestId></Error>"
        );
        (status.to_owned(), String::new(), body.into_bytes())
    };
    let (bucket, key) = path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
    let signed = headers.iter().find(|line| line.to_ascii_lowercase().starts_with("authorization:"));
    let (status, more, body) = if signed.is_some_and(|line| !line.contains(&format!("Credential={KEY}/"))) {
        error("403 Forbidden", "InvalidAccessKeyId", "no such key")
    } else if bucket != BUCKET {
        error("404 Not Found", "NoSuchBucket", "no such bucket")
    } else if key.is_empty() {
        ("200 OK".to_owned(), String::new(), list(&known, query).into_bytes())
    } else {
        known.asked.push(key.to_owned());
        match known.objects.get(key).cloned() {
            None => error("404 Not Found", "NoSuchKey", "no such key"),
            Some(object) => match object.answer {
                Answer::Error => error("500 Internal Server Error", "InternalError", "try again"),
                Answer::Silence => {
                    drop(known);
                    // Until the client gives up.
                    connection.set_read_timeout(None)?;
                    return std::io::copy(&mut connection, &mut std::io::sink()).map(|_| ());
                }
                Answer::Bytes => {
                    let mut more = "content-type: Text/Plain; charset=utf-8\r\n".to_owned();
                    if !known.without_tags {
                        write!(more, "etag: {}\r\n", object.tag).ok();
                    }
                    ("200 OK".to_owned(), more, object.bytes)
                }
            },
        }
    };
    drop(known);
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{more}\r\n", body.len());
    connection.write_all(head.as_bytes())?;
    connection.write_all(&body)
}

/// A page of the list, ListObjectsV2.
fn list(state: &State, query: &str) -> String {
    let parameter = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == name).map(|(_, value)| percent_decoded(value)).next()
    };
    let (prefix, after) = (parameter("prefix").unwrap_or_default(), parameter("continuation-token"));
    let wanted = state.objects.iter().filter(|(key, _)| key.starts_with(&prefix));
    let mut wanted = wanted.filter(|(key, _)| after.as_ref().is_none_or(|after| *key > after));
    let page: Vec<_> = wanted.by_ref().take(PAGE).collect();
    let mut list = "<?xml version=\"1.0\"?><ListBucketResult>".to_owned();
    for (key, object) in &page {
        let size = object.listed_size.unwrap_or(object.bytes.len() as u64);
        write!(list, "<Contents><Key>{key}</Key><Size>{size}</Size>").ok();
        write!(list, "<LastModified>2026-01-01T00:00:{:02}.123Z</LastModified>", object.written).ok();
        if !state.without_tags {
            write!(list, "<ETag>{}</ETag>", object.tag.replace('"', "&quot;")).ok();
        }
        list += "</Contents>";
    }
    if let (Some((last, _)), true) = (page.last(), wanted.next().is_some()) {
        write!(list, "<NextContinuationToken>{last}</NextContinuationToken>").ok();
    }
    list + "</ListBucketResult>"
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| first == b'%').and_then(|code| std::str::from_utf8(code).ok());
        let decoded = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(decoded.unwrap_or(first));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap()
}
