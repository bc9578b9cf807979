//! Starting Plasma: the background program, the window manager and the shell.

use super::{
    options::DesktopOptions,
    parts::{Parts, START},
    running::Desktop,
    session::Session,
};
use crate::{Result, wait::eventually};

/// Starts Plasma on X11.
pub(super) fn spawn(parts: &mut Parts, session: &Session, _options: &DesktopOptions) -> Result<()> {
    parts.spawn(session, "kded5", &[], None)?;
    parts.spawn(session, "kwin_x11", &[], None)?;
    spawn_shell(parts, session)
}

/// Starts the shell: desktop, panel, tray and notifications.
pub(super) fn spawn_shell(parts: &mut Parts, session: &Session) -> Result<()> {
    parts.end("plasmashell");
    parts.spawn(session, "plasmashell", &["--no-respawn"], None)
}

impl Desktop {
    /// Waits until Plasma has come up.
    pub(super) async fn settle_plasma(&self) -> Result<()> {
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
