//! Sitemaps, and indexes of them.

use jiff::civil::Date;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use url::Url;

use super::FetchError;
use super::client::Page;
use super::dates::first_day;
use super::links::target;
use super::unpack::unpack;

/// What a sitemap names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sitemap {
    /// Pages, with the day of their last change.
    pub pages: Vec<(Url, Option<Date>)>,
    /// Further sitemaps.
    pub sitemaps: Vec<Url>,
}

/// Reads a sitemap, which may be a gzip file of no more than `limit` bytes within.
///
/// # Errors
/// When `page` is none.
pub(super) fn read(page: Page, limit: u64) -> Result<Sitemap, FetchError> {
    let form = |message: String| FetchError::Form { expected: "a sitemap", message };
    let bytes = if page.bytes.starts_with(&[0x1f, 0x8b]) { unpack(page.bytes, "gzip", limit)? } else { page.bytes };
    let mut reader = Reader::from_reader(bytes.as_slice());
    let mut sitemap = Sitemap::default();
    let (mut is_one, mut field) = (false, String::new());
    let (mut place, mut changed) = (String::new(), String::new());
    loop {
        match reader.read_event().map_err(|error| form(error.to_string()))? {
            Event::Start(tag) => {
                // With its prefix: an image:loc is the place of no page.
                field = tag.name().as_ref().to_owned();
                is_one |= matches!(field.as_str(), "urlset" | "sitemapindex");
            }
            Event::Text(text) => put(&field, &text, &mut place, &mut changed),
            Event::CData(text) => put(&field, &text, &mut place, &mut changed),
            Event::GeneralRef(name) => {
                put(&field, resolve_predefined_entity(&name).unwrap_or_default(), &mut place, &mut changed);
            }
            Event::End(tag) => {
                field.clear();
                let found = match tag.name().as_ref() {
                    "url" | "sitemap" if place.is_empty() => None,
                    "url" | "sitemap" => target(&page.url, &place),
                    _ => continue,
                };
                match found {
                    Some(url) if tag.name().as_ref() == "url" => sitemap.pages.push((url, first_day(&changed))),
                    Some(url) => sitemap.sitemaps.push(url),
                    None => {}
                }
                place.clear();
                changed.clear();
            }
            Event::Eof if is_one => return Ok(sitemap),
            Event::Eof => return Err(form("found no urlset and no sitemapindex".to_owned())),
            _ => {}
        }
    }
}

/// Adds `text` to the field that it stands in.
fn put(field: &str, text: &str, place: &mut String, changed: &mut String) {
    match field {
        "loc" => place.push_str(text.trim()),
        "lastmod" => changed.push_str(text.trim()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(xml: &str) -> Page {
        let url = Url::parse("https://example.org/sitemap.xml").unwrap();
        Page { url, bytes: xml.into(), fetched: Default::default() }
    }

    #[test]
    fn pages_and_further_sitemaps_are_found() {
        let xml = "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\
                   <url><loc> https://example.org/a?x=1&amp;y=2 </loc><lastmod>2022-08-19T08:00:00+08:00</lastmod></url>\
                   <url><loc>mailto:x</loc></url><url></url><url><loc><![CDATA[https://example.org/b]]></loc>\
                   <image:image><image:loc>https://example.org/b.png</image:loc></image:image></url></urlset>";
        let sitemap = read(page(xml), 1000).unwrap();
        let pages: Vec<(&str, Option<Date>)> = sitemap.pages.iter().map(|(url, day)| (url.as_str(), *day)).collect();
        assert_eq!(
            pages,
            [("https://example.org/a?x=1&y=2", Some(Date::constant(2022, 8, 19))), ("https://example.org/b", None)]
        );
        let index = "<sitemapindex><sitemap><loc>/2022.xml</loc></sitemap></sitemapindex>";
        assert_eq!(read(page(index), 1000).unwrap().sitemaps[0].as_str(), "https://example.org/2022.xml");
    }

    #[test]
    fn what_is_no_sitemap_is_said_to_be_none() {
        for text in ["<html><body>网站首页</body></html>", "not xml", "<urlset><url></loc></urlset>", ""] {
            assert_eq!(read(page(text), 1000).unwrap_err().as_str(), "form", "{text}");
        }
    }
}
