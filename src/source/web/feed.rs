//! RSS and Atom.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::FetchError;
use super::client::Page;
use super::links::{Link, target};

/// The links of a feed, in its order; days are those of `zone`.
///
/// # Errors
/// When `page` is no feed.
pub(super) fn read(page: &Page, zone: &TimeZone) -> Result<Vec<Link>, FetchError> {
    let parser = feed_rs::parser::Builder::new().base_uri(Some(page.url.as_str())).build();
    let feed = parser
        .parse(page.bytes.as_slice())
        .map_err(|error| FetchError::Form { expected: "a feed", message: error.to_string() })?;
    let links = feed.entries.into_iter().filter_map(|entry| {
        let is_page = |rel: Option<&str>| matches!(rel, None | Some("alternate"));
        let link = entry.links.iter().find(|link| is_page(link.rel.as_deref()))?;
        let at = entry.published.or(entry.updated).and_then(|at| Timestamp::from_second(at.timestamp()).ok());
        Some(Link {
            url: target(&page.url, &link.href)?,
            title: entry.title.map(|title| title.content.trim().to_owned()).filter(|title| !title.is_empty()),
            published: at.map(|at| at.to_zoned(zone.clone()).date()),
        })
    });
    Ok(links.collect())
}
