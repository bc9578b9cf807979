//! Valid settings: what the rest of the program may rely on. They are made by [`crate::settings::form::check`] only.

pub mod form;
pub mod providers;

use std::net::SocketAddr;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::protocol::dialect::ServerDialect;
use crate::protocol::request::UpdateRequest;
use crate::types::address::{Addresses, Family, PerFamily};
use crate::types::entry_id::EntryId;
use crate::types::hostname::Hostname;
use crate::types::server::{ProxyAddress, WebAddress};
use crate::types::source::{Origin, Source};

/// Which records to keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Records {
    /// The A record.
    Ipv4,
    /// The AAAA record.
    Ipv6,
    /// Both, in one request.
    #[default]
    Both,
}

impl Records {
    /// The families to keep, IPv4 first.
    pub fn families(self) -> impl Iterator<Item = Family> {
        Family::BOTH.into_iter().filter(move |family| self.covers(*family))
    }

    /// Whether `family` is one of them.
    pub fn covers(self, family: Family) -> bool {
        matches!(
            (self, family),
            (Records::Both, _) | (Records::Ipv4, Family::Ipv4) | (Records::Ipv6, Family::Ipv6)
        )
    }
}

/// Token or account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum LoginKind {
    /// With an update token: the host name is the user.
    #[default]
    Token,
    /// With an account's user name and password.
    Account,
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AddressFrom {
    /// Web resolver and router together: what "Webresolver" on means.
    #[default]
    WebAndRouter,
    /// The web resolvers alone.
    Web,
    /// The router alone.
    Router,
    /// This machine's interfaces: what "Webresolver" off means.
    Interface,
    /// What the person wrote.
    Fixed(Addresses),
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
    /// How it is spoken to.
    pub dialect: ServerDialect,
    /// Where its addresses come from.
    pub from: AddressFrom,
    /// Which records to keep.
    pub records: Records,
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

    /// The user name of the update request: with a token it is the host name.
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
    /// As the desktop is set.
    #[default]
    System,
    /// German.
    De,
    /// English.
    En,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum ThemeChoice {
    /// As the desktop is set.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How much the desktop's notifications tell. Each level tells what the one before tells, and more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum NoticeLevel {
    /// Nothing.
    Off,
    /// What needs the person, and what came of what the person did.
    #[default]
    Problems,
    /// That, and every new address.
    Changes,
    /// That, and every step on the way: live in DNS, nothing to change, trouble that comes and goes.
    All,
}

/// How the update server is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// As the system says.
    #[default]
    System,
    /// Directly.
    None,
    /// Through this one.
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
    /// Whether nothing is published from another network than home's.
    pub home_lock: bool,
    /// Whether the address that a VPN leads to is published.
    pub publish_vpn: bool,
    /// Whether an IPv4 address that the provider shares between customers is published.
    pub publish_shared: bool,
    /// The name server to check updates at; the zone's own, without.
    pub name_server: Option<SocketAddr>,
    /// The time between two look-ups.
    pub interval: SignedDuration,
    /// How update servers are reached. Look-ups of the address always go directly: a proxy's address is none of ours.
    pub proxy: Proxy,
    /// Where new versions of Dyntray are announced; nobody is asked, without.
    pub releases: Option<WebAddress>,
    /// The language of all texts.
    pub language: LanguageChoice,
    /// Light or dark.
    pub theme: ThemeChoice,
    /// How much notifications tell.
    pub notices: NoticeLevel,
}

impl Settings {
    /// The entry with that identity.
    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// Whether the line of `family` is a pretended one: its web resolver is on this machine, as the sandbox is. What
    /// it tells is nothing that this machine's own network could confirm or deny.
    pub fn is_sandboxed(&self, family: Family) -> bool {
        self.resolvers.get(family).is_loopback()
    }

    /// The web address behind a source; none where it is no web resolver.
    pub fn resolver(&self, source: Source) -> Option<&WebAddress> {
        match source.origin {
            Origin::WebResolver => Some(self.resolvers.get(source.family)),
            Origin::FallBack { number } => {
                self.fall_backs.get(usize::from(number))?.get(source.family).as_ref()
            }
            Origin::Router | Origin::Interface | Origin::Fixed => None,
        }
    }

    /// Whether any entry wants to hear the router.
    pub fn wants_router(&self) -> bool {
        self.enabled().any(|entry| match entry.from {
            AddressFrom::Router => true,
            AddressFrom::WebAndRouter => entry.records.families().any(|family| !self.is_sandboxed(family)),
            AddressFrom::Web | AddressFrom::Interface | AddressFrom::Fixed(_) => false,
        })
    }

    /// Whether it matters which network this machine is in. It doesn't while all lines are pretended ones.
    pub fn wants_home_lock(&self) -> bool {
        self.home_lock && Family::BOTH.into_iter().any(|family| !self.is_sandboxed(family))
    }

    /// Whether what the name servers answer for `entry` is looked at. A service on this machine has no zone in the
    /// world, so its name server must be given.
    pub fn checks_dns(&self, entry: &Entry) -> bool {
        self.name_server.is_some() || !entry.server.is_loopback()
    }

    /// Entries that are to be updated.
    pub fn enabled(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.enabled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_network_this_is_matters_unless_the_lock_is_off_or_all_lines_are_pretended() {
        use crate::settings::form::{Form, check};
        let here = |family: &str| format!("http://127.0.0.1:8245/check{family}");
        for (home_lock, pretended, wanted) in [
            (true, [false, false], true),
            (true, [true, false], true),
            (true, [false, true], true),
            (true, [true, true], false),
            (false, [false, false], false),
        ] {
            let mut form = Form { home_lock, ..Form::default() };
            for (is_sandboxed, resolver, family) in [
                (pretended[0], &mut form.resolver_ipv4, "ip4"),
                (pretended[1], &mut form.resolver_ipv6, "ip6"),
            ] {
                if is_sandboxed {
                    *resolver = here(family);
                }
            }
            let settings = check(&form).expect("valid");
            assert_eq!(settings.wants_home_lock(), wanted, "{home_lock}, pretended: {pretended:?}");
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
        for (choice, enabled, pretended, wanted) in [
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
            if pretended {
                form.resolver_ipv4 = "http://127.0.0.1:8245/checkip4".to_owned();
                form.resolver_ipv6 = "http://127.0.0.1:8245/checkip6".to_owned();
            }
            let settings = check(&form).expect("valid");
            assert_eq!(settings.wants_router(), wanted, "{choice:?}, {enabled}, pretended: {pretended}");
        }
    }
}
