//! Starting the built programs, as a person or the session would, and asking Dyntray over its socket.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use rustix::process::Signal;
use tokio::process::Child;

use dyntray_control::{AgentRequest, Client, Request, Response, RuntimeDir, SaveRequest, SecretChange};
use dyntray_core::{Snapshot, present::Mood, settings::form::Form};

pub use crate::built::binary;
use crate::{Error, PATIENCE, Result, clock::WallClock, desktop::Desktop, processes, wait::eventually};

/// `target/stories`: the folder for the pictures, tables and logs of stories.
pub fn output_folder() -> Result<PathBuf> {
    Ok(binary("dyntray")?.with_file_name("..").join("stories"))
}

/// Connects to Dyntray's socket, which it may be about to open.
pub async fn connect(desktop: &Desktop) -> Result<Client> {
    let place = RuntimeDir::at(desktop.folder().join("run/dyntray"));
    eventually("Dyntray's socket", PATIENCE, async || Client::connect(&place).await).await
}

/// Asks Dyntray over its socket.
pub async fn ask(desktop: &Desktop, request: impl Into<Request>) -> Result<Response> {
    let answer = connect(desktop).await?.ask(request).await;
    answer.map_err(|error| Error::NotThere(format!("an answer: {error}")))
}

/// Saves a form with these changes of its entries' secrets, as the window does. Nobody else saves meanwhile.
pub async fn save(desktop: &Desktop, form: Form, secrets: Vec<SecretChange>) -> Result<()> {
    let base = match ask(desktop, AgentRequest::Form).await? {
        Response::Form { form } => form,
        other => return Err(Error::NotThere(format!("the form: {other:?}"))),
    };
    match ask(desktop, AgentRequest::Save(Box::new(SaveRequest { base, form, secrets }))).await? {
        Response::Saved { .. } => Ok(()),
        other => Err(Error::NotThere(format!("a saved form: {other:?}"))),
    }
}

/// Waits until the overall mood is `mood`; `status` asks for the present snapshot.
pub async fn wait_for_mood(mood: Mood, status: impl AsyncFn() -> Result<Snapshot>) -> Result<Snapshot> {
    eventually(&format!("the mood {mood:?}"), PATIENCE, async || {
        let snapshot = status().await?;
        if snapshot.mood == mood { Ok(snapshot) } else { Err(Error::NotThere(format!("{snapshot:?}"))) }
    })
    .await
}

/// A program running on a desktop; its output goes to a log file. Killed when dropped.
#[derive(Debug)]
pub struct App {
    child: Child,
    pid: u32,
    log: PathBuf,
    clock: Option<WallClock>,
}

impl App {
    /// Starts a program with arguments and further entries in its environment.
    pub fn start(
        desktop: &Desktop,
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Result<Self> {
        let mut command = desktop.command(program);
        command.args(arguments).envs(environment.iter().copied());
        Self::start_prepared(desktop, program, command)
    }

    /// Starts a command that becomes `program`, in another network for example.
    pub fn start_prepared(
        desktop: &Desktop,
        program: &Path,
        mut command: tokio::process::Command,
    ) -> Result<Self> {
        let not_started = |source| Error::NotStarted { program: program.display().to_string(), source };
        let log = free_log(desktop, program);
        let file = File::create(&log).map_err(not_started)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().map_err(not_started)?)
            .stderr(file)
            .spawn()
            .map_err(not_started)?;
        let pid = child.id().unwrap_or_default();
        Ok(Self { child, pid, log, clock: None })
    }

    /// The same program with control of the clock that it was started with.
    #[must_use]
    pub fn with_clock(self, clock: WallClock) -> Self {
        Self { clock: Some(clock), ..self }
    }

    /// Simulates an hour of sleep: the program is stopped, and when it goes on, only the wall clock has moved.
    ///
    /// # Errors
    /// [`Error::NotThere`] when it wasn't started with a [`WallClock`].
    pub fn sleep_an_hour(&mut self) -> Result<()> {
        let clock = self.clock.as_mut();
        let clock = clock.ok_or_else(|| Error::NotThere("a clock of the program's own".to_owned()))?;
        processes::signal(self.pid, Signal::STOP);
        let pushed = clock.advance(Duration::from_hours(1));
        processes::signal(self.pid, Signal::CONT);
        pushed
    }

    /// The program's process.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The file with everything it printed.
    pub fn log_file(&self) -> &Path {
        &self.log
    }

    /// Everything it printed so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Tells whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Memory of the program and everything below it in KiB (PSS).
    pub fn tree_pss_kib(&self) -> Option<u64> {
        processes::tree_pss_kib(self.pid)
    }

    /// Waits until it ends by itself; gives the exit code.
    pub async fn wait_exit(&mut self, patience: Duration) -> Result<i32> {
        processes::wait_exit(&mut self.child, patience).await
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        processes::signal(self.pid, signal);
    }

    /// Asks it to end (SIGTERM), as a session does when the person logs out; gives the exit code.
    pub async fn terminate(&mut self, patience: Duration) -> Result<i32> {
        if self.is_running() {
            self.signal(Signal::TERM);
        }
        self.wait_exit(patience).await
    }

    /// Ends it at once (SIGKILL), as a power cut does.
    pub async fn kill(&mut self) -> Result<()> {
        let program = self.log.display().to_string();
        self.child.kill().await.map_err(|source| Error::NotStarted { program, source })
    }
}

/// `log/dyntray`, then `log/dyntray.2` and so on: a second start keeps the log of the first.
fn free_log(desktop: &Desktop, program: &Path) -> PathBuf {
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    let numbered = (2..).map(|number| format!("{name}.{number}"));
    std::iter::once(name.to_string())
        .chain(numbered)
        .map(|file| desktop.logs().join(file))
        .find(|path| !path.exists())
        .unwrap_or_default()
}
