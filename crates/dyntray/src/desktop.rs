//! The desktop's side of the program: tray, notifications and panel watch. All of them send requests to the shell.

use std::rc::Rc;

use dyntray_control::{ActivationToken, Page, Rejection, Request, Response, ShellRequest, WINDOW_IS_OPEN};
use dyntray_core::state::notice::Notice;
use dyntray_texts::{Language, Texts};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::requests::RequestSender;
use crate::shell::Shell;
use crate::tray::Presenter;
use crate::{notices, notification, rejection, restart};

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
    /// Starts all parts, and opens the window where somebody expects one.
    pub fn start(self, shell: &Rc<Shell>, notices: mpsc::UnboundedReceiver<Notice>, tasks: &mut JoinSet<()>) {
        let Desktop { presenter, sender, requests } = self;
        let agent = shell.agent();
        let has_entries = !agent.snapshots.borrow().entries.is_empty();
        let activation = ActivationToken::from_environment().filter(|_| !restart::was_restarted());
        let is_window_open = std::env::var_os(WINDOW_IS_OPEN).is_some();
        if let Some(page) = first_page(has_entries, activation.is_some()).filter(|_| !is_window_open) {
            sender.send(ShellRequest::OpenWindow { page, activation });
        }
        tasks.spawn_local(carry_out(requests, shell.clone()));
        #[cfg(target_os = "linux")]
        tasks.spawn_local(crate::panel::watch(agent.clone(), shell.window().clone(), sender.clone()));
        tasks.spawn_local(notices::run(notices, agent.clone(), sender));
        tasks.spawn_local(presenter.run());
    }
}

/// The page that opens at the start: the settings while there is no entry, the status where a person has just started
/// the program by its icon. Nobody asked for a window when the session has started it.
fn first_page(has_entries: bool, was_clicked: bool) -> Option<Page> {
    match (has_entries, was_clicked) {
        (false, _) => Some(Page::Settings),
        (true, true) => Some(Page::Status),
        (true, false) => None,
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
