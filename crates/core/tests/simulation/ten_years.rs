//! The long life of one home line: its cost to the service, and the absence of unneeded requests.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Instant;

use dyntray_core::present::Status;
use dyntray_core::settings::form::EntryForm;
use dyntray_core::state::notice::Cause;
use dyntray_core::types::address::Family;
use dyntray_core::types::backoff::chance;
use dyntray_core::types::entry_id::EntryId;

use crate::world::line::Line;
use crate::world::service::{CarriedOut, Mood};
use crate::world::{DAY, HOUR, MINUTE, World};

const SERVER: &str = "update.spdyn.de";
const DAYS: i64 = 3652;
/// The time between two look-ups, longer than usual to keep the test short.
const INTERVAL: i64 = 30 * MINUTE;

/// The events around the program in those years.
#[derive(Default)]
struct Told {
    reconnects: usize,
    seen: usize,
    outages: usize,
    faults: usize,
    restarts: usize,
    sleeps: usize,
}

/// Random numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 += 1;
        chance(2_026, self.0) % sides
    }

    fn once_in(&mut self, days: u64) -> bool {
        self.below(days) == 0
    }
}

/// Gives the line its next lease: a new IPv4 address and a new IPv6 prefix, never the ones before.
fn reconnect(line: &mut Line, number: usize) {
    let [.., high, low] = u32::try_from(number).expect("few reconnects").to_be_bytes();
    line.set(Family::Ipv4, Some(IpAddr::V4(Ipv4Addr::new(84, 160, high, low))));
    let prefix = u16::from_be_bytes([high, low]);
    let address = Ipv6Addr::new(0x2003, 0xe1, prefix, 1, 0, 0, 0, 7);
    line.set(Family::Ipv6, Some(IpAddr::V6(address)));
}

/// A fault that a server has for a while.
fn fault(dice: &mut Dice) -> Mood {
    match dice.below(5) {
        0 => Mood::Says(200, "911", CarriedOut::No),
        1 => Mood::Says(502, "<html>Bad gateway</html>", CarriedOut::No),
        2 => Mood::Silent(CarriedOut::Yes),
        3 => Mood::Silent(CarriedOut::No),
        _ => Mood::Away,
    }
}

/// Runs one day from noon to noon, with the forced reconnect in the night.
fn one_day(world: &mut World, dice: &mut Dice, told: &mut Told) {
    world.run(15 * HOUR);
    if !dice.once_in(12) {
        let server_is_faulty = dice.once_in(40);
        if server_is_faulty {
            told.faults += 1;
            world.server(SERVER).mood = fault(dice);
        }
        told.reconnects += 1;
        world.line.is_up = false;
        world.run(MINUTE);
        reconnect(&mut world.line, told.reconnects);
        world.line.is_up = true;
        world.run(HOUR);
        world.server(SERVER).mood = Mood::Faithful;
    }
    if dice.once_in(20) {
        told.restarts += 1;
        world.restart();
    }
    if dice.once_in(90) {
        told.outages += 1;
        world.line.is_up = false;
        world.run(2 * HOUR);
        world.line.is_up = true;
    }
    if dice.once_in(7) {
        told.sleeps += 1;
        world.sleep(5 * HOUR);
    }
    world.run(8 * HOUR);
    told.seen += usize::from(world.status(1) == Status::Fine);
}

#[test]
fn ten_years_of_a_home_line_run_in_seconds() {
    let began = Instant::now();
    let mut line = Line::with(None, None);
    reconnect(&mut line, 0);
    let home = EntryForm { hostname: "home.spdns.de".into(), ..EntryForm::default() };
    let mut world = World::new(line, vec![home]);
    world.assessed_every = 16;
    world.edit(|form| form.interval = format!("{INTERVAL} s"));
    let (mut dice, mut told) = (Dice(0), Told::default());
    world.run(HOUR);
    for _ in 0..DAYS {
        one_day(&mut world, &mut dice, &mut told);
    }
    let addresses = told.reconnects + 1;
    let mut different: Vec<String> = world.requests();
    let repeats = different.len() - addresses;
    different.sort();
    different.dedup();
    let nochg = world.server(SERVER).nochg;
    let lasting = world.complaints().len();
    println!(
        "ten years: {addresses} addresses, {} requests ({repeats} of them retries, {nochg} nochg), {} look-ups, \
         {} outages, {} server faults, {} restarts, {} sleeps, {lasting} notices of failures, {:.1} s",
        world.sent.len(),
        world.look_ups,
        told.outages,
        told.faults,
        told.restarts,
        told.sleeps,
        began.elapsed().as_secs_f64(),
    );

    // One family may come back seconds before the other.
    let in_two_parts = different.len() - addresses;
    assert!(in_two_parts <= addresses / 500, "{in_two_parts} changes went in two requests");
    assert!(repeats <= 6 * told.faults, "only a faulty server is asked twice");
    assert!(nochg <= told.faults, "nochg comes only from a server that had kept its success to itself");
    let accepted = world.causes().filter(|cause| matches!(cause, Cause::Published { .. })).count();
    assert_eq!(accepted, different.len(), "each was accepted once, and told once");
    assert!(
        world.complaints().iter().all(|cause| matches!(cause, Cause::Lasting { .. })),
        "another updater is never suspected, and nothing halts: {:?}",
        world.complaints()
    );
    let budget = usize::try_from(DAYS * DAY / INTERVAL).expect("positive") * 2;
    let (waking, soon_again) = (told.restarts + told.sleeps, told.outages + told.reconnects);
    assert!(world.look_ups <= budget + 2 * waking + 20 * soon_again, "{} look-ups", world.look_ups);
    assert_eq!(told.seen, usize::try_from(DAYS).expect("positive"), "every noon all is fine");
    for family in Family::BOTH {
        assert_eq!(world.live(EntryId(1), family), *world.line.addresses.get(family));
    }
}
