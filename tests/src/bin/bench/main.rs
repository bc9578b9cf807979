//! `cargo xtask bench`: what the always-on program costs, measured on a headless desktop with real parts. It prints
//! medians and asserts nothing.

mod first_paint;
#[cfg(target_os = "linux")]
mod reconnect;

use std::time::{Duration, Instant};

use dyntray_core::present::Mood;
use dyntray_stories::app::binary;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{Home, field};
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;
use dyntray_stories::{PATIENCE, processes};

/// So many windows are opened and closed, and so many addresses changed.
const ROUNDS: usize = 5;

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    memory_and_windows().await?;
    #[cfg(target_os = "linux")]
    reconnect::measure().await?;
    Ok(())
}

async fn memory_and_windows() -> Outcome {
    let options = DesktopOptions::default();
    if options.skipped("the measurements", &[]) {
        return Err("install the parts named above".into());
    }
    let home = Home::start(options, "bench").await?;
    let size = std::fs::metadata(binary("dyntray")?)?.len();
    println!("size of dyntray: {:.1} MB", mega(size));
    let (app, _portal, _token) = home.set_up().await?;
    no_web_process(&home).await?;
    println!("idle with tray, window closed: {:.1} MB PSS", memory(app.pid())?);

    let mut followed = Vec::new();
    for _ in 0..ROUNDS {
        home.sandbox()?.reconnect().await?;
        let began = Instant::now();
        home.wait_until_followed().await?;
        followed.push(began.elapsed());
        home.wait_for_mood(Mood::Fine).await?;
    }
    println!(
        "new address to updated record, look-ups 1 s apart: {:.0?} (median of {ROUNDS})",
        median(followed)
    );
    println!("after {ROUNDS} updates: {:.1} MB PSS", memory(app.pid())?);

    let mut open = Vec::new();
    for _ in 0..ROUNDS {
        home.command(&["open"]).await?;
        let window = Window::attach(&home.desktop).await?;
        window.find(&field("overall")).await?;
        open.push(app.tree_pss_kib().unwrap_or_default());
        window.close(&home.desktop).await?;
        no_web_process(&home).await?;
    }
    open.sort_unstable();
    println!("with its window open: {:.1} MB PSS", mega(open[ROUNDS / 2] * 1024));
    tokio::time::sleep(Duration::from_secs(2)).await;
    println!("after {ROUNDS} windows: {:.1} MB PSS", memory(app.pid())?);
    first_paint::measure(&home, &app).await
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

async fn no_web_process(home: &Home) -> Result<(), dyntray_stories::Error> {
    eventually("the web processes to end", PATIENCE, async || {
        !home.desktop.processes().into_iter().filter_map(processes::name).any(|name| name.contains("WebKit"))
    })
    .await
}
