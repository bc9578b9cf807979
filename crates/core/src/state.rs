//! Everything that the program remembers between two steps and across restarts, including what is in flight.

pub mod entry;
pub mod health_issue;
pub mod notice;
pub mod refusals;
pub mod server_wait;
pub mod source;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use self::entry::EntryState;
use self::server_wait::ServerWait;
use self::source::{SourceReading, SourceState};
use crate::observe::observation::Observation;
use crate::observe::release::Releases;
use crate::types::address::{Family, PublicAddress};
use crate::types::backoff::is_restless;
use crate::types::cow_arc::CowArc;
use crate::types::entry_id::EntryId;
use crate::types::network::{Network, NetworkId};
use crate::types::server::WebAddress;
use crate::types::source::Source;

/// The whole state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The installation's random seed.
    pub seed: u64,
    /// The number of random numbers drawn so far.
    pub drawn: u64,
    /// The highest entry identity ever given.
    pub last_entry: u32,
    /// The state of each source.
    pub sources: BTreeMap<Source, SourceState>,
    /// The state of each entry. It is written apart from the rest, entry by entry.
    #[serde(default, skip_serializing)]
    pub entries: BTreeMap<EntryId, CowArc<EntryState>>,
    /// The servers that asked to be left alone for a while, by their authority: update servers and web resolvers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub retry_after: BTreeMap<String, ServerWait>,
    /// The pause that the person asked for.
    pub pause: Option<Pause>,
    /// The length of the pause, so that a clock set back doesn't make it longer.
    #[serde(default)]
    pub pause_length: Option<SignedDuration>,
    /// The last reading of this machine's network; made anew at every start.
    #[serde(skip)]
    pub network: NetworkReading,
    /// The networks that are home.
    #[serde(default)]
    pub homes: BTreeSet<NetworkId>,
    /// The network that was reported to the person as not being home.
    #[serde(default)]
    pub told_elsewhere: Option<NetworkId>,
    /// The first web resolver's host of which the person was told that a third party is asked instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_third_party: Option<String>,
    /// The network in which the person was asked about a router that keeps its address for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_address_kept: Option<NetworkId>,
    /// The debouncing of network changes.
    #[serde(default, rename = "stirs")]
    pub debounce: Debounce,
    /// The search for new versions of Dyntray.
    #[serde(default)]
    pub releases: Releases,
    /// True once the person was told that updates go on after the window is closed.
    #[serde(default)]
    pub told_still_running: bool,
    /// True once the person has seen the tray's icon, or was told that no panel shows it. From then on no window opens
    /// for that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tray_known: bool,
}

/// The last reading of this machine's network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NetworkReading {
    /// Not read yet since the start.
    #[default]
    Unread,
    /// The system's tables couldn't be read.
    Unreadable,
    /// The tables were read.
    Read {
        /// The network.
        network: Network,
        /// The time of the last change that addresses depend on.
        since: Timestamp,
    },
}

impl NetworkReading {
    /// The network; none where it isn't known.
    pub fn network(&self) -> Option<&Network> {
        match self {
            NetworkReading::Read { network, .. } => Some(network),
            NetworkReading::Unread | NetworkReading::Unreadable => None,
        }
    }
}

/// The debouncing of network changes: a burst counts as one change, and flapping is damped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Debounce {
    /// The beginning of the latest burst.
    pub began: Option<Timestamp>,
    /// The end of the debounce time: nothing is asked or sent before.
    #[serde(rename = "settles")]
    pub until: Option<Timestamp>,
    /// The beginnings of the latest bursts.
    pub recent: Vec<Timestamp>,
    /// The times in the latest bursts when this machine got a stable public address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gains: Vec<Timestamp>,
    /// The end of the time after a long debounce time in which look-ups and requests under way are finished: changes are
    /// only noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undisturbed_until: Option<Timestamp>,
}

impl Debounce {
    /// True where bursts come so often that the quiet time after them is a long one.
    pub fn is_restless(&self) -> bool {
        is_restless(self.recent.len().max(self.gains.len()))
    }
}

impl State {
    /// The end of the time in which look-ups and requests under way are finished, if it is running at `now`.
    pub fn undisturbed_until(&self, now: Timestamp) -> Option<Timestamp> {
        let is_settling = self.debounced_until(now).is_some();
        self.debounce.undisturbed_until.filter(|end| *end > now && !is_settling)
    }

    /// The end of the debounce time, if it is running at `now`: nothing is asked or sent before.
    pub fn debounced_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.debounce.until.filter(|at| *at > now)
    }

    /// The addresses that enabled entries hold at their services, or may hold, those under way included. Each is kept while
    /// this machine has it, whatever else there is.
    pub fn held_addresses(&self) -> BTreeSet<PublicAddress> {
        let of = |at: &CowArc<EntryState>| Family::BOTH.map(|family| at.last_tried(family));
        let is_enabled = |at: &&CowArc<EntryState>| at.key.as_ref().is_none_or(|key| key.enabled);
        self.entries.values().filter(is_enabled).flat_map(of).flatten().collect()
    }

    /// The wait that `server` asked for, if it isn't over at `now`.
    pub fn wait_of(&self, server: &WebAddress, now: Timestamp) -> Option<&ServerWait> {
        self.retry_after.get(server.authority()).filter(|wait| wait.until > now)
    }

    /// The state of an entry; a fresh one where nothing is remembered.
    pub fn entry(&self, id: EntryId) -> CowArc<EntryState> {
        self.entries.get(&id).cloned().unwrap_or_default()
    }

    /// The last answer of `source`.
    pub fn observation(&self, source: Source) -> Option<&Observation> {
        self.reading(source).map(|seen| &seen.observation)
    }

    /// The last answer of `source`, with its time.
    pub fn reading(&self, source: Source) -> Option<&SourceReading> {
        self.sources.get(&source)?.last.as_ref()
    }

    /// True when updates are paused at `now`.
    pub fn is_paused(&self, now: Timestamp) -> bool {
        self.pause.is_some_and(|pause| pause.until.is_none_or(|until| now < until))
    }

    /// The number of DNS checks under way.
    pub fn dns_checks_under_way(&self) -> usize {
        self.entries.values().filter(|at| at.live.asked.is_some()).count()
    }

    /// The next random number.
    pub(crate) fn draw(&mut self) -> u64 {
        self.drawn = self.drawn.wrapping_add(1);
        crate::types::backoff::chance(self.seed, self.drawn)
    }
}

/// The longest pause that ends by itself: a year.
pub const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(366 * 24);

/// A pause asked for by the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct Pause {
    /// The time when it ends by itself; none for never.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub until: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_chances_are_the_same_neither_of_one_installation_nor_of_two() {
        let drawn = |seed| {
            let mut state = State { seed, ..State::default() };
            [state.draw(), state.draw(), state.draw()]
        };
        let mut all = [drawn(1), drawn(2)].concat();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 6);
    }
}
