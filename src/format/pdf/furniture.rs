//! Page numbers and running heads: lines at the top and bottom of the pages that say the same on each.

use std::collections::HashMap;

use super::lines::{Item, Line, Page};

/// The part of a page at its top and at its bottom in which such lines stand.
const MARGIN: f64 = 0.1;

/// Lines from the top and from the bottom that may be such.
const DEEPEST: usize = 2;

/// A line is a running head when this many pages have it.
const PAGES: usize = 3;

/// Takes page numbers and running heads out of `pages`.
pub(super) fn remove(pages: &mut [Page]) {
    let mut seen: HashMap<(bool, String), usize> = HashMap::new();
    for page in pages.iter() {
        for (index, at_top) in candidates(page) {
            if let Item::Line(line) = &page.items[index] {
                *seen.entry((at_top, key(line))).or_default() += 1;
            }
        }
    }
    let enough = PAGES.min(pages.len().max(2));
    for page in pages {
        let gone: Vec<usize> = candidates(page)
            .into_iter()
            .filter(|(index, at_top)| match &page.items[*index] {
                Item::Line(line) => {
                    is_page_number(&line.text()) || is_plain(line) && seen[&(*at_top, key(line))] >= enough
                }
                Item::Table(_) => false,
            })
            .map(|(index, _)| index)
            .collect();
        let mut index = 0;
        page.items.retain(|_| {
            index += 1;
            !gone.contains(&(index - 1))
        });
    }
}

/// The lines in the margins of a page, and whether each stands at its top.
fn candidates(page: &Page) -> Vec<(usize, bool)> {
    let base = |index: usize| match &page.items[index] {
        Item::Line(line) => line.base,
        Item::Table(_) => page.height / 2.0,
    };
    let count = page.items.len();
    let top = (0..count.min(DEEPEST)).filter(|index| base(*index) < page.height * MARGIN).map(|index| (index, true));
    let bottom = (count.saturating_sub(DEEPEST)..count).filter(|index| base(*index) > page.height * (1.0 - MARGIN));
    top.chain(bottom.map(|index| (index, false))).collect()
}

/// What a line says apart from the number of the page.
fn key(line: &Line) -> String {
    line.text().chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace()).collect()
}

/// Whether a line may be a running head: no prose, and not the unit of a table that goes on.
fn is_plain(line: &Line) -> bool {
    let text = line.text();
    !text.contains(['，', '。', '；']) && !text.contains("单位")
}

/// `12`, `- 12 -`, `第 12 页 共 30 页`, `12/30`.
fn is_page_number(line: &str) -> bool {
    const LONGEST: usize = 16;
    let words: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    let rest = words.trim_matches(|c: char| c.is_ascii_digit() || "-－—–·第共页/|,，".contains(c));
    rest.trim_matches(|c: char| c.is_ascii_digit() || "第共页/,，".contains(c)).is_empty()
        && words.contains(|c: char| c.is_ascii_digit())
        && words.chars().count() <= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_told_from_figures() {
        for line in ["12", "- 12 -", "—3—", "第 12 页 共 30 页", "12/30", "第3页"] {
            assert!(is_page_number(line), "{line}");
        }
        for line in ["12.5", "增长12", "2022年", "12%", "第三产业12"] {
            assert!(!is_page_number(line), "{line}");
        }
    }
}
