//! Each host name has its own secret: from systemd's credentials where there is one for it, and otherwise from the file.
#![cfg(target_os = "linux")]

mod service;

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::Receiver;

use dyntray_control::{AgentRequest, Response};
use dyntray_core::present::Status;
use dyntray_core::protocol::reply::HaltReason;
use dyntray_core::settings::form::{EntryForm, Form};
use dyntray_core::types::entry_id::EntryId;

use crate::service::{PATIENCE, SECRET, Service, form, http_server, prepared};

const PROGRAM: &str = env!("CARGO_BIN_EXE_dyntray");
const GIVEN: &str = "given-by-systemd-77";

/// Runs a command beside the service, with `input` on standard input.
fn command(service: &Service, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(PROGRAM)
        .args(arguments)
        .env_clear()
        .env("HOME", service.path(""))
        .env("XDG_RUNTIME_DIR", service.path("run"))
        .env("DYNTRAY_SECRETS_FILE", service.path("secrets"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    // A command that refuses at once doesn't read.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("ends")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

fn entry(id: u32, hostname: &str, server: SocketAddr) -> EntryForm {
    let first = form("http://127.0.0.1:9/", server).entries.remove(0);
    EntryForm { id: Some(EntryId(id)), hostname: hostname.into(), ..first }
}

/// True once the server got a request that was signed with this secret.
fn got(requests: &Receiver<String>, hostname: &str, secret: &str) -> bool {
    let encoded = Command::new("sh")
        .args(["-c", "printf %s \"$0\" | base64 -w0", &format!("{hostname}:{secret}")])
        .output()
        .expect("base64");
    let encoded = String::from_utf8(encoded.stdout).expect("text");
    let request = requests.recv_timeout(PATIENCE).expect("an update is sent");
    request.contains(&format!("Basic {encoded}"))
}

fn secrets(service: &Service) -> String {
    fs::read_to_string(service.path("secrets")).expect("is there")
}

#[tokio::test]
async fn every_host_name_has_its_own_secret_from_systemd_or_the_file_and_a_missing_one_is_told_at_the_start()
{
    let (resolver, _asked) = http_server(&["84.160.12.7"]);
    let (of_file, from_file) = http_server(&["good 84.160.12.7"]);
    let (of_systemd, from_systemd) = http_server(&["good 84.160.12.7"]);
    let (of_none, _from_none) = http_server(&["good 84.160.12.7"]);
    let entries = vec![
        entry(1, "home.spdns.de", of_file),
        entry(2, "nas.spdns.de", of_systemd),
        entry(3, "attic.spdns.de", of_none),
    ];
    let form = Form { entries, ..form(&format!("http://{resolver}/"), of_file) };
    let home = prepared(&form);
    // Of the second one there is an old token in the file, too.
    fs::write(home.path().join("secrets"), format!("1 {SECRET}\n2 an old one\n")).expect("writes");
    let folder = home.path().join("credentials");
    fs::create_dir(&folder).expect("makes it");
    fs::write(folder.join("nas.spdns.de"), GIVEN).expect("writes");
    let service = Service::after(
        Command::new("sh"),
        "export CREDENTIALS_DIRECTORY=\"$HOME/credentials\"; exec 2>\"$HOME/said\"",
        home,
    );
    assert!(got(&from_file, "home.spdns.de", SECRET));
    assert!(got(&from_systemd, "nas.spdns.de", GIVEN), "systemd's comes first");
    let Response::Snapshot { snapshot } = service.ask(AgentRequest::Status).await else {
        panic!("no status")
    };
    let status = &snapshot.entries[2].status;
    assert!(
        matches!(status, Status::Halted { halt, .. } if matches!(halt.reason, HaltReason::SecretMissing { .. })),
        "{status:?}"
    );
    let log = fs::read_to_string(service.path("said")).expect("is there");
    assert!(log.contains("so never updated: attic.spdns.de"), "{log}");

    // What systemd hands over can't be changed here; all others can.
    let refused = command(&service, &["token", "set", "nas.spdns.de"], "abcd-efgh-ijkl");
    assert!(
        refused.status.code() == Some(1) && said(&refused).contains("nas.spdns.de"),
        "{}",
        said(&refused)
    );
    let set = command(&service, &["token", "set", "attic.spdns.de"], "mnop-qrst-uvwx");
    assert!(set.status.success() && secrets(&service).contains("3 mnop-qrst-uvwx"), "{}", said(&set));
    let server = of_none.to_string();
    let add = |name: &str, more: &[&str], input: &str| {
        command(&service, &[&["add", name, "--server", &server], more].concat(), input)
    };
    let unknown = add("cellar.spdns.de", &["--credential"], "");
    assert!(said(&unknown).contains("LoadCredential=cellar.spdns.de"), "{}", said(&unknown));
    assert_eq!(unknown.status.code(), Some(1));
    assert!(add("cellar.spdns.de", &[], "abcd-efgh-ijkl").status.success());

    // A removal takes the secret along, or fails with nothing changed.
    let open = fs::Permissions::from_mode(0o644);
    fs::set_permissions(service.path("secrets"), open).expect("sets");
    let refused = command(&service, &["remove", "home.spdns.de"], "");
    assert!(refused.status.code() == Some(1) && said(&refused).contains("chmod 600"), "{}", said(&refused));
    fs::set_permissions(service.path("secrets"), fs::Permissions::from_mode(0o600)).expect("sets");
    for name in ["home.spdns.de", "nas.spdns.de", "cellar.spdns.de"] {
        let removed = command(&service, &["remove", name], "");
        assert!(removed.status.success(), "{name}: {}", said(&removed));
    }
    assert_eq!(secrets(&service), "3 mnop-qrst-uvwx\n");
    let added = add("nas.spdns.de", &["--credential"], "");
    assert!(added.status.success(), "{}", said(&added));
}

#[test]
fn a_command_alone_says_before_anything_is_due_which_host_name_has_no_secret() {
    let (resolver, _asked) = http_server(&["84.160.12.7"]);
    let (server, requests) = http_server(&["good 84.160.12.7"]);
    let home = prepared(&form(&format!("http://{resolver}/"), server));
    let run = |arguments: &[&str]| {
        Command::new(PROGRAM)
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("XDG_RUNTIME_DIR", home.path().join("run"))
            .env("DYNTRAY_SECRETS_FILE", home.path().join("secrets"))
            .output()
            .expect("runs")
    };
    let updated = run(&["update", "--once"]);
    assert!(updated.status.success(), "{}", said(&updated));
    assert!(got(&requests, "home.spdns.de", SECRET));
    fs::write(home.path().join("secrets"), "").expect("writes");
    for arguments in [&["check"][..], &["update", "--once"]] {
        let told = run(arguments);
        assert_eq!(told.status.code(), Some(4), "{arguments:?}: {}", said(&told));
    }
}
