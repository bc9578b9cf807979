//! Valid settings, which the rest of the program relies on. Only [`crate::settings::form::check`] makes them.

pub mod form;
pub mod providers;

use std::net::SocketAddr;
use std::sync::Arc;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::protocol::dialect::ServerDialect;
use crate::protocol::request::UpdateRequest;
use crate::types::address::{Addresses, Family, PerFamily};
use crate::types::entry_id::EntryId;
use crate::types::hostname::Hostname;
use crate::types::interface_id::InterfaceId;
use crate::types::server::{ProxyAddress, WebAddress};
use crate::types::source::{Origin, Source};

/// The records that an entry keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Records {
    /// The A record.
    Ipv4,
    /// The AAAA record.
    Ipv6,
    /// Both records.
    #[default]
    Both,
}

impl Records {
    /// The families of the records, IPv4 first.
    pub fn families(self) -> impl Iterator<Item = Family> {
        Family::BOTH.into_iter().filter(move |family| self.covers(*family))
    }

    /// True for a family that is kept.
    pub fn covers(self, family: Family) -> bool {
        matches!(
            (self, family),
            (Records::Both, _) | (Records::Ipv4, Family::Ipv4) | (Records::Ipv6, Family::Ipv6)
        )
    }
}

/// A kind of login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum LoginKind {
    /// An update token, with the host name as user.
    #[default]
    Token,
    /// An account's user name and password.
    Account,
}

/// The login of an entry, without its secret, which is in the keyring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Login {
    /// An update token, with the host name as user.
    Token,
    /// An account's user name and password.
    Account {
        /// The account's user name.
        user: String,
    },
}

impl Login {
    /// Its kind.
    pub fn kind(&self) -> LoginKind {
        match self {
            Login::Token => LoginKind::Token,
            Login::Account { .. } => LoginKind::Account,
        }
    }
}

/// The sources of an entry's addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AddressFrom {
    /// Web resolvers and router together: the meaning of "Webresolver" on.
    #[default]
    WebAndRouter,
    /// The web resolvers alone.
    Web,
    /// The router alone.
    Router,
    /// This machine's interfaces: the meaning of "Webresolver" off.
    Interface,
    /// Fixed addresses that the person typed.
    Fixed(Addresses),
}

/// One line of the form, valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its identity in state and keyring.
    pub id: EntryId,
    /// True where it is to be updated.
    pub enabled: bool,
    /// The host name to keep up to date.
    pub hostname: Hostname,
    /// The login.
    pub login: Login,
    /// The service's name in settings files; see [`form::Served`].
    pub service: Arc<str>,
    /// The update server.
    pub server: WebAddress,
    /// The dialect of the server.
    pub dialect: ServerDialect,
    /// The sources of its addresses.
    pub from: AddressFrom,
    /// The records to keep.
    pub records: Records,
    /// The device that the IPv6 address is of; none for this machine. The IPv4 address is the line's.
    pub device: Option<InterfaceId>,
    /// The entry that keeps the other record of the same host, if there is one.
    pub companion: Option<EntryId>,
}

impl Entry {
    /// The request that publishes `addresses`.
    pub fn request(&self, addresses: Addresses) -> UpdateRequest {
        UpdateRequest {
            entry: self.id,
            server: self.server.clone(),
            dialect: self.dialect.clone(),
            hostname: self.hostname.clone(),
            user: self.user().to_owned(),
            addresses,
        }
    }

    /// The user name of the update request; with a token, the host name.
    pub fn user(&self) -> &str {
        match &self.login {
            Login::Token => self.hostname.as_str(),
            Login::Account { user } => user,
        }
    }
}

/// The language of all texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum LanguageChoice {
    /// The desktop's setting.
    #[default]
    System,
    /// German.
    De,
    /// English.
    En,
}

/// The colour scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum ThemeChoice {
    /// The desktop's setting.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The amount of notifications. Each level includes the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum NoticeLevel {
    /// Nothing.
    Off,
    /// Problems that need the person, and the results of what the person did.
    #[default]
    Problems,
    /// These, and every new address.
    Changes,
    /// These, and every step on the way: live in DNS, nothing to change, failures that pass.
    All,
}

/// The way to the update servers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// The proxy of the system's settings.
    #[default]
    System,
    /// A direct connection.
    None,
    /// This proxy.
    Manual(ProxyAddress),
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
    /// Further web resolvers, in the order in which they are asked; those that are switched off are left out.
    pub fall_backs: Vec<PerFamily<Option<WebAddress>>>,
    /// True where nothing is published from a network that isn't home.
    pub home_lock: bool,
    /// True where the address that a VPN leads to is published.
    pub publish_vpn: bool,
    /// True where an IPv4 address that the provider shares between customers is published.
    pub publish_shared: bool,
    /// The name server that updates are checked at; none for the zone's own.
    pub name_server: Option<SocketAddr>,
    /// The time between two look-ups.
    pub interval: SignedDuration,
    /// The way to the update servers. Look-ups never go through a proxy, which would make them report its address.
    pub proxy: Proxy,
    /// The address where new versions of Dyntray are announced; none to ask nobody.
    pub releases: Option<WebAddress>,
    /// The language of all texts.
    pub language: LanguageChoice,
    /// The colour scheme.
    pub theme: ThemeChoice,
    /// The amount of notifications.
    pub notices: NoticeLevel,
}

impl Settings {
    /// The entry with that identity.
    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// True when the line of `family` is a sandboxed one: its web resolver is on this machine. This machine's own
    /// network can neither confirm nor deny its answers.
    pub fn is_sandboxed(&self, family: Family) -> bool {
        self.resolvers.get(family).is_loopback()
    }

    /// The web address of a source; none for a source that isn't a web resolver.
    pub fn resolver(&self, source: Source) -> Option<&WebAddress> {
        match source.origin {
            Origin::WebResolver => Some(self.resolvers.get(source.family)),
            Origin::FallBack { number } => {
                self.fall_backs.get(usize::from(number))?.get(source.family).as_ref()
            }
            Origin::Router | Origin::Interface | Origin::Fixed => None,
        }
    }

    /// True when any enabled entry asks the router.
    pub fn wants_router(&self) -> bool {
        self.enabled().any(|entry| match entry.from {
            AddressFrom::Router => true,
            AddressFrom::WebAndRouter => entry.records.families().any(|family| !self.is_sandboxed(family)),
            AddressFrom::Web | AddressFrom::Interface | AddressFrom::Fixed(_) => false,
        })
    }

    /// True when it matters which network this machine is in. It doesn't while all lines are sandboxed.
    pub fn wants_home_lock(&self) -> bool {
        self.home_lock && Family::BOTH.into_iter().any(|family| !self.is_sandboxed(family))
    }

    /// True when the name servers' answers for `entry` are checked. A service on this machine has no public zone, so
    /// its name server must be set.
    pub fn checks_dns(&self, entry: &Entry) -> bool {
        self.has_zone(&entry.server)
    }

    /// True when name servers can be asked about the names of the service at `server`.
    pub fn has_zone(&self, server: &WebAddress) -> bool {
        self.name_server.is_some() || !server.is_loopback()
    }

    /// The entries that are to be updated.
    pub fn enabled(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.enabled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_network_this_is_matters_unless_the_lock_is_off_or_all_lines_are_sandboxed() {
        use crate::settings::form::{Form, check};
        let here = |family: &str| format!("http://127.0.0.1:8245/check{family}");
        for (home_lock, sandboxed, wanted) in [
            (true, [false, false], true),
            (true, [true, false], true),
            (true, [false, true], true),
            (true, [true, true], false),
            (false, [false, false], false),
        ] {
            let mut form = Form { home_lock, ..Form::default() };
            for (is_sandboxed, resolver, family) in [
                (sandboxed[0], &mut form.resolver_ipv4, "ip4"),
                (sandboxed[1], &mut form.resolver_ipv6, "ip6"),
            ] {
                if is_sandboxed {
                    *resolver = here(family);
                }
            }
            let settings = check(&form).expect("valid");
            assert_eq!(settings.wants_home_lock(), wanted, "{home_lock}, sandboxed: {sandboxed:?}");
        }
    }

    #[test]
    fn dns_is_looked_at_where_there_is_a_zone_or_a_name_server_is_given() {
        use crate::settings::form::{EntryForm, Form, check};
        for (server, name_server, looked_at) in [
            ("update.spdyn.de", "", true),
            ("update.spdyn.de", "127.0.0.1:5353", true),
            ("127.0.0.1:8245", "", false),
            ("127.0.0.1:8245", "127.0.0.1:5353", true),
        ] {
            let entry = |id, hostname: &str| EntryForm {
                id: Some(EntryId(id)),
                hostname: hostname.to_owned(),
                server: server.to_owned(),
                ..EntryForm::default()
            };
            let entries = vec![entry(1, "home.spdns.de"), entry(2, "office.spdns.de")];
            let form = Form { entries, name_server: name_server.to_owned(), ..Form::default() };
            let settings = check(&form).expect("valid");
            let office = settings.entry(EntryId(2)).expect("it is there");
            assert_eq!(
                (office.hostname.to_string().as_str(), office.id.to_string().as_str()),
                ("office.spdns.de", "2")
            );
            assert!(settings.entry(EntryId(3)).is_none());
            assert_eq!(settings.checks_dns(office), looked_at, "{server}, {name_server}");
        }
    }

    #[test]
    fn a_login_is_of_its_kind() {
        assert_eq!(Login::Token.kind(), LoginKind::Token);
        assert_eq!(Login::Account { user: "anna".to_owned() }.kind(), LoginKind::Account);
    }

    #[test]
    fn the_router_is_wanted_where_any_entry_asks_it() {
        use crate::settings::form::{AddressChoice, EntryForm, Form, check};
        for (choice, enabled, sandboxed, wanted) in [
            (AddressChoice::Webresolver, true, false, true),
            (AddressChoice::Router, true, false, true),
            (AddressChoice::Router, true, true, true),
            (AddressChoice::Webresolver, false, false, false),
            (AddressChoice::Webresolver, true, true, false),
            (AddressChoice::Web, true, false, false),
            (AddressChoice::Interface, true, false, false),
        ] {
            let entry = EntryForm {
                id: Some(EntryId(1)),
                enabled,
                hostname: "home.spdns.de".to_owned(),
                address_from: choice,
                ..EntryForm::default()
            };
            let mut form = Form { entries: vec![entry], ..Form::default() };
            if sandboxed {
                form.resolver_ipv4 = "http://127.0.0.1:8245/checkip4".to_owned();
                form.resolver_ipv6 = "http://127.0.0.1:8245/checkip6".to_owned();
            }
            let settings = check(&form).expect("valid");
            assert_eq!(settings.wants_router(), wanted, "{choice:?}, {enabled}, sandboxed: {sandboxed}");
        }
    }
}
