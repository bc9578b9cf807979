//! The service under a real systemd, in a container of its own, with the unit as it is packaged.
#![cfg(target_os = "linux")]

mod service;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use dyntray_core::settings::form::{EntryForm, Form};
use dyntray_core::types::entry_id::EntryId;

use crate::service::{SECRET, form, http_server};

/// A folder with a small Debian that has systemd, for example made by
/// `mmdebstrap --variant=minbase --include=systemd,systemd-sysv,dbus bookworm FOLDER`.
const TREE: &str = "DYNTRAY_SYSTEMD_TREE";

/// The steps of the trial, each as it should go.
const STEPS: [&str; 18] = [
    "started: active",
    "published: 1",
    "root leaves nothing: 0",
    "killed and restarted",
    "refused: active",
    "warned: yes",
    "everyday lines among the warnings: 0",
    "reloaded: active",
    "root is told of the service: yes",
    "crashed, restarted and still refused",
    "stopped in time: yes",
    "stopped: success 0",
    "a fault of its own: told",
    "bad settings: told",
    "open secrets: told",
    "each its own token: 1 in the file",
    "after the removal: 0 in the file",
    "the end",
];

fn skipped(why: &str) {
    let word = format!("SKIPPED the service under systemd: {why}");
    assert!(std::env::var_os("DYNTRAY_NO_SKIP").is_none(), "{word}");
    eprintln!("{word}");
}

/// The container's system, if there is one and it can run.
fn tree() -> Option<PathBuf> {
    let Some(tree) = std::env::var_os(TREE).map(PathBuf::from) else {
        skipped(&format!("{TREE} names no folder with a system"));
        return None;
    };
    let has_nspawn = Command::new("systemd-nspawn").arg("--version").output().is_ok();
    if !has_nspawn {
        skipped("there is no systemd-nspawn");
        return None;
    }
    Some(tree)
}

#[test]
fn under_systemd_the_service_starts_comes_back_after_a_crash_ends_at_once_and_refuses_what_it_must() {
    let Some(tree) = tree() else { return };
    let (resolver, _asked) = http_server(&["84.160.12.7", "84.160.12.8"]);
    let (server, requests) = http_server(&["good 84.160.12.7", "badauth", "good 84.160.12.8"]);
    let trial = tempfile::tempdir().expect("a folder");
    let form = form(&format!("http://{resolver}/"), server);
    fs::write(
        trial.path().join("settings.toml"),
        dyntray_agent::settings_file::to_toml(&form).expect("TOML"),
    )
    .expect("writes");
    fs::write(trial.path().join("secrets"), format!("1 {SECRET}\n")).expect("writes");
    let (given, from_systemd) = http_server(&["good 84.160.12.8"]);
    let nas = EntryForm {
        id: Some(EntryId(2)),
        hostname: "nas.spdns.de".into(),
        server: given.to_string(),
        ..form.entries[0].clone()
    };
    let both = Form { entries: vec![form.entries[0].clone(), nas], ..form };
    fs::write(trial.path().join("both.toml"), dyntray_agent::settings_file::to_toml(&both).expect("TOML"))
        .expect("writes");
    fs::write(trial.path().join("credential"), "given-by-systemd-77\n").expect("writes");
    let script = trial.path().join("run");
    fs::write(&script, include_str!("systemd/trial.sh")).expect("writes");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("sets");

    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging/systemd/dyntray.service");
    let bind = |from: &Path, to: &str| format!("--bind-ro={}:{to}", from.display());
    let output = Command::new("systemd-nspawn")
        .env("UNIFIED_CGROUP_HIERARCHY", "1")
        .args(["--quiet", "--register=no", "--keep-unit", "--volatile=overlay", "--boot", "--console=pipe"])
        .arg(format!("--machine=dyntray-{}", std::process::id()))
        .arg("--directory")
        .arg(tree)
        .arg(bind(Path::new(env!("CARGO_BIN_EXE_dyntray")), "/usr/bin/dyntray"))
        .arg(bind(&unit, "/usr/lib/systemd/system/dyntray.service"))
        .arg(format!("--bind={}:/trial", trial.path().display()))
        .arg("systemd.run=/trial/run")
        .output()
        .expect("systemd-nspawn");
    let said = fs::read_to_string(trial.path().join("said")).unwrap_or_default();
    let report = format!("{said}\n{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(said.lines().collect::<Vec<_>>(), STEPS, "{report}");
    assert!(output.status.success(), "{report}");
    // Whatever happened to it, nothing was sent twice.
    let sent: Vec<String> = requests.try_iter().collect();
    assert_eq!(sent.len(), 3, "{sent:?}");
    assert!(sent[0].contains("myip=84.160.12.7") && sent[1].contains("myip=84.160.12.8"), "{sent:?}");
    assert_eq!(from_systemd.try_iter().count(), 1, "the other host name has its own secret");
}
