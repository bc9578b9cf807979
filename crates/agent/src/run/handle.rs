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
}

/// A message from a handle.
pub(super) enum Message {
    /// A request, and where its answer goes.
    Ask(AgentRequest, oneshot::Sender<Response>),
    /// A question about the network.
    Network(oneshot::Sender<NetworkReading>),
    /// A health issue of the shell has begun.
    RaiseIssue(HealthIssue),
    /// A health issue of the shell is over.
    ClearIssue(HealthIssue),
    /// The person closed the window.
    WindowClosed,
}

impl Handle {
    pub(super) fn new(inbox: mpsc::Sender<Message>, snapshots: watch::Receiver<Snapshot>) -> Self {
        Handle { inbox, snapshots }
    }

    /// Asks the agent, and awaits its response.
    pub async fn ask(&self, request: AgentRequest) -> Response {
        let (reply, answer) = oneshot::channel();
        let refused = Response::Rejected { rejection: Rejection::NotUnderstood };
        if self.inbox.send(Message::Ask(request, reply)).await.is_err() {
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

    async fn tell(&self, message: Message) {
        // It can only fail when the agent has ended, and then it doesn't matter.
        let _ = self.inbox.send(message).await;
    }
}
