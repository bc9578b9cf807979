//! Starting Plasma: the background program, the window manager and the shell.

use super::{parts::Parts, session::Session};
use crate::Result;

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
