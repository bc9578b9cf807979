//! The form: the settings as the person typed them. The window edits it, the settings file holds it. [`check`] turns it into valid [`crate::settings::Settings`], or names every mistake at once.

mod check;
mod companion;
mod field_error;
mod find;
mod fixed_address;
mod interval;
mod login;
mod merge;
mod name_server;
mod restore;
mod served;

use serde::{Deserialize, Serialize};

pub use self::check::check;
pub use self::field_error::{EarlierDatum, EarlierProblem, EntryError, Field, FieldError, FieldProblem};
pub use self::find::{find, in_dns};
pub use self::fixed_address::FixedAddressError;
pub use self::interval::IntervalError;
pub use self::login::UserError;
pub use self::merge::{ConflictKind, FormConflict, FormField, Merged, merge};
pub use self::name_server::NameServerError;
pub use self::restore::{Existing, OthersEffect, RestoreEffect, Restored, restore};
pub use self::served::{Served, served, website};
use crate::settings::{LanguageChoice, LoginKind, NoticeLevel, Records, ThemeChoice};
use crate::types::entry_id::EntryId;
use crate::types::server::{KNOWN_FALL_BACKS, SPDYN_RESOLVER_IPV4, SPDYN_RESOLVER_IPV6, SPDYN_SERVER};

/// The choice of an entry's source of addresses, under "More".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum AddressChoice {
    /// The choice of "Webresolver": web resolver and router, or this machine's interfaces.
    #[default]
    Webresolver,
    /// The web resolvers alone.
    Web,
    /// The router alone.
    Router,
    /// This machine's interfaces.
    Interface,
    /// Fixed addresses.
    Fixed,
}

/// The choice of a proxy for update servers, under "More".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum ProxyChoice {
    /// Through the system's proxy, where it has one.
    #[default]
    System,
    /// Directly.
    None,
    /// Through the proxy that is typed below.
    Manual,
}

/// A further web resolver as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FallBackForm {
    /// True where it may be asked.
    pub enabled: bool,
    /// Its address for IPv4; empty where it has none.
    #[serde(default)]
    pub ipv4: String,
    /// Its address for IPv6; empty where it has none.
    #[serde(default)]
    pub ipv6: String,
}

/// The service's id where the person wrote an update URL.
pub const OWN_URL: &str = "custom";

/// One entry as typed, in the appliance's order. The secret isn't part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryForm {
    /// Its identity; given by the program when a new entry is saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<EntryId>,
    /// Enabled.
    pub enabled: bool,
    /// Hostname.
    pub hostname: String,
    /// Token or account.
    #[serde(default)]
    pub login: LoginKind,
    /// User; with a token it is ignored, the host name is used.
    #[serde(default)]
    pub user: String,
    /// The service's name in the table of services; empty for SPDYN and any other server that speaks dyndns2,
    /// [`OWN_URL`] for an update URL.
    #[serde(default)]
    pub provider: String,
    /// Server. With a service from the table its own counts, with an update URL that one's.
    pub server: String,
    /// The update URL with its placeholders; ignored unless it is chosen.
    #[serde(default)]
    pub update_url: String,
    /// Webresolver.
    pub webresolver: bool,
    /// Protocol.
    #[serde(default)]
    pub protocol: Records,
    /// The choice of its source of addresses, under "More".
    #[serde(default)]
    pub address_from: AddressChoice,
    /// The fixed IPv4 address; ignored unless fixed addresses are chosen.
    #[serde(default)]
    pub fixed_ipv4: String,
    /// The fixed IPv6 address; ignored unless fixed addresses are chosen.
    #[serde(default)]
    pub fixed_ipv6: String,
    /// The device that the IPv6 address is of: its interface identifier, an IPv6 address of it, or its hardware address;
    /// empty for this machine. Ignored where fixed addresses are chosen.
    #[serde(default)]
    pub device: String,
}

impl Default for EntryForm {
    fn default() -> Self {
        EntryForm {
            id: None,
            enabled: true,
            hostname: String::new(),
            login: LoginKind::Token,
            user: String::new(),
            provider: String::new(),
            server: SPDYN_SERVER.to_owned(),
            update_url: String::new(),
            webresolver: true,
            protocol: Records::Both,
            address_from: AddressChoice::Webresolver,
            fixed_ipv4: String::new(),
            fixed_ipv6: String::new(),
            device: String::new(),
        }
    }
}

/// The whole form as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Form {
    /// The language of all texts.
    pub language: LanguageChoice,
    /// Light or dark.
    pub theme: ThemeChoice,
    /// The level of notifications.
    pub notices: NoticeLevel,
    /// The web resolver for IPv4.
    pub resolver_ipv4: String,
    /// The web resolver for IPv6.
    pub resolver_ipv6: String,
    /// Further web resolvers, asked in this order when the first one doesn't tell.
    pub fall_backs: Vec<FallBackForm>,
    /// The time between two look-ups: `10 min`, `1 h`.
    pub interval: String,
    /// Nothing is published from another network than home's.
    pub home_lock: bool,
    /// The address that a VPN leads to is published, too.
    pub publish_vpn: bool,
    /// An IPv4 address that the provider shares between customers is published, too.
    pub publish_shared: bool,
    /// The name server to check updates at, as `address` or `address:port`; the zone's own when empty.
    pub name_server: String,
    /// The choice of a proxy for update servers.
    pub proxy: ProxyChoice,
    /// The proxy, as `host:port`; ignored unless it is chosen.
    pub proxy_address: String,
    /// The web address where new versions of Dyntray are announced; empty: nobody is asked.
    pub releases: String,
    /// The entries, in order.
    pub entries: Vec<EntryForm>,
}

impl Default for Form {
    fn default() -> Self {
        Form {
            language: LanguageChoice::System,
            theme: ThemeChoice::System,
            notices: NoticeLevel::default(),
            resolver_ipv4: SPDYN_RESOLVER_IPV4.to_owned(),
            resolver_ipv6: SPDYN_RESOLVER_IPV6.to_owned(),
            fall_backs: KNOWN_FALL_BACKS
                .iter()
                .map(|(ipv4, ipv6)| FallBackForm {
                    enabled: true,
                    ipv4: (*ipv4).to_owned(),
                    ipv6: (*ipv6).to_owned(),
                })
                .collect(),
            interval: "10 min".to_owned(),
            home_lock: true,
            publish_vpn: false,
            publish_shared: false,
            name_server: String::new(),
            proxy: ProxyChoice::System,
            proxy_address: String::new(),
            releases: String::new(),
            entries: Vec::new(),
        }
    }
}

/// Gives every new entry an identity that no entry has or had, counting up from `last_used`.
///
/// Returns the highest identity now in use.
pub fn number_new_entries(form: &mut Form, last_used: EntryId) -> EntryId {
    let mut last =
        form.entries.iter().filter_map(|entry| entry.id).max().unwrap_or(EntryId(0)).max(last_used);
    for entry in form.entries.iter_mut().filter(|entry| entry.id.is_none()) {
        last = EntryId(last.0 + 1);
        entry.id = Some(last);
    }
    last
}
