//! The rules that numbers must keep to among themselves: `config/quality.toml`, or a pipeline's own file.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::ConfigError;
use super::error::Place;
use crate::lexicon::Lexicon;

const BUNDLED: &str = include_str!("../../config/quality.toml");

/// How bad it is when a rule is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// One of the numbers, or the reading of it, is probably wrong.
    Warn,
    /// The numbers cannot all be right.
    Error,
}

impl Severity {
    /// The word in the table `checks`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warn => "warn",
            Severity::Error => "error",
        }
    }
}

/// A file of rules. A rule that is not there is not checked.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The rules.
    pub all: AllRules,
    path: PathBuf,
    text: String,
}

/// The rules of a file, by kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllRules {
    /// Earlier years that [`Magnitude`] and [`Outlier`] look back on, `0..=20`.
    #[serde(deserialize_with = "years")]
    pub history_years: i32,
    /// Parts that make up a whole.
    #[serde(default, rename = "sum")]
    pub sums: Vec<Whole>,
    /// Parts that are no more than their whole, and may overlap.
    #[serde(default, rename = "part")]
    pub parts: Vec<Whole>,
    /// Shares that give 100 %.
    #[serde(default, rename = "structure")]
    pub structures: Vec<Structure>,
    /// A change over the level before it is the rate.
    pub change: Option<Plain>,
    /// A gap is what lies between two places' rates.
    pub gap: Option<Plain>,
    /// A rank has a place among the places ranked.
    pub rank: Option<Rank>,
    /// Amounts do not jump by a power of ten.
    pub magnitude: Option<Magnitude>,
    /// The sign of a number is that of its verb.
    pub sign: Option<Plain>,
    /// Values lie among the others of their series.
    pub outlier: Option<Outlier>,
    /// A report states a value once.
    pub duplicate: Option<Plain>,
    /// Reports of one day agree.
    pub conflict: Option<Plain>,
    /// Facts are of periods that are over.
    pub early: Option<Plain>,
    /// Reports are on what is recent.
    pub late: Option<Late>,
}

/// A rule about a whole and its parts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    /// Name of the rule.
    pub id: Spanned<String>,
    /// How bad.
    pub severity: Severity,
    /// The whole, an indicator.
    pub whole: Spanned<String>,
    /// Its parts, indicators; at least one.
    #[serde(deserialize_with = "filled")]
    pub parts: Vec<Spanned<String>>,
}

/// A rule about shares.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Structure {
    /// Name of the rule.
    pub id: Spanned<String>,
    /// How bad.
    pub severity: Severity,
    /// The shares, indicators in percent; at least one.
    #[serde(deserialize_with = "filled")]
    pub parts: Vec<Spanned<String>>,
}

/// A rule without parameters.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plain {
    /// How bad.
    pub severity: Severity,
}

/// How high a rank may be.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rank {
    /// How bad.
    pub severity: Severity,
    /// Places that are ranked beside those of the gazetteer.
    pub beside: u32,
}

/// When an amount has jumped.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Magnitude {
    /// How bad.
    pub severity: Severity,
    /// Factors between units that are taken for one another, all above 1.
    #[serde(deserialize_with = "factors")]
    pub factors: Vec<f64>,
    /// How far a quotient may be from a factor to be taken for it, above 1.
    #[serde(deserialize_with = "above_one")]
    pub spread: f64,
    /// The smallest amount looked at, in the base unit.
    #[serde(deserialize_with = "positive")]
    pub smallest: f64,
}

/// When a value is far from the others of its series.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outlier {
    /// How bad.
    pub severity: Severity,
    /// Deviations from the median, above 0.
    #[serde(deserialize_with = "positive")]
    pub deviations: f64,
    /// Values that it takes, at least 3.
    #[serde(deserialize_with = "points")]
    pub points: usize,
    /// The least median distance of rates, in points.
    #[serde(deserialize_with = "positive")]
    pub floor_rate: f64,
    /// The least median distance of amounts, as a share of the value.
    #[serde(deserialize_with = "positive")]
    pub floor_amount: f64,
}

/// When a report is late.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Late {
    /// How bad.
    pub severity: Severity,
    /// Days between its latest fact and its publication.
    pub days: u32,
}

impl Rules {
    /// The rules that are compiled in.
    ///
    /// # Errors
    /// Never, as a test makes sure.
    pub fn bundled() -> Result<Rules, ConfigError> {
        Rules::parse(Path::new("quality.toml"), BUNDLED)
    }

    /// The rules in the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read, is not TOML, has a key that is unknown or missing, or a bad value.
    pub fn load(path: &Path) -> Result<Rules, ConfigError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        Rules::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Rules, ConfigError> {
        let place = Place { path, text };
        let all: AllRules = toml::from_str(text).map_err(|error| place.syntax(&error))?;
        let rules = Rules { all, path: path.to_owned(), text: text.to_owned() };
        let mut ids = Vec::new();
        for id in rules.ids() {
            if id.get_ref().trim().is_empty() || ids.contains(&id.get_ref()) {
                let message = format!("expected a name that no other rule has, found {:?}", id.get_ref());
                return Err(place.invalid(id.span(), "id", message));
            }
            ids.push(id.get_ref());
        }
        Ok(rules)
    }

    /// Makes sure that every indicator named is in the catalogue of `lexicon`, or is none on purpose (`x.`).
    ///
    /// # Errors
    /// When one is not.
    pub fn check(&self, lexicon: &Lexicon) -> Result<(), ConfigError> {
        let place = Place { path: &self.path, text: &self.text };
        let known = |id: &str| id.starts_with("x.") || lexicon.indicators().iter().any(|row| row.id == id);
        match self.indicators().find(|(_, id)| !known(id.get_ref())) {
            None => Ok(()),
            Some((key, id)) => {
                let message =
                    format!("expected the id of an indicator, or x. and the words of a text, found {:?}", id.get_ref());
                Err(place.invalid(id.span(), key, message))
            }
        }
    }

    fn ids(&self) -> impl Iterator<Item = &Spanned<String>> {
        let wholes = self.all.sums.iter().chain(&self.all.parts).map(|rule| &rule.id);
        wholes.chain(self.all.structures.iter().map(|rule| &rule.id))
    }

    fn indicators(&self) -> impl Iterator<Item = (&'static str, &Spanned<String>)> {
        let wholes = self.all.sums.iter().chain(&self.all.parts);
        let parts = wholes.clone().map(|rule| &rule.parts).chain(self.all.structures.iter().map(|rule| &rule.parts));
        wholes.map(|rule| ("whole", &rule.whole)).chain(parts.flatten().map(|part| ("parts", part)))
    }
}

fn checked<'de, D, T>(given: D, expected: &str, holds: impl Fn(&T) -> bool) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + std::fmt::Debug,
{
    let value = T::deserialize(given)?;
    if holds(&value) { Ok(value) } else { Err(wrong(expected, format_args!("{value:?}"))) }
}

fn wrong<E: Error>(expected: &str, found: impl Display) -> E {
    E::custom(format_args!("expected {expected}, found {found}"))
}

fn years<'de, D: Deserializer<'de>>(given: D) -> Result<i32, D::Error> {
    checked(given, "years from 0 to 20", |years| (0..=20).contains(years))
}

fn points<'de, D: Deserializer<'de>>(given: D) -> Result<usize, D::Error> {
    checked(given, "a count of at least 3", |&points| points >= 3)
}

fn positive<'de, D: Deserializer<'de>>(given: D) -> Result<f64, D::Error> {
    checked(given, "a number above 0", |&number: &f64| number > 0.0 && number.is_finite())
}

fn above_one<'de, D: Deserializer<'de>>(given: D) -> Result<f64, D::Error> {
    checked(given, "a number above 1", |&number: &f64| number > 1.0 && number.is_finite())
}

fn factors<'de, D: Deserializer<'de>>(given: D) -> Result<Vec<f64>, D::Error> {
    checked(given, "a list of numbers above 1", |factors: &Vec<f64>| {
        !factors.is_empty() && factors.iter().all(|&factor| factor > 1.0 && factor.is_finite())
    })
}

fn filled<'de, D: Deserializer<'de>>(given: D) -> Result<Vec<Spanned<String>>, D::Error> {
    let parts = Vec::deserialize(given)?;
    if parts.is_empty() { Err(wrong("at least one indicator", "none")) } else { Ok(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_rules_name_known_indicators() {
        Rules::bundled().unwrap().check(&Lexicon::bundled().unwrap()).unwrap();
    }

    #[test]
    fn an_error_names_line_key_and_what_was_expected() {
        let error = |from: &str, to: &str| {
            assert!(BUNDLED.contains(from), "{from}");
            let line = BUNDLED[..BUNDLED.find(from).unwrap_or_default()].matches('\n').count() + 1;
            let rules = Rules::parse(Path::new("rules.toml"), &BUNDLED.replacen(from, to, 1));
            let error = rules.and_then(|rules| rules.check(&Lexicon::bundled().unwrap())).unwrap_err().to_string();
            assert!(error.starts_with(&format!("rules.toml:{line}: ")), "line {line} not in {error}");
            error
        };
        for (from, to, words) in [
            ("history_years = 5", "history_years = 50", ["history_years", "0 to 20"]),
            ("history_years", "history_yaers", ["history_yaers", "unknown field"]),
            ("severity = \"error\"", "severity = \"fatal\"", ["severity", "expected one of"]),
            ("whole = \"gdp\"", "whole = \"gpd\"", ["whole", "found \"gpd\""]),
            ("parts = [\"trade_exports\", \"trade_imports\"]", "parts = []", ["parts", "at least one indicator"]),
            ("id = \"trade_directions\"", "id = \"gdp_industries\"", ["id", "no other rule has"]),
            ("spread = 1.6", "spread = 1", ["spread", "above 1"]),
            ("factors = [10, 1000, 10000]", "factors = [0.1]", ["factors", "above 1"]),
            ("points = 8", "points = 2", ["points", "at least 3"]),
            ("beside = 3", "beside = -3", ["beside", "u32"]),
            ("[gap]", "[gaap]", ["gaap", "unknown field"]),
        ] {
            let error = error(from, to);
            assert!(words.iter().all(|word| error.contains(word)), "{words:?} not in {error}");
        }
    }
}
