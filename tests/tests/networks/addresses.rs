//! The right address, at once, and the truth about it, told on real networks: a home behind its router, the provider,
//! the zone's name servers, a VPN, a café.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use dyntray_control::Request;
use dyntray_core::address::Family;
use dyntray_core::agree::{Because, Hold, Outcome};
use dyntray_core::diagnose::Diagnosis;
use dyntray_core::live::Live;
use dyntray_core::present::{EntryStatus, Mood, Status};
use dyntray_sandbox::Addresses;
use dyntray_stories::app::App;
use dyntray_stories::desktop::{DesktopOptions, Notifications};
use dyntray_stories::home::{HOST, field};
use dyntray_stories::network::{NetworkHome, SecurePort, addresses};
use dyntray_stories::notices::Notice;
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE};

type Told<T> = Result<T, Box<dyn std::error::Error>>;
type Story = Told<()>;

/// The home's IPv4 address after a reconnect.
const NEXT: Ipv4Addr = Ipv4Addr::new(84, 160, 99, 1);
/// The home's prefix after a reconnect.
const NEXT_PREFIX: Ipv6Addr = Ipv6Addr::new(0x2003, 0xe1, 1, 0x2400, 0, 0, 0, 0);
/// Longer than any round of look-ups that isn't the regular one of ten minutes.
const A_ROUND: Duration = Duration::from_secs(100);

fn options() -> DesktopOptions {
    DesktopOptions { notifications: Notifications::Recorder, ..DesktopOptions::default() }
}

/// The story's home; none where it has to be skipped, which is said.
async fn home_of(story: &str) -> Told<Option<NetworkHome>> {
    if NetworkHome::skipped(story, &options()) {
        return Ok(None);
    }
    Ok(Some(NetworkHome::start(options(), story).await?))
}

/// Dyntray with its entry saved, on a line where it won't turn green.
async fn saved(home: &NetworkHome) -> Told<App> {
    let (_portal, token) = home.portal().await?;
    let app = home.start_app()?;
    home.save(home.form(), &token).await?;
    Ok(app)
}

/// Waits until the one entry is as wanted, and gives it.
async fn entry_that(
    home: &NetworkHome,
    what: &str,
    patience: Duration,
    wanted: impl Fn(&EntryStatus) -> bool,
) -> Told<EntryStatus> {
    let found = eventually(what, patience, async || {
        let entry = home.status().await?.entries.remove(0);
        if wanted(&entry) { Ok(entry) } else { Err(Error::NotThere(format!("{entry:#?}"))) }
    });
    Ok(found.await?)
}

/// Waits until the network is said to be like that.
async fn diagnosed(home: &NetworkHome, expected: &Diagnosis) -> Story {
    eventually(&format!("{expected:?}"), A_ROUND, async || {
        let snapshot = home.status().await?;
        if snapshot.diagnoses.contains(expected) {
            return Ok(());
        }
        Err(Error::NotThere(format!("{:?} {:#?}", snapshot.diagnoses, snapshot.entries)))
    })
    .await?;
    Ok(())
}

/// The same, asking for an update again and again: within seconds of a look-up there is no other.
async fn asked_until(home: &NetworkHome, expected: &Diagnosis) -> Story {
    eventually(&format!("{expected:?}"), A_ROUND, async || {
        home.command(&["update"]).await?;
        let found = home.status().await?.diagnoses;
        if found.contains(expected) { Ok(()) } else { Err(Error::NotThere(format!("{found:?}"))) }
    })
    .await?;
    Ok(())
}

async fn published_within(
    home: &NetworkHome,
    patience: Duration,
    wanted: impl Fn(Addresses) -> bool,
) -> Told<Duration> {
    let begun = Instant::now();
    eventually("the address to be published", patience, async || {
        let published = home.published().await?;
        if wanted(published) {
            return Ok(());
        }
        Err(Error::NotThere(format!("{published} {:#?}", home.status().await?.entries)))
    })
    .await?;
    Ok(begun.elapsed())
}

fn outcome(entry: &EntryStatus, family: Family) -> &Outcome {
    let mut families = entry.families.iter();
    &families.find(|seen| seen.family == family).expect("a family that it keeps").why.outcome
}

#[tokio::test]
async fn the_lasting_address_is_published_seen_live_and_explained() -> Story {
    let Some(home) = home_of("why-this-address").await? else {
        return Ok(());
    };
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
        Outcome::Publish { because, .. } => Some(*because),
        _ => None,
    };
    assert_eq!(because(Family::Ipv4), Some(Because::TwoSources));
    assert_eq!(because(Family::Ipv6), Some(Because::StableOfPrefix));
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
    let Some(mut home) = home_of("routers-push").await? else {
        return Ok(());
    };
    let (_app, _portal, _token) = home.set_up().await?;
    let sent = home.updates().await?;
    home.networks.reconnect(NEXT).await?;
    let took = published_within(&home, PATIENCE, |now| now.ipv4 == Some(NEXT)).await?;
    println!("published {took:?} after the reconnect");
    entry_that(&home, "a green tick", PATIENCE, |entry| entry.status == Status::Fine).await?;
    assert_eq!(home.updates().await?, sent + 1, "a reconnect is one update");
    Ok(())
}

#[tokio::test]
async fn without_the_routers_events_it_is_asked_every_minute() -> Story {
    let Some(mut home) = home_of("silent-router").await? else {
        return Ok(());
    };
    let (_app, _portal, _token) = home.set_up().await?;
    home.networks.router_events_off().await?;
    home.networks.reconnect(NEXT).await?;
    let took = published_within(&home, A_ROUND, |now| now.ipv4 == Some(NEXT)).await?;
    println!("published {took:?} after the reconnect");
    Ok(())
}

#[tokio::test]
async fn a_new_prefix_is_followed_at_once_without_any_word_of_the_router() -> Story {
    let Some(mut home) = home_of("new-prefix").await? else {
        return Ok(());
    };
    home.networks.router_upnp_off().await;
    let (_app, _portal, _token) = home.set_up().await?;
    let sent = home.updates().await?;
    home.networks.change_prefix(NEXT_PREFIX).await?;
    let begun = Instant::now();
    let next = home.networks.stable_ipv6().await?;
    let took = published_within(&home, PATIENCE, |now| now.ipv6 == Some(next)).await?;
    println!("published {took:?} after the prefix was there, {:?} with waiting", begun.elapsed());
    entry_that(&home, "a green tick", PATIENCE, |entry| entry.status == Status::Fine).await?;
    assert_eq!(home.updates().await?, sent + 1, "a new prefix is one update");
    Ok(())
}

#[tokio::test]
async fn a_vpn_is_named_and_what_it_leads_to_is_held_until_it_is_gone() -> Story {
    let Some(mut home) = home_of("vpn-held").await? else {
        return Ok(());
    };
    let (_app, _portal, _token) = home.set_up().await?;
    let (sent, published) = (home.updates().await?, home.published().await?);
    home.networks.vpn_up().await?;
    diagnosed(&home, &Diagnosis::Vpn).await?;
    let held = entry_that(&home, "a held address", PATIENCE, |entry| {
        entry.status == Status::Held { hold: Hold::Vpn }
    })
    .await?;
    assert_eq!(outcome(&held, Family::Ipv4).hold(), Some(Hold::Vpn));
    home.command(&["update"]).await?;
    assert_eq!((home.updates().await?, home.published().await?), (sent, published));
    home.networks.vpn_down().await?;
    home.wait_for_mood(Mood::Fine).await?;
    assert_eq!((home.updates().await?, home.published().await?), (sent, published));
    Ok(())
}

#[tokio::test]
async fn in_a_cafe_updates_pause_with_one_notice_until_it_is_called_home_too() -> Story {
    let Some(mut home) = home_of("cafe-paused").await? else {
        return Ok(());
    };
    let (_app, _portal, _token) = home.set_up().await?;
    let (sent, published) = (home.updates().await?, home.published().await?);
    home.networks.to_cafe().await?;
    diagnosed(&home, &Diagnosis::Elsewhere).await?;
    home.command(&["update"]).await?;
    assert_eq!((home.updates().await?, home.published().await?), (sent, published));
    let is_it = |notice: &Notice| notice.summary == "Not at home";
    let told = home.desktop.notices().wait_for("of another network", PATIENCE, is_it).await?;
    println!("told: {told:?}");
    home.ask(&Request::ThisIsHome).await?;
    published_within(&home, PATIENCE, |now| now.ipv4 == Some(addresses::CAFE_IPV4)).await?;
    home.networks.to_home().await?;
    published_within(&home, A_ROUND, |now| now.ipv4 == Some(addresses::HOME_IPV4)).await?;
    assert_eq!(home.status().await?.homes, 2);
    assert_eq!(home.desktop.notices().all().iter().filter(|notice| is_it(notice)).count(), 1, "told once");
    Ok(())
}

#[tokio::test]
async fn shared_addresses_and_routers_behind_routers_are_named() -> Story {
    let Some(mut home) = home_of("shared-named").await? else {
        return Ok(());
    };
    home.networks.router_upnp_outspoken().await?;
    home.networks.carrier_nat().await?;
    let _app = saved(&home).await?;
    let stable = home.networks.stable_ipv6().await?;
    diagnosed(&home, &Diagnosis::SharedAddress { ipv6: true }).await?;
    published_within(&home, PATIENCE, |now| now == Addresses { ipv4: None, ipv6: Some(stable) }).await?;
    let entry = entry_that(&home, "a green tick", PATIENCE, |entry| entry.status == Status::Fine).await?;
    assert_eq!(outcome(&entry, Family::Ipv4).hold(), Some(Hold::Shared));

    home.networks.double_nat().await?;
    diagnosed(&home, &Diagnosis::DoubleNat).await?;
    published_within(&home, PATIENCE, |now| now.ipv4 == Some(addresses::HOME_IPV4)).await?;
    Ok(())
}

#[tokio::test]
async fn ds_lite_is_named_and_ipv6_goes_out() -> Story {
    let Some(mut home) = home_of("ds-lite-named").await? else {
        return Ok(());
    };
    home.networks.router_upnp_outspoken().await?;
    home.networks.ds_lite().await?;
    let _app = saved(&home).await?;
    let stable = home.networks.stable_ipv6().await?;
    diagnosed(&home, &Diagnosis::SharedAddress { ipv6: true }).await?;
    published_within(&home, PATIENCE, |now| now == Addresses { ipv4: None, ipv6: Some(stable) }).await?;
    Ok(())
}

#[tokio::test]
async fn a_sign_in_page_is_named_and_nothing_of_it_is_published() -> Story {
    let Some(mut home) = home_of("sign-in-named").await? else {
        return Ok(());
    };
    home.networks.captive_portal_on(SecurePort::WrongCertificate).await?;
    let _app = saved(&home).await?;
    diagnosed(&home, &Diagnosis::SignInPage).await?;
    assert_eq!((home.updates().await?, home.published().await?), (0, Addresses::default()));
    home.networks.captive_portal_off().await?;
    home.command(&["update"]).await?;
    published_within(&home, A_ROUND, |now| now.ipv4 == Some(addresses::HOME_IPV4)).await?;
    Ok(())
}

#[tokio::test]
async fn no_internet_and_blocked_names_are_two_things() -> Story {
    let Some(mut home) = home_of("no-internet").await? else {
        return Ok(());
    };
    let (_app, _portal, _token) = home.set_up().await?;
    home.networks.block_dns().await?;
    asked_until(&home, &Diagnosis::DnsBlocked).await?;
    home.networks.allow_dns().await?;
    entry_that(&home, "a green tick", A_ROUND, |entry| entry.status == Status::Fine).await?;
    home.networks.unplug().await?;
    asked_until(&home, &Diagnosis::NoInternet).await?;
    home.networks.plug().await?;
    entry_that(&home, "a green tick", A_ROUND, |entry| entry.status == Status::Fine).await?;
    Ok(())
}

#[tokio::test]
async fn somebody_elses_record_is_told_and_set_right_once() -> Story {
    let Some(home) = home_of("somebody-else").await? else {
        return Ok(());
    };
    let (_app, _portal, token) = home.set_up().await?;
    let published = home.published().await?;
    let is_live =
        |entry: &EntryStatus| entry.families.iter().all(|family| matches!(family.live, Live::Live { .. }));
    entry_that(&home, "live records", PATIENCE, is_live).await?;
    let sent = home.updates().await?;
    // Another updater somewhere in the world has the same token.
    let ca = home.networks.ca_file().display().to_string();
    let login = format!("{HOST}:{token}");
    let url = format!("https://update.spdyn.de/nic/update?hostname={HOST}&myip=5.9.1.2");
    let there = format!("update.spdyn.de:443:{}", addresses::SPDYN_IPV4);
    let update = ["-sS", "-m", "5", "-4", "--resolve", &there, "--cacert", &ca, "-u", &login, &url];
    assert_eq!(home.networks.internet().run("curl", &update).await?, "good 5.9.1.2");
    eventually("the foreign record in the world", PATIENCE, async || {
        home.live().await.is_ok_and(|live| live.ipv4 == Some(Ipv4Addr::new(5, 9, 1, 2)))
    })
    .await?;
    // The name servers are asked now and then; asking for an update asks them, too.
    home.command(&["update"]).await?;
    let is_foreign =
        |entry: &EntryStatus| entry.families.iter().any(|family| matches!(family.live, Live::Foreign { .. }));
    entry_that(&home, "a foreign record", PATIENCE, is_foreign).await?;
    let is_it = |notice: &Notice| notice.body.contains("5.9.1.2");
    let told = home.desktop.notices().wait_for("of somebody else", A_ROUND, is_it).await?;
    println!("told: {told:?}");
    eventually("the repair", A_ROUND, async || match home.updates().await? {
        now if now > sent + 1 => Ok(()),
        _ => Err(Error::NotThere("a request".to_owned())),
    })
    .await?;
    entry_that(&home, "live records again", PATIENCE, is_live).await?;
    assert_eq!((home.updates().await?, home.live().await?), (sent + 2, published));
    Ok(())
}

#[tokio::test]
async fn after_an_hours_sleep_the_new_address_is_found_without_anybodys_word() -> Story {
    if options().skipped("slept", &["faketime"]) {
        return Ok(());
    }
    let Some(mut home) = home_of("slept").await? else {
        return Ok(());
    };
    home.networks.router_upnp_off().await;
    let (_portal, token) = home.portal().await?;
    let clock = home.wall_clock()?.ok_or("faketime has no library")?;
    let mut app = home.start_app_with_clock(clock)?;
    home.save(home.form(), &token).await?;
    home.wait_for_mood(Mood::Fine).await?;
    home.networks.reconnect(NEXT).await?;
    app.sleep_an_hour()?;
    let took = published_within(&home, PATIENCE, |now| now.ipv4 == Some(NEXT)).await?;
    println!("published {took:?} after waking");
    Ok(())
}

/// The window's first steps with everything as it comes: a host name, a token, three lines that turn green.
#[tokio::test]
async fn the_first_steps_lead_from_nothing_to_green() -> Story {
    if options().skipped("the first steps", &["WebKitWebDriver"]) {
        return Ok(());
    }
    let Some(home) = home_of("first-steps").await? else { return Ok(()) };
    let (_portal, token) = home.portal().await?;
    let _app = home.start_app()?;
    let begun = Instant::now();
    let (window, _relay) = home.window().await?;
    window.fill(&field("first-hostname"), HOST).await?;
    window.fill(&field("first-token"), &format!("  {token} ")).await?;
    window.find("[data-shape=updateToken]").await?;
    window.click(&field("first-save")).await?;
    for line in ["first-test-lookUp", "first-test-update", "first-test-dns"] {
        let done = format!("{}[data-state=done]", field(line));
        eventually(line, A_ROUND, async || window.count(&done).await.is_ok_and(|count| count == 1)).await?;
    }
    println!("from the window to three green lines: {:.1?}", begun.elapsed());
    let picture = dyntray_stories::app::binary("dyntray")?.with_file_name("../stories/first-steps.png");
    home.desktop.screenshot(picture).await?;
    window.click(&field("first-done")).await?;
    window.wait_for_text(&field("status-1"), HOST).await?;
    window.close(&home.desktop).await?;
    Ok(())
}
