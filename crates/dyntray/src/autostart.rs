//! Autostart. Its state is read from the system's own list and kept nowhere else, so it is always shown as it is.

mod entry;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(target_os = "macos")]
use macos as platform;
#[cfg(windows)]
use windows as platform;

use std::io;

use dyntray_control::{AutostartNote, Profile, Rejection, Response};

use self::entry::State;
use crate::own_program;

/// The state of autostart.
pub fn state() -> Response {
    match read() {
        Ok(State { on, note }) => Response::Autostart { on, note },
        Err(error) => rejected(&error),
    }
}

/// Switches autostart on or off. Where this program won't be found later, it isn't switched on.
pub fn set(on: bool) -> Response {
    if on && cfg!(target_os = "macos") && own_program::path().is_ok_and(|path| entry::is_passing(&path)) {
        return Response::Autostart { on: false, note: Some(AutostartNote::MoveFirst) };
    }
    match write(on) {
        Ok(()) => state(),
        Err(error) => rejected(&error),
    }
}

fn rejected(error: &io::Error) -> Response {
    tracing::error!(%error, "starting with the computer can't be read or set");
    Response::Rejected { rejection: Rejection::NotWritten { why: error.to_string() } }
}

fn read() -> io::Result<State> {
    platform::state(&Profile::from_environment().program_name())
}

fn write(on: bool) -> io::Result<()> {
    let name = Profile::from_environment().program_name();
    if on { platform::enable(&name, &own_program::tray_program()?) } else { platform::disable(&name) }
}
