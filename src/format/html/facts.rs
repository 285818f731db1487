//! What a page says about itself: in meta tags, in its headline, and in the line below that.

use std::collections::HashMap;

use jiff::civil::Date;
use scraper::{ElementRef, Html};

use super::pieces::Piece;
use super::squeezed;
use crate::format::{Facts, first_day};

/// Names of meta tags, the most trusted first. Those of pages of public bodies are laid down for all of them.
const TITLE: [&str; 3] = ["articletitle", "og:title", "dc.title"];
const PUBLISHED: [&str; 9] = [
    "pubdate",
    "publishdate",
    "publish_date",
    "article:published_time",
    "og:release_date",
    "firstpublishedtime",
    "dc.date",
    "publishtime",
    "datepublished",
];
const PUBLISHER: [&str; 1] = ["contentsource"];
const SITE: [&str; 2] = ["og:site_name", "sitename"];

/// Labels of the line below a headline.
const DAY_LABELS: [&str; 6] = ["发布时间", "发布日期", "发稿时间", "时间", "日期", "发文日期"];
const SOURCE_LABELS: [&str; 5] = ["信息来源", "文章来源", "稿件来源", "来源", "发布机构"];

/// Characters of the longest line below a headline.
const LONGEST_LINE: usize = 160;

/// Characters of the shortest headline.
const SHORTEST_HEADLINE: usize = 6;

/// Characters of the longest name of a publisher.
const LONGEST_NAME: usize = 30;

/// Reads what `page`, whose pieces are `pieces`, says about itself.
pub(super) fn read(page: &Html, pieces: &[Piece]) -> Facts {
    let metas = metas(page);
    let meta = |names: &[&str]| names.iter().find_map(|name| metas.get(*name).cloned());
    let lines = || pieces.iter().filter(|piece| piece.text.chars().count() <= LONGEST_LINE);
    Facts {
        title: meta(&TITLE).or_else(|| headline(page, pieces)),
        published: meta(&PUBLISHED)
            .and_then(|day| first_day(&day))
            .or_else(|| lines().find_map(|piece| labelled_day(&piece.text))),
        publisher: meta(&PUBLISHER)
            .or_else(|| lines().find_map(|piece| labelled_name(&piece.text)))
            .or_else(|| meta(&SITE)),
    }
}

/// Meta tags by their names in lower case; the first of a name counts, and an empty one is none.
fn metas(page: &Html) -> HashMap<String, String> {
    let mut metas = HashMap::new();
    for meta in elements(page, "meta") {
        let name = ["name", "property", "itemprop"].into_iter().find_map(|key| meta.attr(key));
        let content = meta.attr("content").map(str::trim).filter(|content| !content.is_empty());
        if let (Some(name), Some(content)) = (name, content) {
            metas.entry(name.to_ascii_lowercase()).or_insert_with(|| content.to_owned());
        }
    }
    metas
}

fn elements<'p>(page: &'p Html, name: &'p str) -> impl Iterator<Item = ElementRef<'p>> {
    page.root_element().descendent_elements().filter(move |element| element.value().name() == name)
}

/// The part of the window's title (`标题_站名`, `标题 - 站名`) that stands on the page as it is, else the longest `<h1>`, else
/// what the window's title begins with. The name of the site may be an `<h1>` too, and stands on the page as a link.
fn headline(page: &Html, pieces: &[Piece]) -> Option<String> {
    let window = elements(page, "title").map(words).find(|words| !words.is_empty()).unwrap_or_default();
    let parts = || window.split(['_', '|', '｜']).flat_map(|part| part.split(" - ")).flat_map(|part| part.split("--"));
    let parts = || parts().map(str::trim).filter(|part| !part.is_empty());
    let length = |words: &String| words.chars().count();
    let stands = |part: &&str| pieces.iter().any(|piece| piece.linked == 0 && squeezed(&piece.text) == squeezed(part));
    let standing = parts().filter(stands).map(str::to_owned).max_by_key(length);
    let largest =
        || elements(page, "h1").map(words).filter(|words| length(words) >= SHORTEST_HEADLINE).max_by_key(length);
    standing.or_else(largest).or_else(|| parts().next().map(str::to_owned))
}

/// The words of an element on one line.
fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The day behind a label: `发布时间：2022-07-26 09:30`.
fn labelled_day(line: &str) -> Option<Date> {
    let value = |label: &&str| behind(line, label);
    DAY_LABELS.iter().filter_map(value).find_map(|value| {
        let end = value.char_indices().nth(12).map_or(value.len(), |(at, _)| at);
        first_day(&value[..end])
    })
}

/// The name behind a label: `来源：市统计局 浏览次数：12`.
fn labelled_name(line: &str) -> Option<String> {
    SOURCE_LABELS.iter().filter_map(|label| behind(line, label)).find_map(|value| {
        let end = value.find(|c: char| c.is_whitespace() || "|｜】]）)，。；".contains(c)).unwrap_or(value.len());
        let name = value[..end].trim();
        let is_name = !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.contains([':', '：']);
        is_name.then(|| name.to_owned())
    })
}

/// What stands behind `label` and a colon.
fn behind<'t>(line: &'t str, label: &str) -> Option<&'t str> {
    line.match_indices(label).find_map(|(at, _)| {
        // 资金来源：… names something else.
        if line[..at].ends_with(char::is_alphabetic) {
            return None;
        }
        let rest = line[at + label.len()..].trim_start();
        Some(rest.strip_prefix(['：', ':'])?.trim_start())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_below_a_headline_is_read() {
        let line = "发布时间：2022-07-26 09:30　来源： 衢州市统计局　浏览次数：1234";
        assert_eq!(labelled_day(line), Date::new(2022, 7, 26).ok());
        assert_eq!(labelled_name(line), Some("衢州市统计局".to_owned()));
        assert_eq!(labelled_day("时间：上午，地点：2022-07-26号楼"), None);
        assert_eq!(labelled_name("资金来源：财政拨款"), None);
        assert_eq!(labelled_name("来源：发布时间：2022-07-26"), None);
    }
}
