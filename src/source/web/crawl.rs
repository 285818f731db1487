//! One run over all sources of the web: finds what is new, asks for it and hands it on.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::mpsc::Sender;
use url::Url;

use super::FetchError;
use super::client::{Client, Page};
use super::known::{Earlier, Known};
use super::links::Link;
use super::starts;
use super::walk::Closed;
use crate::config::Web;
use crate::model::Origin;
use crate::source::inputs::Input;
use crate::source::{Arrival, Declared, Limits, Reason, Reject};

/// One run over all sources of the web.
pub struct Crawl {
    /// Asks for pages.
    pub client: Client,
    /// What is read.
    pub sources: Vec<Web>,
    /// What earlier runs know.
    pub known: Known,
    /// The day of the run.
    pub today: Date,
    /// Time zone of civil dates.
    pub zone: TimeZone,
    /// Whether lists are followed to their end, and not only to what is known.
    pub all: bool,
    /// Bounds on the pages.
    pub limits: Limits,
}

/// A page to be asked for.
struct Wanted {
    url: Url,
    /// What led to it.
    link: Option<Link>,
    /// Whether it is asked for even though it is known.
    again: bool,
}

impl Crawl {
    /// Reads all sources at once and sends on what comes, until all is read or nobody takes it any more.
    pub async fn run(self, arrivals: Sender<Arrival>) {
        let met = Mutex::default();
        let all = async {
            let ended = join_all(self.sources.iter().map(|source| self.read(source, &met, &arrivals))).await;
            if ended.iter().all(Result::is_ok) { self.settle(&arrivals).await } else { Ok(()) }
        };
        tokio::select! {
            // An error only says that nobody takes arrivals: there is nobody to tell.
            _ = all => {}
            () = arrivals.closed() => {}
        }
    }

    /// Reads one source. `met` holds what others of the run have asked for.
    async fn read(&self, source: &Web, met: &Mutex<HashSet<Url>>, arrivals: &Sender<Arrival>) -> Result<(), Closed> {
        let links = self.links(source, arrivals).await?;
        let wanted = self.wanted(source, links, &mut met.lock().unwrap_or_else(PoisonError::into_inner));
        // In order, so that a run that is cut short has read the first of them and none further on.
        let mut pages = stream::iter(wanted).map(|wanted| self.fetch(wanted)).buffered(self.client.at_once());
        while let Some(found) = pages.next().await {
            for arrival in found {
                arrivals.send(arrival).await?;
            }
        }
        Ok(())
    }

    /// What `source` asks for, each page once: what failed before, what its lists lead to, its own pages, and those that
    /// are still young enough to be corrected.
    fn wanted(&self, source: &Web, links: Vec<Link>, met: &mut HashSet<Url>) -> Vec<Wanted> {
        let mut linked: HashMap<Url, Link> = links.iter().map(|link| (link.url.clone(), link.clone())).collect();
        let failed = self.known.failed().into_iter().map(|url| (url, true));
        let listed = links.into_iter().map(|link| (link.url, false));
        let own = source.urls.iter().map(|url| (url.clone(), true));
        let young = self.today.checked_sub(source.recheck_days.days()).ok().filter(|_| source.recheck_days > 0);
        let young: Vec<Url> = young.map(|day| self.known.published_since(day)).unwrap_or_default();
        let is_young: HashSet<&Url> = young.iter().collect();
        let leads = |url: &Url| starts::lead_to(source, url, self.today);
        let wanted = failed.filter(|(url, _)| leads(url)).chain(listed).chain(own);
        let wanted = wanted.chain(young.iter().filter(|url| leads(url)).map(|url| (url.clone(), true)));
        wanted
            .filter(|(url, _)| met.insert(url.clone()))
            .map(|(url, again)| Wanted { link: linked.remove(&url), again: again || is_young.contains(&url), url })
            .collect()
    }

    /// What comes of asking for a page.
    async fn fetch(&self, wanted: Wanted) -> Vec<Arrival> {
        let earlier = self.known.page(&wanted.url);
        let answer = match earlier {
            Some(_) if !wanted.again => Ok(None),
            Some(earlier) => self.client.get_if_changed(&wanted.url, &earlier.fetched).await,
            None => self.client.get(&wanted.url).await.map(Some),
        };
        match answer {
            Ok(Some(page)) => vec![self.input(&wanted, earlier, page)],
            Ok(None) => earlier.map(Earlier::unchanged).unwrap_or_default(),
            Err(error) => vec![Arrival::Reject(reject(&wanted.url, error))],
        }
    }

    fn input(&self, wanted: &Wanted, earlier: Option<&Earlier>, page: Page) -> Arrival {
        let read = Input::from_bytes(page.bytes, wanted.url.as_str(), self.limits);
        let input = read.map(|input| Input {
            declared: declared(wanted.link.as_ref(), earlier),
            fetched: Some(page.fetched),
            ..input
        });
        input.into()
    }

    /// Says which pages that could not be had are not wanted any more.
    async fn settle(&self, arrivals: &Sender<Arrival>) -> Result<(), Closed> {
        let is_wanted = |url: &Url| self.sources.iter().any(|source| starts::lead_to(source, url, self.today));
        for url in self.known.failed().into_iter().filter(|url| !is_wanted(url)) {
            arrivals.send(Arrival::Unwanted { uri: url.to_string() }).await?;
        }
        Ok(())
    }
}

fn reject(url: &Url, error: FetchError) -> Reject {
    Reject { uri: url.to_string(), reason: Reason::Fetch(error), id: None }
}

/// What the list said of a page, or had said when it was read before.
fn declared(link: Option<&Link>, earlier: Option<&Earlier>) -> Declared {
    let before = earlier.map(|earlier| earlier.declared.clone()).unwrap_or_default();
    Declared {
        title: link.and_then(|link| link.title.clone()).or(before.title),
        published: link.and_then(|link| link.published).or(before.published),
        origin: Origin::Listing,
        ..before
    }
}
