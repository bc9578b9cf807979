//! The program's file is replaced while it runs, as dpkg does it: a new file is renamed over the old one.
#![cfg(target_os = "linux")]

mod service;

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dyntray_control::{AgentRequest, Client, ConnectError, Request, Response, RuntimeDir, ShellRequest};
use dyntray_core::settings::form::Form;
use dyntray_core::state::health_issue::HealthIssue;
use tempfile::TempDir;

use crate::service::{PATIENCE, form, http_server, prepared};

const PROGRAM: &str = env!("CARGO_BIN_EXE_dyntray");
const ADDRESS: &str = "84.160.12.7";

/// The tray's program in a home without a desktop, started from a file of its own; it is killed at the end.
struct Running {
    home: TempDir,
    child: Child,
}

impl Running {
    fn start(variables: &[(&str, &str)]) -> Self {
        let (resolver, _) = http_server(&[ADDRESS]);
        let (server, _) = http_server(&["good 84.160.12.7"]);
        let form = form(&format!("http://{resolver}/"), server);
        // Its loop wakes often by itself.
        let home = prepared(&Form { interval: "1 s".into(), ..form });
        for folder in ["run", "bin"] {
            fs::create_dir_all(home.path().join(folder)).expect("makes it");
        }
        let program = home.path().join("bin/dyntray");
        fs::copy(PROGRAM, &program).expect("copies");
        let mut command = Command::new(&program);
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", home.path());
        command.env("XDG_RUNTIME_DIR", home.path().join("run"));
        command.env("DYNTRAY_SECRETS_FILE", home.path().join("secrets")).envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Another test's child may still hold the file that was just written.
        let began = Instant::now();
        let child = loop {
            match command.spawn() {
                Err(error) if error.kind() == ErrorKind::ExecutableFileBusy && began.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                started => break started.expect("starts"),
            }
        };
        Running { home, child }
    }

    fn program(&self) -> PathBuf {
        self.home.path().join("bin/dyntray")
    }

    /// Puts another file in the program's place. Gives its number.
    fn replace(&self, with: impl FnOnce(&Path)) -> u64 {
        let new = self.home.path().join("bin/dyntray.dpkg-new");
        with(&new);
        fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).expect("sets");
        fs::rename(&new, self.program()).expect("renames");
        fs::metadata(self.program()).expect("is there").ino()
    }

    fn upgrade(&self) -> u64 {
        self.replace(|new| {
            fs::copy(PROGRAM, new).expect("copies");
        })
    }

    /// The number of the file that the process runs; none once it has ended.
    fn runs(&self) -> Option<u64> {
        fs::metadata(format!("/proc/{}/exe", self.child.id())).ok().map(|about| about.ino())
    }

    fn until(&mut self, what: &str, mut is_so: impl FnMut(&Self) -> bool) {
        let began = Instant::now();
        while !is_so(self) {
            assert!(
                self.child.try_wait().expect("is ours").is_none(),
                "it has ended before {what}: {}",
                self.log()
            );
            assert!(began.elapsed() < PATIENCE, "{what} doesn't come about: {}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.home.path().join(".local/share/dyntray/dyntray.log")).unwrap_or_default()
    }

    /// A client that the program has answered, so it counts as one.
    async fn client(&self) -> Client {
        let mut client = self.connect().await;
        client.ask(AgentRequest::Status).await.expect("an answer");
        client
    }

    async fn connect(&self) -> Client {
        let began = Instant::now();
        loop {
            match Client::connect(&RuntimeDir::at(self.home.path().join("run/dyntray"))).await {
                Err(ConnectError::NotRunning) if began.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                connected => return connected.expect("connects"),
            }
        }
    }

    /// Asks over a connection that is closed then.
    async fn ask(&self, request: impl Into<Request>) -> Response {
        self.connect().await.ask(request).await.expect("an answer")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn issues(client: &mut Client) -> Vec<HealthIssue> {
    match client.ask(AgentRequest::Status).await.expect("an answer") {
        Response::Snapshot { snapshot } => snapshot.health_issues,
        other => panic!("{other:?}"),
    }
}

/// Waits until the program says that it was replaced. Whoever asks is connected, so it doesn't begin anew meanwhile.
async fn is_told(client: &mut Client, running: &Running) {
    let began = Instant::now();
    while !issues(client).await.contains(&HealthIssue::ProgramReplaced) {
        assert!(began.elapsed() < PATIENCE, "nothing is said: {}", running.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_replaced_program_says_so_and_begins_anew_by_itself_once_nobody_uses_it() {
    let mut running = Running::start(&[]);
    let mut client = running.client().await;
    let old = running.runs();
    assert!(!issues(&mut client).await.contains(&HealthIssue::ProgramReplaced));
    let new = running.upgrade();
    is_told(&mut client, &running).await;
    assert_eq!(running.runs(), old, "somebody is connected");
    drop(client);
    running.until("the new program", |running| running.runs() == Some(new));
    let mut client = running.client().await;
    assert!(!issues(&mut client).await.contains(&HealthIssue::ProgramReplaced));
    drop(client);
    // And once more: it isn't the last upgrade.
    let newest = running.upgrade();
    running.until("the newest program", |running| running.runs() == Some(newest));
}

#[tokio::test]
async fn after_an_upgrade_autostart_gets_the_path_of_the_program_that_is_there() {
    let running = Running::start(&[]);
    let mut client = running.client().await;
    running.upgrade();
    is_told(&mut client, &running).await;
    let response = client.ask(ShellRequest::SetAutostart { on: true }).await.expect("an answer");
    assert!(matches!(response, Response::Autostart { on: true, .. }), "{response:?}");
    let entry = running.home.path().join(".config/autostart/dyntray.desktop");
    let text = fs::read_to_string(entry).expect("is there");
    let line = format!("Exec=\"{}\"", running.program().display());
    assert!(text.lines().any(|there| there == line), "{text}");
}

#[tokio::test]
async fn a_restart_that_somebody_asks_for_comes_at_once_and_runs_what_is_installed() {
    let mut running = Running::start(&[]);
    let mut client = running.client().await;
    let new = running.upgrade();
    is_told(&mut client, &running).await;
    // The client stays, as an open window does.
    let response = running.ask(ShellRequest::Restart).await;
    assert!(matches!(response, Response::Restarting), "{response:?}");
    running.until("the new program", |running| running.runs() == Some(new));
}

#[cfg(debug_assertions)]
#[tokio::test]
async fn after_an_upgrade_a_fault_of_its_own_begins_the_new_program() {
    let mut running = Running::start(&[("DYNTRAY_FAULT_AFTER", "15000")]);
    let mut client = running.client().await;
    let new = running.upgrade();
    is_told(&mut client, &running).await;
    running.until("a new start", |running| running.runs() == Some(new));
    assert!(running.log().contains("starting again after a fault"), "{}", running.log());
    running.ask(AgentRequest::Status).await;
}

#[tokio::test]
async fn what_doesnt_run_is_left_until_something_does_and_a_removed_file_is_no_upgrade() {
    let mut running = Running::start(&[]);
    drop(running.client().await);
    let old = running.runs();
    running.replace(|new| fs::write(new, "#!/bin/sh\nexit 1\n").expect("writes"));
    running.until("a warning", |running| running.log().contains("that was installed doesn't run"));
    assert_eq!(running.runs(), old);
    fs::remove_file(running.program()).expect("removes");
    let Response::Snapshot { .. } = running.ask(AgentRequest::Status).await else { panic!("no snapshot") };
    assert_eq!(running.runs(), old);
    let new = running.upgrade();
    running.until("the new program", |running| running.runs() == Some(new));
}
