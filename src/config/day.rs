//! A day in a TOML file.

use jiff::civil::Date;
use serde::Deserialize;

/// A day, as a TOML date or a text.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a day such as 2022-08-19")]
pub(crate) enum Day {
    Toml(toml::value::Datetime),
    Text(String),
}

impl Day {
    /// The day; else what was expected.
    pub fn date(self) -> Result<Date, String> {
        let text = match self {
            Day::Toml(day) => day.to_string(),
            Day::Text(day) => day,
        };
        text.parse().map_err(|error| format!("expected a day such as 2022-08-19: {error}"))
    }
}
