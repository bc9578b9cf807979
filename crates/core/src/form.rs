//! What was typed, and what is wrong with it. A [`Form`] is the settings as the person wrote them: the window edits
//! it, the settings file holds it. [`check`] turns it into valid [`Settings`], or names every mistake at once.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::address::{Addresses, Family, PerFamily, PublicAddress, Unpublishable};
use crate::hostname::Hostname;
use crate::server::{KNOWN_FALL_BACKS, SPDYN_RESOLVER_IPV4, SPDYN_RESOLVER_IPV6, SPDYN_SERVER, WebAddress};
use crate::settings::{
    AddressFrom, Entry, EntryId, LanguageChoice, Login, NoticeLevel, Protocol, SHORTEST_INTERVAL, Settings,
};

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
    /// Server.
    pub server: String,
    /// Webresolver.
    pub webresolver: bool,
    /// Protocol.
    #[serde(default)]
    pub protocol: Protocol,
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
            server: SPDYN_SERVER.to_owned(),
            webresolver: true,
            protocol: Protocol::Both,
            address_from: AddressChoice::Webresolver,
            fixed_ipv4: String::new(),
            fixed_ipv6: String::new(),
        }
    }
}

/// Where name servers listen (RFC 1035).
const DNS_PORT: u16 = 53;

/// The whole form as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Form {
    /// The language of all texts.
    pub language: LanguageChoice,
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
    /// The entries, in order.
    pub entries: Vec<EntryForm>,
}

impl Default for Form {
    fn default() -> Self {
        Form {
            language: LanguageChoice::System,
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
    /// Server.
    Server,
    /// Protocol.
    Protocol,
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
}

/// Checks the whole form.
///
/// # Errors
/// Every mistake at once, in the form's order.
pub fn check(form: &Form) -> Result<Settings, Vec<FieldError>> {
    let mut errors = Vec::new();
    let entries: Vec<Option<Entry>> =
        (0u32..).zip(&form.entries).map(|(index, typed)| check_entry(index, typed, &mut errors)).collect();
    errors.extend(records_kept_twice(&entries));
    let note = |entry, field| move |problem| FieldError { entry, field, problem };
    let ipv4 = WebAddress::parse_resolver(&form.resolver_ipv4).map_err(note(None, Field::ResolverIpv4));
    let ipv6 = WebAddress::parse_resolver(&form.resolver_ipv6).map_err(note(None, Field::ResolverIpv6));
    let both_here = [&ipv4, &ipv6].iter().all(|r| r.as_ref().is_ok_and(WebAddress::is_loopback));
    let interval = check_interval(&form.interval, both_here).map_err(note(None, Field::Interval));
    let name_server = check_name_server(&form.name_server).map_err(note(None, Field::NameServer));
    let ipv4 = kept(ipv4, &mut errors);
    let ipv6 = kept(ipv6, &mut errors);
    let fall_backs = check_fall_backs(form, &mut errors);
    let (interval, name_server) = (kept(interval, &mut errors), kept(name_server, &mut errors));
    let (Some(ipv4), Some(ipv6), Some(interval), Some(name_server), true) =
        (ipv4, ipv6, interval, name_server, errors.is_empty())
    else {
        return Err(errors);
    };
    let resolvers = PerFamily { ipv4, ipv6 };
    Ok(Settings {
        entries: entries.into_iter().flatten().collect(),
        fall_backs: usable_fall_backs(fall_backs, &resolvers),
        resolvers,
        home_lock: form.home_lock,
        publish_vpn: form.publish_vpn,
        publish_shared: form.publish_shared,
        name_server,
        interval,
        language: form.language,
        notices: form.notices,
    })
}

/// The value, or none and one more error.
fn kept<T>(checked: Result<T, FieldError>, errors: &mut Vec<FieldError>) -> Option<T> {
    checked.map_err(|error| errors.push(error)).ok()
}

/// The further web resolvers that are switched on.
fn check_fall_backs(form: &Form, errors: &mut Vec<FieldError>) -> Vec<PerFamily<Option<WebAddress>>> {
    let rows = (0u32..).zip(&form.fall_backs).filter(|(_, typed)| typed.enabled);
    rows.map(|(row, typed)| {
        let mut read = |field, text: &str| {
            if text.trim().is_empty() {
                return None;
            }
            let checked = WebAddress::parse_resolver(text);
            kept(checked.map_err(|problem| FieldError { entry: Some(row), field, problem }), errors)
        };
        PerFamily {
            ipv4: read(Field::FallBackIpv4, &typed.ipv4),
            ipv6: read(Field::FallBackIpv6, &typed.ipv6),
        }
    })
    .collect()
}

/// Where the line is a pretended one, nobody in the world could tell its address, so nobody is asked.
fn usable_fall_backs(
    mut fall_backs: Vec<PerFamily<Option<WebAddress>>>,
    resolvers: &PerFamily<WebAddress>,
) -> Vec<PerFamily<Option<WebAddress>>> {
    for fall_back in &mut fall_backs {
        for family in Family::BOTH {
            let is_pretended = resolvers.get(family).is_loopback();
            let address = fall_back.get_mut(family);
            *address = address.take().filter(|address| address.is_loopback() || !is_pretended);
        }
    }
    fall_backs
}

/// Reads an IP address with or without a port; nothing typed is no name server.
fn check_name_server(typed: &str) -> Result<Option<SocketAddr>, Problem> {
    let text = typed.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let with_port = text.parse::<SocketAddr>();
    let alone = text.trim_matches(['[', ']']).parse::<IpAddr>();
    with_port
        .or(alone.map(|address| SocketAddr::new(address, DNS_PORT)))
        .map(Some)
        .map_err(|_| Problem::NameServerShape)
}

/// The mistake in a typed secret, if there is one. Shapes are hints only (see [`crate::token::shape`]).
pub fn check_secret(typed: &str) -> Option<Problem> {
    let text = crate::token::tidy(typed);
    if text.is_empty() {
        Some(Problem::SecretMissing)
    } else if text.chars().any(char::is_control) {
        Some(Problem::SecretCharacter)
    } else {
        None
    }
}

fn check_entry(index: u32, typed: &EntryForm, errors: &mut Vec<FieldError>) -> Option<Entry> {
    let mut at = |field, problem| {
        errors.push(FieldError { entry: Some(index), field, problem });
    };
    let hostname = Hostname::parse(&typed.hostname).map_err(|p| at(Field::Hostname, p));
    let login = check_login(typed).map_err(|p| at(Field::User, p));
    let server = WebAddress::parse_server(&typed.server).map_err(|p| at(Field::Server, p));
    let from = check_address_from(typed, &mut at);
    Some(Entry {
        // An entry that is new has no identity yet; checking needs none.
        id: typed.id.unwrap_or(EntryId(0)),
        enabled: typed.enabled,
        hostname: hostname.ok()?,
        login: login.ok()?,
        server: server.ok()?,
        from: from?,
        protocol: typed.protocol,
    })
}

fn check_address_from(typed: &EntryForm, at: &mut impl FnMut(Field, Problem)) -> Option<AddressFrom> {
    Some(match typed.address_from {
        AddressChoice::Webresolver if typed.webresolver => AddressFrom::WebAndRouter,
        AddressChoice::Webresolver | AddressChoice::Interface => AddressFrom::Interface,
        AddressChoice::Web => AddressFrom::Web,
        AddressChoice::Router => AddressFrom::Router,
        AddressChoice::Fixed => {
            let mut addresses = Addresses::default();
            for family in typed.protocol.families() {
                let (field, text) = match family {
                    Family::Ipv4 => (Field::FixedIpv4, &typed.fixed_ipv4),
                    Family::Ipv6 => (Field::FixedIpv6, &typed.fixed_ipv6),
                };
                match check_fixed(family, text) {
                    Ok(address) => *addresses.get_mut(family) = Some(address),
                    Err(problem) => at(field, problem),
                }
            }
            (addresses.iter().count() == typed.protocol.families().count())
                .then_some(AddressFrom::Fixed(addresses))?
        }
    })
}

fn check_fixed(family: Family, typed: &str) -> Result<PublicAddress, Problem> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(Problem::FixedMissing);
    }
    let address: IpAddr = text.parse().map_err(|_| Problem::FixedShape)?;
    if Family::of(address) != family {
        return Err(Problem::FixedShape);
    }
    PublicAddress::try_from(address).map_err(|why| Problem::FixedUnpublishable { why })
}

fn check_login(typed: &EntryForm) -> Result<Login, Problem> {
    let user = typed.user.trim();
    match typed.login {
        LoginKind::Token => Ok(Login::Token),
        LoginKind::Account if user.is_empty() => Err(Problem::UserMissing),
        LoginKind::Account if user.contains(':') => Err(Problem::UserHasColon),
        LoginKind::Account => Ok(Login::Account { user: user.to_owned() }),
    }
}

/// Two entries may share a name when each keeps another family; never when both keep the same record.
fn records_kept_twice(entries: &[Option<Entry>]) -> Vec<FieldError> {
    let mut kept = BTreeSet::new();
    let mut errors = Vec::new();
    for (index, entry) in (0u32..).zip(entries) {
        let Some(entry) = entry.as_ref().filter(|entry| entry.enabled) else {
            continue;
        };
        let mut twice = false;
        for family in entry.protocol.families() {
            twice |= !kept.insert((entry.hostname.clone(), entry.server.authority(), family));
        }
        if twice {
            errors.push(FieldError {
                entry: Some(index),
                field: Field::Hostname,
                problem: Problem::HostnameTwice,
            });
        }
    }
    errors
}

/// Reads `10`, `10 min`, `30 s`, `1 h`; a bare number is minutes. Only services on this machine may be asked
/// more often than every ten minutes.
fn check_interval(typed: &str, resolvers_are_here: bool) -> Result<SignedDuration, Problem> {
    let text = typed.trim().to_lowercase();
    let digits_end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(digits_end);
    let count: i64 = digits.parse().map_err(|_| Problem::IntervalShape)?;
    let seconds_each = match unit.trim() {
        "s" | "sec" | "sek" => 1,
        "" | "m" | "min" => 60,
        "h" | "std" => 3600,
        _ => return Err(Problem::IntervalShape),
    };
    let interval =
        SignedDuration::from_secs(count.checked_mul(seconds_each).ok_or(Problem::IntervalTooLong)?);
    let shortest = if resolvers_are_here { SignedDuration::from_secs(1) } else { SHORTEST_INTERVAL };
    if interval < shortest {
        return Err(Problem::IntervalTooShort { minutes: 10 });
    }
    if interval > SignedDuration::from_hours(24) {
        return Err(Problem::IntervalTooLong);
    }
    Ok(interval)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(hostname: &str) -> EntryForm {
        EntryForm { hostname: hostname.to_owned(), ..EntryForm::default() }
    }

    fn form(entries: Vec<EntryForm>) -> Form {
        Form { entries, ..Form::default() }
    }

    #[test]
    fn a_host_name_alone_makes_a_valid_spdyn_entry() {
        let settings = check(&form(vec![entry("home.spdns.de")])).expect("valid");
        let entry = &settings.entries[0];
        assert_eq!(entry.user(), "home.spdns.de");
        assert_eq!(entry.server.to_string(), "https://update.spdyn.de/nic/update");
        assert_eq!(settings.resolvers.ipv4.to_string(), "https://checkip4.spdyn.de/");
        assert_eq!(settings.interval, SignedDuration::from_mins(10));
    }

    #[test]
    fn every_mistake_is_named_at_its_field_at_once() {
        let wrong = EntryForm {
            hostname: "home".into(),
            login: LoginKind::Account,
            server: "http://update.spdyn.de".into(),
            ..EntryForm::default()
        };
        let typed =
            Form { interval: "5 min".into(), resolver_ipv6: "?".into(), ..form(vec![entry(""), wrong]) };
        let at = |entry, field, problem| FieldError { entry, field, problem };
        assert_eq!(
            check(&typed).expect_err("six mistakes"),
            vec![
                at(Some(0), Field::Hostname, Problem::HostnameMissing),
                at(Some(1), Field::Hostname, Problem::HostnameNotFull),
                at(Some(1), Field::User, Problem::UserMissing),
                at(Some(1), Field::Server, Problem::ServerNotEncrypted),
                at(None, Field::ResolverIpv6, Problem::ResolverShape),
                at(None, Field::Interval, Problem::IntervalTooShort { minutes: 10 }),
            ]
        );
    }

    #[test]
    fn two_entries_may_share_a_name_but_not_a_record() {
        let mut a = entry("home.spdns.de");
        let mut b = entry("home.spdns.de");
        a.protocol = Protocol::Ipv4;
        b.protocol = Protocol::Ipv6;
        assert!(check(&form(vec![a.clone(), b.clone()])).is_ok());
        b.protocol = Protocol::Both;
        let errors = check(&form(vec![a.clone(), b.clone()])).expect_err("the A record twice");
        assert_eq!(errors[0].problem, Problem::HostnameTwice);
        b.enabled = false;
        assert!(check(&form(vec![a, b])).is_ok());
    }

    #[test]
    fn time_spans_are_read_in_both_languages() {
        for (typed, seconds) in [("10", 600), ("10 min", 600), ("600s", 600), ("1 h", 3600), ("2 Std", 7200)]
        {
            assert_eq!(check_interval(typed, false), Ok(SignedDuration::from_secs(seconds)), "{typed}");
        }
        assert_eq!(check_interval("2 s", true), Ok(SignedDuration::from_secs(2)));
        assert_eq!(check_interval("0", true), Err(Problem::IntervalTooShort { minutes: 10 }));
        assert_eq!(check_interval("soon", true), Err(Problem::IntervalShape));
        assert_eq!(check_interval("25 h", true), Err(Problem::IntervalTooLong));
        assert_eq!(check_interval("9223372036854775807 h", true), Err(Problem::IntervalTooLong));
    }

    #[test]
    fn a_removed_entrys_identity_is_never_used_again() {
        let mut typed = form(vec![entry("a.spdns.de"), entry("b.spdns.de")]);
        typed.entries[0].id = Some(EntryId(2));
        assert_eq!(number_new_entries(&mut typed, EntryId(7)), EntryId(8));
        assert_eq!(typed.entries[1].id, Some(EntryId(8)));
    }

    #[test]
    fn a_secret_is_refused_only_for_what_no_secret_has() {
        assert_eq!(check_secret(" \t"), Some(Problem::SecretMissing));
        assert_eq!(check_secret("abcd\nefgh"), Some(Problem::SecretCharacter));
        assert_eq!(check_secret(" abcd-efgh-ijkl\n"), None);
        assert_eq!(check_secret("1234567-abcd-efgh-ijkl"), None);
    }
}
