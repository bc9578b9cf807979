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
#[cfg(target_os = "linux")]
mod linux;
mod program;
mod shutdown;
mod window;
#[cfg(not(target_os = "linux"))]
mod windows_and_macos;

#[cfg(target_os = "linux")]
use linux as desktop;
#[cfg(not(target_os = "linux"))]
use windows_and_macos as desktop;

use std::panic;
use std::process::ExitCode;

use clap::Parser as _;
use dyntray_core::types::redact::redact;

use crate::command_line::CommandLine;

fn main() -> ExitCode {
    desktop::begin();
    // A panic's message may quote what somebody has just typed.
    panic::set_hook(Box::new(|panic| eprintln!("dyntray-window: {}", redact(&panic.to_string()))));
    let command_line = CommandLine::parse();
    match app::run(command_line.first_page(), command_line.started_by()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("dyntray-window: {error}");
            ExitCode::FAILURE
        }
    }
}
