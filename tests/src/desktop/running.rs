//! A running desktop: its start, its parts, and everything that can be seen of it.

use std::path::{Path, PathBuf};

use super::{
    ending::Guard,
    options::{DesktopOptions, Keyring, Notifications, TrayHost},
    parts::{Parts, START},
    session::Session,
};
use crate::{
    Error, Result,
    bus::{self, TRAY_WATCHER},
    notices::Recorder,
    processes,
    wait::eventually,
};

/// A running desktop. Dropping it ends every process that was started on it, then removes its folder.
#[derive(Debug)]
pub struct Desktop {
    // Dropped in this order: first everything ends, then the folder goes.
    parts: Parts,
    recorder: Option<Recorder>,
    bus: zbus::Connection,
    _guard: Guard,
    pub(super) session: Session,
    options: DesktopOptions,
}

impl Desktop {
    /// Starts the desktop for a story; none where the story has to be skipped, because parts of it or these programs
    /// aren't installed.
    ///
    /// # Panics
    /// See [`DesktopOptions::skipped`].
    pub async fn for_story(
        options: DesktopOptions,
        story: &str,
        programs: &[&'static str],
    ) -> Result<Option<Self>> {
        if options.skipped(story, programs) {
            return Ok(None);
        }
        Self::start(options).await.map(Some)
    }

    /// Starts the desktop; it is complete when this returns (about a second).
    pub async fn start(options: DesktopOptions) -> Result<Self> {
        let mut session = Session::create(&options)?;
        let guard = Guard::post(&session)?;
        // From here on `parts` ends what was started, even when a later step fails.
        let mut parts = Parts::new(&session);
        parts.spawn_x_server(&session)?;
        session.set_display(&parts.display().await?);
        // After the display: programs that the bus starts, like the unlock dialog, inherit its environment.
        parts.spawn_bus(&session)?;
        let bus = connect(&session).await?;

        if options.keyring != Keyring::Absent {
            parts.spawn_keyring(&session)?;
        }
        parts.spawn_window_manager(&session)?;
        if options.notifications == Notifications::Dunst {
            parts.spawn_dunst(&session)?;
        }
        if options.tray == TrayHost::Panel {
            parts.spawn_panel(&session)?;
        }
        let recorder = match options.notifications {
            Notifications::Recorder => Some(Recorder::start(session.bus_address()).await?),
            _ => None,
        };

        let desktop = Self { parts, recorder, bus, _guard: guard, session, options };
        desktop.settle().await?;
        Ok(desktop)
    }

    /// Waits until every part that was asked for is there.
    async fn settle(&self) -> Result<()> {
        if self.options.keyring != Keyring::Absent {
            self.wait_for_keyring().await?;
        }
        if self.options.keyring == Keyring::Locked {
            self.lock_keyring().await?;
        }
        if self.options.notifications != Notifications::Absent {
            self.wait_for_name("org.freedesktop.Notifications").await?;
        }
        self.wait_for_window_manager().await?;
        if self.options.tray == TrayHost::Panel {
            self.wait_for_tray().await?;
        }
        Ok(())
    }

    /// The folder under which everything written on this desktop lies.
    pub fn folder(&self) -> &Path {
        self.session.folder()
    }

    /// The person's home folder.
    pub fn home(&self) -> PathBuf {
        self.session.home()
    }

    /// The folder for everything that the parts of the desktop and [`App`](crate::app::App)s print.
    pub fn logs(&self) -> PathBuf {
        self.session.logs()
    }

    /// A connection to the session bus.
    pub fn bus(&self) -> &zbus::Connection {
        &self.bus
    }

    /// The port on which a web view started on this desktop can be driven.
    pub fn inspector_port(&self) -> u16 {
        self.session.inspector_port()
    }

    /// Every process on this desktop, even one that has lost its parent.
    pub fn processes(&self) -> Vec<u32> {
        let mut all = processes::with_environment(&self.session.mark());
        for pid in self.parts.pids().into_iter().flat_map(processes::tree) {
            if !all.contains(&pid) {
                all.push(pid);
            }
        }
        all
    }

    /// A program to be run on this desktop: its environment is the desktop's and nothing else. Killed when dropped.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> tokio::process::Command {
        let mut command = tokio::process::Command::from(self.session.command(program.as_ref()));
        command.kill_on_drop(true);
        command
    }

    /// The notices so far; there only with [`Notifications::Recorder`].
    ///
    /// # Panics
    /// When the desktop was started with another notification daemon.
    pub fn notices(&self) -> &Recorder {
        self.recorder.as_ref().expect("the desktop was started without Notifications::Recorder")
    }

    /// Ends the notification daemon. Nobody owns the bus name afterwards.
    pub async fn stop_notifications(&mut self) -> Result<()> {
        if let Some(recorder) = self.recorder.take() {
            recorder.stop().await?;
        }
        self.parts.end("dunst");
        self.wait_for_no_name("org.freedesktop.Notifications").await
    }

    /// Ends the panel, and with it the tray.
    pub async fn stop_tray(&mut self) -> Result<()> {
        self.parts.end("xfce4-panel");
        self.wait_for_no_name(TRAY_WATCHER).await
    }

    /// Starts the panel (again).
    pub async fn start_tray(&mut self) -> Result<()> {
        self.parts.spawn_panel(&self.session)?;
        self.wait_for_tray().await
    }

    /// Waits until items would be shown. A program that starts earlier may give up.
    async fn wait_for_tray(&self) -> Result<()> {
        eventually("a panel that shows tray items", START, async || {
            match self.proxy(TRAY_WATCHER, "/StatusNotifierWatcher", TRAY_WATCHER).await {
                Ok(watcher) => watcher.get_property("IsStatusNotifierHostRegistered").await.unwrap_or(false),
                Err(_) => false,
            }
        })
        .await
    }

    /// Tells whether a name on the session bus has an owner.
    pub async fn name_is_owned(&self, name: &str) -> Result<bool> {
        let name = zbus::names::BusName::try_from(name).map_err(zbus::Error::from)?;
        Ok(zbus::fdo::DBusProxy::new(&self.bus).await?.name_has_owner(name).await?)
    }

    pub(super) async fn wait_for_name(&self, name: &str) -> Result<()> {
        let what = format!("{name} on the session bus");
        eventually(&what, START, async || self.name_is_owned(name).await.unwrap_or(false)).await
    }

    async fn wait_for_no_name(&self, name: &str) -> Result<()> {
        let what = format!("{name} to leave the session bus");
        eventually(&what, START, async || self.name_is_owned(name).await.is_ok_and(|owned| !owned)).await
    }

    pub(super) async fn proxy(
        &self,
        name: &str,
        path: &str,
        interface: &'static str,
    ) -> Result<zbus::Proxy<'static>> {
        bus::proxy(&self.bus, name, path, interface).await
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
