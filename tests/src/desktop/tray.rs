//! The place for tray icons: ended, started again, and waited for.

use super::{parts::START, plasma, running::Desktop, shell::Shell};
use crate::{Result, bus::TRAY_WATCHER, wait::eventually};

impl Desktop {
    /// Ends the tray: the panel, GNOME's extension, or Plasma's shell.
    pub async fn stop_tray(&mut self) -> Result<()> {
        match self.options.shell {
            Shell::Openbox => self.parts.end(self.options.tray.panel().0),
            Shell::Gnome(_) => self.switch_extension_off().await?,
            Shell::Plasma => self.parts.end("plasmashell"),
        }
        self.wait_for_no_tray().await
    }

    /// Starts what [`stop_tray`](Self::stop_tray) ends (again).
    pub async fn start_tray(&mut self) -> Result<()> {
        match self.options.shell {
            Shell::Openbox => self.parts.spawn_panel(&self.session, self.options.tray)?,
            Shell::Gnome(_) => self.switch_extension_on().await?,
            Shell::Plasma => plasma::spawn_shell(&mut self.parts, &self.session)?,
        }
        self.wait_for_tray().await
    }

    /// Waits until nothing shows items any more. Plasma's background program keeps the watcher's name then.
    async fn wait_for_no_tray(&self) -> Result<()> {
        eventually("the tray to go", START, async || !self.has_tray().await).await
    }

    /// Waits until items would be shown. A program that starts earlier may give up.
    pub(super) async fn wait_for_tray(&self) -> Result<()> {
        eventually("a panel that shows tray items", START, async || self.has_tray().await).await
    }

    async fn has_tray(&self) -> bool {
        if !self.name_is_owned(TRAY_WATCHER).await.unwrap_or(false) {
            return false;
        }
        match self.proxy(TRAY_WATCHER, "/StatusNotifierWatcher", TRAY_WATCHER).await {
            Ok(watcher) => watcher.get_property("IsStatusNotifierHostRegistered").await.unwrap_or(false),
            Err(_) => false,
        }
    }
}
