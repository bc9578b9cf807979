//! The family that isn't named: no update of one record ever costs the other one.

use dyntray_core::present::{NextWhy, Status};
use dyntray_core::protocol::dialect::Families;
use dyntray_core::settings::form::EntryForm;
use dyntray_core::settings::providers::{LoginStyle, Provider, all, entry_of};
use dyntray_core::settings::{LoginKind, Records};
use dyntray_core::types::address::Family;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::source::Source;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::any_order::config;
use crate::world::line::{Line, Telling};
use crate::world::service::{CarriedOut, Mood};
use crate::world::{DAY, HOUR, MINUTE, PowerCut, World, ip};

const HOME: EntryId = EntryId(1);
const SPDYN: &str = "update.spdyn.de";
const HOST: &str = "home.spdns.de";

fn entry(protocol: Records) -> EntryForm {
    EntryForm { hostname: HOST.into(), protocol, ..EntryForm::default() }
}

fn at_home(entries: Vec<EntryForm>) -> World {
    World::new(Line::with(Some(ip("84.160.12.7")), Some(ip("2003:e1::7"))), entries)
}

fn web(family: Family) -> Source {
    Source::web_resolver(family)
}

#[test]
fn what_isnt_known_is_sent_along_as_the_service_holds_it() {
    let mut world = at_home(vec![entry(Records::Both)]);
    world.run(MINUTE);
    world.line.source_tells(web(Family::Ipv6), Telling::Silence);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.run(20 * MINUTE);
    assert_eq!(world.requests()[1..], [format!("{HOST} 84.160.12.8,2003:e1::7")]);
    assert_eq!(world.live(HOME, Family::Ipv6), Some(ip("2003:e1::7")));
    assert_eq!(world.status(1), Status::Fine);
    world.line.source_tells(web(Family::Ipv6), Telling::Truth);
    world.line.set(Family::Ipv6, Some(ip("2003:e1::8")));
    world.run(20 * MINUTE);
    assert_eq!(world.requests()[2..], [format!("{HOST} 84.160.12.8,2003:e1::8")]);
}

#[test]
fn an_address_that_is_held_back_is_sent_along_as_the_service_holds_it() {
    let mut world = at_home(vec![entry(Records::Both)]);
    world.run(MINUTE);
    world.line.vpn = Some(ip("2a02:8109::1"));
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.run(20 * MINUTE);
    assert_eq!(world.requests()[1..], [format!("{HOST} 84.160.12.8,2003:e1::7")]);
}

#[test]
fn a_first_update_waits_for_the_other_family_for_a_while_and_says_so() {
    let mut world = at_home(vec![entry(Records::Both)]);
    world.line.source_tells(web(Family::Ipv6), Telling::Silence);
    world.run(5 * MINUTE);
    assert_eq!(world.sent.len(), 0);
    assert_eq!(world.status(1), Status::Queued);
    let next = world.snapshot().entries[0].next.expect("it goes on by itself");
    assert_eq!(next.why, NextWhy::OtherFamily);
    world.line.source_tells(web(Family::Ipv6), Telling::Truth);
    world.update_now();
    world.run(MINUTE);
    assert_eq!(world.requests(), [format!("{HOST} 84.160.12.7,2003:e1::7")], "both at once");
}

#[test]
fn a_family_whose_look_up_fails_for_good_holds_up_the_other_one_for_ten_minutes() {
    let mut world = at_home(vec![entry(Records::Both)]);
    world.line.source_tells(web(Family::Ipv6), Telling::Silence);
    let start = world.now();
    world.run(DAY);
    assert_eq!(world.requests(), [format!("{HOST} 84.160.12.7")]);
    let waited = world.sent[0].at.duration_since(start).as_secs();
    assert!((10 * MINUTE..12 * MINUTE).contains(&waited), "{waited} s");
    assert_eq!(world.status(1), Status::Fine);
}

#[test]
fn a_wait_for_the_other_family_goes_on_over_a_restart() {
    let mut world = at_home(vec![entry(Records::Both)]);
    world.line.source_tells(web(Family::Ipv6), Telling::Silence);
    world.run(8 * MINUTE);
    // The state is on disk after anything that matters.
    world.save_right_secret(HOME);
    world.restart();
    world.run(4 * MINUTE);
    assert_eq!(world.requests(), [format!("{HOST} 84.160.12.7")]);
}

#[test]
fn a_family_that_the_entry_doesnt_keep_is_neither_sent_nor_waited_for() {
    let mut world = at_home(vec![entry(Records::Ipv4)]);
    world.run(MINUTE);
    assert_eq!(world.requests(), [format!("{HOST} 84.160.12.7")]);
}

#[test]
fn after_an_unanswered_request_the_address_that_was_sent_last_goes_along() {
    let mut world = at_home(vec![entry(Records::Both)]);
    world.run(MINUTE);
    world.line.set(Family::Ipv6, Some(ip("2003:e1::8")));
    world.server(SPDYN).mood = Mood::Silent(CarriedOut::Yes);
    world.run(12 * MINUTE);
    world.line.source_tells(web(Family::Ipv6), Telling::Silence);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.server(SPDYN).mood = Mood::Faithful;
    world.run(HOUR);
    assert_eq!(world.requests().last(), Some(&format!("{HOST} 84.160.12.8,2003:e1::8")));
    assert_eq!(world.server(SPDYN).deleted, Vec::<std::net::IpAddr>::new());
}

#[test]
fn two_entries_of_one_host_name_keep_each_others_record() {
    let of_an_account =
        |protocol| EntryForm { login: LoginKind::Account, user: "anna".into(), ..entry(protocol) };
    let mut world = at_home(vec![of_an_account(Records::Ipv4), of_an_account(Records::Ipv6)]);
    world.run(MINUTE);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.run(20 * MINUTE);
    world.line.set(Family::Ipv6, Some(ip("2003:e1::8")));
    world.run(DAY);
    assert_eq!(
        world.requests(),
        [
            format!("{HOST} 84.160.12.7"),
            format!("{HOST} 84.160.12.7,2003:e1::7"),
            format!("{HOST} 84.160.12.8,2003:e1::7"),
            format!("{HOST} 84.160.12.8,2003:e1::8"),
        ]
    );
    assert_eq!(world.server(SPDYN).deleted, Vec::<std::net::IpAddr>::new());
}

#[derive(Clone, Debug)]
enum Happens {
    TimePasses(i64),
    Tells(Family, Telling),
    NewAddress(Family, Option<&'static str>),
    VpnIs(Option<&'static str>),
    LineIsUp(bool),
    ServerIs(Mood),
    Restart,
    PowerFailsAtNextSend,
    UpdateNow,
}

fn anything() -> impl Strategy<Value = Happens> {
    let family = || prop::sample::select(&Family::BOTH[..]);
    let telling = prop::sample::select(vec![
        Telling::Truth,
        Telling::Truth,
        Telling::Unreachable,
        Telling::Silence,
        Telling::Text("<html>"),
        Telling::Text("192.168.1.5"),
    ]);
    let ipv4 = vec![Some("84.160.12.7"), Some("84.160.12.8"), Some("91.3.4.5"), None];
    let ipv6 = vec![Some("2003:e1::7"), Some("2003:e1::8"), Some("2003:e2::9"), None];
    let moods = vec![
        Mood::Faithful,
        Mood::Faithful,
        Mood::Slow(20),
        Mood::Silent(CarriedOut::Yes),
        Mood::Silent(CarriedOut::No),
        Mood::Away,
        Mood::Says(200, "911", CarriedOut::No),
        Mood::Says(502, "<html>", CarriedOut::Yes),
    ];
    prop_oneof![
        6 => prop_oneof![0..90i64, 2 * MINUTE..45 * MINUTE, HOUR..8 * HOUR].prop_map(Happens::TimePasses),
        4 => (family(), telling).prop_map(|(family, telling)| Happens::Tells(family, telling)),
        3 => prop::sample::select(ipv4).prop_map(|address| Happens::NewAddress(Family::Ipv4, address)),
        3 => prop::sample::select(ipv6).prop_map(|address| Happens::NewAddress(Family::Ipv6, address)),
        1 => prop::sample::select(vec![None, Some("2a02:8109::1"), Some("91.9.9.9")]).prop_map(Happens::VpnIs),
        1 => any::<bool>().prop_map(Happens::LineIsUp),
        3 => prop::sample::select(moods).prop_map(Happens::ServerIs),
        1 => Just(Happens::Restart),
        1 => Just(Happens::PowerFailsAtNextSend),
        1 => Just(Happens::UpdateNow),
    ]
}

fn happen(world: &mut World, server: &str, what: &Happens) {
    match what {
        Happens::TimePasses(seconds) => world.run(*seconds),
        Happens::Tells(family, telling) => world.line.source_tells(web(*family), *telling),
        Happens::NewAddress(family, address) => world.line.set(*family, address.map(ip)),
        Happens::VpnIs(address) => world.line.vpn = address.map(ip),
        Happens::LineIsUp(is_up) => world.line.is_up = *is_up,
        Happens::ServerIs(mood) => world.server(server).mood = *mood,
        Happens::Restart => world.restart(),
        Happens::PowerFailsAtNextSend => _ = world.power_fails_at.insert(PowerCut::NextSend),
        Happens::UpdateNow => world.update_now(),
    }
}

/// A host name at a service: in one entry, or in one entry for each record.
fn entries(provider: &Provider, apart: bool) -> Vec<EntryForm> {
    let one = EntryForm {
        hostname: "home.example.org".to_owned(),
        user: "anna@example.org".to_owned(),
        ..entry_of(provider)
    };
    if apart && provider.families != Families::Ipv4Only {
        let login = if provider.login == LoginStyle::Either { LoginKind::Account } else { one.login };
        [Records::Ipv4, Records::Ipv6].map(|protocol| EntryForm { protocol, login, ..one.clone() }).to_vec()
    } else {
        vec![one]
    }
}

#[test]
fn no_outage_of_one_family_ever_costs_the_other_ones_record_at_any_service() {
    let strategy = (
        prop::sample::select((0..all().len()).collect::<Vec<_>>()),
        any::<bool>(),
        prop::collection::vec(anything(), 1..40),
    );
    let mut runner = TestRunner::new(config(400));
    let result = runner.run(&strategy, |(row, apart, happenings)| {
        let provider = &all()[row];
        let mut world = at_home(entries(provider, apart));
        for what in &happenings {
            happen(&mut world, &provider.server, what);
            let deleted = &world.server(&provider.server).deleted;
            assert!(deleted.is_empty(), "{} lost {deleted:?}", provider.id);
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
