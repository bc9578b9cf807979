//! The window on GNOME and Plasma: in front when it is asked for, one application with the program, light or dark like
//! the desktop, of a lasting size, and with the desktop's own file dialog.

mod appearance;
mod file_dialog;
mod front;
mod launch;
mod size;

use std::path::Path;

use dyntray_control::{ActivationToken, Page, ShellRequest};
use dyntray_stories::app::App;
use dyntray_stories::desktop::{Desktop, DesktopWindow, Shell};
use dyntray_stories::gnome::Gnome;
use dyntray_stories::home::Home;
use dyntray_stories::wait::eventually;
use dyntray_stories::{PATIENCE, Result, Story};

/// The title of the window of [`cover`].
const OTHER: &str = "Another program";

/// A program with nothing but a large window.
const OTHER_PROGRAM: &str = "imports.gi.versions.Gtk = '3.0'; const { Gtk } = imports.gi; Gtk.init(null); \
     const window = new Gtk.Window({ title: 'Another program', default_width: 1200, default_height: 720 }); \
     window.show_all(); Gtk.main();";

/// Starts another program, whose window covers Dyntray's.
async fn cover(desktop: &Desktop) -> Story<App> {
    let other = App::start(desktop, Path::new("/usr/bin/gjs"), &["-c", OTHER_PROGRAM], &[])?;
    desktop.wait_for_window("the other program", |window| window.title == OTHER).await?;
    Ok(other)
}

/// Waits for Dyntray's window.
async fn ours(desktop: &Desktop) -> Result<DesktopWindow> {
    desktop.wait_for_window("Dyntray's window", |window| window.title == "Dyntray").await
}

/// Asks for the settings page, as a click in the tray does.
async fn ask_for_window(home: &Home, activation: Option<ActivationToken>) -> Result<()> {
    home.ask(ShellRequest::OpenWindow { page: Page::Settings, activation }).await.map(drop)
}

/// The title of the window that has the keyboard.
async fn active(desktop: &Desktop) -> Result<String> {
    if matches!(desktop.shell(), Shell::Gnome(_)) {
        let windows = Gnome::of(desktop).windows().await?;
        return Ok(windows
            .into_iter()
            .find(|window| window.focused)
            .map(|one| one.title)
            .unwrap_or_default());
    }
    Ok(desktop.tool("xdotool", &["getactivewindow", "getwindowname"]).await?.trim().to_owned())
}

/// Waits until the window with that title has the keyboard.
async fn wait_for_active(desktop: &Desktop, title: &str) -> Result<()> {
    eventually(&format!("{title:?} to be in front"), PATIENCE, async || {
        let active = active(desktop).await.map_err(|error| error.to_string())?;
        if active == title { Ok(()) } else { Err(active) }
    })
    .await
}

/// Brings the other program's window to the front.
async fn go_behind(desktop: &Desktop) -> Result<()> {
    let other = desktop.wait_for_window("the other program", |window| window.title == OTHER).await?;
    desktop.activate_window(other.id).await?;
    wait_for_active(desktop, OTHER).await
}

/// Minimises Dyntray's window.
async fn minimise(desktop: &Desktop) -> Result<()> {
    let window = ours(desktop).await?;
    if matches!(desktop.shell(), Shell::Gnome(_)) {
        Gnome::of(desktop).minimize(window.id).await?;
    } else {
        desktop.tool("xdotool", &["windowminimize", &window.id.to_string()]).await?;
    }
    wait_for_active(desktop, OTHER).await
}
