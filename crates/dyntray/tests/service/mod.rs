//! The program as a service in a folder of its own, which contacts nobody outside of this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dyntray_control::{Client, ConnectError, Request, Response, RuntimeDir};

const PROGRAM: &str = env!("CARGO_BIN_EXE_dyntray");
/// Any step may take this long: the machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The running service; it is killed at the end.
pub struct Service {
    /// Its process.
    pub child: Child,
    home: tempfile::TempDir,
}

impl Service {
    /// Starts it with at most `descriptors` files open.
    pub fn start(descriptors: u32) -> Self {
        Service::in_home(tempfile::tempdir().expect("a folder"), descriptors)
    }

    /// Starts it in a home that is prepared.
    pub fn in_home(home: tempfile::TempDir, descriptors: u32) -> Self {
        let path = home.path();
        fs::create_dir_all(path.join("run")).expect("makes it");
        let child = Command::new("sh")
            .arg("-c")
            .arg(format!("ulimit -n {descriptors}; exec \"$0\" run --secrets-file \"$1\""))
            .args([Path::new(PROGRAM), &path.join("secrets")])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", path)
            .env("XDG_RUNTIME_DIR", path.join("run"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        Service { child, home }
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

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
