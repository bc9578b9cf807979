//! Other services than SPDYN: the differences that the table of services makes.

use dyntray_core::present::{NextWhy, Status};
use dyntray_core::protocol::reply::HaltReason;
use dyntray_core::settings::Records;
use dyntray_core::settings::form::EntryForm;
use dyntray_core::state::notice::Cause;
use dyntray_core::types::address::Family;
use dyntray_core::types::entry_id::EntryId;

use crate::world::line::Line;
use crate::world::service::{CarriedOut, Mood};
use crate::world::{DAY, MINUTE, World, ip};

const HOME: EntryId = EntryId(1);
const YDNS: &str = "ydns.io";

fn at(provider: &str) -> World {
    let entry = EntryForm {
        hostname: "home.example.org".into(),
        provider: provider.into(),
        user: "me@example.org".into(),
        protocol: Records::Both,
        ..EntryForm::default()
    };
    World::new(Line::with(Some(ip("84.160.12.7")), Some(ip("2003:e1::7"))), vec![entry])
}

#[test]
fn a_service_that_takes_one_address_a_request_gets_one_after_the_other_and_then_there_is_quiet() {
    let mut world = at("ydns");
    world.run(MINUTE);
    assert_eq!(world.requests(), ["home.example.org 84.160.12.7", "home.example.org 2003:e1::7"]);
    assert_eq!(world.status(1), Status::Fine);
    world.run(30 * DAY);
    assert_eq!(world.sent.len(), 2);
    world.line.set(Family::Ipv6, Some(ip("2003:e1::8")));
    world.run(12 * MINUTE);
    assert_eq!(world.requests()[2..], ["home.example.org 2003:e1::8"], "only what has changed");
    assert_eq!(world.live(HOME, Family::Ipv6), Some(ip("2003:e1::8")));
}

#[test]
fn a_refusal_of_the_first_address_keeps_the_second_one_here() {
    let mut world = at("ydns");
    world.server(YDNS).mood = Mood::Says(200, "nohost", CarriedOut::No);
    world.run(DAY);
    assert_eq!(world.sent.len(), 1);
    let halted = matches!(world.status(1), Status::Halted { halt } if halt.reason == HaltReason::NoHost);
    assert!(halted, "{:?}", world.status(1));
}

#[test]
fn another_service_by_a_persons_choice_ends_a_halt_and_starts_anew() {
    let mut world = at("ydns");
    world.server(YDNS).mood = Mood::Says(401, "", CarriedOut::No);
    world.run(MINUTE);
    assert!(world.is_halted(HOME));
    world.edit(|form| form.entries[0].provider = "variomedia".into());
    world.run(MINUTE);
    assert_eq!(world.status(1), Status::Fine);
    assert_eq!(world.requests()[1..], ["home.example.org 84.160.12.7,2003:e1::7"], "both in one request");
}

#[test]
fn the_answer_of_a_service_that_was_left_is_ignored() {
    let mut world = at("variomedia");
    world.server("dyndns.variomedia.de").mood = Mood::Slow(30);
    world.run(5);
    assert_eq!(world.status(1), Status::Sending);
    let url = "https://dyndns.variomedia.de/other?hostname={host}&myip={ips}".to_owned();
    world.edit(|form| {
        form.entries[0].provider = "custom".into();
        form.entries[0].update_url = url;
    });
    world.run(2 * MINUTE);
    assert_eq!(world.sent.len(), 2, "the new request waits for the server, and goes");
    assert_eq!(world.status(1), Status::Fine);
}

#[test]
fn a_services_own_words_are_read() {
    let mut world = at("duckdns");
    world.server("www.duckdns.org").mood = Mood::Says(200, "KO", CarriedOut::No);
    world.run(DAY);
    assert_eq!(world.sent.len(), 1);
    assert!(world.is_halted(HOME));
    assert_eq!(world.complaints(), [&Cause::Halted { reason: HaltReason::BadAuth }]);
    world.server("www.duckdns.org").mood = Mood::Says(200, "OK", CarriedOut::Yes);
    world.save_right_secret(HOME);
    world.run(MINUTE);
    assert_eq!(world.status(1), Status::Fine);
}

#[test]
fn a_service_that_wants_time_between_two_requests_gets_it_and_people_see_why() {
    let mut world = World::new(
        Line::with(Some(ip("84.160.12.7")), None),
        vec![EntryForm {
            hostname: "home.example.org".into(),
            provider: "domaindiscount24".into(),
            protocol: Records::Ipv4,
            ..EntryForm::default()
        }],
    );
    world.server("dynamicdns.key-systems.net").mood = Mood::Says(200, "code = 200", CarriedOut::Yes);
    world.run(MINUTE);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.run(20 * MINUTE);
    assert_eq!(world.sent.len(), 1);
    let next = world.snapshot().entries[0].next.expect("it goes on by itself");
    assert_eq!((world.status(1), next.why), (Status::Queued, NextWhy::Pace));
    world.update_now();
    world.run(5 * MINUTE);
    assert_eq!(world.sent.len(), 1, "a person's wish is no reason for the service");
    world.run(10 * MINUTE);
    let waited = world.sent[1].at.duration_since(world.sent[0].at).as_secs();
    assert!((30 * MINUTE..32 * MINUTE).contains(&waited), "{waited} s");
}

#[test]
fn a_service_that_counts_the_requests_of_a_domain_gets_one_a_minute_of_each() {
    let entry = |hostname: &str| EntryForm {
        hostname: hostname.into(),
        provider: "desec".into(),
        protocol: Records::Ipv4,
        ..EntryForm::default()
    };
    let hosts = ["a.anna.dedyn.io", "b.anna.dedyn.io", "otto.dedyn.io", "www.example.org", "example.org"];
    let mut world =
        World::new(Line::with(Some(ip("84.160.12.7")), None), hosts.iter().map(|host| entry(host)).collect());
    world.run(5 * MINUTE);
    let sent = |world: &World, host: &str| {
        world.sent.iter().find(|sent| sent.hostname == host).map(|sent| sent.at).expect("it was sent")
    };
    let between = |a, b| sent(&world, b).duration_since(sent(&world, a)).as_secs();
    assert_eq!(world.sent.len(), 5);
    assert!(between("a.anna.dedyn.io", "b.anna.dedyn.io") >= MINUTE);
    assert!(between("www.example.org", "example.org") >= MINUTE);
    assert!(between("a.anna.dedyn.io", "otto.dedyn.io") < 30, "another domain");
}
