//! Values and names as they are published: base units, indicator ids, stable hashes.

use rust_decimal::Decimal;
use xxhash_rust::xxh3::Xxh3;

use crate::lexicon::Lexicon;
use crate::model::Observation;

/// `value` times ten to the `power`, as the nearest double.
///
/// The decimal point is moved in the text of the number and the text is read once, so no product is ever rounded:
/// 30.3 亿元 is the double nearest to 3030000000, not 30.3 (already rounded) times 1e8.
pub(super) fn in_base_unit(value: Decimal, power: i32) -> f64 {
    format!("{value}e{power}").parse().unwrap_or(f64::NAN)
}

/// Catalogue id and standard name of an observation's indicator.
pub(super) fn indicator<'a>(lexicon: &'a Lexicon, observation: &'a Observation) -> (String, &'a str) {
    let row = observation.indicator.and_then(|row| lexicon.indicators().get(row as usize));
    match row {
        Some(indicator) => (indicator.id.clone(), &indicator.name),
        None => (format!("x.{}", observation.indicator_text), &observation.indicator_text),
    }
}

/// What makes two statements belong to one series.
///
/// A target has a series of its own, so that plans never stand among facts. The price basis has no part in it: reports
/// name it one month and leave it out the next.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SeriesName<'a> {
    pub region: Option<&'a str>,
    pub zone: Option<&'a str>,
    pub indicator: &'a str,
    pub breakdown: Option<&'a str>,
    pub measure: &'a str,
    pub scope: Option<&'a str>,
    pub freq: &'a str,
    pub unit: &'a str,
    pub is_target: bool,
    pub entity: Option<&'a str>,
}

impl SeriesName<'_> {
    /// The id in the column `series_id`.
    pub fn id(&self) -> String {
        hash(&[
            self.region,
            self.zone,
            Some(self.indicator),
            self.breakdown,
            Some(self.measure),
            self.scope,
            Some(self.freq),
            Some(self.unit),
            self.is_target.then_some("target"),
            self.entity,
        ])
    }
}

/// Name of one statement: the same in every run that reads the same document with rules that agree on it.
pub(super) fn obs_id(document: &str, observation: &Observation, series: &str, time_period: &str) -> String {
    let (start, end) = (observation.span.char_start.to_string(), observation.span.char_end.to_string());
    hash(&[Some(document), Some(&start), Some(&end), Some(series), Some(time_period)])
}

/// XXH3-128 over `fields`, in hexadecimal. Each field is closed by U+001F and a missing one is U+0000, neither of which
/// stands in a report, so that no two lists of fields run together to the same bytes.
pub(crate) fn hash(fields: &[Option<&str>]) -> String {
    let mut hasher = Xxh3::new();
    for field in fields {
        hasher.update(field.unwrap_or("\0").as_bytes());
        hasher.update(b"\x1f");
    }
    format!("{:032x}", hasher.digest128())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_units_are_rounded_once() {
        assert_eq!(in_base_unit(Decimal::new(303, 1), 8), 3_030_000_000.0);
        assert_eq!(in_base_unit(Decimal::new(-42, 1), 0), -4.2);
        assert_eq!(in_base_unit(Decimal::new(1, 28), 4), 1e-24);
        assert_eq!(in_base_unit(Decimal::MAX, 12), Decimal::MAX.to_string().parse::<f64>().unwrap() * 1e12);
    }

    #[test]
    fn fields_do_not_run_together() {
        assert_ne!(hash(&[Some("ab"), Some("c")]), hash(&[Some("a"), Some("bc")]));
        assert_ne!(hash(&[Some(""), None]), hash(&[None, Some("")]));
    }
}
