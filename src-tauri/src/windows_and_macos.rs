//! The window's side of the desktops of Windows and macOS, where Tauri does everything itself.

use dyntray_control::ActivationToken;
use dyntray_core::settings::ThemeChoice;
use tauri::{AppHandle, Theme, WebviewWindow, WebviewWindowBuilder, Wry};

use crate::window;

/// Does what must be done before anything else: nothing.
pub fn begin() {}

/// Gives the window the size that it had before.
pub fn with_saved_size<'a>(
    app: &AppHandle,
    builder: WebviewWindowBuilder<'a, Wry, AppHandle>,
) -> tauri::Result<WebviewWindowBuilder<'a, Wry, AppHandle>> {
    window::remember_size_and_place(app)?;
    Ok(builder)
}

/// Attaches the window to the desktop, which Tauri has done.
#[expect(clippy::unnecessary_wraps, reason = "on Linux it may fail")]
pub fn attach(_: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// Does what is to be done before the window goes: nothing.
pub fn closing(_: &AppHandle) {}

/// Sets the theme of the window's frame.
pub fn set_theme(app: &AppHandle, theme: ThemeChoice) {
    app.set_theme(match theme {
        ThemeChoice::System => None,
        ThemeChoice::Light => Some(Theme::Light),
        ThemeChoice::Dark => Some(Theme::Dark),
    });
}

/// Brings the window to the front. These desktops know no activation tokens.
#[expect(clippy::needless_pass_by_value, reason = "Linux keeps both")]
pub fn focus(window: WebviewWindow, _: Option<ActivationToken>) {
    // The desktop may refuse each of these; the page has changed all the same.
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
}
