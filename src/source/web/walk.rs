//! Follows lists, feeds and sitemaps to the links that they hold.

use std::collections::{HashSet, VecDeque};

use jiff::civil::Date;
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::SendError;
use url::Url;

use super::crawl::Crawl;
use super::links::{Link, takes};
use super::{FetchError, feed, list, sitemap, starts};
use crate::config::{List, Web};
use crate::source::{Arrival, Reason, Reject};

/// Most sitemaps that are read from one index.
const MOST_SITEMAPS: usize = 500;

/// Nobody takes arrivals any more.
pub(super) type Closed = SendError<Arrival>;

impl Crawl {
    /// The links of all lists, feeds and sitemaps of `source`, those of lists from their end to their top: if the run is
    /// cut short, what is missing stands above what is known, where the next run looks first.
    pub(super) async fn links(&self, source: &Web, arrivals: &Sender<Arrival>) -> Result<Vec<Link>, Closed> {
        let mut links = Vec::new();
        if let Some(list) = &source.list {
            for (start, day) in starts::of_list(list, self.today) {
                links.extend(self.walk_list(source, list, start, day, arrivals).await?);
            }
        }
        for url in &source.feeds {
            let read = self.client.get(url).await.and_then(|page| feed::read(&page, &self.zone));
            match read {
                Ok(mut found) if !found.is_empty() => {
                    found.retain(|link| takes(source, &link.url, url));
                    warn_if_none_taken(&found, url);
                    links.extend(found.into_iter().filter(|link| !is_before(link.published, source.since)));
                }
                Ok(_) => warn_of_no_links(url),
                Err(error) => reject(url, error, arrivals).await?,
            }
        }
        links.reverse();
        for url in &source.sitemaps {
            links.extend(self.walk_sitemap(source, url, arrivals).await?);
        }
        Ok(links)
    }

    /// The links of a list from its top to the first page that holds nothing new.
    async fn walk_list(
        &self,
        source: &Web,
        list: &List,
        start: Url,
        day: Option<Date>,
        arrivals: &Sender<Arrival>,
    ) -> Result<Vec<Link>, Closed> {
        let goes_on = self.all || self.known.has_broken_list(&start);
        let mut found = Vec::new();
        let mut met = HashSet::from([start.clone()]);
        let mut queue = VecDeque::from([start.clone()]);
        let mut numbers = list.first_page..;
        for _ in 0..list.max_pages {
            let Some(url) = queue.pop_front() else { break };
            let page = match self.client.get(&url).await {
                Ok(page) => page,
                // A paper that did not appear that day, or the page behind the last one.
                Err(error) if error.is_absence() && (day.is_some() || (list.pages.is_some() && url != start)) => {
                    tracing::debug!(url = url.as_str(), "not there");
                    continue;
                }
                Err(error) => {
                    reject(&url, error, arrivals).await?;
                    continue;
                }
            };
            let mut listed = list::read(&page, list);
            let is_empty = listed.links.is_empty();
            listed.links.retain(|link| takes(source, &link.url, &page.url));
            match is_empty {
                true => warn_of_no_links(&url),
                // Of further pages some may well hold nothing that is meant.
                false if url == start => warn_if_none_taken(&listed.links, &url),
                false => {}
            }
            listed.links.iter_mut().for_each(|link| link.published = link.published.or(day));
            let is_old = |link: &Link| is_before(link.published, source.since);
            let is_known =
                !listed.links.is_empty() && listed.links.iter().all(|link| is_old(link) || self.known.has(&link.url));
            found.extend(listed.links.into_iter().filter(|link| !is_old(link)));
            if is_known && !goes_on {
                break;
            }
            let numbered = list.pages.iter().filter(|_| !is_empty);
            let numbered = numbered.filter_map(|pages| pages.page(numbers.next()?));
            queue.extend(numbered.chain(listed.next).filter(|next| met.insert(next.clone())));
        }
        Ok(found)
    }

    /// The pages that a sitemap names, and those that it leads to.
    async fn walk_sitemap(&self, source: &Web, start: &Url, arrivals: &Sender<Arrival>) -> Result<Vec<Link>, Closed> {
        let mut found = Vec::new();
        let mut met = HashSet::from([start.clone()]);
        let mut queue = VecDeque::from([start.clone()]);
        for _ in 0..MOST_SITEMAPS {
            let Some(url) = queue.pop_front() else { break };
            let read = self.client.get(&url).await.and_then(|page| sitemap::read(page, self.client.max_bytes()));
            match read {
                Ok(sitemap) => {
                    // The day of a change is none of publication, but no page is older than it says.
                    let pages = sitemap.pages.into_iter().filter(|(_, changed)| !is_before(*changed, source.since));
                    let pages = pages.filter(|(url, _)| takes(source, url, start));
                    found.extend(pages.map(|(url, _)| Link { url, title: None, published: None }));
                    queue.extend(sitemap.sitemaps.into_iter().filter(|next| met.insert(next.clone())));
                }
                Err(error) => reject(&url, error, arrivals).await?,
            }
        }
        Ok(found)
    }
}

fn is_before(day: Option<Date>, since: Option<Date>) -> bool {
    day.zip(since).is_some_and(|(day, since)| day < since)
}

fn warn_of_no_links(url: &Url) {
    tracing::warn!(url = url.as_str(), "no links: the page may have changed its form");
}

fn warn_if_none_taken(taken: &[Link], url: &Url) {
    if taken.is_empty() {
        tracing::warn!(url = url.as_str(), "none of its links is taken: include may have to name another host");
    }
}

async fn reject(url: &Url, error: FetchError, arrivals: &Sender<Arrival>) -> Result<(), Closed> {
    let reject = Reject { uri: url.to_string(), reason: Reason::List(error), id: None };
    arrivals.send(Arrival::Reject(reject)).await
}
