//! `robots.txt`, as RFC 9309 has it.

use std::time::Duration;

use texting_robots::Robot;
use url::Url;

use super::FetchError;

/// The name that rules for this program go by.
pub(super) const AGENT: &str = "zhibiao";

/// Longest `Crawl-delay` that is kept to: one of a day would mean that the host is not to be read at all.
const LONGEST_DELAY: Duration = Duration::from_secs(60);

/// What a host's `robots.txt` says.
pub(super) enum Rules {
    /// There is none.
    Open,
    /// There is one.
    Robots(Robot),
    /// It could not be had: nothing is asked for in this run.
    Closed(FetchError),
}

impl Rules {
    /// The rules, by what came of asking for them.
    pub fn of(answer: Result<Vec<u8>, FetchError>) -> Rules {
        match answer {
            Ok(text) => match Robot::new(AGENT, &text) {
                Ok(robot) => Rules::Robots(robot),
                Err(error) => Rules::Closed(FetchError::Robots(format!("cannot be read: {error}"))),
            },
            // Too many requests is no answer to the question.
            Err(FetchError::Status { code: 400..=428 | 430..=499, .. }) => Rules::Open,
            // That the host cannot be reached is worth more than where it was noticed.
            Err(error) if error.is_silence() || matches!(error, FetchError::Address { .. }) => Rules::Closed(error),
            Err(error) => Rules::Closed(FetchError::Robots(format!("cannot be had: {error}"))),
        }
    }

    /// Whether `url` may be asked for.
    ///
    /// # Errors
    /// When it may not.
    pub fn check(&self, url: &Url) -> Result<(), FetchError> {
        match self {
            Rules::Open => Ok(()),
            Rules::Robots(robot) if robot.allowed(url.as_str()) => Ok(()),
            Rules::Robots(_) => Err(FetchError::Robots(format!("{} is not for us", url.path()))),
            Rules::Closed(error) => Err(error.clone()),
        }
    }

    /// The time between two requests that the host asks for.
    pub fn delay(&self) -> Option<Duration> {
        let Rules::Robots(robot) = self else { return None };
        let delay = Duration::try_from_secs_f32(robot.delay?).ok()?;
        Some(delay.min(LONGEST_DELAY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(rules: &Rules, url: &str) -> bool {
        rules.check(&Url::parse(url).unwrap()).is_ok()
    }

    #[test]
    fn rules_for_us_come_before_those_for_all() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: Zhibiao\nDisallow: /private/\nCrawl-delay: 2\n";
        let rules = Rules::of(Ok(text.into()));
        assert!(allows(&rules, "https://example.org/a.html"));
        assert!(!allows(&rules, "https://example.org/private/a.html"));
        assert_eq!(rules.delay(), Some(Duration::from_secs(2)));
    }

    #[test]
    fn no_file_allows_all_and_no_answer_nothing() {
        let status = |code| Rules::of(Err(FetchError::Status { code, retry_after: None }));
        for (code, is_open) in [(404, true), (403, true), (429, false), (500, false), (503, false)] {
            assert_eq!(allows(&status(code), "https://example.org/"), is_open, "{code}");
        }
        let silent = Rules::of(Err(FetchError::Unreachable("refused".to_owned())));
        assert_eq!(silent.check(&Url::parse("https://example.org/").unwrap()).unwrap_err().as_str(), "connection");
    }

    #[test]
    fn a_page_in_the_place_of_the_rules_has_none() {
        assert!(allows(&Rules::of(Ok("<!DOCTYPE html><html>网站首页</html>".into())), "https://example.org/a"));
    }

    #[test]
    fn a_delay_of_a_day_is_not_waited_for() {
        let rules = Rules::of(Ok("User-agent: *\nCrawl-delay: 86400\n".into()));
        assert_eq!(rules.delay(), Some(LONGEST_DELAY));
    }
}
