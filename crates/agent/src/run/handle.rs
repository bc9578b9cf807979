//! The handle through which the rest of the program talks to the agent.

use dyntray_control::{AgentRequest, Rejection, Response};
use dyntray_core::Snapshot;
use dyntray_core::state::NetworkReading;
use dyntray_core::state::health_issue::HealthIssue;
use tokio::sync::{mpsc, oneshot, watch};

/// A handle to the agent. The agent ends when the last one is dropped.
#[derive(Clone)]
pub struct Handle {
    inbox: mpsc::Sender<Message>,
    /// The newest snapshot.
    pub snapshots: watch::Receiver<Snapshot>,
    /// The newest round of the loop.
    pub rounds: watch::Receiver<Round>,
}

/// A round of the loop, told before it waits again. Whoever hears of it wakes nothing that sleeps.
#[derive(Clone, Copy, Debug, Default)]
pub struct Round {
    /// True while nothing is under way: no request, no look-up, no save, and nothing waits to be written.
    pub is_idle: bool,
}

/// A message from a handle.
pub(super) enum Message {
    /// A request, and where its answer goes.
    Ask(Box<AgentRequest>, oneshot::Sender<Response>),
    /// A question about the network.
    Network(oneshot::Sender<NetworkReading>),
    /// A question about the program that keeps the secrets.
    Keyring(oneshot::Sender<Option<String>>),
    /// The settings are to be read again, and addresses looked up. The asker hears that it has begun.
    Reload(oneshot::Sender<()>),
    /// A health issue of the shell has begun.
    RaiseIssue(HealthIssue),
    /// A health issue of the shell is over.
    ClearIssue(HealthIssue),
    /// The person closed the window.
    WindowClosed,
    /// A panel shows the tray's icon.
    TrayShown,
    /// No panel shows the tray's icon, and whether that is news goes to the asker.
    TrayMissing(oneshot::Sender<MissingTray>),
}

/// What a person knows about a tray that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingTray {
    /// The icon was never shown, and nobody was told so far.
    News,
    /// The icon was shown before, or the person was told.
    Known,
}

impl Handle {
    pub(super) fn new(
        inbox: mpsc::Sender<Message>,
        snapshots: watch::Receiver<Snapshot>,
        rounds: watch::Receiver<Round>,
    ) -> Self {
        Handle { inbox, snapshots, rounds }
    }

    /// Asks the agent, and awaits its response.
    pub async fn ask(&self, request: AgentRequest) -> Response {
        let (reply, answer) = oneshot::channel();
        let refused = Response::Rejected { rejection: Rejection::NotUnderstood };
        if self.inbox.send(Message::Ask(Box::new(request), reply)).await.is_err() {
            return refused;
        }
        answer.await.unwrap_or(refused)
    }

    /// This machine's network, as it was last read.
    pub async fn network(&self) -> NetworkReading {
        let (reply, network) = oneshot::channel();
        match self.inbox.send(Message::Network(reply)).await {
            Ok(()) => network.await.unwrap_or_default(),
            Err(_) => NetworkReading::Unread,
        }
    }

    /// The name of the program that keeps the secrets, or of the file or folder; none where nothing does.
    pub async fn keyring(&self) -> Option<String> {
        let (reply, name) = oneshot::channel();
        match self.inbox.send(Message::Keyring(reply)).await {
            Ok(()) => name.await.unwrap_or_default(),
            Err(_) => None,
        }
    }

    /// Has the settings file read again, and addresses looked up. Returns once it is read.
    pub async fn reload(&self) {
        let (reply, read) = oneshot::channel();
        if self.inbox.send(Message::Reload(reply)).await.is_ok() {
            // The agent may be ending.
            let _ = read.await;
        }
    }

    /// Raises a health issue of the shell, to be shown with the agent's own.
    pub async fn raise_issue(&self, issue: HealthIssue) {
        self.tell(Message::RaiseIssue(issue)).await;
    }

    /// Clears a health issue of the shell that is over.
    pub async fn clear_issue(&self, issue: HealthIssue) {
        self.tell(Message::ClearIssue(issue)).await;
    }

    /// Tells the agent that the person closed the window.
    pub async fn window_closed(&self) {
        self.tell(Message::WindowClosed).await;
    }

    /// Tells the agent that a panel shows the tray's icon.
    pub async fn tray_shown(&self) {
        self.tell(Message::TrayShown).await;
    }

    /// Tells the agent that no panel shows the tray's icon. The first time ever that is news for the person.
    pub async fn tray_missing(&self) -> MissingTray {
        let (reply, known) = oneshot::channel();
        self.tell(Message::TrayMissing(reply)).await;
        // Without an agent the program is ending.
        known.await.unwrap_or(MissingTray::Known)
    }

    async fn tell(&self, message: Message) {
        // It can only fail when the agent has ended, and then it doesn't matter.
        let _ = self.inbox.send(message).await;
    }
}
