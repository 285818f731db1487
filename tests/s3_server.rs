//! As much of an S3 server as is needed: a bucket that is listed page by page, whose objects can be fetched, and written,
//! copied and removed, on condition that they are as they were.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
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
    /// Requests that change something, since the server began.
    changes: u64,
    /// What becomes of those after this many.
    fault: Option<(u64, Fault)>,
    /// Requests that wait because they are held.
    held: u64,
}

/// What the server does with requests that change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Refuses them all.
    Refuse,
    /// Lets the first wait until the fault is mended.
    Hold,
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
        let object = Object { bytes, tag, written: state.writes % 60, listed_size: None, answer: Answer::Bytes };
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

    /// The root of a store in the bucket, and the address of the server.
    pub fn root(&self) -> (String, String) {
        (format!("s3://{BUCKET}/store"), format!("http://{}", self.address))
    }

    /// All objects below `prefix`, by what follows it.
    pub fn objects(&self, prefix: &str) -> BTreeMap<String, Vec<u8>> {
        let state = self.state();
        let objects = state.objects.iter().filter_map(|(key, object)| Some((key.strip_prefix(prefix)?, object)));
        objects.map(|(name, object)| (name.to_owned(), object.bytes.clone())).collect()
    }

    /// Requests that changed something, or were refused.
    pub fn changes(&self) -> u64 {
        self.state().changes
    }

    /// After `changes` more requests that change something, what is to become of the others.
    pub fn break_after(&self, changes: u64, fault: Fault) {
        let mut state = self.state();
        state.fault = Some((state.changes + changes, fault));
    }

    pub fn mend(&self) {
        self.state().fault = None;
    }

    /// Waits until a request is held.
    pub fn wait_for_held(&self) {
        while !self.is_busy() {
            std::thread::yield_now();
        }
    }

    /// Whether a request is held.
    pub fn is_busy(&self) -> bool {
        self.state().held > 0
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
    let Some(request) = Request::read(&connection)? else { return Ok(()) };
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
    let (bucket, key) =
        request.path.trim_start_matches('/').split_once('/').unwrap_or((request.path.trim_start_matches('/'), ""));
    let is_signed_by_others =
        request.header("authorization").is_some_and(|line| !line.contains(&format!("Credential={KEY}/")));
    if request.is_change() {
        known.changes += 1;
        let number = known.changes;
        let is_held =
            |state: &State| state.fault.is_some_and(|(after, fault)| number == after + 1 && fault == Fault::Hold);
        if is_held(&known) {
            known.held += 1;
            while is_held(&known) {
                drop(known);
                std::thread::sleep(std::time::Duration::from_millis(5));
                known = state.lock().unwrap();
            }
            known.held -= 1;
        }
    }
    let is_refused = request.is_change()
        && known.fault.is_some_and(|(after, fault)| known.changes > after && fault == Fault::Refuse);
    let (status, more, body) = if is_signed_by_others {
        error("403 Forbidden", "InvalidAccessKeyId", "no such key")
    } else if bucket != BUCKET {
        error("404 Not Found", "NoSuchBucket", "no such bucket")
    } else if is_refused {
        error("403 Forbidden", "AccessDenied", "not now")
    } else if request.is_change() {
        change(&mut known, &request, key).unwrap_or_else(|(status, code)| error(status, code, "not as it was"))
    } else if key.is_empty() {
        ("200 OK".to_owned(), String::new(), list(&known, &request.query).into_bytes())
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
    if request.method == "HEAD" { Ok(()) } else { connection.write_all(&body) }
}

struct Request {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn read(connection: &TcpStream) -> std::io::Result<Option<Request>> {
        let mut reader = BufReader::new(connection.try_clone()?);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let mut words = line.split(' ').map(str::to_owned);
        let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let (path, query) = (percent_decoded(path), query.to_owned());
        let mut request = Request { method, path, query, headers, body: Vec::new() };
        let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        request.body.resize(length, 0);
        reader.read_exact(&mut request.body)?;
        Ok(Some(request))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn is_change(&self) -> bool {
        matches!(self.method.as_str(), "PUT" | "POST" | "DELETE")
    }
}

/// Carries out a request that changes something: the answer, or status and code of the refusal.
fn change(
    state: &mut State,
    request: &Request,
    key: &str,
) -> Result<(String, String, Vec<u8>), (&'static str, &'static str)> {
    let done = |more: String, body: String| Ok(("200 OK".to_owned(), more, body.into_bytes()));
    if request.method == "DELETE" {
        state.objects.remove(key);
        return done(String::new(), String::new());
    }
    if request.method == "POST" {
        let body = String::from_utf8(request.body.clone()).unwrap();
        let mut keys = body.split("<Key>").skip(1).filter_map(|rest| rest.split_once("</Key>"));
        let deleted = keys.by_ref().map(|(key, _)| {
            state.objects.remove(key);
            format!("<Deleted><Key>{key}</Key></Deleted>")
        });
        let deleted: String = deleted.collect();
        return done(String::new(), format!("<?xml version=\"1.0\"?><DeleteResult>{deleted}</DeleteResult>"));
    }
    let there = state.objects.get(key);
    if request.header("if-none-match") == Some("*") && there.is_some() {
        return Err(("412 Precondition Failed", "PreconditionFailed"));
    }
    match (request.header("if-match"), there) {
        (Some(_), None) => return Err(("404 Not Found", "NoSuchKey")),
        (Some(tag), Some(there)) if tag.trim_matches('"') != there.tag.trim_matches('"') => {
            return Err(("412 Precondition Failed", "PreconditionFailed"));
        }
        _ => {}
    }
    let bytes = match request.header("x-amz-copy-source") {
        None => request.body.clone(),
        Some(source) => {
            let source = percent_decoded(source);
            let source = source.trim_start_matches('/').strip_prefix(BUCKET).unwrap().trim_start_matches('/');
            state.objects.get(source).ok_or(("404 Not Found", "NoSuchKey"))?.bytes.clone()
        }
    };
    state.writes += 1;
    // Other times than the content's hash: an object that was written again is not the one that was there.
    let tag = format!("\"{:x}-{}\"", xxh3_64(&bytes), state.writes);
    let object =
        Object { bytes, tag: tag.clone(), written: state.writes % 60, listed_size: None, answer: Answer::Bytes };
    state.objects.insert(key.to_owned(), object);
    let body = format!(
        "<?xml version=\"1.0\"?><CopyObjectResult><ETag>{}</ETag>\
         <LastModified>2026-01-01T00:00:00.000Z</LastModified></CopyObjectResult>",
        tag.replace('"', "&quot;")
    );
    done(format!("etag: {tag}\r\n"), if request.header("x-amz-copy-source").is_some() { body } else { String::new() })
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
