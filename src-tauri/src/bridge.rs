//! The bridge between the pages and the always-on program: requests go one way, snapshots and pages to show come the
//! other way. It keeps the latest of what came, for pages that load later.

use std::sync::{Mutex, MutexGuard, PoisonError};

use dyntray_control::{Client, ConnectError, Page, Request, Response, RuntimeDir};
use dyntray_core::present::Snapshot;
use serde::Serialize;
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::command_line::StartedBy;
use crate::connection::{Connection, retry_delays};
use crate::{program, window};

/// The address of the always-on program, and the latest that it pushed.
pub struct Bridge {
    program: RuntimeDir,
    latest: Mutex<Latest>,
}

struct Latest {
    page: Page,
    connection: Connection,
    snapshot: Option<Snapshot>,
}

impl Bridge {
    /// A bridge to the program at `program`; `page` is the first page to show.
    pub fn new(program: RuntimeDir, page: Page) -> Self {
        let latest = Latest { page, connection: Connection::Connecting, snapshot: None };
        Bridge { program, latest: Mutex::new(latest) }
    }

    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks over a connection of its own: a save that waits for the keyring's prompt delays no other request, and no
    /// request is sent twice over a stale connection.
    async fn ask(&self, request: Request) -> Result<Response, ConnectError> {
        Client::connect(&self.program).await?.ask(request).await
    }
}

/// Forwards one request. Fails with the state of the connection when there is no answer.
#[tauri::command]
pub async fn ask(app: AppHandle, request: Request) -> Result<Response, Connection> {
    let outcome = app.state::<Bridge>().ask(request).await;
    update_connection(&app, |state| state.after_request(&outcome));
    outcome.map_err(|error| Connection::from(&error))
}

/// The first page to show. The pages call this once they listen, and receive earlier events again.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands are handed their arguments by value")]
pub fn first_page(app: AppHandle) -> Page {
    let bridge = app.state::<Bridge>();
    let latest = bridge.latest();
    if let Some(snapshot) = &latest.snapshot {
        emit(&app, "snapshot", snapshot);
    }
    emit(&app, "connection", latest.connection);
    latest.page
}

/// Starts the always-on program. Fails with the reason, in words.
#[tauri::command]
pub async fn start_program(app: AppHandle) -> Result<(), String> {
    program::start(&app.state::<Bridge>().program).await.map_err(|error| error.to_string())
}

/// Follows the always-on program for as long as the window is open, and reconnects whenever the connection ends. Where
/// a person has started the window and nothing else runs, the program is started first.
pub async fn run(app: AppHandle, started_by: StartedBy) {
    let runtime_dir = &app.state::<Bridge>().program;
    if started_by == StartedBy::Person
        && !program::is_running(runtime_dir).await
        && let Err(error) = program::start(runtime_dir).await
    {
        // The pages show that it doesn't run, and offer to try again.
        eprintln!("dyntray-window: Dyntray can't be started: {error}");
    }
    let mut delays = retry_delays();
    loop {
        match follow(&app).await {
            // The next attempt tells whether the program still runs.
            Ok(()) => delays = retry_delays(),
            Err(error) => update_connection(&app, |_| Connection::from(&error)),
        }
        if let Some(delay) = delays.next() {
            tokio::time::sleep(delay).await;
        }
    }
}

/// Follows one connection to its end. Fails when the program pushes nothing at all.
async fn follow(app: &AppHandle) -> Result<(), ConnectError> {
    let mut watch = Client::watch(&app.state::<Bridge>().program, true).await?;
    let mut next = watch.next().await?;
    if next.is_none() {
        return Err(ConnectError::Lost(std::io::ErrorKind::UnexpectedEof.into()));
    }
    while let Some(answer) = next {
        update_connection(app, |_| Connection::Connected);
        forward(app, answer);
        next = watch.next().await.unwrap_or_default();
    }
    Ok(())
}

fn forward(app: &AppHandle, answer: Response) {
    let bridge = app.state::<Bridge>();
    match answer {
        Response::Snapshot { snapshot } => {
            let theme = bridge.latest().snapshot.as_ref().map(|latest| latest.theme);
            if theme != Some(snapshot.theme) {
                window::set_theme(app, snapshot.theme);
            }
            emit(app, "snapshot", &snapshot);
            bridge.latest().snapshot = Some(snapshot);
        }
        Response::Show { page, activation } => {
            bridge.latest().page = page;
            emit(app, "show", page);
            window::focus(app, activation);
        }
        // Answers to requests; a watch sends none but its first.
        _ => {}
    }
}

/// Changes the state of the connection, and tells the pages if it differs.
fn update_connection(app: &AppHandle, next: impl FnOnce(Connection) -> Connection) {
    let bridge = app.state::<Bridge>();
    let mut latest = bridge.latest();
    let before = latest.connection;
    latest.connection = next(before);
    if latest.connection != before {
        emit(app, "connection", latest.connection);
    }
}

fn emit(app: &AppHandle, event: &str, payload: impl Serialize + Clone) {
    // It fails only when the window is gone, and the program with it.
    let _ = app.emit_to(window::LABEL, event, payload);
}
