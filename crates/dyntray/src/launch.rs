//! Starts the window program, or has the open one show another page. There is at most one.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use dyntray_control::{Answer, Page};
use tokio::process::Command;
use tokio::sync::mpsc;

/// The window, as far as the always-on program knows it.
#[derive(Clone, Default)]
pub struct Windows {
    at: Arc<Mutex<At>>,
}

#[derive(Default)]
enum At {
    /// There is none.
    #[default]
    Closed,
    /// It was started and hasn't connected yet; the page is what it is to show then, if another than it was
    /// started with.
    Starting(Option<Page>),
    /// It is connected, and shown pages through this.
    Open(mpsc::UnboundedSender<Answer>),
}

impl Windows {
    /// Shows `page`: in the open window, which comes to the front, or in a new one.
    pub fn open(&self, page: Page) {
        let mut at = self.lock();
        match &mut *at {
            At::Open(window) if window.send(Answer::Show { page }).is_ok() => {}
            At::Starting(wanted) => *wanted = Some(page),
            At::Open(_) | At::Closed => {
                *at = At::Starting(None);
                drop(at);
                self.start(page);
            }
        }
    }

    /// A window has connected. What comes out of the receiver is for it.
    pub fn connected(&self) -> mpsc::UnboundedReceiver<Answer> {
        let (show, shown) = mpsc::unbounded_channel();
        let mut at = self.lock();
        if let At::Starting(Some(page)) = *at {
            // The receiver is in our hands: it can't be gone.
            let _ = show.send(Answer::Show { page });
        }
        *at = At::Open(show);
        shown
    }

    /// The connected window has gone.
    pub fn disconnected(&self) {
        *self.lock() = At::Closed;
    }

    fn start(&self, page: Page) {
        let mut command = Command::new(program());
        command.args(arguments(page)).stdin(std::process::Stdio::null());
        match command.spawn() {
            Ok(mut child) => {
                let windows = self.clone();
                tokio::task::spawn_local(async move {
                    match child.wait().await {
                        Ok(status) if status.success() => {}
                        Ok(status) => tracing::warn!(%status, "the window ended badly"),
                        Err(error) => tracing::warn!(%error, "the window was lost"),
                    }
                    windows.disconnected();
                });
            }
            Err(error) => {
                tracing::error!(program = %program().display(), %error, "the window can't be started");
                self.disconnected();
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, At> {
        // Every state of it is whole, whoever panicked.
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The window program: beside this one, else wherever the system finds it.
fn program() -> PathBuf {
    let name = format!("dyntray-window{}", std::env::consts::EXE_SUFFIX);
    std::env::current_exe()
        .ok()
        .map(|program| program.with_file_name(&name))
        .filter(|beside| beside.is_file())
        .unwrap_or_else(|| PathBuf::from(name))
}

fn arguments(page: Page) -> Vec<String> {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    match page {
        Page::Status => words(&["--page", "status"]),
        Page::Settings => words(&["--page", "settings"]),
        Page::NewToken { entry } => words(&["--page", "new-token", "--entry", &entry.to_string()]),
    }
}
