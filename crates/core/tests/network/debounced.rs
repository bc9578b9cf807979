//! Debouncing: a burst is one change, and a reading of the network is a change where something differs.

use dyntray_core::assess::Assessment;
use dyntray_core::assess::home::HomeStatus;
use dyntray_core::record::{Event, SecretPresence};
use dyntray_core::settings::Records;
use dyntray_core::settings::form::AddressChoice;
use dyntray_core::state::entry::{EntryState, Published};
use dyntray_core::state::{Debounce, NetworkReading, State};
use dyntray_core::types::address::Family;
use dyntray_core::types::backoff::{LONGEST_BURST, debounce_time};
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::network::{IdentityKind, Network, NetworkId};
use jiff::{SignedDuration, Timestamp};

use crate::assessed::record;
use crate::told::{
    DEPRECATED_TEMPORARY, NOW, STABLE, WEB4, address, home, known, network, read, settings, state, told,
};

fn after(before: State, event: Event) -> State {
    record(before, &settings(AddressChoice::Web, Records::Both, |_| {}), event, NOW).state
}

fn with(debounce: Debounce) -> State {
    State { debounce, ..state(Vec::new(), read(home())) }
}

fn ago(seconds: i64) -> Timestamp {
    NOW - SignedDuration::from_secs(seconds)
}

#[test]
fn a_burst_goes_on_until_its_quiet_time_is_over_and_counts_for_ten_minutes() {
    let first = after(with(Debounce::default()), Event::ChangeReported).debounce;
    assert_eq!((first.began, first.recent.as_slice()), (Some(NOW), [NOW].as_slice()));
    assert_eq!(first.until, Some(NOW + debounce_time(1)));

    let goes_on =
        Debounce { began: Some(ago(1)), until: Some(ago(-1)), recent: vec![ago(1)], ..Debounce::default() };
    let one = after(with(goes_on.clone()), Event::ChangeReported).debounce;
    assert_eq!((one.began, one.recent.as_slice()), (Some(ago(1)), [ago(1)].as_slice()), "it is one burst");
    assert_eq!(one.until, Some((NOW + debounce_time(1)).min(ago(1) + LONGEST_BURST.max(debounce_time(1)))));
    let over = Debounce { until: Some(NOW), ..goes_on.clone() };
    assert_eq!(after(with(over), Event::ChangeReported).debounce.recent, [ago(1), NOW], "it is another one");
    // A burst that never ends is followed in the end.
    let long = Debounce { began: Some(NOW - LONGEST_BURST), ..goes_on };
    assert_eq!(
        after(with(long), Event::ChangeReported).debounce.until,
        Some(NOW - LONGEST_BURST + LONGEST_BURST.max(debounce_time(1)))
    );

    let old = Debounce { recent: vec![ago(601), ago(600), ago(599), ago(-1)], ..Debounce::default() };
    assert_eq!(after(with(old), Event::ChangeReported).debounce.recent, [ago(599), NOW]);
}

#[test]
fn a_clock_that_was_set_back_leaves_no_long_debounce_time() {
    let longest = debounce_time(20).max(LONGEST_BURST);
    let second = SignedDuration::from_secs(1);
    for (until, stays) in [
        (NOW - second, false),
        (NOW, false),
        (NOW + second, true),
        (NOW + longest, true),
        (NOW + longest + second, false),
    ] {
        let before = with(Debounce { until: Some(until), ..Debounce::default() });
        let after = after(before, Event::Tick).debounce.until;
        assert_eq!(after, stays.then_some(until), "{until}");
    }
}

/// A prefix that comes back is looked at as soon as on a quiet day, whatever flapped before it.
#[test]
fn an_address_that_comes_waits_only_for_its_own_flapping() {
    let flapping =
        || Debounce { recent: (1..20).map(|n| ago(n * 20)).rev().collect(), ..Debounce::default() };
    let bare = || network(&[("192.168.178.20", STABLE), ("2003:e1::a1b2", DEPRECATED_TEMPORARY)]);
    let seen = |before: Network, after: Network, debounce: Debounce| {
        let before = State { debounce, ..state(Vec::new(), read(before)) };
        record(
            before,
            &settings(AddressChoice::Web, Records::Both, |_| {}),
            Event::NetworkSeen(Some(after)),
            NOW,
        )
        .state
        .debounce
    };
    let quick = NOW + debounce_time(1);
    let slow = NOW + debounce_time(20);
    let back = seen(bare(), home(), flapping());
    assert_eq!((back.until, back.gains.clone()), (Some(quick), vec![NOW]));
    assert_eq!(seen(home(), bare(), flapping()).until, Some(slow), "an address that goes");
    // It ends a long wait that began before.
    let waits = || Debounce { began: Some(ago(5)), until: Some(NOW + debounce_time(20)), ..flapping() };
    assert_eq!(seen(bare(), home(), waits()).until, Some(quick));
    // Where it flaps itself it is damped like everything.
    let itself = Debounce { gains: flapping().recent, ..flapping() };
    assert_eq!(seen(bare(), home(), itself).until, Some(slow));
}

#[test]
fn a_reading_of_the_network_is_debounced_where_something_differs() {
    let id = |id: Option<&str>| {
        let mut network = home();
        network.gateway.as_mut().expect("it has one").ids =
            id.map(|id| NetworkId(id.to_owned())).into_iter().collect();
        Some(network)
    };
    let change = |change: fn(&mut Network)| {
        let mut network = home();
        change(&mut network);
        Some(network)
    };
    let gateways = change(|network| {
        network.gateway.as_mut().expect("it has one").addresses.ipv4 = "192.168.178.2".parse().ok();
    });
    let without_gateway = change(|network| network.gateway = None);
    let outgoing = change(|network| *network.outgoing.get_mut(Family::Ipv4) = None);
    let addresses = Some(network(&[("192.168.178.21", STABLE), ("2003:e1::20", STABLE)]));
    for (said, before, seen, differs) in [
        ("nothing", id(Some("home")), id(Some("home")), false),
        ("its gateway is learnt", id(None), id(Some("home")), false),
        ("its gateway isn't known any more", id(Some("home")), id(None), false),
        ("another gateway", id(Some("home")), id(Some("café")), true),
        ("another gateway's address", id(Some("home")), gateways, true),
        ("no gateway", id(Some("home")), without_gateway.clone(), true),
        ("still no gateway", without_gateway.clone(), without_gateway, false),
        ("another way out", id(Some("home")), outgoing, true),
        ("another address", id(Some("home")), addresses, true),
        ("it can't be read", id(Some("home")), None, true),
        ("it still can't", None, None, false),
        ("it can again", None, id(Some("home")), true),
    ] {
        let then = ago(3600);
        let reading = before
            .map_or(NetworkReading::Unreadable, |network| NetworkReading::Read { network, since: then });
        let after = after(state(Vec::new(), reading), Event::NetworkSeen(seen.clone()));
        assert_eq!(after.debounce.until.is_some(), differs, "{said}");
        if let NetworkReading::Read { since, .. } = after.network {
            assert_eq!(since, if differs { NOW } else { then }, "{said}");
        } else {
            assert_eq!(seen, None, "{said}");
        }
    }
}

#[test]
fn home_is_the_first_network_that_an_accepted_update_is_known_to_lead_to() {
    let id = |name: &str| NetworkId(name.to_owned());
    let learns = |lock: bool, known_homes: &[&str], tells: bool, holds: &str| {
        let answers = if tells { vec![told(WEB4, known("84.160.12.7"))] } else { Vec::new() };
        let mut before = state(answers, read(home()));
        before.homes = known_homes.iter().map(|name| id(name)).collect();
        let mut entry = EntryState::default();
        entry.published.ipv4 = Some(Published { address: address(holds), at: NOW });
        before.entries.insert(EntryId(1), entry.into());
        let settings = settings(AddressChoice::Web, Records::Ipv4, |form| form.home_lock = lock);
        record(before, &settings, Event::Tick, NOW).state.homes.contains(&id("home"))
    };
    assert!(learns(true, &[], true, "84.160.12.7"));
    assert!(!learns(true, &[], true, "84.160.12.8"), "another address is published");
    assert!(!learns(true, &[], false, "84.160.12.7"), "nothing tells where it leads");
    assert!(!learns(true, &["elsewhere"], true, "84.160.12.7"), "one home was learnt");
    assert!(!learns(false, &[], true, "84.160.12.7"), "nobody asks for the lock");
}

#[test]
fn a_routers_name_as_a_device_recognises_home_until_an_address_changes() {
    let name = NetworkId::of(IdentityKind::DeviceName, "fritz");
    let hidden = |mut network: Network| {
        network.gateway.as_mut().expect("it has one").ids.clear();
        network
    };
    let settings = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    let place = |state: &State| Assessment::of(&settings, state).home;
    let mut at = state(vec![told(WEB4, known("84.160.12.7"))], read(hidden(home())));
    at.homes.insert(name.clone());
    assert_eq!(place(&at), HomeStatus::Unrecognised);
    at = after(at, Event::IdentityTold(name));
    assert_eq!(place(&at), HomeStatus::Home);
    at = after(at, Event::NetworkSeen(Some(hidden(home()))));
    assert_eq!(place(&at), HomeStatus::Home, "the tables don't have it, and nothing changed");
    let cafe = network(&[("192.168.178.77", STABLE)]);
    at = after(at, Event::NetworkSeen(Some(hidden(cafe))));
    assert_eq!(place(&at), HomeStatus::Unrecognised, "the router of this network wasn't asked yet");
}

/// A power cut takes only observations that nobody was told of.
#[test]
fn what_was_merely_seen_is_ephemeral_until_somebody_is_told_of_it() {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    let at_home =
        || State { homes: [NetworkId("home".to_owned())].into(), ..state(Vec::new(), read(home())) };
    let is_ephemeral = |before, event| record(before, &settings, event, NOW).is_ephemeral;
    for (event, expected) in [
        (Event::Started, true),
        (Event::Tick, true),
        (Event::ChangeReported, true),
        (Event::UpdateNow, true),
        (Event::LookUpStarted(WEB4), true),
        (Event::LookUpEnded(WEB4, known("84.160.12.7")), true),
        (Event::NetworkSeen(Some(home())), true),
        (Event::DnsCheckStarted(EntryId(1)), true),
        (Event::TryAgain(EntryId(1)), false),
        (Event::Resumed, false),
        (Event::ThisIsHome, false),
        (Event::KeyringBack, false),
        (Event::SecretLookStarted(EntryId(1)), true),
        (Event::SecretLookEnded(EntryId(1), SecretPresence::Missing { keyring: None }), true),
        (Event::SecretLookEnded(EntryId(1), SecretPresence::Found), false),
        (Event::SecretGone(EntryId(1)), false),
        (Event::SettingsChanged { new_secrets: [].into() }, false),
    ] {
        assert_eq!(is_ephemeral(at_home(), event.clone()), expected, "{event:?}");
    }
    let mut elsewhere = home();
    elsewhere.gateway.as_mut().expect("it has one").ids = vec![NetworkId("café".to_owned())];
    let in_a_cafe = State { network: read(elsewhere), ..at_home() };
    let seen = Event::LookUpEnded(WEB4, known("91.3.4.5"));
    assert!(!is_ephemeral(in_a_cafe, seen), "the person was told");
}
