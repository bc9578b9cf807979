//! A headless desktop of its own for each story: X server, session bus, keyring, window manager, notifications and
//! a panel with a tray, all real programs with private folders.

mod ending;
mod evidence;
mod locale;
mod options;
mod parts;
mod screen;
mod session;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

pub use options::{DesktopOptions, Keyring, Notifications, Screen, TrayHost};
pub use screen::DesktopWindow;

use crate::{Error, Result, notices::Recorder, processes, tray::WATCHER, wait::eventually};
use ending::Guard;
pub(crate) use ending::signal;
use parts::Parts;
use session::Session;
pub(crate) use session::{PROGRAMS, free_port};

/// Opens the keyring of every desktop.
pub const KEYRING_PASSWORD: &str = "open sesame";

/// How long a part of the desktop may take to be there.
const START: Duration = Duration::from_secs(15);

/// A running desktop. Dropping it ends every process that was started on it, then removes its folder.
#[derive(Debug)]
pub struct Desktop {
    // Dropped in this order: first everything ends, then the folder goes.
    parts: Parts,
    recorder: Option<Recorder>,
    bus: zbus::Connection,
    _guard: Guard,
    session: Session,
    options: DesktopOptions,
}

impl Desktop {
    /// Starts the desktop; it is complete when this returns (about a second).
    pub async fn start(options: DesktopOptions) -> Result<Self> {
        let mut session = Session::create(&options)?;
        let guard = Guard::post(&session)?;
        // From here on `parts` ends what was started, even when a later step fails.
        let mut parts = Parts::new(&session);
        parts.spawn_x_server(&session, options.screen)?;
        session.set_display(&parts.display().await?);
        // After the display: what the bus starts by itself, like the unlock dialog, inherits the bus's environment.
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
            self.wait_for_name("org.freedesktop.secrets").await?;
            let service = self.secrets().await?;
            eventually("the login keyring", START, async || {
                service
                    .get_property::<Vec<zbus::zvariant::OwnedObjectPath>>("Collections")
                    .await
                    .is_ok_and(|collections| collections.iter().any(|path| path.as_str() == LOGIN_KEYRING))
            })
            .await?;
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

    /// How the desktop was asked to be.
    pub fn options(&self) -> &DesktopOptions {
        &self.options
    }

    /// The folder under which everything written on this desktop lies.
    pub fn folder(&self) -> &Path {
        self.session.folder()
    }

    /// The person's home folder.
    pub fn home(&self) -> PathBuf {
        self.session.home()
    }

    /// Where the parts of the desktop (and [`App`](crate::app::App)s) leave what they print.
    pub fn logs(&self) -> PathBuf {
        self.session.logs()
    }

    /// A connection to the session bus, for looking around.
    pub fn bus(&self) -> &zbus::Connection {
        &self.bus
    }

    /// Address of the session bus.
    pub fn bus_address(&self) -> &str {
        self.session.bus_address()
    }

    /// The port on which a web view started on this desktop can be driven.
    pub fn inspector_port(&self) -> u16 {
        self.session.inspector_port()
    }

    /// Every process on this desktop, whoever its parent is now.
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

    /// What was announced so far; there only with [`Notifications::Recorder`].
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
        self.wait_for_no_name(WATCHER).await
    }

    /// Starts the panel (again).
    pub async fn start_tray(&mut self) -> Result<()> {
        self.parts.spawn_panel(&self.session)?;
        self.wait_for_tray().await
    }

    /// Waits until items would be shown. A program that comes before that may give up.
    async fn wait_for_tray(&self) -> Result<()> {
        eventually("a panel that shows tray items", START, async || {
            match self.proxy(WATCHER, "/StatusNotifierWatcher", WATCHER).await {
                Ok(watcher) => watcher.get_property("IsStatusNotifierHostRegistered").await.unwrap_or(false),
                Err(_) => false,
            }
        })
        .await
    }

    /// Locks the login keyring, as a screen lock or another program may do at any time.
    pub async fn lock_keyring(&self) -> Result<()> {
        let login = zbus::zvariant::ObjectPath::try_from(LOGIN_KEYRING).map_err(zbus::Error::from)?;
        self.secrets().await?.call_method("Lock", &(vec![login],)).await?;
        eventually("the keyring to be locked", START, async || self.keyring_is_locked().await).await
    }

    /// Ends the keyring altogether, as if it had crashed.
    pub async fn stop_keyring(&mut self) -> Result<()> {
        self.parts.end("gnome-keyring-daemon");
        self.wait_for_no_name("org.freedesktop.secrets").await
    }

    /// Waits for the unlock dialog, types the password (see [`KEYRING_PASSWORD`]) and presses Enter. Tells whether
    /// the login keyring is open then; after a wrong answer the dialog is ready for the next one.
    pub async fn unlock_prompt_answer(&self, password: &str) -> Result<bool> {
        let prompt = self.wait_for_window("the unlock dialog", DesktopWindow::is_unlock_dialog).await?;
        self.activate_window(prompt.id).await?;
        self.type_text(password).await?;
        self.key("Return").await?;
        let open =
            eventually("the keyring to open", SECOND_THOUGHTS, async || !self.keyring_is_locked().await);
        Ok(open.await.is_ok())
    }

    /// Whether the login keyring is locked (or not there at all).
    pub async fn keyring_is_locked(&self) -> bool {
        let interface = "org.freedesktop.Secret.Collection";
        match self.proxy("org.freedesktop.secrets", LOGIN_KEYRING, interface).await {
            Ok(keyring) => keyring.get_property("Locked").await.unwrap_or(true),
            Err(_) => true,
        }
    }

    /// Whether somebody owns a name on the session bus.
    pub async fn name_is_owned(&self, name: &str) -> Result<bool> {
        let name = zbus::names::BusName::try_from(name).map_err(zbus::Error::from)?;
        Ok(zbus::fdo::DBusProxy::new(&self.bus).await?.name_has_owner(name).await?)
    }

    async fn wait_for_name(&self, name: &str) -> Result<()> {
        let what = format!("{name} on the session bus");
        eventually(&what, START, async || self.name_is_owned(name).await.unwrap_or(false)).await
    }

    async fn wait_for_no_name(&self, name: &str) -> Result<()> {
        let what = format!("{name} to leave the session bus");
        eventually(&what, START, async || self.name_is_owned(name).await.is_ok_and(|owned| !owned)).await
    }

    async fn secrets(&self) -> Result<zbus::Proxy<'static>> {
        let service = "org.freedesktop.Secret.Service";
        self.proxy("org.freedesktop.secrets", "/org/freedesktop/secrets", service).await
    }

    async fn proxy(
        &self,
        name: &'static str,
        path: &'static str,
        interface: &'static str,
    ) -> Result<zbus::Proxy<'static>> {
        let builder = zbus::proxy::Builder::<zbus::Proxy<'static>>::new(&self.bus)
            .destination(name)?
            .path(path)?
            .interface(interface)?
            .cache_properties(zbus::proxy::CacheProperties::No);
        Ok(builder.build().await?)
    }
}

/// How long the unlock dialog may take to accept a password; it asks again earlier than that.
const SECOND_THOUGHTS: Duration = Duration::from_millis(1500);

const LOGIN_KEYRING: &str = "/org/freedesktop/secrets/collection/login";

/// Connects to the session bus as soon as it listens.
async fn connect(session: &Session) -> Result<zbus::Connection> {
    eventually("the session bus", START, async || {
        let builder = zbus::connection::Builder::address(session.bus_address())?;
        Ok::<_, Error>(builder.build().await?)
    })
    .await
}
