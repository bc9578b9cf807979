//! What was typed, and what is wrong with it. A [`Form`] is the settings as the person wrote them: the window edits
//! it, the settings file holds it. [`check`] turns it into valid [`Settings`], or names every mistake at once.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::address::PerFamily;
use crate::hostname::Hostname;
use crate::server::{SPDYN_RESOLVER_IPV4, SPDYN_RESOLVER_IPV6, SPDYN_SERVER, WebAddress};
use crate::settings::{
    Entry, EntryId, LanguageChoice, Login, NoticeLevel, Protocol, SHORTEST_INTERVAL, Settings,
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
    /// How much notifications tell.
    pub notices: NoticeLevel,
    /// The web resolver for IPv4.
    pub resolver_ipv4: String,
    /// The web resolver for IPv6.
    pub resolver_ipv6: String,
    /// The time between two look-ups: `10 min`, `1 h`.
    pub interval: String,
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
            interval: "10 min".to_owned(),
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
    /// The time between two look-ups, under "More".
    Interval,
}

/// A mistake and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct FieldError {
    /// The entry's position in the form, from 0; none for a field that all entries share.
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
    let mut shared = |field, result: Result<WebAddress, Problem>| {
        result
            .map_err(|problem| {
                errors.push(FieldError { entry: None, field, problem });
            })
            .ok()
    };
    let ipv4 = shared(Field::ResolverIpv4, WebAddress::parse_resolver(&form.resolver_ipv4));
    let ipv6 = shared(Field::ResolverIpv6, WebAddress::parse_resolver(&form.resolver_ipv6));
    let both_here = [&ipv4, &ipv6].iter().all(|r| r.as_ref().is_some_and(WebAddress::is_loopback));
    let interval = check_interval(&form.interval, both_here).map_err(|problem| {
        errors.push(FieldError { entry: None, field: Field::Interval, problem });
    });
    let (Some(ipv4), Some(ipv6), Ok(interval), true) = (ipv4, ipv6, interval, errors.is_empty()) else {
        return Err(errors);
    };
    Ok(Settings {
        entries: entries.into_iter().flatten().collect(),
        resolvers: PerFamily { ipv4, ipv6 },
        interval,
        language: form.language,
        notices: form.notices,
    })
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
    Some(Entry {
        // An entry that is new has no identity yet; checking needs none.
        id: typed.id.unwrap_or(EntryId(0)),
        enabled: typed.enabled,
        hostname: hostname.ok()?,
        login: login.ok()?,
        server: server.ok()?,
        webresolver: typed.webresolver,
        protocol: typed.protocol,
    })
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
