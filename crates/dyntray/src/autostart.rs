//! Autostart. Its state is read from the system's own list and kept nowhere else, so it is always shown as it is.

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

use dyntray_control::{Profile, Rejection, Response};

/// The state of autostart.
pub fn state() -> Response {
    match is_enabled() {
        Ok(on) => Response::Autostart { on },
        Err(error) => rejected(&error),
    }
}

/// Switches autostart on or off.
pub fn set(on: bool) -> Response {
    match write(on) {
        Ok(()) => state(),
        Err(error) => rejected(&error),
    }
}

fn rejected(error: &io::Error) -> Response {
    tracing::error!(%error, "starting with the computer can't be read or set");
    Response::Rejected { rejection: Rejection::NotWritten { why: error.to_string() } }
}

fn is_enabled() -> io::Result<bool> {
    platform::is_enabled(&Profile::from_environment().program_name())
}

fn write(on: bool) -> io::Result<()> {
    let name = Profile::from_environment().program_name();
    if on { platform::enable(&name, &std::env::current_exe()?) } else { platform::disable(&name) }
}
