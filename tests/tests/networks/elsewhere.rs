//! Addresses that aren't the home's: behind a VPN, and in a café.

use dyntray_control::AgentRequest;
use dyntray_core::observe::finding::HoldReason;
use dyntray_core::present::diagnose::Diagnosis;
use dyntray_core::present::{Mood, Status};
use dyntray_core::types::address::Family;
use dyntray_stories::network::addresses;
use dyntray_stories::notices::Notice;
use dyntray_stories::{PATIENCE, Story};

use super::expect::{A_ROUND, diagnosed, entry_that, home_of, outcome};

#[tokio::test]
async fn a_vpn_is_named_and_what_it_leads_to_is_held_until_it_is_gone() -> Story {
    let Some(mut home) = home_of("vpn-held").await? else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    let (sent, published) = (home.updates().await?, home.published().await?);
    home.networks.vpn_up().await?;
    diagnosed(&home, &Diagnosis::Vpn).await?;
    let held = entry_that(&home, "a held address", PATIENCE, |entry| {
        entry.status == Status::Held { hold: HoldReason::Vpn }
    })
    .await?;
    assert_eq!(outcome(&held, Family::Ipv4).hold(), Some(HoldReason::Vpn));
    home.command(&["update"]).await?;
    assert_eq!((home.updates().await?, home.published().await?), (sent, published));
    home.networks.vpn_down().await?;
    home.wait_for_mood(Mood::Fine).await?;
    assert_eq!((home.updates().await?, home.published().await?), (sent, published));
    Ok(())
}

#[tokio::test]
async fn in_a_cafe_updates_pause_with_one_notice_until_it_is_called_home_too() -> Story {
    let Some(mut home) = home_of("cafe-paused").await? else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    let (sent, published) = (home.updates().await?, home.published().await?);
    home.networks.to_cafe().await?;
    diagnosed(&home, &Diagnosis::Elsewhere).await?;
    home.command(&["update"]).await?;
    assert_eq!((home.updates().await?, home.published().await?), (sent, published));
    let is_it = |notice: &Notice| notice.summary == "Not at home";
    let told = home.desktop.notices().wait_for("of another network", PATIENCE, is_it).await?;
    println!("told: {told:?}");
    home.ask(AgentRequest::ThisIsHome).await?;
    home.wait_until_published(PATIENCE, |now| now.ipv4 == Some(addresses::CAFE_IPV4)).await?;
    home.networks.to_home().await?;
    home.wait_until_published(A_ROUND, |now| now.ipv4 == Some(addresses::HOME_IPV4)).await?;
    assert_eq!(home.status().await?.homes, 2);
    assert_eq!(home.desktop.notices().all().iter().filter(|notice| is_it(notice)).count(), 1, "told once");
    Ok(())
}
