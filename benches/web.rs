//! How fast pages of the web become rows: 10 000 small ones, listed twenty a page, from a server on loopback through the
//! program's `run` into a new store; and the same again, when nothing is new.
//!
//! ```text
//! cargo bench --bench web
//! ```

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on fails")]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PAGES: usize = 10_000;
const A_LIST: usize = 20;

fn main() {
    let paragraphs = paragraphs();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let paragraphs = paragraphs.clone();
            thread::spawn(move || serve(stream.unwrap(), &paragraphs));
        }
    });

    let folder = TempDir::new().unwrap();
    let list =
        format!("urls = [\"http://{address}/list/0\"]\nlinks = \"li a\"\nnext = \"a.next\"\nmax_pages = {PAGES}\n");
    let manners = "contact = \"bench\"\ndelay = \"0s\"\nper_host = 8\nat_once = 8\nallow_private = [\"127.0.0.1\"]\n";
    let job = format!(
        "name = \"bench\"\nstore = \"store\"\n[[source]]\nkind = \"web\"\n[source.list]\n{list}[web]\n{manners}"
    );
    fs::write(folder.path().join("job.toml"), job).unwrap();
    for what in ["new", "nothing new"] {
        let began = Instant::now();
        let run = Command::new(env!("CARGO_BIN_EXE_zhibiao")).arg("run").arg(folder.path().join("job.toml")).spawn();
        let peak = peak_memory(run.unwrap());
        let seconds = began.elapsed().as_secs_f64();
        let rate = PAGES as f64 / seconds;
        println!("{what}: {PAGES} pages in {seconds:.1} s, {rate:.0} pages/s, peak memory {} MiB", peak >> 10);
    }
}

/// Waits for `run` to end well; the most memory that it held, in KiB.
fn peak_memory(mut run: Child) -> usize {
    let mut peak = 0;
    loop {
        let status = fs::read_to_string(format!("/proc/{}/status", run.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(peak);
        if let Some(status) = run.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return peak;
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Answers the requests of one connection until the client ends it.
fn serve(mut stream: TcpStream, paragraphs: &[String]) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    while let Some(first) = lines.next() {
        if lines.by_ref().take_while(|line| !line.is_empty()).count() == 0 {
            return;
        }
        let path = first.split(' ').nth(1).unwrap_or_default();
        let (status, body) = match path.rsplit_once('/') {
            Some(("/list", page)) => ("200 OK", list(page.parse().unwrap())),
            Some(("/page", page)) => ("200 OK", page_of(page.parse().unwrap(), paragraphs)),
            _ => ("404 Not Found", String::new()),
        };
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n", body.len());
        if stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).is_err() {
            return;
        }
    }
}

fn list(page: usize) -> String {
    let mut html = String::from("<html><body><ul>");
    for index in page * A_LIST..(page + 1) * A_LIST {
        write!(html, "<li><a href=\"/page/{index}\">经济运行情况之{index}</a><span>2022-08-19</span></li>").unwrap();
    }
    if (page + 1) * A_LIST < PAGES {
        write!(html, "</ul><a class=next href=\"/list/{}\">下一页</a>", page + 1).unwrap();
    }
    html + "</body></html>"
}

fn page_of(index: usize, paragraphs: &[String]) -> String {
    let menu = "<li><a href=\"/\">统计数据</a></li>".repeat(20);
    let text = &paragraphs[index % paragraphs.len()];
    format!("<html><body><ul>{menu}</ul><h1>衢州市经济运行情况之{index}</h1><p>{text}</p></body></html>")
}

/// The longer paragraphs of `examples/reports`.
fn paragraphs() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = paths.filter(|path| path.extension().is_some_and(|kind| kind == "txt"));
    let texts: Vec<String> =
        texts.map(|path| zhibiao::source::decode(&fs::read(path).unwrap(), None).unwrap().0).collect();
    let lines = texts.iter().flat_map(|text| text.lines()).filter(|line| line.len() > 150);
    lines.map(str::to_owned).collect()
}
