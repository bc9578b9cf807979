//! A running desktop: its start, its parts, and everything that can be seen of it.

use std::path::{Path, PathBuf};

use super::{
    ending::Guard,
    log_in::LogIn,
    options::DesktopOptions,
    parts::{Parts, START},
    session::Session,
    shell::Shell,
};
use crate::{Result, bus, notices::Recorder, processes, wait::eventually};

/// A running desktop. Dropping it ends every process that was started on it, then removes its folder.
#[derive(Debug)]
pub struct Desktop {
    // Dropped in this order: first everything ends, then the folder goes.
    pub(super) parts: Parts,
    log_in: LogIn,
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
        let log_in = LogIn::begin(&mut parts, &mut session, &options).await?;
        let mut desktop = Self { parts, log_in, _guard: guard, session, options };
        desktop.settle().await?;
        Ok(desktop)
    }

    /// Logs the person out: the shell, the screen, the buses and everything that they started end. Programs that the
    /// story has started stay, as they do on a machine that doesn't end a person's processes.
    pub fn log_out(&mut self) {
        self.parts.end_all();
    }

    /// Logs the person in again, after [`log_out`](Self::log_out), with the same home folder. The session bus and the
    /// Wayland display have other addresses than before.
    pub async fn log_in(&mut self) -> Result<()> {
        self.session.renew()?;
        self.log_in = LogIn::begin(&mut self.parts, &mut self.session, &self.options).await?;
        self.settle().await
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
        &self.log_in.bus
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

    /// The notices so far; there only with [`Notifications::Recorder`](super::Notifications::Recorder).
    ///
    /// # Panics
    /// When the desktop was started with another notification daemon.
    pub fn notices(&self) -> &Recorder {
        self.log_in.recorder.as_ref().expect("the desktop was started without Notifications::Recorder")
    }

    /// Ends the notification daemon. Nobody owns the bus name afterwards.
    pub async fn stop_notifications(&mut self) -> Result<()> {
        if let Some(recorder) = self.log_in.recorder.take() {
            recorder.stop().await?;
        }
        self.parts.end("dunst");
        self.wait_for_no_name("org.freedesktop.Notifications").await
    }

    /// Tells whether a name on the session bus has an owner.
    pub async fn name_is_owned(&self, name: &str) -> Result<bool> {
        let name = zbus::names::BusName::try_from(name).map_err(zbus::Error::from)?;
        Ok(zbus::fdo::DBusProxy::new(&self.log_in.bus).await?.name_has_owner(name).await?)
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
        bus::proxy(&self.log_in.bus, name, path, interface).await
    }
}
