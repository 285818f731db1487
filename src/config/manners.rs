//! `[web]`: how the job behaves towards the servers that it asks.

use std::time::Duration;

use jiff::SignedDuration;
use toml::Spanned;

use super::error::Place;
use super::pipeline::filled;
use super::{ConfigError, raw};

/// How the job behaves towards the servers that it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manners {
    /// Mail address or page at which a server's operator finds who asks; part of the user agent.
    pub contact: String,
    /// Whether `robots.txt` is honoured.
    pub robots: bool,
    /// Least time between the beginnings of two requests to a host.
    pub delay: Duration,
    /// Requests to a host at a time.
    pub per_host: usize,
    /// Requests at a time.
    pub at_once: usize,
    /// How often a request that failed for a passing reason is made again.
    pub retries: usize,
    /// Pause before the first of these tries; it doubles each time, with some jitter.
    pub pause: Duration,
    /// Longest time that a server may ask to wait before the next try; who asks for more is left for the next run.
    pub max_wait: Duration,
    /// Redirects that are followed from one page.
    pub max_redirects: usize,
    /// Largest page, in bytes, packed and unpacked.
    pub max_bytes: u64,
    /// Hosts that may have an address that is not public, in lower case.
    pub allow_private: Vec<String>,
    /// How long a server may take.
    pub timeouts: Timeouts,
}

/// How long a server may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the head of the answer is there.
    pub answer: Duration,
    /// Between two pieces of the body.
    pub idle: Duration,
    /// For all of it.
    pub whole: Duration,
}

impl Manners {
    pub(super) fn check(place: Place<'_>, web: raw::Web) -> Result<Manners, ConfigError> {
        let contact_span = web.contact.span();
        let contact = filled(place, "web.contact", web.contact)?;
        if !contact.chars().all(|c| c.is_ascii_graphic()) {
            let message = format!("expected a mail address or a page in plain ASCII, found {contact:?}");
            return Err(place.invalid(contact_span, "web.contact", message));
        }
        let time = |key, value: Option<Spanned<String>>, seconds| match value {
            Some(value) => duration(place, key, &value),
            None => Ok(Duration::from_secs(seconds)),
        };
        let times = web.timeouts;
        Ok(Manners {
            contact,
            robots: web.robots.unwrap_or(true),
            delay: time("web.delay", web.delay, 1)?,
            per_host: whole(place, "web.per_host", web.per_host, 1..=64, 2)?,
            at_once: whole(place, "web.at_once", web.at_once, 1..=256, 8)?,
            retries: whole(place, "web.retries", web.retries, 0..=10, 3)?,
            pause: time("web.pause", web.pause, 1)?,
            max_wait: time("web.max_wait", web.max_wait, 120)?,
            max_redirects: whole(place, "web.max_redirects", web.max_redirects, 0..=20, 5)?,
            max_bytes: whole(place, "web.max_bytes", web.max_bytes, 1..=64 << 20, 16 << 20)?,
            allow_private: web.allow_private.into_iter().map(|name| host(place, name)).collect::<Result<_, _>>()?,
            timeouts: Timeouts {
                connect: time("web.timeouts.connect", times.connect, 10)?,
                answer: time("web.timeouts.answer", times.answer, 30)?,
                idle: time("web.timeouts.idle", times.idle, 30)?,
                whole: time("web.timeouts.whole", times.whole, 300)?,
            },
        })
    }
}

fn duration(place: Place<'_>, key: &str, value: &Spanned<String>) -> Result<Duration, ConfigError> {
    let parsed = value.get_ref().parse::<SignedDuration>().ok().and_then(|time| Duration::try_from(time).ok());
    parsed.ok_or_else(|| {
        let message = format!("expected a time such as \"10s\", \"500ms\" or \"2m\", found {:?}", value.get_ref());
        place.invalid(value.span(), key, message)
    })
}

/// The whole number given for `key` if it is in `range`, or `default`.
pub(super) fn whole<T: TryFrom<i64>>(
    place: Place<'_>,
    key: &str,
    value: Option<Spanned<i64>>,
    range: std::ops::RangeInclusive<i64>,
    default: T,
) -> Result<T, ConfigError> {
    let Some(value) = value else { return Ok(default) };
    let number = *value.get_ref();
    let inside = Some(number).filter(|number| range.contains(number)).and_then(|number| T::try_from(number).ok());
    inside.ok_or_else(|| {
        let message = format!("expected a whole number from {} to {}, found {number}", range.start(), range.end());
        place.invalid(value.span(), key, message)
    })
}

/// A host by itself: a name or an address.
fn host(place: Place<'_>, name: Spanned<String>) -> Result<String, ConfigError> {
    match url::Host::parse(name.get_ref()) {
        Ok(host) => Ok(host.to_string()),
        Err(_) => {
            let message =
                format!("expected a host such as \"intranet.example\" or \"10.0.0.7\", found {:?}", name.get_ref());
            Err(place.invalid(name.span(), "web.allow_private", message))
        }
    }
}
