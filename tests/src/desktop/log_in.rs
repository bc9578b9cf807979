//! One log-in: everything that is started for it, in order.

use super::{
    gnome,
    options::{DesktopOptions, Keyring, Notifications},
    parts::{Parts, START},
    plasma,
    session::Session,
    shell::Shell,
    system_bus::SystemBus,
};
use crate::{Error, Result, notices::Recorder, wait::eventually};

/// The buses of a log-in, beside the parts that run.
#[derive(Debug)]
pub(super) struct LogIn {
    /// The session bus.
    pub(super) bus: zbus::Connection,
    /// The recorder of notices, where it is the notification daemon.
    pub(super) recorder: Option<Recorder>,
    _system_bus: Option<SystemBus>,
}

impl LogIn {
    /// Starts all parts. They may still be coming up when this returns.
    pub(super) async fn begin(
        parts: &mut Parts,
        session: &mut Session,
        options: &DesktopOptions,
    ) -> Result<Self> {
        if options.shell.needs_x_server() {
            parts.spawn_x_server(session)?;
            session.set_screen(&parts.display().await?);
        }
        let system_bus =
            if options.shell.has_system_bus() { Some(SystemBus::start(parts, session).await?) } else { None };
        // After the display: programs that the bus starts, like the unlock dialog, inherit its environment.
        parts.spawn_bus(session)?;
        let bus = connect(session).await?;

        match options.keyring {
            Keyring::Unlocked | Keyring::Locked => parts.spawn_keyring(session)?,
            Keyring::WithoutCollection => parts.spawn_empty_keyring(session)?,
            Keyring::Wallet => parts.spawn(session, "kwalletd5", &[], None)?,
            Keyring::Absent => {}
        }
        let recorder = match options.notifications {
            Notifications::Recorder => Some(Recorder::start(session.bus_address()).await?),
            _ => None,
        };

        match options.shell {
            Shell::Openbox => parts.spawn_small_desktop(session, options)?,
            Shell::Gnome(display) => gnome::spawn(parts, session, display, options).await?,
            Shell::Plasma => plasma::spawn(parts, session, &bus).await?,
        }

        Ok(Self { bus, recorder, _system_bus: system_bus })
    }
}

/// Connects to the session bus as soon as it listens.
async fn connect(session: &Session) -> Result<zbus::Connection> {
    eventually("the session bus", START, async || {
        let builder = zbus::connection::Builder::address(session.bus_address())?;
        Ok::<_, Error>(builder.build().await?)
    })
    .await
}
