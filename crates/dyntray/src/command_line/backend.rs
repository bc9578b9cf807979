//! Who answers a command: the running program over its socket, or, where none runs, an agent of our own.

use dyntray_agent::run::{RunMode, Started};
use dyntray_agent::{Agent, Handle};
use dyntray_control::{Claim, Client, ConnectError, Request, Response, Watch};
use dyntray_core::Snapshot;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app_paths::AppPaths;
use crate::start_error::StartError;

/// Who answers.
pub(super) enum Backend {
    Running(Client),
    Alone(Alone),
}

/// An agent within this process. Nobody else can start one for the same settings meanwhile.
pub(super) struct Alone {
    handle: Handle,
    agent: JoinHandle<()>,
    claim: Option<Claim>,
}

/// Snapshots, one after the other.
pub(super) enum Snapshots {
    Running(Watch),
    Alone(watch::Receiver<Snapshot>),
}

impl Backend {
    /// The running program.
    pub(super) async fn running(places: &AppPaths) -> Result<Self, StartError> {
        Ok(Backend::Running(Client::connect(&places.place).await?))
    }

    /// The running program, or else an agent of our own that does so much of its work. Needs a `LocalSet`.
    pub(super) async fn running_or_alone(places: &AppPaths, work: RunMode) -> Result<Self, StartError> {
        match Client::connect(&places.place).await {
            Ok(client) => Ok(Backend::Running(client)),
            Err(ConnectError::NotRunning) => Backend::alone(places, work),
            Err(error) => Err(error.into()),
        }
    }

    fn alone(places: &AppPaths, work: RunMode) -> Result<Self, StartError> {
        if places.is_service && work != RunMode::DryRun {
            return Err(StartError::ServiceNotRunning);
        }
        places.understand_settings().map_err(StartError::Settings)?;
        // Who only looks is in nobody's way.
        let claim = match work {
            RunMode::DryRun => None,
            RunMode::Daemon | RunMode::OneShot | RunMode::ControlOnly => {
                Some(places.place.claim()?.ok_or(StartError::Starting)?)
            }
        };
        places.folders.secrets.check().map_err(StartError::Secrets)?;
        let Started { handle, notices, agent } = Agent::start(&places.folders, work)?;
        // Whoever typed the command reads its outcome.
        drop(notices);
        Ok(Backend::Alone(Alone { handle, agent: tokio::task::spawn_local(agent.run()), claim }))
    }

    /// Asks.
    pub(super) async fn ask(&mut self, request: &Request) -> Result<Response, StartError> {
        match self {
            Backend::Running(client) => Ok(client.ask(request).await?),
            Backend::Alone(alone) => match request {
                // The socket's end of the program would have done that.
                Request::Status => {
                    Ok(Response::Snapshot { snapshot: alone.handle.snapshots.borrow().clone() })
                }
                request => Ok(alone.handle.ask(request.clone()).await),
            },
        }
    }

    /// Follows what happens from now on.
    pub(super) async fn snapshots(&self, places: &AppPaths) -> Result<Snapshots, StartError> {
        match self {
            Backend::Running(_) => Ok(Snapshots::Running(Client::watch(&places.place, false).await?)),
            Backend::Alone(alone) => {
                let mut snapshots = alone.handle.snapshots.clone();
                snapshots.mark_changed();
                Ok(Snapshots::Alone(snapshots))
            }
        }
    }

    /// Lets an agent of our own write what it has to.
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
    /// The next one.
    pub(super) async fn next(&mut self) -> Result<Snapshot, StartError> {
        match self {
            Snapshots::Running(watch) => loop {
                let answer = watch.next().await?.ok_or(ConnectError::NotRunning)?;
                if let Response::Snapshot { snapshot } = answer {
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
