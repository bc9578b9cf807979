//! A history of a newer version: commands and the service say so, and send nothing.
#![cfg(target_os = "linux")]

mod service;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use dyntray_agent::history::{Durability, History};
use dyntray_control::{AgentRequest, Response};
use dyntray_core::present::Mood;
use dyntray_core::state::State;
use dyntray_core::state::health_issue::HealthIssue;
use jiff::Timestamp;

use crate::service::{Service, form, http_server, prepared};

/// The place of the schema's version in a database: four bytes, the highest first (SQLite's file format, 1.3).
const USER_VERSION: std::ops::Range<usize> = 60..64;
const NEEDS_YOU: i32 = 4;

/// Runs a command in this home, where no program runs.
fn command(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dyntray"))
        .arg("--secrets-file")
        .arg(home.join("secrets"))
        .args(arguments)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home)
        .env("LANG", "C")
        .output()
        .expect("the program starts")
}

#[tokio::test]
async fn with_a_history_of_a_newer_version_an_update_alone_says_so_at_once_and_sends_nothing() {
    let (resolver, _asked) = http_server(&["84.160.12.7"]);
    let (server, requests) = http_server(&["good 84.160.12.7"]);
    let home = prepared(&form(&format!("http://{resolver}/"), server));
    let data = home.path().join(".local/share/dyntray");
    let mut history = History::load(&data, Timestamp::now()).expect("opens").history;
    history.save(&State { seed: 7, ..State::default() }, &[], Durability::Sync).expect("saves");
    drop(history);
    let database = data.join("history.db");
    let known = fs::read(&database).expect("reads");
    let mut newer = known.clone();
    newer[USER_VERSION].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&database, &newer).expect("writes");

    for arguments in [&["update", "--once"][..], &["retry"], &["check"]] {
        let began = Instant::now();
        let output = command(home.path(), arguments);
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(NEEDS_YOU), "{arguments:?}: {output:?}");
        assert!(said.contains(&database.display().to_string()), "{arguments:?}: {said}");
        assert!(began.elapsed() < Duration::from_secs(20), "{arguments:?} waits for what will not come");
    }
    let output = command(home.path(), &["history"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");

    let mut service = Service::in_home(home, 1024);
    let Response::Snapshot { snapshot } = service.ask(AgentRequest::Status).await else {
        panic!("no status")
    };
    let kept = database.display().to_string();
    assert_eq!(
        (snapshot.mood, &snapshot.health_issues[..]),
        (Mood::NeedsYou, &[HealthIssue::HistoryNewer { kept }][..])
    );
    service.ask(AgentRequest::UpdateNow).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    service.terminate();
    assert!(requests.try_recv().is_err(), "nothing was sent");
    assert!(fs::read(&database).expect("reads") == newer, "it was changed");

    // With the version that the program knows, the same command updates.
    fs::write(&database, &known).expect("writes");
    let output = command(&service.path("."), &["update", "--once"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(requests.try_recv().is_ok());
}
