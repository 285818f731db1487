//! When a job runs.

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A cron expression of five fields in a time zone, which comes due again and again for ever.
///
/// Where the clocks go forward, a fixed time within the hour that is left out comes due at the end of it; where they go back, a
/// fixed time within the hour that comes twice is due once. Expressions with `*` or `/` follow the clock on the wall.
#[derive(Clone, Debug)]
pub struct Schedule {
    cron: Cron,
    zone: TimeZone,
}

impl Schedule {
    /// The schedule that `expression` (minute hour day month weekday) means in `zone`.
    ///
    /// # Errors
    /// In words, when it is no such expression, or names a day that no year has.
    pub fn new(expression: &str, zone: TimeZone) -> Result<Schedule, String> {
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = parser.parse(expression).map_err(|error| error.to_string())?;
        let schedule = Schedule { cron, zone };
        match schedule.after(Timestamp::UNIX_EPOCH) {
            Some(_) => Ok(schedule),
            None => Err("no year has such a day".to_owned()),
        }
    }

    /// The expression as it was written.
    pub fn expression(&self) -> &str {
        self.cron.as_str()
    }

    /// The time zone that it is read in.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The first moment after `instant` at which the job is due; `None` only where time itself ends (the year 5000).
    pub fn after(&self, instant: Timestamp) -> Option<Timestamp> {
        let from = instant.to_zoned(self.zone.clone());
        self.cron.find_next_occurrence(&from, false).ok().map(|due| due.timestamp())
    }
}
