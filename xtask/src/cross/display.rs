//! A virtual display, and screenshots of it.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::{Result, command};

/// A display of Xvfb, which ends when this is dropped.
pub struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// Starts a display with a free number.
    pub fn start() -> Result<Self> {
        let mut command = command::program("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"]);
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut server = started.map_err(|error| format!("Xvfb can't be started: {error}"))?;
        let mut number = String::new();
        if let Some(stdout) = server.stdout.take() {
            // A display without a number is an error below.
            let _ = BufReader::new(stdout).read_line(&mut number);
        }
        let display = Self { server, name: format!(":{}", number.trim()) };
        if number.trim().is_empty() { Err("Xvfb names no display".into()) } else { Ok(display) }
    }

    /// Makes a program use this display.
    pub fn assign<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("DISPLAY", &self.name)
    }

    /// Takes a screenshot.
    pub fn screenshot(&self, path: &Path) -> Result<()> {
        let mut import = command::program("import");
        self.assign(import.args(["-window", "root"]).arg(path));
        if command::succeeds(&mut import) { Ok(()) } else { Err("no screenshot could be taken".into()) }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The number of colours in a picture; none if it can't be read.
pub fn colours(picture: &Path) -> Option<usize> {
    let mut identify = command::program("identify");
    command::output(identify.args(["-format", "%k"]).arg(picture))?.parse().ok()
}
