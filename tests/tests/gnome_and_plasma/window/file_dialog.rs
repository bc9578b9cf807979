//! The file dialog of *Import*: the desktop's own, which its portal shows, or GTK's where there is no portal.
//!
//! The web engine opens no file dialog for a web driver. So these windows have none: they are read and operated as a
//! screen reader does it.

use std::fs;
use std::time::Duration;

use dyntray_stories::accessibility::{Accessibility, Element};
use dyntray_stories::app::App;
use dyntray_stories::desktop::{DesktopOptions, DesktopWindow, Display};
use dyntray_stories::home::Home;
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Result, Story, processes};

use tokio::time::sleep;

use super::ours;

/// A host name that is only looked at: it is never taken over, and nobody has such a server.
const IN_FILE: &str = "house.example.test";

/// The file that is imported.
const FILE: &str = "protocol=dyndns2\nserver=update.example.test\nlogin=anna\npassword=abcd-efgh-ijkl\n\
    house.example.test\n";

/// The name by which screen readers know the window's program.
const PROGRAM: &str = "dyntray";

/// Dyntray with an open window that has no web driver, and a file to import.
struct Importing<'a> {
    home: &'a Home,
    screen: Accessibility,
    window: DesktopWindow,
    _app: App,
}

impl<'a> Importing<'a> {
    async fn start(home: &'a Home) -> Story<Self> {
        fs::write(home.desktop.home().join("ddclient.conf"), FILE)?;
        let app = home.start_app_with(&[], &[("TAURI_WEBVIEW_AUTOMATION", "false")])?;
        let window = ours(&home.desktop).await?;
        let screen = Accessibility::of(&home.desktop).await?;
        Ok(Self { home, screen, window, _app: app })
    }

    fn is_dialog(&self, seen: &DesktopWindow) -> bool {
        seen.title.starts_with("Dyntray") && seen.id != self.window.id
    }

    /// Activates *Import*; gives the dialog.
    async fn open_dialog(&self) -> Result<DesktopWindow> {
        self.screen.activate(PROGRAM, "Import…").await?;
        let desktop = &self.home.desktop;
        let dialog = desktop.wait_for_window("the file dialog", |seen| self.is_dialog(seen)).await?;
        self.home.picture("dialog").await?;
        Ok(dialog)
    }

    async fn wait_for_no_dialog(&self) -> Result<()> {
        eventually("the file dialog to close", PATIENCE, async || {
            let windows = self.home.desktop.windows().await.map_err(|error| error.to_string())?;
            if windows.iter().any(|window| self.is_dialog(window)) {
                Err(format!("{windows:?}"))
            } else {
                Ok(())
            }
        })
        .await
    }

    /// Cancels a dialog: nothing follows, and *Import* can be used again.
    async fn cancel(&self) -> Story {
        self.open_dialog().await?;
        self.home.desktop.key("Escape").await?;
        self.wait_for_no_dialog().await?;
        // Longer than another dialog or a file's table takes to come.
        sleep(Duration::from_secs(1)).await;
        self.wait_for_no_dialog().await?;
        let shown = self.screen.elements(PROGRAM).await?;
        assert!(!shown.iter().any(is_in_file), "{shown:?}");
        assert!(shown.iter().any(|element| element.is_button("Import…")), "{shown:?}");
        Ok(())
    }

    /// Types the file's path into a dialog: the window shows what the file holds. Gives the program that showed the
    /// dialog.
    async fn choose(&self) -> Story<String> {
        let dialog = self.open_dialog().await?;
        let program = processes::command_line(dialog.pid).into_iter().next();
        let path = self.home.desktop.home().join("ddclient.conf").display().to_string();
        // The first letter opens GTK's field for a path, which takes a moment.
        let (first, rest) = path.split_at(1);
        for part in [first, rest] {
            self.home.desktop.type_text(part).await?;
            sleep(Duration::from_millis(500)).await;
        }
        self.home.picture("typed").await?;
        self.home.desktop.key("Return").await?;
        self.wait_for_no_dialog().await?;
        self.screen.wait_for(PROGRAM, "the file's host name", is_in_file).await?;
        self.home.picture("chosen").await?;
        Ok(program.ok_or_else(|| Error::NotThere(format!("the program of {dialog:?}")))?)
    }
}

fn is_in_file(element: &Element) -> bool {
    element.name.contains(IN_FILE)
}

#[tokio::test]
async fn on_gnome_import_opens_the_portals_file_dialog() -> Story {
    let story = Home::for_story(DesktopOptions::gnome(Display::Wayland), "gnome-file-dialog", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let importing = Importing::start(&home).await?;
    importing.cancel().await?;
    let program = importing.choose().await?;
    assert!(program.ends_with("xdg-desktop-portal-gnome"), "{program}");
    Ok(())
}

#[tokio::test]
async fn on_plasma_import_opens_kdes_file_dialog() -> Story {
    let story = Home::for_story(DesktopOptions::plasma(), "plasma-file-dialog", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let importing = Importing::start(&home).await?;
    importing.cancel().await?;
    let program = importing.choose().await?;
    assert!(program.ends_with("xdg-desktop-portal-kde"), "{program}");
    Ok(())
}

#[tokio::test]
async fn without_a_portal_import_opens_gtks_file_dialog() -> Story {
    let Some(home) = Home::for_story(DesktopOptions::default(), "gtk-file-dialog", &[]).await? else {
        return Ok(());
    };
    let importing = Importing::start(&home).await?;
    importing.cancel().await?;
    let program = importing.choose().await?;
    assert!(program.ends_with("dyntray-window"), "{program}");
    Ok(())
}
