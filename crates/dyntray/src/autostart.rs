//! Starting with the computer: what the system's own list says, and changing it. Nothing of it is kept elsewhere, so
//! that what is shown is always so.

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

/// Whether Dyntray starts with the computer.
pub fn state() -> Response {
    match is_on() {
        Ok(on) => Response::Autostart { on },
        Err(error) => refused(&error),
    }
}

/// Puts Dyntray into the system's list of what starts with it, or takes it out.
pub fn set(on: bool) -> Response {
    match write(on) {
        Ok(()) => state(),
        Err(error) => refused(&error),
    }
}

fn refused(error: &io::Error) -> Response {
    tracing::error!(%error, "starting with the computer can't be read or set");
    Response::Rejected { rejection: Rejection::NotWritten { why: error.to_string() } }
}

fn is_on() -> io::Result<bool> {
    platform::is_on(&Profile::from_environment().program_name())
}

fn write(on: bool) -> io::Result<()> {
    let name = Profile::from_environment().program_name();
    if on { platform::put(&name, &std::env::current_exe()?) } else { platform::take_out(&name) }
}
