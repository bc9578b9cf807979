//! How often the service has the disk write at once, which wears out memory cards and wakes disks.

use std::path::Path;

use dyntray_core::present::{Mood, Snapshot};
use dyntray_stories::app::{App, binary};
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::Home;
use dyntray_stories::wait::eventually;
use dyntray_stories::{PATIENCE, Story};

const HOSTS: usize = 60;

/// The calls in strace's record so far.
fn syncs(record: &Path) -> Story<usize> {
    let calls = std::fs::read_to_string(record)?;
    Ok(calls.lines().filter(|line| line.contains("sync(") || line.contains("sync_file_range(")).count())
}

fn looked_up(seen: &Snapshot) -> Option<jiff::Timestamp> {
    seen.entries.first()?.families.first()?.detected_at
}

/// Waits until the addresses were looked up this number of times more.
async fn look_ups(home: &Home, times: usize) -> Story {
    let mut last = looked_up(&home.status().await?);
    for _ in 0..times {
        last = eventually("another look-up", PATIENCE, async || {
            let seen = looked_up(&home.status().await.map_err(|error| error.to_string())?);
            if seen == last { Err(format!("{seen:?}")) } else { Ok(seen) }
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_update_is_written_at_once_twice_at_most_and_a_look_up_without_news_never() -> Story {
    let story = Home::for_story(DesktopOptions::without_a_desktop(), "syncs", &["strace"]).await?;
    let Some(home) = story else { return Ok(()) };
    let secrets = home.write_secrets(&home.write_settings_for_many(HOSTS).await?)?;
    let record = home.desktop.home().join("calls");
    let (calls, program) = (record.display().to_string(), binary("dyntray")?.display().to_string());
    // With -D the process that was started is the program itself, and strace a child of it.
    let strace = ["-D", "-f", "-qq", "-e", "trace=fsync,fdatasync,sync,syncfs,msync,sync_file_range", "-o"];
    let arguments = [&strace[..], &[&calls, &program, "run", "--secrets-file", &secrets]].concat();
    let mut service = App::start(&home.desktop, Path::new("/usr/bin/strace"), &arguments, &[])?;
    home.wait_for_mood(Mood::Fine).await?;
    look_ups(&home, 2).await?;

    let at_rest = syncs(&record)?;
    assert!(at_rest > HOSTS, "{at_rest}: strace sees them");
    look_ups(&home, 5).await?;
    assert_eq!(syncs(&record)?, at_rest, "nothing is new");

    let updates = home.updates().await?;
    home.sandbox()?.reconnect().await?;
    eventually("all updates", PATIENCE, async || match home.updates().await {
        Ok(sent) if sent == updates + HOSTS => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await?;
    home.wait_for_mood(Mood::Fine).await?;
    look_ups(&home, 2).await?;
    let of_updates = syncs(&record)? - at_rest;
    println!("{of_updates} for {HOSTS} updates");
    // One before the request and one after the answer; the news of the line comes once for all of them.
    assert!(of_updates * 10 <= HOSTS * 21, "{of_updates} for {HOSTS} updates");
    assert_eq!(service.terminate(PATIENCE).await?, 0);
    Ok(())
}
