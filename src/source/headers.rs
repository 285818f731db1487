//! What the headers of an answer mean.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// The media type of a `Content-Type`, without parameters and in lower case.
pub(super) fn media_type(content_type: &str) -> Option<String> {
    let essence = content_type.split(';').next()?.trim();
    essence.contains('/').then(|| essence.to_ascii_lowercase())
}

/// The charset of a `Content-Type`, in lower case.
pub(super) fn charset(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_ascii_lowercase())
    })
}

/// A date as HTTP writes it: `Fri, 19 Aug 2022 08:00:00 GMT`.
pub(super) fn http_date(value: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(value).ok()
}

/// How long a `Retry-After` asks to wait: seconds, or until a date.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    match value.trim().parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        // One that has passed asks for no wait.
        Err(_) => Some(Duration::try_from(http_date(value)?.duration_since(now)).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_are_taken_apart() {
        for (value, kind, set) in [
            ("text/html", Some("text/html"), None),
            ("Text/HTML; Charset=GB2312", Some("text/html"), Some("gb2312")),
            ("text/html;charset=\"utf-8\"; x=y", Some("text/html"), Some("utf-8")),
            ("html", None, None),
            ("text/html; charset=", Some("text/html"), None),
        ] {
            assert_eq!((media_type(value).as_deref(), charset(value).as_deref()), (kind, set), "{value}");
        }
    }

    #[test]
    fn a_server_asks_for_seconds_or_names_a_time() {
        let now = http_date("Fri, 19 Aug 2022 08:00:00 GMT").unwrap();
        for (value, seconds) in [
            ("120", Some(120)),
            ("Fri, 19 Aug 2022 08:01:30 GMT", Some(90)),
            ("Fri, 19 Aug 2022 07:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
        ] {
            assert_eq!(retry_after(value, now), seconds.map(Duration::from_secs), "{value}");
        }
    }
}
