//! The window's size on Wayland, from one opening to the next; its place is the compositor's business.
//!
//! Tauri's window-state plugin saves the size that GDK tells, shadow and title bar included, and would have the window
//! grow by them at each opening. What is saved here is the size of what is inside, as GTK takes it.

use std::path::PathBuf;
use std::{fs, io};

use gtk::prelude::*;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager as _};

use crate::window;

/// The file's name in the window's settings folder.
const FILE: &str = "wayland-window-size.json";
/// No screen has more pixels in a line.
const LARGEST: i32 = 16_384;

/// A size in logical pixels, without shadow and title bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InnerSize {
    /// The width.
    pub width: i32,
    /// The height.
    pub height: i32,
}

impl InnerSize {
    /// The size in a file's text, unless that is damaged.
    fn read(text: &str) -> Option<Self> {
        let size: InnerSize = serde_json::from_str(text).ok()?;
        let is_sensible = |length| (1..=LARGEST).contains(&length);
        (is_sensible(size.width) && is_sensible(size.height)).then_some(size)
    }
}

/// The size that the window had when it was closed.
pub fn saved(app: &AppHandle) -> Option<InnerSize> {
    let file = file(app).ok()?;
    // Without a readable file the window has its usual size.
    fs::read_to_string(file).ok().and_then(|text| InnerSize::read(&text))
}

/// Saves the window's size. A maximised or tiled window keeps the size that was saved before.
pub fn save(app: &AppHandle) {
    let Some(size) = current(app) else { return };
    if let Err(error) = write(app, size) {
        eprintln!("dyntray-window: the window's size can't be saved: {error}");
    }
}

fn current(app: &AppHandle) -> Option<InnerSize> {
    use gtk::gdk::WindowState;
    const NOT_CHOSEN: WindowState =
        WindowState::MAXIMIZED.union(WindowState::FULLSCREEN).union(WindowState::TILED);
    let window = app.get_webview_window(window::LABEL)?.gtk_window().ok()?;
    if window.window()?.state().intersects(NOT_CHOSEN) {
        return None;
    }
    let (width, height) = window.size();
    Some(InnerSize { width, height })
}

fn write(app: &AppHandle, size: InnerSize) -> io::Result<()> {
    let file = file(app).map_err(io::Error::other)?;
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, serde_json::to_string(&size)?)
}

fn file(app: &AppHandle) -> tauri::Result<PathBuf> {
    Ok(app.path().app_config_dir()?.join(FILE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_size_is_read_again_and_a_damaged_one_is_not() {
        let size = InnerSize { width: 900, height: 720 };
        let text = serde_json::to_string(&size).expect("JSON");
        assert_eq!(InnerSize::read(&text), Some(size));
        assert_eq!(InnerSize::read(&text[..10]), None);
        assert_eq!(InnerSize::read(r#"{"width":0,"height":720}"#), None);
        assert_eq!(InnerSize::read(r#"{"width":900,"height":2000000000}"#), None);
    }
}
