//! Between the pages and the always-on program: requests one way, pushes the other, nothing kept but the last of each
//! push for a page that loads later.

use std::sync::{Mutex, MutexGuard, PoisonError};

use dyntray_control::{Client, ConnectError, Page, Request, Response, RuntimeDir};
use dyntray_core::present::Snapshot;
use serde::Serialize;
use tauri::{AppHandle, Emitter as _, Manager as _, State};

use crate::reconnect::delays;
use crate::window;

/// Where the always-on program is met, and what it pushed last.
pub struct Bridge {
    place: RuntimeDir,
    seen: Mutex<Seen>,
}

struct Seen {
    page: Page,
    connection: Option<Connection>,
    snapshot: Option<Snapshot>,
}

/// Whether the always-on program can be spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Connection {
    Up,
    Down,
}

/// Why a request was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum NoAnswer {
    /// The always-on program doesn't run.
    NotRunning,
    /// It went away before it answered, or its answer isn't understood.
    Connection,
}

impl From<ConnectError> for NoAnswer {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::NotRunning => NoAnswer::NotRunning,
            ConnectError::Lost(_) => NoAnswer::Connection,
        }
    }
}

impl Bridge {
    /// A bridge to the program at `place`; `page` is the one to show first.
    pub fn new(place: RuntimeDir, page: Page) -> Self {
        let seen = Seen { page, connection: None, snapshot: None };
        Bridge { place, seen: Mutex::new(seen) }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forwards one request. Each has a connection of its own: a save that waits for the keyring's prompt holds nothing
/// else up, and no connection can be stale, so that nothing is ever asked twice.
#[tauri::command]
pub async fn ask(bridge: State<'_, Bridge>, request: Request) -> Result<Response, NoAnswer> {
    let mut client = Client::connect(&bridge.place).await?;
    Ok(client.ask(request).await?)
}

/// The page to show. Called by the pages once they listen: what was pushed before that is pushed again.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands are handed their arguments by value")]
pub fn first_page(app: AppHandle) -> Page {
    let bridge = app.state::<Bridge>();
    let seen = bridge.seen();
    if let Some(snapshot) = &seen.snapshot {
        push(&app, "snapshot", snapshot);
    }
    if let Some(connection) = seen.connection {
        push(&app, "connection", connection);
    }
    seen.page
}

/// Watches the always-on program for as long as the window is open, and finds it again after it was away.
pub async fn watch(app: AppHandle) {
    let bridge = app.state::<Bridge>();
    let mut waits = delays();
    loop {
        if let Ok(mut watch) = Client::watch(&bridge.place, true).await {
            while let Ok(Some(answer)) = watch.next().await {
                set_connection(&app, Connection::Up);
                pass_on(&app, answer);
                waits = delays();
            }
        }
        set_connection(&app, Connection::Down);
        if let Some(wait) = waits.next() {
            tokio::time::sleep(wait).await;
        }
    }
}

fn pass_on(app: &AppHandle, answer: Response) {
    let bridge = app.state::<Bridge>();
    match answer {
        Response::Snapshot { snapshot } => {
            let before = bridge.seen().snapshot.as_ref().map(|seen| seen.theme);
            if before != Some(snapshot.theme) {
                window::dress(app, snapshot.theme);
            }
            push(app, "snapshot", &snapshot);
            bridge.seen().snapshot = Some(snapshot);
        }
        Response::Show { page } => {
            bridge.seen().page = page;
            push(app, "show", page);
            window::come_to_front(app);
        }
        // Answers to requests; a watch makes none but the one it began with.
        _ => {}
    }
}

/// Tells the pages when the connection changed, and only then.
fn set_connection(app: &AppHandle, connection: Connection) {
    let before = app.state::<Bridge>().seen().connection.replace(connection);
    if before != Some(connection) {
        push(app, "connection", connection);
    }
}

fn push(app: &AppHandle, event: &str, payload: impl Serialize + Clone) {
    // It fails only when the window is gone, and the program with it.
    let _ = app.emit_to(window::LABEL, event, payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_get_codes() {
        let code = |value: NoAnswer| serde_json::to_string(&value).expect("a code");
        assert_eq!(code(ConnectError::NotRunning.into()), r#""notRunning""#);
        let lost = ConnectError::Lost(std::io::ErrorKind::UnexpectedEof.into());
        assert_eq!(code(lost.into()), r#""connection""#);
        assert_eq!(serde_json::to_string(&Connection::Down).expect("a code"), r#""down""#);
    }
}
