//! Which months of a series the store has, and which are missing.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{col, lit};

use super::QueryError;
use crate::model::RegionCode;
use crate::normalize::cells::{days, texts, words};
use crate::normalize::schema::SERIES;
use crate::store::Store;

/// One indicator of one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// GB/T 2260 code.
    pub region_code: String,
    /// Name of the region.
    pub region_name: String,
    /// Id of the indicator.
    pub indicator: String,
    /// Its name.
    pub indicator_name: String,
    /// Months (year, month `1..=12`) in which a period ends that has a level or a yearly rate.
    pub stated: BTreeSet<(i16, i8)>,
}

impl Coverage {
    /// The months that are missing: another year has them, and there are values before and after.
    pub fn gaps(&self) -> BTreeSet<(i16, i8)> {
        let (Some(&first), Some(&last)) = (self.stated.first(), self.stated.last()) else { return BTreeSet::new() };
        let months: BTreeSet<i8> = self.stated.iter().map(|(_, month)| *month).collect();
        let all = (first.0..=last.0).flat_map(|year| months.iter().map(move |&month| (year, month)));
        all.filter(|at| (first..last).contains(at) && !self.stated.contains(at)).collect()
    }
}

/// What the store has of each region and indicator, by their codes; of one region or indicator only, if given. Zones,
/// breakdowns and targets do not count.
///
/// # Errors
/// When the store cannot be read.
pub fn coverage(
    store: &Store,
    region: Option<RegionCode>,
    indicator: Option<&str>,
) -> Result<Vec<Coverage>, QueryError> {
    let is = |name: &str, value: &str| col(name).eq(lit(value));
    let whole = col("zone").is_null().and(col("breakdown").is_null()).and(col("status").neq(lit("target")));
    let mut wanted = whole.and(is("measure", "level").or(is("measure", "yoy")));
    if let Some(region) = region {
        wanted = wanted.and(is("region_code", &region.to_string()));
    }
    if let Some(indicator) = indicator {
        wanted = wanted.and(is("indicator", indicator));
    }
    let columns = ["region_code", "region_name", "indicator", "indicator_name", "period_end"];
    let rows = store.scan(&SERIES)?.filter(wanted).select(columns.map(col)).collect()?;
    let [regions, indicators, indicator_names] =
        [words(&rows, "region_code")?, words(&rows, "indicator")?, words(&rows, "indicator_name")?];
    let names = texts(&rows, "region_name")?;
    let mut all: BTreeMap<(&str, &str), Coverage> = BTreeMap::new();
    for (row, end) in days(&rows, "period_end")?.into_iter().enumerate() {
        let entry = all.entry((regions[row], indicators[row])).or_insert_with(|| Coverage {
            region_code: regions[row].to_owned(),
            region_name: names[row].unwrap_or(regions[row]).to_owned(),
            indicator: indicators[row].to_owned(),
            indicator_name: indicator_names[row].to_owned(),
            stated: BTreeSet::new(),
        });
        entry.stated.extend(end.map(|end| (end.year(), end.month())));
    }
    Ok(all.into_values().collect())
}

/// The indicators of the store that the catalogue does not know, by id.
///
/// # Errors
/// When the store cannot be read.
pub fn uncatalogued(store: &Store) -> Result<BTreeSet<String>, QueryError> {
    let of_text = col("indicator").gt_eq(lit("x.")).and(col("indicator").lt(lit("x/")));
    let rows = store.scan(&SERIES)?.filter(of_text).select([col("indicator")]).collect()?;
    Ok(rows.column("indicator")?.str()?.iter().flatten().map(str::to_owned).collect())
}
