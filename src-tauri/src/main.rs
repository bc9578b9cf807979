//! # dyntray-window
//!
//! The settings form and the status pages, in a process of their own: the always-on program starts it when somebody
//! wants to look, and nothing of it is left when it is closed. It holds no secret, opens no network connection and
//! decides nothing. What the pages ask is forwarded over the local socket; what the always-on program pushes is
//! emitted to the pages.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod bridge;
mod command_line;
mod ending;
mod reconnect;
mod window;

use std::panic;
use std::process::ExitCode;

use clap::Parser as _;
use dyntray_control::RuntimeDir;
use dyntray_core::types::redact::redact;

use crate::command_line::CommandLine;

fn main() -> ExitCode {
    avoid_blank_windows();
    // What a fault quotes may be what somebody just typed.
    panic::set_hook(Box::new(|panic| eprintln!("dyntray-window: {}", redact(&panic.to_string()))));
    let page = CommandLine::parse().first_page();
    let opened = RuntimeDir::for_this_user()
        .map_err(window::OpenError::from)
        .and_then(|place| window::open(place, page));
    match opened {
        Ok(code) => code,
        Err(error) => {
            eprintln!("dyntray-window: {error}");
            ExitCode::FAILURE
        }
    }
}

/// WebKitGTK draws nothing at all on some graphics drivers when it shares buffers through DMA-BUF.
#[cfg(target_os = "linux")]
fn avoid_blank_windows() {
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(SWITCH).is_none() {
        // SAFETY: first in `main`, so no other thread exists that could read the environment meanwhile.
        #[expect(
            unsafe_code,
            reason = "WebKitGTK can be told only through the environment, and inherits ours"
        )]
        unsafe {
            std::env::set_var(SWITCH, "1");
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn avoid_blank_windows() {}
