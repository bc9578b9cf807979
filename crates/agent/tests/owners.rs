//! Two users of one machine, root and another one, and the settings, secrets and history that belong to them.
#![cfg(unix)]

#[path = "skip/mod.rs"]
mod skip;

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use dyntray_agent::history::{Durability, History, HistoryError};
use dyntray_agent::keyring::{Keyring, KeyringError, SecretStore};
use dyntray_agent::run::{Agent, AgentError, Folders, RunMode};
use dyntray_agent::settings_file::SettingsFile;
use dyntray_control::ForeignOwner;
use dyntray_core::settings::form::{EntryForm, Form};
use dyntray_core::state::State;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::types::entry_id::EntryId;
use jiff::Timestamp;
use skip::skipped;

/// The number of the user `nobody`, or of any user but root.
const NOBODY: u32 = 65534;
/// Where the other user looks.
const PLACE: &str = "DYNTRAY_TEST_PLACE";
const MODES: [RunMode; 4] = [RunMode::Daemon, RunMode::OneShot, RunMode::DryRun, RunMode::ControlOnly];

/// A folder that every user may look into; none where the test isn't run by root.
fn place(test: &str) -> Option<tempfile::TempDir> {
    let place = tempfile::tempdir().expect("a folder");
    if fs::metadata(place.path()).expect("is there").uid() != 0 {
        skipped(test, "only root can be two users");
        return None;
    }
    fs::set_permissions(place.path(), Permissions::from_mode(0o755)).expect("sets");
    Some(place)
}

fn folders(place: &Path) -> Folders {
    Folders {
        config: place.join("config"),
        data: place.join("data"),
        secrets: SecretStore::File(place.join("secrets")),
    }
}

/// A home with settings, a secret, a history and what a killed save left, as this user's program makes them.
async fn furnished(place: &Path) -> Folders {
    let folders = folders(place);
    let entry = EntryForm { id: Some(EntryId(1)), hostname: "home.spdns.de".into(), ..EntryForm::default() };
    let form = Form { entries: vec![entry], ..Form::default() };
    SettingsFile::in_folder(&folders.config).save(&form).expect("saves");
    fs::write(folders.config.join(".settings.toml.aB3dE6"), "left").expect("writes");
    let keyring = Keyring::start(folders.secrets.clone());
    keyring.write(EntryId(1), "abcd-efgh-ijkl".into()).await.expect("writes");
    let mut history = History::load(&folders.data, Timestamp::now()).expect("opens").history;
    history.save(&State { seed: 7, ..State::default() }, &[], Durability::Sync).expect("saves");
    folders
}

/// Everything below a folder: owner, mode, and bytes.
fn everything(folder: &Path) -> BTreeMap<PathBuf, (u32, u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("reads") {
        let path = entry.expect("a file").path();
        let about = fs::symlink_metadata(&path).expect("is there");
        let bytes = if about.is_file() { fs::read(&path).expect("reads") } else { Vec::new() };
        if about.is_dir() {
            found.extend(everything(&path));
        }
        found.insert(path, (about.uid(), about.mode(), bytes));
    }
    found
}

/// Gives a folder and everything in it to the other user.
fn give_away(folder: &Path) {
    for path in everything(folder).into_keys().chain([folder.to_owned()]) {
        chown(path, Some(NOBODY), Some(NOBODY)).expect("gives it away");
    }
}

#[track_caller]
fn is_foreign(error: &std::io::Error, path: &Path, owner: u32) {
    let expected = ForeignOwner { path: path.to_owned(), owner };
    assert_eq!(ForeignOwner::of(error), Some(&expected), "{error}");
}

/// What keeps a program from starting.
fn not_started(folders: &Folders, mode: RunMode) -> AgentError {
    match Agent::start(folders, mode) {
        Err(error) => error,
        Ok(_) => panic!("{mode:?} starts"),
    }
}

#[tokio::test]
async fn root_makes_and_changes_no_file_in_another_users_home() {
    let test = "root_makes_and_changes_no_file_in_another_users_home";
    let Some(place) = place(test) else { return };
    let home = place.path().join("home");
    let theirs = furnished(&home).await;
    give_away(&home);
    let before = everything(&home);
    for mode in MODES {
        match not_started(&theirs, mode) {
            AgentError::Settings { error, .. } => {
                is_foreign(&error, &theirs.config.join("settings.toml"), NOBODY);
            }
            AgentError::History(error) => panic!("{mode:?}: {error}"),
        }
        assert!(everything(&home) == before, "{mode:?} changed something");
    }
    // Each of them by itself, in a place that is there, and in one that isn't.
    let (config, data) = (theirs.config.clone(), theirs.data.clone());
    for (folder, nearest) in [(config.clone(), config), (home.join("deep/config"), home.clone())] {
        let error = SettingsFile::in_folder(&folder).save(&Form::default()).expect_err("refused");
        is_foreign(&error, &nearest, NOBODY);
    }
    for (folder, nearest) in [(data.clone(), data), (home.join("deep/data"), home.clone())] {
        match History::load(&folder, Timestamp::now()).map(|loaded| loaded.health_issue) {
            Err(HistoryError::Files(error)) => {
                is_foreign(&error, &nearest.join("history.db"), NOBODY);
            }
            // There is none to be read.
            Ok(Some(HealthIssue::CannotRemember { why })) => {
                assert!(why.starts_with(&nearest.display().to_string()) && why.contains("65534"), "{why}");
            }
            Ok(other) => panic!("{other:?}"),
            Err(error) => panic!("{error}"),
        }
    }
    for secrets in [home.join("secrets"), home.join("more-secrets")] {
        let keyring = Keyring::start(SecretStore::File(secrets));
        match keyring.write(EntryId(2), "mnop-qrst-uvwx".into()).await {
            Err(KeyringError::Unusable { why }) => assert!(why.contains("another user"), "{why}"),
            other => panic!("{other:?}"),
        }
    }
    assert!(everything(&home) == before, "something was changed");
}

#[tokio::test]
async fn settings_or_a_history_of_another_user_are_refused_by_their_path_and_left_alone() {
    let test = "settings_or_a_history_of_another_user_are_refused_by_their_path_and_left_alone";
    let Some(place) = place(test) else { return };
    let own = furnished(place.path()).await;
    for (file, which) in [(own.config.join("settings.toml"), 0), (own.data.join("history.db"), 1)] {
        chown(&file, Some(NOBODY), Some(NOBODY)).expect("gives it away");
        let before = fs::read(&file).expect("reads");
        for mode in MODES {
            match (not_started(&own, mode), which) {
                (AgentError::Settings { error, .. }, 0)
                | (AgentError::History(HistoryError::Files(error)), 1) => {
                    is_foreign(&error, &file, NOBODY);
                }
                (other, _) => panic!("{mode:?}: {other}"),
            }
        }
        assert!(fs::read(&file).expect("reads") == before);
        chown(&file, Some(0), Some(0)).expect("takes it back");
    }
    // What another user says of refusals isn't believed either.
    let refusals = own.config.join("refusals.json");
    fs::write(&refusals, r#"{"version":1,"refusals":{"answered":true}}"#).expect("writes");
    chown(&refusals, Some(NOBODY), Some(NOBODY)).expect("gives it away");
    fs::remove_file(own.data.join("history.db")).expect("removes");
    let started = Agent::start(&own, RunMode::DryRun).expect("starts");
    assert_eq!(started.handle.snapshots.borrow().health_issues, [], "no history is missed");
}

#[test]
fn a_user_in_whose_home_root_left_files_is_told_which() {
    let test = "a_user_in_whose_home_root_left_files_is_told_which";
    let Some(place) = place(test) else { return };
    let home = place.path().join("home");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folders = runtime.block_on(furnished(&home));
    drop(runtime);
    give_away(&home);
    // As a program of root's that knew no better left them.
    chown(folders.data.join("history.db"), Some(0), Some(0)).expect("takes it");
    chown(folders.config.join("settings.toml"), Some(0), Some(0)).expect("takes it");
    fs::set_permissions(folders.config.join("settings.toml"), Permissions::from_mode(0o644)).expect("sets");
    let status = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "the_other_user", "--ignored", "--nocapture"])
        .env(PLACE, &home)
        .uid(NOBODY)
        .gid(NOBODY)
        .status()
        .expect("starts");
    assert!(status.success());
    let about = fs::metadata(folders.config.join("settings.toml")).expect("is there");
    assert_eq!((about.uid(), about.mode() & 0o777), (NOBODY, 0o600), "the user has replaced it");
    assert_eq!(fs::metadata(folders.data.join("history.db")).expect("is there").uid(), 0);
}

#[test]
#[ignore = "the part of the other user, which another test starts"]
fn the_other_user() {
    let home = PathBuf::from(std::env::var_os(PLACE).expect("a place"));
    let folders = folders(&home);
    match not_started(&folders, RunMode::Daemon) {
        AgentError::History(HistoryError::Files(error)) => {
            is_foreign(&error, &folders.data.join("history.db"), 0);
        }
        other => panic!("{other}"),
    }
    // What root wrote may be read, and in one's own folder replaced.
    let file = SettingsFile::in_folder(&folders.config);
    let form = file.load(Timestamp::now()).expect("reads").form;
    assert_eq!(form.entries[0].hostname, "home.spdns.de");
    file.save(&form).expect("replaces it");
}
