//! The record in the zone, changed by somebody else.

use std::net::Ipv4Addr;

use dyntray_core::observe::dns::Live;
use dyntray_core::present::EntryStatus;
use dyntray_stories::home::HOST;
use dyntray_stories::network::addresses;
use dyntray_stories::notices::Notice;
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Story};

use super::expect::{A_ROUND, entry_that, home_of};

#[tokio::test]
async fn somebody_elses_record_is_told_and_set_right_once() -> Story {
    let Some(home) = home_of("somebody-else").await? else { return Ok(()) };
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
    // The name servers are asked now and then, and with every requested update.
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
