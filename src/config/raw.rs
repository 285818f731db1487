//! The shape of a pipeline file, before its values are checked.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::Day;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub name: Spanned<String>,
    pub schedule: Option<Spanned<String>>,
    pub store: Spanned<String>,
    pub lexicon: Option<Spanned<String>>,
    #[serde(default)]
    pub read_forgotten: bool,
    pub source: Vec<Spanned<Source>>,
    #[serde(default)]
    pub defaults: Defaults,
    #[serde(default)]
    pub quality: Quality,
    pub web: Option<Web>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub kind: Kind,
    pub include: Option<Spanned<Vec<Spanned<String>>>>,
    pub exclude: Option<Spanned<Vec<Spanned<String>>>>,
    pub path: Option<Spanned<OneOrMany>>,
    pub urls: Option<Spanned<Vec<Spanned<String>>>>,
    pub list: Option<Spanned<List>>,
    pub feed: Option<Spanned<Index>>,
    pub sitemap: Option<Spanned<Index>>,
    pub since: Option<Spanned<Day>>,
    pub recheck_days: Option<Spanned<i64>>,
    pub url: Option<Spanned<String>>,
    pub endpoint: Option<Spanned<String>>,
    pub region: Option<Spanned<String>>,
    pub allow_http: Option<Spanned<bool>>,
    pub anonymous: Option<Spanned<bool>>,
}

impl Source {
    /// The first key that is given and not of its kind, and where its value stands.
    pub fn stranger(&self) -> Option<(&'static str, Range<usize>)> {
        let given = [
            ("include", self.include.as_ref().map(Spanned::span)),
            ("exclude", self.exclude.as_ref().map(Spanned::span)),
            ("path", self.path.as_ref().map(Spanned::span)),
            ("urls", self.urls.as_ref().map(Spanned::span)),
            ("list", self.list.as_ref().map(Spanned::span)),
            ("feed", self.feed.as_ref().map(Spanned::span)),
            ("sitemap", self.sitemap.as_ref().map(Spanned::span)),
            ("since", self.since.as_ref().map(Spanned::span)),
            ("recheck_days", self.recheck_days.as_ref().map(Spanned::span)),
            ("url", self.url.as_ref().map(Spanned::span)),
            ("endpoint", self.endpoint.as_ref().map(Spanned::span)),
            ("region", self.region.as_ref().map(Spanned::span)),
            ("allow_http", self.allow_http.as_ref().map(Spanned::span)),
            ("anonymous", self.anonymous.as_ref().map(Spanned::span)),
        ];
        let mut given = given.into_iter().filter_map(|(key, span)| Some((key, span?)));
        given.find(|(key, _)| !self.kind.keys().contains(key))
    }
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Files,
    Jsonl,
    Web,
    Bucket,
}

impl Kind {
    /// The keys that a source of this kind may have.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Kind::Files => &["include", "exclude"],
            Kind::Jsonl => &["path"],
            Kind::Bucket => &["url", "include", "exclude", "endpoint", "region", "allow_http", "anonymous"],
            Kind::Web => &["urls", "list", "feed", "sitemap", "include", "exclude", "since", "recheck_days"],
        }
    }

    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Files => "files",
            Kind::Jsonl => "jsonl",
            Kind::Web => "web",
            Kind::Bucket => "bucket",
        }
    }
}

/// `path = "a.jsonl"` or `path = ["a.jsonl", "b/*.jsonl"]`.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a path or a list of paths")]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Defaults {
    pub region: Option<Spanned<String>>,
    pub timezone: Option<Spanned<String>>,
    pub publisher: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Quality {
    pub max_reject_share: Option<Spanned<f64>>,
    pub max_errors: Option<usize>,
    pub rules: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    pub urls: Vec<Spanned<String>>,
    pub links: Spanned<String>,
    pub date: Option<Spanned<String>>,
    pub next: Option<Spanned<String>>,
    pub pages: Option<Spanned<String>>,
    pub first_page: Option<u32>,
    pub max_pages: Option<Spanned<i64>>,
    pub days_back: Option<Spanned<i64>>,
}

/// `[source.feed]` and `[source.sitemap]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Index {
    pub urls: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Web {
    pub contact: Spanned<String>,
    pub robots: Option<bool>,
    pub delay: Option<Spanned<String>>,
    pub per_host: Option<Spanned<i64>>,
    pub at_once: Option<Spanned<i64>>,
    pub retries: Option<Spanned<i64>>,
    pub pause: Option<Spanned<String>>,
    pub max_wait: Option<Spanned<String>>,
    pub max_redirects: Option<Spanned<i64>>,
    pub max_bytes: Option<Spanned<i64>>,
    #[serde(default)]
    pub allow_private: Vec<Spanned<String>>,
    #[serde(default)]
    pub timeouts: Timeouts,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Timeouts {
    pub connect: Option<Spanned<String>>,
    pub answer: Option<Spanned<String>>,
    pub idle: Option<Spanned<String>>,
    pub whole: Option<Spanned<String>>,
}
