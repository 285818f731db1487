//! A pipeline file whose values have been checked.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::tz::TimeZone;
use toml::Spanned;

use super::error::Place;
use super::{Bucket, ConfigError, Manners, Root, Rules, Schedule, Web, raw};
use crate::model::RegionCode;

/// One scheduled job: what it reads, how, and where the rows go.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// The job's name, part of the key of everything it stores.
    pub name: String,
    /// When `schedule` runs it, in `defaults.timezone`.
    pub schedule: Option<Schedule>,
    /// Where the store lies.
    pub store: Root,
    /// Folder of lexicon tables; the bundled ones when absent.
    pub lexicon: Option<PathBuf>,
    /// Whether documents that were forgotten are read again when a source has them.
    pub read_forgotten: bool,
    /// Where documents come from; never empty.
    pub sources: Vec<Source>,
    /// What holds for a document that says nothing else.
    pub defaults: Defaults,
    /// What a run must keep to.
    pub quality: Quality,
    /// How it asks servers; there when a source is of the web.
    pub manners: Option<Manners>,
    /// The pipeline file.
    pub path: PathBuf,
    /// The folder of the pipeline file: paths and uris are relative to it.
    pub folder: PathBuf,
}

/// One `[[source]]`.
#[derive(Clone, Debug)]
pub enum Source {
    /// One document a file.
    Files {
        /// Files to read.
        include: Vec<Pattern>,
        /// Files of these to leave out.
        exclude: Vec<Pattern>,
    },
    /// One document a line: `{id, title, published, region, text}`.
    Jsonl {
        /// Files to read.
        include: Vec<Pattern>,
    },
    /// One document an object of an object store.
    Bucket(Bucket),
    /// Pages of the web.
    Web(Box<Web>),
}

/// A glob pattern that is well-formed, and where it was written.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The pattern as written.
    pub text: String,
    /// The line of the pipeline file, from 1.
    pub line: usize,
}

/// `[defaults]`: what holds for a document that says nothing else.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// The region whose reports these are.
    pub region: Option<RegionCode>,
    /// IANA time zone of civil dates and of the schedule; `Asia/Shanghai` when not given.
    pub timezone: String,
    /// Who published the reports.
    pub publisher: Option<String>,
}

/// `[quality]`: what a run must keep to.
#[derive(Clone, Debug)]
pub struct Quality {
    /// Largest share of the inputs that may be rejected, `0.0..=1.0`; above it nothing is published.
    pub max_reject_share: f64,
    /// Most findings of the severity error that a run may add; above it nothing is published. No limit when absent.
    pub max_errors: Option<usize>,
    /// What numbers must keep to among themselves.
    pub rules: Rules,
}

impl Pipeline {
    /// Reads and checks the pipeline file at `path`.
    ///
    /// # Errors
    /// When it cannot be read, is not TOML, has a key that is unknown, missing or of the wrong type, or a bad value.
    pub fn load(path: &Path) -> Result<Pipeline, ConfigError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        Pipeline::parse(path, &text)
    }

    /// Checks `text` as the pipeline file at `path`, which need not exist.
    ///
    /// # Errors
    /// As [`Pipeline::load`].
    pub fn parse(path: &Path, text: &str) -> Result<Pipeline, ConfigError> {
        let place = Place { path, text };
        let file: raw::File = toml::from_str(text).map_err(|error| place.syntax(&error))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();

        let lexicon = file.lexicon.map(|folder_name| {
            let lexicon = folder.join(folder_name.get_ref());
            match lexicon.is_dir() {
                true => Ok(lexicon),
                false => Err(place.invalid(
                    folder_name.span(),
                    "lexicon",
                    format!("expected a folder of lexicon tables, found none at {}", lexicon.display()),
                )),
            }
        });
        if file.source.is_empty() {
            return Err(place.invalid(0..0, "source", "expected at least one [[source]]"));
        }
        let sources: Vec<Source> =
            file.source.into_iter().map(|source| Source::check(place, source)).collect::<Result<_, _>>()?;
        if file.web.is_none() && sources.iter().any(|source| matches!(source, Source::Web(_))) {
            let message = "kind = \"web\" expects a table [web] with contact = a mail address or a page";
            return Err(place.invalid(0..0, "web", message));
        }
        let defaults = Defaults::check(place, file.defaults)?;
        Ok(Pipeline {
            name: filled(place, "name", file.name)?,
            schedule: file.schedule.map(|schedule| cron(place, schedule, &defaults.timezone)).transpose()?,
            store: root(place, file.store, &folder)?,
            lexicon: lexicon.transpose()?,
            read_forgotten: file.read_forgotten,
            sources,
            defaults,
            quality: Quality::check(place, file.quality)?,
            manners: file.web.map(|web| Manners::check(place, web)).transpose()?,
            path: path.to_owned(),
            folder,
        })
    }
}

impl Source {
    fn check(place: Place<'_>, source: Spanned<raw::Source>) -> Result<Source, ConfigError> {
        let span = source.span();
        let source = source.into_inner();
        let kind = source.kind;
        if let Some((key, span)) = source.stranger() {
            let (kind, keys) = (kind.as_str(), kind.keys().join(", "));
            return Err(place.invalid(span, key, format!("no key of kind = \"{kind}\", which expects {keys}")));
        }
        let lacks = |key, message| place.invalid(span.clone(), key, message);
        match kind {
            raw::Kind::Files => {
                let include = source.include.map(Spanned::into_inner).filter(|globs| !globs.is_empty());
                let include = include.ok_or_else(|| lacks("include", "kind = \"files\" expects a list of globs"))?;
                let exclude = source.exclude.map(Spanned::into_inner).unwrap_or_default();
                Ok(Source::Files {
                    include: patterns(place, "include", include)?,
                    exclude: patterns(place, "exclude", exclude)?,
                })
            }
            raw::Kind::Jsonl => {
                let path = source.path;
                let path = path.ok_or_else(|| lacks("path", "kind = \"jsonl\" expects a path or a list of paths"))?;
                let span = path.span();
                let paths = match path.into_inner() {
                    raw::OneOrMany::One(path) => vec![path],
                    raw::OneOrMany::Many(paths) if !paths.is_empty() => paths,
                    raw::OneOrMany::Many(_) => {
                        return Err(place.invalid(span, "path", "expected at least one path"));
                    }
                };
                let include = paths.into_iter().map(|text| Spanned::new(span.clone(), text)).collect();
                Ok(Source::Jsonl { include: patterns(place, "path", include)? })
            }
            raw::Kind::Bucket => Bucket::check(place, span, source).map(Source::Bucket),
            raw::Kind::Web => Ok(Source::Web(Box::new(Web::check(place, span, source)?))),
        }
    }
}

impl Default for Defaults {
    fn default() -> Self {
        Defaults { region: None, timezone: "Asia/Shanghai".to_owned(), publisher: None }
    }
}

impl Defaults {
    fn check(place: Place<'_>, defaults: raw::Defaults) -> Result<Defaults, ConfigError> {
        let region = defaults.region.map(|region| {
            RegionCode::from_str(region.get_ref())
                .map_err(|error| place.invalid(region.span(), "defaults.region", error.to_string()))
        });
        let timezone = defaults.timezone.map(|zone| match jiff::tz::TimeZone::get(zone.get_ref()) {
            Ok(_) => Ok(zone.into_inner()),
            Err(error) => {
                let message = format!("expected an IANA time zone such as \"Asia/Shanghai\": {error}");
                Err(place.invalid(zone.span(), "defaults.timezone", message))
            }
        });
        Ok(Defaults {
            region: region.transpose()?,
            timezone: timezone.transpose()?.unwrap_or(Defaults::default().timezone),
            publisher: defaults.publisher,
        })
    }
}

impl Quality {
    fn check(place: Place<'_>, quality: raw::Quality) -> Result<Quality, ConfigError> {
        if let Some(share) = quality.max_reject_share.as_ref().filter(|share| !(0.0..=1.0).contains(share.get_ref())) {
            let message = format!("expected a share from 0 to 1, found {}", share.get_ref());
            return Err(place.invalid(share.span(), "quality.max_reject_share", message));
        }
        let rules = quality.rules.map(|name| {
            let path = place.path.parent().unwrap_or(Path::new("")).join(name.get_ref());
            match path.is_file() {
                true => Rules::load(&path),
                false => {
                    let message = format!("expected a file of rules, found none at {}", path.display());
                    Err(place.invalid(name.span(), "quality.rules", message))
                }
            }
        });
        Ok(Quality {
            // Without a gate one good document is worth publishing: rejects are reported in any case.
            max_reject_share: quality.max_reject_share.map_or(1.0, Spanned::into_inner),
            max_errors: quality.max_errors,
            rules: rules.unwrap_or_else(Rules::bundled)?,
        })
    }
}

/// A string that is more than blanks.
pub(super) fn filled(place: Place<'_>, key: &str, value: Spanned<String>) -> Result<String, ConfigError> {
    let span: Range<usize> = value.span();
    let value = value.into_inner();
    if value.trim().is_empty() { Err(place.invalid(span, key, "expected a text that is not empty")) } else { Ok(value) }
}

/// The place of a store, relative to the `folder` of the pipeline file.
fn root(place: Place<'_>, store: Spanned<String>, folder: &Path) -> Result<Root, ConfigError> {
    let span = store.span();
    let given = filled(place, "store", store)?;
    Root::parse(&given, folder).map_err(|message| place.invalid(span, "store", message))
}

/// A cron expression of five fields in a zone that was checked.
fn cron(place: Place<'_>, schedule: Spanned<String>, zone: &str) -> Result<Schedule, ConfigError> {
    let zone = TimeZone::get(zone).map_err(|error| error.to_string());
    zone.and_then(|zone| Schedule::new(schedule.get_ref(), zone)).map_err(|error| {
        let message = format!(
            "expected a cron expression of five fields (minute hour day month weekday) such as \"30 6 * * *\", \
             found {:?}: {error}",
            schedule.get_ref()
        );
        place.invalid(schedule.span(), "schedule", message)
    })
}

pub(super) fn patterns(place: Place<'_>, key: &str, texts: Vec<Spanned<String>>) -> Result<Vec<Pattern>, ConfigError> {
    let check = |text: Spanned<String>| match glob::Pattern::new(text.get_ref()) {
        Ok(_) => Ok(Pattern { line: place.line(text.span().start), text: text.into_inner() }),
        Err(error) => {
            let message = format!("expected a glob such as \"reports/*.txt\", found {:?}: {error}", text.get_ref());
            Err(place.invalid(text.span(), key, message))
        }
    };
    texts.into_iter().map(check).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "name = \"quzhou\"\nschedule = \"30 6 * * *\"\nstore = \"store\"\n\
                        [[source]]\nkind = \"files\"\ninclude = [\"*.txt\"]\n";

    fn error(text: &str) -> String {
        Pipeline::parse(Path::new("job.toml"), text).unwrap_err().to_string()
    }

    #[test]
    fn a_good_file_is_read() {
        let pipeline = Pipeline::parse(Path::new("jobs/job.toml"), GOOD).unwrap();
        assert_eq!((pipeline.name.as_str(), pipeline.store), ("quzhou", Root::Folder("jobs/store".into())));
        assert_eq!(pipeline.defaults.timezone, "Asia/Shanghai");
    }

    #[test]
    fn an_error_names_line_key_and_what_was_expected() {
        for (text, words) in [
            (GOOD.replace("name", "nmae"), ["job.toml:1: nmae", "expected one of"]),
            (GOOD.replace("\"quzhou\"", "3"), ["job.toml:1: name", "expected a string"]),
            (GOOD.replace("\"store\"", "\"ftp://a/b\""), ["job.toml:3: store", "expected s3://"]),
            (GOOD.replace("30 6 * * *", "61 6 * * *"), ["job.toml:2: schedule", "five fields"]),
            (GOOD.replace("30 6 * * *", "0 30 6 * * *"), ["job.toml:2: schedule", "five fields"]),
            (GOOD.replace("30 6 * * *", "30 6 30 2 *"), ["job.toml:2: schedule", "no year"]),
            (
                GOOD.replace("\"files\"", "\"ftp\""),
                ["job.toml:5: kind", "expected one of `files`, `jsonl`, `web`, `bucket`"],
            ),
            (GOOD.replace("*.txt", "[.txt"), ["job.toml:6: include", "expected a glob"]),
            (GOOD.replace("include", "path"), ["job.toml:6: path", "expects include"]),
            (GOOD.replace("[[source]]\nkind = \"files\"\ninclude = [\"*.txt\"]\n", ""), ["missing field", "source"]),
            (format!("{GOOD}[defaults]\nregion = \"3308\"\n"), ["job.toml:8: defaults.region", "six digits"]),
            (format!("{GOOD}[defaults]\ntimezone = \"Quzhou\"\n"), ["job.toml:8: defaults.timezone", "IANA"]),
            (format!("{GOOD}[quality]\nmax_reject_share = 2.0\n"), ["job.toml:8: quality.max_reject_share", "0 to 1"]),
            (format!("{GOOD}[quality]\nmax_errors = -1\n"), ["job.toml:8: max_errors", "usize"]),
            (format!("{GOOD}[quality]\nrules = \"no.toml\"\n"), ["job.toml:8: quality.rules", "a file of rules"]),
            (format!("{GOOD}[quality]\nmax = 1\n"), ["job.toml:8: max", "max_reject_share"]),
        ] {
            let error = error(&text);
            assert!(words.iter().all(|word| error.contains(word)), "{words:?} not in {error}");
        }
    }
}
