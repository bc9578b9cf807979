//! `cargo xtask bench [PART…]`: what the always-on program costs, measured on a headless desktop with real parts, and
//! beside two other clients where they are installed. It prints medians and asserts nothing; the report and its chart go
//! to `target/bench`.

mod figures;
mod first_paint;
mod hosts;
mod others;
mod quiet;
#[cfg(target_os = "linux")]
mod reconnect;

use std::time::{Duration, Instant};

use dyntray_core::present::Mood;
use dyntray_stories::app::binary;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{Home, field};
use dyntray_stories::processes;
use dyntray_stories::window::{self, Window};
use figures::{Figures, Goal, Unit};

/// So many windows are opened and closed, and so many addresses changed.
const ROUNDS: usize = 5;

/// In the order in which they are measured.
const PARTS: [&str; 4] = ["others", "desktop", "hosts", "reconnect"];

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|part| !PARTS.contains(&part.as_str())) {
        return Err(format!("{unknown:?} is no part of it: {}", PARTS.join(", ")).into());
    }
    let mut figures = Figures::default();
    let folder = binary("dyntray")?.with_file_name("../bench");
    for part in PARTS.into_iter().filter(|part| wanted.is_empty() || wanted.iter().any(|name| name == part)) {
        match part {
            "others" => others::measure(&mut figures).await?,
            "desktop" => memory_and_windows(&mut figures).await?,
            "hosts" => hosts::measure(&mut figures).await?,
            #[cfg(target_os = "linux")]
            "reconnect" => reconnect::measure(&mut figures).await?,
            _ => println!("{part}: measured on Linux only"),
        }
        figures.write(&folder)?;
    }
    println!("the report is in {}", folder.display());
    Ok(())
}

async fn memory_and_windows(figures: &mut Figures) -> Outcome {
    let options = DesktopOptions::default();
    if options.skipped("the measurements", &[]) {
        return Err("install the parts named above".into());
    }
    let home = Home::start(options, "bench").await?;
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
        home.command(&["open"]).await?;
        let window = Window::attach(&home.desktop).await?;
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

/// Memory of one process in MB (PSS).
fn memory(pid: u32) -> Result<f64, Box<dyn std::error::Error>> {
    processes::pss_kib(pid).map(|kib| mega(kib * 1024)).ok_or_else(|| "no figure".into())
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort();
    took[took.len() / 2]
}

fn mega(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0
}
