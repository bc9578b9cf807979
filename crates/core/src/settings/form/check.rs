//! Turns the form into valid settings, or names every mistake at its field, all at once.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

use jiff::SignedDuration;

use super::{AddressChoice, EntryForm, Field, FieldError, Form, Problem, ProxyChoice, served};
use crate::settings::providers::LoginStyle;
use crate::settings::{AddressFrom, Entry, Login, LoginKind, Proxy, SHORTEST_INTERVAL, Settings};
use crate::types::address::{Addresses, Family, PerFamily, PublicAddress};
use crate::types::entry_id::EntryId;
use crate::types::hostname::Hostname;
use crate::types::server::{ProxyAddress, WebAddress};

/// Where name servers listen (RFC 1035).
const DNS_PORT: u16 = 53;

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
    let proxy = kept(check_proxy(form).map_err(note(None, Field::ProxyAddress)), &mut errors);
    let releases = kept(check_releases(&form.releases).map_err(note(None, Field::Releases)), &mut errors);
    let (Some(ipv4), Some(ipv6), Some(interval), Some(name_server), Some(proxy), Some(releases), true) =
        (ipv4, ipv6, interval, name_server, proxy, releases, errors.is_empty())
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
        proxy,
        releases,
        language: form.language,
        theme: form.theme,
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
            let is_sandboxed = resolvers.get(family).is_loopback();
            let address = fall_back.get_mut(family);
            *address = address.take().filter(|address| address.is_loopback() || !is_sandboxed);
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

/// What was typed as a proxy counts only where one is chosen.
fn check_proxy(form: &Form) -> Result<Proxy, Problem> {
    Ok(match form.proxy {
        ProxyChoice::System => Proxy::System,
        ProxyChoice::None => Proxy::None,
        ProxyChoice::Manual => Proxy::Manual(ProxyAddress::parse(&form.proxy_address)?),
    })
}

/// Nothing typed: nobody is asked.
fn check_releases(typed: &str) -> Result<Option<WebAddress>, Problem> {
    if typed.trim().is_empty() { Ok(None) } else { WebAddress::parse_releases(typed).map(Some) }
}

/// The mistake in a typed secret, if there is one. Shapes are hints only (see [`crate::types::token::shape`]).
pub fn check_secret(typed: &str) -> Option<Problem> {
    let text = crate::types::token::tidy(typed);
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
    let served = served(typed);
    let style = served.as_ref().map_or(LoginStyle::Either, |served| served.login);
    let login = check_login(typed, style).map_err(|p| at(Field::User, p));
    let served = served.map_err(|(field, p)| at(field, p));
    if let Some(family) = served.as_ref().ok().and_then(|served| served.not_kept(typed.protocol)) {
        at(Field::Records, Problem::FamilyNotKept { family });
    }
    let from = check_address_from(typed, &mut at);
    let served = served.ok()?;
    Some(Entry {
        // An entry that is new has no identity yet; checking needs none.
        id: typed.id.unwrap_or(EntryId(0)),
        enabled: typed.enabled,
        hostname: hostname.ok()?,
        login: login.ok()?,
        server: served.server,
        dialect: served.dialect,
        from: from?,
        records: typed.protocol,
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

/// What a service wants counts more than what was chosen: who has an account there, needs its user.
fn check_login(typed: &EntryForm, style: LoginStyle) -> Result<Login, Problem> {
    let user = typed.user.trim();
    let kind = match style {
        LoginStyle::Either => typed.login,
        LoginStyle::Host | LoginStyle::Token => LoginKind::Token,
        LoginStyle::Account => LoginKind::Account,
    };
    match kind {
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
        for family in entry.records.families() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Records;
    use crate::settings::form::{FallBackForm, number_new_entries};
    use crate::types::address::Unpublishable;

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
    fn a_user_has_no_colon_which_would_begin_the_password() {
        let account = |user: &str| EntryForm {
            login: LoginKind::Account,
            user: user.to_owned(),
            ..entry("home.spdns.de")
        };
        assert!(check(&form(vec![account("anna")])).is_ok());
        let errors = check(&form(vec![account("an:na")])).expect_err("a colon");
        assert_eq!((errors[0].field, &errors[0].problem), (Field::User, &Problem::UserHasColon));
    }

    #[test]
    fn two_entries_may_share_a_name_but_not_a_record() {
        let mut a = entry("home.spdns.de");
        let mut b = entry("home.spdns.de");
        a.protocol = Records::Ipv4;
        b.protocol = Records::Ipv6;
        assert!(check(&form(vec![a.clone(), b.clone()])).is_ok());
        b.protocol = Records::Both;
        let errors = check(&form(vec![a.clone(), b.clone()])).expect_err("the A record twice");
        assert_eq!(errors[0].problem, Problem::HostnameTwice);
        b.enabled = false;
        assert!(check(&form(vec![a, b])).is_ok());
    }

    #[test]
    fn an_address_may_be_fixed_but_only_a_public_one_of_its_family() {
        let fixed = |ipv4: &str, ipv6: &str| {
            let choice = AddressChoice::Fixed;
            let (fixed_ipv4, fixed_ipv6) = (ipv4.to_owned(), ipv6.to_owned());
            check(&form(vec![EntryForm {
                address_from: choice,
                fixed_ipv4,
                fixed_ipv6,
                ..entry("a.spdns.de")
            }]))
        };
        let settings = fixed(" 84.160.12.7 ", "2003:e1::7").expect("valid");
        assert!(matches!(settings.entries[0].from, AddressFrom::Fixed(both) if both.iter().count() == 2));
        let problems = |ipv4, ipv6| -> Vec<Problem> {
            fixed(ipv4, ipv6).expect_err("mistakes").into_iter().map(|error| error.problem).collect()
        };
        assert_eq!(problems("", "home"), [Problem::FixedMissing, Problem::FixedShape]);
        assert_eq!(
            problems("2003:e1::7", "fd00::1"),
            [Problem::FixedShape, Problem::FixedUnpublishable { why: Unpublishable::UniqueLocal }]
        );
    }

    #[test]
    fn further_web_resolvers_are_checked_where_they_stand_and_left_out_when_switched_off() {
        let row = |enabled, ipv4: &str| FallBackForm { enabled, ipv4: ipv4.into(), ipv6: String::new() };
        let typed = |rows| Form { fall_backs: rows, ..form(Vec::new()) };
        let rows = vec![row(true, "https://a.example.org/"), row(false, "?"), row(true, "")];
        let settings = check(&typed(rows)).expect("what is switched off needn't be valid");
        assert_eq!(settings.fall_backs.len(), 2);
        let errors =
            check(&typed(vec![row(false, "?"), row(true, "http://a.example.org/")])).expect_err("one");
        let problem = Problem::ResolverNotEncrypted;
        assert_eq!(errors, [FieldError { entry: Some(1), field: Field::FallBackIpv4, problem }]);
    }

    #[test]
    fn with_a_pretended_line_nobody_in_the_world_is_asked() {
        let typed = Form { resolver_ipv4: "http://127.0.0.1:8245/checkip4".into(), ..form(Vec::new()) };
        let settings = check(&typed).expect("valid");
        assert!(settings.is_sandboxed(Family::Ipv4) && !settings.is_sandboxed(Family::Ipv6));
        assert!(
            settings.fall_backs.iter().all(|fall_back| fall_back.ipv4.is_none() && fall_back.ipv6.is_some())
        );
    }

    #[test]
    fn a_name_server_is_an_address_with_or_without_a_port() {
        for (typed, read) in [
            ("", None),
            ("192.168.178.1", Some("192.168.178.1:53")),
            ("127.0.0.1:5353", Some("127.0.0.1:5353")),
            ("::1", Some("[::1]:53")),
            ("[2003:e1::1]:5353", Some("[2003:e1::1]:5353")),
        ] {
            let expected = read.map(|text| text.parse().expect("an address with a port"));
            assert_eq!(check_name_server(typed), Ok(expected), "{typed}");
        }
        assert_eq!(check_name_server("ns1.spdyn.de"), Err(Problem::NameServerShape));
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
        assert_eq!(check_interval("24 h", true), Ok(SignedDuration::from_hours(24)));
        assert_eq!(check_interval("25 h", true), Err(Problem::IntervalTooLong));
        assert_eq!(check_interval("9223372036854775807 h", true), Err(Problem::IntervalTooLong));
    }

    #[test]
    fn a_proxy_and_an_announcement_of_versions_are_read_where_they_are_typed() {
        let read = |change: fn(&mut Form)| {
            let mut typed = form(vec![entry("home.spdns.de")]);
            change(&mut typed);
            check(&typed).map_err(|errors| errors.iter().map(|error| error.field).collect::<Vec<_>>())
        };
        let usual = read(|_| {}).expect("valid");
        assert_eq!((usual.proxy, usual.releases), (Proxy::System, None));
        let none = read(|form| (form.proxy, form.proxy_address) = (ProxyChoice::None, "?".to_owned()));
        assert_eq!(none.expect("what is typed there doesn't count").proxy, Proxy::None);
        let manual = read(|form| {
            (form.proxy, form.proxy_address) = (ProxyChoice::Manual, "127.0.0.1:3128".to_owned());
        });
        assert!(matches!(manual.expect("valid").proxy, Proxy::Manual(_)));
        let wrong = read(|form| (form.proxy, form.proxy_address) = (ProxyChoice::Manual, "?".to_owned()));
        assert_eq!(wrong.expect_err("no proxy"), [Field::ProxyAddress]);
        let asked = read(|form| form.releases = "https://releases.example.org/dyntray.json".to_owned());
        let asked = asked.expect("valid").releases.expect("somebody is asked");
        assert_eq!(asked.to_string(), "https://releases.example.org/dyntray.json");
    }

    #[test]
    fn without_a_web_resolver_the_address_is_this_machines_own() {
        for (address_from, webresolver, from) in [
            (AddressChoice::Webresolver, true, AddressFrom::WebAndRouter),
            (AddressChoice::Webresolver, false, AddressFrom::Interface),
            (AddressChoice::Interface, true, AddressFrom::Interface),
            (AddressChoice::Web, false, AddressFrom::Web),
            (AddressChoice::Router, false, AddressFrom::Router),
        ] {
            let typed = EntryForm { webresolver, address_from, ..entry("home.spdns.de") };
            let settings = check(&form(vec![typed])).expect("valid");
            assert_eq!(settings.entries[0].from, from, "{address_from:?}, {webresolver}");
        }
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
