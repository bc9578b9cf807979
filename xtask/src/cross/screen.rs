//! A display in memory, and pictures of it.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::{Result, command};

/// A display; gone when it is dropped.
pub struct Screen {
    server: Child,
    name: String,
}

impl Screen {
    /// Starts one, under a number that is free.
    pub fn start() -> Result<Self> {
        let mut command = command::program("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"]);
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut server = started.map_err(|error| format!("Xvfb can't be started: {error}"))?;
        let mut number = String::new();
        if let Some(said) = server.stdout.take() {
            // A display that says nothing gets no number, which is told below.
            let _ = BufReader::new(said).read_line(&mut number);
        }
        let screen = Self { server, name: format!(":{}", number.trim()) };
        if number.trim().is_empty() { Err("Xvfb shows nothing".into()) } else { Ok(screen) }
    }

    /// Has a program appear on it.
    pub fn show<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("DISPLAY", &self.name)
    }

    /// Takes a picture.
    pub fn picture(&self, path: &Path) -> Result<()> {
        let mut import = command::program("import");
        self.show(import.args(["-window", "root"]).arg(path));
        if command::succeeds(&mut import) { Ok(()) } else { Err("no picture could be taken".into()) }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// How many colours a picture has; none where it can't be read.
pub fn colours(picture: &Path) -> Option<usize> {
    let mut identify = command::program("identify");
    command::answer(identify.args(["-format", "%k"]).arg(picture))?.parse().ok()
}
