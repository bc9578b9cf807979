//! The backend of a command: the running program over its socket or, where none runs, an agent in this process.

use dyntray_agent::run::{RunMode, Started};
use dyntray_agent::{Agent, Handle};
use dyntray_control::{AgentRequest, Claim, Client, ConnectError, Response, Watch};
use dyntray_core::Snapshot;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app_error::AppError;
use crate::app_paths::AppPaths;

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
    Running(Watch),
    Alone(watch::Receiver<Snapshot>),
}

impl Backend {
    /// The running program.
    pub(super) async fn running(paths: &AppPaths) -> Result<Self, AppError> {
        Ok(Backend::Running(Client::connect(&paths.runtime_dir).await?))
    }

    /// The running program, or else an agent in this process with that mode. Needs a `LocalSet`.
    pub(super) async fn running_or_alone(paths: &AppPaths, mode: RunMode) -> Result<Self, AppError> {
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
        Ok(Backend::Alone(Alone { handle, agent: tokio::task::spawn_local(agent.run()), claim }))
    }

    /// Asks the agent, here or in the running program.
    pub(super) async fn ask(&mut self, request: AgentRequest) -> Result<Response, AppError> {
        match self {
            Backend::Running(client) => Ok(client.ask(request).await?),
            Backend::Alone(alone) => Ok(alone.handle.ask(request).await),
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
            Backend::Running(_) => Ok(Snapshots::Running(Client::watch(&paths.runtime_dir, false).await?)),
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
            Snapshots::Running(watch) => loop {
                let response = watch.next().await?.ok_or(ConnectError::NotRunning)?;
                if let Response::Snapshot { snapshot } = response {
                    return Ok(snapshot);
                }
            },
            Snapshots::Alone(snapshots) => {
                snapshots.changed().await.map_err(|_| ConnectError::NotRunning)?;
                Ok(snapshots.borrow_and_update().clone())
            }
        }
    }
}
