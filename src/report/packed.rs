//! A table as the page holds it: column by column, words that come again as their number in a list.

use jiff::Timestamp;
use polars::error::PolarsResult;
use polars::prelude::{Column, DataFrame, DataType};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::normalize::from_epoch_days;

/// A table: number of rows, and the columns by name.
#[derive(Debug, Serialize)]
pub(super) struct Packed {
    rows: usize,
    columns: Vec<(String, Values)>,
}

/// The values of a column, one a row.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Values {
    /// Each row's place in the list of `words`, -1 where it has none.
    Words {
        words: Vec<String>,
        at: Vec<i32>,
    },
    Texts(Vec<Option<String>>),
    Ints(Vec<Option<i32>>),
    Doubles(Vec<Option<f64>>),
}

impl Packed {
    /// The rows of `frame`. Days and instants become text, truth 0 and 1.
    pub fn new(frame: &DataFrame) -> PolarsResult<Packed> {
        let columns = frame.columns().iter();
        let columns = columns.map(|column| Ok((column.name().to_string(), values(column)?)));
        Ok(Packed { rows: frame.height(), columns: columns.collect::<PolarsResult<_>>()? })
    }
}

fn values(column: &Column) -> PolarsResult<Values> {
    Ok(match column.dtype() {
        DataType::String => texts(column.str()?.iter().collect()),
        DataType::Int32 => Values::Ints(column.i32()?.iter().collect()),
        DataType::Boolean => Values::Ints(column.bool()?.iter().map(|truth| truth.map(i32::from)).collect()),
        DataType::Date => {
            let day = |days: Option<i32>| days.map(|days| from_epoch_days(days).to_string());
            owned(column.date()?.physical().iter().map(day).collect())
        }
        DataType::Datetime(..) => {
            let instant = |micros| Timestamp::from_microsecond(micros).unwrap_or_default().to_string();
            owned(column.datetime()?.physical().iter().map(|micros| micros.map(instant)).collect())
        }
        _ => Values::Doubles(column.f64()?.iter().collect()),
    })
}

fn owned(values: Vec<Option<String>>) -> Values {
    texts(values.iter().map(Option::as_deref).collect())
}

/// As numbers of words where that is shorter.
fn texts(values: Vec<Option<&str>>) -> Values {
    let mut numbers: FxHashMap<&str, i32> = FxHashMap::default();
    let mut words = Vec::new();
    let mut number = |word| {
        *numbers.entry(word).or_insert_with(|| {
            words.push(String::from(word));
            i32::try_from(words.len() - 1).unwrap_or(i32::MAX)
        })
    };
    let at: Vec<i32> = values.iter().map(|value| value.map_or(-1, &mut number)).collect();
    if words.len() * 2 > at.len() {
        return Values::Texts(values.into_iter().map(|value| value.map(str::to_owned)).collect());
    }
    Values::Words { words, at }
}
