//! Links to pages, whatever led to them.

use jiff::civil::Date;
use url::Url;

use crate::config::Web;

/// A link to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// Where it leads.
    pub url: Url,
    /// The headline that it names.
    pub title: Option<String>,
    /// The day that stands with it.
    pub published: Option<Date>,
}

/// Where `href` leads from `base`, if that can be asked for: without a fragment, which no server is told of.
pub(super) fn target(base: &Url, href: &str) -> Option<Url> {
    let mut url = base.join(href.trim()).ok()?;
    url.set_fragment(None);
    let is_page = matches!(url.scheme(), "http" | "https") && url.has_host();
    (is_page && url.username().is_empty() && url.password().is_none()).then_some(url)
}

/// Whether `source` takes a link to `url` that stands on a page at `from`.
pub(super) fn takes(source: &Web, url: &Url, from: &Url) -> bool {
    let is_included = match source.include.as_slice() {
        [] => is_same_host(url, from),
        globs => globs.iter().any(|glob| glob.matches(url.as_str())),
    };
    is_included && !source.exclude.iter().any(|glob| glob.matches(url.as_str()))
}

/// Whether two addresses name the same host, be it with another scheme.
pub(super) fn is_same_host(a: &Url, b: &Url) -> bool {
    a.host() == b.host() && a.port() == b.port()
}
