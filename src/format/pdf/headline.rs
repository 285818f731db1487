//! The headline: what is set in the largest letters of the first page.

use super::lines::{Item, Line, Page, join};

/// A headline is this many times larger than the text.
const LARGER: f64 = 1.2;

/// Characters of a headline.
const LENGTH: std::ops::RangeInclusive<usize> = 6..=80;

/// The headline of `pages`, unless their largest letters are those of a letterhead.
pub(super) fn of(pages: &[Page]) -> Option<String> {
    let mut sizes: Vec<f64> = pages.iter().flat_map(lines).map(|line| line.size).collect();
    sizes.sort_by(f64::total_cmp);
    let usual = *sizes.get(sizes.len() / 2)?;
    let largest = lines(pages.first()?).map(|line| line.size).fold(0.0, f64::max);
    if largest < LARGER * usual {
        return None;
    }
    let is_large = |line: &&Line| line.size > 0.95 * largest;
    let mut headline = String::new();
    let first = lines(pages.first()?).skip_while(|line| !is_large(line));
    first.take_while(is_large).for_each(|line| join(&mut headline, &line.text()));
    (LENGTH.contains(&headline.chars().count()) && !headline.ends_with("文件")).then_some(headline)
}

fn lines(page: &Page) -> impl Iterator<Item = &Line> {
    page.items.iter().filter_map(|item| match item {
        Item::Line(line) => Some(line),
        Item::Table(_) => None,
    })
}
