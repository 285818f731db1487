//! Why a page could not be had.

use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

/// What did not come within its limit.
pub(super) const NO_CONNECTION: &str = "no connection";
pub(super) const NO_ANSWER: &str = "no answer";
pub(super) const NO_MORE: &str = "no more of the page";
pub(super) const NO_END: &str = "no whole page";

/// A page that could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The server answered, but not with a page.
    #[error("expected a page, the server answered {code}{}", asked(*retry_after))]
    Status {
        /// Status code.
        code: u16,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// The server took too long.
    #[error("{step} within {limit:?}")]
    Timeout {
        /// What did not come.
        step: &'static str,
        /// How long it might take.
        limit: Duration,
    },
    /// No connection.
    #[error("no connection: {0}")]
    Unreachable(String),
    /// A connection that broke, or on which something else than HTTP was spoken.
    #[error("the connection broke: {0}")]
    Connection(String),
    /// The host came to nothing several times in a row.
    #[error("{0} requests in a row came to nothing; the host is left alone for this run")]
    Dead(usize),
    /// The host's `robots.txt` forbids it, or could not be had.
    #[error("robots.txt: {0}")]
    Robots(String),
    /// A redirect that is not followed.
    #[error("redirects: {0}")]
    Redirects(String),
    /// The host has an address in a network that is not public.
    #[error("{host} has the address {address}, which is not public; web.allow_private may name the host")]
    Address {
        /// The host as asked for.
        host: String,
        /// The first of its addresses.
        address: IpAddr,
    },
    /// Above the limit, packed or unpacked.
    #[error("the page has more than the {limit} bytes of web.max_bytes")]
    TooLarge {
        /// Bytes allowed.
        limit: u64,
    },
    /// The body is packed in a way that cannot be undone.
    #[error("the body cannot be unpacked: {0}")]
    Packing(String),
    /// A feed or sitemap that is none.
    #[error("expected {expected}: {message}")]
    Form {
        /// What it should have been.
        expected: &'static str,
        /// What is wrong.
        message: String,
    },
}

fn asked(retry_after: Option<Duration>) -> String {
    retry_after.map(|wait| format!(" and asks to wait {wait:?}")).unwrap_or_default()
}

impl FetchError {
    /// The word in the table `rejects`.
    pub fn as_str(&self) -> &'static str {
        match self {
            FetchError::Status { .. } => "status",
            FetchError::Timeout { .. } => "timeout",
            FetchError::Unreachable(_) | FetchError::Connection(_) | FetchError::Dead(_) => "connection",
            FetchError::Robots(_) => "robots",
            FetchError::Redirects(_) => "redirects",
            FetchError::Address { .. } => "address",
            FetchError::TooLarge { .. } => "too_large",
            FetchError::Packing(_) => "packing",
            FetchError::Form { .. } => "form",
        }
    }

    /// Whether the same request may do better in a moment.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            FetchError::Status { code, .. } => matches!(code, 429 | 500 | 502 | 503 | 504),
            FetchError::Timeout { .. } | FetchError::Unreachable(_) | FetchError::Connection(_) => true,
            _ => false,
        }
    }

    /// Whether the host did not answer at all.
    pub(super) fn is_silence(&self) -> bool {
        matches!(self, FetchError::Unreachable(_) | FetchError::Timeout { step: NO_CONNECTION | NO_ANSWER, .. })
    }

    /// Whether the server says that there is no such page.
    pub(super) fn is_absence(&self) -> bool {
        matches!(self, FetchError::Status { code: 404 | 410, .. })
    }

    /// What `error` means; `connect` is the limit that it may have run into.
    pub(super) fn of(error: reqwest::Error, connect: Duration) -> FetchError {
        if let Some(refused) = causes(&error).find_map(|cause| cause.downcast_ref::<FetchError>()) {
            return refused.clone();
        }
        if error.is_timeout() {
            return FetchError::Timeout { step: NO_CONNECTION, limit: connect };
        }
        let cause = innermost(&error);
        if error.is_connect() { FetchError::Unreachable(cause) } else { FetchError::Connection(cause) }
    }
}

/// The first cause of `error`: the outer ones only say that something failed.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    causes(error).last().map(|cause| cause.to_string()).unwrap_or_default()
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let first: &(dyn Error + 'static) = error;
    std::iter::successors(Some(first), |&error| error.source())
}
