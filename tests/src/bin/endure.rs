//! `cargo xtask endure [MINUTES]`: a long run by the wall clock. Every minute the line gets another address, a person
//! opens the window, updates, and closes it. At the end the program must hold the same as in the beginning: its memory
//! within 5 %, and not one descriptor, thread or process more. (The memory includes its share of pages that it has in
//! common with others, so another Dyntray on the machine makes the figure worthless. Its own pages alone are printed as
//! well and not judged: a cache that fills up to its bound is no leak, but a large part of so little.)

use std::time::{Duration, Instant};

use dyntray_core::present::Mood;
use dyntray_stories::app::App;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{Home, field};
use dyntray_stories::needs::NOT_INSTALLED;
use dyntray_stories::window::{self};
use dyntray_stories::{Error, Story, processes};

/// The length of the run, unless the command line gives another.
const MINUTES: u32 = 120;
/// The first minutes fill caches and pools, and aren't compared.
const WARM_UP: usize = 10;
/// The number of minutes whose median is the figure of the beginning, or of the end.
const COMPARED: usize = 5;
/// The difference that memory may have, in hundredths.
const TOLERANCE: u64 = 5;

/// Everything that the program and its desktop hold in a quiet moment.
#[derive(Clone, Copy, Debug)]
struct Held {
    pss_kib: u64,
    /// The part of it that is in no file.
    own_kib: u64,
    descriptors: usize,
    threads: usize,
    /// The number of processes on the desktop.
    processes: usize,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Story {
    let minutes = match std::env::args().nth(1) {
        Some(minutes) => minutes.parse().map_err(|_| format!("{minutes:?} is no number of minutes"))?,
        None => MINUTES,
    };
    if minutes as usize <= WARM_UP + COMPARED {
        return Err(
            format!("more than {} minutes, please: the first are a warm-up", WARM_UP + COMPARED).into()
        );
    }
    let home = Home::for_story(DesktopOptions::default(), "endure", &[]).await?.ok_or(NOT_INSTALLED)?;
    let (app, _portal, _token) = home.set_up().await?;
    println!("| minute | memory | its own | descriptors | threads | processes |\n|---|---|---|---|---|---|");
    let mut held = Vec::new();
    for minute in 1..=minutes {
        let next = Instant::now() + Duration::from_mins(1);
        one_minute(&home).await?;
        tokio::time::sleep_until(next.into()).await;
        let now = hold(&home, &app)?;
        if minute == 1 || minute % 10 == 0 || minute == minutes {
            println!(
                "| {minute} | {} KiB | {} KiB | {} | {} | {} |",
                now.pss_kib, now.own_kib, now.descriptors, now.threads, now.processes
            );
        }
        held.push(now);
    }
    println!("{} updates", home.updates().await?);
    judge(&held)
}

/// Another address, the window, a press of "Update now", and all is quiet again.
async fn one_minute(home: &Home) -> Story {
    home.sandbox()?.reconnect().await?;
    let window = home.open_window().await?;
    window.find(&field("overall")).await?;
    home.command(&["update"]).await?;
    home.wait_until_followed().await?;
    home.wait_for_mood(Mood::Fine).await?;
    window.close(&home.desktop).await?;
    window::all_ended(&home.desktop).await?;
    Ok(())
}

fn hold(home: &Home, app: &App) -> Story<Held> {
    let gone = || Error::NotThere("the program: it is gone".to_owned());
    let pid = app.pid();
    Ok(Held {
        pss_kib: processes::pss_kib(pid).ok_or_else(gone)?,
        own_kib: processes::tree_anonymous_kib(pid).ok_or_else(gone)?,
        descriptors: processes::descriptors(pid).ok_or_else(gone)?,
        threads: processes::threads(pid).ok_or_else(gone)?,
        processes: home.desktop.processes().len(),
    })
}

/// Compares the end with the beginning, by medians.
fn judge(held: &[Held]) -> Story {
    let (begin, end) = (&held[WARM_UP - COMPARED..WARM_UP], &held[held.len() - COMPARED..]);
    let mut grown = Vec::new();
    for (name, of, is_judged) in [
        ("memory (PSS)", (|held| held.pss_kib) as fn(&Held) -> u64, true),
        ("its own", |held| held.own_kib, false),
    ] {
        let memory = |part: &[Held]| median(part.iter().map(of).collect());
        let (before, after) = (memory(begin), memory(end));
        println!("{name}: {before} KiB in the beginning, {after} KiB at the end: {} %", after * 100 / before);
        if is_judged && before.abs_diff(after) * 100 > before * TOLERANCE {
            grown.push(name);
        }
    }
    for (number, name) in ["descriptors", "threads", "processes"].into_iter().enumerate() {
        let count = |held: &Held| [held.descriptors, held.threads, held.processes][number] as u64;
        let of = |part: &[Held]| median(part.iter().map(count).collect());
        println!("{name}: {} in the beginning, {} at the end", of(begin), of(end));
        if of(end) > of(begin) {
            grown.push(name);
        }
    }
    if grown.is_empty() { Ok(()) } else { Err(format!("not flat: {}", grown.join(", ")).into()) }
}

fn median(mut figures: Vec<u64>) -> u64 {
    figures.sort_unstable();
    figures[figures.len() / 2]
}
