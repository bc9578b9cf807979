//! The beginnings and waits that stories on real networks share.

use std::net::Ipv4Addr;
use std::time::Duration;

use dyntray_core::observe::finding::Outcome;
use dyntray_core::present::EntryStatus;
use dyntray_core::present::diagnose::Diagnosis;
use dyntray_core::types::address::Family;
use dyntray_stories::app::App;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::network::NetworkHome;
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, Story};

/// The home's IPv4 address after a reconnect.
pub const NEXT: Ipv4Addr = Ipv4Addr::new(84, 160, 99, 1);

/// Longer than any round of look-ups that isn't the regular one of ten minutes.
pub const A_ROUND: Duration = Duration::from_secs(100);

/// The story's home; none where the story has to be skipped.
pub async fn home_of(story: &str) -> Story<Option<NetworkHome>> {
    Ok(NetworkHome::for_story(DesktopOptions::with_recorder(), story, &[]).await?)
}

/// Dyntray with its entry saved, on a line where it won't turn green.
pub async fn saved(home: &NetworkHome) -> Story<App> {
    let (_portal, token) = home.portal().await?;
    let app = home.start_app()?;
    home.save(home.form(), &token).await?;
    Ok(app)
}

/// Waits until the only entry is as wanted, and returns it.
pub async fn entry_that(
    home: &NetworkHome,
    what: &str,
    patience: Duration,
    wanted: impl Fn(&EntryStatus) -> bool,
) -> Story<EntryStatus> {
    let found = eventually(what, patience, async || {
        let entry = home.status().await?.entries.remove(0);
        if wanted(&entry) { Ok(entry) } else { Err(Error::NotThere(format!("{entry:#?}"))) }
    });
    Ok(found.await?)
}

/// Waits for a diagnosis of the network.
pub async fn diagnosed(home: &NetworkHome, expected: &Diagnosis) -> Story {
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

/// The same, with repeated requests for an update: within seconds of a look-up there is no other.
pub async fn asked_until(home: &NetworkHome, expected: &Diagnosis) -> Story {
    eventually(&format!("{expected:?}"), A_ROUND, async || {
        home.command(&["update"]).await?;
        let found = home.status().await?.diagnoses;
        if found.contains(expected) { Ok(()) } else { Err(Error::NotThere(format!("{found:?}"))) }
    })
    .await?;
    Ok(())
}

/// The outcome of one family.
pub fn outcome(entry: &EntryStatus, family: Family) -> &Outcome {
    let mut families = entry.families.iter();
    &families.find(|seen| seen.family == family).expect("a family that it keeps").why.outcome
}
