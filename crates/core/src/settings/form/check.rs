//! Turns the form into valid settings, or names every mistake at its field, all at once.

use std::collections::BTreeSet;

use super::field_error::{EntryError, Field, FieldError, FieldProblem};
use super::served::served;
use super::{
    AddressChoice, EntryForm, Form, ProxyChoice, companion, fixed_address, interval, login, name_server,
};
use crate::settings::providers::LoginStyle;
use crate::settings::{AddressFrom, Entry, Proxy, Settings};
use crate::types::address::{Addresses, Family, PerFamily};
use crate::types::entry_id::EntryId;
use crate::types::hostname::Hostname;
use crate::types::interface_id::InterfaceId;
use crate::types::server::{ProxyAddress, ProxyError, WebAddress, WebAddressError};

/// The mistakes found so far.
#[derive(Default)]
struct Mistakes(Vec<FieldError>);

impl Mistakes {
    fn add(&mut self, entry: Option<u32>, field: Field, problem: impl Into<FieldProblem>) {
        self.0.push(FieldError { entry, field, problem: problem.into() });
    }

    /// The value, or none and one more mistake.
    fn kept<T, E: Into<FieldProblem>>(
        &mut self,
        entry: Option<u32>,
        field: Field,
        checked: Result<T, E>,
    ) -> Option<T> {
        checked.map_err(|error| self.add(entry, field, error)).ok()
    }
}

/// Checks the whole form.
///
/// # Errors
/// Every mistake at once, in the form's order.
pub fn check(form: &Form) -> Result<Settings, Vec<FieldError>> {
    let mut mistakes = Mistakes::default();
    let entries: Vec<Option<Entry>> =
        (0u32..).zip(&form.entries).map(|(index, typed)| check_entry(index, typed, &mut mistakes)).collect();
    add_records_kept_twice(&entries, &mut mistakes);
    let ipv4 = mistakes.kept(None, Field::ResolverIpv4, plain_address(&form.resolver_ipv4));
    let ipv6 = mistakes.kept(None, Field::ResolverIpv6, plain_address(&form.resolver_ipv6));
    let fall_backs = check_fall_backs(form, &mut mistakes);
    let both_here = [&ipv4, &ipv6].iter().all(|r| r.as_ref().is_some_and(WebAddress::is_loopback));
    let interval = mistakes.kept(None, Field::Interval, interval::parse(&form.interval, both_here));
    let name_server = mistakes.kept(None, Field::NameServer, name_server::parse(&form.name_server));
    let proxy = mistakes.kept(None, Field::ProxyAddress, check_proxy(form));
    let releases = mistakes.kept(None, Field::Releases, check_releases(&form.releases));
    let (Some(ipv4), Some(ipv6), Some(interval), Some(name_server), Some(proxy), Some(releases), true) =
        (ipv4, ipv6, interval, name_server, proxy, releases, mistakes.0.is_empty())
    else {
        return Err(mistakes.0);
    };
    let resolvers = PerFamily { ipv4, ipv6 };
    let mut entries: Vec<Entry> = entries.into_iter().flatten().collect();
    entries.shrink_to_fit();
    share_equal_parts(&mut entries);
    companion::introduce(&mut entries);
    Ok(Settings {
        entries,
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

/// Reads a web address that nobody logs in to: its field has one text for everything but missing encryption.
fn plain_address(typed: &str) -> Result<WebAddress, WebAddressError> {
    WebAddress::parse(typed).map_err(|error| match error {
        WebAddressError::NotEncrypted => WebAddressError::NotEncrypted,
        WebAddressError::Missing | WebAddressError::HasLogin | WebAddressError::Shape => {
            WebAddressError::Shape
        }
    })
}

/// The further web resolvers that are switched on.
fn check_fall_backs(form: &Form, mistakes: &mut Mistakes) -> Vec<PerFamily<Option<WebAddress>>> {
    let rows = (0u32..).zip(&form.fall_backs).filter(|(_, typed)| typed.enabled);
    rows.map(|(row, typed)| {
        let mut read = |field, text: &str| {
            let is_missing = text.trim().is_empty();
            if is_missing { None } else { mistakes.kept(Some(row), field, plain_address(text)) }
        };
        PerFamily {
            ipv4: read(Field::FallBackIpv4, &typed.ipv4),
            ipv6: read(Field::FallBackIpv6, &typed.ipv6),
        }
    })
    .collect()
}

/// No service in the world knows the address of a sandboxed line, so none is asked.
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

/// Reads what was typed as a proxy, where one is chosen.
fn check_proxy(form: &Form) -> Result<Proxy, ProxyError> {
    Ok(match form.proxy {
        ProxyChoice::System => Proxy::System,
        ProxyChoice::None => Proxy::None,
        ProxyChoice::Manual => Proxy::Manual(ProxyAddress::parse(&form.proxy_address)?),
    })
}

/// Reads the address of announcements; nothing typed: nobody is asked.
fn check_releases(typed: &str) -> Result<Option<WebAddress>, WebAddressError> {
    if typed.trim().is_empty() { Ok(None) } else { plain_address(typed).map(Some) }
}

/// Thousands of entries mostly have a few services, servers and templates: each is kept once.
fn share_equal_parts(entries: &mut [Entry]) {
    let (mut services, mut servers, mut templates) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for entry in entries {
        share(&mut services, &mut entry.service);
        share(&mut servers, &mut entry.server);
        share(&mut templates, &mut entry.dialect.template);
    }
}

/// Makes `part` a copy of the equal one among `known`, or the first of its kind there.
fn share<T: Ord + Clone>(known: &mut BTreeSet<T>, part: &mut T) {
    if let Some(equal) = known.get(part) {
        *part = equal.clone();
    } else {
        known.insert(part.clone());
    }
}

fn check_entry(index: u32, typed: &EntryForm, mistakes: &mut Mistakes) -> Option<Entry> {
    let at = Some(index);
    let hostname = mistakes.kept(at, Field::Hostname, Hostname::parse(&typed.hostname));
    let served = served(typed);
    let style = served.as_ref().map_or(LoginStyle::Either, |served| served.login);
    let login = mistakes.kept(at, Field::User, login::parse(typed, style));
    let served = served.map_err(|(field, problem)| mistakes.add(at, field, problem)).ok();
    if let Some(family) = served.as_ref().and_then(|served| served.not_kept(typed.protocol)) {
        mistakes.add(at, Field::Records, EntryError::FamilyNotKept { family });
    }
    let from = check_address_from(index, typed, mistakes);
    let device = check_device(index, typed, mistakes);
    let served = served?;
    Some(Entry {
        // An entry that is new has no identity yet; checking needs none.
        id: typed.id.unwrap_or(EntryId(0)),
        enabled: typed.enabled,
        hostname: hostname?,
        login: login?,
        service: served.service.into(),
        server: served.server,
        dialect: served.dialect,
        from: from?,
        records: typed.protocol,
        device,
        companion: None,
    })
}

/// The device of an entry's IPv6 address, where it keeps one that isn't fixed. None for this machine.
fn check_device(index: u32, typed: &EntryForm, mistakes: &mut Mistakes) -> Option<InterfaceId> {
    let is_used = typed.address_from != AddressChoice::Fixed && typed.protocol.covers(Family::Ipv6);
    if !is_used || typed.device.trim().is_empty() {
        return None;
    }
    mistakes.kept(Some(index), Field::Device, InterfaceId::parse(&typed.device))
}

fn check_address_from(index: u32, typed: &EntryForm, mistakes: &mut Mistakes) -> Option<AddressFrom> {
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
                *addresses.get_mut(family) =
                    mistakes.kept(Some(index), field, fixed_address::parse(family, text));
            }
            (addresses.iter().count() == typed.protocol.families().count())
                .then_some(AddressFrom::Fixed(addresses))?
        }
    })
}

/// Two entries may share a name when each keeps another family; never when both keep the same record.
fn add_records_kept_twice(entries: &[Option<Entry>], mistakes: &mut Mistakes) {
    let mut kept = BTreeSet::new();
    for (index, entry) in (0u32..).zip(entries) {
        let Some(entry) = entry.as_ref().filter(|entry| entry.enabled) else {
            continue;
        };
        let mut twice = false;
        for family in entry.records.families() {
            twice |= !kept.insert((entry.hostname.clone(), entry.server.authority(), family));
        }
        if twice {
            mistakes.add(Some(index), Field::Hostname, EntryError::Twice);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::settings::form::{
        FallBackForm, FixedAddressError, IntervalError, UserError, number_new_entries,
    };
    use crate::settings::{LoginKind, Records};
    use crate::types::address::Unpublishable;
    use crate::types::hostname::HostnameError;

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
                at(Some(0), Field::Hostname, HostnameError::Missing.into()),
                at(Some(1), Field::Hostname, HostnameError::NotFull.into()),
                at(Some(1), Field::User, UserError::Missing.into()),
                at(Some(1), Field::Server, WebAddressError::NotEncrypted.into()),
                at(None, Field::ResolverIpv6, WebAddressError::Shape.into()),
                at(None, Field::Interval, IntervalError::TooShort { minutes: 10 }.into()),
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
        assert_eq!((errors[0].field, &errors[0].problem), (Field::User, &UserError::HasColon.into()));
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
        assert_eq!(errors[0].problem, EntryError::Twice.into());
        b.enabled = false;
        assert!(check(&form(vec![a, b])).is_ok());
    }

    #[test]
    fn a_record_is_kept_twice_however_its_server_is_spelt() {
        let at = |server: &str| EntryForm { server: server.to_owned(), ..entry("home.spdns.de") };
        for (a, b) in [
            ("127.0.0.1:8245", "127.1:8245"),
            ("203.0.113.7", "https://0xcb.0.113.7/other"),
            ("update.spdyn.de", "https://UPDATE.spdyn.de.:443/"),
        ] {
            let errors = check(&form(vec![at(a), at(b)])).expect_err(b);
            assert_eq!(errors[0].problem, EntryError::Twice.into(), "{a}, {b}");
        }
    }

    #[test]
    fn what_is_no_address_and_can_be_no_name_is_refused_wherever_it_is_typed() {
        let wrong = || "https://300.300.300.300/".to_owned();
        let typed = Form {
            resolver_ipv4: wrong(),
            resolver_ipv6: wrong(),
            fall_backs: vec![FallBackForm { enabled: true, ipv4: wrong(), ipv6: wrong() }],
            proxy: ProxyChoice::Manual,
            proxy_address: "300.300.300.300:3128".to_owned(),
            releases: wrong(),
            ..form(vec![EntryForm { server: wrong(), ..entry("home.spdns.de") }])
        };
        let errors = check(&typed).expect_err("seven mistakes");
        let fields: Vec<_> = errors.iter().map(|error| error.field).collect();
        assert_eq!(
            fields,
            [
                Field::Server,
                Field::ResolverIpv4,
                Field::ResolverIpv6,
                Field::FallBackIpv4,
                Field::FallBackIpv6,
                Field::ProxyAddress,
                Field::Releases,
            ]
        );
        let is_shape = |problem: &FieldProblem| {
            [WebAddressError::Shape.into(), ProxyError::Shape.into()].contains(problem)
        };
        assert!(errors.iter().all(|error| is_shape(&error.problem)), "{errors:?}");
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
        let problems = |ipv4, ipv6| -> Vec<FieldProblem> {
            fixed(ipv4, ipv6).expect_err("mistakes").into_iter().map(|error| error.problem).collect()
        };
        assert_eq!(
            problems("", "home"),
            [FixedAddressError::Missing.into(), FixedAddressError::Shape.into()]
        );
        assert_eq!(
            problems("2003:e1::7", "fd00::1"),
            [
                FixedAddressError::Shape.into(),
                FixedAddressError::Unpublishable { why: Unpublishable::UniqueLocal }.into()
            ]
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
        let problem = WebAddressError::NotEncrypted.into();
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
}
