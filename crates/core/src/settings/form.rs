//! What was typed, and what is wrong with it. A [`Form`] is the settings as the person wrote them: the window edits
//! it, the settings file holds it. [`check`] turns it into valid [`crate::settings::Settings`], or names every mistake at once.

mod check;
mod served;

use serde::{Deserialize, Serialize};

pub use self::check::{check, check_secret};
pub use self::served::{Served, served, website};
use crate::settings::{LanguageChoice, LoginKind, NoticeLevel, Records, ThemeChoice};
use crate::types::address::{Family, Unpublishable};
use crate::types::entry_id::EntryId;
use crate::types::server::{KNOWN_FALL_BACKS, SPDYN_RESOLVER_IPV4, SPDYN_RESOLVER_IPV6, SPDYN_SERVER};

/// Where an entry's address comes from, as chosen under "More".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum AddressChoice {
    /// As "Webresolver" says: web resolver and router, or this machine's interfaces.
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

/// How update servers are reached, as chosen under "More".
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
    /// Whether it may be asked.
    pub enabled: bool,
    /// Its address for IPv4; empty where it has none.
    #[serde(default)]
    pub ipv4: String,
    /// Its address for IPv6; empty where it has none.
    #[serde(default)]
    pub ipv6: String,
}

/// What stands in place of a service where the person wrote an update URL.
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
    /// Where its address comes from, under "More".
    #[serde(default)]
    pub address_from: AddressChoice,
    /// The fixed IPv4 address; ignored unless fixed addresses are chosen.
    #[serde(default)]
    pub fixed_ipv4: String,
    /// The fixed IPv6 address; ignored unless fixed addresses are chosen.
    #[serde(default)]
    pub fixed_ipv6: String,
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
    /// How much notifications tell.
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
    /// How update servers are reached.
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

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// Hostname.
    Hostname,
    /// User.
    User,
    /// Password / Update token.
    Secret,
    /// Service.
    Provider,
    /// Server.
    Server,
    /// Update URL.
    UpdateUrl,
    /// Protocol.
    #[serde(rename = "protocol")]
    Records,
    /// The web resolver for IPv4, under "More".
    ResolverIpv4,
    /// The web resolver for IPv6, under "More".
    ResolverIpv6,
    /// A further web resolver for IPv4, under "More".
    FallBackIpv4,
    /// A further web resolver for IPv6, under "More".
    FallBackIpv6,
    /// The time between two look-ups, under "More".
    Interval,
    /// The fixed IPv4 address.
    FixedIpv4,
    /// The fixed IPv6 address.
    FixedIpv6,
    /// The name server that updates are checked at, under "More".
    NameServer,
    /// The proxy, under "More".
    ProxyAddress,
    /// Where new versions are announced, under "More".
    Releases,
}

/// A mistake and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct FieldError {
    /// The position in the form, from 0, of the entry, or of the further web resolver; none for a field that is
    /// there once.
    pub entry: Option<u32>,
    /// The field.
    pub field: Field,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong with a field. A closed code with data; the texts are in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Problem {
    /// Nothing typed.
    HostnameMissing,
    /// No dot in it.
    HostnameNotFull,
    /// A web address, not a name.
    HostnameIsUrl,
    /// An IP address, not a name.
    HostnameIsAddress,
    /// Several names in one field.
    HostnameIsList,
    /// The token was pasted into the wrong field.
    HostnameIsToken,
    /// A character that no host name has.
    HostnameCharacter {
        /// The first such character.
        character: String,
    },
    /// Empty or too long between two dots, or a hyphen at an edge.
    HostnameShape,
    /// Another enabled entry keeps the same record.
    HostnameTwice,
    /// An account login without a user name.
    UserMissing,
    /// HTTP Basic can't carry a colon in a user name (RFC 7617).
    UserHasColon,
    /// No token or password saved or typed.
    SecretMissing,
    /// The server was changed: the secret must be typed again, so that it can't be sent elsewhere unnoticed.
    SecretForOtherServer,
    /// A line break or control character inside.
    SecretCharacter,
    /// Nothing typed.
    ServerMissing,
    /// Not a host name or web address.
    ServerShape,
    /// `http://` to another machine.
    ServerNotEncrypted,
    /// A user name or password inside the address.
    ServerHasLogin,
    /// No service of that name is known.
    ProviderUnknown,
    /// The service, or the update URL, has no place for addresses of a family that the entry keeps.
    FamilyNotKept {
        /// That family.
        family: Family,
    },
    /// Nothing typed.
    UpdateUrlMissing,
    /// Not a web address with placeholders.
    UpdateUrlShape,
    /// `http://` to another machine.
    UpdateUrlNotEncrypted,
    /// A user name or password inside the address.
    UpdateUrlHasLogin,
    /// A password or token where its placeholder should be.
    UpdateUrlHasSecret,
    /// A placeholder that isn't known.
    UpdateUrlPlaceholder {
        /// The first such, as it is written.
        placeholder: String,
    },
    /// No place for the host name.
    UpdateUrlNoHost,
    /// No place for an address.
    UpdateUrlNoAddress,
    /// Not a web address.
    ResolverShape,
    /// `http://` to another machine.
    ResolverNotEncrypted,
    /// Not a time span.
    IntervalShape,
    /// Below what services allow.
    IntervalTooShort {
        /// The shortest allowed, in minutes.
        minutes: u32,
    },
    /// Above a day.
    IntervalTooLong,
    /// No fixed address typed.
    FixedMissing,
    /// Not an address of this family.
    FixedShape,
    /// An address that must not be published.
    FixedUnpublishable {
        /// The block that it lies in.
        why: Unpublishable,
    },
    /// Not an IP address, with or without a port.
    NameServerShape,
    /// A proxy is chosen and none is typed.
    ProxyMissing,
    /// Not `host:port`, with or without `http://` or `https://`.
    ProxyShape,
    /// A user name or password inside the proxy's address: no secret belongs into the settings.
    ProxyHasLogin,
    /// Not a web address.
    ReleasesShape,
    /// `http://` to another machine.
    ReleasesNotEncrypted,
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
