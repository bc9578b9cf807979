//! Serves the local socket: the agent answers what it can, the shell does the rest.

use std::rc::Rc;

use dyntray_agent::Handle;
use dyntray_control::server::{Answering, Connection, Listening, Server};
use dyntray_control::{Answer, Refusal, Request};
use tokio::sync::mpsc;

use crate::autostart;
use crate::compose::Wish;
use crate::launch::Windows;

struct Behind {
    handle: Handle,
    windows: Windows,
    wish: mpsc::UnboundedSender<Wish>,
}

/// Serves until the task is ended.
pub async fn run(server: Server, handle: Handle, windows: Windows, wish: mpsc::UnboundedSender<Wish>) {
    let behind = Rc::new(Behind { handle, windows, wish });
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

async fn serve(mut connection: Connection, behind: Rc<Behind>) {
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
                Answer::Refused { refusal: Refusal::NotUnderstood }
            }
        };
        if connection.answer(&answer).await.is_err() {
            return;
        }
    }
}

impl Behind {
    async fn answer(&self, request: Request) -> Answer {
        let wish = match request {
            Request::OpenWindow { page } => {
                return match self.windows.open(page) {
                    Ok(()) => Answer::Done,
                    Err(error) => Answer::Refused { refusal: Refusal::NoWindow { why: error.to_string() } },
                };
            }
            Request::OpenWebsite { entry } => Wish::OpenWebsite(entry),
            Request::Autostart => return autostart::state(),
            Request::SetAutostart { on } => return autostart::set(on),
            Request::Quit => Wish::Quit,
            request => return self.handle.ask(request).await,
        };
        // It can only fail when the program is ending.
        let _ = self.wish.send(wish);
        Answer::Done
    }
}

/// Sends every new snapshot, and to the window the pages that it is to show, until the client goes.
async fn watch(mut listening: Listening, mut answering: Answering, window: bool, behind: &Behind) {
    let mut pages = window.then(|| behind.windows.connected());
    let mut snapshots = behind.handle.snapshots.clone();
    snapshots.mark_changed();
    loop {
        let answer = tokio::select! {
            changed = snapshots.changed() => match changed {
                Ok(()) => Answer::Snapshot { snapshot: snapshots.borrow_and_update().clone() },
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
    }
}

async fn next_page(pages: &mut Option<mpsc::UnboundedReceiver<Answer>>) -> Option<Answer> {
    match pages {
        Some(pages) => pages.recv().await,
        None => std::future::pending().await,
    }
}
