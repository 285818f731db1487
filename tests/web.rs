//! Sources of the web: what comes to lie in the store, and what a second run asks for. The servers are on loopback and
//! made by the tests.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use encoding_rs::{BIG5, GB18030};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::fixture::{Fixture, zhibiao};
use crate::server::{Reply, Request, Server};

/// A report of one month, as a page.
pub fn report(month: usize, value: &str) -> String {
    format!("<html><body><p>2022年1—{month}月,全市规上工业增加值{value}亿元,增长6.6%。</p></body></html>")
}

/// A job over `source` that may ask 127.0.0.1, with lines of `web` in its table [web].
pub fn job(source: &str, web: &str) -> Fixture {
    let fixture = Fixture::new(&[]);
    configure(&fixture, source, web);
    fixture
}

pub fn configure(fixture: &Fixture, source: &str, web: &str) {
    let common = "contact = \"data@example.org\"\ndelay = \"0s\"\npause = \"10ms\"\nallow_private = [\"127.0.0.1\"]\n";
    let job =
        format!("name = \"job\"\nstore = \"store\"\n[[source]]\nkind = \"web\"\n{source}\n[web]\n{common}{web}\n");
    fixture.write("job.toml", format!("{job}[defaults]\nregion = \"330800\"\n"));
}

pub fn urls(urls: &[String]) -> String {
    format!("urls = {urls:?}")
}

pub fn list(start: &str, more: &str) -> String {
    format!("[source.list]\nurls = [{start:?}]\nlinks = \"li a\"\n{more}")
}

/// The reasons of the rejects by the path of their address.
pub fn reasons(fixture: &Fixture) -> BTreeMap<String, String> {
    let Some(rows) = fixture.rows("rejects") else { return BTreeMap::new() };
    let [uris, reasons] = ["source_uri", "reason"].map(|name| rows.column(name).unwrap().str().unwrap());
    let path = |uri: &str| uri.splitn(4, '/').nth(3).unwrap().to_owned();
    uris.iter().flatten().map(path).zip(reasons.iter().flatten().map(str::to_owned)).collect()
}

/// A bureau's list of two pages, `/2.html` behind `/`, with reports of July to April.
pub fn bureau(request: &Request) -> Reply {
    let item = |month: usize| {
        format!(
            "<li><a href=\"/art/{month}.html\" title=\"1—{month}月运行情况\">1—{month}月…</a><i>2022-{:02}-19</i></li>",
            month + 1
        )
    };
    match request.path.as_str() {
        "/" => Reply::page(format!("<ul>{}{}</ul><a class=next href=2.html>下一页</a>", item(7), item(6))),
        "/2.html" => Reply::page(format!("<ul>{}{}</ul>", item(5), item(4))),
        path => match path.strip_prefix("/art/").and_then(|rest| rest.strip_suffix(".html")) {
            Some(month) => Reply::page(report(month.parse().unwrap(), &format!("{month}82.7"))),
            None => Reply::status(404),
        },
    }
}

/// `bytes` packed as a server packs them.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_list_is_followed_and_a_rerun_asks_for_nothing_it_knows() {
    let server = Server::new(bureau);
    let fixture = job(&list(&server.url("/"), "next = \"a.next\""), "");
    assert_eq!(fixture.run(&[], 0), "");
    let asked = server.asked();
    assert_eq!(&asked[..2], ["/", "/2.html"]);
    assert_eq!(asked.len(), 6);
    assert_eq!(fixture.texts("documents", "title"), [4, 5, 6, 7].map(|month| format!("1—{month}月运行情况")));
    assert!(fixture.texts("documents", "published_origin").iter().all(|origin| origin == "listing"));
    assert!(fixture.texts("observations", "value_text").contains(&"782.7".to_owned()));
    assert_eq!(fixture.texts("documents", "media_type")[0], "text/html");

    let before = fixture.store();
    assert_eq!(fixture.run(&[], 0), "");
    assert_eq!(server.asked(), ["/"], "the first page holds nothing new");
    assert_eq!(fixture.store(), before);
}

#[test]
fn better_rules_read_from_the_archive_and_not_from_the_net() {
    let server = Server::new(bureau);
    let fixture = job(&list(&server.url("/"), "next = \"a.next\""), "retries = 0");
    fixture.run(&[], 0);
    let before = fixture.published();
    fixture.run(&["--full"], 0);
    assert_eq!(server.asked().len(), 6 + 2, "the lists to their end, and no page again");
    assert_eq!(fixture.published(), before);
    drop(server);
    assert!(fixture.run(&["--full"], 3).contains("connection"));
    let rejects = fixture.published().into_iter().filter(|(path, _)| !path.starts_with("rejects"));
    assert_eq!(rejects.collect::<BTreeMap<_, _>>(), before, "every document is still there, read again");
}

#[test]
fn a_limit_takes_the_oldest_and_the_rest_comes_next_time() {
    let server = Server::new(bureau);
    let fixture = job(&list(&server.url("/"), "next = \"a.next\""), "");
    fixture.run(&["--limit", "1"], 0);
    assert_eq!(fixture.texts("documents", "title"), ["1—4月运行情况"]);
    fixture.run(&["--limit", "2"], 0);
    assert_eq!(fixture.count("documents"), 3);
    fixture.run(&[], 0);
    assert_eq!(fixture.count("documents"), 4);
}

#[test]
fn pages_of_a_list_may_go_by_number() {
    let server = Server::new(|request| match request.path.as_str() {
        "/index_1.html" => bureau(&Request { path: "/2.html".to_owned(), ..request.clone() }),
        _ => bureau(request),
    });
    let pages = format!("pages = {:?}\nfirst_page = 1", server.url("/index_{page}.html"));
    let fixture = job(&list(&server.url("/"), &pages), "");
    assert_eq!(fixture.run(&[], 0), "");
    assert_eq!(
        server.asked().iter().filter(|path| path.starts_with("/index_")).count(),
        2,
        "up to the first that is not there"
    );
    assert_eq!(fixture.count("documents"), 4);
}

#[test]
fn days_and_patterns_leave_pages_out() {
    let server = Server::new(bureau);
    let more = "next = \"a.next\"";
    let source = format!("since = 2022-07-01\nexclude = [\"*/7.html\"]\n{}", list(&server.url("/"), more));
    let fixture = job(&source, "");
    fixture.run(&[], 0);
    assert_eq!(fixture.texts("documents", "title"), ["1—6月运行情况"]);
    // A list that leads elsewhere is only followed where the source says so.
    let elsewhere = Server::new(bureau);
    let away = elsewhere.url("/art/7.html");
    let server = Server::new(move |_| Reply::page(format!("<li><a href={away}>1—7月运行情况</a></li>")));
    let fixture = job(&list(&server.url("/"), ""), "");
    fixture.run(&[], 0);
    assert_eq!((fixture.count("documents"), elsewhere.asked().len()), (0, 0));
    configure(&fixture, &format!("include = [\"http://127.0.0.1*/art/*\"]\n{}", list(&server.url("/"), "")), "");
    fixture.run(&[], 0);
    assert_eq!(fixture.count("documents"), 1);
}

#[test]
fn the_editions_of_a_paper_are_read_by_day() {
    let server = Server::new(|request| {
        let (folder, page) = request.path.rsplit_once('/').unwrap();
        let day = folder.replace(['/', '-'], "");
        match page {
            "node_1.htm" => {
                Reply::page("<a class=sheet href=node_2.htm>02版</a><li><a href=content_1.htm>要闻</a></li>")
            }
            "node_2.htm" => {
                Reply::page("<a class=sheet href=node_1.htm>01版</a><li><a href=content_2.htm>经济</a></li>")
            }
            "content_1.htm" => Reply::page(report(6, &format!("2{}.1", &day[6..]))),
            _ => Reply::page(report(7, &format!("3{}.2", &day[6..]))),
        }
    });
    let more = "next = \"a.sheet\"\ndays_back = 2";
    let fixture = job(&list(&server.url("/{yyyy}-{mm}/{dd}/node_1.htm"), more), "");
    assert_eq!(fixture.run(&[], 0), "");
    assert_eq!(fixture.count("documents"), 6);
    let rows = fixture.rows("documents").unwrap();
    let uris = rows.column("source_uri").unwrap().str().unwrap();
    let days = rows.column("published").unwrap().date().unwrap().physical().clone();
    for (uri, day) in uris.iter().flatten().zip(days.iter()) {
        let day = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(i64::from(day.unwrap()));
        assert!(uri.contains(&day.strftime("/%Y-%m/%d/").to_string()), "{uri} {day}");
    }
    server.asked();
    fixture.run(&[], 0);
    assert_eq!(server.asked().len(), 3, "one front page a day: {:?}", server.asked());
    // A day without a paper is nothing to report.
    let server = Server::new(|_| Reply::status(404));
    configure(&fixture, &list(&server.url("/{yyyy}-{mm}/{dd}/node_1.htm"), more), "");
    assert_eq!(fixture.run(&[], 0), "");
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn a_page_is_asked_for_again_only_if_it_changed() {
    let version = Arc::new(AtomicUsize::new(1));
    let current = version.clone();
    let server = Server::new(move |request| {
        let tag = format!("\"v{}\"", current.load(Ordering::SeqCst));
        if request.headers.get("if-none-match") == Some(&tag) {
            return Reply::status(304);
        }
        let page = report(7, &format!("28{}.7", current.load(Ordering::SeqCst)));
        Reply::page(page).with("ETag", tag).with("Last-Modified", "Fri, 19 Aug 2022 08:00:00 GMT")
    });
    let fixture = job(&urls(&[server.url("/july.html")]), "");
    fixture.run(&[], 0);
    let before = fixture.store();
    server.requests();
    assert_eq!(fixture.run(&[], 0), "");
    let asked = server.requests().pop().unwrap();
    assert_eq!(asked.headers["if-none-match"], "\"v1\"");
    assert_eq!(asked.headers["if-modified-since"], "Fri, 19 Aug 2022 08:00:00 GMT");
    assert_eq!(fixture.store(), before);
    version.store(2, Ordering::SeqCst);
    fixture.run(&[], 0);
    assert_eq!(fixture.count("documents"), 1);
    assert_eq!(fixture.texts("observations", "value_text"), ["282.7", "6.6"]);
}

#[test]
fn a_listed_page_is_corrected_while_it_is_young() {
    let value = Arc::new(AtomicUsize::new(282));
    let current = value.clone();
    let server = Server::new(move |request| match request.path.as_str() {
        "/" => Reply::page("<li><a href=/july.html>1—7月运行情况</a>2022-08-19</li>"),
        _ => Reply::page(report(7, &format!("{}.7", current.load(Ordering::SeqCst)))),
    });
    let fixture = job(&format!("recheck_days = 3650\n{}", list(&server.url("/"), "")), "");
    fixture.run(&[], 0);
    value.store(283, Ordering::SeqCst);
    fixture.run(&[], 0);
    assert_eq!(fixture.texts("observations", "value_text"), ["283.7", "6.6"]);
    assert_eq!(fixture.texts("documents", "title"), ["1—7月运行情况"]);
    configure(&fixture, &format!("recheck_days = 1\n{}", list(&server.url("/"), "")), "");
    server.asked();
    fixture.run(&[], 0);
    assert_eq!(server.asked(), ["/"]);
}

#[test]
fn feeds_lead_to_pages() {
    let rss = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>统计</title><link>http://x.example/</link>\
               <description>x</description><item><title>1—7月运行情况</title><link>/art/7.html</link>\
               <pubDate>Thu, 18 Aug 2022 20:00:00 GMT</pubDate></item></channel></rss>";
    let atom = "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>统计</title><id>a</id>\
                <updated>2022-07-19T00:00:00Z</updated><entry><id>b</id><title>上半年运行情况</title>\
                <updated>2022-07-19T00:00:00Z</updated><link href=\"/art/6.html\"/></entry></feed>";
    let server = Server::new(move |request| match request.path.as_str() {
        "/rss" => Reply::status(200).body(rss),
        "/atom" => Reply::status(200).body(atom),
        "/none" => Reply::page("<html>网站首页</html>"),
        _ => bureau(request),
    });
    let feeds = ["/rss", "/atom", "/none"].map(|path| server.url(path));
    let fixture = job(&format!("[source.feed]\nurls = {feeds:?}"), "");
    fixture.run(&[], 3);
    assert_eq!(reasons(&fixture), BTreeMap::from([("none".to_owned(), "form".to_owned())]));
    assert_eq!(fixture.texts("documents", "title"), ["1—7月运行情况", "上半年运行情况"]);
    let days = fixture.rows("documents").unwrap();
    let days: Vec<i32> = days.column("published").unwrap().date().unwrap().physical().iter().flatten().collect();
    // 20:00 in Greenwich is the next day in China.
    assert!(days.contains(&19_223), "{days:?}");
}

#[test]
fn sitemaps_lead_to_pages() {
    let packed = gzip(b"<urlset><url><loc>/art/5.html</loc><lastmod>2020-01-01</lastmod></url><url><loc>/art/7.html</loc></url></urlset>");
    let server = Server::new(move |request| match request.path.as_str() {
        "/sitemap.xml" => {
            Reply::status(200).body("<sitemapindex><sitemap><loc>/2022.xml.gz</loc></sitemap></sitemapindex>")
        }
        "/2022.xml.gz" => Reply::status(200).body(packed.clone()),
        _ => bureau(request),
    });
    let source = format!("since = \"2021-01-01\"\n[source.sitemap]\nurls = [{:?}]", server.url("/sitemap.xml"));
    let fixture = job(&source, "");
    assert_eq!(fixture.run(&[], 0), "");
    assert_eq!(fixture.texts("documents", "source_uri"), [server.url("/art/7.html")]);
}

#[test]
fn a_list_without_links_is_warned_of() {
    let server = Server::new(|_| Reply::page("<html><body>改版中</body></html>"));
    let fixture = job(&list(&server.url("/"), ""), "");
    let log = fixture.run(&[], 0);
    assert!(log.contains("no links") && log.contains(&server.url("/")), "{log}");
    assert_eq!(fixture.run(&["--fail-if-empty"], 66).matches("no links").count(), 1);
}

#[test]
fn every_charset_gives_the_same_text() {
    let text = report(7, "282.7");
    let (gbk, big5) =
        (GB18030.encode(&text).0.into_owned(), BIG5.encode("規上工業增加值282.7億元，增長6.6%。").0.into_owned());
    let server = Server::new(move |request| match request.path.as_str() {
        "/named" => Reply::page(gbk.clone()).with("Content-Type", "text/html; charset=GB2312"),
        "/guessed" => Reply::status(200).body(gbk.iter().chain(b"\n").copied().collect::<Vec<u8>>()),
        "/wrong" => Reply::status(200).with("Content-Type", "text/html; charset=gbk").body(format!("{text}\n\n")),
        "/unknown" => Reply::status(200).with("Content-Type", "text/html; charset=x-none").body(format!("{text}\n")),
        _ => Reply::status(200).with("Content-Type", "text/plain; charset=Big5").body(big5.clone()),
    });
    let fixture = job(&urls(&["/named", "/guessed", "/wrong", "/unknown", "/big5"].map(|path| server.url(path))), "");
    assert_eq!(fixture.run(&[], 0), "");
    assert_eq!(fixture.texts("documents", "encoding"), ["Big5", "UTF-8", "UTF-8", "gb18030", "gb18030"]);
    let texts = fixture.texts("documents", "text");
    assert_eq!(texts.iter().filter(|text| text.contains("全市规上工业增加值282.7亿元")).count(), 4);
    let before = fixture.published();
    drop(server);
    fixture.run(&["--full"], 3);
    let after = fixture.published().into_iter().filter(|(path, _)| !path.starts_with("rejects"));
    assert_eq!(after.collect::<BTreeMap<_, _>>(), before, "read again from the archive in the same encodings");
}

#[test]
fn the_example_pipelines_are_good_and_checked_without_the_net() {
    for (name, words) in
        [("county-bureau.toml", ["(list, up to", "(feed)"]), ("newspaper.toml", ["node_1.htm (list, up to", "-"])]
    {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines").join(name);
        let output = zhibiao().arg("check").arg(path).assert().code(0).get_output().clone();
        let checked = String::from_utf8(output.stdout).unwrap();
        assert!(words.iter().all(|words| checked.contains(words)), "{checked}");
    }
}
