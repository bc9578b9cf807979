//! # dyntray-window
//!
//! The settings form and the status pages, in a process of their own. The always-on program starts it when somebody
//! opens the window, and it ends when the window is closed. It holds no secret, opens no network connection and decides
//! nothing: the pages' requests are forwarded over the local socket, and what the always-on program pushes is emitted to
//! the pages.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod app;
mod bridge;
mod command_line;
mod connection;
mod shutdown;
mod window;

use std::panic;
use std::process::ExitCode;

use clap::Parser as _;
use dyntray_core::types::redact::redact;

use crate::command_line::CommandLine;

fn main() -> ExitCode {
    disable_dmabuf();
    // A panic's message may quote what somebody has just typed.
    panic::set_hook(Box::new(|panic| eprintln!("dyntray-window: {}", redact(&panic.to_string()))));
    match app::run(CommandLine::parse().first_page()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("dyntray-window: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Keeps WebKitGTK from sharing buffers through DMA-BUF: on some graphics drivers the window stays blank then.
#[cfg(target_os = "linux")]
fn disable_dmabuf() {
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(SWITCH).is_none() {
        // SAFETY: it is the first call in `main`, so no other thread can read the environment meanwhile.
        #[expect(
            unsafe_code,
            reason = "WebKitGTK reads the switch from its environment only, and inherits ours"
        )]
        unsafe {
            std::env::set_var(SWITCH, "1");
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn disable_dmabuf() {}
