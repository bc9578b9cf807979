//! The window's side of desktops on Linux: GTK and the portals, where Tauri leaves something to be desired.

mod activation;
mod color_scheme;
mod file_dialog;
mod parent_handle;
mod portal;
mod size;

use dyntray_control::ActivationToken;
use dyntray_core::settings::ThemeChoice;
use gtk::prelude::*;
use gtk::{gdk, glib};
use tauri::{AppHandle, Manager as _, WebviewWindow, WebviewWindowBuilder, Wry};

use crate::window;

/// The name of the desktop entry, `dyntray.desktop`. The window bears it on Wayland and on X11, so that desktops show
/// Dyntray's name and icon, and pin the program that the entry starts.
const DESKTOP_ENTRY: &str = "dyntray";

/// Does what must be done before GTK starts.
pub fn begin() {
    disable_dmabuf();
    glib::set_prgname(Some(DESKTOP_ENTRY));
}

/// Gives the window the size that it had before.
pub fn with_saved_size<'a>(
    app: &AppHandle,
    builder: WebviewWindowBuilder<'a, Wry, AppHandle>,
) -> tauri::Result<WebviewWindowBuilder<'a, Wry, AppHandle>> {
    if !is_on_wayland() {
        window::remember_size_and_place(app)?;
        return Ok(builder);
    }
    Ok(match size::saved(app) {
        Some(size) => builder.inner_size(size.width.into(), size.height.into()),
        None => builder,
    })
}

/// Attaches the window to the desktop's file dialogs and to its preference for light or dark.
pub fn attach(window: &WebviewWindow) -> tauri::Result<()> {
    color_scheme::follow_portal(window.app_handle());
    file_dialog::attach(window)
}

/// Saves the window's size, unless Tauri's plugin does.
pub fn closing(app: &AppHandle) {
    if is_on_wayland() {
        size::save(app);
    }
}

/// Sets the theme of the window's frame, which the web engine tells the pages.
pub fn set_theme(app: &AppHandle, theme: ThemeChoice) {
    color_scheme::choose(app, theme);
}

/// Brings the window to the front.
pub fn focus(window: WebviewWindow, activation: Option<ActivationToken>) {
    let app = window.app_handle().clone();
    // Both fail only when the window is gone.
    let _ = app.run_on_main_thread(move || {
        if let Ok(window) = window.gtk_window() {
            activation::bring_to_front(&window, activation.as_ref());
        }
    });
}

/// True where a Wayland compositor shows the window.
fn is_on_wayland() -> bool {
    gdk::Display::default().is_some_and(|display| display.backend().is_wayland())
}

/// Keeps WebKitGTK from sharing buffers through DMA-BUF: on some graphics drivers the window stays blank then.
fn disable_dmabuf() {
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(SWITCH).is_none() {
        // SAFETY: it is called first in `main`, so no other thread can read the environment meanwhile.
        #[expect(
            unsafe_code,
            reason = "WebKitGTK reads the switch from its environment only, and inherits ours"
        )]
        unsafe {
            std::env::set_var(SWITCH, "1");
        }
    }
}
