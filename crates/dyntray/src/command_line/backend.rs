//! The backend of a command: the running program over its socket or, where none runs, an agent in this process.

use std::time::Duration;

use dyntray_agent::run::{RunMode, Started};
use dyntray_agent::{Agent, Handle};
use dyntray_control::{AgentRequest, Claim, Client, ConnectError, Response, Watch};
use dyntray_core::Snapshot;
use dyntray_core::present::change::OtherRevision;
use dyntray_texts::Texts;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::app_error::AppError;
use crate::app_paths::AppPaths;

/// The longest wait for another command of the same settings. None takes longer than its minute.
const LONGEST_TURN: Duration = Duration::from_secs(90);
/// The time after which it is said that another command is waited for.
const PATIENCE: Duration = Duration::from_millis(1500);
/// The time between two looks whether it has ended.
const AGAIN: Duration = Duration::from_millis(50);

/// The backend of a command.
pub(super) enum Backend {
    Running(Client),
    Alone(Alone),
}

/// An agent in this process. While it runs, no other program can start one for the same settings.
pub(super) struct Alone {
    handle: Handle,
    agent: JoinHandle<()>,
    claim: Option<Claim>,
}

/// A stream of snapshots.
pub(super) enum Snapshots {
    Running(Watch, Box<Snapshot>),
    Alone(watch::Receiver<Snapshot>),
}

impl Backend {
    /// The running program.
    pub(super) async fn running(paths: &AppPaths) -> Result<Self, AppError> {
        Ok(Backend::Running(Client::connect(&paths.runtime_dir).await?))
    }

    /// The running program, or else an agent in this process with that mode. Waits for its turn where another command is
    /// at work, or the program is just starting or ending. Needs a `LocalSet`.
    ///
    /// # Errors
    /// [`AppError::Starting`] where that doesn't end.
    pub(super) async fn running_or_alone(paths: &AppPaths, mode: RunMode) -> Result<Self, AppError> {
        let begun = Instant::now();
        let mut is_told = false;
        loop {
            match Backend::find(paths, mode).await {
                Err(AppError::Starting) if begun.elapsed() < LONGEST_TURN => {}
                found => return found,
            }
            if !is_told && begun.elapsed() >= PATIENCE {
                eprintln!("{}", Texts::of_system().say("report-waiting-turn"));
                is_told = true;
            }
            sleep(AGAIN).await;
        }
    }

    async fn find(paths: &AppPaths, mode: RunMode) -> Result<Self, AppError> {
        match Client::connect(&paths.runtime_dir).await {
            Ok(client) => Ok(Backend::Running(client)),
            Err(ConnectError::NotRunning) => Backend::alone(paths, mode),
            Err(error) => Err(error.into()),
        }
    }

    fn alone(paths: &AppPaths, mode: RunMode) -> Result<Self, AppError> {
        if paths.is_service && mode != RunMode::DryRun {
            return Err(AppError::ServiceNotRunning);
        }
        paths.check_settings().map_err(AppError::Settings)?;
        // A dry run changes nothing, so it needs no lock.
        let claim = match mode {
            RunMode::DryRun => None,
            RunMode::Daemon | RunMode::OneShot | RunMode::ControlOnly => {
                let other = || paths.runtime_dir.other_machine();
                let taken = || other().map_or(AppError::Starting, AppError::Elsewhere);
                Some(paths.runtime_dir.claim()?.ok_or_else(taken)?)
            }
        };
        paths.folders.secrets.check().map_err(AppError::Secrets)?;
        let Started { handle, notices, agent } = Agent::start(&paths.folders, mode)?;
        // The command prints its outcome instead.
        drop(notices);
        // The service's credentials are nobody else's to see.
        let agent = if paths.is_service { agent } else { agent.with_secrets_checked() };
        Ok(Backend::Alone(Alone { handle, agent: tokio::task::spawn_local(agent.run()), claim }))
    }

    /// Asks the agent, here or in the running program.
    pub(super) async fn ask(&mut self, request: AgentRequest) -> Result<Response, AppError> {
        match self {
            Backend::Running(client) => Ok(client.ask(request).await?),
            Backend::Alone(alone) => Ok(alone.handle.ask(request).await),
        }
    }

    /// Asks the agent, and takes the request back when `cancelled` returns first; none when nothing of it was done. It
    /// mustn't be a request that [`Response::Done`] answers.
    pub(super) async fn ask_unless(
        &mut self,
        request: AgentRequest,
        cancelled: impl Future<Output = ()>,
    ) -> Result<Option<Response>, AppError> {
        match self {
            Backend::Running(client) => Ok(client.ask_unless(request, cancelled).await?),
            Backend::Alone(alone) => Ok(tokio::select! {
                biased;
                response = alone.handle.ask(request) => Some(response),
                () = cancelled => None,
            }),
        }
    }

    /// The current snapshot.
    pub(super) async fn snapshot(&mut self) -> Result<Snapshot, AppError> {
        match self.ask(AgentRequest::Status).await? {
            Response::Snapshot { snapshot } => Ok(snapshot),
            _ => Err(AppError::NotUnderstood),
        }
    }

    /// The current snapshot, and every one from now on.
    pub(super) async fn snapshots(&self, paths: &AppPaths) -> Result<Snapshots, AppError> {
        match self {
            Backend::Running(_) => {
                let watch = Client::watch(&paths.runtime_dir, false).await?;
                Ok(Snapshots::Running(watch, Box::default()))
            }
            Backend::Alone(alone) => {
                let mut snapshots = alone.handle.snapshots.clone();
                snapshots.mark_changed();
                Ok(Snapshots::Alone(snapshots))
            }
        }
    }

    /// Ends an agent in this process, which writes first whatever it still has to.
    pub(super) async fn end(self) {
        if let Backend::Alone(Alone { handle, agent, claim }) = self {
            drop(handle);
            if let Err(error) = agent.await {
                eprintln!("dyntray: the update loop failed: {error}");
            }
            drop(claim);
        }
    }
}

impl Snapshots {
    /// The next snapshot.
    pub(super) async fn next(&mut self) -> Result<Snapshot, AppError> {
        match self {
            Snapshots::Running(watch, newest) => loop {
                match watch.next().await?.ok_or(ConnectError::NotRunning)? {
                    Response::Snapshot { snapshot } => **newest = snapshot,
                    Response::Changed { change } => {
                        change.apply(newest).map_err(|OtherRevision| AppError::NotUnderstood)?;
                    }
                    _ => continue,
                }
                return Ok(Snapshot::clone(newest));
            },
            Snapshots::Alone(snapshots) => {
                snapshots.changed().await.map_err(|_| ConnectError::NotRunning)?;
                Ok(snapshots.borrow_and_update().clone())
            }
        }
    }
}
