//! The bridge between the pages and the always-on program: requests go one way; a snapshot, its changes and pages to show
//! come the other way. It keeps the latest of what came, for pages that load later.

use std::sync::{Mutex, MutexGuard, PoisonError};

use dyntray_control::{AgentRequest, Client, ConnectError, Page, Rejection, Request, Response, RuntimeDir};
use dyntray_core::observe::release::Version;
use dyntray_core::present::Snapshot;
use dyntray_core::settings::ThemeChoice;
use serde::Serialize;
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::command_line::StartedBy;
use crate::connection::{Connection, retry_delays};
use crate::{program, tauri_window, window};

/// The address of the always-on program, and the latest that it pushed.
pub struct Bridge {
    program: RuntimeDir,
    latest: Mutex<Latest>,
}

struct Latest {
    page: Page,
    connection: Connection,
    snapshot: Option<Snapshot>,
    versions: Option<Versions>,
}

/// The versions of window and program, where they differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Versions {
    window: Version,
    program: Version,
    /// True where the window is the older one.
    is_window_older: bool,
}

impl Versions {
    fn of(window: Version, program: Option<Version>) -> Option<Self> {
        let program = program.filter(|program| *program != window)?;
        Some(Versions { window, program, is_window_older: window < program })
    }
}

impl Bridge {
    /// A bridge to the program at `program`; `page` is the first page to show.
    pub fn new(program: RuntimeDir, page: Page) -> Self {
        let latest = Latest { page, connection: Connection::Connecting, snapshot: None, versions: None };
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

/// True for what no page may ask: whoever chooses a backup's passphrase can read all secrets in the answer.
fn is_for_the_command_line(request: &Request) -> bool {
    matches!(request, Request::Agent(request) if matches!(**request, AgentRequest::BackUp { .. }))
}

/// Forwards one request. Fails with the state of the connection when there is no answer.
#[tauri::command]
pub async fn ask(app: AppHandle, request: Request) -> Result<Response, Connection> {
    if is_for_the_command_line(&request) {
        return Ok(Response::Rejected { rejection: Rejection::NotUnderstood });
    }
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
    emit(&app, "versions", latest.versions.clone());
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
    update_versions(app, watch.program());
    while let Some(answer) = next {
        update_connection(app, |_| Connection::Connected);
        if !forward(app, answer) {
            // Another connection begins with a whole snapshot.
            return Ok(());
        }
        next = match watch.next().await {
            // It ended in the middle of a line; the next attempt tells why.
            Err(ConnectError::Lost(_)) => None,
            other => other?,
        };
    }
    Ok(())
}

/// Hands on what the program pushed. False if it is the change of another snapshot than the one that is there.
fn forward(app: &AppHandle, answer: Response) -> bool {
    let bridge = app.state::<Bridge>();
    match answer {
        Response::Snapshot { snapshot } => {
            let mut latest = bridge.latest();
            let theme = latest.snapshot.as_ref().map(|latest| latest.theme);
            // While the latest is locked, so that a page that loads now gets it before the changes of it.
            emit(app, "snapshot", &snapshot);
            let chosen = snapshot.theme;
            latest.snapshot = Some(snapshot);
            drop(latest);
            follow_theme(app, theme, chosen);
        }
        Response::Changed { change } => {
            let mut latest = bridge.latest();
            let Some(snapshot) = &mut latest.snapshot else { return false };
            let theme = snapshot.theme;
            emit(app, "change", &change);
            if change.apply(snapshot).is_err() {
                return false;
            }
            let chosen = snapshot.theme;
            drop(latest);
            follow_theme(app, Some(theme), chosen);
        }
        Response::Show { page, activation } => {
            bridge.latest().page = page;
            emit(app, "show", page);
            window::focus(app, activation);
        }
        // Answers to requests; a watch sends none but its first.
        _ => {}
    }
    true
}

fn follow_theme(app: &AppHandle, before: Option<ThemeChoice>, chosen: ThemeChoice) {
    if before != Some(chosen) {
        window::set_theme(app, chosen);
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

/// Notes the program's version, and tells the pages if it isn't the window's.
fn update_versions(app: &AppHandle, program: Option<Version>) {
    let bridge = app.state::<Bridge>();
    let mut latest = bridge.latest();
    let versions = Versions::of(Version::own(), program);
    if latest.versions != versions {
        emit(app, "versions", versions.clone());
        latest.versions = versions;
    }
}

fn emit(app: &AppHandle, event: &str, payload: impl Serialize + Clone) {
    // It fails only when the window is gone, and the program with it.
    let _ = app.emit_to(tauri_window::LABEL, event, payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_asks_for_a_backup_gets_none() {
        let request: Request = serde_json::from_str(r#"{"request":"backUp","passphrase":"x"}"#).expect("one");
        assert!(is_for_the_command_line(&request));
        let request: Request = serde_json::from_str(r#"{"request":"form"}"#).expect("one");
        assert!(!is_for_the_command_line(&request));
    }

    #[test]
    fn versions_are_told_only_where_they_differ_and_which_one_is_older() {
        let version = |text: &str| text.parse::<Version>().expect("a version");
        assert_eq!(Versions::of(version("0.2.0"), None), None);
        assert_eq!(Versions::of(version("0.2.0"), Some(version("0.2.0"))), None);
        let older = |window, program| {
            Versions::of(version(window), Some(version(program))).map(|versions| versions.is_window_older)
        };
        assert_eq!((older("0.1.0", "0.2.0"), older("0.3.0", "0.2.0")), (Some(true), Some(false)));
    }
}
