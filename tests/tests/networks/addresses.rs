//! The right address, at once: the lasting one, and the next one after a reconnect, a new prefix, or sleep.

use std::net::Ipv6Addr;
use std::time::Instant;

use dyntray_core::Snapshot;
use dyntray_core::observe::dns::Live;
use dyntray_core::observe::finding::{Basis, HoldReason, Outcome};
use dyntray_core::present::{EntryStatus, Mood, Status};
use dyntray_core::types::address::Family;
use dyntray_sandbox::Addresses;
use dyntray_stories::clock::WallClock;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::network::{NetworkHome, PrefixLife, addresses};
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Story};

use super::expect::{A_ROUND, NEXT, entry_that, home_of, outcome};

/// The home's prefix after a reconnect.
const NEXT_PREFIX: Ipv6Addr = Ipv6Addr::new(0x2003, 0xe1, 1, 0x2400, 0, 0, 0, 0);

#[tokio::test]
async fn the_lasting_address_is_published_seen_live_and_explained() -> Story {
    let Some(home) = home_of("why-this-address").await? else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    let (stable, temporary) = (home.networks.stable_ipv6().await?, home.networks.temporary_ipv6().await?);
    assert_ne!(stable, temporary);
    let expected = Addresses { ipv4: Some(addresses::HOME_IPV4), ipv6: Some(stable) };
    assert_eq!(home.published().await?, expected, "never the temporary one");
    let entry = entry_that(&home, "live records", PATIENCE, |entry| {
        entry.families.iter().all(|family| matches!(family.live, Live::Live { .. }))
    })
    .await?;
    let because = |family| match outcome(&entry, family) {
        Outcome::Publish { basis, .. } => Some(*basis),
        _ => None,
    };
    assert_eq!(because(Family::Ipv4), Some(Basis::TwoSources));
    assert_eq!(because(Family::Ipv6), Some(Basis::StableOfPrefix));
    assert_eq!(home.status().await?.homes, 1, "this network was learnt as home");
    let why = home.command(&["why"]).await?;
    let why = String::from_utf8(why.stdout)?;
    println!("{why}");
    for said in
        ["checkip4.spdyn.de", "checkip6.spdyn.de", "84.160.12.7", &stable.to_string(), &temporary.to_string()]
    {
        assert!(why.contains(said), "{said} isn't in:\n{why}");
    }
    Ok(())
}

#[tokio::test]
async fn the_routers_push_leads_to_an_update_at_once() -> Story {
    let Some(mut home) = home_of("routers-push").await? else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    let sent = home.updates().await?;
    home.networks.reconnect(NEXT).await?;
    let took = home.wait_until_published(PATIENCE, |now| now.ipv4 == Some(NEXT)).await?;
    println!("published {took:?} after the reconnect");
    entry_that(&home, "a green tick", PATIENCE, |entry| entry.status == Status::Fine).await?;
    assert_eq!(home.updates().await?, sent + 1, "a reconnect is one update");
    Ok(())
}

#[tokio::test]
async fn without_the_routers_events_it_is_asked_every_minute() -> Story {
    let Some(mut home) = home_of("silent-router").await? else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    home.networks.router_events_off().await?;
    home.networks.reconnect(NEXT).await?;
    let took = home.wait_until_published(A_ROUND, |now| now.ipv4 == Some(NEXT)).await?;
    println!("published {took:?} after the reconnect");
    Ok(())
}

#[tokio::test]
async fn a_new_prefix_is_followed_at_once_without_any_word_of_the_router() -> Story {
    let Some(mut home) = home_of("new-prefix").await? else { return Ok(()) };
    home.networks.router_upnp_off().await;
    let (_app, _portal, _token) = home.set_up().await?;
    let sent = home.updates().await?;
    home.networks.change_prefix(NEXT_PREFIX).await?;
    let begun = Instant::now();
    let next = home.networks.stable_ipv6().await?;
    let took = home.wait_until_published(PATIENCE, |now| now.ipv6 == Some(next)).await?;
    println!("published {took:?} after the prefix was there, {:?} with waiting", begun.elapsed());
    entry_that(&home, "a green tick", PATIENCE, |entry| entry.status == Status::Fine).await?;
    assert_eq!(home.updates().await?, sent + 1, "a new prefix is one update");
    Ok(())
}

#[tokio::test]
async fn the_name_of_a_nas_follows_the_homes_prefix_and_never_has_an_address_of_this_machine() -> Story {
    let Some(mut home) = home_of("nas").await? else { return Ok(()) };
    home.networks.router_upnp_off().await;
    let (_portal, token) = home.portal().await?;
    let _app = home.start_app()?;
    let mut form = home.form();
    form.entries[0].device = "18:2b:3c:4d:5e:6f".to_owned();
    home.save(form, &token).await?;
    home.wait_for_mood(Mood::Fine).await?;
    let nas = |own: Ipv6Addr| {
        let id = "::1a2b:3cff:fe4d:5e6f".parse::<Ipv6Addr>().map(Ipv6Addr::to_bits).unwrap_or_default();
        Ipv6Addr::from_bits(own.to_bits() >> 64 << 64 | id)
    };
    let first = nas(home.networks.stable_ipv6().await?);
    assert_eq!(home.published().await?, Addresses { ipv4: Some(addresses::HOME_IPV4), ipv6: Some(first) });
    let sent = home.updates().await?;
    home.networks.change_prefix(NEXT_PREFIX).await?;
    let next = nas(home.networks.stable_ipv6().await?);
    assert_ne!(first, next);
    let took = home.wait_until_published(PATIENCE, |now| now.ipv6 == Some(next)).await?;
    println!("published {took:?} after the prefix was there");
    entry_that(&home, "a green tick", PATIENCE, |entry| entry.status == Status::Fine).await?;
    assert_eq!(home.updates().await?, sent + 1, "a new prefix is one update");
    let why = String::from_utf8(home.command(&["why"]).await?.stdout)?;
    println!("{why}");
    assert!(why.contains("/64 is your home network's prefix, ::1a2b:3cff:fe4d:5e6f is the device"), "{why}");
    Ok(())
}

#[tokio::test]
async fn a_prefix_that_is_deprecated_is_never_published_anew_and_its_return_is_followed_at_once() -> Story {
    let Some(mut home) = home_of("deprecated-prefix").await? else { return Ok(()) };
    home.networks.router_upnp_off().await;
    let (_app, _portal, _token) = home.set_up().await?;
    let stable = home.networks.stable_ipv6().await?;
    let sent = home.updates().await?;
    let is_held =
        |entry: &EntryStatus| outcome(entry, Family::Ipv6).hold() == Some(HoldReason::NoStableAddress);
    home.networks.announce_by_dnsmasq(PrefixLife::Deprecated).await?;
    entry_that(&home, "an address that is held", PATIENCE, is_held).await?;
    let asked = home.command(&["update"]).await?;
    println!("{}", String::from_utf8_lossy(&asked.stdout));
    let why = String::from_utf8(home.command(&["why"]).await?.stdout)?;
    println!("{why}");
    assert!(why.contains("All IPv6 addresses that this computer has here will end soon."), "{why}");
    assert_eq!(home.published().await?.ipv6, Some(stable), "what was accepted is kept");
    assert_eq!(home.updates().await?, sent, "nothing was sent");
    // The same prefix returns, then another one.
    home.networks.announce_by_dnsmasq(PrefixLife::Preferred).await?;
    entry_that(&home, "the prefix that came back", PATIENCE, |entry| {
        entry.status == Status::Fine && outcome(entry, Family::Ipv6).address().is_some()
    })
    .await?;
    assert_eq!(home.updates().await?, sent, "the service has it already");
    Ok(())
}

#[tokio::test]
async fn after_an_hours_sleep_the_new_address_is_found_without_anybodys_word() -> Story {
    let story = NetworkHome::for_story(DesktopOptions::with_recorder(), "slept", &["faketime"]).await?;
    let Some(mut home) = story else { return Ok(()) };
    home.networks.router_upnp_off().await;
    let (_portal, token) = home.portal().await?;
    let clock = WallClock::start(home.desktop.folder())?.ok_or("faketime has no library")?;
    let mut app = home.start_app_with_clock(clock)?;
    home.save(home.form(), &token).await?;
    home.wait_for_mood(Mood::Fine).await?;
    home.networks.reconnect(NEXT).await?;
    app.sleep_an_hour()?;
    let took = home.wait_until_published(PATIENCE, |now| now.ipv4 == Some(NEXT)).await?;
    println!("published {took:?} after waking");
    Ok(())
}

#[tokio::test]
async fn dyntray_goes_on_after_the_machine_has_slept_for_an_hour() -> Story {
    let story = NetworkHome::for_story(DesktopOptions::with_recorder(), "sleep", &["faketime"]).await?;
    let Some(home) = story else { return Ok(()) };
    let (_portal, token) = home.portal().await?;
    let clock = WallClock::start(home.desktop.folder())?.ok_or("faketime has no library")?;
    let mut app = home.start_app_with_clock(clock)?;
    home.save(home.form(), &token).await?;
    let before = home.wait_for_mood(Mood::Fine).await?;
    let looked = |snapshot: &Snapshot| {
        let families = snapshot.entries.iter().flat_map(|entry| &entry.families);
        families.filter_map(|family| family.detected_at).max()
    };
    let before = looked(&before).ok_or("nothing was looked up")?;
    app.sleep_an_hour()?;
    let after = eventually("a look-up an hour later", PATIENCE, async || {
        home.command(&["update"]).await?;
        let after = looked(&home.status().await?);
        let an_hour = jiff::SignedDuration::from_hours(1);
        after.filter(|after| *after >= before + an_hour).ok_or_else(|| Error::NotThere(format!("{after:?}")))
    })
    .await?;
    println!("looked up at {before} and, after the sleep, at {after}");
    Ok(())
}
