//! New versions of Dyntray itself. Nobody is asked for them unless the settings name an address. An announcement is a
//! number to be shown; nothing is fetched or installed.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::types::server::WebAddress;

/// The time between two questions for new versions.
pub const BETWEEN_LOOKS: SignedDuration = SignedDuration::from_hours(24);

/// A version, `major.minor.patch`. It has no place for anything else, because a stranger's announcement is shown to
/// people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export, type = "string"))]
#[serde(into = "String", try_from = "String")]
pub struct Version(u32, u32, u32);

impl Version {
    /// This program's own version.
    pub fn own() -> Self {
        env!("CARGO_PKG_VERSION").parse().unwrap_or(Version(0, 0, 0))
    }
}

/// The text isn't a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoVersion;

impl FromStr for Version {
    type Err = NoVersion;

    /// Reads `0.2.0` or `v0.2.0`. Pre-releases are refused: they aren't announced.
    fn from_str(text: &str) -> Result<Self, NoVersion> {
        let mut numbers = text.strip_prefix('v').unwrap_or(text).split('.').map(|number| {
            let is_plain = number.len() <= 9 && number.bytes().all(|b| b.is_ascii_digit());
            if is_plain { number.parse().map_err(|_| NoVersion) } else { Err(NoVersion) }
        });
        let mut next = || numbers.next().unwrap_or(Err(NoVersion));
        let version = Version(next()?, next()?, next()?);
        if numbers.next().is_none() { Ok(version) } else { Err(NoVersion) }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl From<Version> for String {
    fn from(version: Version) -> String {
        version.to_string()
    }
}

impl TryFrom<String> for Version {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|NoVersion| format!("no version: {text}"))
    }
}

/// The state of the search for new versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Releases {
    /// The address that is asked.
    pub at: Option<WebAddress>,
    /// The time of the question that is still unanswered.
    pub asked: Option<Timestamp>,
    /// The time of the next question; none for at once.
    pub next: Option<Timestamp>,
    /// The version that was announced last.
    pub announced: Option<Version>,
    /// The version that was reported to the person.
    pub told: Option<Version>,
}

impl Releases {
    /// The announced version, where it is newer than this program.
    pub fn newer(&self) -> Option<Version> {
        self.announced.filter(|announced| *announced > Version::own())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number_and_nothing_else_is_one() {
        let version = |text: &str| text.parse::<Version>().ok();
        assert!(version("0.10.0") > version("v0.9.12"));
        assert_eq!(version("v1.2.3").map(String::from).as_deref(), Some("1.2.3"));
        for text in ["", "1", "1.2", "1.2.3.4", "1.2.3-beta", "1.2.x", "+1.2.3", "1..3", "1.2.99999999999"] {
            assert_eq!(text.parse::<Version>(), Err(NoVersion), "{text}");
        }
        assert!(Version::own() > Version(0, 0, 0));
    }

    #[test]
    fn only_a_higher_number_than_this_programs_is_news() {
        let own = Version::own();
        let announced = |announced| Releases { announced, ..Releases::default() }.newer();
        let next = Version(own.0, own.1, own.2 + 1);
        assert_eq!(announced(Some(next)), Some(next));
        assert_eq!(announced(Some(own)), None);
        assert_eq!(announced(Some(Version(0, 0, 0))), None);
        assert_eq!(announced(None), None);
    }
}
