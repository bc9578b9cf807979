//! A test of the tray icon, in the tray that wine draws.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use super::{
    display::{self, Display},
    shipped, toolchain, wine,
};
use crate::Result;

/// The fewest colours of a display with the icon. An empty one has one colour, wine's tray without an icon two, and the
/// small icon with its soft edges makes nine.
const COLOURS: usize = 5;

/// The time that the icon may take to appear.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Starts the program, waits until its icon is visible, and takes a screenshot.
pub fn check() -> Result<()> {
    let display = Display::start()?;
    let program = shipped::program(shipped::TRAY_PROGRAM);
    let picture = toolchain::folder().join("tray.png");
    let _ = fs::remove_file(&picture);
    let run = |arguments: &[&str]| {
        let mut wine = wine::run(&program);
        display.assign(&mut wine).args(arguments).env("DYNTRAY_PROFILE", "cross-tray");
        wine
    };
    let mut app = wine::start(&mut run(&[]))?;
    let started = Instant::now();
    let seen = loop {
        display.screenshot(&picture)?;
        if display::colours(&picture).is_some_and(|colours| colours >= COLOURS) {
            break Ok(());
        }
        if let Ok(Some(status)) = app.try_wait() {
            break Err(format!("dyntray.exe ended with {status}"));
        }
        if started.elapsed() > TIMEOUT {
            break Err(format!("no icon appeared; see {}", picture.display()));
        }
        thread::sleep(Duration::from_secs(1));
    };
    let quit = wine::start(&mut run(&["quit"]))
        .is_ok_and(|mut quit| quit.wait().is_ok_and(|status| status.success()));
    if !quit {
        // It would outlive its display.
        let _ = app.kill();
    }
    let ended = app.wait().map_err(|error| error.to_string());
    seen?;
    println!("See {}", picture.display());
    match ended? {
        status if quit && status.success() => Ok(()),
        status => Err(format!("after `dyntray.exe quit` the program ended with {status}")),
    }
}
