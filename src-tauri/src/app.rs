//! The Tauri app: one window, its commands, and what runs beside it until it is closed.

use std::io;
use std::process::ExitCode;

use dyntray_control::{Page, RuntimeDir};
use tauri::{RunEvent, WindowEvent};

use crate::bridge::{self, Bridge};
use crate::command_line::StartedBy;
use crate::{shutdown, window};

/// The reason why the window can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The user has no folder for the socket.
    #[error("there is no folder for Dyntray's socket: {0}")]
    Socket(#[from] io::Error),
    /// There is no desktop.
    #[error("there is no desktop to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set")]
    Desktop,
    /// There is no web engine.
    #[error("the window can't be opened: {0}")]
    WebEngine(#[from] tauri::Error),
}

/// Opens the window at `page`, and returns once it is closed.
pub fn run(page: Page, started_by: StartedBy) -> Result<ExitCode, StartError> {
    let program = RuntimeDir::for_this_user()?;
    if !has_desktop() {
        return Err(StartError::Desktop);
    }
    let app = tauri::Builder::default()
        .plugin(window::own_pages_only())
        .manage(Bridge::new(program, page))
        .invoke_handler(tauri::generate_handler![bridge::ask, bridge::first_page, bridge::start_program])
        .setup(move |app| {
            window::open(app.handle())?;
            tauri::async_runtime::spawn(bridge::run(app.handle().clone(), started_by));
            tauri::async_runtime::spawn(shutdown::exit_on_signal(app.handle().clone()));
            Ok(())
        })
        .build(tauri::generate_context!())?;
    let code = app.run_return(|app, event| {
        use WindowEvent::CloseRequested;
        if matches!(
            event,
            RunEvent::WindowEvent { event: CloseRequested { .. }, .. } | RunEvent::ExitRequested { .. }
        ) {
            window::closing(app);
        }
    });
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// GTK panics without a desktop instead of failing.
fn has_desktop() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
