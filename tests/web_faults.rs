//! Sources of the web whose servers behave badly: what cannot be had is named, stops nothing else, and comes later.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::server::{Reply, Request, Server};
use crate::web::{bureau, configure, gzip, job, list, reasons, report, urls};

/// Answers with the fault that a path names.
fn faulty(request: &Request) -> Reply {
    match request.path.as_str() {
        "/gone" => Reply::status(404),
        "/failing" => Reply::status(500),
        "/later" => Reply::status(429).with("Retry-After", "3600"),
        "/no-page" => Reply::status(204),
        "/silent" => Reply::Stall(Vec::new()),
        "/stalled" => Reply::Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<html>".to_vec()),
        "/half" => Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<html>".to_vec()),
        "/no-http" => Reply::Raw(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()),
        "/closed" => Reply::Raw(Vec::new()),
        "/circle" => Reply::redirect("/circle"),
        "/private" => Reply::redirect("http://127.0.0.2:1/"),
        "/metadata" => Reply::redirect("http://169.254.169.254/"),
        "/ftp" => Reply::redirect("ftp://127.0.0.1/"),
        "/large" => Reply::page(vec![b' '; 70_000]),
        "/endless" => Reply::Raw([&b"HTTP/1.1 200 OK\r\n\r\n"[..], &[b' '; 70_000]].concat()),
        // Members of a megabyte, one behind the other: 40 MiB in 40 KiB.
        "/bomb" => Reply::page(gzip(&vec![b' '; 1 << 20]).repeat(40)).with("Content-Encoding", "gzip"),
        "/packed" => Reply::page("x").with("Content-Encoding", "gzip"),
        "/coding" => Reply::page("x").with("Content-Encoding", "compress"),
        _ => Reply::page(report(7, "282.7")),
    }
}

const FAULTS: [(&str, &str); 19] = [
    ("/gone", "status"),
    ("/failing", "status"),
    ("/later", "status"),
    ("/no-page", "status"),
    ("/silent", "timeout"),
    ("/stalled", "timeout"),
    ("/half", "connection"),
    ("/no-http", "connection"),
    ("/closed", "connection"),
    ("/circle", "redirects"),
    ("/private", "address"),
    ("/metadata", "address"),
    ("/ftp", "redirects"),
    ("/large", "too_large"),
    ("/endless", "too_large"),
    ("/bomb", "too_large"),
    ("/packed", "packing"),
    ("/coding", "packing"),
    ("/secret", "robots"),
];

#[test]
fn a_list_that_broke_off_is_followed_on_by_the_next_run() {
    let is_broken = Arc::new(AtomicBool::new(true));
    let broken = is_broken.clone();
    let server = Server::new(move |request| match request.path.as_str() {
        "/2.html" if broken.load(Ordering::SeqCst) => Reply::status(500),
        _ => bureau(request),
    });
    let fixture = job(&list(&server.url("/"), "next = \"a.next\""), "retries = 0");
    fixture.run(&[], 3);
    assert_eq!(fixture.count("documents"), 2);
    assert_eq!(fixture.texts("rejects", "stage"), ["list"]);
    is_broken.store(false, Ordering::SeqCst);
    assert_eq!(fixture.run(&[], 0), "");
    assert_eq!((fixture.count("documents"), fixture.count("rejects")), (4, 0));
}

#[test]
fn what_cannot_be_had_is_named_and_tried_again_by_the_next_run() {
    let is_mended = Arc::new(AtomicBool::new(false));
    let mended = is_mended.clone();
    let server = Server::with_robots(move |request| match (request.path.as_str(), mended.load(Ordering::SeqCst)) {
        ("/robots.txt", false) => Reply::status(200).body("User-agent: zhibiao\nDisallow: /secret\n"),
        ("/robots.txt", true) => Reply::status(404),
        (path, true) => Reply::page(report(7, &format!("{}.7", path.len())) + path),
        (_, false) => faulty(request),
    });
    // Found through a list, so that what failed is no page of the source's own.
    let base = server.url("/");
    let listed: String = FAULTS.map(|(path, _)| format!("<li><a href={}>运行情况</a></li>", server.url(path))).concat();
    let lists = Server::new(move |_| Reply::page(format!("{listed}<li><a href={base}good>运行情况</a></li>")));
    let web =
        "retries = 1\nper_host = 32\nat_once = 32\nmax_bytes = 65536\ntimeouts = { answer = \"4s\", idle = \"4s\" }";
    let source = format!("include = [\"*\"]\n{}", list(&lists.url("/"), ""));
    let fixture = job(&source, web);
    let log = fixture.run(&[], 3);
    for (path, reason) in FAULTS {
        assert!(log.contains(&server.url(path)), "{path} in\n{log}");
        assert_eq!(reasons(&fixture).get(&path[1..]).map(String::as_str), Some(reason), "{path}\n{log}");
    }
    assert_eq!(fixture.texts("documents", "source_uri"), [server.url("/good")]);
    let asked = server.asked();
    let times = |path: &str| asked.iter().filter(|asked| *asked == path).count();
    assert_eq!((times("/failing"), times("/half"), times("/silent")), (2, 2, 2), "passing faults are tried again");
    assert_eq!((times("/gone"), times("/later"), times("/bomb"), times("/secret")), (1, 1, 1, 0), "others are not");

    // The list does not name them any more: the store does.
    drop(lists);
    let lists = Server::new(|_| Reply::page("<li><a href=/elsewhere>x</a></li>"));
    configure(&fixture, &format!("include = [\"{}*\"]\n{}", server.url("/"), list(&lists.url("/"), "")), web);
    is_mended.store(true, Ordering::SeqCst);
    assert!(fixture.run(&[], 0).contains("none of its links is taken"));
    assert_eq!((fixture.count("rejects"), fixture.count("documents")), (0, FAULTS.len() + 1));
}

#[test]
fn a_page_that_is_gone_can_be_left_out() {
    let server = Server::new(|request| match request.path.as_str() {
        "/art/6.html" => Reply::status(410),
        _ => bureau(request),
    });
    let source = list(&server.url("/"), "next = \"a.next\"");
    let fixture = job(&source, "");
    fixture.run(&[], 3);
    let before = fixture.store();
    fixture.run(&[], 3);
    assert_eq!(fixture.store(), before, "said again, and nothing written");
    configure(&fixture, &format!("exclude = [\"*/6.html\"]\n{source}"), "");
    assert_eq!(fixture.run(&[], 0), "");
    assert_eq!((fixture.count("rejects"), fixture.count("documents")), (0, 3));
}

#[test]
fn a_server_that_asks_to_wait_or_fails_for_a_moment_is_asked_again() {
    let counts: [AtomicUsize; 3] = Default::default();
    let server = Server::new(move |request| {
        let which: usize = request.path[1..].parse().unwrap();
        match (which, counts[which].fetch_add(1, Ordering::SeqCst)) {
            (0, 0) => Reply::status(429).with("Retry-After", "1"),
            (1, 0..3) => Reply::status(500),
            (2, 0) => Reply::status(503).with("Retry-After", "Fri, 19 Aug 2022 08:00:00 GMT"),
            (which, _) => Reply::page(report(7, &format!("28{which}.7"))),
        }
    });
    let fixture = job(&urls(&["/0", "/1", "/2"].map(|path| server.url(path))), "retries = 3");
    assert_eq!(fixture.run(&[], 0), "");
    assert_eq!(fixture.count("documents"), 3);
    assert_eq!(server.asked().len(), 2 + 4 + 2);
}

#[test]
fn a_dead_host_does_not_stop_a_good_one() {
    let dead = Server::new(bureau);
    let gone = dead.url("/");
    drop(dead);
    let good = Server::new(bureau);
    // The good one again, as one that speaks TLS, which it does not.
    let other = good.url("/art/7.html").replace("http:", "https:");
    let second = format!("[[source]]\nkind = \"web\"\n{}", list(&good.url("/"), "next = \"a.next\""));
    let third = format!("[[source]]\nkind = \"web\"\nurls = [{other:?}]");
    let fixture = job(&format!("{}\n{second}\n{third}", list(&gone, "")), "retries = 1");
    let log = fixture.run(&[], 3);
    assert!(log.contains(&gone) && log.contains(&other), "{log}");
    assert_eq!(fixture.count("documents"), 4);
    assert_eq!(fixture.texts("rejects", "stage"), ["fetch", "list"]);
    assert_eq!(fixture.texts("rejects", "reason"), ["connection"; 2]);
}

#[test]
fn robots_are_asked_once_and_honoured() {
    let server = Server::with_robots(|request| match request.path.as_str() {
        "/robots.txt" => Reply::status(503),
        _ => bureau(request),
    });
    let source = list(&server.url("/"), "next = \"a.next\"");
    let fixture = job(&source, "retries = 0");
    fixture.run(&[], 3);
    assert_eq!(fixture.texts("rejects", "reason"), ["robots"]);
    let requests = server.requests();
    assert_eq!(requests.iter().map(|request| request.path.as_str()).collect::<Vec<_>>(), ["/robots.txt"]);
    let agent = &requests[0].headers["user-agent"];
    assert!(agent.starts_with("zhibiao/") && agent.ends_with(" (+data@example.org)"), "{agent}");
    configure(&fixture, &source, "robots = false");
    assert_eq!(fixture.run(&[], 0), "");
    assert!(server.requests().iter().all(|request| request.path != "/robots.txt"));
    assert_eq!((fixture.count("documents"), fixture.count("rejects")), (4, 0));
}

#[test]
fn networks_that_are_not_public_are_not_asked() {
    let server = Server::new(bureau);
    let named = server.url("/art/7.html").replace("127.0.0.1", "localhost");
    let addresses = [server.url("/art/7.html"), named, "http://[::ffff:127.0.0.1]:1/x".to_owned()];
    let fixture = job(&urls(&addresses), "");
    let job = std::fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", job.replace("allow_private = [\"127.0.0.1\"]\n", ""));
    let log = fixture.run(&[], 3);
    assert_eq!(fixture.texts("rejects", "reason"), ["address"; 3], "{log}");
    assert!(server.requests().is_empty());
}

#[test]
fn a_limit_or_a_signal_ends_a_crawl_that_waits() {
    const PATIENT: &str = "per_host = 1\ntimeouts = { answer = \"1h\", whole = \"1h\" }";
    let server = Arc::new(Server::new(|request| match request.path.as_str() {
        "/art/6.html" => Reply::Stall(Vec::new()),
        _ => bureau(request),
    }));
    let fixture = job(&list(&server.url("/"), "next = \"a.next\""), PATIENT);
    fixture.run(&["--limit", "2"], 0);
    assert_eq!(fixture.count("documents"), 2);

    let program = assert_cmd::cargo::cargo_bin("zhibiao");
    let mut run = std::process::Command::new(program).arg("run").arg(fixture.path("job.toml")).spawn().unwrap();
    let mut asked = server.asked();
    while !asked.contains(&"/art/6.html".to_owned()) {
        std::thread::sleep(std::time::Duration::from_millis(20));
        asked = server.asked();
    }
    std::process::Command::new("kill").arg(run.id().to_string()).status().unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(1));
    assert_eq!(fixture.count("documents"), 2, "the store is as it was");
}
