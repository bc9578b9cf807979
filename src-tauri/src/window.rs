//! The one window: what it is made of, how it comes to the front and how it ends.

use std::io;
use std::process::ExitCode;

use dyntray_control::{Page, RuntimeDir};
use dyntray_core::settings::ThemeChoice;
use tauri::plugin::{self, TauriPlugin};
use tauri::{AppHandle, Manager as _, Runtime, Theme, Url};
use tauri_plugin_window_state::StateFlags;

use crate::bridge::{self, Bridge};
use crate::ending;

/// The window's label in `tauri.conf.json` and in the capability file.
pub const LABEL: &str = "main";

/// Why the window couldn't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no place to meet the always-on program.
    #[error("no place to meet Dyntray: {0}")]
    Meeting(#[from] io::Error),
    /// The program was started outside a desktop.
    #[error("there is no desktop to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set")]
    Desktop,
    /// There is no web engine.
    #[error("the window can't be opened: {0}")]
    WebEngine(#[from] tauri::Error),
}

/// Opens the window at `page` and stays until it is closed.
pub fn open(place: RuntimeDir, page: Page) -> Result<ExitCode, OpenError> {
    if !has_desktop() {
        return Err(OpenError::Desktop);
    }
    // Not whether it was visible: the window is started to be seen.
    let remembered = StateFlags::SIZE | StateFlags::POSITION;
    let window_state = tauri_plugin_window_state::Builder::new().with_state_flags(remembered).build();
    let app = tauri::Builder::default()
        .plugin(window_state)
        .plugin(stay())
        .manage(Bridge::new(place, page))
        .invoke_handler(tauri::generate_handler![bridge::ask, bridge::first_page])
        .setup(|app| {
            tauri::async_runtime::spawn(bridge::watch(app.handle().clone()));
            tauri::async_runtime::spawn(ending::end_when_asked(app.handle().clone()));
            Ok(())
        })
        .build(tauri::generate_context!())?;
    let code = app.run_return(|_, _| {});
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The window shows its own pages only, wherever a script or a link would lead.
fn stay<R: Runtime>() -> TauriPlugin<R> {
    let is_own = |url: &Url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost");
    plugin::Builder::new("stay")
        .on_navigation(move |_, url| is_own(url) || url.as_str() == "about:blank")
        .build()
}

/// Without one GTK doesn't fail, it panics.
fn has_desktop() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// Gives the window's frame the chosen theme; the pages have their own.
pub fn dress(app: &AppHandle, theme: ThemeChoice) {
    app.set_theme(match theme {
        ThemeChoice::System => None,
        ThemeChoice::Light => Some(Theme::Light),
        ThemeChoice::Dark => Some(Theme::Dark),
    });
}

/// Brings the window before the person's eyes.
pub fn come_to_front(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    // Each is a request that the desktop may refuse; the page has changed all the same.
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
}
