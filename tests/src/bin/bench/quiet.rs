//! The program while nothing happens, and the time until it is there.

use std::time::{Duration, Instant};

use dyntray_core::present::Mood;
use dyntray_stories::app::App;
use dyntray_stories::home::Home;
use dyntray_stories::tray::Tray;
use dyntray_stories::{Error, PATIENCE, Story, processes};

use super::figures::{Figures, Goal, Unit};
use super::process::median;

/// The number of starts.
const STARTS: usize = 5;
/// The time in which nothing happens.
const QUIET: Duration = Duration::from_mins(1);

/// From the start of the process to its icon in the tray; gives the program that runs in the end.
pub async fn start_to_tray(home: &Home, mut app: App, figures: &mut Figures) -> Story<App> {
    let tray = Tray::of(&home.desktop);
    let mut took = Vec::new();
    for _ in 0..STARTS {
        app.terminate(PATIENCE).await?;
        let began = Instant::now();
        app = home.start_app()?;
        while !tray.items().await?.iter().any(|item| item.pid == app.pid()) {
            if began.elapsed() > PATIENCE {
                return Err("the icon never came".into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        took.push(began.elapsed());
        home.wait_for_mood(Mood::Fine).await?;
    }
    let took = median(took).as_secs_f64() * 1000.0;
    figures.add("start to the icon in the tray", took, Unit::Milliseconds, Goal::AtMost(100.0));
    Ok(app)
}

/// The program's own wake-ups, with look-ups as far apart as they usually are.
pub async fn wake_ups(home: &Home, app: &mut App, figures: &mut Figures) -> Story {
    every(home, app, "10 min").await?;
    let wakes = while_quiet(app.pid()).await?;
    figures.add("wake-ups with tray, between two look-ups", wakes, Unit::PerMinute, Goal::AtMost(2.0));
    every(home, app, "1 s").await
}

/// Starts the program anew with another interval.
async fn every(home: &Home, app: &mut App, interval: &str) -> Story {
    app.terminate(PATIENCE).await?;
    let path = home.settings_file();
    let settings = std::fs::read_to_string(&path)?;
    let lines: Vec<String> =
        settings
            .lines()
            .map(|line| {
                if line.starts_with("interval") { format!("interval = \"{interval}\"") } else { line.into() }
            })
            .collect();
    std::fs::write(&path, lines.join("\n"))?;
    *app = home.start_app()?;
    home.wait_for_mood(Mood::Fine).await?;
    Ok(())
}

/// Voluntary switches of all threads a minute, while there are no requests.
pub async fn while_quiet(pid: u32) -> Result<f64, Error> {
    // The program settles after its start.
    tokio::time::sleep(Duration::from_secs(20)).await;
    let gone = || Error::NotThere("the program: it is gone".to_owned());
    let before = processes::wakes(pid).ok_or_else(gone)?;
    tokio::time::sleep(QUIET).await;
    let after = processes::wakes(pid).ok_or_else(gone)?;
    let wakes = f64::from(u32::try_from(after.saturating_sub(before)).unwrap_or(u32::MAX));
    Ok(wakes / (QUIET.as_secs_f64() / 60.0))
}
