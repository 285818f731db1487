//! `NAME.meta.toml`: facts about the file `NAME` that its text does not tell.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Declared, Reason};
use crate::config::Day;
use crate::model::{Origin, RegionCode};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sidecar {
    title: Option<String>,
    published: Option<Day>,
    region: Option<RegionCode>,
    publisher: Option<String>,
}

/// Whether `path` is a sidecar: `reports/*` is meant to find the reports, not the notes about them.
pub(super) fn is_sidecar(path: &Path) -> bool {
    path.to_string_lossy().ends_with(".meta.toml")
}

/// What the sidecar of `path` may be called: both `a.txt.meta.toml` and `a.meta.toml` are the sidecar of `a.txt`; the
/// first wins.
pub(super) fn names(path: &Path) -> [PathBuf; 2] {
    let mut whole_name = path.as_os_str().to_owned();
    whole_name.push(".meta.toml");
    [whole_name.into(), path.with_extension("meta.toml")]
}

/// The facts of a document without a sidecar.
pub(super) fn none() -> Declared {
    Declared { origin: Origin::Sidecar, ..Declared::default() }
}

/// The facts in the sidecar of `path`; none when it has no sidecar.
///
/// # Errors
/// When there is one that cannot be read, has an unknown key or a bad value.
pub(super) fn read(path: &Path) -> Result<Declared, Reason> {
    let Some(sidecar) = names(path).into_iter().find(|sidecar| sidecar.exists()) else { return Ok(none()) };
    let reject = |message: String| {
        let name = sidecar.file_name().unwrap_or_default().to_string_lossy();
        Reason::Sidecar(format!("{name}{message}"))
    };
    let text = std::fs::read_to_string(&sidecar).map_err(|error| reject(format!(": {error}")))?;
    parse(&text).map_err(reject)
}

/// The facts in `text`; on failure what is wrong and where.
pub(super) fn parse(text: &str) -> Result<Declared, String> {
    let sidecar: Sidecar = toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        format!(":{}: {}", before.matches('\n').count() + 1, error.message().replace('\n', ": "))
    })?;
    let published = sidecar.published.map(|day| day.date().map_err(|message| format!(": published: {message}")));
    Ok(Declared {
        title: sidecar.title,
        published: published.transpose()?,
        region: sidecar.region,
        publisher: sidecar.publisher,
        origin: Origin::Sidecar,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;

    #[test]
    fn days_are_read_as_dates_and_as_texts() {
        for text in ["published = 2022-08-19", "published = \"2022-08-19\""] {
            assert_eq!(parse(text).unwrap().published, Some(Date::constant(2022, 8, 19)));
        }
    }

    #[test]
    fn errors_name_the_line() {
        for (text, words) in [
            ("title = \"a\"\nregoin = \"330800\"", ":2: unknown field `regoin`"),
            ("region = \"3308\"", "six digits"),
            ("published = \"soon\"", "expected a day"),
            ("published = 3", "expected a day"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(words), "{words} not in {error}");
        }
    }
}
