//! The desktop's side of the program: tray, notifications and the watch on the session. All of them send requests to the
//! shell.

use std::rc::Rc;

use dyntray_control::{
    ActivationToken, Page, Rejection, Request, Response, RuntimeDir, ShellRequest, WINDOW_IS_OPEN,
};
use dyntray_core::state::notice::Notice;
use dyntray_texts::{Language, Texts};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::notices::{self, Board, Notices};
use crate::notification::Notifier;
use crate::rejection;
use crate::requests::RequestSender;
use crate::restart;
use crate::shell::Shell;
use crate::tray::Tray;

/// The longest wait of the icon for the watch on the session.
#[cfg(target_os = "linux")]
const SESSION_PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

/// The parts of the desktop's side that run on the agent's thread.
pub struct Desktop {
    /// Makes the tray's views.
    pub tray: Tray,
    /// For requests of the parts on this thread.
    pub sender: RequestSender,
    /// The requests of all parts, those on the tray's thread included.
    pub requests: mpsc::UnboundedReceiver<Request>,
    /// The reasons why windows ended before they were there.
    pub lost_windows: mpsc::UnboundedReceiver<String>,
}

impl Desktop {
    /// Starts all parts, and opens the window where somebody expects one. The board has the open notifications, which
    /// are to be closed at the end.
    pub fn start(
        self,
        shell: &Rc<Shell>,
        notices: mpsc::UnboundedReceiver<Notice>,
        tasks: &mut JoinSet<()>,
    ) -> Rc<Board> {
        let Desktop { tray, sender, requests, lost_windows } = self;
        let agent = shell.agent();
        let has_entries = !agent.snapshots.borrow().entries.is_empty();
        let activation = ActivationToken::from_environment().filter(|_| !restart::was_restarted());
        let is_window_open = std::env::var_os(WINDOW_IS_OPEN).is_some() || restart::was_upgraded();
        if let Some(page) = first_page(has_entries, activation.is_some()).filter(|_| !is_window_open) {
            sender.send(ShellRequest::OpenWindow { page, activation, session: None });
        }
        let (rejected, rejections) = mpsc::unbounded_channel();
        tasks.spawn_local(carry_out(requests, shell.clone(), rejected.clone()));
        tasks.spawn_local(tell_lost_windows(lost_windows, shell.clone(), rejected));
        #[cfg(target_os = "linux")]
        let session_watched = {
            let (watched, is_watched) = tokio::sync::oneshot::channel();
            let panel = crate::panel::PanelWatch {
                agent: agent.clone(),
                window: shell.window().clone(),
                requests: sender.clone(),
            };
            tasks.spawn_local(crate::session::watch(panel, watched));
            is_watched
        };
        let list = RuntimeDir::for_this_user().ok().map(|folder| folder.directory().join(notices::FILE));
        let board = Rc::new(Board::new(list));
        let shown = Notices {
            notifier: Notifier::new(),
            board: board.clone(),
            agent: agent.clone(),
            requests: sender,
        };
        tasks.spawn_local(notices::run(shown, notices, rejections));
        tasks.spawn_local(async move {
            // Who sees the icon may rely on the program's end with the session. A display far away may take its time.
            #[cfg(target_os = "linux")]
            let _ = tokio::time::timeout(SESSION_PATIENCE, session_watched).await;
            tray.run().await;
        });
        tasks.spawn_local(crate::upgrade::watch(shell.clone()));
        board
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

/// Has the shell carry out one request after the other, and passes on the text of each rejection.
async fn carry_out(
    mut requests: mpsc::UnboundedReceiver<Request>,
    shell: Rc<Shell>,
    rejected: mpsc::UnboundedSender<String>,
) {
    while let Some(request) = requests.recv().await {
        match shell.answer(request).await {
            // The agent has ended, and the program with it.
            Response::Rejected { rejection: Rejection::NotUnderstood } => {}
            Response::Rejected { rejection } => {
                // It fails only at the program's end.
                let _ = rejected.send(in_words(&shell, &rejection));
            }
            _ => {}
        }
    }
}

/// Passes on why a window ended before it was there. Whoever asked for it heard only that it was started.
async fn tell_lost_windows(
    mut lost: mpsc::UnboundedReceiver<String>,
    shell: Rc<Shell>,
    rejected: mpsc::UnboundedSender<String>,
) {
    while let Some(why) = lost.recv().await {
        // It fails only at the program's end.
        let _ = rejected.send(in_words(&shell, &Rejection::NoWindow { why }));
    }
}

fn in_words(shell: &Shell, rejection: &Rejection) -> String {
    let texts = Texts::of(Language::chosen(shell.agent().snapshots.borrow().language));
    rejection::text(&texts, rejection, &[])
}
