//! Stories of many who ask the keyring at once: gnome-keyring itself, on a session bus of its own.
#![cfg(target_os = "linux")]

mod skip;

use std::path::Path;
use std::process::Command;

use dyntray_agent::keyring::{Keyring, SecretStore};
use dyntray_core::record::SecretPresence;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::hostname::Hostname;
use secrecy::ExposeSecret as _;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::skip::skipped;

/// Set in the process that has the bus.
const INSIDE: &str = "DYNTRAY_TEST_HAS_A_BUS";
/// The servers whose entries send at the same time.
const SERVERS: u32 = 5;

/// Runs the story `test` in a process of its own, with an open keyring. True in that process.
fn is_at_an_open_keyring(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    for program in ["dbus-run-session", "gnome-keyring-daemon"] {
        if !["/usr/bin", "/bin"].iter().any(|folder| Path::new(folder).join(program).is_file()) {
            skipped(test, &format!("{program} isn't installed"));
            return false;
        }
    }
    let home = tempfile::tempdir().expect("a folder");
    let run = "printf password | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 & \
               keyring=$!; trap 'kill $keyring' EXIT; sleep 1; \"$@\"";
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", run, "sh"])
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env_remove("XDG_DATA_HOME")
        .output()
        .expect("starts");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let report = format!("{stdout}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && stdout.contains("1 passed"), "{report}");
    false
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn host(id: u32) -> Hostname {
    Hostname::parse(&format!("host{id}.spdns.de")).expect("a host name")
}

/// The open keyring, with a secret for the entry at each server.
async fn filled() -> Keyring {
    let keyring = Keyring::start(SecretStore::Keyring("dyntray-test".to_owned()));
    for id in 1..=SERVERS {
        keyring.write(EntryId(id), format!("secret of {id}").into()).await.expect("the keyring is open");
    }
    keyring
}

#[test]
fn the_entries_of_many_servers_read_their_secrets_at_once_and_an_open_keyring_is_never_called_locked() {
    let test =
        "the_entries_of_many_servers_read_their_secrets_at_once_and_an_open_keyring_is_never_called_locked";
    if !is_at_an_open_keyring(test) {
        return;
    }
    runtime().block_on(async {
        let keyring = filled().await;
        for _ in 0..20 {
            let mut reads = JoinSet::new();
            for id in 1..=SERVERS {
                let keyring = keyring.clone();
                reads.spawn(async move { (id, keyring.read(EntryId(id), host(id)).await) });
                tokio::task::yield_now().await;
            }
            while let Some(read) = reads.join_next().await {
                let (id, secret) = read.expect("no panic");
                let secret = secret.unwrap_or_else(|error| panic!("{id}: {error:?}")).expect("it is there");
                assert_eq!(secret.expose_secret(), format!("secret of {id}"));
            }
        }
    });
}

#[test]
fn a_request_reads_its_secret_before_all_who_only_look_whether_theirs_is_there() {
    let test = "a_request_reads_its_secret_before_all_who_only_look_whether_theirs_is_there";
    if !is_at_an_open_keyring(test) {
        return;
    }
    runtime().block_on(async {
        let keyring = filled().await;
        let mut asked = JoinSet::new();
        for id in 1..=200 {
            let keyring = keyring.clone();
            asked.spawn(async move { (id, Some(keyring.look_for(EntryId(id), host(id)).await)) });
        }
        // All have asked.
        tokio::task::yield_now().await;
        let reader = keyring.clone();
        asked.spawn(async move {
            reader.read(EntryId(1), host(1)).await.expect("it is open").expect("it is there");
            (0, None)
        });
        let (mut before, mut looked) = (None, 0);
        while let Some(ended) = asked.join_next().await {
            match ended.expect("no panic") {
                (_, None) => before = Some(looked),
                (id, Some(presence)) => {
                    looked += 1;
                    assert_eq!(presence == SecretPresence::Found, id <= SERVERS, "{id}: {presence:?}");
                    assert_ne!(presence, SecretPresence::Unknown, "{id}");
                }
            }
        }
        let before = before.expect("it was read");
        assert!(before < 20, "{before} looks came before the request");
    });
}
