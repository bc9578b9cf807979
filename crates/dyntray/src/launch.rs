//! Starts the window program, or has the open one show another page. There is at most one.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use dyntray_control::{Page, Response};
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
    /// It was started and hasn't connected yet.
    Starting {
        /// What it is to show then, if another page than it was started with.
        wanted: Option<Page>,
        /// Its process.
        process: Option<u32>,
    },
    /// It is connected, and shown pages through this.
    Open(mpsc::UnboundedSender<Response>),
}

impl Windows {
    /// Shows `page`: in the open window, which comes to the front, or in a new one.
    ///
    /// # Errors
    /// When the window program can't be started.
    pub fn open(&self, page: Page) -> io::Result<()> {
        let mut at = self.lock();
        match &mut *at {
            At::Open(window) if window.send(Response::Show { page }).is_ok() => {}
            At::Starting { wanted, .. } => *wanted = Some(page),
            At::Open(_) | At::Closed => *at = At::Starting { wanted: None, process: self.start(page)? },
        }
        Ok(())
    }

    /// Whether somebody may be looking at a window, or will in a moment.
    pub fn is_shown(&self) -> bool {
        !matches!(*self.lock(), At::Closed)
    }

    /// A window has connected. What comes out of the receiver is for it.
    pub fn connected(&self) -> mpsc::UnboundedReceiver<Response> {
        let (show, shown) = mpsc::unbounded_channel();
        let mut at = self.lock();
        if let At::Starting { wanted: Some(page), .. } = *at {
            // The receiver is in our hands: it can't be gone.
            let _ = show.send(Response::Show { page });
        }
        *at = At::Open(show);
        shown
    }

    /// A connected window has gone, and what it was shown pages through with it. Another may be there already.
    pub fn disconnected(&self) {
        let mut at = self.lock();
        if matches!(&*at, At::Open(window) if window.is_closed()) {
            *at = At::Closed;
        }
    }

    /// A window's process has ended, perhaps before it connected.
    fn ended(&self, ended: Option<u32>) {
        let mut at = self.lock();
        if matches!(&*at, At::Starting { process, .. } if *process == ended) {
            *at = At::Closed;
        }
    }

    fn start(&self, page: Page) -> io::Result<Option<u32>> {
        let program = program();
        let named =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", program.display()));
        let mut command = Command::new(&program);
        command.args(arguments(page)).stdin(std::process::Stdio::null());
        let mut child = command.spawn().map_err(named)?;
        let (windows, process) = (self.clone(), child.id());
        tokio::task::spawn_local(async move {
            match child.wait().await {
                Ok(status) if status.success() => {}
                Ok(status) => tracing::warn!(%status, "the window ended badly"),
                Err(error) => tracing::warn!(%error, "the window was lost"),
            }
            windows.ended(process);
        });
        Ok(process)
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
        Page::Diagnostics => words(&["--page", "diagnostics"]),
        Page::About => words(&["--page", "about"]),
        Page::NewToken { entry } => words(&["--page", "new-token", "--entry", &entry.to_string()]),
    }
}
