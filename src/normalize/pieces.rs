//! Tables cut into pieces by region: what is worked out for a line of one region needs no other.

use polars::error::PolarsResult;
use polars::prelude::{DataFrame, StringChunked};

/// Rows of the largest frame in a piece.
const ROWS: usize = 1 << 15;

/// `frames`, each sorted by `region_code` with nulls last, cut at the same regions: of each piece the part of every frame.
///
/// # Errors
/// When a frame has no such column.
pub fn by_region(frames: &[&DataFrame]) -> PolarsResult<Vec<Vec<DataFrame>>> {
    let regions = frames.iter().map(|frame| frame.column("region_code").and_then(|column| column.str()));
    let regions: Vec<&StringChunked> = regions.collect::<PolarsResult<_>>()?;
    let Some(largest) = regions.iter().max_by_key(|column| column.len()) else { return Ok(Vec::new()) };
    let mut ends: Vec<Option<&str>> =
        (ROWS..largest.len()).step_by(ROWS).filter_map(|row| largest.get(row)).map(Some).collect();
    ends.dedup();
    ends.push(None);
    let mut starts = vec![0; frames.len()];
    let mut pieces = Vec::with_capacity(ends.len());
    for end in ends {
        let mut piece = Vec::with_capacity(frames.len());
        for ((frame, regions), start) in frames.iter().zip(&regions).zip(&mut starts) {
            let stop = end.map_or(regions.len(), |end| first_at(regions, end));
            piece.push(frame.slice(*start as i64, stop - *start));
            *start = stop;
        }
        pieces.push(piece);
    }
    Ok(pieces)
}

/// The first row whose region is `region` or comes behind it.
fn first_at(regions: &StringChunked, region: &str) -> usize {
    let (mut low, mut high) = (0, regions.len());
    while low < high {
        let middle = low.midpoint(high);
        match regions.get(middle).is_some_and(|other| other < region) {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use polars::prelude::Column;

    use super::*;

    #[test]
    fn regions_are_not_cut_in_two() {
        let frame = |rows: usize| {
            let regions = (0..rows).map(|row| (row < rows - 3).then(|| format!("{:06}", row / 7)));
            DataFrame::new(rows, vec![Column::new("region_code".into(), regions.collect::<Vec<_>>())]).unwrap()
        };
        let (large, small) = (frame(3 * ROWS), frame(ROWS));
        let pieces = by_region(&[&small, &large]).unwrap();
        assert_eq!(pieces.len(), 3);
        let last = |frame: &DataFrame| {
            frame.column("region_code").unwrap().str().unwrap().iter().flatten().last().map(str::to_owned)
        };
        let first = |frame: &DataFrame| {
            frame.column("region_code").unwrap().str().unwrap().iter().flatten().next().map(str::to_owned)
        };
        for pair in pieces.windows(2) {
            assert!(last(&pair[0][1]) < first(&pair[1][1]));
        }
        assert_eq!(pieces.iter().map(|piece| piece[0].height()).sum::<usize>(), ROWS);
        assert_eq!(pieces.iter().map(|piece| piece[1].height()).sum::<usize>(), 3 * ROWS);
    }
}
