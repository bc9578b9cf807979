//! Networks that never settle, and people who don't wait until they do.

use dyntray_core::present::Status;
use dyntray_core::settings::Records;
use dyntray_core::settings::form::{AddressChoice, EntryForm, OWN_URL};
use dyntray_core::types::address::Family;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::source::Source;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::any_order::config;
use crate::world::line::{Line, Listed, Router, Whereabouts};
use crate::world::service::{CarriedOut, Door, Mood};
use crate::world::{HOUR, MINUTE, World, ip};

const HOME: EntryId = EntryId(1);
const HOST: &str = "home.spdns.de";
const SPDYN: &str = "update.spdyn.de";
const WEB4: Source = Source::web_resolver(Family::Ipv4);
const WEB6: Source = Source::web_resolver(Family::Ipv6);

/// The longest time from a change of the address to its update while the network never settles, as the documents state
/// it.
const LONGEST: i64 = 11 * MINUTE;

fn entry(number: usize, protocol: Records) -> EntryForm {
    let hostname = if number == 1 { HOST.to_owned() } else { format!("h{number}.spdns.de") };
    EntryForm { hostname, protocol, ..EntryForm::default() }
}

fn at_home(entries: Vec<EntryForm>) -> World {
    let mut line = Line::with(Some(ip("84.160.12.7")), Some(ip("2003:e1::7")));
    line.whereabouts = Whereabouts::At("home");
    let mut world = World::new(line, entries);
    world.run(MINUTE);
    world
}

/// Reports changes until each is waited out for minutes.
fn unsettle(world: &mut World) {
    for _ in 0..20 {
        world.report_change();
        world.run(3);
    }
}

#[test]
fn update_now_waits_for_no_network_to_settle() {
    let mut world = at_home(vec![entry(1, Records::Ipv4)]);
    unsettle(&mut world);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.report_change();
    world.run(5);
    assert_eq!(world.sent.len(), 1, "it is waited out");
    world.update_now();
    world.run(3);
    assert_eq!(world.requests()[1..], [format!("{HOST} 84.160.12.8")]);
}

#[test]
fn try_again_waits_for_no_network_to_settle() {
    let mut world = at_home(vec![entry(1, Records::Ipv4)]);
    unsettle(&mut world);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.report_change();
    world.run(5);
    world.try_again(HOME);
    world.run(3);
    assert_eq!(world.requests()[1..], [format!("{HOST} 84.160.12.8")]);
}

/// An address that was sent isn't sent again because somebody asks.
#[test]
fn update_now_at_every_moment_sends_each_address_once() {
    let mut world = at_home(vec![entry(1, Records::Ipv4)]);
    let mut expected = world.requests();
    for n in 8..20 {
        let address = format!("84.160.12.{n}");
        world.line.set(Family::Ipv4, Some(ip(&address)));
        expected.push(format!("{HOST} {address}"));
        for _ in 0..30 {
            world.update_now();
            world.run(1);
        }
    }
    assert_eq!(world.requests(), expected);
}

#[test]
fn what_a_server_asks_for_no_update_now_shortens() {
    let mut world = at_home(vec![entry(1, Records::Ipv4)]);
    world.server(SPDYN).mood = Mood::AsksToWait(429, HOUR);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.update_now();
    world.run(MINUTE);
    assert_eq!(world.sent.len(), 2);
    unsettle(&mut world);
    world.update_now();
    world.run(30 * MINUTE);
    assert_eq!(world.sent.len(), 2, "nobody hurries it");
}

#[test]
fn twenty_saved_tokens_are_no_look_up() {
    let mut world = at_home((1..=20).map(|n| entry(n, Records::Both)).collect());
    world.run(2 * MINUTE);
    let asked = world.asked.clone();
    for id in 1..=20 {
        world.portal_replaces_token(EntryId(id));
        world.save_right_secret(EntryId(id));
        world.run(2);
    }
    assert_eq!(world.asked, asked);
}

#[test]
fn a_saved_form_asks_the_sources_that_it_changes_and_no_other() {
    let mut world = at_home(vec![entry(1, Records::Both)]);
    let asked = world.asked.clone();
    world.edit(|form| form.entries[0].enabled = false);
    world.edit(|form| form.entries[0].enabled = true);
    world.edit(|form| form.publish_vpn = true);
    world.run(5);
    assert_eq!(world.asked, asked, "these change no source");
    world.edit(|form| form.resolver_ipv6 = "https://six.example.org/".into());
    world.run(5);
    assert_eq!(world.asked[&WEB4], asked[&WEB4]);
    assert_eq!(world.asked[&WEB6], asked[&WEB6] + 1);
    // A new source is asked, once.
    world.edit(|form| form.entries[0].address_from = AddressChoice::Router);
    world.run(5);
    assert!(world.asked.contains_key(&Source::router(Family::Ipv4)));
    // And where the rounds become shorter, the next one comes sooner.
    world.edit(|form| {
        form.entries[0].address_from = AddressChoice::Web;
        form.interval = "4 h".into();
    });
    world.run(5 * HOUR);
    let asked = world.asked[&WEB4];
    world.edit(|form| form.interval = "10 min".into());
    world.run(12 * MINUTE);
    assert!(world.asked[&WEB4] > asked);
}

#[test]
fn trouble_that_sent_nothing_holds_no_address_back_once_the_network_changed() {
    for mood in [Mood::Away, Mood::Untrusted] {
        let mut world = at_home(vec![entry(1, Records::Ipv4)]);
        world.server(SPDYN).mood = mood;
        world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
        world.report_change();
        world.run(5 * HOUR);
        assert!(matches!(world.status(1), Status::Failed { .. }), "{:?}", world.status(1));
        world.server(SPDYN).mood = Mood::Faithful;
        world.line.set(Family::Ipv4, Some(ip("84.160.12.9")));
        world.report_change();
        world.run(5);
        assert_eq!(world.live(HOME, Family::Ipv4), Some(ip("84.160.12.9")), "{mood:?}");
    }
}

#[test]
fn a_keyring_that_was_locked_holds_no_address_back_once_the_network_changed() {
    let mut world = at_home(vec![entry(1, Records::Ipv4)]);
    world.keyring.door = Door::Locked;
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.report_change();
    world.run(HOUR);
    // It was opened, and nobody heard of it.
    world.keyring.door = Door::Open;
    world.report_change();
    world.run(5);
    assert_eq!(world.live(HOME, Family::Ipv4), Some(ip("84.160.12.8")));
}

/// No network changed here: the web resolver is the first to notice.
#[test]
fn trouble_that_sent_nothing_is_over_when_a_web_resolver_is_back() {
    let mut world = at_home(vec![entry(1, Records::Ipv4)]);
    world.server(SPDYN).mood = Mood::Untrusted;
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.run(5 * HOUR);
    world.line.is_up = false;
    world.run(20 * MINUTE);
    world.server(SPDYN).mood = Mood::Faithful;
    world.line.is_up = true;
    world.run(90);
    assert_eq!(world.live(HOME, Family::Ipv4), Some(ip("84.160.12.8")));
}

/// What did reach the server keeps its wait: the service may count requests.
#[test]
fn trouble_that_reached_the_server_waits_whatever_the_network_does() {
    let mut world = at_home(vec![entry(1, Records::Ipv4)]);
    world.server(SPDYN).mood = Mood::Silent(CarriedOut::No);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.report_change();
    world.run(40);
    assert_eq!(world.sent.len(), 2);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.9")));
    world.report_change();
    world.run(4 * MINUTE);
    assert_eq!(world.sent.len(), 2);
}

#[test]
fn a_family_that_flaps_each_minute_leaves_the_other_one_its_rounds() {
    let mut world = at_home(vec![entry(1, Records::Both)]);
    world.line.router = Router::Truth;
    world.run(2 * MINUTE);
    let before = world.asked.clone();
    for minute in 0..180 {
        world.line.set(Family::Ipv4, Some(ip(["84.160.12.8", "84.160.12.9"][minute % 2])));
        world.run(MINUTE);
    }
    let asked = |source| world.asked[&source] - before[&source];
    assert!(asked(WEB4) > 150, "the router's news has it asked {} times", asked(WEB4));
    assert!((15..=20).contains(&asked(WEB6)), "IPv6 was asked for {} times in three hours", asked(WEB6));
}

/// Both families are asked together again soon after they got out of step, so that a reconnect is one request.
#[test]
fn rounds_that_got_out_of_step_are_together_again_after_one_round() {
    for minutes in 1..10 {
        let mut world = at_home(vec![entry(1, Records::Both)]);
        world.run(minutes * MINUTE);
        world.edit(|form| form.resolver_ipv4 = "https://four.example.org/".into());
        world.run(20 * MINUTE);
        let start = world.asked.clone();
        world.run(3 * HOUR);
        let asked = |source| world.asked[&source] - start[&source];
        assert_eq!(asked(WEB4), asked(WEB6));
        let sent = world.sent.len();
        world.line.addresses.ipv4 = Some(ip("84.160.12.8"));
        world.line.second = Some((ip("2003:e1::8"), Listed::Last));
        world.line.addresses.ipv6 = None;
        world.run(HOUR);
        assert_eq!(world.sent.len(), sent + 1, "{minutes} min: {:?}", world.requests());
    }
}

/// Changes come more often than a look-up takes, for an hour and more.
#[test]
fn in_a_network_that_never_settles_every_address_is_published_within_eleven_minutes() {
    for (every, delay) in [(1, 1), (2, 2), (2, 9), (5, 9), (10, 13), (13, 13)] {
        let mut world = at_home(vec![entry(1, Records::Both), entry(2, Records::Ipv4)]);
        world.line.delay = delay;
        for n in 8..12 {
            let address = ip(&format!("84.160.12.{n}"));
            world.line.set(Family::Ipv4, Some(address));
            let mut waited = 0;
            while world.live(HOME, Family::Ipv4) != Some(address) {
                world.report_change();
                world.run(every);
                waited += every;
                assert!(waited <= LONGEST, "every {every} s, look-ups of {} s: {address}", delay + 1);
            }
        }
    }
}

/// The interface's own address flaps as well, and the machine stays where it is.
#[test]
fn a_dialled_line_that_flaps_faster_than_a_look_up_takes_is_published_all_the_same() {
    let mut line = Line::with(Some(ip("84.160.12.7")), Some(ip("2003:e1::7")));
    line.is_dialled_here = true;
    let mut world = World::new(line, vec![entry(1, Records::Both)]);
    world.run(MINUTE);
    world.line.delay = 4;
    let mut published = Vec::new();
    for n in 0..HOUR / 2 {
        let address = ip(&format!("84.160.{}.{}", 13 + n / 200, n % 200 + 1));
        world.line.set(Family::Ipv4, Some(address));
        world.run(2);
        published.extend(world.live(HOME, Family::Ipv4));
    }
    published.dedup();
    assert!(published.len() > 5, "{published:?}");
    assert!(world.sent.len() <= 20, "{} requests within an hour", world.sent.len());
}

/// A café's address, asked for there, is never taken for home's, and neither is a VPN's.
#[test]
fn an_answer_from_another_network_never_counts_however_restless_it_is() {
    let mut world = at_home(vec![entry(1, Records::Ipv4)]);
    world.line.delay = 3;
    let homes = ip("84.160.12.7");
    for n in 0..600 {
        let at_home = n % 2 == 0;
        world.line.set(Family::Ipv4, Some(if at_home { homes } else { ip("91.3.4.5") }));
        world.line.whereabouts = Whereabouts::At(if at_home { "home" } else { "café" });
        world.run(2);
    }
    assert_eq!(world.sent.len(), 1, "{:?}", world.requests());
    let mut world = at_home(vec![entry(1, Records::Ipv4)]);
    world.line.delay = 3;
    for n in 0..600 {
        world.line.vpn = (n % 2 == 0).then(|| ip("45.80.1.9"));
        world.run(2);
    }
    assert_eq!(world.sent.len(), 1, "{:?}", world.requests());
}

#[test]
fn of_two_lasting_ipv6_addresses_the_published_one_stays_in_whatever_order_they_are_listed() {
    for choice in [AddressChoice::Web, AddressChoice::Interface] {
        for temporary in [None, Some(ip("2003:e1::bad"))] {
            let form = EntryForm { address_from: choice, ..entry(1, Records::Ipv6) };
            let mut world = at_home(vec![form]);
            let sent = world.requests();
            assert_eq!(sent, [format!("{HOST} 2003:e1::7")]);
            world.line.temporary = temporary;
            for listed in [Listed::First, Listed::Last, Listed::First, Listed::First, Listed::Last] {
                world.line.second = Some((ip("2003:e1::6"), listed));
                world.run(3 * MINUTE);
                if listed == Listed::First {
                    world.restart();
                }
                world.run(30 * MINUTE);
                assert_eq!(world.requests(), sent, "{choice:?}, {temporary:?}, {listed:?}");
            }
            // It is gone: the other one takes its place, and keeps it when the first one is back.
            world.line.set(Family::Ipv6, None);
            world.run(15 * MINUTE);
            world.line.set(Family::Ipv6, Some(ip("2003:e1::7")));
            world.run(15 * MINUTE);
            let there = world.live(HOME, Family::Ipv6);
            assert_eq!(there, Some(ip("2003:e1::6")), "{choice:?}, {temporary:?}");
        }
    }
}

/// The order of the list is no change of the network.
#[test]
fn another_order_of_the_list_asks_nobody() {
    let mut world = at_home(vec![entry(1, Records::Both)]);
    world.line.second = Some((ip("2003:e1::6"), Listed::First));
    world.run(MINUTE);
    let asked = world.asked.clone();
    for listed in [Listed::Last, Listed::First, Listed::Last] {
        world.line.second = Some((ip("2003:e1::6"), listed));
        world.run(5);
    }
    assert_eq!(world.asked, asked);
}

/// Any rhythm of changes, of look-ups and of people: an address that stays is published within the bound.
#[test]
fn whatever_the_rhythm_an_address_that_stays_is_published_within_eleven_minutes() {
    let rhythm = (1..70i64, 0..14i64, any::<bool>(), prop::option::of(20..200i64));
    TestRunner::new(config(60))
        .run(&rhythm, |(every, delay, is_dialled_here, presses)| {
            let mut world = at_home(vec![entry(1, Records::Both)]);
            world.line.is_dialled_here = is_dialled_here;
            world.line.delay = delay;
            let (mut passed, mut pressed) = (0, 0);
            for n in 8..11 {
                let address = ip(&format!("84.160.12.{n}"));
                world.line.set(Family::Ipv4, Some(address));
                let start = passed;
                while world.live(HOME, Family::Ipv4) != Some(address) {
                    world.report_change();
                    world.run(every);
                    passed += every;
                    if presses.is_some_and(|presses| passed - pressed >= presses) {
                        pressed = passed;
                        world.update_now();
                    }
                    assert!(passed - start <= LONGEST + every, "{address}");
                }
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

/// Found by thousands of random stories. One entry takes the interface's address, another one the web resolver's, and each
/// publishes its own of two: neither follows the other.
#[test]
fn of_two_published_addresses_each_entry_keeps_its_own() {
    // One address a request, so that the other entry publishes its own IPv6 address first.
    let by_interface = EntryForm {
        webresolver: false,
        provider: OWN_URL.to_owned(),
        update_url: "127.0.0.1:8245/nic/update?hostname={host}&myip={ip}".to_owned(),
        ..entry(1, Records::Both)
    };
    let by_resolver = EntryForm { webresolver: true, ..entry(2, Records::Ipv6) };
    let mut line = Line::with(Some(ip("84.160.12.7")), Some(ip("2003:e1::7")));
    line.is_dialled_here = true;
    line.second = Some((ip("2003:e1::6"), Listed::First));
    let mut world = World::new(line, vec![by_interface, by_resolver]);
    world.run(HOUR);
    assert_eq!(world.live(HOME, Family::Ipv6), Some(ip("2003:e1::6")));
    assert_eq!(world.live(EntryId(2), Family::Ipv6), Some(ip("2003:e1::7")));
    assert_eq!(world.sent.len(), 3, "each address was sent once");
}
