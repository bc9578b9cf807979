//! wine, with a Windows of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::toolchain;
use crate::{Result, command};

/// Where Debian and others put the program that runs programs of 64 bits.
const PROGRAMS: [&str; 3] = ["/usr/lib/wine/wine64", "/usr/bin/wine64", "/usr/bin/wine"];

/// What programs of Rust import and older wines don't have.
const MISSING: &str = "bcryptprimitives";

/// wine's own program.
pub fn program() -> &'static Path {
    let there = PROGRAMS.into_iter().find(|program| Path::new(program).is_file());
    Path::new(there.unwrap_or(PROGRAMS[0]))
}

/// The pretended Windows.
fn prefix() -> PathBuf {
    toolchain::folder().join("wine")
}

/// Has everything that a command starts find the pretended Windows. Without a display, unless one is given later.
pub fn settle(command: &mut Command) -> &mut Command {
    command
        .env("WINEPREFIX", prefix())
        .env("WINEDEBUG", "-all")
        // Neither Mono nor a browser engine, nor anything in the person's menus.
        .env("WINEDLLOVERRIDES", "mscoree,mshtml,winemenubuilder.exe=")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
}

/// A program for Windows, about to be run.
pub fn run(exe: &Path) -> Command {
    let mut wine = command::program(program());
    settle(wine.arg(exe));
    wine
}

/// Starts it, with nothing to read.
pub fn start(command: &mut Command) -> Result<Child> {
    command.stdin(Stdio::null()).spawn().map_err(|error| format!("wine can't be started: {error}"))
}

/// Makes the pretended Windows, unless it is there.
pub fn prepare() -> Result<()> {
    let system = prefix().join("drive_c/windows/system32");
    if !system.is_dir() {
        let home = toolchain::folder().join("home");
        fs::create_dir_all(&home).map_err(|error| format!("{}: {error}", home.display()))?;
        let mut wine = command::program(program());
        // "My documents" and the like are made to lead there, instead of to the person's own.
        wine.args(["wineboot", "--init"]).env("HOME", &home);
        command::run(settle(&mut wine))?;
    }
    let library = system.join(MISSING).with_extension("dll");
    if library.is_file() {
        return Ok(());
    }
    let mut compiler = command::program("x86_64-w64-mingw32-gcc");
    compiler.args(["-shared", "-O2", "-o"]).arg(library);
    compiler.arg(toolchain::source(MISSING).with_extension("c")).arg("-ladvapi32");
    command::run(&mut compiler)
}

/// Starts what all programs need, to be there until the end: those that start side by side and all find nothing stumble.
pub fn begin() -> Result<()> {
    let mut server = command::program("wineserver");
    // It refuses where an earlier one still runs, which does as well.
    command::succeeds(settle(server.arg("--persistent")));
    command::run(run(Path::new("cmd")).args(["/c", "ver"]))
}

/// Ends all that still runs in the pretended Windows.
pub fn end() {
    let mut server = command::program("wineserver");
    command::succeeds(settle(server.arg("--kill")));
}
