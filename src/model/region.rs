//! Region codes of GB/T 2260.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A six-digit GB/T 2260 code; `000000` stands for the whole country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(u32);

impl RegionCode {
    /// The whole country.
    pub const NATION: RegionCode = RegionCode(0);

    /// The number of the code, `0..=999_999`; `None` beyond that.
    pub fn new(number: u32) -> Option<Self> {
        (number <= 999_999).then_some(RegionCode(number))
    }

    /// The code as a number, `330800` for `330800`.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The province that the code lies in (`330802` → `330000`).
    pub fn province(self) -> RegionCode {
        RegionCode(self.0 / 10_000 * 10_000)
    }

    /// The prefecture that the code's digits place it in (`330802` → `330800`).
    pub fn prefecture(self) -> RegionCode {
        RegionCode(self.0 / 100 * 100)
    }

    /// The administrative level that the code's digits say.
    pub fn level(self) -> Level {
        match self.0 {
            0 => Level::Nation,
            n if n % 10_000 == 0 => Level::Province,
            n if n % 100 == 0 => Level::Prefecture,
            _ => Level::County,
        }
    }
}

/// Level of a region in the administrative tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 全国
    Nation,
    /// 省、自治区、直辖市
    Province,
    /// 地级市、地区、自治州、盟
    Prefecture,
    /// 县、区、县级市、旗
    County,
}

impl Level {
    /// The word that stands in the column `region_level`.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Nation => "nation",
            Level::Province => "province",
            Level::Prefecture => "prefecture",
            Level::County => "county",
        }
    }
}

/// What was given where six digits were expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("region code {0:?}: expected six digits of GB/T 2260, such as \"330800\"")]
pub struct RegionCodeError(pub String);

impl FromStr for RegionCode {
    type Err = RegionCodeError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        if s.len() == 6 && s.bytes().all(|b| b.is_ascii_digit()) {
            Ok(RegionCode(s.bytes().fold(0, |n, b| n * 10 + u32::from(b - b'0'))))
        } else {
            Err(RegionCodeError(s.to_owned()))
        }
    }
}

impl TryFrom<String> for RegionCode {
    type Error = RegionCodeError;

    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> String {
        code.to_string()
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}
