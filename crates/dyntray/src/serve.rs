//! Serves the local socket: hands each client's requests to the shell, and sends snapshots to those that watch.

use std::rc::Rc;
use std::time::Duration;

use dyntray_control::server::{Connection, ConnectionReader, ConnectionWriter, Server};
use dyntray_control::{ClientMessage, Rejection, Response};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::shell::Shell;

/// Serves until the task is ended.
pub async fn run(server: Server, shell: Rc<Shell>) {
    let mut clients = JoinSet::new();
    loop {
        tokio::select! {
            accepted = server.accept() => match accepted {
                Ok(connection) => { clients.spawn_local(serve(connection, shell.clone())); }
                Err(error) => {
                    tracing::error!(%error, "the socket failed");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            },
            Some(_) = clients.join_next() => {}
        }
    }
}

async fn serve(mut connection: Connection, shell: Rc<Shell>) {
    loop {
        let response = match connection.next().await {
            Ok(Some(ClientMessage::Request(request))) => shell.answer(request).await,
            Ok(Some(ClientMessage::Watch { window })) => {
                let (reader, writer) = connection.split();
                return watch(reader, writer, window, &shell).await;
            }
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(%error, "a client was not understood");
                Response::Rejected { rejection: Rejection::NotUnderstood }
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
