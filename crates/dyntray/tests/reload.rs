//! What systemd hears of the service and says to it: reloads, and lines for the journal.
#![cfg(target_os = "linux")]

mod service;

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::time::Duration;

use dyntray_control::{AgentRequest, Response};
use dyntray_core::settings::form::{EntryForm, Form};
use dyntray_core::types::entry_id::EntryId;

use crate::service::{PATIENCE, Service, form, http_server, prepared};

/// The next message to systemd that isn't only about the status.
fn heard(manager: &UnixDatagram) -> Vec<String> {
    loop {
        let mut buffer = [0; 4096];
        let length = manager.recv(&mut buffer).expect("a message");
        let lines: Vec<String> =
            String::from_utf8_lossy(&buffer[..length]).lines().map(str::to_owned).collect();
        if !lines[0].starts_with("STATUS=") {
            return lines;
        }
    }
}

#[tokio::test]
async fn at_a_hang_up_the_service_says_that_it_reloads_takes_over_the_settings_and_looks_again() {
    let (resolver, asked) = http_server(&["84.160.12.7"]);
    let (server, requests) = http_server(&["good 84.160.12.7"]);
    let form = form(&format!("http://{resolver}/"), server);
    let home = prepared(&form);
    let manager = UnixDatagram::bind(home.path().join("manager")).expect("binds");
    manager.set_read_timeout(Some(PATIENCE)).expect("sets");
    let line = "export NOTIFY_SOCKET=\"$HOME/manager\"; exec 2>\"$HOME/said\"";
    let mut service = Service::after(Command::new("sh"), line, home);
    assert_eq!(heard(&manager), ["READY=1"]);
    requests.recv_timeout(PATIENCE).expect("an update is sent");
    let looked = asked.try_iter().count();
    assert!(looked > 0);

    // A source that has just answered isn't asked again.
    tokio::time::sleep(Duration::from_secs(6)).await;
    let more = EntryForm { id: Some(EntryId(2)), hostname: "nas.spdns.de".into(), ..form.entries[0].clone() };
    let changed = Form { entries: vec![form.entries[0].clone(), more], ..form };
    let toml = dyntray_agent::settings_file::to_toml(&changed).expect("TOML");
    let settings = service.path(".config/dyntray/settings.toml");
    fs::write(&settings, &toml).expect("writes");
    let hang_up = |service: &Service| {
        let pid = service.child.id().to_string();
        assert!(Command::new("kill").args(["-HUP", &pid]).status().expect("kill").success());
        let reloading = heard(&manager);
        assert_eq!(reloading[0], "RELOADING=1");
        assert!(reloading[1].starts_with("MONOTONIC_USEC="), "{reloading:?}");
        assert_eq!(heard(&manager), ["READY=1"]);
    };
    hang_up(&service);
    let said = || fs::read_to_string(service.path("said")).expect("is there");
    assert!(asked.recv_timeout(PATIENCE).is_ok(), "it looks again: {}", said());
    let Response::Snapshot { snapshot } = service.ask(AgentRequest::Status).await else {
        panic!("no status")
    };
    assert_eq!(snapshot.entries.len(), 2);
    assert!(said().contains("so never updated: nas.spdns.de"), "{}", said());

    fs::write(&settings, format!("{toml}\nno = 'setting'\n")).expect("writes");
    hang_up(&service);
    assert!(said().contains("settings.toml can't be used, and the settings stay"), "{}", said());
    let Response::Snapshot { snapshot } = service.ask(AgentRequest::Status).await else {
        panic!("no status")
    };
    assert_eq!(snapshot.entries.len(), 2);
    service.terminate();
    assert_eq!(heard(&manager), ["STOPPING=1"]);
}

#[test]
fn the_journal_gets_each_line_with_its_priority_and_no_second_time() {
    let (resolver, _asked) = http_server(&["84.160.12.7"]);
    let (server, requests) = http_server(&["badauth"]);
    let home = prepared(&form(&format!("http://{resolver}/"), server));
    // As systemd does it: the file that standard error is, by its device and number.
    let line = "exec 2>\"$HOME/said\"; export JOURNAL_STREAM=\"$(stat -c %d:%i \"$HOME/said\")\"";
    let mut service = Service::after(Command::new("sh"), line, home);
    requests.recv_timeout(PATIENCE).expect("an update is sent");
    service.terminate();
    let said = fs::read_to_string(service.path("said")).expect("is there");
    assert!(
        said.lines().all(|line| ["<3>", "<4>", "<6>"].iter().any(|start| line.starts_with(start))),
        "{said}"
    );
    assert!(!said.contains("Z  WARN") && !said.contains("Z  INFO"), "{said}");
    let refused = |line: &str| line.starts_with("<4>") && line.contains("home.spdns.de");
    assert!(said.lines().any(refused), "{said}");
    let kept = fs::read_to_string(service.path(".local/share/dyntray/dyntray.log")).expect("is there");
    assert!(kept.contains(" WARN ") && kept.starts_with("20"), "the file has time and level: {kept}");

    // What stops the start is an error there, too, and each of its lines.
    fs::write(service.path(".config/dyntray/settings.toml"), "no = 'setting'\n").expect("writes");
    let refused = Command::new("sh")
        .args(["-c", &format!("{line}; exec \"$0\" run"), env!("CARGO_BIN_EXE_dyntray")])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", service.path(""))
        .env("XDG_RUNTIME_DIR", service.path("run"))
        .status()
        .expect("runs");
    assert_eq!(refused.code(), Some(1));
    let said = fs::read_to_string(service.path("said")).expect("is there");
    assert!(said.lines().all(|line| line.starts_with("<3>")) && said.contains("settings.toml"), "{said}");
}
