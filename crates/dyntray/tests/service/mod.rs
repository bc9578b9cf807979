//! The program as a service in a folder of its own, which contacts nobody outside of this machine.
#![allow(dead_code, reason = "each test has use for a part of it")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use dyntray_control::{Client, ConnectError, Request, Response, RuntimeDir};
use dyntray_core::settings::Records;
use dyntray_core::settings::form::{EntryForm, Form};
use dyntray_core::types::entry_id::EntryId;

/// The secret of a prepared home.
pub const SECRET: &str = "a secret that a prepared home has had: Wintergoldhaehnchen-77";
const PROGRAM: &str = env!("CARGO_BIN_EXE_dyntray");
/// Any step may take this long: the machine may be busy.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// The running service; it is killed at the end.
pub struct Service {
    /// Its process.
    pub child: Child,
    home: tempfile::TempDir,
}

impl Service {
    /// Starts it in a new home.
    pub fn start(descriptors: u32) -> Self {
        Service::in_home(tempfile::tempdir().expect("a folder"), descriptors)
    }

    /// Starts it in a home that is prepared, with at most `descriptors` files open.
    pub fn in_home(home: tempfile::TempDir, descriptors: u32) -> Self {
        Service::after(Command::new("sh"), &format!("ulimit -n {descriptors}"), home)
    }

    /// Starts it in a home that is prepared, after a line of a shell.
    pub fn after(shell: Command, line: &str, home: tempfile::TempDir) -> Self {
        Service { child: begin(shell, line, home.path()), home }
    }

    /// Kills it at once, and starts it again in the same home.
    pub fn kill_and_start_again(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.child = begin(Command::new("sh"), ":", self.home.path());
    }

    /// Ends it as the system does, and tells how long that took.
    pub fn terminate(&mut self) -> Duration {
        let began = Instant::now();
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill").success());
        assert!(self.child.wait().expect("ends").success());
        began.elapsed()
    }

    /// A path in its home.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The place of its socket.
    pub fn runtime_dir(&self) -> RuntimeDir {
        RuntimeDir::at(self.path("run/dyntray"))
    }

    /// Asks it as soon as it runs.
    pub async fn ask(&self, request: impl Into<Request>) -> Response {
        let began = Instant::now();
        let mut client = loop {
            match Client::connect(&self.runtime_dir()).await {
                Err(ConnectError::NotRunning) if began.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                connected => break connected.expect("connects"),
            }
        };
        client.ask(request).await.expect("an answer")
    }

    /// A file of the system's about its process.
    pub fn proc(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.child.id()))
    }
}

fn begin(mut shell: Command, line: &str, home: &Path) -> Child {
    fs::create_dir_all(home.join("run")).expect("makes it");
    shell
        .arg("-c")
        .arg(format!("{line}; exec \"$0\" run --secrets-file \"$1\""))
        .args([Path::new(PROGRAM), &home.join("secrets")])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home.join("run"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A home with settings and a secret for each entry.
pub fn prepared(form: &Form) -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder");
    let settings = home.path().join(".config/dyntray/settings.toml");
    fs::create_dir_all(settings.parent().expect("a folder")).expect("makes it");
    fs::write(&settings, dyntray_agent::settings_file::to_toml(form).expect("TOML")).expect("writes");
    let secrets = home.path().join("secrets");
    fs::write(&secrets, format!("1 {SECRET}\n")).expect("writes");
    fs::set_permissions(&secrets, fs::Permissions::from_mode(0o600)).expect("sets");
    home
}

/// Settings with one entry, for IPv4 only, whose servers are these.
pub fn form(resolver: &str, server: SocketAddr) -> Form {
    let entry = EntryForm {
        id: Some(EntryId(1)),
        hostname: "home.spdns.de".into(),
        server: server.to_string(),
        protocol: Records::Ipv4,
        ..EntryForm::default()
    };
    Form {
        resolver_ipv4: resolver.into(),
        resolver_ipv6: resolver.into(),
        fall_backs: Vec::new(),
        home_lock: false,
        // Nobody answers there.
        name_server: "127.0.0.1:9".into(),
        entries: vec![entry],
        ..Form::default()
    }
}

/// A server on this machine that answers requests with these texts, all further ones with the last, and none if there is
/// no text. Requests come out of the channel.
pub fn http_server(answers: &'static [&'static str]) -> (SocketAddr, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("listens");
    let address = listener.local_addr().expect("has one");
    let (sender, requests) = mpsc::channel();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        let mut answers = answers.iter().copied();
        let mut answer = None;
        for stream in listener.incoming() {
            let mut stream = stream.expect("a client");
            let (mut request, mut piece) = (Vec::new(), [0; 1024]);
            while !request.ends_with(b"\r\n\r\n") {
                match stream.read(&mut piece) {
                    Ok(length @ 1..) => request.extend_from_slice(&piece[..length]),
                    _ => break,
                }
            }
            // The test may have ended.
            let _ = sender.send(String::from_utf8_lossy(&request).into_owned());
            answer = answers.next().or(answer);
            match answer {
                Some(text) => {
                    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", text.len());
                    let _ = stream.write_all(format!("{head}{text}").as_bytes());
                }
                None => kept.push(stream),
            }
        }
    });
    (address, requests)
}
