//! Waiting until a desktop that was started is complete.

use super::{
    options::{Keyring, Notifications, SECRETS, TrayHost},
    parts::START,
    running::Desktop,
    shell::Shell,
};
use crate::{Result, wait::eventually};

impl Desktop {
    /// Waits until every part that was asked for is there.
    pub(super) async fn settle(&mut self) -> Result<()> {
        match self.options.keyring {
            Keyring::Unlocked => self.wait_for_keyring().await?,
            Keyring::Locked => {
                self.wait_for_keyring().await?;
                self.lock_keyring().await?;
            }
            Keyring::WithoutCollection | Keyring::Wallet => self.wait_for_name(SECRETS).await?,
            Keyring::Absent => {}
        }
        match self.options.shell {
            Shell::Openbox => self.wait_for_window_manager().await?,
            Shell::Gnome(display) => self.settle_gnome(display).await?,
            Shell::Plasma => self.settle_plasma().await?,
        }
        if self.options.notifications != Notifications::Absent {
            self.wait_for_name("org.freedesktop.Notifications").await?;
        }
        if self.options.tray != TrayHost::Absent {
            self.wait_for_tray().await?;
        }
        Ok(())
    }

    /// Waits until Plasma has come up.
    async fn settle_plasma(&self) -> Result<()> {
        self.wait_for_name("org.kde.KWin").await?;
        self.wait_for_window_manager().await?;
        self.wait_for_name("org.kde.plasmashell").await?;
        eventually("Plasma's panel", START, async || {
            self.windows()
                .await
                .is_ok_and(|windows| windows.iter().any(|one| one.class.starts_with("plasmashell")))
        })
        .await
    }
}
