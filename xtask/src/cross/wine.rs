//! wine, with a prefix of its own.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::toolchain;
use crate::{Result, command, files};

/// The paths of the 64-bit loader on Debian and other systems.
const PROGRAMS: [&str; 3] = ["/usr/lib/wine/wine64", "/usr/bin/wine64", "/usr/bin/wine"];

/// The library that Rust's programs import and older versions of wine lack.
const MISSING: &str = "bcryptprimitives";

/// The path of wine.
pub fn program() -> &'static Path {
    let found = PROGRAMS.into_iter().find(|program| Path::new(program).is_file());
    Path::new(found.unwrap_or(PROGRAMS[0]))
}

/// The folder of the simulated Windows.
fn prefix() -> PathBuf {
    toolchain::folder().join("wine")
}

/// A path of this system as programs for Windows know it.
pub fn path(path: &Path) -> String {
    format!("Z:{}", path.display()).replace('/', "\\")
}

/// Makes a command use the prefix, without a display unless one is assigned later.
pub fn set_prefix(command: &mut Command) -> &mut Command {
    command
        .env("WINEPREFIX", prefix())
        .env("WINEDEBUG", "-all")
        // No Mono, no browser engine, and nothing in the user's menus.
        .env("WINEDLLOVERRIDES", "mscoree,mshtml,winemenubuilder.exe=")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
}

/// The command of a program for Windows.
pub fn run(exe: &Path) -> Command {
    let mut wine = command::program(program());
    set_prefix(wine.arg(exe));
    wine
}

/// Starts a command without standard input.
pub fn start(command: &mut Command) -> Result<Child> {
    command.stdin(Stdio::null()).spawn().map_err(|error| format!("wine can't be started: {error}"))
}

/// Makes the prefix, unless it exists.
pub fn prepare() -> Result<()> {
    let system = prefix().join("drive_c/windows/system32");
    if !system.is_dir() {
        let home = toolchain::folder().join("home");
        files::create_folder(&home)?;
        let mut wine = command::program(program());
        // wine links "My Documents" and the like to this folder instead of to the user's own.
        wine.args(["wineboot", "--init"]).env("HOME", &home);
        command::run(set_prefix(&mut wine))?;
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

/// Starts wine's services, which stay until the end: programs that start at once and find no services fail.
pub fn start_services() -> Result<()> {
    let mut server = command::program("wineserver");
    // It fails if an earlier server is still running, which is just as good.
    command::succeeds(set_prefix(server.arg("--persistent")));
    command::run(run(Path::new("cmd")).args(["/c", "ver"]))
}

/// Ends everything that still runs in the prefix.
pub fn kill() {
    let mut server = command::program("wineserver");
    command::succeeds(set_prefix(server.arg("--kill")));
}
