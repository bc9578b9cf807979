//! The time from a changed line to the update at the server, on real networks: by the router's push, by the operating
//! system's notice alone, and by polling.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use dyntray_core::present::Mood;
use dyntray_sandbox::Addresses;
use dyntray_stories::Story;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::network::NetworkHome;

use super::figures::{Figures, Goal, Unit};

/// The number of changes that are noticed at once.
const CHANGES: u8 = 20;
/// The number of changes that are found by polling.
const WAITS: u8 = 3;
/// An upper bound for any change.
const LONGEST: Duration = Duration::from_mins(2);
/// Pushes of the router are read two seconds apart, and a reconnect leads to two of them.
const BETWEEN: Duration = Duration::from_millis(4_500);

/// Measures medians.
pub async fn measure(figures: &mut Figures) -> Story {
    let story = NetworkHome::for_story(DesktopOptions::default(), "bench-reconnect", &[]).await?;
    let Some(mut home) = story else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;

    let mut pushed = Vec::new();
    for number in 1..=CHANGES {
        pushed.push(reconnect(&mut home, [84, 160, 99, number].into()).await?);
    }
    add(figures, "reconnect at the server, by the router's push", pushed);

    home.networks.router_events_off().await?;
    let mut asked = Vec::new();
    for number in 1..=WAITS {
        asked.push(reconnect(&mut home, [84, 160, 98, number].into()).await?);
    }
    add(figures, "reconnect at the server, by asking the router", asked);

    home.networks.router_upnp_off().await;
    let mut told = Vec::new();
    for number in 1..=CHANGES {
        // A system keeps a limited number of addresses: two prefixes take turns.
        let prefix = Ipv6Addr::new(0x2003, 0xe1, 1, 0x2400 + u16::from(number % 2), 0, 0, 0, 0);
        quiet(&home).await?;
        home.networks.change_prefix(prefix).await?;
        let began = Instant::now();
        let next = home.networks.stable_ipv6().await?;
        until(&home, |now| now.ipv6 == Some(next)).await?;
        told.push(began.elapsed());
    }
    add(figures, "new IPv6 prefix at the server, by the system's word", told);
    Ok(())
}

async fn reconnect(home: &mut NetworkHome, next: Ipv4Addr) -> Story<Duration> {
    quiet(home).await?;
    home.networks.reconnect(next).await?;
    let began = Instant::now();
    until(home, |now| now.ipv4 == Some(next)).await?;
    Ok(began.elapsed())
}

/// A person asks for an update, so that no change is damped as flapping; then all is quiet.
async fn quiet(home: &NetworkHome) -> Story {
    home.command(&["update"]).await?;
    home.wait_for_mood(Mood::Fine).await?;
    tokio::time::sleep(BETWEEN).await;
    Ok(())
}

async fn until(home: &NetworkHome, wanted: impl Fn(Addresses) -> bool) -> Story {
    let began = Instant::now();
    while !wanted(home.published().await?) {
        if began.elapsed() > LONGEST {
            return Err("the new address never reached the server".into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

fn add(figures: &mut Figures, what: &str, mut took: Vec<Duration>) {
    took.sort();
    figures.add(what, took[took.len() / 2].as_secs_f64() * 1000.0, Unit::Milliseconds, Goal::None);
}
