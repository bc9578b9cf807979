//! Valid settings: what the rest of the program may rely on. They are made by [`crate::form::check`] only.

use std::fmt;
use std::net::SocketAddr;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::address::{Addresses, Family, PerFamily};
use crate::form::LoginKind;
use crate::hostname::Hostname;
use crate::manner::Manner;
use crate::server::{ProxyAddress, WebAddress};

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

/// Who can tell an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Origin {
    /// The web resolver of the settings, SPDYN's own by default.
    WebResolver,
    /// Another web resolver, asked when the first one doesn't tell.
    FallBack {
        /// Its place in the list, from 0.
        number: u8,
    },
    /// The home's router.
    Router,
    /// This machine's own interfaces.
    Interface,
    /// The person: a fixed address.
    Fixed,
}

/// One origin and the family that it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Source {
    /// Who is asked.
    pub origin: Origin,
    /// For which address.
    pub family: Family,
}

impl Source {
    /// The web resolver of `family`.
    pub const fn web_resolver(family: Family) -> Self {
        Source { origin: Origin::WebResolver, family }
    }

    /// The further web resolver of `family` at place `number`.
    pub const fn fall_back(number: u8, family: Family) -> Self {
        Source { origin: Origin::FallBack { number }, family }
    }

    /// The router, for `family`.
    pub const fn router(family: Family) -> Self {
        Source { origin: Origin::Router, family }
    }

    /// This machine's interfaces, for `family`.
    pub const fn interface(family: Family) -> Self {
        Source { origin: Origin::Interface, family }
    }
}

impl From<Source> for String {
    /// As the state's keys have it: `webResolver.ipv4`, `fallBack0.ipv6`.
    fn from(source: Source) -> String {
        let origin = match source.origin {
            Origin::WebResolver => "webResolver".to_owned(),
            Origin::FallBack { number } => format!("fallBack{number}"),
            Origin::Router => "router".to_owned(),
            Origin::Interface => "interface".to_owned(),
            Origin::Fixed => "fixed".to_owned(),
        };
        let family = match source.family {
            Family::Ipv4 => "ipv4",
            Family::Ipv6 => "ipv6",
        };
        format!("{origin}.{family}")
    }
}

impl TryFrom<String> for Source {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let unknown = || format!("no source of addresses: {text}");
        // Version 1 of the state had no dot: `webResolverIpv4`.
        let dotted = text.replace("Ipv", ".ipv");
        let (origin, family) = dotted.split_once('.').ok_or_else(unknown)?;
        let family = match family {
            "ipv4" => Family::Ipv4,
            "ipv6" => Family::Ipv6,
            _ => return Err(unknown()),
        };
        let origin = match origin {
            "webResolver" => Origin::WebResolver,
            "router" => Origin::Router,
            "interface" => Origin::Interface,
            "fixed" => Origin::Fixed,
            _ => {
                let number = origin.strip_prefix("fallBack").and_then(|n| n.parse().ok());
                Origin::FallBack { number: number.ok_or_else(unknown)? }
            }
        };
        Ok(Source { origin, family })
    }
}

/// Where an entry's addresses come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    pub manner: Manner,
    /// Where its addresses come from.
    pub from: AddressFrom,
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
    pub fn is_pretended(&self, family: Family) -> bool {
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
            AddressFrom::WebAndRouter => entry.protocol.families().any(|family| !self.is_pretended(family)),
            AddressFrom::Web | AddressFrom::Interface | AddressFrom::Fixed(_) => false,
        })
    }

    /// Whether it matters which network this machine is in. It doesn't while all lines are pretended ones.
    pub fn wants_home_lock(&self) -> bool {
        self.home_lock && Family::BOTH.into_iter().any(|family| !self.is_pretended(family))
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
    fn a_source_is_read_back_from_its_name() {
        for family in Family::BOTH {
            let all = [
                Source::web_resolver(family),
                Source::fall_back(0, family),
                Source::fall_back(12, family),
                Source::router(family),
                Source::interface(family),
                Source { origin: Origin::Fixed, family },
            ];
            for source in all {
                assert_eq!(Source::try_from(String::from(source)), Ok(source));
            }
        }
        let old = Source::try_from("webResolverIpv6".to_owned());
        assert_eq!(old, Ok(Source::web_resolver(Family::Ipv6)), "as version 1 of the state has it");
        for text in ["", "router", "router.ipv5", "fallBack.ipv4", "fallBack256.ipv4", "cupboard.ipv4"] {
            assert!(Source::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn which_network_this_is_matters_unless_the_lock_is_off_or_all_lines_are_pretended() {
        use crate::form::{Form, check};
        let here = |family: &str| format!("http://127.0.0.1:8245/check{family}");
        for (home_lock, pretended, wanted) in [
            (true, [false, false], true),
            (true, [true, false], true),
            (true, [false, true], true),
            (true, [true, true], false),
            (false, [false, false], false),
        ] {
            let mut form = Form { home_lock, ..Form::default() };
            for (is_pretended, resolver, family) in [
                (pretended[0], &mut form.resolver_ipv4, "ip4"),
                (pretended[1], &mut form.resolver_ipv6, "ip6"),
            ] {
                if is_pretended {
                    *resolver = here(family);
                }
            }
            let settings = check(&form).expect("valid");
            assert_eq!(settings.wants_home_lock(), wanted, "{home_lock}, pretended: {pretended:?}");
        }
    }

    #[test]
    fn dns_is_looked_at_where_there_is_a_zone_or_a_name_server_is_given() {
        use crate::form::{EntryForm, Form, check};
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
        use crate::form::{AddressChoice, EntryForm, Form, check};
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
