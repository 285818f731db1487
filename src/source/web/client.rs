//! Asks for a page: with manners, within limits, and as often as makes sense.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use reqwest::{Response, StatusCode, redirect};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use url::Url;

use super::FetchError;
use super::address::Guard;
use super::error::{NO_ANSWER, NO_END, NO_MORE, innermost};
use super::hosts::{Host, Hosts};
use super::robots::{AGENT, Rules};
use super::unpack::{ACCEPTED, unpack};
use crate::config::Manners;
use crate::model::Fetched;
use crate::source::SourceError;
use crate::source::headers::{charset, http_date, media_type, retry_after};
use crate::source::tls;

/// Asks for pages.
pub struct Client {
    http: reqwest::Client,
    manners: Manners,
    guard: Guard,
    hosts: Hosts,
    at_once: Semaphore,
}

/// A page as it came.
#[derive(Debug)]
pub(super) struct Page {
    /// Where it was found in the end.
    pub url: Url,
    /// Its body, unpacked.
    pub bytes: Vec<u8>,
    /// What the server said of it.
    pub fetched: Fetched,
}

/// One answer of a server.
enum Answer {
    Page(Page),
    Unchanged,
    Redirect(Url),
}

impl Client {
    /// A client that behaves as `manners` says.
    ///
    /// # Errors
    /// When the system has no certificates to trust.
    pub fn new(manners: Manners) -> Result<Client, SourceError> {
        tls::prepare();
        let guard = Guard::new(&manners.allow_private);
        let http = reqwest::Client::builder()
            .user_agent(format!("{AGENT}/{} (+{})", env!("CARGO_PKG_VERSION"), manners.contact))
            // Redirects are followed here, so that each is asked for with the same manners.
            .redirect(redirect::Policy::none())
            // A proxy would resolve names out of the guard's sight.
            .no_proxy()
            .dns_resolver(guard.clone())
            // Old servers send some; the page is worth more.
            .http1_ignore_invalid_headers_in_responses(true)
            .connect_timeout(manners.timeouts.connect)
            // Unpacked here, where the packed bytes are counted too.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .build()
            .map_err(|error| SourceError::Client { message: innermost(&error) })?;
        let at_once = Semaphore::new(manners.at_once);
        Ok(Client { http, manners, guard, hosts: Hosts::default(), at_once })
    }

    /// How many requests are made at a time.
    pub(super) fn at_once(&self) -> usize {
        self.manners.at_once
    }

    /// Largest page, in bytes.
    pub(super) fn max_bytes(&self) -> u64 {
        self.manners.max_bytes
    }

    /// The page at `url`.
    ///
    /// # Errors
    /// When it cannot be had.
    pub(super) async fn get(&self, url: &Url) -> Result<Page, FetchError> {
        let page = self.follow(url, None, self.manners.robots).await?;
        page.ok_or(FetchError::Status { code: StatusCode::NOT_MODIFIED.as_u16(), retry_after: None })
    }

    /// The page at `url`, or `None` when it is what the server called `known` before.
    ///
    /// # Errors
    /// When it cannot be had.
    pub(super) async fn get_if_changed(&self, url: &Url, known: &Fetched) -> Result<Option<Page>, FetchError> {
        self.follow(url, Some(known), self.manners.robots).await
    }

    async fn follow(&self, url: &Url, known: Option<&Fetched>, robots: bool) -> Result<Option<Page>, FetchError> {
        let mut at = url.clone();
        for _ in 0..=self.manners.max_redirects {
            self.guard.check(&at)?;
            let host = self.hosts.of(&at, self.manners.per_host);
            host.check()?;
            if robots {
                self.rules(&host, &at).await.check(&at)?;
            }
            let pauses = ExponentialBuilder::default()
                .with_jitter()
                .with_min_delay(self.manners.pause)
                .with_max_times(self.manners.retries);
            let answer = (|| self.ask(&host, &at, known)).retry(pauses).when(|error| self.is_worth_a_try(error)).await;
            host.note(answer.as_ref().err());
            match answer? {
                Answer::Page(page) => return Ok(Some(page)),
                Answer::Unchanged => return Ok(None),
                Answer::Redirect(to) => at = to,
            }
        }
        Err(FetchError::Redirects(format!("more than {}, the last to {at}", self.manners.max_redirects)))
    }

    /// The rules of `host`, asked for on the first call.
    async fn rules<'host>(&self, host: &'host Host, url: &Url) -> &'host Rules {
        let ask = async || {
            let mut robots = url.clone();
            robots.set_path("/robots.txt");
            robots.set_query(None);
            let answer = Box::pin(self.follow(&robots, None, false)).await;
            Rules::of(answer.map(|page| page.map(|page| page.bytes).unwrap_or_default()))
        };
        host.rules.get_or_init(ask).await
    }

    fn is_worth_a_try(&self, error: &FetchError) -> bool {
        let wait = match error {
            FetchError::Status { retry_after, .. } => retry_after.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        error.is_passing() && wait <= self.manners.max_wait
    }

    /// One request, when it is its turn.
    async fn ask(&self, host: &Host, url: &Url, known: Option<&Fetched>) -> Result<Answer, FetchError> {
        let _turn = host.turn(self.manners.delay).await;
        let _permit = self.at_once.acquire().await;
        let limit = self.manners.timeouts.whole;
        let answer = timeout(limit, self.exchange(url, known)).await;
        let answer = answer.unwrap_or(Err(FetchError::Timeout { step: NO_END, limit }));
        if let Err(error @ FetchError::Status { retry_after: Some(wait), .. }) = &answer
            && self.is_worth_a_try(error)
        {
            host.hold(*wait);
        }
        tracing::debug!(url = url.as_str(), error = answer.as_ref().err().map(FetchError::as_str), "asked");
        answer
    }

    async fn exchange(&self, url: &Url, known: Option<&Fetched>) -> Result<Answer, FetchError> {
        let limits = &self.manners.timeouts;
        let headers = known.map(conditions).unwrap_or_default();
        let request = self.http.get(url.clone()).header(ACCEPT_ENCODING, ACCEPTED).headers(headers);
        let answer = timeout(limits.answer, request.send()).await;
        let answer = answer.map_err(|_| FetchError::Timeout { step: NO_ANSWER, limit: limits.answer })?;
        let response = answer.map_err(|error| FetchError::of(error, limits.connect))?;
        let headers = response.headers();
        match response.status() {
            StatusCode::OK => {
                let fetched = fetched(headers);
                let codings = text(headers, CONTENT_ENCODING).unwrap_or_default().to_owned();
                let bytes = unpack(self.body(response).await?, &codings, self.manners.max_bytes)?;
                Ok(Answer::Page(Page { url: url.clone(), bytes, fetched }))
            }
            StatusCode::NOT_MODIFIED if known.is_some() => Ok(Answer::Unchanged),
            status if status.is_redirection() && headers.contains_key(LOCATION) => {
                // Often not ASCII, though it should be.
                let location = headers.get(LOCATION).map(|value| value.as_bytes()).unwrap_or_default();
                let location = String::from_utf8_lossy(location);
                let to = url.join(&location).ok().filter(|to| matches!(to.scheme(), "http" | "https"));
                let to = to.ok_or_else(|| FetchError::Redirects(format!("{location:?} is no address of a page")))?;
                Ok(Answer::Redirect(to))
            }
            status => {
                let retry_after = text(headers, RETRY_AFTER).and_then(|value| retry_after(value, Timestamp::now()));
                Err(FetchError::Status { code: status.as_u16(), retry_after })
            }
        }
    }

    /// The body as it is sent, if it is no larger than allowed.
    async fn body(&self, mut response: Response) -> Result<Vec<u8>, FetchError> {
        let (limit, limits) = (self.manners.max_bytes, &self.manners.timeouts);
        let declared = response.content_length().unwrap_or(0);
        if declared > limit {
            return Err(FetchError::TooLarge { limit });
        }
        let mut bytes = Vec::new();
        loop {
            let piece = timeout(limits.idle, response.chunk()).await;
            let piece = piece.map_err(|_| FetchError::Timeout { step: NO_MORE, limit: limits.idle })?;
            match piece.map_err(|error| FetchError::of(error, limits.connect))? {
                Some(piece) if (bytes.len() + piece.len()) as u64 > limit => {
                    return Err(FetchError::TooLarge { limit });
                }
                Some(piece) => bytes.extend_from_slice(&piece),
                None => return Ok(bytes),
            }
        }
    }
}

/// What the headers of an answer say of its page.
fn fetched(headers: &HeaderMap) -> Fetched {
    let content_type = text(headers, CONTENT_TYPE);
    Fetched {
        media_type: content_type.and_then(media_type),
        charset: content_type.and_then(charset),
        etag: text(headers, ETAG).map(str::to_owned),
        last_modified: text(headers, LAST_MODIFIED).and_then(http_date),
    }
}

/// The headers that ask for a page only if it is another than `known`.
fn conditions(known: &Fetched) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let since = known.last_modified.and_then(|at| DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok());
    for (name, value) in [(IF_NONE_MATCH, known.etag.clone()), (IF_MODIFIED_SINCE, since)] {
        if let Some(value) = value.and_then(|value| value.parse().ok()) {
            headers.insert(name, value);
        }
    }
    headers
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
