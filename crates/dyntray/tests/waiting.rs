//! `dyntray add` while the keyring needs a person: what is being waited for is said, and Ctrl+C leaves nothing behind. The
//! keyring is a program that has the secret service's name on a private session bus and doesn't answer, as KeePassXC
//! doesn't before its dialog was answered.
#![cfg(target_os = "linux")]

mod service;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use dyntray_control::{AgentRequest, Client, Response, RuntimeDir};
use dyntray_core::settings::form::Form;

use crate::service::{PATIENCE, form, prepared};

const PROGRAM: &str = env!("CARGO_BIN_EXE_dyntray");
/// A cancelled command ends within this time.
const LONGEST_END: Duration = Duration::from_secs(5);

/// A process that ends with the test.
struct Part(Child);

impl Drop for Part {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A home without a host name, and a session bus with a keyring that doesn't answer.
struct Stage {
    home: tempfile::TempDir,
    bus: String,
    _keyring: zbus::Connection,
    _bus: Part,
}

impl Stage {
    /// None where there is no bus to start.
    async fn start() -> Option<Self> {
        let arguments = ["--session", "--nofork", "--nopidfile", "--print-address"];
        let bus = Command::new("dbus-daemon").args(arguments).stdout(Stdio::piped()).spawn();
        let Ok(mut bus) = bus else {
            eprintln!("SKIPPED a keyring that waits: dbus-daemon isn't installed");
            return None;
        };
        let mut address = String::new();
        let output = bus.stdout.take().expect("a pipe");
        BufReader::new(output).read_line(&mut address).expect("an address");
        let address = address.trim().to_owned();
        let keyring = zbus::connection::Builder::address(address.as_str()).expect("an address");
        let keyring =
            keyring.name("org.freedesktop.secrets").expect("a name").build().await.expect("connects");
        let nobody = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
        let home = prepared(&Form { entries: Vec::new(), ..form("http://127.0.0.1:9/", nobody) });
        std::fs::create_dir_all(home.path().join("run")).expect("makes it");
        Some(Stage { home, bus: address, _keyring: keyring, _bus: Part(bus) })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(arguments)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LANG", "en_GB.UTF-8")
            .env("HOME", self.home.path())
            .env("XDG_RUNTIME_DIR", self.home.path().join("run"))
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus);
        command
    }

    /// `dyntray add`, once it has said what it waits for.
    fn waiting_add(&self) -> (Part, BufReader<ChildStderr>) {
        let mut command = self.command(&["add", "home.spdns.de"]);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut add = Part(command.spawn().expect("the program starts"));
        let mut stdin = add.0.stdin.take().expect("a pipe");
        stdin.write_all(b"abcd-efgh-ijkl\n").expect("it reads");
        drop(stdin);
        let mut said = BufReader::new(add.0.stderr.take().expect("a pipe"));
        let own = std::env::current_exe().expect("this program");
        // The name of a program is cut where it is shown.
        let keyring: String = own.file_name().expect("a name").to_string_lossy().chars().take(40).collect();
        let mut all = String::new();
        while !all.contains(&format!("Waiting for the keyring ({keyring})")) {
            assert!(said.read_line(&mut all).expect("text") > 0, "it has ended: {all}");
        }
        assert!(all.contains("Ctrl+C cancels"), "{all}");
        (add, said)
    }

    fn settings(&self) -> String {
        std::fs::read_to_string(self.home.path().join(".config/dyntray/settings.toml")).expect("settings")
    }
}

/// Presses Ctrl+C. Nothing was saved then, and the command says so.
fn cancel((mut add, mut said): (Part, BufReader<ChildStderr>)) {
    let began = Instant::now();
    assert!(Command::new("kill").args(["-INT", &add.0.id().to_string()]).status().expect("kill").success());
    let mut all = String::new();
    said.read_to_string(&mut all).expect("text");
    assert_eq!(add.0.wait().expect("it ends").code(), Some(1), "{all}");
    assert!(all.contains("Cancelled. Nothing was saved."), "{all}");
    assert!(began.elapsed() < LONGEST_END, "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_alone_says_what_it_waits_for_and_ctrl_c_saves_nothing() {
    let Some(stage) = Stage::start().await else { return };
    cancel(stage.waiting_add());
    assert!(!stage.settings().contains("home.spdns.de"), "{}", stage.settings());
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_takes_a_save_back_from_the_running_program_which_is_ready_for_the_next() {
    let Some(stage) = Stage::start().await else { return };
    let mut run = stage.command(&["run"]);
    let run = run.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _running = Part(run.spawn().expect("the program starts"));
    connected(&stage.home.path().join("run/dyntray")).await;
    for _ in 0..2 {
        cancel(stage.waiting_add());
    }
    let mut client = connected(&stage.home.path().join("run/dyntray")).await;
    let Response::Form { form } = client.ask(AgentRequest::Form).await.expect("an answer") else {
        panic!("no form")
    };
    assert_eq!(form.entries, []);
    assert!(!stage.settings().contains("home.spdns.de"), "{}", stage.settings());
}

async fn connected(directory: &Path) -> Client {
    let began = Instant::now();
    loop {
        match Client::connect(&RuntimeDir::at(directory)).await {
            Ok(client) => return client,
            Err(error) => assert!(began.elapsed() < PATIENCE, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
