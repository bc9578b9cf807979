//! The state of one source of addresses.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::observe::observation::Observation;
use crate::types::address::PublicAddress;
use crate::types::network::Prefix;

/// One source of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    /// When it was asked, while the answer is awaited.
    pub asked: Option<Timestamp>,
    /// True when the settings changed since: the answer may be another web resolver's.
    #[serde(default, rename = "overtaken")]
    pub superseded: bool,
    /// Its last answer.
    pub last: Option<SourceReading>,
    /// Failures in a row.
    pub failures: u32,
    /// Not to be asked before; at once, without.
    pub next: Option<Timestamp>,
    /// The IPv6 prefix that a router says it was given.
    #[serde(default)]
    pub prefix: Option<Prefix>,
}

/// An observation and its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceReading {
    /// What was seen.
    pub observation: Observation,
    /// When.
    pub at: Timestamp,
    /// Since when it tells just that.
    #[serde(default)]
    pub since: Timestamp,
    /// How often in a row it told just that.
    #[serde(default)]
    pub looks: u32,
}

/// A second look must come so much later than the first.
pub const SECOND_LOOK: SignedDuration = SignedDuration::from_secs(5);
/// Answers that came within this time of each other are of one moment.
const ONE_MOMENT: SignedDuration = SignedDuration::from_secs(10);

impl SourceReading {
    /// True when a second look, a while after the first, told the same.
    pub fn was_seen_twice(&self) -> bool {
        self.looks >= 2 && self.at.duration_since(self.since) >= SECOND_LOOK
    }

    /// The address; none where none was told.
    pub fn address(&self) -> Option<PublicAddress> {
        match self.observation {
            Observation::Known { address } => Some(address),
            Observation::NoAddress | Observation::Unavailable { .. } => None,
        }
    }

    /// True when it was told after `other` had begun to tell what it tells.
    pub fn is_as_new_as(&self, other: &SourceReading) -> bool {
        self.at >= other.since - ONE_MOMENT
    }
}

impl SourceState {
    /// Notes an answer. True when it differs from the one before.
    pub fn note(&mut self, seen: Observation, now: Timestamp) -> bool {
        let same = self.last.as_ref().filter(|last| last.observation == seen);
        let (since, looks) = same.map_or((now, 0), |last| (last.since.min(now), last.looks));
        let differs = same.is_none() && self.last.is_some();
        self.last = Some(SourceReading { observation: seen, at: now, since, looks: looks.saturating_add(1) });
        differs
    }
}
