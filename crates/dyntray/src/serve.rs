//! Serves the local socket: hands each client's requests to the shell, and sends snapshots and their changes to those that
//! watch. The number of clients is limited; the time that each may be silent is limited by the connection itself.

mod clients;

use std::cell::Cell;
use std::io;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use dyntray_agent::faults::fail_on_purpose;
use dyntray_control::server::{Connection, ConnectionReader, ConnectionWriter, Server};
use dyntray_control::{ClientMessage, Rejection, Request, Response};
use dyntray_core::Snapshot;
use dyntray_core::observe::release::Version;
use dyntray_core::present::change::{Known, SnapshotChange};
use tokio::sync::mpsc;
use tokio::time::Instant;

use self::clients::{Activity, Clients, Note};
use crate::shell::Shell;

/// Serves until the task is ended.
pub async fn run(server: Server, shell: Rc<Shell>) {
    let most = Server::most_clients();
    let mut clients = Clients::with_room_for(most);
    fail_on_purpose("the socket");
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

/// A client's message; none when it has gone.
type Message = io::Result<Option<ClientMessage>>;

/// Answers a request, unless the client takes it back first. Whatever else the client says meanwhile comes with the
/// response.
async fn answer(connection: &mut Connection, request: Request, shell: &Shell) -> (Response, Option<Message>) {
    let mut answer = pin!(shell.answer(request));
    let said = tokio::select! {
        biased;
        response = &mut answer => return (response, None),
        said = connection.next() => said,
    };
    match said {
        // The agent does nothing more for whoever doesn't wait.
        Ok(Some(ClientMessage::Cancel)) => (Response::Done, None),
        said => (answer.await, Some(said)),
    }
}

async fn serve(mut connection: Connection, note: Note, watchers: Watchers, shell: Rc<Shell>) {
    let _client = shell.client();
    // What the client said while it waited for a response.
    let mut said: Option<Message> = None;
    loop {
        let message = if let Some(message) = said.take() {
            message
        } else {
            note.set(Activity::Silent(Instant::now()));
            connection.next().await
        };
        note.set(Activity::Asking);
        fail_on_purpose("a client");
        let response = match message {
            Ok(Some(ClientMessage::Request(request))) => {
                let (response, next) = answer(&mut connection, request, &shell).await;
                said = next;
                response
            }
            // The response was on its way already.
            Ok(Some(ClientMessage::Cancel)) => continue,
            Ok(Some(ClientMessage::Watch { window })) => {
                let Some(_watcher) = watchers.admit() else { return };
                note.set(Activity::Watching);
                let (reader, mut writer) = connection.split();
                if writer.respond(&Response::Program { version: Version::own() }).await.is_err() {
                    return;
                }
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

/// Sends a snapshot and every change of it, and to the window the pages that it is to show, until the client goes.
async fn watch(mut reader: ConnectionReader, mut writer: ConnectionWriter, window: bool, shell: &Shell) {
    let mut pages = window.then(|| shell.window().connected());
    let mut snapshots = shell.agent().snapshots.clone();
    snapshots.mark_changed();
    let mut known = None;
    loop {
        let response = tokio::select! {
            changed = snapshots.changed() => match changed {
                Ok(()) => news(&snapshots.borrow_and_update(), &mut known),
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

/// What a watcher lacks of the newest snapshot; `known` is what it has, and then has.
fn news(newest: &Snapshot, known: &mut Option<Known>) -> Response {
    match known.replace(Known::of(newest)) {
        None => Response::Snapshot { snapshot: newest.clone() },
        Some(known) => Response::Changed { change: SnapshotChange::since(&known, newest) },
    }
}

async fn next_page(pages: &mut Option<mpsc::UnboundedReceiver<Response>>) -> Option<Response> {
    match pages {
        Some(pages) => pages.recv().await,
        None => std::future::pending().await,
    }
}
