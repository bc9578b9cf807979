//! The desktop's side of the program: tray, notifications and panel watch. All of them send requests to the shell.

use std::rc::Rc;

use dyntray_control::{Page, Rejection, Request, Response, ShellRequest};
use dyntray_core::state::notice::Notice;
use dyntray_texts::{Language, Texts};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::requests::RequestSender;
use crate::shell::Shell;
use crate::tray::Presenter;
use crate::{notices, notification, rejection};

/// The parts of the desktop's side that run on the agent's thread.
pub struct Desktop {
    /// Makes the tray's views.
    pub presenter: Presenter,
    /// For requests of the parts on this thread.
    pub sender: RequestSender,
    /// The requests of all parts, those on the tray's thread included.
    pub requests: mpsc::UnboundedReceiver<Request>,
}

impl Desktop {
    /// Starts all parts. Without any entry yet, the window opens with the settings.
    pub fn start(self, shell: &Rc<Shell>, notices: mpsc::UnboundedReceiver<Notice>, tasks: &mut JoinSet<()>) {
        let Desktop { presenter, sender, requests } = self;
        let agent = shell.agent();
        if agent.snapshots.borrow().entries.is_empty() {
            sender.send(ShellRequest::OpenWindow { page: Page::Settings });
        }
        tasks.spawn_local(carry_out(requests, shell.clone()));
        #[cfg(target_os = "linux")]
        tasks.spawn_local(crate::panel::watch(agent.clone(), shell.window().clone(), sender.clone()));
        tasks.spawn_local(notices::run(notices, agent.clone(), sender));
        tasks.spawn_local(presenter.run());
    }
}

/// Has the shell carry out one request after the other.
async fn carry_out(mut requests: mpsc::UnboundedReceiver<Request>, shell: Rc<Shell>) {
    while let Some(request) = requests.recv().await {
        if let Response::Rejected { rejection } = shell.answer(request).await {
            tell(&shell, &rejection);
        }
    }
}

/// Shows a rejection as a notification, since whoever pressed something on the desktop sees no response.
fn tell(shell: &Shell, rejection: &Rejection) {
    // The agent has ended, and the program with it.
    if *rejection == Rejection::NotUnderstood {
        return;
    }
    let texts = Texts::of(Language::chosen(shell.agent().snapshots.borrow().language));
    notification::tell(rejection::text(&texts, rejection, &[]));
}
