//! `kind = "bucket"`: a prefix of an object store.

use std::ops::Range;

use object_store::path::Path;
use toml::Spanned;
use url::Url;

use super::error::Place;
use super::pipeline::patterns;
use super::{ConfigError, Pattern, raw};

/// A prefix of an object store, and what of it is read. Credentials are no part of it: they come from the environment.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Which protocol is spoken.
    pub provider: Provider,
    /// Name of the bucket or container.
    pub name: String,
    /// Folder of the bucket, without slashes around it; empty for all of it.
    pub prefix: String,
    /// Objects to read, by their name below the prefix; all when empty.
    pub include: Vec<Pattern>,
    /// Objects of these to leave out.
    pub exclude: Vec<Pattern>,
    /// Address of the server; that of the provider's cloud when absent.
    pub endpoint: Option<String>,
    /// Region of an S3 bucket.
    pub region: Option<String>,
    /// Whether the server may be spoken to without TLS.
    pub allow_http: bool,
    /// Whether requests go unsigned, as public buckets allow.
    pub anonymous: bool,
    /// Line of `url` in the pipeline file, from 1.
    pub line: usize,
}

/// The protocol of an object store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Amazon S3, and what speaks like it.
    S3,
    /// Azure Blob Storage.
    Azure,
    /// Google Cloud Storage.
    Google,
}

impl Provider {
    /// The scheme of urls.
    pub fn scheme(self) -> &'static str {
        match self {
            Provider::S3 => "s3",
            Provider::Azure => "az",
            Provider::Google => "gs",
        }
    }
}

impl Provider {
    /// Variables of the environment that name the address of a server, the first that is set counts.
    pub(super) fn endpoint_variables(self) -> &'static [&'static str] {
        match self {
            Provider::S3 => &["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"],
            Provider::Azure => &["AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"],
            Provider::Google => &["GOOGLE_BASE_URL"],
        }
    }
}

impl Bucket {
    pub(super) fn check(place: Place<'_>, span: Range<usize>, source: raw::Source) -> Result<Bucket, ConfigError> {
        let Some(url) = source.url else {
            return Err(place.invalid(span, "url", "kind = \"bucket\" expects url = \"s3://bucket/prefix/\""));
        };
        let (provider, name, prefix) =
            parts(url.get_ref()).map_err(|message| place.invalid(url.span(), "url", message))?;
        if let (Some(region), true) = (&source.region, provider != Provider::S3) {
            return Err(place.invalid(region.span(), "region", "belongs to an url that begins with s3://"));
        }
        let allow_http = source.allow_http.is_some_and(Spanned::into_inner);
        let endpoint = source.endpoint.map(|url| endpoint(place, url, allow_http)).transpose()?;
        Ok(Bucket {
            provider,
            name,
            prefix,
            include: patterns(place, "include", source.include.map(Spanned::into_inner).unwrap_or_default())?,
            exclude: patterns(place, "exclude", source.exclude.map(Spanned::into_inner).unwrap_or_default())?,
            endpoint,
            region: source.region.map(Spanned::into_inner),
            allow_http,
            anonymous: source.anonymous.is_some_and(Spanned::into_inner),
            line: place.line(url.span().start),
        })
    }

    /// The prefix as an url that ends with a slash; an object's uri begins with it.
    pub fn url(&self) -> String {
        let slash = if self.prefix.is_empty() { "" } else { "/" };
        format!("{}://{}/{}{slash}", self.provider.scheme(), self.name, self.prefix)
    }

    /// The uri of the object `key`.
    pub fn uri(&self, key: &str) -> String {
        format!("{}://{}/{key}", self.provider.scheme(), self.name)
    }
}

/// Provider, bucket and prefix of an url. Its path is taken as it is written: the keys of objects are no urls.
pub(super) fn parts(url: &str) -> Result<(Provider, String, String), String> {
    const EXPECTED: &str = "expected s3://bucket/prefix/, az://container/prefix/ or gs://bucket/prefix/";
    let wrong = |what: String| format!("{EXPECTED}, found {what} in {url:?}");
    let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("no scheme".to_owned()))?;
    let provider = [Provider::S3, Provider::Azure, Provider::Google].into_iter().find(|p| p.scheme() == scheme);
    let provider = provider.ok_or_else(|| wrong(format!("the scheme {scheme:?}")))?;
    let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    // The rules of all three; each provider has stricter ones, which its server knows.
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_');
    if name.is_empty() || !name.chars().all(is_name) {
        return Err(wrong(format!("the bucket {name:?}, which is no name of lower-case letters, digits, - . _")));
    }
    let prefix = Path::parse(prefix).map_err(|error| wrong(format!("a prefix that no key can have ({error})")))?;
    Ok((provider, name.to_owned(), prefix.to_string()))
}

/// The address of a server.
fn endpoint(place: Place<'_>, endpoint: Spanned<String>, allow_http: bool) -> Result<String, ConfigError> {
    let invalid = |message: String| place.invalid(endpoint.span(), "endpoint", message);
    let found = endpoint.get_ref();
    let url = Url::parse(found);
    let url = url.map_err(|error| invalid(format!("expected an address such as https://host: {error}")))?;
    match url.scheme() {
        _ if !url.username().is_empty() || url.password().is_some() => {
            Err(invalid("expected an address without credentials: those come from the environment".to_owned()))
        }
        "https" => Ok(found.clone()),
        "http" if allow_http => Ok(found.clone()),
        "http" => Err(invalid(format!("expected https, or allow_http = true, found {found:?}"))),
        _ => Err(invalid(format!("expected an address such as https://host, found {found:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Pipeline, Source};

    const GOOD: &str = "name = \"a\"\nstore = \"store\"\n[[source]]\nkind = \"bucket\"\n\
                        url = \"s3://reports/统计/\"\nregion = \"cn-north-1\"\n";

    fn bucket(text: &str) -> Bucket {
        match Pipeline::parse(Path::new("job.toml"), text).unwrap().sources.remove(0) {
            Source::Bucket(bucket) => bucket,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn urls_are_taken_as_they_are_written() {
        let given = bucket(GOOD);
        assert_eq!((given.provider, given.name.as_str(), given.prefix.as_str()), (Provider::S3, "reports", "统计"));
        assert_eq!(given.url(), "s3://reports/统计/");
        assert_eq!(given.uri("统计/a%20b.txt"), "s3://reports/统计/a%20b.txt");
        assert_eq!(bucket(&GOOD.replace("/统计/", "")).url(), "s3://reports/");
    }

    #[test]
    fn an_error_names_line_key_and_what_was_expected() {
        for (text, words) in [
            (GOOD.replace("s3:", "ftp:"), ["job.toml:5: url", "found the scheme \"ftp\""]),
            (GOOD.replace("s3://reports", "s3://"), ["job.toml:5: url", "the bucket \"\""]),
            (GOOD.replace("reports", "my reports"), ["job.toml:5: url", "lower-case letters"]),
            (GOOD.replace("统计/", "a//b"), ["job.toml:5: url", "no key can have"]),
            (GOOD.replace("url", "path"), ["job.toml:5: path", "expects url"]),
            (GOOD.replace("url = \"s3://reports/统计/\"\n", ""), ["job.toml:3: url", "s3://bucket/prefix/"]),
            (GOOD.replace("s3:", "gs:"), ["job.toml:6: region", "s3://"]),
            (format!("{GOOD}include = [\"[\"]\n"), ["job.toml:7: include", "expected a glob"]),
            (format!("{GOOD}allow_http = 1\n"), ["job.toml:7: allow_http", "boolean"]),
            (format!("{GOOD}endpoint = \"http://host\"\n"), ["job.toml:7: endpoint", "allow_http = true"]),
            (format!("{GOOD}endpoint = \"host\"\n"), ["job.toml:7: endpoint", "https://host"]),
            (format!("{GOOD}endpoint = \"https://a:b@host\"\n"), ["job.toml:7: endpoint", "environment"]),
            (format!("{GOOD}secret_access_key = \"x\"\n"), ["job.toml:7: secret_access_key", "unknown field"]),
            (GOOD.replace("\"bucket\"", "\"files\""), ["job.toml:5: url", "no key of kind = \"files\""]),
        ] {
            let error = Pipeline::parse(Path::new("job.toml"), &text).unwrap_err().to_string();
            assert!(words.iter().all(|word| error.contains(word)), "{words:?} not in {error}");
        }
    }
}
