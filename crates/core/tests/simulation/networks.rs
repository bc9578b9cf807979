//! The right address, and the diagnoses: routers, VPNs, cafés, prefixes, name servers, one story each.

use dyntray_core::observe::dns::{DnsProblem, Live};
use dyntray_core::observe::finding::{Basis, HoldReason, Outcome, Weight};
use dyntray_core::present::diagnose::Diagnosis;
use dyntray_core::present::{Mood, NextWhy, Status};
use dyntray_core::settings::Records;
use dyntray_core::settings::form::{AddressChoice, EntryForm, Form, OWN_URL};
use dyntray_core::state::notice::Cause;
use dyntray_core::types::address::Family;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::source::{Origin, Source};

use crate::world::line::{Line, Router, Telling, Whereabouts};
use crate::world::{DAY, HOUR, MINUTE, World, ip};

const SPDYN: &str = "update.spdyn.de";
const HOME: &str = "home.spdns.de";
const NONE: [&Cause; 0] = [];

fn entry(protocol: Records) -> EntryForm {
    EntryForm { hostname: HOME.to_owned(), protocol, ..EntryForm::default() }
}

/// A home behind a router that reports the truth, up and running.
fn home(protocol: Records) -> World {
    let mut line = Line::with(Some(ip("84.160.12.7")), Some(ip("2003:e1::7")));
    line.router = Router::Truth;
    line.whereabouts = Whereabouts::At("home");
    let mut world = World::new(line, vec![entry(protocol)]);
    world.run(30);
    assert_eq!((world.sent.len(), world.status(1)), (1, Status::Fine));
    world
}

fn new_address(world: &mut World) {
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
}

fn outcome(world: &World, family: Family) -> Outcome {
    let families = world.snapshot().entries.remove(0).families;
    families
        .into_iter()
        .find(|seen| seen.family == family)
        .expect("a family that it keeps")
        .why
        .outcome
        .clone()
}

fn live(world: &World) -> Live {
    world.snapshot().entries.remove(0).families.remove(0).live
}

#[test]
fn the_routers_word_leads_to_an_update_within_seconds() {
    let mut world = home(Records::Ipv4);
    world.run(HOUR);
    new_address(&mut world);
    world.report_change();
    world.run(3);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8"]);
    let expected = Basis::TwoSources;
    assert!(matches!(outcome(&world, Family::Ipv4), Outcome::Publish { basis, .. } if basis == expected));
}

#[test]
fn a_reconnect_weighs_each_family_once_a_change_and_never_without_one() {
    let mut world = home(Records::Both);
    world.run(HOUR);
    let before = world.weighings();
    new_address(&mut world);
    world.report_change();
    world.run(30);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8,2003:e1::7"]);
    let (weighed, changed) = (world.weighings().0 - before.0, world.weighings().1 - before.1);
    println!("{changed} changes of what is known, {weighed} weighings of a family");
    assert_eq!(weighed, 2 * changed, "two families each time");
    let quiet = world.weighings();
    world.snapshot();
    world.run(30);
    assert_eq!(world.weighings(), quiet, "nothing was learnt, nothing is weighed");
}

#[test]
fn without_its_word_the_router_is_asked_every_minute_and_the_web_resolver_is_not() {
    let mut world = home(Records::Ipv4);
    let before = world.look_ups;
    world.run(DAY);
    assert!(world.look_ups - before <= 24 * 6, "{} look-ups a day", world.look_ups - before);
    new_address(&mut world);
    world.run(75);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8"]);
}

#[test]
fn a_router_that_lies_changes_nothing() {
    let mut world = home(Records::Ipv4);
    for lie in ["84.160.12.9", "192.168.1.2", "100.64.1.2", "0.0.0.0", "127.0.0.1", "not an address"] {
        world.line.router = Router::Says(lie);
        world.report_change();
        world.run(HOUR);
        assert_eq!(world.sent.len(), 1, "{lie}");
    }
    world.line.router = Router::Says("84.160.12.9");
    world.run(HOUR);
    assert_eq!(world.status(1), Status::Held { hold: HoldReason::Conflict });
    assert!(world.snapshot().diagnoses.contains(&Diagnosis::Vpn));
    let said = &world.snapshot().entries.remove(0).families.remove(0).why.said;
    let weights: Vec<_> = said.iter().map(|said| (said.origin, said.weight)).collect();
    assert_eq!(weights, [(Origin::WebResolver, Weight::Differs), (Origin::Router, Weight::Differs)]);
    world.line.router = Router::Truth;
    world.run(5 * MINUTE);
    assert_eq!((world.status(1), world.sent.len()), (Status::Fine, 1));
}

#[test]
fn a_router_alone_is_believed_at_the_second_look() {
    let mut world = home(Records::Ipv4);
    world.line.source_tells(Source::web_resolver(Family::Ipv4), Telling::Text("<html>"));
    world.run(HOUR);
    assert_eq!(world.status(1), Status::Fine, "the address that is published needs no second source");
    new_address(&mut world);
    world.report_change();
    world.run(2);
    assert_eq!(world.sent.len(), 1);
    assert_eq!(world.status(1), Status::Held { hold: HoldReason::Unconfirmed });
    assert_eq!(world.snapshot().entries[0].next.map(|next| next.why), Some(NextWhy::SecondLook));
    world.run(10);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8"]);
}

#[test]
fn another_web_resolver_is_asked_only_in_need_and_needs_a_second_source() {
    let line = Line::with(Some(ip("84.160.12.7")), None);
    let mut world = World::new(line, vec![entry(Records::Ipv4)]);
    world.edit(|form| form.fall_backs = Form::default().fall_backs);
    world.run(HOUR);
    let asked = |world: &World, number| {
        let said = &world.snapshot().entries[0].families[0].why.said;
        said.iter().any(|said| said.origin == Origin::FallBack { number })
    };
    assert!(!asked(&world, 0), "the first one tells");
    world.line.source_tells(Source::web_resolver(Family::Ipv4), Telling::Silence);
    world.line.source_tells(Source::fall_back(0, Family::Ipv4), Telling::Text("91.3.4.5"));
    world.run(HOUR);
    assert!(asked(&world, 0) && asked(&world, 1));
    world.line.source_tells(Source::fall_back(0, Family::Ipv4), Telling::Truth);
    new_address(&mut world);
    world.run(12 * MINUTE);
    assert_eq!(world.requests().last().map(String::as_str), Some("home.spdns.de 84.160.12.8"));
}

#[test]
fn a_shared_address_is_named_and_held_and_ipv6_goes_out() {
    for router in ["100.64.5.6", "192.0.0.2", "0.0.0.0"] {
        let mut line = Line::with(Some(ip("80.187.1.1")), Some(ip("2003:e1::7")));
        line.router = Router::Says(router);
        let mut world = World::new(line, vec![entry(Records::Both)]);
        world.run(MINUTE);
        assert_eq!(world.requests(), ["home.spdns.de 2003:e1::7"], "{router}");
        assert_eq!(outcome(&world, Family::Ipv4).hold(), Some(HoldReason::Shared));
        assert_eq!(world.snapshot().diagnoses, [Diagnosis::SharedAddress { ipv6: true }]);
        assert_eq!(world.status(1), Status::Fine);
        world.edit(|form| form.publish_shared = true);
        world.run(MINUTE);
        assert_eq!(world.requests()[1..], ["home.spdns.de 80.187.1.1,2003:e1::7"]);
    }
}

#[test]
fn a_router_behind_a_router_is_named_and_the_address_goes_out() {
    let mut line = Line::with(Some(ip("84.160.12.7")), None);
    line.router = Router::Says("192.168.1.2");
    let mut world = World::new(line, vec![entry(Records::Ipv4)]);
    world.run(MINUTE);
    assert_eq!(world.requests(), ["home.spdns.de 84.160.12.7"]);
    assert_eq!(world.snapshot().diagnoses, [Diagnosis::DoubleNat]);
}

#[test]
fn a_vpn_holds_what_it_leads_to_unless_the_person_wants_it() {
    let mut world = home(Records::Ipv4);
    world.line.vpn = Some(ip("45.80.1.9"));
    world.run(HOUR);
    assert_eq!((world.sent.len(), world.status(1)), (1, Status::Held { hold: HoldReason::Vpn }));
    assert!(world.snapshot().diagnoses.contains(&Diagnosis::Vpn));
    world.line.vpn = None;
    world.run(MINUTE);
    assert_eq!((world.sent.len(), world.status(1)), (1, Status::Fine));
    world.line.vpn = Some(ip("45.80.1.9"));
    world.edit(|form| form.publish_vpn = true);
    world.run(MINUTE);
    assert_eq!(world.requests()[1..], ["home.spdns.de 45.80.1.9"]);
}

#[test]
fn in_a_cafe_nothing_is_published_until_the_person_says_so() {
    let mut world = home(Records::Both);
    world.line.whereabouts = Whereabouts::At("café");
    world.line.set(Family::Ipv4, Some(ip("91.3.4.5")));
    world.line.set(Family::Ipv6, Some(ip("2a02:8109::1")));
    world.run(3 * DAY);
    assert_eq!((world.sent.len(), world.status(1)), (1, Status::Held { hold: HoldReason::Elsewhere }));
    assert_eq!(world.complaints(), [&Cause::Elsewhere], "it is told once");
    assert_eq!(world.snapshot().diagnoses, [Diagnosis::Elsewhere]);
    world.restart();
    world.run(HOUR);
    assert_eq!((world.sent.len(), world.complaints().len()), (1, 1));
    world.this_is_home();
    world.run(MINUTE);
    assert_eq!(world.requests()[1..], ["home.spdns.de 91.3.4.5,2a02:8109::1"]);
    world.line.whereabouts = Whereabouts::At("home");
    world.run(HOUR);
    assert_eq!(world.status(1), Status::Fine, "both are home");
}

#[test]
fn another_router_at_homes_provider_is_asked_about_as_a_new_one() {
    for (ipv4, ipv6, expected) in [
        (Some("84.160.99.7"), None, Cause::NewRouter),
        (Some("84.161.99.7"), None, Cause::Elsewhere),
        (None, Some("2003:e1:99::1"), Cause::NewRouter),
        (None, Some("2a02:8109::1"), Cause::Elsewhere),
    ] {
        let mut world = home(Records::Both);
        world.line.whereabouts = Whereabouts::At("another");
        world.line.set(Family::Ipv4, ipv4.map(ip));
        world.line.set(Family::Ipv6, ipv6.map(ip));
        world.run(HOUR);
        assert_eq!((world.sent.len(), world.complaints()), (1, vec![&expected]));
        assert_eq!(world.snapshot().mood, Mood::Paused);
        world.this_is_home();
        world.run(MINUTE);
        assert_eq!((world.sent.len(), world.status(1)), (2, Status::Fine));
    }
}

#[test]
fn a_network_that_cant_be_recognised_is_asked_about_once_and_all_such_networks_are_home_then() {
    let mut world = home(Records::Ipv4);
    world.line.whereabouts = Whereabouts::Hidden;
    world.line.set(Family::Ipv4, Some(ip("84.160.99.7")));
    world.run(3 * DAY);
    assert_eq!((world.sent.len(), world.status(1)), (1, Status::Held { hold: HoldReason::Unrecognised }));
    assert_eq!(world.complaints(), [&Cause::Unrecognised], "it is told once");
    assert_eq!(world.snapshot().diagnoses, [Diagnosis::Unrecognised]);
    world.this_is_home();
    world.run(MINUTE);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.99.7"]);
    assert_eq!(world.snapshot().homes, 2);
    // One that can be recognised is another network as before.
    world.line.whereabouts = Whereabouts::At("café");
    world.line.set(Family::Ipv4, Some(ip("91.3.4.5")));
    world.run(HOUR);
    assert_eq!(world.status(1), Status::Held { hold: HoldReason::Elsewhere });
}

#[test]
fn a_cable_that_is_out_is_no_other_network() {
    let mut world = home(Records::Both);
    world.line.is_up = false;
    world.line.whereabouts = Whereabouts::Nameless;
    world.run(HOUR);
    assert_eq!(world.complaints(), NONE);
    assert!(!world.snapshot().diagnoses.contains(&Diagnosis::Elsewhere));
    world.line.is_up = true;
    world.run(MINUTE);
    assert_eq!(world.complaints(), [&Cause::NewRouter], "a way out that nothing is known of");
    world.line.whereabouts = Whereabouts::At("home");
    world.run(MINUTE);
    assert_eq!((world.status(1), world.sent.len()), (Status::Fine, 1));
}

#[test]
fn without_the_lock_a_laptop_takes_the_name_along() {
    let mut world = home(Records::Ipv4);
    world.edit(|form| form.home_lock = false);
    world.line.whereabouts = Whereabouts::At("café");
    world.line.set(Family::Ipv4, Some(ip("91.3.4.5")));
    world.run(HOUR);
    assert_eq!(world.requests()[1..], ["home.spdns.de 91.3.4.5"]);
    assert_eq!(world.complaints(), NONE);
}

#[test]
fn the_lasting_address_is_published_and_never_the_temporary_one() {
    let mut line = Line::with(None, Some(ip("2003:e1::7")));
    line.temporary = Some(ip("2003:e1::bad"));
    let mut world = World::new(line, vec![entry(Records::Ipv6)]);
    world.run(MINUTE);
    assert_eq!(world.requests(), ["home.spdns.de 2003:e1::7"]);
    let expected = Basis::StableOfPrefix;
    assert!(matches!(outcome(&world, Family::Ipv6), Outcome::Publish { basis, .. } if basis == expected));
    for day in 0..5 {
        world.line.temporary = Some(ip(&format!("2003:e1::bad:{day}")));
        world.run(DAY);
    }
    assert_eq!(world.sent.len(), 1, "a new temporary address is no change");
}

#[test]
fn a_name_of_another_device_follows_the_prefix_in_one_request_and_never_this_machines_addresses() {
    let mut line = Line::with(Some(ip("84.160.12.7")), Some(ip("2003:e1::7")));
    line.temporary = Some(ip("2003:e1::bad"));
    let nas = EntryForm { device: "::1a2b:3cff:fe4d:5e6f".to_owned(), ..entry(Records::Both) };
    let mut world = World::new(line, vec![nas]);
    world.run(MINUTE);
    assert_eq!(world.requests(), ["home.spdns.de 84.160.12.7,2003:e1::1a2b:3cff:fe4d:5e6f"]);
    world.line.temporary = Some(ip("2003:e1::bad:1"));
    world.run(DAY);
    world.line.temporary = Some(ip("2003:e1:5::bad"));
    world.line.set(Family::Ipv6, Some(ip("2003:e1:5::7")));
    world.run(5);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.7,2003:e1:5:0:1a2b:3cff:fe4d:5e6f"]);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.run(HOUR);
    assert_eq!(world.requests()[2..], ["home.spdns.de 84.160.12.8,2003:e1:5:0:1a2b:3cff:fe4d:5e6f"]);
    assert_eq!(world.complaints(), NONE);
}

#[test]
fn a_new_prefix_is_followed_at_once_and_once() {
    let mut world = home(Records::Both);
    world.run(HOUR);
    world.line.set(Family::Ipv6, Some(ip("2003:e1:5::7")));
    world.run(5);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.7,2003:e1:5::7"]);
}

#[test]
fn a_burst_of_changes_is_one_update() {
    let mut world = home(Records::Both);
    world.run(HOUR);
    for number in 1..=5 {
        world.line.set(Family::Ipv6, Some(ip(&format!("2003:e1:{number}::7"))));
        world.line.set(Family::Ipv4, Some(ip(&format!("84.160.13.{number}"))));
        world.report_change();
        world.run(0);
        world.report_change();
    }
    world.run(10);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.13.5,2003:e1:5::7"]);
}

#[test]
fn an_address_that_keeps_changing_is_sent_less_and_less_often() {
    let mut world = home(Records::Ipv4);
    for minute in 0..60 {
        world.line.set(Family::Ipv4, Some(ip(&format!("84.160.13.{minute}"))));
        world.report_change();
        world.run(MINUTE);
    }
    assert!((5..=12).contains(&world.sent.len()), "{} requests in an hour", world.sent.len());
    world.run(HOUR);
    assert_eq!(world.requests().last().map(String::as_str), Some("home.spdns.de 84.160.13.59"));
}

#[test]
fn an_update_is_seen_live_and_then_looked_at_now_and_then() {
    let mut world = home(Records::Ipv4);
    assert!(matches!(live(&world), Live::Live { .. }));
    let before = world.dns_checks;
    world.run(4 * DAY);
    assert!((12..=16).contains(&(world.dns_checks - before)), "{} checks", world.dns_checks - before);
}

#[test]
fn somebody_elses_address_is_told_once_and_set_right_once() {
    let mut world = home(Records::Ipv4);
    world.somebody_changes(0, ip("91.3.4.77"));
    world.run(8 * HOUR);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.7"]);
    assert_eq!(world.complaints(), [&Cause::ChangedElsewhere { there: "91.3.4.77".into() }]);
    assert_eq!(world.status(1), Status::Fine);
    world.somebody_changes(0, ip("91.3.4.78"));
    world.run(30 * DAY);
    assert_eq!((world.sent.len(), world.status(1)), (2, Status::ChangedElsewhere), "never a loop");
    assert_eq!(world.complaints().len(), 1);
    world.update_now();
    world.run(2 * MINUTE);
    assert_eq!((world.sent.len(), world.status(1)), (3, Status::Fine), "a person may ask for one more");
}

#[test]
fn the_repair_of_one_record_never_repeats_the_other_one() {
    let mut world = home(Records::Both);
    world.somebody_changes(0, ip("2001:9e8::77"));
    world.line.set(Family::Ipv6, None);
    world.report_change();
    world.run(DAY);
    assert_eq!(world.sent.len(), 1, "there is nothing to set it right with");
    assert_eq!(world.complaints(), [&Cause::ChangedElsewhere { there: "2001:9e8::77".into() }]);
    world.line.set(Family::Ipv6, Some(ip("2003:e1::7")));
    world.report_change();
    world.run(DAY);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.7,2003:e1::7"]);
    assert_eq!(world.status(1), Status::Fine);
}

#[test]
fn where_a_service_takes_one_address_a_request_each_foreign_record_has_its_own_repair() {
    let own = EntryForm {
        provider: OWN_URL.into(),
        update_url: "update.spdyn.de/nic/update?hostname={host}&myip={ip}".into(),
        ..entry(Records::Both)
    };
    let line = Line::with(Some(ip("84.160.12.7")), Some(ip("2003:e1::7")));
    let mut world = World::new(line, vec![own]);
    world.run(HOUR);
    assert_eq!(world.requests(), ["home.spdns.de 84.160.12.7", "home.spdns.de 2003:e1::7"]);
    world.somebody_changes(0, ip("91.3.4.77"));
    world.somebody_changes(0, ip("2001:9e8::77"));
    world.run(DAY);
    assert_eq!(world.requests()[2..], ["home.spdns.de 84.160.12.7", "home.spdns.de 2003:e1::7"]);
    assert_eq!(world.complaints(), [&Cause::ChangedElsewhere { there: "91.3.4.77".into() }]);
    assert_eq!(world.status(1), Status::Fine);
    world.somebody_changes(0, ip("2001:9e8::78"));
    world.run(30 * DAY);
    assert_eq!((world.sent.len(), world.status(1)), (4, Status::ChangedElsewhere), "never a loop");
}

#[test]
fn name_servers_that_fall_silent_confirm_no_foreign_record() {
    let mut world = home(Records::Ipv4);
    world.somebody_changes(0, ip("91.3.4.77"));
    while !matches!(live(&world), Live::Foreign { .. }) {
        world.run(MINUTE / 4);
    }
    world.port_53_is_blocked = true;
    let checks = world.dns_checks;
    world.run(30 * DAY);
    assert!(world.dns_checks - checks <= 4 * 30 + 12, "{} checks", world.dns_checks - checks);
    assert_eq!((world.sent.len(), world.complaints().len()), (1, 0), "one look is no proof");
    world.port_53_is_blocked = false;
    world.run(DAY);
    assert_eq!((world.sent.len(), world.complaints().len()), (2, 1));
}

#[test]
fn an_update_that_is_accepted_while_name_servers_are_asked_has_them_asked_again_afterwards() {
    let mut world = home(Records::Ipv4);
    for number in 1..=60 {
        world.server(SPDYN).mood = crate::world::service::Mood::Slow(number % 4);
        world.line.set(Family::Ipv4, Some(ip(&format!("84.160.13.{number}"))));
        world.report_change();
        world.update_now();
        world.run(1 + number % 3);
    }
    world.run(HOUR);
    assert!(matches!(live(&world), Live::Live { .. }));
    assert_eq!(world.complaints(), NONE);
}

#[test]
fn a_blocked_port_53_is_no_verdict() {
    let mut world = home(Records::Ipv4);
    world.port_53_is_blocked = true;
    new_address(&mut world);
    world.report_change();
    world.run(30 * DAY);
    assert_eq!(live(&world), Live::CantVerify { why: DnsProblem::NoAnswer });
    assert_eq!((world.sent.len(), world.status(1)), (2, Status::Fine));
    assert_eq!(world.complaints(), NONE);
}

#[test]
fn a_blocked_port_53_costs_four_checks_a_day_as_when_all_is_fine() {
    for port_53_is_blocked in [false, true] {
        let mut world = home(Records::Ipv4);
        world.port_53_is_blocked = port_53_is_blocked;
        new_address(&mut world);
        world.report_change();
        world.run(HOUR);
        assert!(world.dns_checks <= 4, "{} checks of two updates", world.dns_checks);
        let before = world.dns_checks;
        world.run(30 * DAY);
        let checks = world.dns_checks - before;
        assert!((105..=120).contains(&checks), "{checks} checks, blocked: {port_53_is_blocked}");
    }
}

#[test]
fn of_many_host_names_few_are_checked_at_a_time_and_every_one_is() {
    let named = |number| EntryForm { hostname: format!("home{number}.spdns.de"), ..entry(Records::Ipv4) };
    let mut line = Line::with(Some(ip("84.160.12.7")), None);
    line.router = Router::Truth;
    let mut world = World::new(line, (0..60).map(named).collect());
    world.run(10 * MINUTE);
    let is_live = |number| {
        let families = world.snapshot().entries.remove(number).families;
        families.iter().all(|family| matches!(family.live, Live::Live { .. }))
    };
    assert_eq!((0..60).filter(|number| is_live(*number)).count(), 60);
    // The world itself counts those at a time.
    let checks = world.dns_checks;
    world.update_now();
    world.run(10 * MINUTE);
    assert_eq!(world.dns_checks - checks, 60);
}

#[test]
fn a_request_whose_answer_never_came_is_no_somebody_else() {
    let mut world = home(Records::Ipv4);
    world.server(SPDYN).mood = crate::world::service::Mood::Silent(crate::world::service::CarriedOut::Yes);
    new_address(&mut world);
    world.run(8 * HOUR);
    let told = |cause: &&Cause| matches!(cause, Cause::ChangedElsewhere { .. });
    assert_eq!(world.complaints().iter().filter(|cause| told(cause)).count(), 0);
}

#[test]
fn no_way_out_is_no_internet() {
    let mut world = home(Records::Both);
    world.line.is_up = false;
    world.run(MINUTE);
    assert_eq!(world.snapshot().diagnoses, [Diagnosis::NoInternet]);
    world.line.is_up = true;
    world.run(MINUTE);
    assert_eq!((world.snapshot().diagnoses.len(), world.status(1)), (0, Status::Fine));
}

#[test]
fn an_ipv6_only_line_is_named() {
    let line = Line::with(None, Some(ip("2003:e1::7")));
    let mut world = World::new(line, vec![entry(Records::Both)]);
    world.run(MINUTE);
    assert_eq!(world.requests(), ["home.spdns.de 2003:e1::7"]);
    assert_eq!(world.snapshot().diagnoses, [Diagnosis::Ipv6Only]);
}

#[test]
fn a_fixed_address_goes_out_and_nobody_is_asked() {
    let fixed = EntryForm {
        address_from: AddressChoice::Fixed,
        fixed_ipv4: "84.160.99.1".into(),
        ..entry(Records::Ipv4)
    };
    let mut world = World::new(Line::with(Some(ip("84.160.12.7")), None), vec![fixed]);
    world.run(DAY);
    assert_eq!((world.requests(), world.look_ups), (vec!["home.spdns.de 84.160.99.1".to_owned()], 0));
}

#[test]
fn every_request_is_remembered_with_its_reasons() {
    let world = home(Records::Both);
    let item = &world.history[0];
    assert_eq!(item.entry, EntryId(1));
    let families: Vec<_> = item.why.iter().map(|why| why.family).collect();
    assert_eq!(families, Family::BOTH);
    assert!(
        item.why.iter().all(|why| matches!(why.outcome, Outcome::Publish { .. }) && !why.said.is_empty())
    );
}

#[test]
fn after_an_hours_sleep_the_new_address_goes_out_within_seconds() {
    let mut world = home(Records::Ipv4);
    world.sleep(HOUR);
    new_address(&mut world);
    world.report_change();
    world.run(5);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8"]);
}

/// A power cut takes answers that weren't on disk yet. Until the source is asked again, its older answer is the last
/// one.
#[test]
fn an_answer_that_a_power_cut_took_is_asked_for_again() {
    let mut line = Line::with(Some(ip("84.160.12.7")), Some(ip("2003:e1::7")));
    line.is_dialled_here = true;
    let mut world = World::new(line, vec![entry(Records::Both)]);
    world.run(1);
    world.line.set(Family::Ipv4, None);
    world.run(4);
    world.restart();
    world.run(1);
    world.line.set(Family::Ipv6, Some(ip("2003:e1::8")));
    world.run(12 * MINUTE);
    assert_eq!(world.status(1), Status::Fine);
    assert_eq!(outcome(&world, Family::Ipv4).address(), None);
    assert!(
        world.requests().last().is_some_and(|last| last.ends_with("2003:e1::8")),
        "{:?}",
        world.requests()
    );
}
