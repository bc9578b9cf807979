//! The one window: its theme, its focus and the pages it may show.

use dyntray_core::settings::ThemeChoice;
use tauri::plugin::{self, TauriPlugin};
use tauri::{AppHandle, Manager as _, Runtime, Theme, Url};

/// The window's label in `tauri.conf.json` and in the capability file.
pub const LABEL: &str = "main";

/// A plugin that keeps the window on its own pages, wherever a script or a link leads.
pub fn own_pages_only<R: Runtime>() -> TauriPlugin<R> {
    let is_own = |url: &Url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost");
    plugin::Builder::new("own-pages-only")
        .on_navigation(move |_, url| is_own(url) || url.as_str() == "about:blank")
        .build()
}

/// Sets the theme of the window's frame. The pages set their own.
pub fn set_theme(app: &AppHandle, theme: ThemeChoice) {
    app.set_theme(match theme {
        ThemeChoice::System => None,
        ThemeChoice::Light => Some(Theme::Light),
        ThemeChoice::Dark => Some(Theme::Dark),
    });
}

/// Brings the window to the front.
pub fn focus(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    // The desktop may refuse each of these; the page has changed all the same.
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
}
