//! The console program of Windows in a shell, as it is shipped.
#![cfg(windows)]

mod programs;

use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use dyntray_control::Profile;

/// The exit code of `status` where no program runs.
const NOT_RUNNING: i32 = 3;
/// Any step may take this long: the machine may be busy.
const PATIENCE: Duration = Duration::from_mins(1);

/// The folder of the shipped programs; none where nobody has made them.
fn folder() -> Option<PathBuf> {
    let folder = programs::shipped("dyntray.com").and_then(|program| program.parent().map(Path::to_owned));
    if folder.is_none() {
        println!("SKIPPED: DYNTRAY_BIN_DIR names no shipped programs; `cargo xtask cross` makes them");
    }
    folder
}

/// A shell that finds the programs in `folder`.
fn shell(folder: &Path, profile: &str) -> Command {
    let mut shell = Command::new("cmd");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
    shell.env("PATH", std::env::join_paths(folders).expect("a search path")).env("DYNTRAY_PROFILE", profile);
    shell
}

/// What comes of lines that are typed in a shell.
fn typed(folder: &Path, profile: &str, lines: &[&str]) -> Output {
    // From a file, because wine's shell reads a pipe's lines all at once and forgets them.
    let mut input = tempfile::tempfile().expect("a file");
    input.write_all((lines.join("\r\n") + "\r\nexit\r\n").as_bytes()).expect("writes");
    input.rewind().expect("goes back");
    shell(folder, profile).stdin(input).output().expect("a shell")
}

fn profile(name: &str) -> String {
    format!("test-{name}-{}", std::process::id())
}

#[test]
fn a_shell_waits_for_a_command_that_is_typed_and_gets_its_exit_code_and_output() {
    let Some(folder) = folder() else { return };
    let output =
        typed(&folder, &profile("typed"), &["dyntray --version", "dyntray status", "echo code=%errorlevel%"]);
    let text = String::from_utf8_lossy(&output.stdout);
    let version = concat!("dyntray ", env!("CARGO_PKG_VERSION"));
    let (waited, code) = (text.find(version), text.find(&format!("code={NOT_RUNNING}")));
    assert!(waited.is_some() && code > waited, "{text}");
}

#[test]
fn a_script_gets_the_exit_code() {
    let Some(folder) = folder() else { return };
    let status =
        shell(&folder, &profile("script")).args(["/c", "dyntray", "status"]).status().expect("a shell");
    assert_eq!(status.code(), Some(NOT_RUNNING));
}

/// Without a display there is no tray: `cargo xtask cross` leaves this module out there.
mod on_a_desktop {
    use super::*;

    #[test]
    fn without_a_command_the_tray_program_starts_and_the_shell_goes_on() {
        let Some(folder) = folder() else { return };
        let name = profile("tray");
        // Its output isn't read by a pipe: under wine that stays open until the tray program ends.
        let status = shell(&folder, &name).args(["/c", "dyntray"]).status().expect("a shell");
        assert_eq!(status.code(), Some(0));
        let code = |command: &str| {
            let ended = shell(&folder, &name).args(["/c", "dyntray", command]).status();
            ended.expect("a shell").code()
        };
        let began = Instant::now();
        while code("diagnostics") != Some(0) || code("status") == Some(NOT_RUNNING) {
            assert!(began.elapsed() < PATIENCE, "the tray program doesn't answer");
            std::thread::sleep(Duration::from_millis(200));
        }
        assert_eq!(code("quit"), Some(0));
        assert_eq!(code("status"), Some(NOT_RUNNING));
        for folder in Profile::named(&name).directories().iter().map(|it| it.data_local_dir().to_owned()) {
            // It is of no use to anyone.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
