//! `cargo xtask simulate`: a hundred thousand homes whose lines all reconnect within the same ten minutes of a night,
//! and one home with thousands of host names, in virtual time. It prints the load on the services and draws the curve;
//! `docs/load.md` explains it.

mod chart;
mod client;
mod night;

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

use client::{Client, Sent};
use night::{Kind, Night};

/// The number of homes, and of host names in the one home.
const HOMES: usize = 100_000;
const HOSTS: usize = 2_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target".to_owned());
    println!("{HOMES} homes, whose lines all get another address between 03:00 and 03:10\n");
    println!(
        "| kind | updates | peak a second | mean of the busiest ten minutes | peak : mean | look-ups, peak a second | quiet peak of look-ups | half have followed after | all after | core, a client |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let mut curves = Vec::new();
    for kind in Kind::ALL {
        let began = Instant::now();
        let night = Night::of(kind, HOMES);
        let each = began.elapsed() / u32::try_from(HOMES)?;
        println!("| {} | {} | {each:.0?} |", kind.words(), night.row());
        curves.push((kind, night.updates));
    }
    let path = std::path::Path::new(&folder).join("load.svg");
    std::fs::write(&path, chart::draw(&curves))?;
    println!("\nThe curve is in {}\n", path.display());
    println!("One home with many host names, after a reconnect:\n");
    println!("| host names | updates | from the first to the last | steps of the core | time in the core |");
    println!("|---|---|---|---|---|");
    for hosts in [1, 100, HOSTS] {
        println!("{}", one_home(hosts));
    }
    Ok(())
}

/// A home with that many host names at one server, which answers within 0.2 s.
fn one_home(hosts: usize) -> String {
    let start = Timestamp::constant(1_800_000_000, 0);
    let settings = client::settings(hosts, client::Ask::Web);
    let mut client = Client::new(&settings, 1, start);
    let mut now = start;
    let mut due = client.advance(now).next;
    let mut settle = |client: &mut Client<'_>, until: Timestamp| {
        let (mut sent, mut steps) = (Vec::new(), 0u64);
        while due <= until {
            now = due;
            let done = client.advance(now);
            sent.extend(done.sent.into_iter().filter(|what| *what == Sent::Update).map(|_| now));
            steps += done.steps;
            due = done.next;
        }
        (sent, steps)
    };
    settle(&mut client, start + SignedDuration::from_hours(2));
    client.reconnect();
    let began = Instant::now();
    let (sent, steps) = settle(&mut client, start + SignedDuration::from_hours(4));
    let took = began.elapsed();
    let span = match (sent.first(), sent.last()) {
        (Some(first), Some(last)) => last.duration_since(*first),
        _ => SignedDuration::ZERO,
    };
    format!("| {hosts} | {} | {span:#} | {steps} | {took:.1?} |", sent.len())
}
