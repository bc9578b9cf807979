//! The one window: its size, its theme, its focus and the pages it may show.

use dyntray_control::ActivationToken;
use dyntray_core::settings::ThemeChoice;
use tauri::plugin::{self, TauriPlugin};
use tauri::{AppHandle, Manager as _, Runtime, Url, WebviewWindowBuilder};
use tauri_plugin_window_state::StateFlags;

use crate::desktop;

/// The window's label in `tauri.conf.json` and in the capability file.
pub const LABEL: &str = "main";

/// A plugin that keeps the window on its own pages, wherever a script or a link leads.
pub fn own_pages_only<R: Runtime>() -> TauriPlugin<R> {
    let is_own = |url: &Url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost");
    plugin::Builder::new("own-pages-only")
        .on_navigation(move |_, url| is_own(url) || url.as_str() == "about:blank")
        .build()
}

/// Opens the window, as large as it was when it was closed. Called on the main thread.
pub fn open(app: &AppHandle) -> tauri::Result<()> {
    let settings = app.config().app.windows.iter().find(|window| window.label == LABEL);
    let builder = WebviewWindowBuilder::from_config(app, settings.ok_or(tauri::Error::WindowNotFound)?)?;
    let window = desktop::with_saved_size(app, builder)?.build()?;
    desktop::attach(&window)
}

/// Has Tauri's plugin save the window's size and place, and restore them.
pub fn remember_size_and_place(app: &AppHandle) -> tauri::Result<()> {
    // Visibility isn't remembered: the window is opened to be seen.
    let remembered = StateFlags::SIZE | StateFlags::POSITION;
    app.plugin(tauri_plugin_window_state::Builder::new().with_state_flags(remembered).build())
}

/// Does what is to be done before the window goes.
pub fn closing(app: &AppHandle) {
    desktop::closing(app);
}

/// Sets the theme of the window's frame. The pages set their own, or follow the frame's.
pub fn set_theme(app: &AppHandle, theme: ThemeChoice) {
    desktop::set_theme(app, theme);
}

/// Brings the window to the front: with `activation`, or else as far as the desktop allows.
pub fn focus(app: &AppHandle, activation: Option<ActivationToken>) {
    if let Some(window) = app.get_webview_window(LABEL) {
        desktop::focus(window, activation);
    }
}
