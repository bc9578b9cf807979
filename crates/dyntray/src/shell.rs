//! The one door: every request, whether from the tray, a notification, the panel watch or the socket, is answered
//! here. The shell carries out its own requests and hands the agent's to the agent.

use std::cell::RefCell;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;

use dyntray_agent::{Folders, Handle};
use dyntray_control::{
    About, ActivationToken, AgentRequest, DesktopSession, Page, Rejection, Request, Response, ShellRequest,
};
use dyntray_core::observe::release::Version;
use dyntray_core::types::address::PublicAddress;
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::clipboard::Clipboard;
use crate::log::LogFile;
use crate::moving::{Belonging, Move};
use crate::tomorrow::tomorrow;
use crate::window::Window;
use crate::{autostart, diagnostics, downloads, websites};

/// The agent, and everything around it that a request may need.
pub struct Shell {
    agent: Handle,
    window: Window,
    folders: Folders,
    log: LogFile,
    clipboard: RefCell<Clipboard>,
    belonging: Belonging,
    ends: mpsc::UnboundedSender<End>,
    /// Each client that is connected has one more of it.
    clients: Rc<()>,
}

/// The end of the program that somebody asked for.
#[derive(Clone, Debug)]
pub enum End {
    /// It is over.
    Quit,
    /// It starts again in this session.
    MoveTo(DesktopSession),
    /// It starts again, as the version that is installed by now.
    Restart,
}

impl Shell {
    /// A shell around `agent`, which keeps its files in `folders`. The program is to end as the receiver says.
    pub fn new(
        agent: Handle,
        window: Window,
        folders: Folders,
        log: LogFile,
        belonging: Belonging,
    ) -> (Self, mpsc::UnboundedReceiver<End>) {
        let (ends, asked) = mpsc::unbounded_channel();
        (
            Shell {
                agent,
                window,
                folders,
                log,
                clipboard: RefCell::default(),
                belonging,
                ends,
                clients: Rc::default(),
            },
            asked,
        )
    }

    /// The agent.
    pub fn agent(&self) -> &Handle {
        &self.agent
    }

    /// The window program.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// Answers any request.
    pub async fn answer(&self, request: Request) -> Response {
        match request {
            Request::Agent(request) => self.agent.ask(*request).await,
            Request::Shell(request) => self.answer_own(request).await,
        }
    }

    async fn answer_own(&self, request: ShellRequest) -> Response {
        match request {
            ShellRequest::OpenWindow { page, activation, session } => {
                self.open_window(page, activation.as_ref(), session.as_ref())
            }
            ShellRequest::PauseUntilTomorrow => {
                let until = Some(tomorrow(Timestamp::now(), dyntray_texts::here()));
                self.agent.ask(AgentRequest::Pause { until }).await
            }
            ShellRequest::OpenWebsite { entry } => {
                websites::open_service(&self.agent, entry).await;
                Response::Done
            }
            ShellRequest::OpenSpdyn => {
                websites::open_spdyn();
                Response::Done
            }
            ShellRequest::OpenHost { entry } => {
                websites::open_host(&self.agent, entry).await;
                Response::Done
            }
            ShellRequest::OpenReleases => {
                websites::open_releases(&self.agent).await;
                Response::Done
            }
            ShellRequest::OpenTrayHelp => {
                websites::open_tray_help();
                Response::Done
            }
            ShellRequest::CopyAddress { address } => self.copy(address),
            ShellRequest::About => self.about(),
            ShellRequest::Autostart => autostart::state(),
            ShellRequest::SetAutostart { on } => autostart::set(on),
            ShellRequest::Log { limit } => Response::Log { lines: self.log.newest(limit) },
            ShellRequest::OpenLogFolder => self.open_log_folder(),
            ShellRequest::Diagnostics => Response::Diagnostics { text: self.diagnostics().await },
            ShellRequest::SaveDiagnostics => {
                saved(downloads::save("diagnostics", "txt", &self.diagnostics().await))
            }
            ShellRequest::SaveHistory => {
                saved(downloads::save("history", "csv", &diagnostics::history_table(&self.agent).await))
            }
            ShellRequest::Restart => {
                self.restart();
                Response::Restarting
            }
            ShellRequest::Quit => {
                self.end(End::Quit);
                Response::Done
            }
        }
    }

    /// Has the program start again.
    pub fn restart(&self) {
        self.end(End::Restart);
    }

    /// Notes a client for as long as what this returns is kept.
    pub fn client(&self) -> Rc<()> {
        self.clients.clone()
    }

    /// True while a window is open or about to open, or a command is connected.
    pub fn is_in_use(&self) -> bool {
        self.window.is_shown() || Rc::strong_count(&self.clients) > 1
    }

    fn end(&self, end: End) {
        // It can only fail when the program is ending.
        let _ = self.ends.send(end);
    }

    fn open_window(
        &self,
        page: Page,
        activation: Option<&ActivationToken>,
        session: Option<&DesktopSession>,
    ) -> Response {
        if let Some(elsewhere) = session
            && self.belonging.asked_from(elsewhere) == Move::Restart
        {
            tracing::info!("moving to the desktop session that asks for the window");
            self.end(End::MoveTo(elsewhere.clone()));
            return Response::Restarting;
        }
        match self.window.open(page, activation, session) {
            Ok(()) => Response::Done,
            Err(error) => {
                tracing::error!(%error, "the window can't be opened");
                Response::Rejected { rejection: Rejection::NoWindow { why: error.to_string() } }
            }
        }
    }

    fn copy(&self, address: PublicAddress) -> Response {
        match self.clipboard.borrow_mut().copy(address) {
            Ok(()) => Response::Done,
            Err(error) => {
                tracing::warn!(%error, "nothing could be copied");
                Response::Rejected { rejection: Rejection::NotCopied { why: error.to_string() } }
            }
        }
    }

    fn about(&self) -> Response {
        Response::About {
            about: About {
                version: Version::own(),
                system: diagnostics::system(),
                settings_folder: self.folders.config.display().to_string(),
                data_folder: self.folders.data.display().to_string(),
            },
        }
    }

    fn open_log_folder(&self) -> Response {
        let none = || io::Error::new(io::ErrorKind::NotFound, "no log is kept");
        match self.log.folder().ok_or_else(none).and_then(open::that_detached) {
            Ok(()) => Response::Done,
            Err(error) => {
                tracing::warn!(%error, "the log's folder couldn't be shown");
                Response::Rejected { rejection: Rejection::NotShown { why: error.to_string() } }
            }
        }
    }

    async fn diagnostics(&self) -> String {
        diagnostics::text(&self.agent, &self.log).await
    }
}

fn saved(file: io::Result<PathBuf>) -> Response {
    match file {
        Ok(path) => Response::FileSaved { path: path.display().to_string() },
        Err(error) => {
            tracing::warn!(%error, "a file couldn't be saved");
            Response::Rejected { rejection: Rejection::NotWritten { why: error.to_string() } }
        }
    }
}
