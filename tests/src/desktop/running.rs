//! A running desktop: its start, its parts, and everything that can be seen of it.

use std::path::{Path, PathBuf};

use tokio::time::timeout;

use super::{
    ending::Guard,
    gnome,
    options::{DesktopOptions, Keyring, Notifications, TrayHost},
    parts::{Parts, START},
    plasma,
    session::Session,
    shell::Shell,
    system_bus::SystemBus,
};
use crate::{
    Error, Result,
    bus::{self, TRAY_WATCHER},
    desktop::keyring::SECRETS,
    notices::Recorder,
    processes,
    wait::eventually,
};

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

    /// Waits until every part that was asked for is there.
    async fn settle(&mut self) -> Result<()> {
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

    /// Ends the tray: the panel, GNOME's extension, or Plasma's shell.
    pub async fn stop_tray(&mut self) -> Result<()> {
        match self.options.shell {
            Shell::Openbox => self.parts.end("xfce4-panel"),
            Shell::Gnome(_) => self.switch_extension_off().await?,
            Shell::Plasma => self.parts.end("plasmashell"),
        }
        self.wait_for_no_tray().await
    }

    /// Starts what [`stop_tray`](Self::stop_tray) ends (again).
    pub async fn start_tray(&mut self) -> Result<()> {
        match self.options.shell {
            Shell::Openbox => self.parts.spawn_panel(&self.session)?,
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
    async fn wait_for_tray(&self) -> Result<()> {
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

/// Runs a step of the start to its end.
pub(super) async fn run_to_end(name: &str, command: std::process::Command) -> Result<()> {
    let running = tokio::process::Command::from(command).kill_on_drop(true).output();
    let output = timeout(START, running)
        .await
        .map_err(|_| Error::TimedOut { what: name.to_owned(), after: START, last: None })?
        .map_err(|source| Error::NotStarted { program: name.to_owned(), source })?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Error::Tool { command: name.to_owned(), answer: words })
}
