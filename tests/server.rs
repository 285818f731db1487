//! A web server on loopback that answers as a test wants, well or badly.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Request {
    pub path: String,
    /// By name in lower case.
    pub headers: HashMap<String, String>,
}

/// What is answered.
pub enum Reply {
    /// An answer as it should be.
    Whole { status: u16, headers: Vec<(&'static str, String)>, body: Vec<u8> },
    /// These bytes, and then the end of the connection.
    Raw(Vec<u8>),
    /// These bytes, and then nothing until the client goes.
    Stall(Vec<u8>),
}

impl Reply {
    pub fn status(status: u16) -> Reply {
        Reply::Whole { status, headers: Vec::new(), body: Vec::new() }
    }

    /// A page of HTML.
    pub fn page(body: impl Into<Vec<u8>>) -> Reply {
        Reply::status(200).with("Content-Type", "text/html").body(body)
    }

    pub fn redirect(to: impl Into<String>) -> Reply {
        Reply::status(302).with("Location", to)
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        if let Reply::Whole { headers, .. } = &mut self {
            headers.push((name, value.into()));
        }
        self
    }

    pub fn body(mut self, bytes: impl Into<Vec<u8>>) -> Reply {
        if let Reply::Whole { body, .. } = &mut self {
            *body = bytes.into();
        }
        self
    }
}

/// A server; it is gone when it is dropped.
pub struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Request>>>,
    is_over: Arc<AtomicBool>,
    accepting: Option<thread::JoinHandle<()>>,
}

impl Server {
    /// A server that answers every request but those for `robots.txt`, which it does not have, as `answer` says.
    pub fn new(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Server {
        Server::with_robots(move |request| match request.path.as_str() {
            "/robots.txt" => Reply::status(404),
            _ => answer(request),
        })
    }

    /// A server that answers every request as `answer` says.
    pub fn with_robots(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, is_over) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (answer, log, over) = (Arc::new(answer), asked.clone(), is_over.clone());
        let accepting = thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let (answer, log) = (answer.clone(), log.clone());
                thread::spawn(move || serve(stream.unwrap(), &*answer, &log));
            }
        });
        Server { address, asked, is_over, accepting: Some(accepting) }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The paths that were asked for since the last call, in order, without `robots.txt`.
    pub fn asked(&self) -> Vec<String> {
        let requests = self.requests().into_iter().map(|request| request.path);
        requests.filter(|path| path != "/robots.txt").collect()
    }

    /// What was asked for since the last call.
    pub fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes the one who waits for connections.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

/// Answers one request. A client that goes away is none of the server's business.
fn serve(mut stream: TcpStream, answer: &dyn Fn(&Request) -> Reply, log: &Mutex<Vec<Request>>) {
    let Some(request) = request(&stream) else { return };
    log.lock().unwrap().push(request.clone());
    match answer(&request) {
        Reply::Whole { status, headers, body } => {
            let mut head = format!("HTTP/1.1 {status} -\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
            headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
            let _ = stream.write_all(&[head.as_bytes(), b"\r\n", &body].concat());
        }
        Reply::Raw(bytes) => {
            let _ = stream.write_all(&bytes);
        }
        Reply::Stall(bytes) => {
            let _ = stream.write_all(&bytes);
            let _ = stream.read_to_end(&mut Vec::new());
        }
    }
}

fn request(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let headers = lines.map_while(Result::ok).take_while(|line| !line.is_empty());
    let headers = headers.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    });
    Some(Request { path, headers: headers.collect() })
}
