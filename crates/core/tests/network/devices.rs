//! Another device of the home: its IPv6 address is the home's prefix and its own part, whatever this machine's address is.

use dyntray_core::assess::Assessment;
use dyntray_core::observe::finding::{Basis, DeviceAddress, HoldReason, Outcome, Weight};
use dyntray_core::settings::form::{AddressChoice, EntryForm, Form, check};
use dyntray_core::settings::{Records, Settings};
use dyntray_core::state::State;
use dyntray_core::types::address::Family;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::network::{Interface, InterfaceKind, Prefix};

use crate::assessed::outcome;
use crate::told::{
    DEPRECATED, Life, ROUTER6, STABLE, TEMPORARY, Told, WEB4, WEB6, held, known, network, publish, read,
    settings, state, told,
};

const ID: &str = "::1a2b:3cff:fe4d:5e6f";
const NAS: &str = "2003:e1:1:2:1a2b:3cff:fe4d:5e6f";
const TEMPORARY_ADDRESS: &str = "2003:e1:1:2::a1b2";

fn of(device: &str, from: AddressChoice) -> Settings {
    settings(from, Records::Both, |form| device.clone_into(&mut form.entries[0].device))
}

fn nas() -> Settings {
    of(ID, AddressChoice::Webresolver)
}

fn ipv6(settings: &Settings, state: &State) -> Outcome {
    outcome(settings, state, &settings.entries[0], Family::Ipv6)
}

/// A state in which the router tells that the home was given this prefix.
fn delegated(prefix: &str, told: Vec<Told>, addresses: &[(&str, Life)]) -> State {
    let mut state = state(told, read(network(addresses)));
    let (base, length) = prefix.split_once('/').expect("a prefix");
    let prefix = Prefix::of(base.parse().expect("an address"), length.parse().expect("a length"));
    let router = state.sources.entry(ROUTER6).or_default();
    router.note_prefix(Some(prefix));
    router.note_prefix(Some(prefix));
    state
}

#[test]
fn a_devices_address_is_the_homes_prefix_and_its_own_part() {
    let state = state(
        vec![told(WEB4, known("84.160.12.7")), told(WEB6, known(TEMPORARY_ADDRESS))],
        read(network(&[(TEMPORARY_ADDRESS, TEMPORARY), ("2003:e1:1:2::20", STABLE)])),
    );
    let settings = nas();
    assert_eq!(ipv6(&settings, &state), publish(NAS, Basis::HomePrefix));
    let ipv4 = outcome(&settings, &state, &settings.entries[0], Family::Ipv4);
    assert_eq!(ipv4.address().map(|a| a.to_string()), Some("84.160.12.7".to_owned()), "the line's");

    let assessment = Assessment::of(&settings, &state);
    let why = assessment.kind(&settings.entries[0]).explanations.ipv6.clone().expect("it keeps IPv6");
    let prefix = Prefix::of("2003:e1:1:2::".parse().expect("an address"), 64);
    let parts = DeviceAddress {
        prefix,
        id: ID.parse().expect("an identifier"),
        address: NAS.parse().expect("an address"),
    };
    assert_eq!(why.device, Some(parts));
    assert_eq!(why.said[0].weight, Weight::Taken, "the web resolver saw an address in that prefix");
}

#[test]
fn a_machine_with_temporary_addresses_alone_still_knows_the_homes_prefix() {
    let seen = || vec![told(WEB6, known(TEMPORARY_ADDRESS))];
    let temporary = state(seen(), read(network(&[(TEMPORARY_ADDRESS, TEMPORARY)])));
    assert_eq!(ipv6(&nas(), &temporary), publish(NAS, Basis::HomePrefix));
    let own = of("", AddressChoice::Webresolver);
    assert_eq!(
        ipv6(&own, &temporary),
        held(TEMPORARY_ADDRESS, HoldReason::NoStableAddress),
        "its own isn't lasting"
    );
}

#[test]
fn a_prefix_that_ends_or_that_nobody_confirms_is_nobodys_address() {
    let no_prefix = Outcome::Held { address: None, hold: HoldReason::NoPrefix };
    let seen = || vec![told(WEB6, known(TEMPORARY_ADDRESS))];
    let ending = state(seen(), read(network(&[(TEMPORARY_ADDRESS, DEPRECATED)])));
    assert_eq!(ipv6(&nas(), &ending), no_prefix);
    let beside = [(TEMPORARY_ADDRESS, DEPRECATED), ("2003:e1:1:3::20", STABLE)];
    assert_eq!(ipv6(&nas(), &state(seen(), read(network(&beside)))), no_prefix, "the old prefix was seen");
    let vpn = state(vec![told(WEB6, known("2a02:8109::9"))], read(network(&[("2003:e1:1:2::20", STABLE)])));
    let held = Outcome::Held { address: None, hold: HoldReason::Conflict };
    assert_eq!(ipv6(&nas(), &vpn), held, "something is in between");
}

#[test]
fn a_routers_own_address_outside_the_home_leads_to_no_device_there() {
    let router = "2003:e1:ff:1::1";
    let at_router = || vec![Told { looks: 2, ..told(ROUTER6, known(router)) }];
    let one = state(at_router(), read(network(&[("2003:e1:1:2::20", STABLE)])));
    assert_eq!(ipv6(&of(ID, AddressChoice::Router), &one), publish(NAS, Basis::HomePrefix));
    let two = [("2003:e1:1:2::20", STABLE), ("2003:e1:1:3::20", STABLE)];
    let no_prefix = Outcome::Held { address: None, hold: HoldReason::NoPrefix };
    assert_eq!(ipv6(&of(ID, AddressChoice::Router), &state(at_router(), read(network(&two)))), no_prefix);
    let told_which = delegated("2003:e1:1:200::/64", at_router(), &two);
    assert_eq!(ipv6(&of(ID, AddressChoice::Router), &told_which), no_prefix, "another prefix than either");
    let told_which = delegated("2003:e1:1:2::/64", at_router(), &two);
    assert_eq!(ipv6(&of(ID, AddressChoice::Router), &told_which), publish(NAS, Basis::HomePrefix));
}

#[test]
fn a_device_in_another_network_of_the_home_needs_the_prefix_that_the_router_was_given() {
    let in_guests = of("::12:1a2b:3cff:fe4d:5e6f", AddressChoice::Webresolver);
    let own = [("2003:e1:1:2300::20", STABLE)];
    let seen = || vec![told(WEB6, known("2003:e1:1:2300::20"))];
    let no_prefix = Outcome::Held { address: None, hold: HoldReason::NoPrefix };
    assert_eq!(ipv6(&in_guests, &state(seen(), read(network(&own)))), no_prefix, "the router tells none");
    let guest = publish("2003:e1:1:2312:1a2b:3cff:fe4d:5e6f", Basis::HomePrefix);
    assert_eq!(ipv6(&in_guests, &delegated("2003:e1:1:2300::/56", seen(), &own)), guest);
    for other in ["2003:e1:1:2300::/60", "2003:e1:1:4400::/56"] {
        assert_eq!(ipv6(&in_guests, &delegated(other, seen(), &own)), no_prefix, "{other}");
    }
}

#[test]
fn a_prefix_that_the_router_told_once_or_that_the_line_had_before_leads_to_no_device_in_another_network() {
    let in_guests = of("::12:1a2b:3cff:fe4d:5e6f", AddressChoice::Webresolver);
    let no_prefix = Outcome::Held { address: None, hold: HoldReason::NoPrefix };
    let own = [("2003:e1:1:2300::20", STABLE)];
    let seen = || vec![told(WEB6, known("2003:e1:1:2300::20"))];
    let mut once = state(seen(), read(network(&own)));
    let prefix = Prefix::of("2003:e1:1::".parse().expect("an address"), 48);
    once.sources.entry(ROUTER6).or_default().note_prefix(Some(prefix));
    assert_eq!(ipv6(&in_guests, &once), no_prefix, "one answer may be forged");
    let ending = delegated("2003:e1:1:2300::/56", seen(), &[("2003:e1:1:2300::20", DEPRECATED)]);
    assert_eq!(ipv6(&in_guests, &ending), no_prefix, "it ends soon");
    let both = [("2003:e1:7:9900::20", STABLE), ("2003:e1:1:2300::20", STABLE)];
    let seen = vec![told(WEB6, known("2003:e1:7:9900::20"))];
    let before = delegated("2003:e1:1:2300::/56", seen, &both);
    assert_eq!(ipv6(&in_guests, &before), no_prefix, "the line has another one now");
}

#[test]
fn a_dialled_lines_own_prefix_is_not_the_homes() {
    let mut home = network(&[("2003:e1:1:2::1", STABLE)]);
    let line = Interface {
        name: "ppp0".to_owned(),
        kind: InterfaceKind::Dialled,
        ..network(&[("2003:e1:ff:1::9", STABLE)]).interfaces.remove(0)
    };
    home.interfaces.insert(0, line);
    let state = state(vec![told(WEB6, known("2003:e1:ff:1::9"))], read(home));
    assert_eq!(ipv6(&nas(), &state), publish(NAS, Basis::HomePrefix));
}

#[test]
fn a_simulated_lines_prefix_is_taken_as_it_is() {
    let mut form = Form { resolver_ipv6: "http://127.0.0.1:8245/checkip6".to_owned(), ..Form::default() };
    form.entries.push(EntryForm {
        id: Some(EntryId(1)),
        hostname: "nas.spdns.de".to_owned(),
        protocol: Records::Ipv6,
        device: ID.to_owned(),
        ..EntryForm::default()
    });
    let settings = check(&form).expect("a valid form");
    let state = state(vec![told(WEB6, known("2a02:8109::9"))], read(network(&[("2003:e1:1:2::20", STABLE)])));
    assert_eq!(ipv6(&settings, &state), publish("2a02:8109::1a2b:3cff:fe4d:5e6f", Basis::HomePrefix));
}

#[test]
fn entries_for_two_devices_are_two_kinds_and_a_change_of_the_prefix_moves_both() {
    let settings = settings(AddressChoice::Webresolver, Records::Ipv6, |form| {
        let second = EntryForm {
            id: Some(EntryId(2)),
            hostname: "camera.spdns.de".to_owned(),
            device: "::7".to_owned(),
            ..form.entries[0].clone()
        };
        ID.clone_into(&mut form.entries[0].device);
        form.entries.push(second);
    });
    for prefix in ["2003:e1:1:2", "2003:e1:7:9"] {
        let own = format!("{prefix}::20");
        let state = state(vec![told(WEB6, known(&own))], read(network(&[(&own, STABLE)])));
        let of = |at: usize| outcome(&settings, &state, &settings.entries[at], Family::Ipv6);
        assert_eq!(of(0), publish(&format!("{prefix}:1a2b:3cff:fe4d:5e6f"), Basis::HomePrefix));
        assert_eq!(of(1), publish(&format!("{prefix}::7"), Basis::HomePrefix));
    }
}
