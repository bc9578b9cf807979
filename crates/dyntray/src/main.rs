//! # dyntray
//!
//! The always-on program: tray, update loop, keyring, notifications and command line. It links no GTK and no web
//! engine; the window is another program, started when somebody wants to look. Start reading at [`app`].

// Windows opens a black window for every other kind of program.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod already_running;
mod app;
mod app_error;
mod app_paths;
mod autostart;
mod clipboard;
mod command_line;
#[cfg(windows)]
mod console;
mod desktop;
mod diagnostics;
mod downloads;
#[cfg(debug_assertions)]
mod fault_injection;
mod field_errors;
mod harden;
mod log;
mod memory;
mod moving;
mod notices;
mod notification;
mod own_program;
#[cfg(target_os = "linux")]
mod panel;
mod press;
#[cfg(windows)]
mod registration;
mod rejection;
mod requests;
mod restart;
mod serve;
mod service;
#[cfg(target_os = "linux")]
mod session;
mod shell;
mod shutdown_signal;
#[cfg(windows)]
mod system_root;
mod tomorrow;
mod tray;
mod upgrade;
mod websites;
mod window;
mod wiping;

use std::process::ExitCode;

use clap::Parser as _;

use crate::command_line::{Arguments, Command};

#[global_allocator]
static ALLOCATOR: wiping::Wiping = wiping::Wiping;

fn main() -> ExitCode {
    #[cfg(windows)]
    system_root::ensure();
    own_program::keep();
    harden::protect_memory();
    memory::limit_free_memory();
    log::log_panics();
    dyntray_agent::install_tls();
    #[cfg(windows)]
    console::attach();
    let arguments = Arguments::parse();
    #[cfg(windows)]
    if arguments.command.is_none()
        && let Some(started) = console::start_tray_program()
    {
        return started;
    }
    match arguments.command {
        None => app::run(&arguments.instance),
        Some(Command::Run) => app::run_service(&arguments.instance),
        Some(command) => command_line::run(&command, &arguments.instance),
    }
}
