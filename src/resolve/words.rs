//! What words of headers and of names of rows say.

use crate::lexicon::{Header, Lexicon};

/// Whether a cell of the header stands over names: 指标名称, 县（市、区）.
pub(super) fn is_stub(lexicon: &Lexicon, cell: &str) -> bool {
    let stub = |word: &String| cell.contains(word.as_str());
    cell.is_empty() || lexicon.header_words(Header::Stub).iter().any(stub) && !heads_figures(lexicon, cell)
}

/// Whether a cell of the header stands over figures: 增速（%）, 1-7月累计, 2022年.
pub(super) fn heads_figures(lexicon: &Lexicon, cell: &str) -> bool {
    lexicon.header_words(Header::Figures).iter().any(|word| cell.contains(word.as_str())) || cell.ends_with('年')
}

/// A year without the word for it.
pub(super) fn is_year(cell: &str) -> bool {
    cell.len() == 4 && (cell.starts_with("19") || cell.starts_with("20")) && cell.bytes().all(|b| b.is_ascii_digit())
}

/// The first of `words` that stands in `text`, taken out.
pub(super) fn take<W: AsRef<str>>(text: &mut String, words: &[W]) -> bool {
    // Most words are not there, which `contains` tells much faster than `find`.
    let found = words.iter().map(AsRef::as_ref).find(|word| text.contains(word));
    let found = found.and_then(|word| text.find(word).map(|at| at..at + word.len()));
    if let Some(range) = &found {
        text.replace_range(range.clone(), "");
    }
    found.is_some()
}

/// The first of `words` that `text` ends with, taken off: 增减 of 财政收入增减, but not of 增加值.
pub(super) fn take_end(text: &mut String, words: &[String]) -> bool {
    let found = words.iter().find_map(|word| text.strip_suffix(word.as_str())).map(str::len);
    if let Some(len) = found {
        text.truncate(len);
    }
    found.is_some()
}

/// Whether the name of a row says that its figures are rates of change: 固定资产投资增速.
pub(super) fn is_growth(lexicon: &Lexicon, name: &str) -> bool {
    without_growth(lexicon, name).len() < name.len()
}

/// The name of what grows.
pub(super) fn without_growth<'n>(lexicon: &Lexicon, name: &'n str) -> &'n str {
    let ends = lexicon.header_words(Header::GrowthEnd);
    let plain = ends.iter().find_map(|end| name.strip_suffix(end.as_str())).unwrap_or(name);
    let plain = plain.strip_suffix("同比").unwrap_or(plain);
    if plain.is_empty() { name } else { plain }
}

/// A unit without the word that announces it: 亿元 of 单位：亿元.
pub(super) fn without_unit_label(unit: &str) -> &str {
    unit.trim_start_matches("单位：").trim_start_matches("单位:")
}

/// Whether the name of a row is that of a development zone or a town.
pub(super) fn is_zone(lexicon: &Lexicon, name: &str) -> bool {
    let ends = lexicon.header_words(Header::ZoneEnd);
    ends.iter().any(|end| name.ends_with(end.as_str())) && name.chars().count() > 2
}
