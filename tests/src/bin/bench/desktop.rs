//! The program at a desktop: its memory, its window, and the time from a new address to the updated record.

use std::time::{Duration, Instant};

use dyntray_core::present::Mood;
use dyntray_stories::Story;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{Home, field};
use dyntray_stories::needs::NOT_INSTALLED;
use dyntray_stories::window::{self};

use super::figures::{Figures, Goal, Unit};
use super::process::{median, mega, memory};
use super::{first_paint, quiet};

/// The number of windows that are opened and closed, and of addresses.
const ROUNDS: usize = 5;

/// Measures all of that.
pub async fn measure(figures: &mut Figures) -> Story {
    let home = Home::for_story(DesktopOptions::default(), "bench", &[]).await?.ok_or(NOT_INSTALLED)?;
    let (mut app, _portal, _token) = home.set_up().await?;
    window::all_ended(&home.desktop).await?;
    let idle = memory(app.pid())?;
    figures.add("idle with tray, window never opened", idle, Unit::Megabytes, Goal::AtMost(10.0));
    app = quiet::start_to_tray(&home, app, figures).await?;
    quiet::wake_ups(&home, &mut app, figures).await?;

    let mut followed = Vec::new();
    for _ in 0..ROUNDS {
        home.sandbox()?.reconnect().await?;
        let began = Instant::now();
        home.wait_until_followed().await?;
        followed.push(began.elapsed());
        home.wait_for_mood(Mood::Fine).await?;
    }
    let followed = median(followed).as_secs_f64() * 1000.0;
    figures.add(
        "new address to updated record, look-ups 1 s apart",
        followed,
        Unit::Milliseconds,
        Goal::None,
    );
    let before = memory(app.pid())?;
    figures.add("with tray, after 5 updates", before, Unit::Megabytes, Goal::None);

    let mut open = Vec::new();
    for _ in 0..ROUNDS {
        let window = home.open_window().await?;
        window.find(&field("overall")).await?;
        open.push(app.tree_pss_kib().unwrap_or_default());
        window.close(&home.desktop).await?;
        window::all_ended(&home.desktop).await?;
    }
    open.sort_unstable();
    figures.add(
        "with its window open, all processes",
        mega(open[ROUNDS / 2] * 1024),
        Unit::Megabytes,
        Goal::None,
    );
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = memory(app.pid())?;
    figures.add("after 5 windows were closed", after, Unit::Megabytes, Goal::AtMost(before * 1.05));
    first_paint::measure(&home, &app, figures).await
}
