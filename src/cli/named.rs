//! Regions and indicators as people name them, and what they may have meant.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::CliError;
use crate::lexicon::Lexicon;
use crate::model::RegionCode;
use crate::query;
use crate::store::Store;

/// How like a name must be to what was given to be suggested, and how many are.
const ALIKE: f64 = 0.7;
const SUGGESTIONS: usize = 3;

/// The code of a region given by name or code, as things are called today.
pub(super) fn region(lexicon: &Lexicon, given: &str) -> Result<RegionCode, CliError> {
    let year = Timestamp::now().to_zoned(TimeZone::UTC).year();
    let by_name = || lexicon.regions().named(given, year);
    given.parse().ok().or_else(by_name).ok_or_else(|| {
        let today = lexicon.regions().all().iter().filter(|region| region.in_force(year));
        let names = today.flat_map(|region| [region.name.as_str(), region.short.as_str()]);
        CliError::Argument(format!(
            "region {given:?}: expected a name such as 衢州市 or a code such as 330800{}",
            suggestion(given, names)
        ))
    })
}

/// The id of an indicator given by id, name, synonym or English name; or, of what the catalogue does not know and the
/// store has, its words.
pub(super) fn indicator(lexicon: &Lexicon, store: &Store, given: &str) -> Result<String, CliError> {
    let catalogue = lexicon.indicators();
    let names = |row: &'_ crate::lexicon::Indicator| {
        let synonyms = row.synonyms.iter().any(|name| name.eq_ignore_ascii_case(given));
        synonyms || [&row.id, &row.name, &row.english].iter().any(|name| name.eq_ignore_ascii_case(given))
    };
    let by_name = lexicon.indicator_named(given).map(|row| &catalogue[row as usize]);
    if let Some(indicator) = by_name.or_else(|| catalogue.iter().find(|row| names(row))) {
        return Ok(indicator.id.clone());
    }
    let id = format!("x.{}", given.strip_prefix("x.").unwrap_or(given));
    let uncatalogued = query::uncatalogued(store)?;
    if uncatalogued.contains(&id) {
        return Ok(id);
    }
    let known = catalogue.iter().flat_map(|row| [&row.name, &row.english].into_iter().chain(&row.synonyms));
    let known = known.map(String::as_str).chain(uncatalogued.iter().filter_map(|id| id.strip_prefix("x.")));
    Err(CliError::Argument(format!(
        "indicator {given:?}: expected a name such as 规上工业增加值 or GDP, or an id of the table dim_indicator{}",
        suggestion(given, known)
    )))
}

/// The names that are most like `given`, as the end of a message.
fn suggestion<'n>(given: &str, names: impl Iterator<Item = &'n str>) -> String {
    let given = given.to_lowercase();
    let mut alike: Vec<(f64, &str)> = names.map(|name| (likeness(&given, &name.to_lowercase()), name)).collect();
    alike.retain(|(likeness, _)| *likeness >= ALIKE);
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    alike.dedup_by(|a, b| a.1 == b.1);
    let names: Vec<&str> = alike.iter().take(SUGGESTIONS).map(|(_, name)| *name).collect();
    if names.is_empty() { String::new() } else { format!("; did you mean {}?", names.join(", ")) }
}

/// From 0; a name that holds the other comes before one that is only like it, and of names as like one that begins alike
/// before others.
fn likeness(given: &str, name: &str) -> f64 {
    let begins_alike = name.chars().next() == given.chars().next();
    let alike = strsim::jaro(given, name) + if begins_alike { 0.05 } else { 0.0 };
    let is_part = !given.is_empty() && (name.contains(given) || given.contains(name) && name.chars().count() > 1);
    if is_part { 0.5 + alike / 2.0 } else { alike }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_alike_come_first() {
        let names = ["龙游县", "龙泉市", "衢州市", "江山市"];
        assert_eq!(suggestion("龙游", names.into_iter()), "; did you mean 龙游县?");
        assert_eq!(suggestion("衢洲市", names.into_iter()), "; did you mean 衢州市?");
        assert_eq!(suggestion("Atlantis", names.into_iter()), "");
    }
}
