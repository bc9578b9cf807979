//! The programs that make up a desktop.

use std::{
    fs::{self, File},
    io::Write as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tokio::time::timeout;

use super::{
    ending,
    options::{DesktopOptions, KEYRING_PASSWORD, Notifications, TrayHost},
    session::Session,
};
use crate::{Error, Result, wait::eventually};

/// A part of the desktop starts within this time.
pub(super) const START: Duration = Duration::from_secs(15);

/// Width, height and colour depth of the screen.
const SCREEN: &str = "1280x800x24";

/// A running part.
#[derive(Debug)]
struct Part {
    name: &'static str,
    child: Child,
}

/// All running parts. Dropping ends them and everything else on the desktop.
#[derive(Debug)]
pub(super) struct Parts {
    running: Vec<Part>,
    logs: PathBuf,
    mark: String,
    /// The environment entry of the parts and of what they start, but not of the story's own programs.
    part_mark: (&'static str, String),
}

impl Parts {
    pub(super) fn new(session: &Session) -> Self {
        let part_mark = ("DYNTRAY_DESKTOP_PART", session.folder().display().to_string());
        Self { running: Vec::new(), logs: session.logs(), mark: session.mark(), part_mark }
    }

    pub(super) fn pids(&self) -> Vec<u32> {
        self.running.iter().map(|part| part.child.id()).collect()
    }

    pub(super) fn spawn_x_server(&mut self, session: &Session) -> Result<()> {
        // It picks a free display itself and prints its number.
        let arguments =
            ["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset", "-dpi", "96"];
        let mut command = session.command("Xvfb".as_ref());
        command.args(arguments).arg("-auth").arg(session.cookie_file());
        self.spawn_command("Xvfb", command, None)
    }

    /// The display that the X server picked, like `:3`.
    pub(super) async fn display(&self) -> Result<String> {
        let number = self.logs.join("Xvfb");
        eventually("Xvfb to pick a display", START, async || {
            let written = fs::read_to_string(&number).ok()?;
            written.ends_with('\n').then(|| format!(":{}", written.trim()))
        })
        .await
    }

    pub(super) fn spawn_bus(&mut self, session: &Session) -> Result<()> {
        let configuration = format!("--config-file={}", session.bus_configuration().display());
        self.spawn(session, "dbus-daemon", &["--nofork", "--nopidfile", &configuration], None)
    }

    pub(super) fn spawn_keyring(&mut self, session: &Session) -> Result<()> {
        let arguments = ["--foreground", "--unlock", "--components=secrets"];
        self.spawn(session, "gnome-keyring-daemon", &arguments, Some(KEYRING_PASSWORD))
    }

    /// The keyring of a new user, who has no password yet.
    pub(super) fn spawn_empty_keyring(&mut self, session: &Session) -> Result<()> {
        self.spawn(session, "gnome-keyring-daemon", &["--foreground", "--components=secrets"], None)
    }

    /// openbox, and what shows notifications and tray icons beside it.
    pub(super) fn spawn_small_desktop(&mut self, session: &Session, options: &DesktopOptions) -> Result<()> {
        self.spawn(session, "openbox", &[], None)?;
        if options.notifications == Notifications::Shown {
            self.spawn(session, "dunst", &[], None)?;
        }
        if options.tray != TrayHost::Absent {
            self.spawn_panel(session, options.tray)?;
        }
        Ok(())
    }

    pub(super) fn spawn_panel(&mut self, session: &Session, tray: TrayHost) -> Result<()> {
        let (name, arguments) = tray.panel();
        self.end(name);
        self.spawn(session, name, arguments, None)
    }

    /// Ends one part with everything below it; nothing happens when it isn't running.
    pub(super) fn end(&mut self, name: &str) {
        while let Some(place) = self.running.iter().position(|part| part.name == name) {
            ending::end_one(&mut self.running.remove(place).child);
        }
    }

    /// Starts a part by the name of its program.
    pub(super) fn spawn(
        &mut self,
        session: &Session,
        name: &'static str,
        arguments: &[&str],
        input: Option<&str>,
    ) -> Result<()> {
        let mut command = session.command(name.as_ref());
        command.args(arguments);
        self.spawn_command(name, command, input)
    }

    /// Starts a part by a command; its output goes to logs of this name.
    pub(super) fn spawn_command(
        &mut self,
        name: &'static str,
        mut command: Command,
        input: Option<&str>,
    ) -> Result<()> {
        let not_started = |source| Error::NotStarted { program: name.to_owned(), source };
        let log = |suffix: &str| File::create(self.logs.join(format!("{name}{suffix}")));
        let (entry, value) = &self.part_mark;
        let mut child = command
            .env(entry, value)
            .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(log("").map_err(not_started)?)
            .stderr(log(".err").map_err(not_started)?)
            .spawn()
            .map_err(not_started)?;
        if let Some((mut pipe, input)) = child.stdin.take().zip(input) {
            pipe.write_all(input.as_bytes()).map_err(not_started)?;
        }
        self.running.push(Part { name, child });
        Ok(())
    }
}

impl Parts {
    /// Ends all parts and what they started, but not the programs of the story.
    pub(super) fn end_all(&mut self) {
        let (entry, value) = &self.part_mark;
        let mark = format!("{entry}={value}");
        ending::end_all(&mut self.running.drain(..).map(|part| part.child).collect::<Vec<Child>>(), &mark);
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        let mut children: Vec<Child> = self.running.drain(..).map(|part| part.child).collect();
        ending::end_all(&mut children, &self.mark);
    }
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
