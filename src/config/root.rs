//! Where a store lies: in a folder, or below a prefix of an object store.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

use url::{Host, Url};
use xxhash_rust::xxh3::xxh3_64;

use super::Bucket;
use super::bucket::parts;

/// The place of a store. Credentials and the address of a server come from the environment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    /// A folder.
    Folder(PathBuf),
    /// An object store, and the folder for working copies of it.
    Bucket {
        /// `s3://bucket/prefix`, without a slash at its end.
        url: String,
        /// The folder for what is kept of it on this machine.
        cache: PathBuf,
    },
}

impl Root {
    /// The root that `given` names: an url, or a path relative to `folder`.
    ///
    /// # Errors
    /// In words, when it is an url that is none of an object store, or there is no folder for its working copy.
    pub fn parse(given: &str, folder: &Path) -> Result<Root, String> {
        if !given.contains("://") {
            return Ok(Root::Folder(folder.join(given)));
        }
        let (provider, name, prefix) = parts(given)?;
        let url = format!("{}://{name}/{prefix}", provider.scheme());
        let url = url.trim_end_matches('/').to_owned();
        let cache = cache_folder()?.join(format!("{:016x}", xxh3_64(url.as_bytes())));
        Ok(Root::Bucket { url, cache })
    }

    /// The folder that a run works on: the store itself, or its working copy.
    pub fn folder(&self) -> PathBuf {
        match self {
            Root::Folder(folder) => folder.clone(),
            Root::Bucket { cache, .. } => cache.join("store"),
        }
    }

    /// The object store, with the address that the environment names; `None` of a folder.
    ///
    /// # Errors
    /// In words, when the address is none that may be asked.
    pub fn bucket(&self) -> Result<Option<Bucket>, String> {
        let Root::Bucket { url, .. } = self else { return Ok(None) };
        let (provider, name, prefix) = parts(url)?;
        let named = provider.endpoint_variables().iter().find_map(|name| Some((name, env::var(name).ok()?)));
        let endpoint = named.map(|(name, address)| address_of(name, &address)).transpose()?;
        let allow_http = endpoint.as_ref().is_some_and(|address| address.starts_with("http://"));
        Ok(Some(Bucket {
            provider,
            name,
            prefix,
            include: Vec::new(),
            exclude: Vec::new(),
            endpoint,
            region: None,
            allow_http,
            anonymous: false,
            line: 0,
        }))
    }
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Root::Folder(folder) => folder.display().fmt(f),
            Root::Bucket { url, .. } => f.write_str(url),
        }
    }
}

/// The address of a server, as the variable `name` has it: what is stored is no secret to this machine, but to others on
/// the way.
fn address_of(name: &str, address: &str) -> Result<String, String> {
    let wrong = |what: &str| format!("{name}: expected {what}, found {address:?}");
    let url = Url::parse(address).map_err(|_| wrong("an address such as https://host"))?;
    let is_here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    match url.scheme() {
        "https" => Ok(address.to_owned()),
        "http" if is_here => Ok(address.to_owned()),
        "http" => Err(wrong("https for a server that is not on this machine")),
        _ => Err(wrong("an address such as https://host")),
    }
}

/// The folder for what can be had again.
fn cache_folder() -> Result<PathBuf, String> {
    let folder = |name: &str| env::var_os(name).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let cache = folder("ZHIBIAO_CACHE")
        .or_else(|| folder("XDG_CACHE_HOME").map(|folder| folder.join("zhibiao")))
        .or_else(|| folder("HOME").map(|folder| folder.join(".cache").join("zhibiao")));
    cache.ok_or_else(|| "expected ZHIBIAO_CACHE, XDG_CACHE_HOME or HOME, for the working copy of the store".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_a_path_or_an_url() {
        let folder = Path::new("jobs");
        assert_eq!(Root::parse("store", folder), Ok(Root::Folder("jobs/store".into())));
        let root = Root::parse("s3://figures/zhe jiang/", folder).unwrap();
        assert_eq!(root.to_string(), "s3://figures/zhe jiang");
        assert_ne!(root.folder(), Root::parse("s3://figures/other", folder).unwrap().folder());
        for (given, words) in [("ftp://host/a", "the scheme \"ftp\""), ("s3:///a", "the bucket \"\"")] {
            assert!(Root::parse(given, folder).unwrap_err().contains(words), "{given}");
        }
    }

    #[test]
    fn only_this_machine_is_spoken_to_without_tls() {
        for address in
            ["https://minio.example:9000", "http://127.0.0.1:9000", "http://[::1]:9000", "http://localhost:9000"]
        {
            assert_eq!(address_of("A", address), Ok(address.to_owned()));
        }
        for address in ["http://10.0.0.1:9000", "http://localhost.example", "ftp://127.0.0.1", "minio:9000", ""] {
            assert!(address_of("AWS_ENDPOINT_URL", address).unwrap_err().starts_with("AWS_ENDPOINT_URL: expected "));
        }
    }
}
