//! Serves the local socket: hands each client's requests to the shell, and sends snapshots to those that watch. The number
//! of clients, and the time that each may be silent, are limited.

mod clients;

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use dyntray_control::server::{Connection, ConnectionReader, ConnectionWriter, Server};
use dyntray_control::{ClientMessage, Rejection, Response};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use self::clients::{Activity, Clients, Note};
use crate::shell::Shell;

/// A client that says nothing for so long is closed. A person may be typing a token at a terminal.
const SILENCE: Duration = Duration::from_mins(15);

/// Serves until the task is ended.
pub async fn run(server: Server, shell: Rc<Shell>) {
    let most = Server::most_clients();
    let mut clients = Clients::with_room_for(most);
    // Watchers may be silent for ever, so they get half of the room.
    let watchers = Watchers { most: most.div_ceil(2), now: Rc::default() };
    loop {
        tokio::select! {
            accepted = server.accept() => match accepted {
                Ok(connection) => {
                    clients.add(|note| serve(connection, note, watchers.clone(), shell.clone())).await;
                }
                Err(error) => {
                    tracing::error!(%error, "the socket failed");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            },
            () = clients.ended() => {}
        }
    }
}

/// The number of clients that watch.
#[derive(Clone)]
struct Watchers {
    most: usize,
    now: Rc<Cell<usize>>,
}

/// One of them.
struct Watcher(Rc<Cell<usize>>);

impl Watchers {
    /// One more, if there is room.
    fn admit(&self) -> Option<Watcher> {
        let now = self.now.get();
        (now < self.most).then(|| {
            self.now.set(now + 1);
            Watcher(self.now.clone())
        })
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

async fn serve(mut connection: Connection, note: Note, watchers: Watchers, shell: Rc<Shell>) {
    loop {
        note.set(Activity::Silent(Instant::now()));
        let Ok(message) = timeout(SILENCE, connection.next()).await else { return };
        note.set(Activity::Asking);
        let response = match message {
            Ok(Some(ClientMessage::Request(request))) => shell.answer(request).await,
            Ok(Some(ClientMessage::Watch { window })) => {
                let Some(_watcher) = watchers.admit() else { return };
                note.set(Activity::Watching);
                let (reader, writer) = connection.split();
                return watch(reader, writer, window, &shell).await;
            }
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(%error, "a client was not understood");
                let response = Response::Rejected { rejection: Rejection::NotUnderstood };
                if error.kind() != io::ErrorKind::InvalidData {
                    // It is told as far as it listens, and that is the end.
                    let _ = connection.respond(&response).await;
                    return;
                }
                response
            }
        };
        if connection.respond(&response).await.is_err() {
            return;
        }
    }
}

/// Sends every new snapshot, and to the window the pages that it is to show, until the client goes.
async fn watch(mut reader: ConnectionReader, mut writer: ConnectionWriter, window: bool, shell: &Shell) {
    let mut pages = window.then(|| shell.window().connected());
    let mut snapshots = shell.agent().snapshots.clone();
    snapshots.mark_changed();
    loop {
        let response = tokio::select! {
            changed = snapshots.changed() => match changed {
                Ok(()) => Response::Snapshot { snapshot: snapshots.borrow_and_update().clone() },
                Err(_) => break,
            },
            Some(page) = next_page(&mut pages) => page,
            () = reader.closed() => break,
        };
        if writer.respond(&response).await.is_err() {
            break;
        }
    }
    if pages.take().is_some() {
        shell.window().disconnected();
        if !shell.window().is_shown() {
            shell.agent().window_closed().await;
        }
    }
}

async fn next_page(pages: &mut Option<mpsc::UnboundedReceiver<Response>>) -> Option<Response> {
    match pages {
        Some(pages) => pages.recv().await,
        None => std::future::pending().await,
    }
}
