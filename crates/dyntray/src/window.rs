//! The window program: started when a page is to be shown, or told to show another one. There is at most one.

mod last_words;
mod start;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use dyntray_control::{ActivationToken, DesktopSession, Page, Response};
use tokio::process::Child;
use tokio::sync::mpsc;

use self::last_words::LastWords;
use self::start::start;

/// The window program, as the always-on program knows it.
#[derive(Clone)]
pub struct Window {
    state: Arc<Mutex<WindowState>>,
    lost: mpsc::UnboundedSender<String>,
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

/// The end of a window's process.
enum Ended {
    /// Before it connected.
    TooEarly,
    /// After a window was there.
    Closed,
}

impl Window {
    /// The window program, which doesn't run yet. The receiver yields the reason whenever one has ended before it
    /// connected.
    pub fn new() -> (Self, mpsc::UnboundedReceiver<String>) {
        let (lost, why) = mpsc::unbounded_channel();
        (Window { state: Arc::default(), lost }, why)
    }

    /// Shows `page`: in the open window, or in a new one, which opens in `session`, or else in the program's own. It
    /// comes to the front with `activation`.
    ///
    /// # Errors
    /// When the window program can't be started.
    pub fn open(
        &self,
        page: Page,
        activation: Option<&ActivationToken>,
        session: Option<&DesktopSession>,
    ) -> io::Result<()> {
        let mut state = self.lock();
        match &mut *state {
            WindowState::Open(window)
                if window.send(Response::Show { page, activation: activation.cloned() }).is_ok() => {}
            WindowState::Starting { wanted, .. } => *wanted = Some(page),
            WindowState::Open(_) | WindowState::Closed => {
                let window = start(page, activation, session)?;
                *state = WindowState::Starting { wanted: None, process: window.id() };
                self.watch(window);
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
            let _ = show.send(Response::Show { page, activation: None });
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

    /// Notes that a window's process has ended.
    fn ended(&self, ended: Option<u32>) -> Ended {
        let mut state = self.lock();
        if matches!(&*state, WindowState::Starting { process, .. } if *process == ended) {
            *state = WindowState::Closed;
            return Ended::TooEarly;
        }
        Ended::Closed
    }

    /// Waits beside everything else until a window has ended.
    fn watch(&self, mut child: Child) {
        let (window, process) = (self.clone(), child.id());
        let said = LastWords::of(child.stderr.take());
        tokio::task::spawn_local(async move {
            let (is_success, status) = match child.wait().await {
                Ok(status) => (status.success(), status.to_string()),
                Err(error) => (false, error.to_string()),
            };
            let ended = window.ended(process);
            let why = match said.last().await {
                Some(line) => format!("{line} ({status})"),
                None => status,
            };
            match ended {
                Ended::TooEarly => {
                    tracing::error!(why, "the window ended before it was there");
                    // A service has nobody to tell.
                    let _ = window.lost.send(why);
                }
                Ended::Closed if !is_success => tracing::warn!(why, "the window ended badly"),
                Ended::Closed => {}
            }
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, WindowState> {
        // A panic elsewhere leaves no half-made state behind.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
