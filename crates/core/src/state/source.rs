//! The state of one source of addresses.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::observe::observation::Observation;
use crate::types::address::PublicAddress;
use crate::types::moment::Moment;
use crate::types::network::Prefix;
use crate::types::server::WebAddress;

/// The state of one source of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    /// The time of the question that is still unanswered.
    pub asked: Option<Timestamp>,
    /// True when the settings or the network changed since the question, so that its answer doesn't count.
    #[serde(default, rename = "overtaken")]
    pub superseded: bool,
    /// Its last answer.
    pub last: Option<SourceReading>,
    /// The number of failures in a row.
    pub failures: u32,
    /// The time of the next question; none for at once.
    pub next: Option<Timestamp>,
    /// True for a router that answered since the last change of this machine's network.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_there: bool,
    /// The IPv6 prefix that was delegated to the router, as it reports.
    #[serde(default)]
    pub prefix: Option<Prefix>,
    /// The number of its answers in a row that had this prefix, since the start.
    #[serde(skip)]
    pub prefix_looks: u32,
    /// The web resolver that was asked last since the start, so that only a change of it has it asked again. Every start
    /// asks anew.
    #[serde(skip)]
    pub resolver: Option<WebAddress>,
    /// The number of its answers in a row that didn't count, because the network changed meanwhile.
    #[serde(skip)]
    pub lost: u32,
    /// True when the network changed since the question, and that was only noted: its answer counts, and it is asked again
    /// once all that is under way is finished.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub changed_meanwhile: bool,
}

/// An observation and its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceReading {
    /// The observation.
    pub observation: Observation,
    /// The time of the observation.
    pub at: Timestamp,
    /// The time of the first observation in a row that reported the same.
    #[serde(default)]
    pub since: Timestamp,
    /// The number of observations in a row that reported the same.
    #[serde(default)]
    pub looks: u32,
}

/// The shortest time between a first look and a second one that counts.
pub const SECOND_LOOK: SignedDuration = SignedDuration::from_secs(5);
/// The time within which two answers count as simultaneous.
const ONE_MOMENT: SignedDuration = SignedDuration::from_secs(10);

impl SourceReading {
    /// True when a second look, a while after the first, reported the same.
    pub fn was_seen_twice(&self) -> bool {
        self.looks >= 2 && self.at.duration_since(self.since) >= SECOND_LOOK
    }

    /// The address; none where none was reported.
    pub fn address(&self) -> Option<PublicAddress> {
        match self.observation {
            Observation::Known { address } => Some(address),
            Observation::NoAddress | Observation::Unavailable { .. } => None,
        }
    }

    /// True when it isn't older than the answer in `other`, which counts from its first report.
    pub fn is_as_new_as(&self, other: &SourceReading) -> bool {
        self.at >= other.since.earlier(ONE_MOMENT)
    }
}

impl SourceState {
    /// True when its last answer is an address.
    pub fn tells_address(&self) -> bool {
        self.last.as_ref().is_some_and(|last| last.address().is_some())
    }

    /// The prefix that was delegated to the router, once it has reported it twice: one answer may be forged.
    pub fn confirmed_prefix(&self) -> Option<Prefix> {
        self.prefix.filter(|_| self.prefix_looks >= 2)
    }

    /// Notes the prefix of an answer.
    pub fn note_prefix(&mut self, prefix: Option<Prefix>) {
        let before = if prefix == self.prefix { self.prefix_looks } else { 0 };
        self.prefix_looks = before.saturating_add(1);
        self.prefix = prefix;
    }

    /// Notes an answer. True when it differs from the one before.
    pub fn note(&mut self, seen: Observation, now: Timestamp) -> bool {
        let same = self.last.as_ref().filter(|last| last.observation == seen);
        let (since, looks) = same.map_or((now, 0), |last| (last.since.min(now), last.looks));
        let differs = same.is_none() && self.last.is_some();
        self.last = Some(SourceReading { observation: seen, at: now, since, looks: looks.saturating_add(1) });
        differs
    }
}
