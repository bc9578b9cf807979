//! Serves the local socket: the agent answers what it can, the shell does the rest.

use std::io;
use std::path::PathBuf;
use std::rc::Rc;

use dyntray_agent::{Folders, Handle};
use dyntray_control::server::{Answering, Connection, Listening, Server};
use dyntray_control::{About, Rejection, Request, Response};
use dyntray_core::observe::release::Version;
use tokio::sync::mpsc;

use crate::app::Wish;
use crate::autostart;
use crate::launch::Windows;
use crate::log::LogFile;
use crate::{diagnostics, downloads};

/// What answers.
pub struct ShellContext {
    handle: Handle,
    windows: Windows,
    folders: Folders,
    log: LogFile,
    wish: mpsc::UnboundedSender<Wish>,
}

/// Serves until the task is ended.
pub async fn run(server: Server, behind: ShellContext) {
    let behind = Rc::new(behind);
    let mut clients = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = server.accept() => match accepted {
                Ok(connection) => { clients.spawn_local(serve(connection, behind.clone())); }
                Err(error) => {
                    tracing::error!(%error, "the socket failed");
                    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                }
            },
            Some(_) = clients.join_next() => {}
        }
    }
}

async fn serve(mut connection: Connection, behind: Rc<ShellContext>) {
    loop {
        let answer = match connection.next().await {
            Ok(Some(Request::Watch { window })) => {
                let (listening, answering) = connection.split();
                return watch(listening, answering, window, &behind).await;
            }
            Ok(Some(request)) => behind.answer(request).await,
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(%error, "a client was not understood");
                Response::Rejected { rejection: Rejection::NotUnderstood }
            }
        };
        if connection.answer(&answer).await.is_err() {
            return;
        }
    }
}

impl ShellContext {
    /// The agent, and the shell around it.
    pub fn new(
        handle: Handle,
        windows: Windows,
        folders: Folders,
        log: LogFile,
        wish: mpsc::UnboundedSender<Wish>,
    ) -> Self {
        ShellContext { handle, windows, folders, log, wish }
    }

    async fn answer(&self, request: Request) -> Response {
        let wish = match request {
            Request::OpenWindow { page } => {
                return match self.windows.open(page) {
                    Ok(()) => Response::Done,
                    Err(error) => {
                        Response::Rejected { rejection: Rejection::NoWindow { why: error.to_string() } }
                    }
                };
            }
            Request::OpenWebsite { entry } => Wish::OpenWebsite(entry),
            Request::OpenReleases => Wish::OpenReleases,
            Request::OpenTrayHelp => Wish::OpenTrayHelp,
            Request::About => return about(&self.folders),
            Request::Autostart => return autostart::state(),
            Request::SetAutostart { on } => return autostart::set(on),
            Request::Quit => Wish::Quit,
            Request::Log { limit } => return Response::Log { lines: self.log.newest(limit) },
            Request::OpenLogFolder => return self.open_log_folder(),
            Request::Diagnostics => {
                return Response::Diagnostics { text: diagnostics::text(&self.handle, &self.log).await };
            }
            Request::SaveDiagnostics => {
                let text = diagnostics::text(&self.handle, &self.log).await;
                return saved(downloads::save("diagnostics", "txt", &text));
            }
            Request::SaveHistory => {
                let table = diagnostics::history_table(&self.handle).await;
                return saved(downloads::save("history", "csv", &table));
            }
            request => return self.handle.ask(request).await,
        };
        // It can only fail when the program is ending.
        let _ = self.wish.send(wish);
        Response::Done
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
}

fn about(folders: &Folders) -> Response {
    Response::About {
        about: About {
            version: Version::own(),
            system: diagnostics::system(),
            settings_folder: folders.config.display().to_string(),
            data_folder: folders.data.display().to_string(),
        },
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

/// Sends every new snapshot, and to the window the pages that it is to show, until the client goes.
async fn watch(mut listening: Listening, mut answering: Answering, window: bool, behind: &ShellContext) {
    let mut pages = window.then(|| behind.windows.connected());
    let mut snapshots = behind.handle.snapshots.clone();
    snapshots.mark_changed();
    loop {
        let answer = tokio::select! {
            changed = snapshots.changed() => match changed {
                Ok(()) => Response::Snapshot { snapshot: snapshots.borrow_and_update().clone() },
                Err(_) => break,
            },
            Some(page) = next_page(&mut pages) => page,
            () = listening.gone() => break,
        };
        if answering.answer(&answer).await.is_err() {
            break;
        }
    }
    if pages.take().is_some() {
        behind.windows.disconnected();
        if !behind.windows.is_shown() {
            behind.handle.window_closed().await;
        }
    }
}

async fn next_page(pages: &mut Option<mpsc::UnboundedReceiver<Response>>) -> Option<Response> {
    match pages {
        Some(pages) => pages.recv().await,
        None => std::future::pending().await,
    }
}
