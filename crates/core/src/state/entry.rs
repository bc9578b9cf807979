//! The state of one entry.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::observe::dns::LiveState;
use crate::observe::finding::Explanation;
use crate::protocol::reply::{Accepted, HaltReason};
use crate::protocol::retryable::RetryableError;
use crate::protocol::url_template::UrlTemplate;
use crate::settings::providers::{at_server, by_id};
use crate::settings::{AddressFrom, Entry, Login, Records};
use crate::types::address::{Addresses, Family, PerFamily, PublicAddress};
use crate::types::hostname::Hostname;
use crate::types::interface_id::InterfaceId;
use crate::types::server::WebAddress;

/// The state of one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryState {
    /// The settings that this state is about. When a person changes them, parts of the state are forgotten.
    #[serde(rename = "subject")]
    pub key: Option<EntryKey>,
    /// The last address of each family that the service accepted.
    pub published: PerFamily<Option<Published>>,
    /// Another address that a request with an unknown result may have published since. Only an accepted update tells
    /// what the service holds.
    #[serde(default)]
    pub may_hold: Addresses,
    /// The time since when an update waits for the address of the other family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incomplete_since: Option<Timestamp>,
    /// The request under way.
    pub in_flight: Option<Box<Attempt>>,
    /// The halt: nothing is sent until the person acts.
    pub halt: Option<Halt>,
    /// The search for its secret, while that is missing or nobody has seen it. Every start begins it anew.
    #[serde(default, skip_serializing_if = "SecretLook::is_none")]
    pub secret_look: SecretLook,
    /// The failure that keeps the entry from succeeding, and the time of the next try.
    #[serde(rename = "trouble")]
    pub retry: Option<Box<RetryState>>,
    /// The last answer of the server.
    pub last_reply: Option<LastReply>,
    /// The times of recent `nochg` answers that we didn't cause: another updater may use this host.
    pub nochg: Vec<Timestamp>,
    /// True once that suspicion was reported.
    pub told_nochg: bool,
    /// True when a person did something about the entry since the last answer, and waits for the result.
    #[serde(default)]
    pub person_waits: bool,
    /// The state of its DNS checks.
    #[serde(default)]
    pub live: LiveState,
    /// The times when accepted updates changed its addresses, within the last hour.
    #[serde(default)]
    pub changes: Vec<Timestamp>,
    /// Those of `changes` that left the address of a family as it was.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub unchanged: PerFamily<Vec<Timestamp>>,
    /// The time when its secret was saved, first seen in a store that somebody else filled, or first used.
    pub secret_saved: Option<Timestamp>,
    /// The time when its secret was last accepted.
    pub secret_accepted: Option<Timestamp>,
}

fn is_empty(times: &PerFamily<Vec<Timestamp>>) -> bool {
    times.ipv4.is_empty() && times.ipv6.is_empty()
}

impl EntryState {
    /// The times when accepted updates changed its address of `family`, within the last hour.
    pub fn changes_of(&self, family: Family) -> impl DoubleEndedIterator<Item = Timestamp> {
        let unchanged = self.unchanged.get(family);
        self.changes.iter().copied().filter(|then| !unchanged.contains(then))
    }

    /// The time when its secret was saved, first seen, or first used. None while nobody has seen one: the store may hold
    /// it all the same.
    pub fn secret_kept_since(&self) -> Option<Timestamp> {
        self.secret_saved.or(self.secret_accepted)
    }

    /// The accepted addresses.
    pub fn published_addresses(&self) -> Addresses {
        Addresses::from_fn(|family: Family| self.published.get(family).map(|p| p.address))
    }

    /// The families whose records can be compared with an accepted address, of those that are kept. The name servers
    /// are asked for no others.
    pub fn families_to_check(&self, kept: Records) -> impl Iterator<Item = Family> {
        kept.families().filter(|family| self.published.get(*family).is_some())
    }

    /// True when the service certainly holds the accepted address of `family`: nothing else may have been published
    /// since.
    pub fn is_certain(&self, family: Family) -> bool {
        self.published.get(family).is_some() && self.may_hold.get(family).is_none()
    }

    /// True when the service certainly holds `address`.
    pub fn is_published(&self, address: PublicAddress) -> bool {
        let family = address.family();
        self.published_addresses().get(family) == &Some(address) && self.is_certain(family)
    }

    /// The last address of `family` that the service accepted or may have accepted.
    pub fn last_sent(&self, family: Family) -> Option<PublicAddress> {
        self.may_hold.get(family).or(*self.published_addresses().get(family))
    }

    /// The last address of `family` that was sent or is under way.
    pub fn last_tried(&self, family: Family) -> Option<PublicAddress> {
        let under_way = self.in_flight.as_ref().and_then(|attempt| *attempt.addresses.get(family));
        under_way.or_else(|| self.last_sent(family))
    }

    /// The time when the last try ended, whatever came of it.
    pub fn last_try(&self) -> Option<Timestamp> {
        let failed = self.retry.as_ref().map(|retry| retry.last);
        failed.max(self.last_reply.as_ref().map(|reply| reply.at))
    }

    /// The time of the last request that reached the service, or may have.
    pub fn last_request(&self) -> Option<Timestamp> {
        let failed = self.retry.as_ref().filter(|retry| retry.error.was_sent()).map(|retry| retry.last);
        failed.max(self.last_reply.as_ref().map(|reply| reply.at))
    }

    /// True when a request of ours may have put `address` there.
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
    /// The service's name in settings files, of which a new version of the table may change server and template. None
    /// in a state of before, which didn't have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Arc<str>>,
    /// The update server.
    pub server: WebAddress,
    /// The template of the request's URL, after the server.
    #[serde(default)]
    #[serde(rename = "tail")]
    pub template: UrlTemplate,
    /// The login.
    pub login: Login,
    /// The records to keep.
    #[serde(rename = "protocol")]
    pub records: Records,
    /// The sources of its addresses.
    #[serde(default)]
    pub from: AddressFrom,
    /// The device of its IPv6 address; none for this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<InterfaceId>,
    /// True where it was enabled.
    pub enabled: bool,
}

impl EntryKey {
    /// The key of `entry`.
    pub fn of(entry: &Entry) -> Self {
        EntryKey {
            hostname: entry.hostname.clone(),
            service: Some(entry.service.clone()),
            server: entry.server.clone(),
            template: entry.dialect.template.clone(),
            login: entry.login.clone(),
            records: entry.records,
            from: entry.from,
            device: entry.device,
            enabled: entry.enabled,
        }
    }

    /// True when `other` is about the same record: the same host name at the same service.
    pub fn is_of_the_record_of(&self, other: &EntryKey) -> bool {
        let is_same_request = (&self.server, &self.template) == (&other.server, &other.template);
        self.hostname == other.hostname && (is_same_request || self.is_a_new_row_of(other))
    }

    /// True when nothing differs from `other` but the way in which its service is asked, as a new version of the table
    /// has it. No person did anything then.
    pub fn is_a_new_version_of(&self, other: &EntryKey) -> bool {
        let (server, template, service) =
            (other.server.clone(), other.template.clone(), other.service.clone());
        let is_same_request = (&self.server, &self.template) == (&other.server, &other.template);
        EntryKey { service, server, template, ..self.clone() } == *other
            && (is_same_request || self.is_a_new_row_of(other))
    }

    /// True when both are of the same service of the table. A state of before is of the service whose server it names.
    fn is_a_new_row_of(&self, other: &EntryKey) -> bool {
        let Some(row) = self.service.as_deref().and_then(by_id) else { return false };
        match &other.service {
            Some(service) => **service == *row.id,
            None => at_server(&other.server).any(|before| before.id == row.id),
        }
    }
}

/// An address that the service accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct Published {
    /// The address.
    pub address: PublicAddress,
    /// The time when it was accepted.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Timestamp,
}

/// A request under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The server's authority.
    pub server: String,
    /// The addresses that were sent.
    pub addresses: Addresses,
    /// The time when it began.
    pub since: Timestamp,
    /// The changes that the person made since then, as far as the answer depends on them.
    #[serde(default, rename = "overtaken")]
    pub superseded: Superseded,
    /// The explanations of these addresses.
    #[serde(default)]
    pub why: Vec<Explanation>,
}

/// The person's changes while a request was under way, in order of their effect on the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Superseded {
    /// Nothing.
    #[default]
    No,
    /// The login or secret: a refusal was about the old one.
    ByLogin,
    /// The host or server: the answer was about the old one.
    ByHost,
}

/// The search for a missing secret: another keyring may have answered when it was missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretLook {
    /// True while the keyring is to be looked into once.
    pub due: bool,
    /// True while it is being looked into.
    pub under_way: bool,
}

impl SecretLook {
    /// True when there is no reason to look, and nobody looks.
    pub fn is_none(&self) -> bool {
        *self == SecretLook::default()
    }
}

/// A stop until the person acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct Halt {
    /// The cause.
    pub reason: HaltReason,
    /// The time when it began.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Timestamp,
}

/// The failure that keeps an entry from succeeding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryState {
    /// The last error.
    #[serde(rename = "trouble")]
    pub error: RetryableError,
    /// The number of failures in a row whose errors continue each other.
    pub failures: u32,
    /// The time of the first failure since an update succeeded, or since the keyring came into or out of the way.
    pub since: Timestamp,
    /// The time of the last failure.
    pub last: Timestamp,
    /// The time of the next try.
    pub retry_at: Timestamp,
    /// True once the person was told that it lasts.
    pub told: bool,
    /// True once the person was told that the keyring is in the way.
    #[serde(default)]
    pub told_keyring: bool,
}

/// The server's last answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LastReply {
    /// The time when it came.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Timestamp,
    /// The way the update was accepted; none where it wasn't.
    pub accepted: Option<Accepted>,
    /// The addresses that had been sent.
    pub sent: Arc<str>,
}
