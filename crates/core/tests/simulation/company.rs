//! Many host names: each gets its turn, and none waits for another one's server.

use std::collections::BTreeSet;

use dyntray_core::settings::Records;
use dyntray_core::settings::form::EntryForm;
use dyntray_core::types::address::Family;
use dyntray_core::types::entry_id::EntryId;

use crate::world::line::Line;
use crate::world::service::{CarriedOut, Mood};
use crate::world::{HOUR, MINUTE, World, ip};

const HANGS: &str = "update.spdyn.de";
const ANSWERS: &str = "127.0.0.1:8245";

fn entry(number: usize, server: &str) -> EntryForm {
    EntryForm {
        hostname: format!("h{number}.spdns.de"),
        server: server.to_owned(),
        protocol: Records::Ipv4,
        ..EntryForm::default()
    }
}

fn world(entries: Vec<EntryForm>) -> World {
    let mut world = World::new(Line::with(Some(ip("84.160.12.7")), None), entries);
    world.assessed_every = 1000;
    world.server(HANGS).mood = Mood::Silent(CarriedOut::No);
    world
}

#[test]
fn at_a_server_that_hangs_every_host_name_is_tried_in_turn() {
    const HOSTS: usize = 300;
    let mut world = world((1..=HOSTS).map(|n| entry(n, HANGS)).collect());
    // Each hangs for half a minute.
    world.run(150 * MINUTE + MINUTE);
    let tried: BTreeSet<&str> = world.sent.iter().map(|sent| sent.hostname.as_str()).collect();
    assert_eq!(tried.len(), HOSTS, "of {} requests", world.sent.len());
    world.run(5 * HOUR);
    let of = |id: usize| world.sent.iter().filter(|sent| sent.hostname == format!("h{id}.spdns.de")).count();
    let (least, most) =
        (1..=HOSTS).map(of).fold((usize::MAX, 0), |(least, most), n| (least.min(n), most.max(n)));
    assert!(most - least <= 1, "one was tried {most} times and one {least}");
}

#[test]
fn a_host_name_at_a_server_that_answers_waits_for_none_at_a_server_that_hangs() {
    let mut entries: Vec<EntryForm> = (1..=200).map(|n| entry(n, HANGS)).collect();
    entries.push(entry(201, ANSWERS));
    let mut world = world(entries);
    world.run(5);
    assert_eq!(world.live(EntryId(201), Family::Ipv4), Some(ip("84.160.12.7")));
    for n in 8..12 {
        let address = ip(&format!("84.160.12.{n}"));
        world.line.set(Family::Ipv4, Some(address));
        world.report_change();
        world.run(10);
        assert_eq!(world.live(EntryId(201), Family::Ipv4), Some(address));
    }
}
