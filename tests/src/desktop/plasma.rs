//! Starting Plasma: the background program, the window manager and the shell.

use super::{
    parts::{Parts, START},
    running::Desktop,
    session::Session,
};
use crate::{Result, wait::eventually};

/// Starts Plasma on X11.
pub(super) async fn spawn(parts: &mut Parts, session: &Session, bus: &zbus::Connection) -> Result<()> {
    // Programs that come before the bus of screen readers don't join it.
    let name = zbus::names::WellKnownName::from_static_str_unchecked("org.a11y.Bus");
    zbus::fdo::DBusProxy::new(bus).await?.start_service_by_name(name, 0).await?;
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
