//! The shape of a pipeline file, before its values are checked.

use serde::Deserialize;
use toml::Spanned;

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
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub kind: Kind,
    pub include: Option<Vec<Spanned<String>>>,
    pub exclude: Option<Vec<Spanned<String>>>,
    pub path: Option<Spanned<OneOrMany>>,
    pub url: Option<Spanned<String>>,
    pub endpoint: Option<Spanned<String>>,
    pub region: Option<Spanned<String>>,
    pub allow_http: Option<Spanned<bool>>,
    pub anonymous: Option<Spanned<bool>>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Files,
    Jsonl,
    Bucket,
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
