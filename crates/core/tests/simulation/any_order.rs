//! Anything may happen, in any order: the rules hold at every step, and once all is well again, so are the entries.

use std::env;

use std::net::IpAddr;

use dyntray_core::present::Status;
use dyntray_core::settings::LoginKind;
use dyntray_core::settings::Records;
use dyntray_core::settings::form::{AddressChoice, EntryForm, Form, OWN_URL};
use dyntray_core::types::address::Family;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::source::Source;
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};

use crate::world::line::{Line, Listed, Router, Telling, Whereabouts};
use crate::world::service::{CarriedOut, Door, Mood};
use crate::world::{DAY, HOUR, MINUTE, PowerCut, Start, World, YEAR, ip};

/// The seed of the stories that every run tells.
const SEED: u64 = 2_026;
const SERVERS: [&str; 2] = ["update.spdyn.de", "127.0.0.1:8245"];
/// Ways to type the two servers.
const TYPED: [&str; 3] = ["update.spdyn.de", "https://Update.spdyn.de:443/nic/update", "127.0.0.1:8245"];
const IPV4: [&str; 6] =
    ["84.160.12.7", "84.160.12.8", "91.3.4.5", "192.168.1.5", "100.64.1.2", "203.0.113.9"];
const IPV6: [&str; 5] = ["2003:e1::7", "2003:e1::8", "2a02:8109::1", "fd00::1", "fe80::1"];
const SOURCES: [Source; 4] = [
    Source::web_resolver(Family::Ipv4),
    Source::web_resolver(Family::Ipv6),
    Source::interface(Family::Ipv4),
    Source::interface(Family::Ipv6),
];
const PLACES: [Whereabouts; 4] =
    [Whereabouts::Nameless, Whereabouts::Hidden, Whereabouts::At("home"), Whereabouts::At("café")];
const CHOICES: [AddressChoice; 5] = [
    AddressChoice::Webresolver,
    AddressChoice::Web,
    AddressChoice::Router,
    AddressChoice::Interface,
    AddressChoice::Fixed,
];
const PROTOCOLS: [Records; 3] = [Records::Ipv4, Records::Ipv6, Records::Both];

#[derive(Clone, Debug)]
pub(crate) enum Happens {
    TimePasses(i64),
    Sleep(i64),
    ClockIsSet(i64),
    StartsWithClock(i64, Start),
    StartsWithoutHistory(i64, Start),
    Restart,
    PowerFailsAtNextSend,
    PowerFailsAtNextRefusal,
    NewAddress(Family, Option<&'static str>),
    LineIs(Up),
    SourceTells(Source, Telling),
    RouterIs(Router),
    VpnIs(Option<&'static str>),
    MachineIs(Whereabouts),
    TemporaryAddress(Option<&'static str>),
    ChangeReported,
    /// A change each so many seconds, so many times.
    Flaps(Family, i64, usize),
    SecondAddress(Option<(&'static str, Listed)>),
    ResolversTake(i64),
    Port53Is(Up),
    SomebodyChanges(usize, &'static str),
    ServerIs(usize, Mood),
    DoorIs(Door),
    KeyringUnlocked,
    SecretLost(EntryId),
    SecretIsBack(EntryId),
    TokenReplaced(EntryId),
    Person(Act),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Up {
    Yes,
    No,
}

#[derive(Clone, Debug)]
pub(crate) enum Act {
    UpdateNow,
    UpdateWhenDue,
    TryAgain(EntryId),
    Pause(Option<i64>),
    PauseUntil(Timestamp),
    Resume,
    SaveRightSecret(EntryId),
    SaveWrongSecret(EntryId),
    SaveAsItWas,
    SaveAllSecrets,
    OtherInterval(&'static str),
    SwitchEntry(usize),
    OtherHostname(usize),
    OtherServer(usize, &'static str),
    OtherService(usize),
    OtherProtocol(usize, Records),
    OtherLogin(usize),
    OtherSource(usize),
    OtherDevice(usize),
    AddressFrom(usize, AddressChoice),
    FallBacks(usize),
    AllowVpn,
    LockHome,
    ThisIsHome,
    AddEntry,
    RemoveEntry(usize),
}

fn any_entry() -> impl Strategy<Value = EntryId> {
    (1..=3u32).prop_map(EntryId)
}

fn any_time() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => 0..10i64,
        3 => 10..90i64,
        4 => 2 * MINUTE..45 * MINUTE,
        2 => HOUR..8 * HOUR,
        1 => DAY..3 * DAY,
    ]
}

fn any_mood() -> impl Strategy<Value = Mood> {
    use CarriedOut::{No, Yes};
    prop_oneof![
        4 => Just(Mood::Faithful),
        2 => (0..60i64).prop_map(Mood::Slow),
        2 => prop_oneof![Just(Mood::Silent(Yes)), Just(Mood::Silent(No))],
        2 => Just(Mood::Away),
        1 => Just(Mood::Untrusted),
        2 => (prop::sample::select(vec![429, 503]), prop::sample::select(vec![5, 90, HOUR, 3 * HOUR]))
            .prop_map(|(status, seconds)| Mood::AsksToWait(status, seconds)),
        1 => Just(Mood::NotValidNow),
        3 => prop::sample::select(vec![
            "abuse", "badauth", "!yours", "notfqdn", "nohost", "fatal", "numhost", "badagent", "!donator",
            "!active", "badsys", "good 127.0.0.1",
        ]).prop_map(|code| Mood::Says(200, code, No)),
        3 => prop::sample::select(vec![
            Mood::Says(200, "911", No),
            Mood::Says(200, "dnserr", Yes),
            Mood::Says(200, "<html>Welcome</html>", Yes),
            Mood::Says(200, "", No),
            Mood::Says(502, "<html>", Yes),
            Mood::Says(401, "<html>", No),
        ]),
    ]
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => Just(Act::UpdateNow),
        3 => Just(Act::UpdateWhenDue),
        4 => any_entry().prop_map(Act::TryAgain),
        1 => prop::option::of(any_time()).prop_map(Act::Pause),
        1 => prop::sample::select(vec![Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX])
            .prop_map(Act::PauseUntil),
        2 => Just(Act::Resume),
        4 => any_entry().prop_map(Act::SaveRightSecret),
        2 => any_entry().prop_map(Act::SaveWrongSecret),
        1 => Just(Act::SaveAsItWas),
        1 => Just(Act::SaveAllSecrets),
        1 => prop::sample::select(vec!["10 min", "30 min", "1 h"]).prop_map(Act::OtherInterval),
        2 => (0..3usize).prop_map(Act::SwitchEntry),
        2 => (0..3usize).prop_map(Act::OtherHostname),
        2 => (0..3usize, prop::sample::select(&TYPED[..])).prop_map(|(e, s)| Act::OtherServer(e, s)),
        2 => (0..3usize, prop::sample::select(&PROTOCOLS[..])).prop_map(|(e, p)| Act::OtherProtocol(e, p)),
        1 => (0..3usize).prop_map(Act::OtherService),
        1 => (0..3usize).prop_map(Act::OtherLogin),
        1 => (0..3usize).prop_map(Act::OtherSource),
        2 => (0..3usize).prop_map(Act::OtherDevice),
        1 => (0..3usize, prop::sample::select(&CHOICES[..])).prop_map(|(e, c)| Act::AddressFrom(e, c)),
        1 => (0..3usize).prop_map(Act::FallBacks),
        1 => Just(Act::AllowVpn),
        1 => Just(Act::LockHome),
        1 => Just(Act::ThisIsHome),
        1 => Just(Act::AddEntry),
        1 => (0..3usize).prop_map(Act::RemoveEntry),
    ]
}

/// The seconds by which a clock is set: hours or years, forward or back.
fn any_clock() -> impl Strategy<Value = i64> {
    prop_oneof![any_time(), any_time().prop_map(|t| -t), Just(-400 * DAY), Just(400 * DAY)]
}

pub(crate) fn any_kind_of_start() -> impl Strategy<Value = Start> {
    prop::sample::select(vec![Start::Program, Start::UpdateOnce, Start::Check])
}

pub(crate) fn anything() -> impl Strategy<Value = Happens> {
    let telling = prop_oneof![
        3 => Just(Telling::Truth),
        1 => Just(Telling::Unreachable),
        1 => Just(Telling::Silence),
        1 => prop::sample::select(vec!["<html>", "192.168.1.5", "", "FW 7.28.1.9", "84.160.12.7\n84.160.12.8"])
            .prop_map(Telling::Text),
    ];
    prop_oneof![
        14 => any_time().prop_map(Happens::TimePasses),
        1 => any_time().prop_map(Happens::Sleep),
        1 => any_clock().prop_map(Happens::ClockIsSet),
        1 => (prop_oneof![any_clock(), Just(-20 * YEAR), Just(20 * YEAR)], any_kind_of_start())
            .prop_map(|(seconds, start)| Happens::StartsWithClock(seconds, start)),
        2 => (prop_oneof![3 => Just(0), 1 => any_clock()], any_kind_of_start())
            .prop_map(|(seconds, start)| Happens::StartsWithoutHistory(seconds, start)),
        2 => Just(Happens::Restart),
        1 => Just(Happens::PowerFailsAtNextSend),
        1 => Just(Happens::PowerFailsAtNextRefusal),
        4 => prop::option::weighted(0.9, prop::sample::select(&IPV4[..]))
            .prop_map(|a| Happens::NewAddress(Family::Ipv4, a)),
        3 => prop::option::weighted(0.8, prop::sample::select(&IPV6[..]))
            .prop_map(|a| Happens::NewAddress(Family::Ipv6, a)),
        2 => prop_oneof![2 => Just(Up::Yes), 1 => Just(Up::No)].prop_map(Happens::LineIs),
        2 => (prop::sample::select(&SOURCES[..]), telling).prop_map(|(s, t)| Happens::SourceTells(s, t)),
        2 => prop::sample::select(vec![
            Router::Mute, Router::Truth, Router::Says("84.160.12.9"), Router::Says("192.168.1.2"),
            Router::Says("100.64.1.2"), Router::Says("0.0.0.0"),
        ]).prop_map(Happens::RouterIs),
        1 => prop::option::of(prop::sample::select(vec!["45.80.1.9", "10.8.0.2", "2a0e::9"]))
            .prop_map(Happens::VpnIs),
        2 => prop::sample::select(&PLACES[..]).prop_map(Happens::MachineIs),
        1 => prop::option::of(prop::sample::select(vec!["2003:e1::bad", "2003:e1:2::bad"]))
            .prop_map(Happens::TemporaryAddress),
        2 => Just(Happens::ChangeReported),
        1 => (prop::sample::select(&Family::BOTH[..]), 1..70i64, 2..30usize)
            .prop_map(|(family, every, times)| Happens::Flaps(family, every, times)),
        2 => prop::option::weighted(0.8, (
            prop::sample::select(vec!["2003:e1::6", "2003:e1::9", "2a02:8109::2"]),
            prop::sample::select(vec![Listed::First, Listed::Last]),
        )).prop_map(Happens::SecondAddress),
        1 => (0..14i64).prop_map(Happens::ResolversTake),
        1 => prop_oneof![Just(Up::Yes), Just(Up::No)].prop_map(Happens::Port53Is),
        2 => (0..3usize, prop::sample::select(vec!["91.3.4.77", "2a02:8109::77"]))
            .prop_map(|(e, a)| Happens::SomebodyChanges(e, a)),
        6 => (0..2usize, any_mood()).prop_map(|(s, m)| Happens::ServerIs(s, m)),
        1 => prop::sample::select(vec![Door::Open, Door::Locked, Door::Absent]).prop_map(Happens::DoorIs),
        1 => Just(Happens::KeyringUnlocked),
        1 => any_entry().prop_map(Happens::SecretLost),
        1 => any_entry().prop_map(Happens::SecretIsBack),
        1 => any_entry().prop_map(Happens::TokenReplaced),
        8 => any_act().prop_map(Happens::Person),
    ]
}

pub(crate) fn any_start() -> impl Strategy<Value = Vec<EntryForm>> {
    let entry =
        (prop::sample::select(&TYPED[..]), prop::sample::select(&PROTOCOLS[..]), 0..4u8, any::<bool>());
    let few = prop::collection::vec(entry.clone(), 1..=3);
    let many = prop::collection::vec(entry, 6..=12);
    prop_oneof![9 => few, 1 => many].prop_map(|entries| {
        let numbered = (1u32..).zip(entries);
        numbered
            .map(|(number, (server, protocol, source, one_by_one))| EntryForm {
                hostname: format!("a{number}.spdns.de"),
                provider: if one_by_one { OWN_URL.to_owned() } else { String::new() },
                update_url: one_by_one_at(server),
                server: server.to_owned(),
                webresolver: source > 0,
                protocol,
                ..EntryForm::default()
            })
            .collect()
    })
}

/// An update URL that takes one address per request.
fn one_by_one_at(server: &str) -> String {
    format!("{server}/nic/update?hostname={{host}}&myip={{ip}}")
}

pub(crate) fn perform(world: &mut World, happens: Happens) {
    match happens {
        Happens::TimePasses(seconds) => world.run(seconds),
        Happens::Sleep(seconds) => world.sleep(seconds),
        Happens::ClockIsSet(seconds) => world.set_clock(seconds),
        Happens::StartsWithClock(seconds, start) => world.start_with_clock(seconds, start),
        Happens::StartsWithoutHistory(seconds, start) => world.start_without_history(seconds, start),
        Happens::Restart => world.restart(),
        Happens::PowerFailsAtNextSend => _ = world.power_fails_at.insert(PowerCut::NextSend),
        Happens::PowerFailsAtNextRefusal => _ = world.power_fails_at.insert(PowerCut::NextRefusal),
        Happens::NewAddress(family, address) => world.line.set(family, address.map(ip)),
        Happens::LineIs(up) => world.line.is_up = up == Up::Yes,
        Happens::SourceTells(source, telling) => world.line.source_tells(source, telling),
        Happens::RouterIs(router) => world.line.router = router,
        Happens::VpnIs(vpn) => world.line.vpn = vpn.map(ip),
        Happens::MachineIs(place) => world.line.whereabouts = place,
        Happens::TemporaryAddress(address) => world.line.temporary = address.map(ip),
        Happens::ChangeReported => world.report_change(),
        Happens::Flaps(family, every, times) => flap(world, family, every, times),
        Happens::SecondAddress(second) => world.line.second = second.map(|(address, at)| (ip(address), at)),
        Happens::ResolversTake(seconds) => world.line.delay = seconds,
        Happens::Port53Is(open) => world.port_53_is_blocked = open == Up::No,
        Happens::SomebodyChanges(number, address) => world.somebody_changes(number, ip(address)),
        Happens::ServerIs(number, mood) => world.server(SERVERS[number]).mood = mood,
        Happens::DoorIs(door) => world.keyring.door = door,
        Happens::KeyringUnlocked => world.unlock_keyring(),
        Happens::SecretLost(id) => {
            world.keyring.secrets.remove(&id);
        }
        Happens::SecretIsBack(id) => {
            world.keyring.secrets.entry(id).or_insert(1);
        }
        Happens::TokenReplaced(id) => world.portal_replaces_token(id),
        Happens::Person(act) => person(world, &act),
    }
}

fn person(world: &mut World, act: &Act) {
    match *act {
        Act::UpdateNow => world.update_now(),
        Act::UpdateWhenDue => world.update_when_due(),
        Act::TryAgain(id) => world.try_again(id),
        Act::Pause(seconds) => world.pause(seconds),
        Act::PauseUntil(time) => world.pause_until(time),
        Act::Resume => world.resume(),
        Act::SaveRightSecret(id) => world.save_right_secret(id),
        Act::SaveWrongSecret(id) => world.save_secret(id, 0),
        Act::SaveAsItWas => world.edit(|_| {}),
        Act::SaveAllSecrets => {
            for id in 1..=12 {
                world.save_right_secret(EntryId(id));
                world.run(1);
            }
        }
        Act::OtherInterval(typed) => world.edit(|form| typed.clone_into(&mut form.interval)),
        Act::SwitchEntry(n) => edit(world, n, |entry| entry.enabled = !entry.enabled),
        Act::OtherHostname(n) => edit(world, n, |entry| {
            let other = if entry.hostname.starts_with('a') { "b" } else { "a" };
            entry.hostname.replace_range(..1, other);
        }),
        Act::OtherServer(n, server) => edit(world, n, |entry| {
            server.clone_into(&mut entry.server);
            entry.update_url = one_by_one_at(server);
        }),
        Act::OtherService(n) => edit(world, n, |entry| {
            entry.provider = if entry.provider.is_empty() { OWN_URL.to_owned() } else { String::new() };
        }),
        Act::OtherProtocol(n, protocol) => edit(world, n, |entry| entry.protocol = protocol),
        Act::OtherLogin(n) => edit(world, n, |entry| {
            entry.login = if entry.login == LoginKind::Token { LoginKind::Account } else { LoginKind::Token };
            entry.user = "me".into();
        }),
        Act::OtherSource(n) => edit(world, n, |entry| entry.webresolver = !entry.webresolver),
        Act::OtherDevice(n) => edit(world, n, |entry| {
            entry.device =
                if entry.device.is_empty() { "::1a2b:3cff:fe4d:5e6f".into() } else { String::new() };
        }),
        Act::AddressFrom(n, choice) => edit(world, n, |entry| {
            entry.address_from = choice;
            IPV4[0].clone_into(&mut entry.fixed_ipv4);
            IPV6[0].clone_into(&mut entry.fixed_ipv6);
        }),
        Act::FallBacks(count) => world.edit(|form| {
            form.fall_backs = Form::default().fall_backs.into_iter().take(count).collect();
        }),
        Act::AllowVpn => world.edit(|form| form.publish_vpn = !form.publish_vpn),
        Act::LockHome => world.edit(|form| form.home_lock = !form.home_lock),
        Act::ThisIsHome => world.this_is_home(),
        Act::AddEntry => world.edit(add_entry),
        Act::RemoveEntry(n) => world.edit(|form| {
            if n < form.entries.len() {
                form.entries.remove(n);
            }
        }),
    }
}

/// The line alternates between two addresses; every other change is reported by the router alone.
fn flap(world: &mut World, family: Family, every: i64, times: usize) {
    for n in 0..times {
        let address = if family == Family::Ipv4 { IPV4[n / 2 % 2] } else { IPV6[n / 2 % 2] };
        if n % 2 == 0 {
            world.line.set(family, Some(ip(address)));
        } else {
            world.report_change();
        }
        world.run(every);
    }
}

fn edit(world: &mut World, number: usize, change: impl FnOnce(&mut EntryForm)) {
    world.edit(|form| {
        if let Some(entry) = form.entries.get_mut(number) {
            change(entry);
        }
    });
}

/// Adds an entry. No two entries keep the same record here, so that each record is one entry's.
fn add_entry(form: &mut Form) {
    if form.entries.len() < 3 {
        let newest = form.entries.iter().filter_map(|entry| entry.id).max().map_or(0, |id| id.0);
        form.entries.push(EntryForm {
            hostname: format!("a{}x{}.spdns.de", newest, form.entries.len()),
            ..EntryForm::default()
        });
    }
}

/// Ends all faults and any pause, and lets eight hours pass in which nobody acts.
fn all_is_well_again(world: &mut World) {
    faults_end(world);
    world.run(8 * HOUR);
}

/// Ends all faults and any pause.
pub(crate) fn faults_end(world: &mut World) {
    world.line.is_up = true;
    world.line.router = Router::Truth;
    world.line.vpn = None;
    world.line.temporary = None;
    world.line.second = None;
    world.line.delay = 0;
    world.line.whereabouts = Whereabouts::At("home");
    world.port_53_is_blocked = false;
    world.line.set(Family::Ipv4, Some(ip(IPV4[0])));
    world.line.set(Family::Ipv6, Some(ip(IPV6[0])));
    for source in SOURCES.into_iter().chain(Family::BOTH.map(|family| Source::fall_back(0, family))) {
        world.line.source_tells(source, Telling::Truth);
    }
    world.this_is_home();
    for server in SERVERS {
        world.server(server).mood = Mood::Faithful;
    }
    world.keyring.door = Door::Open;
    world.power_fails_at.clear();
    world.resume();
}

fn every_entry_is_fine(world: &World) {
    for seen in world.snapshot().entries {
        // A record that somebody else changed more than once is left to the person.
        let is_left = matches!(seen.status, Status::Disabled | Status::ChangedElsewhere);
        assert!(
            seen.status == Status::Disabled || !world.owes_a_look(seen.id),
            "{} lacks a look",
            seen.hostname
        );
        if is_left || world.is_halted(seen.id) {
            continue;
        }
        assert_eq!(seen.status, Status::Fine, "{} after eight quiet hours", seen.hostname);
        for family in seen.families {
            let line = ip(if family.family == Family::Ipv4 { IPV4[0] } else { IPV6[0] });
            let expected = family.why.device.map_or(line, |device| {
                assert!(matches!(line, IpAddr::V6(line) if device.prefix.contains(line)), "{device:?}");
                device.address.into()
            });
            assert_eq!(world.live(seen.id, family.family), Some(expected), "{} is elsewhere", seen.hostname);
        }
    }
}

#[test]
fn whatever_happens_in_whatever_order_the_rules_hold_and_all_ends_well() {
    let story = (any_start(), prop::collection::vec(anything(), 1..40));
    // Up to twelve host names at several servers: a thousand of these take longer than a test may.
    TestRunner::new(config(400))
        .run(&story, |(entries, story)| {
            tell(entries, story);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

/// So many random stories, the same ones in each run: what fails was broken by the change at hand. Where the environment
/// says how many (`PROPTEST_CASES`), they are new ones.
pub(crate) fn config(stories: u32) -> ProptestConfig {
    let cases = env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    let default = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    match cases {
        Some(cases) => ProptestConfig { cases, ..default },
        None => ProptestConfig { cases: stories, rng_seed: RngSeed::Fixed(SEED), ..default },
    }
}

/// An entry of a random story.
fn entry(hostname: &str, server: &str, provider: &str, protocol: Records) -> EntryForm {
    EntryForm {
        hostname: hostname.to_owned(),
        provider: provider.to_owned(),
        server: server.to_owned(),
        update_url: format!("{server}/nic/update?hostname={{host}}&myip={{ip}}"),
        webresolver: false,
        protocol,
        ..EntryForm::default()
    }
}

/// A world for a random story.
pub(crate) fn world_with(entries: Vec<EntryForm>) -> World {
    let mut line = Line::with(Some(ip(IPV4[0])), Some(ip(IPV6[0])));
    line.is_dialled_here = true;
    let mut world = World::new(line, entries);
    world.assessed_every = 16;
    world
}

/// Tells a story to its end: all is well again, every entry is fine, and then there is quiet.
fn tell(entries: Vec<EntryForm>, story: impl IntoIterator<Item = Happens>) {
    let mut world = world_with(entries);
    for happens in story {
        perform(&mut world, happens);
    }
    all_is_well_again(&mut world);
    every_entry_is_fine(&world);
    let sent = world.sent.len();
    world.run(6 * HOUR);
    assert_eq!(world.sent.len(), sent, "nothing changed, and something was sent");
}

/// Found by a hundred thousand random stories. A service takes one address per request, and its answers get lost
/// while somebody else changes the other record: that one is repaired, once.
#[test]
fn of_two_records_sent_one_by_one_only_the_foreign_one_is_repaired() {
    let by_resolver = entry("a3.spdns.de", "update.spdyn.de", "custom", Records::Both);
    let entries = vec![
        entry("a1.spdns.de", "127.0.0.1:8245", "", Records::Ipv6),
        entry("a2.spdns.de", "update.spdyn.de", "", Records::Ipv4),
        EntryForm { webresolver: true, ..by_resolver },
    ];
    let story = [
        Happens::TimePasses(2),
        Happens::NewAddress(Family::Ipv4, Some("84.160.12.8")),
        Happens::ServerIs(0, Mood::Silent(CarriedOut::Yes)),
        Happens::SomebodyChanges(2, "2a02:8109::77"),
        Happens::KeyringUnlocked,
        Happens::TimePasses(31),
    ];
    tell(entries, story);
}

/// Found by a hundred thousand random stories. Somebody else changes both records at a service that takes one address
/// per request: each is repaired, once.
#[test]
fn two_foreign_records_are_repaired_one_by_one_where_a_service_takes_one_a_request() {
    let entries = vec![
        entry("a1.spdns.de", "update.spdyn.de", "", Records::Ipv4),
        entry("a2.spdns.de", "update.spdyn.de", "custom", Records::Both),
    ];
    let story = [
        Happens::TimePasses(10),
        Happens::NewAddress(Family::Ipv4, Some("84.160.12.8")),
        Happens::ServerIs(0, Mood::Silent(CarriedOut::Yes)),
        Happens::TimePasses(61),
        Happens::Person(Act::OtherSource(1)),
        Happens::SomebodyChanges(1, "2a02:8109::77"),
        Happens::SomebodyChanges(1, "91.3.4.77"),
    ];
    tell(entries, story);
}

/// Found by ten thousand more. The clock is set back during a pause, and forward again.
#[test]
fn a_pause_ends_by_whichever_reckoning_ends_it_first() {
    let entries = vec![entry("a1.spdns.de", "update.spdyn.de", "", Records::Ipv4)];
    let story = [
        Happens::Person(Act::Pause(Some(10))),
        Happens::ClockIsSet(-34_560_000),
        Happens::TimePasses(1),
        Happens::ClockIsSet(34_560_000),
        Happens::TimePasses(0),
    ];
    tell(entries, story);
}

/// Found by ten thousand more. A router tells two addresses in turn, and a restart takes the second one from memory: the
/// first one was seen twice, as far as anybody remembers.
#[test]
fn what_a_restart_took_from_memory_was_never_told() {
    let router = |says| Happens::RouterIs(Router::Says(says));
    let by_resolver = entry("a1.spdns.de", "update.spdyn.de", "", Records::Ipv4);
    let entries = vec![EntryForm { webresolver: true, address_from: AddressChoice::Router, ..by_resolver }];
    let story = [
        router("84.160.12.9"),
        Happens::TimePasses(3),
        // Something that isn't lost.
        Happens::Person(Act::Resume),
        router("192.168.1.2"),
        Happens::ChangeReported,
        Happens::TimePasses(4),
        router("84.160.12.9"),
        Happens::Restart,
        Happens::TimePasses(4),
    ];
    tell(entries, story);
}

/// Found by thousands more. A look-up that begins in the same second as a change was reported, but after it, is about the
/// time after the change: nobody is asked twice, neither after a restart nor after "Update now".
#[test]
fn a_change_just_before_a_look_up_has_nobody_asked_twice() {
    let by_resolver =
        |protocol| EntryForm { webresolver: true, ..entry("a1.spdns.de", "update.spdyn.de", "", protocol) };
    let story = [
        Happens::TimePasses(0),
        Happens::SecondAddress(Some(("2003:e1::6", Listed::First))),
        Happens::ResolversTake(2),
        Happens::Flaps(Family::Ipv4, 30, 13),
        Happens::ChangeReported,
        Happens::Person(Act::PauseUntil(Timestamp::MIN)),
        Happens::Restart,
        Happens::TimePasses(DAY),
    ];
    tell(vec![by_resolver(Records::Ipv4)], story);
    let by_interface = entry("a1.spdns.de", "update.spdyn.de", "", Records::Ipv6);
    let story = [
        Happens::TimePasses(0),
        Happens::TimePasses(0),
        Happens::MachineIs(Whereabouts::At("home")),
        Happens::ServerIs(0, Mood::Slow(3)),
        Happens::Flaps(Family::Ipv6, 1, 9),
        Happens::Person(Act::UpdateNow),
        Happens::ChangeReported,
    ];
    let by_resolver = EntryForm { hostname: "a2.spdns.de".to_owned(), ..by_resolver(Records::Ipv6) };
    tell(vec![by_interface, by_resolver], story);
}

/// Found by thousands more. The power fails between the two writes of a refusal: the request that it answers isn't unconfirmed
/// any more, so the address that the service holds isn't sent again.
#[test]
fn a_refusal_that_outlived_the_history_answers_the_request_that_was_under_way() {
    let first = EntryId(1);
    let mut world = world_with(vec![entry("a1.spdns.de", "update.spdyn.de", "", Records::Ipv4)]);
    world.run(MINUTE);
    world.portal_replaces_token(first);
    world.power_fails_at.insert(PowerCut::NextRefusal);
    world.line.set(Family::Ipv4, Some(ip(IPV4[1])));
    world.run(MINUTE);
    assert!(world.power_fails_at.is_empty() && world.is_halted(first), "it was refused");
    world.line.set(Family::Ipv4, Some(ip(IPV4[0])));
    world.run(HOUR);
    let sent = world.sent.len();
    world.save_right_secret(first);
    world.run(HOUR);
    assert_eq!((world.status(1), world.sent.len()), (Status::Fine, sent));
}

/// A refusal is kept apart from the history. Without that, a lost history or a power cut at the wrong moment leads to another
/// login that fails.
#[test]
fn a_refused_login_outlives_every_loss_of_the_history_until_a_person_acts() {
    let first = EntryId(1);
    for start in [Start::Program, Start::UpdateOnce, Start::Check] {
        let mut world = world_with(vec![entry("a1.spdns.de", "update.spdyn.de", "", Records::Ipv4)]);
        world.run(MINUTE);
        world.portal_replaces_token(first);
        world.power_fails_at.insert(PowerCut::NextRefusal);
        world.line.set(Family::Ipv4, Some(ip(IPV4[1])));
        world.run(HOUR);
        assert!(world.power_fails_at.is_empty() && world.is_halted(first), "it was refused");
        let sent = world.sent.len();
        for seconds in [0, -400 * DAY, 0] {
            world.start_without_history(seconds, start);
            all_is_well_again(&mut world);
            assert!(matches!(world.status(1), Status::Halted { .. }), "{:?}", world.status(1));
        }
        assert_eq!(world.sent.len(), sent, "it was sent again");
        world.save_right_secret(first);
        world.run(HOUR);
        assert_eq!(world.status(1), Status::Fine);
    }
}
