//! Servers that say when to come again: they are left alone until then, whoever wants something of them.

use dyntray_core::present::{EntryStatus, Mood as Icon, NextWhy, Status};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::settings::Records;
use dyntray_core::settings::form::EntryForm;
use dyntray_core::types::address::Family;
use dyntray_core::types::entry_id::EntryId;
use jiff::{SignedDuration, Timestamp};

use crate::world::line::Line;
use crate::world::service::Mood;
use crate::world::{DAY, HOUR, MINUTE, World, YEAR, ip};

const HOME: EntryId = EntryId(1);
const SPDYN: &str = "update.spdyn.de";

fn entry(hostname: &str, server: &str) -> EntryForm {
    EntryForm {
        hostname: hostname.into(),
        server: server.into(),
        protocol: Records::Ipv4,
        ..EntryForm::default()
    }
}

/// Two entries of one server and one of another; the first server has just asked to wait for so long.
fn throttled(status: u16, seconds: i64) -> (World, Timestamp) {
    let entries = vec![
        entry("home.spdns.de", SPDYN),
        entry("work.spdns.de", "https://Update.spdyn.de:443/nic/update"),
        entry("nas.example.org", "dyn.example.org"),
    ];
    let mut world = World::new(Line::with(Some(ip("84.160.12.7")), None), entries);
    world.server(SPDYN).mood = Mood::AsksToWait(status, seconds);
    world.run(10);
    assert_eq!(world.requests(), ["home.spdns.de 84.160.12.7", "nas.example.org 84.160.12.7"]);
    let asked = world.sent[0].at + SignedDuration::from_secs(1);
    (world, asked + SignedDuration::from_secs(seconds))
}

fn shown(world: &World, number: usize) -> EntryStatus {
    world.snapshot().entries.remove(number)
}

#[test]
fn every_entry_of_a_server_that_asks_to_wait_waits_and_no_other() {
    for status in [429, 503] {
        let (mut world, until) = throttled(status, 3 * HOUR);
        assert_eq!(world.status(3), Status::Fine, "another server");
        world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
        world.run(2 * HOUR);
        assert_eq!(world.requests()[2..], ["nas.example.org 84.160.12.8"]);
        world.server(SPDYN).mood = Mood::Faithful;
        world.run(2 * HOUR);
        // In turn: it was home's request that the server turned away.
        assert_eq!(world.requests()[3..], ["work.spdns.de 84.160.12.8", "home.spdns.de 84.160.12.8"]);
        assert!(world.sent[3].at >= until, "{} before {until}", world.sent[3].at);
        assert!(world.sent[3].at < until + SignedDuration::from_mins(5), "{}", world.sent[3].at);
        assert_eq!(world.snapshot().mood, Icon::Fine);
    }
}

#[test]
fn the_time_that_a_server_asked_for_is_the_next_step_of_all_that_wait_for_it() {
    for status in [429, 503] {
        let (world, until) = throttled(status, 3 * HOUR);
        for number in [0, 1] {
            let shown = shown(&world, number);
            let Status::Failed { error, retry_at, .. } = &shown.status else { panic!("{shown:?}") };
            assert_eq!(*error, RetryableError::Server { code: status.to_string() });
            let next = shown.next.expect("a next step");
            assert_eq!((*retry_at, next.at, next.why), (until, until, NextWhy::RetryAfter), "{number}");
            assert_eq!(shown.mood, Icon::Waiting);
        }
    }
}

#[test]
fn a_wish_that_is_shorter_than_our_own_wait_changes_nothing() {
    let (mut world, until) = throttled(429, MINUTE);
    assert!(shown(&world, 0).next.is_some_and(|next| next.why == NextWhy::Retry && next.at > until));
    assert!(shown(&world, 1).next.is_some_and(|next| next.why == NextWhy::RetryAfter && next.at == until));
    world.server(SPDYN).mood = Mood::Faithful;
    world.run(2 * MINUTE);
    assert_eq!(world.requests()[2..], ["work.spdns.de 84.160.12.7"]);
    world.run(40 * MINUTE);
    assert_eq!(world.requests()[3..], ["home.spdns.de 84.160.12.7"]);
}

#[test]
fn no_person_hurries_a_server_that_asked_to_wait() {
    let (mut world, until) = throttled(429, 3 * HOUR);
    world.server(SPDYN).mood = Mood::Faithful;
    for act in [
        World::update_now,
        |world: &mut World| world.try_again(HOME),
        |world: &mut World| world.save_right_secret(HOME),
        |world: &mut World| world.edit(|form| form.entries[1].hostname = "other.spdns.de".into()),
        World::restart,
    ] {
        act(&mut world);
        world.run(10 * MINUTE);
        assert_eq!(world.sent.len(), 2, "{:?}", world.requests());
        assert_eq!(shown(&world, 0).next.map(|next| (next.at, next.why)), Some((until, NextWhy::RetryAfter)));
    }
    world.edit(|form| form.entries[0].server = "new.example.org".into());
    world.run(MINUTE);
    assert_eq!(world.requests()[2..], ["home.spdns.de 84.160.12.7"], "another server is asked at once");
}

#[test]
fn a_restart_forgets_no_servers_wish() {
    let (mut world, until) = throttled(503, 5 * HOUR);
    world.server(SPDYN).mood = Mood::Faithful;
    for _ in 0..4 {
        world.restart();
        world.run(HOUR);
    }
    assert_eq!(world.sent.len(), 2);
    world.run(2 * HOUR);
    assert_eq!(world.sent.len(), 4);
    assert!(world.sent[2].at >= until);
}

#[test]
fn a_server_is_granted_a_day_at_most_and_a_clock_set_back_makes_no_wait_longer() {
    let (mut world, _) = throttled(429, 400 * DAY);
    world.server(SPDYN).mood = Mood::Faithful;
    world.run(DAY - HOUR);
    assert_eq!(world.sent.len(), 2);
    world.run(2 * HOUR);
    assert_eq!(world.sent.len(), 4);
    for seconds in [HOUR, 3 * HOUR] {
        for restarts in [false, true] {
            let (mut world, _) = throttled(429, seconds);
            world.server(SPDYN).mood = Mood::Faithful;
            world.set_clock(-10 * YEAR);
            if restarts {
                world.restart();
            }
            world.run(MINUTE);
            let next = shown(&world, 1).next.expect("a next step");
            assert!(next.at <= world.now() + SignedDuration::from_secs(seconds), "{next:?}");
            world.run(seconds + 10 * MINUTE);
            assert_eq!(world.status(2), Status::Fine, "after {seconds}");
        }
    }
}
