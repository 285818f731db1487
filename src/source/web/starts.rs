//! Where a source begins.

use jiff::ToSpan;
use jiff::civil::Date;
use url::Url;

use super::links::takes;
use crate::config::{List, Web};

/// The first pages of a list, with the day of those that have one in their address, latest first.
pub(super) fn of_list(list: &List, today: Date) -> Vec<(Url, Option<Date>)> {
    let starts = list.urls.iter().flat_map(|template| {
        let days_back = if template.has_day() { list.days_back } else { 0 };
        let days = (0..=days_back).filter_map(move |back| today.checked_sub(back.days()).ok());
        days.filter_map(|day| Some((template.on(day)?, Some(day).filter(|_| template.has_day()))))
    });
    starts.collect()
}

/// Whether `source` leads to the page at `url`.
pub(super) fn lead_to(source: &Web, url: &Url, today: Date) -> bool {
    let lists = source.list.iter().flat_map(|list| &list.urls).filter_map(|template| template.on(today));
    let mut starts = lists.chain(source.feeds.iter().chain(&source.sitemaps).cloned());
    source.urls.contains(url) || starts.any(|start| takes(source, url, &start))
}

/// What `source` asks for first on the day `today`, in words.
pub fn asks(source: &Web, today: Date) -> Vec<String> {
    let pages = source.urls.iter().map(|url| format!("{url} (page)"));
    let lists = source.list.iter().flat_map(|list| {
        let starts = of_list(list, today).into_iter();
        starts.map(|(url, _)| format!("{url} (list, up to {} pages)", list.max_pages))
    });
    let feeds = source.feeds.iter().map(|url| format!("{url} (feed)"));
    let sitemaps = source.sitemaps.iter().map(|url| format!("{url} (sitemap)"));
    pages.chain(lists).chain(feeds).chain(sitemaps).collect()
}
