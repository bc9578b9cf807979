//! A running desktop: its start, its parts, and everything that can be seen of it.

use std::path::{Path, PathBuf};

use super::{
    ending::Guard,
    gnome,
    options::{DesktopOptions, Keyring, Notifications},
    parts::{Parts, START},
    plasma,
    session::Session,
    shell::Shell,
    system_bus::SystemBus,
};
use crate::{Error, Result, bus, notices::Recorder, processes, wait::eventually};

/// A running desktop. Dropping it ends every process that was started on it, then removes its folder.
#[derive(Debug)]
pub struct Desktop {
    // Dropped in this order: first everything ends, then the folder goes.
    pub(super) parts: Parts,
    recorder: Option<Recorder>,
    bus: zbus::Connection,
    _system_bus: Option<SystemBus>,
    _guard: Guard,
    pub(super) session: Session,
    pub(super) options: DesktopOptions,
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
        if options.shell.needs_x_server() {
            parts.spawn_x_server(&session)?;
            session.set_screen(&parts.display().await?);
        }
        let system_bus = if options.shell.has_system_bus() {
            Some(SystemBus::start(&mut parts, &session).await?)
        } else {
            None
        };
        // After the display: programs that the bus starts, like the unlock dialog, inherit its environment.
        parts.spawn_bus(&session)?;
        let bus = connect(&session).await?;

        match options.keyring {
            Keyring::Unlocked | Keyring::Locked => parts.spawn_keyring(&session)?,
            Keyring::WithoutCollection => parts.spawn_empty_keyring(&session)?,
            Keyring::Wallet => parts.spawn(&session, "kwalletd5", &[], None)?,
            Keyring::Absent => {}
        }
        let recorder = match options.notifications {
            Notifications::Recorder => Some(Recorder::start(session.bus_address()).await?),
            _ => None,
        };

        match options.shell {
            Shell::Openbox => parts.spawn_small_desktop(&session, &options)?,
            Shell::Gnome(display) => gnome::spawn(&mut parts, &session, display, &options).await?,
            Shell::Plasma => plasma::spawn(&mut parts, &session, &bus).await?,
        }

        let mut desktop =
            Self { parts, recorder, bus, _system_bus: system_bus, _guard: guard, session, options };
        desktop.settle().await?;
        Ok(desktop)
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

    /// The address of the session bus.
    pub fn bus_address(&self) -> &str {
        self.session.bus_address()
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

    /// The program that manages windows and shows the panel.
    pub fn shell(&self) -> Shell {
        self.options.shell
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

    /// Tells whether a name on the session bus has an owner.
    pub async fn name_is_owned(&self, name: &str) -> Result<bool> {
        let name = zbus::names::BusName::try_from(name).map_err(zbus::Error::from)?;
        Ok(zbus::fdo::DBusProxy::new(&self.bus).await?.name_has_owner(name).await?)
    }

    /// Waits until a name on the session bus has an owner.
    pub async fn wait_for_name(&self, name: &str) -> Result<()> {
        let what = format!("{name} on the session bus");
        eventually(&what, START, async || self.name_is_owned(name).await.unwrap_or(false)).await
    }

    /// Waits until nobody owns a name on the session bus.
    pub(super) async fn wait_for_no_name(&self, name: &str) -> Result<()> {
        let what = format!("{name} to leave the session bus");
        eventually(&what, START, async || self.name_is_owned(name).await.is_ok_and(|owned| !owned)).await
    }

    /// An object on the session bus.
    pub(crate) async fn proxy(
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
