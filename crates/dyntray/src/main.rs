//! # dyntray
//!
//! The always-on program: tray, update loop, keyring, notifications and command line. It links no GTK and no web
//! engine; the window is another program, started when somebody wants to look. Start reading at [`compose`].

// Windows opens a black window for every other kind of program.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod app;
mod app_paths;
mod autostart;
mod clipboard;
mod command_line;
#[cfg(windows)]
mod console;
mod diagnostics;
mod downloads;
mod fault;
mod harden;
mod launch;
mod log;
mod memory;
mod mistakes;
mod notify;
#[cfg(target_os = "linux")]
mod panel;
mod serve;
mod service;
mod start_error;
mod tray;

use std::process::ExitCode;

use clap::Parser as _;

use crate::command_line::Command;

fn main() -> ExitCode {
    harden::keep_memory();
    memory::give_back();
    fault::log_panics();
    dyntray_agent::install_tls();
    #[cfg(windows)]
    console::join();
    let arguments = command_line::Arguments::parse();
    match arguments.command {
        None => app::run(&arguments.which),
        Some(Command::Run) => app::serve(&arguments.which),
        Some(command) => command_line::run(&command, &arguments.which),
    }
}
