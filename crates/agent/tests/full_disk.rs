//! Stories of settings and history on a full disk. It is simulated with a limit on the size of files, which holds for root
//! too.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dyntray_agent::history::{Durability, History};
use dyntray_agent::settings_file::SettingsFile;
use dyntray_core::protocol::reply::Accepted;
use dyntray_core::record::{HistoryItem, UpdateResult};
use dyntray_core::settings::form::{EntryForm, Form, number_new_entries};
use dyntray_core::state::State;
use dyntray_core::types::entry_id::EntryId;
use jiff::Timestamp;

const FOLDER: &str = "DYNTRAY_TEST_FOLDER";

/// Runs the story `test` in this folder, in a process that can't write to any file.
fn on_a_full_disk(test: &str, folder: &Path) {
    let me = std::env::current_exe().expect("this program");
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"])
        .arg(me)
        .args(["--exact", test, "--nocapture"])
        .env(FOLDER, folder)
        .output()
        .expect("starts");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let report = format!("{stdout}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && stdout.contains("1 passed"), "{report}");
}

/// The folder, in the process whose disk is full.
fn full_folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

fn form(hostname: &str) -> Form {
    let mut form = Form {
        entries: vec![EntryForm { hostname: hostname.into(), ..EntryForm::default() }],
        ..Form::default()
    };
    number_new_entries(&mut form, EntryId(0));
    form
}

fn files(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("a file").file_name();
    fs::read_dir(folder).expect("reads").map(name).map(|name| name.to_string_lossy().into_owned()).collect()
}

#[test]
fn settings_that_cant_be_saved_leave_the_old_ones_as_they_were() {
    if let Some(folder) = full_folder() {
        assert!(SettingsFile::in_folder(&folder).save(&form("new.spdns.de")).is_err());
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = SettingsFile::in_folder(folder.path());
    file.save(&form("home.spdns.de")).expect("saves");
    let before = fs::read(folder.path().join("settings.toml")).expect("reads");
    on_a_full_disk("settings_that_cant_be_saved_leave_the_old_ones_as_they_were", folder.path());
    assert_eq!(fs::read(folder.path().join("settings.toml")).expect("reads"), before);
    assert_eq!(files(folder.path()), ["settings.toml"], "nothing half-written stays");
    assert_eq!(file.load(now()).expect("loads").form, form("home.spdns.de"));
}

#[test]
fn a_state_that_cant_be_saved_leaves_the_old_one_and_is_no_damage() {
    if let Some(folder) = full_folder() {
        // It may not even open, depending on what SQLite has to write for that.
        if let Ok(mut loaded) = History::load(&folder, now()) {
            assert!(loaded.health_issue.is_none(), "a full disk isn't damage");
            assert!(loaded.history.save(&state(8), &[item()], Durability::Sync).is_err());
        }
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut history = History::load(folder.path(), now()).expect("opens").history;
    history.save(&state(7), &[item()], Durability::Sync).expect("saves");
    drop(history);
    on_a_full_disk("a_state_that_cant_be_saved_leaves_the_old_one_and_is_no_damage", folder.path());
    let loaded = History::load(folder.path(), now()).expect("opens");
    assert!(
        loaded.health_issue.is_none() && files(folder.path()).iter().all(|name| !name.contains("damaged"))
    );
    assert_eq!(loaded.state, Some(state(7)));
    assert_eq!(loaded.history.newest(10).expect("reads"), [item()]);
}

fn state(seed: u64) -> State {
    State { seed, ..State::default() }
}

fn item() -> HistoryItem {
    HistoryItem {
        at: now(),
        entry: EntryId(1),
        hostname: "home.spdns.de".into(),
        addresses: "84.160.12.7".into(),
        result: UpdateResult::Accepted { how: Accepted::Good },
        why: Vec::new(),
        repeated: None,
    }
}

#[test]
fn a_secret_that_cant_be_saved_is_told_with_the_disks_own_reason_and_the_old_one_stays() {
    use dyntray_agent::keyring::{Keyring, KeyringError, SecretStore};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    if let Some(folder) = full_folder() {
        let keyring = Keyring::start(SecretStore::File(folder.join("secrets")));
        let written = runtime.block_on(keyring.write(EntryId(1), "mnop-qrst-uvwx".into()));
        let Err(KeyringError::Unusable { why }) = written else { panic!("{written:?}") };
        assert!(why.contains("secrets: File too large"), "{why}");
        return;
    }
    let home = tempfile::tempdir().expect("a folder");
    let before = SecretStore::File(home.path().join("secrets"));
    let keyring = Keyring::start(before);
    runtime.block_on(keyring.write(EntryId(1), "abcd-efgh-ijkl".into())).expect("saves");
    on_a_full_disk(
        "a_secret_that_cant_be_saved_is_told_with_the_disks_own_reason_and_the_old_one_stays",
        home.path(),
    );
    assert_eq!(files(home.path()), ["secrets"]);
    assert_eq!(fs::read_to_string(home.path().join("secrets")).expect("is there"), "1 abcd-efgh-ijkl\n");
}
