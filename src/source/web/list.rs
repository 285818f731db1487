//! A list page: the links that it holds, with their titles and days, and where the list goes on.

use encoding_rs::GB18030;
use jiff::civil::Date;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::client::Page;
use super::dates::first_day;
use super::links::{Link, target};
use crate::config::List;
use crate::source::decode_page;

/// How many elements above a link are searched for its day: `<li><h3><a>…</a></h3><span>day</span></li>` takes two.
const LEVELS: usize = 3;

/// Characters of the longest headline; a link with more is wrapped around a whole entry.
const LONGEST_TITLE: usize = 120;

/// What a list page holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Listed {
    /// Links, from top to bottom.
    pub links: Vec<Link>,
    /// Further pages of the list.
    pub next: Vec<Url>,
}

/// Reads the list page `page` by the selectors of `list`.
pub(super) fn read(page: &Page, list: &List) -> Listed {
    let html = Html::parse_document(&text(page));
    let base = base(&html).and_then(|base| page.url.join(&base).ok()).unwrap_or_else(|| page.url.clone());
    let anchors: Vec<ElementRef<'_>> = html.select(&list.links).collect();
    let links = anchors.iter().filter_map(|&anchor| {
        let url = target(&base, anchor.attr("href")?)?;
        let published = day(anchor, list).or_else(|| first_day(url.path()));
        Some(Link { url, title: title(anchor), published })
    });
    let next = list.next.iter().flat_map(|next| html.select(next));
    let next = next.filter_map(|anchor| target(&base, anchor.attr("href")?));
    Listed { links: links.collect(), next: next.collect() }
}

fn base(html: &Html) -> Option<String> {
    let base = Selector::parse("base[href]").ok()?;
    Some(html.select(&base).next()?.attr("href")?.to_owned())
}

/// The headline that a link names: its `title`, which lists do not cut, or its words; none when those are cut off.
fn title(anchor: ElementRef<'_>) -> Option<String> {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = anchor.attr("title").map(words).filter(|title| !title.is_empty());
    let title = title.unwrap_or_else(|| words(&anchor.text().collect::<String>()));
    let is_whole = (1..=LONGEST_TITLE).contains(&title.chars().count())
        && !title.ends_with(['…', '．'])
        && !title.ends_with("...");
    is_whole.then_some(title)
}

/// The day that is written near `anchor`, no further away than the next link.
fn day(anchor: ElementRef<'_>, list: &List) -> Option<Date> {
    let around = anchor.ancestors().filter_map(ElementRef::wrap).take(LEVELS);
    let around = std::iter::once(anchor).chain(around);
    let mut around = around.take_while(|element| element.select(&list.links).all(|other| other.id() == anchor.id()));
    around.find_map(|element| match &list.date {
        Some(date) => element.select(date).find_map(|date| first_day(&date.text().collect::<String>())),
        // Not in the link's own words: a headline names other days.
        None if element.id() == anchor.id() => None,
        None => first_day(&outside(element, anchor)),
    })
}

/// The text of `element` without that of `anchor` in it.
fn outside(element: ElementRef<'_>, anchor: ElementRef<'_>) -> String {
    let nodes = element.descendants().filter(|node| !node.ancestors().any(|above| above.id() == anchor.id()));
    nodes.filter_map(|node| node.value().as_text().map(|text| &**text)).collect::<Vec<&str>>().join(" ")
}

/// The text of a list page. A character that cannot be read spoils a title, not the list.
pub(super) fn text(page: &Page) -> String {
    let read = decode_page(&page.bytes, page.fetched.charset.as_deref());
    read.map_or_else(|_| GB18030.decode(&page.bytes).0.into_owned(), |(text, _)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        Page {
            url: Url::parse("https://tjj.example.cn/col/index.html").unwrap(),
            bytes: html.into(),
            fetched: Default::default(),
        }
    }

    fn list(links: &str, date: Option<&str>, next: Option<&str>) -> List {
        let selector = |css: &str| Selector::parse(css).unwrap();
        List {
            urls: Vec::new(),
            links: selector(links),
            date: date.map(selector),
            next: next.map(selector),
            pages: None,
            first_page: 2,
            max_pages: 1,
            days_back: 0,
        }
    }

    #[test]
    fn links_come_with_their_titles_and_days() {
        let html = page(
            "<ul><li><a href=\"../a.html#top\">1—7月全市经济运行情况</a><span>2022-08-19</span></li>\
             <li><span>2022年7月20日</span><h3><a href='/b.html' title='上半年全市经济运行情况'>上半年全市经…</a></h3></li>\
             <li><a href=\"art/2022/6/18/c.html\">1—5月全市经济运行...</a></li>\
             <li><a href=\"javascript:void(0)\">更多</a></li></ul>\
             <a class=next href=\"index_2.html\">下一页</a>",
        );
        let listed = read(&html, &list("li a", None, Some("a.next")));
        let found: Vec<(&str, Option<&str>, Option<String>)> = listed
            .links
            .iter()
            .map(|link| (link.url.path(), link.title.as_deref(), link.published.map(|day| day.to_string())))
            .collect();
        assert_eq!(
            found,
            [
                ("/a.html", Some("1—7月全市经济运行情况"), Some("2022-08-19".to_owned())),
                ("/b.html", Some("上半年全市经济运行情况"), Some("2022-07-20".to_owned())),
                ("/col/art/2022/6/18/c.html", None, Some("2022-06-18".to_owned())),
            ]
        );
        assert_eq!(listed.next[0].as_str(), "https://tjj.example.cn/col/index_2.html");
    }

    #[test]
    fn a_day_belongs_to_the_link_beside_it() {
        let table = "<table><tr><td><a href=a>甲</a></td><td class=d>2022-08-19</td></tr>\
                     <tr><td><a href=b>乙</a></td><td class=d></td></tr></table><p>2020-01-01</p>";
        for date in [None, Some("td.d")] {
            let days = read(&page(table), &list("td a", date, None)).links.into_iter().map(|link| link.published);
            assert_eq!(days.collect::<Vec<_>>(), [Some(Date::constant(2022, 8, 19)), None], "{date:?}");
        }
    }

    #[test]
    fn a_base_and_any_charset_are_kept_to() {
        let html = "<base href='https://www.example.cn/x/'><li><a href=a.html>统计公报</a></li>";
        let mut page = page(html);
        page.bytes = GB18030.encode(html).0.into_owned();
        page.fetched.charset = Some("gbk".to_owned());
        let listed = read(&page, &list("li a", None, None));
        assert_eq!(listed.links[0].url.as_str(), "https://www.example.cn/x/a.html");
        assert_eq!(listed.links[0].title.as_deref(), Some("统计公报"));
    }
}
