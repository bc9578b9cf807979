//! Everything that the program remembers between two steps and across restarts. What is in flight is part of it.

pub mod cow_arc;
pub mod entry;
pub mod health_issue;
pub mod notice;
pub mod source;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use self::cow_arc::CowArc;
use self::entry::EntryState;
use self::source::{SourceReading, SourceState};
use crate::observe::observation::Observation;
use crate::observe::release::Releases;
use crate::types::entry_id::EntryId;
use crate::types::network::{Network, NetworkId};
use crate::types::source::Source;

/// All that is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// An installation's own number, from which all chance is drawn.
    pub seed: u64,
    /// How often chance was drawn.
    pub drawn: u64,
    /// The highest entry identity ever given.
    pub last_entry: u32,
    /// What each source last told, and when it is asked next.
    pub sources: BTreeMap<Source, SourceState>,
    /// What each entry is at. Written apart from the rest, entry by entry.
    #[serde(default, skip_serializing)]
    pub entries: BTreeMap<EntryId, CowArc<EntryState>>,
    /// Whether the person paused all updates.
    pub pause: Option<Pause>,
    /// How long the pause was to be, so that a clock set back doesn't make it longer.
    #[serde(default)]
    pub pause_length: Option<SignedDuration>,
    /// What this machine's network is; read anew at every start.
    #[serde(skip)]
    pub network: NetworkReading,
    /// The networks that are home.
    #[serde(default)]
    pub homes: BTreeSet<NetworkId>,
    /// The network that the person was told isn't home.
    #[serde(default)]
    pub told_elsewhere: Option<NetworkId>,
    /// Network changes that are still settling, and those before.
    #[serde(default, rename = "stirs")]
    pub debounce: Debounce,
    /// What is known of new versions of Dyntray.
    #[serde(default)]
    pub releases: Releases,
    /// Whether the person was told that updates go on after the window is closed.
    #[serde(default)]
    pub told_still_running: bool,
}

/// The last reading of this machine's network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NetworkReading {
    /// Not read yet since the start.
    #[default]
    Unread,
    /// The system's tables couldn't be read.
    Unreadable,
    /// It is this.
    Read {
        /// What was read.
        network: Network,
        /// Since when it is so, as far as addresses depend on it.
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

/// Debouncing of network changes: a burst settles first, and flapping is damped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Debounce {
    /// The beginning of the burst that is still settling.
    pub began: Option<Timestamp>,
    /// The end of the wait: nothing is asked or sent before.
    #[serde(rename = "settles")]
    pub until: Option<Timestamp>,
    /// The beginnings of the latest bursts.
    pub recent: Vec<Timestamp>,
}

impl State {
    /// The end of the wait, while network changes are still settling at `now`: nothing is asked or sent before.
    pub fn debounced_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.debounce.until.filter(|at| *at > now)
    }

    /// The state of an entry; a fresh one where nothing is remembered.
    pub fn entry(&self, id: EntryId) -> CowArc<EntryState> {
        self.entries.get(&id).cloned().unwrap_or_default()
    }

    /// What `source` last told.
    pub fn observation(&self, source: Source) -> Option<&Observation> {
        self.reading(source).map(|seen| &seen.observation)
    }

    /// What `source` last told, and when.
    pub fn reading(&self, source: Source) -> Option<&SourceReading> {
        self.sources.get(&source)?.last.as_ref()
    }

    /// Whether updates are paused at `now`.
    pub fn is_paused(&self, now: Timestamp) -> bool {
        self.pause.is_some_and(|pause| pause.until.is_none_or(|until| now < until))
    }

    /// The next number of chance.
    pub(crate) fn draw(&mut self) -> u64 {
        self.drawn = self.drawn.wrapping_add(1);
        crate::types::backoff::chance(self.seed, self.drawn)
    }
}

/// A pause asked for by the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct Pause {
    /// When it ends by itself; never, without.
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
