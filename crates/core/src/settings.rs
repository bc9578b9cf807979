//! Valid settings: what the rest of the program may rely on. They are made by [`crate::form::check`] only.

use std::fmt;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::address::{Family, PerFamily};
use crate::form::LoginKind;
use crate::hostname::Hostname;
use crate::server::WebAddress;

/// An entry's identity. Two entries may share a host name (A and AAAA with a token each), so a name is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(transparent)]
pub struct EntryId(pub u32);

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which records to keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Protocol {
    /// The A record.
    Ipv4,
    /// The AAAA record.
    Ipv6,
    /// Both, in one request.
    #[default]
    Both,
}

impl Protocol {
    /// The families to keep, IPv4 first.
    pub fn families(self) -> impl Iterator<Item = Family> {
        Family::BOTH.into_iter().filter(move |family| self.covers(*family))
    }

    /// Whether `family` is one of them.
    pub fn covers(self, family: Family) -> bool {
        matches!(
            (self, family),
            (Protocol::Both, _) | (Protocol::Ipv4, Family::Ipv4) | (Protocol::Ipv6, Family::Ipv6)
        )
    }
}

/// How an entry proves who it is. The secret itself lives in the keyring, never here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Login {
    /// The host name is the user, an update token the password.
    Token,
    /// An account's user name and password.
    Account {
        /// The account's user name.
        user: String,
    },
}

impl Login {
    /// Which of the two.
    pub fn kind(&self) -> LoginKind {
        match self {
            Login::Token => LoginKind::Token,
            Login::Account { .. } => LoginKind::Account,
        }
    }
}

/// Where an entry's addresses come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// A web service that answers the caller's IPv4 address.
    WebResolverIpv4,
    /// A web service that answers the caller's IPv6 address.
    WebResolverIpv6,
    /// This machine's own IPv4 addresses.
    InterfaceIpv4,
    /// This machine's own IPv6 addresses.
    InterfaceIpv6,
}

impl Source {
    /// The family that it can tell.
    pub fn family(self) -> Family {
        match self {
            Source::WebResolverIpv4 | Source::InterfaceIpv4 => Family::Ipv4,
            Source::WebResolverIpv6 | Source::InterfaceIpv6 => Family::Ipv6,
        }
    }

    /// The web resolver of `family`.
    pub fn web_resolver(family: Family) -> Self {
        match family {
            Family::Ipv4 => Source::WebResolverIpv4,
            Family::Ipv6 => Source::WebResolverIpv6,
        }
    }

    /// This machine's interfaces, for `family`.
    pub fn interface(family: Family) -> Self {
        match family {
            Family::Ipv4 => Source::InterfaceIpv4,
            Family::Ipv6 => Source::InterfaceIpv6,
        }
    }
}

/// One line of the form, valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its identity, for state and keyring.
    pub id: EntryId,
    /// Whether it is to be updated at all.
    pub enabled: bool,
    /// The host name to keep.
    pub hostname: Hostname,
    /// Who it logs in as.
    pub login: Login,
    /// The update server.
    pub server: WebAddress,
    /// Whether a web service or this machine's interfaces tell the address.
    pub webresolver: bool,
    /// Which records to keep.
    pub protocol: Protocol,
}

impl Entry {
    /// The user name of the update request: with a token it is the host name.
    pub fn user(&self) -> &str {
        match &self.login {
            Login::Token => self.hostname.as_str(),
            Login::Account { user } => user,
        }
    }

    /// Where its address of `family` comes from.
    pub fn source(&self, family: Family) -> Source {
        if self.webresolver { Source::web_resolver(family) } else { Source::interface(family) }
    }

    /// All sources that it needs.
    pub fn sources(&self) -> impl Iterator<Item = Source> {
        self.protocol.families().map(|family| self.source(family))
    }
}

/// The language of all texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum LanguageChoice {
    /// As the desktop is set.
    #[default]
    System,
    /// German.
    De,
    /// English.
    En,
}

/// How much the desktop's notifications tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum NoticeLevel {
    /// Nothing.
    Off,
    /// What needs the person.
    Problems,
    /// That, and every new address.
    #[default]
    Changes,
}

/// The shortest time between two questions to one web resolver (the general rule of dyndns2 services).
pub const SHORTEST_INTERVAL: SignedDuration = SignedDuration::from_mins(10);

/// All settings, valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The entries, in the form's order.
    pub entries: Vec<Entry>,
    /// The web resolver's address for each family.
    pub resolvers: PerFamily<WebAddress>,
    /// The time between two look-ups.
    pub interval: SignedDuration,
    /// The language of all texts.
    pub language: LanguageChoice,
    /// How much notifications tell.
    pub notices: NoticeLevel,
}

impl Settings {
    /// The entry with that identity.
    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// Entries that are to be updated.
    pub fn enabled(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.enabled)
    }
}
