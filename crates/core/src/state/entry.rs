//! The state of one entry.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::observe::dns::LiveState;
use crate::observe::finding::Explanation;
use crate::protocol::reply::{Accepted, HaltReason};
use crate::protocol::retryable::RetryableError;
use crate::protocol::url_template::UrlTemplate;
use crate::settings::{AddressFrom, Entry, Login, Records};
use crate::types::address::{Addresses, Family, PerFamily, PublicAddress};
use crate::types::hostname::Hostname;
use crate::types::server::WebAddress;

/// One entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryState {
    /// The settings that the rest of this state is about; when a person changes them, parts of the rest are forgotten.
    #[serde(rename = "subject")]
    pub key: Option<EntryKey>,
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
    /// The failure that keeps it from succeeding, and the time of the next try.
    #[serde(rename = "trouble")]
    pub retry: Option<RetryState>,
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
pub struct EntryKey {
    /// The host name.
    pub hostname: Hostname,
    /// The update server.
    pub server: WebAddress,
    /// What stands behind it in the request.
    #[serde(default)]
    #[serde(rename = "tail")]
    pub template: UrlTemplate,
    /// The login.
    pub login: Login,
    /// The records to keep.
    #[serde(rename = "protocol")]
    pub records: Records,
    /// Where its addresses come from.
    #[serde(default)]
    pub from: AddressFrom,
    /// Whether it was enabled.
    pub enabled: bool,
}

impl EntryKey {
    /// What `entry`'s state depends on.
    pub fn of(entry: &Entry) -> Self {
        EntryKey {
            hostname: entry.hostname.clone(),
            server: entry.server.clone(),
            template: entry.dialect.template.clone(),
            login: entry.login.clone(),
            records: entry.records,
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
    /// The changes that the person made meanwhile, as far as the answer depends on them.
    #[serde(default, rename = "overtaken")]
    pub superseded: Superseded,
    /// Why these addresses.
    #[serde(default)]
    pub why: Vec<Explanation>,
}

/// What the person changed while a request was under way, the more the greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Superseded {
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
pub struct RetryState {
    /// The last cause.
    #[serde(rename = "trouble")]
    pub error: RetryableError,
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
