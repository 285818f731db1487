//! Which months of a series the store has, and which are missing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use polars::error::PolarsResult;
use polars::prelude::{DataFrame, col, lit};

use super::QueryError;
use crate::model::RegionCode;
use crate::normalize::from_epoch_days;
use crate::normalize::schema::SERIES;
use crate::store::{Store, StoreError};

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
) -> Result<Vec<Coverage>, StoreError> {
    let region = region.map(|code| code.to_string());
    let mut all = BTreeMap::new();
    for year in store.years(&SERIES)? {
        let columns = [
            "region_code",
            "region_name",
            "indicator",
            "indicator_name",
            "zone",
            "breakdown",
            "measure",
            "status",
            "period_end",
        ];
        let Some(rows) = store.read(&SERIES, Some(year), Some(&columns))? else { continue };
        let path = store.file(&SERIES, Some(year));
        add(&mut all, &rows, region.as_deref(), indicator).map_err(|source| StoreError::Frame { path, source })?;
    }
    Ok(all.into_values().collect())
}

fn add(
    all: &mut BTreeMap<(String, String), Coverage>,
    rows: &DataFrame,
    wanted_region: Option<&str>,
    wanted_indicator: Option<&str>,
) -> PolarsResult<()> {
    let text = |name: &str| rows.column(name)?.str().cloned();
    let (regions, names) = (text("region_code")?, text("region_name")?);
    let (indicators, indicator_names) = (text("indicator")?, text("indicator_name")?);
    let (zones, breakdowns, measures, statuses) =
        (text("zone")?, text("breakdown")?, text("measure")?, text("status")?);
    let ends = rows.column("period_end")?.date()?.physical().clone();
    for row in 0..rows.height() {
        let (Some(region), Some(indicator), Some(end)) = (regions.get(row), indicators.get(row), ends.get(row)) else {
            continue;
        };
        let whole = zones.get(row).is_none() && breakdowns.get(row).is_none() && statuses.get(row) != Some("target");
        let told = matches!(measures.get(row), Some("level" | "yoy"));
        let wanted = wanted_region.is_none_or(|wanted| wanted == region)
            && wanted_indicator.is_none_or(|wanted| wanted == indicator);
        if whole && told && wanted {
            let entry = all.entry((region.to_owned(), indicator.to_owned())).or_insert_with(|| Coverage {
                region_code: region.to_owned(),
                region_name: names.get(row).unwrap_or(region).to_owned(),
                indicator: indicator.to_owned(),
                indicator_name: indicator_names.get(row).unwrap_or(indicator).to_owned(),
                stated: BTreeSet::new(),
            });
            let end: Date = from_epoch_days(end);
            entry.stated.insert((end.year(), end.month()));
        }
    }
    Ok(())
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
