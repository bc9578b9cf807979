//! One, a hundred and two thousand host names, kept by the service without a desktop.

use std::time::{Duration, Instant};

use dyntray_core::present::{Mood, Snapshot, Status};
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::Home;
use dyntray_stories::needs::NOT_INSTALLED;
use dyntray_stories::{PATIENCE, Story, processes};

use super::figures::{Figures, Goal, Unit};
use super::process::memory;

/// An upper bound for any number of host names.
const LONGEST: Duration = Duration::from_mins(15);

/// Memory is measured when the program has been at rest for so long: nobody asks, and nothing is sent.
const REST: Duration = Duration::from_secs(15);

/// Measures memory, and a reconnect.
pub async fn measure(figures: &mut Figures) -> Story {
    for hosts in [1, 100, 2_000] {
        one(hosts, figures).await?;
    }
    Ok(())
}

async fn one(hosts: usize, figures: &mut Figures) -> Story {
    let options = DesktopOptions::without_a_desktop();
    let home = Home::for_story(options, "bench-hosts", &[]).await?.ok_or(NOT_INSTALLED)?;
    let secrets = home.write_secrets(&home.write_settings_for_many(hosts).await?)?;
    let service = home.start_app_with(&["run", "--secrets-file", &secrets], &[])?;
    all_fine(&home, hosts, None).await?;
    tokio::time::sleep(REST).await;
    let kept = memory(service.pid())?;
    let goal = if hosts == 1 { Goal::AtMost(7.0) } else { Goal::None };
    figures.add(&format!("without a desktop, host names: {hosts}"), kept, Unit::Megabytes, goal);

    let before = home.status().await?;
    let busy = processes::cpu_time(service.pid()).unwrap_or_default();
    home.sandbox()?.reconnect().await?;
    let began = Instant::now();
    all_fine(&home, hosts, Some(&before)).await?;
    let took = began.elapsed().as_secs_f64() * 1000.0;
    figures.add(&format!("reconnect, until {hosts} are updated"), took, Unit::Milliseconds, Goal::None);
    let busy = processes::cpu_time(service.pid()).unwrap_or_default().saturating_sub(busy);
    let each = busy.as_secs_f64() * 1000.0 / f64::from(u32::try_from(hosts)?);
    figures.add("  processor time of that, for each", each, Unit::Milliseconds, Goal::None);
    Ok(())
}

/// Waits until all are green, with another address than `before`.
async fn all_fine(home: &Home, hosts: usize, before: Option<&Snapshot>) -> Story {
    let began = Instant::now();
    let published = |seen: &Snapshot, number: usize| seen.entries[number].families[0].published;
    loop {
        // The question costs the program time as well, with two thousand lines.
        tokio::time::sleep(if hosts > 200 { Duration::from_secs(2) } else { Duration::from_millis(50) })
            .await;
        if let Ok(seen) = home.status().await
            && seen.mood == Mood::Fine
            && seen.entries.len() == hosts
            && seen.entries.iter().all(|entry| entry.status == Status::Fine)
            && before.is_none_or(|before| (0..hosts).all(|at| published(before, at) != published(&seen, at)))
        {
            return Ok(());
        }
        if began.elapsed() > LONGEST.max(PATIENCE) {
            return Err(format!("{hosts} host names never turned green").into());
        }
    }
}
