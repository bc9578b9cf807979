//! The tray icon, in the tray that wine draws.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use super::{
    screen::{self, Screen},
    toolchain::{self, Target},
    wine,
};
use crate::Result;

/// An empty screen has one, wine's tray without an icon two; the small icon with its soft edges makes nine.
const COLOURS: usize = 5;

/// How long the icon may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Starts the program, waits until something colourful is to be seen, and takes a picture of it.
pub fn picture() -> Result<()> {
    let screen = Screen::start()?;
    let program = toolchain::built(Target::Windows).join("dyntray.exe");
    let picture = toolchain::folder().join("tray.png");
    let _ = fs::remove_file(&picture);
    let run = |arguments: &[&str]| {
        let mut wine = wine::run(&program);
        screen.show(&mut wine).args(arguments).env("DYNTRAY_PROFILE", "cross-tray");
        wine
    };
    let mut app = wine::start(&mut run(&[]))?;
    let began = Instant::now();
    let seen = loop {
        screen.picture(&picture)?;
        if screen::colours(&picture).is_some_and(|colours| colours >= COLOURS) {
            break Ok(());
        }
        if let Ok(Some(status)) = app.try_wait() {
            break Err(format!("dyntray.exe ended with {status}"));
        }
        if began.elapsed() > PATIENCE {
            break Err(format!("no icon was seen; see {}", picture.display()));
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
        status => Err(format!("`dyntray.exe quit` didn't end it well: {status}")),
    }
}
