//! The main job and its failures, one story each.

use dyntray_core::present::{Mood as Icon, Status};
use dyntray_core::protocol::reply::HaltReason;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::settings::form::EntryForm;
use dyntray_core::settings::{NoticeLevel, Records};
use dyntray_core::state::notice::{After, Cause, Notice};
use dyntray_core::types::address::Family;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::source::Source;

use crate::world::line::{Line, Telling};
use crate::world::service::{CarriedOut, Door, Mood};
use crate::world::{DAY, HOUR, MINUTE, PowerCut, World, YEAR, ip};

const HOME: EntryId = EntryId(1);
const SPDYN: &str = "update.spdyn.de";

fn line() -> Line {
    Line::with(Some(ip("84.160.12.7")), Some(ip("2003:e1::7")))
}

fn entry(hostname: &str, protocol: Records) -> EntryForm {
    EntryForm { hostname: hostname.to_owned(), protocol, ..EntryForm::default() }
}

/// A world with one entry for IPv4, up and running.
fn home() -> World {
    let mut world = World::new(line(), vec![entry("home.spdns.de", Records::Ipv4)]);
    world.run(MINUTE);
    assert_eq!(world.requests(), ["home.spdns.de 84.160.12.7"]);
    world
}

/// Gives the line a new IPv4 address, which the next look-up sees.
fn reconnect(world: &mut World, address: &str) {
    world.line.set(Family::Ipv4, Some(ip(address)));
    world.run(12 * MINUTE);
}

fn halted(reason: HaltReason) -> Cause {
    Cause::Halted { reason }
}

fn is_halted_for(world: &World, expected: &HaltReason) -> bool {
    matches!(world.status(1), Status::Halted { halt } if halt.reason == *expected)
}

#[test]
fn the_first_update_carries_both_addresses_and_then_there_is_quiet() {
    let mut world = World::new(line(), vec![entry("home.spdns.de", Records::Both)]);
    assert_eq!(world.status(1), Status::LookingUp);
    world.run(MINUTE);
    assert_eq!(world.requests(), ["home.spdns.de 84.160.12.7,2003:e1::7"]);
    assert_eq!(world.status(1), Status::Fine);
    assert_eq!(world.snapshot().mood, Icon::Fine);
    world.run(30 * DAY);
    assert_eq!((world.sent.len(), world.history.len()), (1, 1));
    let told: Vec<NoticeLevel> = world.notices.iter().map(level).collect();
    assert_eq!(told, [NoticeLevel::Problems, NoticeLevel::All, NoticeLevel::All], "sent, and live twice");
}

/// The lowest level at which a notice is shown.
fn level(notice: &Notice) -> NoticeLevel {
    let levels = [NoticeLevel::Off, NoticeLevel::Problems, NoticeLevel::Changes, NoticeLevel::All];
    levels.into_iter().find(|level| notice.is_told_at(*level)).expect("it is told somewhere")
}

/// The notices at each level after a person's action, a reconnect, a short failure and a long one.
#[test]
fn each_level_tells_what_it_says() {
    let mut world = World::new(line(), vec![entry("home.spdns.de", Records::Ipv4)]);
    world.port_53_is_blocked = true;
    world.run(HOUR);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.run(HOUR);
    world.server(SPDYN).mood = Mood::Away;
    world.line.set(Family::Ipv4, Some(ip("84.160.12.9")));
    world.run(12 * MINUTE);
    world.server(SPDYN).mood = Mood::Faithful;
    world.run(HOUR);
    world.server(SPDYN).mood = Mood::Away;
    world.line.set(Family::Ipv4, Some(ip("84.160.12.10")));
    world.run(4 * HOUR);
    world.server(SPDYN).mood = Mood::Faithful;
    world.run(2 * HOUR);
    let after = |cause: &Cause| match cause {
        Cause::Published { after, .. } => format!("{after:?}"),
        Cause::Failed { .. } => "Failed".to_owned(),
        Cause::Lasting { .. } => "Lasting".to_owned(),
        other => format!("{other:?}"),
    };
    let told: Vec<(String, NoticeLevel)> =
        world.causes().map(after).zip(world.notices.iter().map(level)).collect();
    let (problems, changes, all) = (NoticeLevel::Problems, NoticeLevel::Changes, NoticeLevel::All);
    let expected = [
        ("Deed", problems),
        ("Change", changes),
        ("Failed", all),
        ("Change", changes),
        ("Failed", all),
        ("Lasting", problems),
        ("Failure", problems),
    ];
    assert_eq!(told, expected.map(|(cause, level)| (cause.to_owned(), level)));
}

#[test]
fn a_new_version_is_looked_for_once_a_day_and_told_once_and_without_an_address_never() {
    let mut world = World::new(line(), vec![entry("home.spdns.de", Records::Ipv4)]);
    world.announced = "999.0.0".parse().ok();
    world.run(10 * DAY);
    assert_eq!(world.release_looks, 0, "nobody is asked unless the settings say so");
    world.edit(|form| form.releases = "https://example.org/dyntray.json".into());
    world.run(10 * DAY);
    assert!((9..=11).contains(&world.release_looks), "{} looks", world.release_looks);
    let programs: Vec<&Notice> = world.notices.iter().filter(|notice| notice.host().is_none()).collect();
    assert_eq!(programs.len(), 1, "{programs:?}");
    assert_eq!(world.snapshot().newer, world.announced);
    world.edit(|form| form.releases.clear());
    assert_eq!(world.snapshot().newer, None);
    world.announced = "0.0.1".parse().ok();
    world.edit(|form| form.releases = "https://example.org/other.json".into());
    world.run(DAY);
    assert_eq!(world.snapshot().newer, None, "an older one is no news");
}

#[test]
fn that_dyntray_goes_on_is_said_once_and_only_where_there_is_something_to_go_on_with() {
    let mut world = World::new(line(), Vec::new());
    world.close_window();
    assert_eq!(world.notices, []);
    let mut world = World::new(line(), vec![entry("home.spdns.de", Records::Ipv4)]);
    world.close_window();
    world.close_window();
    world.restart();
    world.close_window();
    assert_eq!(world.notices.iter().filter(|notice| notice.host().is_none()).count(), 1);
}

#[test]
fn a_reconnect_is_followed_by_one_request() {
    let mut world = World::new(line(), vec![entry("home.spdns.de", Records::Both)]);
    world.run(HOUR);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.line.set(Family::Ipv6, Some(ip("2003:e1::8")));
    world.run(12 * MINUTE);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8,2003:e1::8"]);
    assert_eq!(world.live(HOME, Family::Ipv6), Some(ip("2003:e1::8")));
}

#[test]
fn after_an_outage_both_new_addresses_go_in_one_request() {
    let mut world = World::new(line(), vec![entry("home.spdns.de", Records::Both)]);
    world.run(HOUR);
    world.line.is_up = false;
    world.run(5 * HOUR);
    assert!(matches!(world.status(1), Status::NoAddress { .. }));
    world.line.is_up = true;
    reconnect(&mut world, "84.160.12.8");
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8,2003:e1::7"]);
}

#[test]
fn a_replaced_token_halts_once_and_the_new_one_goes_on() {
    let mut world = home();
    world.portal_replaces_token(HOME);
    reconnect(&mut world, "84.160.12.8");
    assert!(is_halted_for(&world, &HaltReason::BadAuth));
    assert_eq!(world.snapshot().mood, Icon::NeedsYou);
    world.run(30 * DAY);
    world.restart();
    world.run(DAY);
    assert_eq!(world.sent.len(), 2);
    assert_eq!(world.complaints(), [&halted(HaltReason::BadAuth)]);

    world.save_right_secret(HOME);
    world.run(MINUTE);
    assert_eq!(world.requests()[2..], ["home.spdns.de 84.160.12.8"]);
    assert_eq!(world.status(1), Status::Fine);
}

#[test]
fn try_again_asks_for_the_address_first_and_is_not_fine_before_the_answer() {
    let mut world = home();
    world.server(SPDYN).mood = Mood::Says(200, "abuse", CarriedOut::No);
    reconnect(&mut world, "84.160.12.8");
    assert!(is_halted_for(&world, &HaltReason::Abuse));
    world.run(HOUR);
    world.server(SPDYN).mood = Mood::Faithful;
    world.line.set(Family::Ipv4, Some(ip("84.160.12.9")));
    world.try_again(HOME);
    assert_eq!(world.status(1), Status::Queued);
    world.run(MINUTE);
    assert_eq!(world.requests()[2..], ["home.spdns.de 84.160.12.9"]);
}

#[test]
fn a_time_out_is_unconfirmed_and_the_later_nochg_is_a_success() {
    let mut world = home();
    world.server(SPDYN).mood = Mood::Silent(CarriedOut::Yes);
    reconnect(&mut world, "84.160.12.8");
    let first = world.sent[1].at;
    world.server(SPDYN).mood = Mood::Faithful;
    world.run(10 * MINUTE);
    assert_eq!(world.requests()[2..], ["home.spdns.de 84.160.12.8"]);
    assert!(world.sent[2].at.duration_since(first).as_mins() >= 5);
    assert_eq!((world.server(SPDYN).nochg, world.status(1)), (1, Status::Fine));
    assert_eq!(world.complaints(), [] as [&Cause; 0]);
}

#[test]
fn an_address_that_came_back_while_another_was_unconfirmed_is_put_back() {
    let mut world = home();
    world.server(SPDYN).mood = Mood::Silent(CarriedOut::Yes);
    reconnect(&mut world, "91.3.4.5");
    assert_eq!(world.live(HOME, Family::Ipv4), Some(ip("91.3.4.5")));
    // Even another time-out doesn't make it certain again.
    world.server(SPDYN).mood = Mood::Silent(CarriedOut::No);
    reconnect(&mut world, "84.160.12.7");
    world.server(SPDYN).mood = Mood::Faithful;
    world.run(HOUR);
    assert_eq!(world.live(HOME, Family::Ipv4), Some(ip("84.160.12.7")));
    assert_eq!(world.status(1), Status::Fine);
}

#[test]
fn trouble_with_an_address_that_has_gone_again_is_none() {
    let mut world = home();
    world.server(SPDYN).mood = Mood::Away;
    reconnect(&mut world, "84.160.12.8");
    assert!(matches!(world.status(1), Status::Failed { error: RetryableError::Unreachable, .. }));
    reconnect(&mut world, "84.160.12.7");
    assert_eq!(world.status(1), Status::Fine);
    let sent = world.sent.len();
    world.server(SPDYN).mood = Mood::Faithful;
    world.run(DAY);
    assert_eq!(world.sent.len(), sent);
    // Months later it isn't a lasting failure.
    world.server(SPDYN).mood = Mood::Away;
    reconnect(&mut world, "84.160.12.8");
    assert_eq!(world.complaints(), [] as [&Cause; 0]);
}

#[test]
fn a_server_in_trouble_is_left_alone_for_half_an_hour_and_longer_each_time() {
    let mut world = home();
    // A server that was unreachable before doesn't make the first 911 count as a later one in a row.
    world.server(SPDYN).mood = Mood::Away;
    reconnect(&mut world, "84.160.12.8");
    world.server(SPDYN).mood = Mood::Says(200, "911", CarriedOut::No);
    world.run(15 * MINUTE);
    let before = world.sent.len();
    world.run(10 * HOUR);
    let times: Vec<_> = world.sent[before - 1..].iter().map(|sent| sent.at).collect();
    let waits: Vec<i64> = times.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_mins()).collect();
    assert_eq!(waits.len(), 4, "{waits:?}");
    for (wait, least) in waits.iter().zip([30, 60, 120, 240]) {
        assert!((least..least + least / 5 + 12).contains(wait), "{waits:?}");
    }
    let lasting = Cause::Lasting { error: RetryableError::Server { code: "911".into() } };
    assert_eq!(world.complaints(), [&lasting], "told once");
}

#[test]
fn back_off_survives_restarts() {
    let mut world = home();
    world.server(SPDYN).mood = Mood::Says(200, "911", CarriedOut::No);
    reconnect(&mut world, "84.160.12.8");
    let sent = world.sent.len();
    for _ in 0..10 {
        world.restart();
        world.run(MINUTE);
    }
    assert_eq!(world.sent.len(), sent);
}

#[test]
fn a_restart_sends_nothing_and_in_a_hurry_asks_nothing() {
    let mut world = home();
    let asked = world.look_ups;
    world.restart();
    world.run(HOUR);
    assert_eq!(world.sent.len(), 1);
    assert!(world.look_ups > asked);
    world.update_now();
    world.run(2);
    // The answer reaches the disk with the next change that isn't ephemeral.
    world.resume();
    let asked = world.look_ups;
    world.restart();
    world.run(MINUTE);
    assert_eq!(world.look_ups, asked);
}

#[test]
fn a_crash_while_sending_is_unconfirmed() {
    let mut world = home();
    world.power_fails_at.insert(PowerCut::NextSend);
    reconnect(&mut world, "84.160.12.8");
    world.run(6 * MINUTE);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8", "home.spdns.de 84.160.12.8"]);
    assert!(world.sent[2].at.duration_since(world.sent[1].at).as_mins() >= 5);
    assert_eq!(world.status(1), Status::Fine);
}

#[test]
fn two_entries_at_one_server_queue_however_it_is_spelt() {
    let other =
        EntryForm { server: "https://update.spdyn.de:443/".into(), ..entry("work.spdns.de", Records::Ipv4) };
    let mut world = World::new(line(), vec![entry("home.spdns.de", Records::Ipv4), other]);
    world.server(SPDYN).mood = Mood::Slow(20);
    world.run(10);
    assert_eq!(world.requests(), ["home.spdns.de 84.160.12.7"]);
    assert_eq!((world.status(1), world.status(2)), (Status::Sending, Status::Queued));
    world.run(MINUTE);
    assert_eq!(world.requests()[1..], ["work.spdns.de 84.160.12.7"]);
    assert_eq!(world.snapshot().mood, Icon::Fine);
}

#[test]
fn two_entries_at_one_address_queue_however_its_numbers_are_written() {
    let at = |hostname, server: &str| EntryForm { server: server.into(), ..entry(hostname, Records::Ipv4) };
    let entries = vec![at("home.spdns.de", "203.0.113.7"), at("work.spdns.de", "https://0xcb.28935/")];
    let mut world = World::new(line(), entries);
    world.server("203.0.113.7").mood = Mood::Slow(20);
    world.run(10);
    assert_eq!(world.requests(), ["home.spdns.de 84.160.12.7"]);
    assert_eq!((world.status(1), world.status(2)), (Status::Sending, Status::Queued));
    world.run(MINUTE);
    assert_eq!(world.requests()[1..], ["work.spdns.de 84.160.12.7"]);
}

#[test]
fn a_hanging_server_does_not_hold_up_another() {
    let other = EntryForm { server: "dyn.example.org".into(), ..entry("work.spdns.de", Records::Ipv4) };
    let mut world = World::new(line(), vec![entry("home.spdns.de", Records::Ipv4), other]);
    world.server(SPDYN).mood = Mood::Silent(CarriedOut::No);
    world.run(5);
    assert_eq!((world.status(1), world.status(2)), (Status::Sending, Status::Fine));
}

#[test]
fn one_host_name_with_a_token_for_each_record_is_two_entries() {
    let entries = vec![entry("home.spdns.de", Records::Ipv4), entry("home.spdns.de", Records::Ipv6)];
    let mut world = World::new(line(), entries);
    world.portal_replaces_token(EntryId(2));
    world.run(MINUTE);
    assert_eq!(world.requests(), ["home.spdns.de 84.160.12.7", "home.spdns.de 2003:e1::7"]);
    assert_eq!(world.status(1), Status::Fine);
    assert_eq!(world.snapshot().mood, Icon::NeedsYou, "the AAAA record's token is void");
    world.save_right_secret(EntryId(2));
    world.run(MINUTE);
    assert_eq!(world.status(2), Status::Fine);
}

#[test]
fn the_answer_of_a_server_that_was_left_is_ignored() {
    let mut world = home();
    world.server(SPDYN).mood = Mood::Slow(30);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.update_now();
    world.run(5);
    assert_eq!(world.status(1), Status::Sending);
    world.edit(|form| form.entries[0].server = "dyn.example.org".into());
    world.run(MINUTE);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8", "home.spdns.de 84.160.12.8"]);
    assert_eq!(world.live(HOME, Family::Ipv4), Some(ip("84.160.12.8")));
}

#[test]
fn a_refusal_of_the_secret_before_the_last_is_ignored() {
    let mut world = home();
    world.portal_replaces_token(HOME);
    world.server(SPDYN).mood = Mood::Slow(30);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.update_now();
    world.run(5);
    world.save_right_secret(HOME);
    world.run(2 * MINUTE);
    assert_eq!(world.status(1), Status::Fine);
    assert_eq!(world.complaints(), [] as [&Cause; 0]);
}

#[test]
fn a_locked_host_halts_even_if_the_secret_or_the_protocol_was_changed_meanwhile() {
    let mut world = home();
    world.server(SPDYN).mood = Mood::Says(200, "abuse", CarriedOut::No);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.update_now();
    world.run(1);
    assert_eq!(world.status(1), Status::Sending);
    world.save_right_secret(HOME);
    world.edit(|form| form.entries[0].protocol = Records::Both);
    world.run(HOUR);
    assert!(is_halted_for(&world, &HaltReason::Abuse));
    assert_eq!(world.sent.len(), 2);
}

#[test]
fn a_locked_keyring_is_told_once_and_the_update_goes_as_soon_as_it_is_back() {
    let mut world = home();
    world.keyring.door = Door::Locked;
    reconnect(&mut world, "84.160.12.8");
    world.run(5 * HOUR);
    assert_eq!(world.complaints(), [&Cause::Keyring { error: RetryableError::KeyringLocked }]);
    assert_eq!((world.sent.len(), world.snapshot().mood), (1, Icon::NeedsYou));
    world.unlock_keyring();
    world.run(5);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8"]);
}

#[test]
fn a_keyring_in_the_way_is_told_even_after_other_trouble_was() {
    let mut world = home();
    world.server(SPDYN).mood = Mood::Away;
    reconnect(&mut world, "84.160.12.8");
    world.run(3 * HOUR);
    world.keyring.door = Door::Locked;
    world.run(3 * HOUR);
    let told = [
        &Cause::Lasting { error: RetryableError::Unreachable },
        &Cause::Keyring { error: RetryableError::KeyringLocked },
    ];
    assert_eq!(world.complaints(), told);
}

#[test]
fn a_missing_secret_halts_without_a_request() {
    let mut world = home();
    world.keyring.secrets.remove(&HOME);
    reconnect(&mut world, "84.160.12.8");
    assert!(is_halted_for(&world, &HaltReason::SecretMissing { keyring: None }));
    assert_eq!(world.sent.len(), 1);
}

#[test]
fn a_secret_that_is_surely_gone_is_told_before_anything_is_due_and_a_new_one_ends_the_halt() {
    let mut world = home();
    world.keyring.secrets.remove(&HOME);
    world.restart();
    world.secret_is_gone(HOME);
    assert!(is_halted_for(&world, &HaltReason::SecretMissing { keyring: None }));
    world.secret_is_gone(HOME);
    assert!(world.snapshot().entries[0].secret.saved.is_none());
    world.save_right_secret(HOME);
    reconnect(&mut world, "84.160.12.8");
    assert_eq!((world.sent.len(), world.status(1)), (2, Status::Fine));
}

/// A host that is halted because another secret service, without its secret, answered once.
fn halted_without_its_secret() -> World {
    let mut world = home();
    world.keyring.secrets.remove(&HOME);
    reconnect(&mut world, "84.160.12.8");
    assert!(is_halted_for(&world, &HaltReason::SecretMissing { keyring: None }));
    world
}

#[test]
fn a_missing_secret_is_looked_for_again_at_start_on_update_and_when_the_keyring_changes() {
    let reasons: [fn(&mut World); 3] = [World::restart, World::update_now, World::unlock_keyring];
    for reason in reasons {
        let mut world = halted_without_its_secret();
        world.keyring.secrets.insert(HOME, 1);
        world.run(DAY);
        assert_eq!((world.secret_looks, world.sent.len()), (0, 1), "nobody polls the keyring");
        reason(&mut world);
        world.run(20);
        assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8"]);
        assert_eq!((world.secret_looks, world.status(1)), (1, Status::Fine));
        let is_told = |cause: &&Cause| matches!(cause, Cause::Published { after: After::Deed, .. });
        assert_eq!(world.causes().filter(is_told).count(), 2, "first of all, and after the halt");
    }
}

#[test]
fn a_secret_that_is_still_missing_is_told_once_and_nothing_is_sent() {
    let mut world = halted_without_its_secret();
    let reasons: [fn(&mut World); 3] = [World::restart, World::update_now, World::unlock_keyring];
    for reason in reasons.into_iter().cycle().take(9) {
        reason(&mut world);
        world.run(HOUR);
    }
    assert_eq!((world.secret_looks, world.sent.len()), (9, 1));
    assert_eq!(world.complaints(), [&Cause::Halted { reason: HaltReason::SecretMissing { keyring: None } }]);
}

#[test]
fn a_missing_secret_in_a_locked_keyring_is_looked_for_when_it_opens() {
    let mut world = halted_without_its_secret();
    world.keyring.secrets.insert(HOME, 1);
    world.keyring.door = Door::Locked;
    world.restart();
    world.run(HOUR);
    assert_eq!((world.secret_looks, world.sent.len()), (1, 1));
    world.unlock_keyring();
    world.run(20);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8"]);
}

#[test]
fn settings_from_another_machine_say_at_once_whose_secret_is_missing_and_each_goes_on_with_its_own() {
    let hosts = || vec![entry("home.spdns.de", Records::Ipv4), entry("nas.spdns.de", Records::Ipv4)];
    // Also where no address is known, and nothing could be sent.
    let mut cut = line();
    cut.is_up = false;
    let mut nowhere = World::with_settings_from_elsewhere(cut, hosts());
    nowhere.run(MINUTE);
    let missing = HaltReason::SecretMissing { keyring: None };
    for id in [1, 2] {
        assert!(matches!(nowhere.status(id), Status::Halted { halt } if halt.reason == missing));
    }
    assert_eq!((nowhere.snapshot().mood, nowhere.complaints().len()), (Icon::NeedsYou, 2));

    let mut world = World::with_settings_from_elsewhere(line(), hosts());
    world.run(MINUTE);
    assert_eq!((world.snapshot().mood, world.sent.len()), (Icon::NeedsYou, 0));
    world.save_right_secret(EntryId(2));
    world.run(MINUTE);
    assert_eq!(world.requests(), ["nas.spdns.de 84.160.12.7"]);
    assert!(matches!(world.status(1), Status::Halted { halt } if halt.reason == missing));
}

#[test]
fn a_secret_that_somebody_else_put_into_the_keyring_is_seen_at_the_start() {
    let mut world = World::with_settings_from_elsewhere(line(), vec![entry("home.spdns.de", Records::Ipv4)]);
    world.keyring.secrets.insert(HOME, 1);
    world.run(MINUTE);
    assert_eq!((world.secret_looks, world.status(1)), (1, Status::Fine));
    assert!(world.snapshot().entries[0].secret.saved.is_some());
    world.restart();
    world.run(MINUTE);
    assert_eq!(world.secret_looks, 1, "it was seen");
}

#[test]
fn a_refusal_stays_however_often_the_keyring_changes() {
    let mut world = home();
    world.portal_replaces_token(HOME);
    reconnect(&mut world, "84.160.12.8");
    assert!(is_halted_for(&world, &HaltReason::BadAuth));
    world.unlock_keyring();
    world.update_now();
    world.restart();
    world.run(HOUR);
    assert!(is_halted_for(&world, &HaltReason::BadAuth));
    assert_eq!((world.secret_looks, world.sent.len()), (0, 2));
}

#[test]
fn a_combined_request_waits_for_both_look_ups() {
    let mut world = World::new(line(), vec![entry("home.spdns.de", Records::Both)]);
    world.line.source_tells(Source::web_resolver(Family::Ipv6), Telling::Silence);
    world.run(14);
    assert_eq!(world.sent.len(), 0, "IPv6 may still be told");
    world.line.source_tells(Source::web_resolver(Family::Ipv6), Telling::Truth);
    world.run(MINUTE);
    world.update_now();
    world.run(5);
    assert_eq!(world.requests(), ["home.spdns.de 84.160.12.7,2003:e1::7"]);
}

#[test]
fn without_ipv6_the_ipv4_address_goes_alone_and_at_once() {
    let mut world =
        World::new(Line::with(Some(ip("84.160.12.7")), None), vec![entry("home.spdns.de", Records::Both)]);
    world.run(10);
    assert_eq!(world.requests(), ["home.spdns.de 84.160.12.7"]);
    assert_eq!(world.status(1), Status::Fine);
    reconnect(&mut world, "84.160.12.8");
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8"]);
}

#[test]
fn a_failed_look_up_changes_nothing() {
    let mut world = home();
    for text in ["192.168.1.5", "<html>84.160.12.9</html>", "", "FW 7.28.1.9"] {
        world.line.source_tells(Source::web_resolver(Family::Ipv4), Telling::Text(text));
        world.run(HOUR);
        assert!(matches!(world.status(1), Status::NoAddress { why: Some(_) }), "{text}");
    }
    world.line.source_tells(Source::web_resolver(Family::Ipv4), Telling::Truth);
    world.run(HOUR);
    assert_eq!((world.sent.len(), world.status(1)), (1, Status::Fine));
}

#[test]
fn a_pause_with_an_end_ends_by_itself_even_if_the_clock_was_set_back() {
    for clock in [0, -YEAR] {
        let mut world = home();
        world.pause(Some(HOUR));
        reconnect(&mut world, "84.160.12.8");
        assert_eq!((world.sent.len(), world.status(1)), (1, Status::Paused));
        world.set_clock(clock);
        world.run(62 * MINUTE);
        assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8"], "clock by {clock} s");
    }
}

#[test]
fn a_clock_set_back_a_year_does_not_stop_updates() {
    let mut world = home();
    world.set_clock(-YEAR);
    world.run(MINUTE);
    reconnect(&mut world, "84.160.12.8");
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8"]);
    world.server(SPDYN).mood = Mood::Silent(CarriedOut::No);
    reconnect(&mut world, "84.160.12.9");
    world.set_clock(-YEAR);
    world.server(SPDYN).mood = Mood::Faithful;
    world.run(3 * HOUR);
    assert_eq!(world.status(1), Status::Fine);
}

#[test]
fn another_updater_is_told_once_when_the_address_keeps_being_there_already() {
    let mut world = home();
    for number in 1..=6u8 {
        let address = format!("91.3.4.{number}");
        let records = world.server(SPDYN).records.entry("home.spdns.de".into()).or_default();
        records.ipv4 = Some(ip(&address));
        reconnect(&mut world, &address);
    }
    assert_eq!(world.server(SPDYN).nochg, 6);
    assert_eq!(world.complaints(), [&Cause::AnotherUpdater]);
}

#[test]
fn nochg_of_our_own_making_accuses_nobody() {
    let mut world = home();
    for number in 1..=5 {
        world.server(SPDYN).mood = Mood::Silent(CarriedOut::Yes);
        reconnect(&mut world, &format!("91.3.4.{number}"));
        world.server(SPDYN).mood = Mood::Faithful;
        world.run(HOUR);
    }
    assert_eq!(world.server(SPDYN).nochg, 5);
    assert_eq!(world.complaints(), [] as [&Cause; 0]);
}

#[test]
fn a_look_up_of_a_resolver_that_was_replaced_meanwhile_does_not_count() {
    let mut world = home();
    world.line.set(Family::Ipv4, Some(ip("91.3.4.5")));
    world.update_now();
    world.run(0);
    world.line.set(Family::Ipv4, Some(ip("84.160.12.8")));
    world.edit(|form| form.resolver_ipv4 = "https://other.example.org/".into());
    world.run(MINUTE);
    assert_eq!(world.requests()[1..], ["home.spdns.de 84.160.12.8"]);
}
