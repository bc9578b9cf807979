//! What Tauri knows about the one window: its label, and the plugin that saves its size and place.

use tauri::AppHandle;
use tauri_plugin_window_state::StateFlags;

/// The window's label in `tauri.conf.json` and in the capability file.
pub const LABEL: &str = "main";

/// Has Tauri's plugin save the window's size and place, and restore them.
pub fn remember_size_and_place(app: &AppHandle) -> tauri::Result<()> {
    // Visibility isn't remembered: the window is opened to be seen.
    let remembered = StateFlags::SIZE | StateFlags::POSITION;
    app.plugin(tauri_plugin_window_state::Builder::new().with_state_flags(remembered).build())
}
