//! Everything that the program remembers between two steps and across restarts. What is in flight is part of it.

mod shared;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use self::shared::Shared;
use crate::address::{Addresses, Family, PerFamily, PublicAddress};
use crate::agree::Why;
use crate::hostname::Hostname;
use crate::live::LiveState;
use crate::network::{Network, NetworkId, Prefix};
use crate::observation::Observation;
use crate::release::Releases;
use crate::reply::{Accepted, HaltReason};
use crate::retry::Trouble;
use crate::server::WebAddress;
use crate::settings::{AddressFrom, Entry, EntryId, Login, Protocol, Source};
use crate::tail::Tail;

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
    pub entries: BTreeMap<EntryId, Shared<EntryState>>,
    /// Whether the person paused all updates.
    pub pause: Option<Pause>,
    /// How long the pause was to be, so that a clock set back doesn't make it longer.
    #[serde(default)]
    pub pause_length: Option<SignedDuration>,
    /// What this machine's network is; read anew at every start.
    #[serde(skip)]
    pub network: Reading,
    /// The networks that are home.
    #[serde(default)]
    pub homes: BTreeSet<NetworkId>,
    /// The network that the person was told isn't home.
    #[serde(default)]
    pub told_elsewhere: Option<NetworkId>,
    /// What stirred the look-ups lately.
    #[serde(default)]
    pub stirs: Stirs,
    /// What is known of new versions of Dyntray.
    #[serde(default)]
    pub releases: Releases,
    /// Whether the person was told that updates go on after the window is closed.
    #[serde(default)]
    pub told_still_running: bool,
}

/// The last reading of this machine's network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reading {
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

impl Reading {
    /// The network; none where it isn't known.
    pub fn network(&self) -> Option<&Network> {
        match self {
            Reading::Read { network, .. } => Some(network),
            Reading::Unread | Reading::Unreadable => None,
        }
    }
}

/// Bursts of changes: what they led to, so that they settle first and flapping is damped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stirs {
    /// When the burst that is still settling began.
    pub began: Option<Timestamp>,
    /// Until when it settles: nothing is asked or sent before.
    pub settles: Option<Timestamp>,
    /// When the latest bursts began.
    pub recent: Vec<Timestamp>,
}

impl State {
    /// Whether nothing is to be asked or sent at `now`, because the network is still changing; and until when.
    pub fn settles_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.stirs.settles.filter(|at| *at > now)
    }

    /// The state of an entry; a fresh one where nothing is remembered.
    pub fn entry(&self, id: EntryId) -> Shared<EntryState> {
        self.entries.get(&id).cloned().unwrap_or_default()
    }

    /// What `source` last told.
    pub fn observation(&self, source: Source) -> Option<&Observation> {
        self.sighting(source).map(|seen| &seen.observation)
    }

    /// What `source` last told, and when.
    pub fn sighting(&self, source: Source) -> Option<&Sighting> {
        self.sources.get(&source)?.last.as_ref()
    }

    /// Whether updates are paused at `now`.
    pub fn is_paused(&self, now: Timestamp) -> bool {
        self.pause.is_some_and(|pause| pause.until.is_none_or(|until| now < until))
    }

    /// The next number of chance.
    pub(crate) fn draw(&mut self) -> u64 {
        self.drawn = self.drawn.wrapping_add(1);
        crate::retry::chance(self.seed, self.drawn)
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

/// One source of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    /// When it was asked, while the answer is awaited.
    pub asked: Option<Timestamp>,
    /// Whether the settings changed since: the answer may be another web resolver's.
    #[serde(default)]
    pub overtaken: bool,
    /// Its last answer.
    pub last: Option<Sighting>,
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
pub struct Sighting {
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

/// One entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryState {
    /// What the rest of this state is about; when the person changes it, parts of the rest are forgotten.
    pub subject: Option<Subject>,
    /// The last address of each family that the service accepted.
    pub published: PerFamily<Option<Published>>,
    /// Another address that a request of unknown end may have published since: only an acceptance tells what the
    /// service holds.
    #[serde(default)]
    pub may_hold: Addresses,
    /// The request under way.
    pub in_flight: Option<Attempt>,
    /// Stopped until the person acts.
    pub halt: Option<Halt>,
    /// What keeps it from succeeding, and when it is tried again.
    pub trouble: Option<TroubleState>,
    /// The last answer of the server.
    pub last_reply: Option<LastReply>,
    /// Times of recent `nochg` answers: another updater may use this host.
    pub nochg: Vec<Timestamp>,
    /// Whether that suspicion was told.
    pub told_nochg: bool,
    /// Whether a person did something about it since the last answer, and waits to hear what came of it.
    #[serde(default)]
    pub person_waits: bool,
    /// What the name servers answer for it.
    #[serde(default)]
    pub live: LiveState,
    /// When accepted updates changed its address, within the last hour.
    #[serde(default)]
    pub changes: Vec<Timestamp>,
    /// When its secret was saved.
    pub secret_saved: Option<Timestamp>,
    /// When its secret was last accepted.
    pub secret_accepted: Option<Timestamp>,
}

impl EntryState {
    /// The accepted addresses.
    pub fn published_addresses(&self) -> Addresses {
        Addresses::from_fn(|family: Family| self.published.get(family).map(|p| p.address))
    }

    /// Whether the service surely holds `address`: accepted, and nothing else may have been published since.
    pub fn is_published(&self, address: PublicAddress) -> bool {
        let family = address.family();
        self.published_addresses().get(family) == &Some(address) && self.may_hold.get(family).is_none()
    }

    /// Whether a request of ours may have been what put `address` there.
    pub fn may_have_published(&self, address: PublicAddress) -> bool {
        let family = address.family();
        self.published_addresses().get(family) == &Some(address)
            || self.may_hold.get(family) == &Some(address)
    }
}

/// The settings that an entry's state depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The host name.
    pub hostname: Hostname,
    /// The update server.
    pub server: WebAddress,
    /// What stands behind it in the request.
    #[serde(default)]
    pub tail: Tail,
    /// The login.
    pub login: Login,
    /// The records to keep.
    pub protocol: Protocol,
    /// Where its addresses come from.
    #[serde(default)]
    pub from: AddressFrom,
    /// Whether it was enabled.
    pub enabled: bool,
}

impl Subject {
    /// What `entry`'s state depends on.
    pub fn of(entry: &Entry) -> Self {
        Subject {
            hostname: entry.hostname.clone(),
            server: entry.server.clone(),
            tail: entry.manner.tail.clone(),
            login: entry.login.clone(),
            protocol: entry.protocol,
            from: entry.from,
            enabled: entry.enabled,
        }
    }
}

/// An address that the service accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct Published {
    /// The address.
    pub address: PublicAddress,
    /// When it was accepted.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Timestamp,
}

/// A request under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The server's authority.
    pub server: String,
    /// What was sent.
    pub addresses: Addresses,
    /// When.
    pub since: Timestamp,
    /// Whether its answer will still be about what the entry is.
    #[serde(default)]
    pub overtaken: Overtaken,
    /// Why these addresses.
    #[serde(default)]
    pub why: Vec<Why>,
}

/// What the person changed while a request was under way, the more the greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Overtaken {
    /// Nothing.
    #[default]
    No,
    /// The login or secret: a refusal was about the old one.
    ByLogin,
    /// The host or server: the answer is about another.
    ByHost,
}

/// A stop until the person acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct Halt {
    /// The cause.
    pub reason: HaltReason,
    /// Since when.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Timestamp,
}

/// What keeps an entry from succeeding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TroubleState {
    /// The last cause.
    pub trouble: Trouble,
    /// Failures in a row of causes that count on from each other.
    pub failures: u32,
    /// The first failure since an update succeeded, or since the keyring came into or out of the way.
    pub since: Timestamp,
    /// The last failure.
    pub last: Timestamp,
    /// Not to be tried before.
    pub retry_at: Timestamp,
    /// Whether the person was told that it lasts.
    pub told: bool,
    /// Whether the person was told that the keyring is in the way.
    #[serde(default)]
    pub told_keyring: bool,
}

/// The server's last answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LastReply {
    /// When it came.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Timestamp,
    /// How the update was accepted; none when it wasn't.
    pub accepted: Option<Accepted>,
    /// What had been sent.
    pub sent: String,
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
