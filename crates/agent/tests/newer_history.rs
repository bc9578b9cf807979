//! A history of a newer version of the program: nothing is sent, nothing is changed, and people are told.
#![cfg(unix)]

mod wire;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dyntray_agent::history::{Durability, History};
use dyntray_agent::install_tls;
use dyntray_agent::keyring::{Keyring, SecretStore};
use dyntray_agent::run::{Agent, Folders, RunMode, Started};
use dyntray_agent::settings_file::SettingsFile;
use dyntray_control::{AgentRequest, Rejection, Response};
use dyntray_core::present::{Mood, Status};
use dyntray_core::state::State;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::types::entry_id::EntryId;
use jiff::Timestamp;
use rusqlite::Connection;
use wire::{Act, IPV4, Server, TOKEN};

/// The ways in which a newer version may differ.
const NEWER: [&str; 3] = [
    "PRAGMA user_version = 1000",
    r#"UPDATE state SET json = '{"version":2,' || substr(json, 2)"#,
    r#"UPDATE entry_state SET json = '{"halt":"later","version":9}'"#,
];

/// The settings, secrets and history of an entry that has an update due, before `change` of the history.
async fn home(folder: &Path, server: &Server, change: &str) -> Folders {
    let (config, data) = (folder.join("config"), folder.join("data"));
    let secrets = SecretStore::File(folder.join("secrets"));
    Keyring::start(secrets.clone()).write(EntryId(1), TOKEN.into()).await.expect("writes");
    let form = server.form();
    SettingsFile::in_folder(&config).save(&form).expect("saves");
    // What another version keeps there may be of a newer version, too.
    fs::write(config.join("refusals.json"), r#"{"version":1,"refusals":{"answered":true}}"#).expect("writes");
    let mut history = History::load(&data, Timestamp::now()).expect("opens").history;
    let mut state = State { seed: 42, ..State::default() };
    state.entries.entry(EntryId(1)).or_default().secret_saved = Some(Timestamp::now());
    history.save(&state, &[], Durability::Sync).expect("saves");
    drop(history);
    let newer = Connection::open(data.join("history.db")).expect("opens");
    newer.execute_batch(change).expect("a newer version's");
    Folders { config, data, secrets }
}

/// Every file in a folder and below, with its bytes and the time of its last change. An empty log, and the index of a log,
/// say nothing.
fn files(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("reads") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = fs::read(&path).expect("reads");
            if bytes.is_empty() || path.to_string_lossy().ends_with("-shm") {
                continue;
            }
            let changed = path.metadata().and_then(|about| about.modified()).expect("is there");
            found.insert(path, (bytes, changed));
        }
    }
    found
}

/// Everything that may lead to a request.
fn hurries() -> [AgentRequest; 5] {
    [
        AgentRequest::UpdateWhenDue,
        AgentRequest::UpdateNow,
        AgentRequest::TryAgain { entry: EntryId(1) },
        AgentRequest::ThisIsHome,
        AgentRequest::Resume,
    ]
}

#[tokio::test]
async fn while_the_history_is_of_a_newer_version_nothing_is_sent_and_no_file_is_changed() {
    install_tls();
    let server = Server::start(Act::status(200, format!("good {IPV4}"))).await;
    for change in NEWER {
        let folder = tempfile::tempdir().expect("a folder");
        let folders = home(folder.path(), &server, change).await;
        let before = files(folder.path());
        for mode in [RunMode::Daemon, RunMode::OneShot, RunMode::DryRun, RunMode::ControlOnly] {
            let Started { mut handle, agent, .. } = Agent::start(&folders, mode).expect("starts");
            let agent = tokio::spawn(agent.run());
            let kept = folders.data.join("history.db").display().to_string();
            let told = HealthIssue::HistoryNewer { kept };
            for request in hurries() {
                handle.ask(request).await;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
            let seen = handle.snapshots.borrow_and_update().clone();
            assert_eq!(seen.health_issues, [told], "{mode:?} {change}");
            assert_eq!(seen.mood, Mood::NeedsYou, "{mode:?} {change}");
            assert_ne!(seen.entries[0].status, Status::Fine);
            assert!(matches!(
                handle.ask(AgentRequest::History { limit: 1 }).await,
                Response::Rejected { rejection: Rejection::NotWritten { .. } }
            ));
            let began = Instant::now();
            drop(handle);
            agent.await.expect("it ends");
            assert!(began.elapsed() < Duration::from_secs(3), "{mode:?} waits for what will not come");
            assert_eq!(server.connections(), 0, "{mode:?} {change}");
            assert!(files(folder.path()) == before, "{mode:?} changed a file: {change}");
        }
    }
    // The same home with a history that is understood sends at once, so that nothing else kept it from doing so.
    let folder = tempfile::tempdir().expect("a folder");
    let folders = home(folder.path(), &server, "").await;
    let Started { mut handle, agent, .. } = Agent::start(&folders, RunMode::Daemon).expect("starts");
    tokio::spawn(agent.run());
    let fine = handle.snapshots.wait_for(|seen| seen.entries[0].status == Status::Fine);
    tokio::time::timeout(Duration::from_secs(20), fine).await.expect("in time").expect("the agent runs");
    assert_eq!(server.requests().len(), 1);
}
