//! The window program: started when a page is to be shown, or told to show another one. There is at most one.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use dyntray_control::{Page, Response};
use tokio::process::Command;
use tokio::sync::mpsc;

/// The window program, as the always-on program knows it.
#[derive(Clone, Default)]
pub struct Window {
    state: Arc<Mutex<WindowState>>,
}

#[derive(Default)]
enum WindowState {
    /// There is none.
    #[default]
    Closed,
    /// It was started, and hasn't connected yet.
    Starting {
        /// The page to show once it connects, if it isn't the one that it was started with.
        wanted: Option<Page>,
        /// Its process.
        process: Option<u32>,
    },
    /// It is connected, and is sent pages through this channel.
    Open(mpsc::UnboundedSender<Response>),
}

impl Window {
    /// Shows `page`: in the open window, which comes to the front, or in a new one.
    ///
    /// # Errors
    /// When the window program can't be started.
    pub fn open(&self, page: Page) -> io::Result<()> {
        let mut state = self.lock();
        match &mut *state {
            WindowState::Open(window) if window.send(Response::Show { page }).is_ok() => {}
            WindowState::Starting { wanted, .. } => *wanted = Some(page),
            WindowState::Open(_) | WindowState::Closed => {
                *state = WindowState::Starting { wanted: None, process: self.start(page)? }
            }
        }
        Ok(())
    }

    /// True while a window is open or is about to open.
    pub fn is_shown(&self) -> bool {
        !matches!(*self.lock(), WindowState::Closed)
    }

    /// Notes that a window has connected. The receiver yields what is to be sent to it.
    pub fn connected(&self) -> mpsc::UnboundedReceiver<Response> {
        let (show, shown) = mpsc::unbounded_channel();
        let mut state = self.lock();
        if let WindowState::Starting { wanted: Some(page), .. } = *state {
            // The receiver is here, so it can't be gone.
            let _ = show.send(Response::Show { page });
        }
        *state = WindowState::Open(show);
        shown
    }

    /// Notes that a connected window has gone and its receiver is dropped. Another window may be there already.
    pub fn disconnected(&self) {
        let mut state = self.lock();
        if matches!(&*state, WindowState::Open(window) if window.is_closed()) {
            *state = WindowState::Closed;
        }
    }

    /// Notes that a window's process has ended, perhaps before it connected.
    fn ended(&self, ended: Option<u32>) {
        let mut state = self.lock();
        if matches!(&*state, WindowState::Starting { process, .. } if *process == ended) {
            *state = WindowState::Closed;
        }
    }

    fn start(&self, page: Page) -> io::Result<Option<u32>> {
        let program = program();
        let named =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", program.display()));
        let mut command = Command::new(&program);
        command.args(arguments(page)).stdin(std::process::Stdio::null());
        let mut child = command.spawn().map_err(named)?;
        let (window, process) = (self.clone(), child.id());
        tokio::task::spawn_local(async move {
            match child.wait().await {
                Ok(status) if status.success() => {}
                Ok(status) => tracing::warn!(%status, "the window ended badly"),
                Err(error) => tracing::warn!(%error, "the window was lost"),
            }
            window.ended(process);
        });
        Ok(process)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, WindowState> {
        // A panic elsewhere leaves no half-made state behind.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The path of the window program: beside this one, or else wherever the system finds it.
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
