//! Who answers a command: the running program over its socket, or, where none runs, an agent of our own.

use dyntray_agent::run::{Started, Work};
use dyntray_agent::{Agent, Handle};
use dyntray_control::{Answer, Claim, Client, ConnectError, Request, Watch};
use dyntray_core::Snapshot;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::failure::Failure;
use crate::places::Places;

/// Who answers.
pub(super) enum Peer {
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

impl Peer {
    /// The running program.
    pub(super) async fn running(places: &Places) -> Result<Self, Failure> {
        Ok(Peer::Running(Client::connect(&places.place).await?))
    }

    /// The running program, or else an agent of our own that does so much of its work. Needs a `LocalSet`.
    pub(super) async fn running_or_alone(places: &Places, work: Work) -> Result<Self, Failure> {
        match Client::connect(&places.place).await {
            Ok(client) => Ok(Peer::Running(client)),
            Err(ConnectError::NotRunning) => Peer::alone(places, work),
            Err(error) => Err(error.into()),
        }
    }

    fn alone(places: &Places, work: Work) -> Result<Self, Failure> {
        if places.is_service && work != Work::Looking {
            return Err(Failure::ServiceNotRunning);
        }
        places.understand_settings().map_err(Failure::Settings)?;
        // Who only looks is in nobody's way.
        let claim = match work {
            Work::Looking => None,
            Work::All | Work::Once | Work::Answering => Some(places.place.claim()?.ok_or(Failure::Starting)?),
        };
        places.folders.secrets.check().map_err(Failure::Secrets)?;
        let Started { handle, notices, agent } = Agent::start(&places.folders, work)?;
        // Whoever typed the command reads its outcome.
        drop(notices);
        Ok(Peer::Alone(Alone { handle, agent: tokio::task::spawn_local(agent.run()), claim }))
    }

    /// Asks.
    pub(super) async fn ask(&mut self, request: &Request) -> Result<Answer, Failure> {
        match self {
            Peer::Running(client) => Ok(client.ask(request).await?),
            Peer::Alone(alone) => match request {
                // The socket's end of the program would have done that.
                Request::Status => Ok(Answer::Snapshot { snapshot: alone.handle.snapshots.borrow().clone() }),
                request => Ok(alone.handle.ask(request.clone()).await),
            },
        }
    }

    /// Follows what happens from now on.
    pub(super) async fn snapshots(&self, places: &Places) -> Result<Snapshots, Failure> {
        match self {
            Peer::Running(_) => Ok(Snapshots::Running(Client::watch(&places.place, false).await?)),
            Peer::Alone(alone) => {
                let mut snapshots = alone.handle.snapshots.clone();
                snapshots.mark_changed();
                Ok(Snapshots::Alone(snapshots))
            }
        }
    }

    /// Lets an agent of our own write what it has to.
    pub(super) async fn end(self) {
        if let Peer::Alone(Alone { handle, agent, claim }) = self {
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
    pub(super) async fn next(&mut self) -> Result<Snapshot, Failure> {
        match self {
            Snapshots::Running(watch) => loop {
                let answer = watch.next().await?.ok_or(ConnectError::NotRunning)?;
                if let Answer::Snapshot { snapshot } = answer {
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
