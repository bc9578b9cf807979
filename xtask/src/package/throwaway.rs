//! Installs the packages on a throwaway system, so that no machine is changed.
//!
//! `mmdebstrap` makes the smallest possible Debian, calls this program while it exists, and removes it. It needs no root
//! where the system lets users have namespaces of their own.

mod trial;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use self::trial::Trial;
pub use self::trial::{FAILED, PASSED};
use super::{contents::Package, deb, rpm, stage};
use crate::{Result, command, count::Counts, files::path_error};

/// The argument by which `mmdebstrap` calls this program back.
pub const INSIDE: &str = "--inside";

/// Makes the system, and counts the tests that run on it.
pub fn check() -> (Counts, Result<()>) {
    let mut counts = Counts::default();
    let result = Payload::copy().and_then(|payload| {
        command::run_and_listen(&mut maker(&payload)?, |line| {
            if line.starts_with(PASSED) {
                counts += Counts::PASSED;
            } else if line.starts_with(FAILED) {
                counts += Counts::FAILED;
            }
        })
    });
    match result {
        Ok(()) if counts == Counts::default() => (counts, Err("no test ran on the throwaway system".into())),
        result => (counts, result),
    }
}

/// Runs the tests on the system at `root`.
pub fn inside(root: &Path) -> ExitCode {
    if Trial::of(root).run() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A temporary folder with this program and the packages, readable for everybody: without root, the throwaway system's
/// root can't read the user's own folders. As this program expects it, `FOLDER/package` is beside `FOLDER/programs/xtask`.
struct Payload(PathBuf);

impl Payload {
    fn copy() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("dyntray-packages-{}", std::process::id()));
        // It fails if somebody else has made the folder before.
        fs::create_dir(&folder).map_err(|error| path_error(&folder, &error))?;
        let payload = Self(folder);
        stage::set_mode(&payload.0, 0o755)?;
        let this = std::env::current_exe().map_err(|error| format!("this program isn't found: {error}"))?;
        let packages = Package::ALL.into_iter().flat_map(|package| [deb::path(package), rpm::path(package)]);
        for (from, to) in packages.map(|path| (path, "package")).chain([(this, "programs")]) {
            let mode = if to == "programs" { 0o755 } else { 0o644 };
            stage::copy(&from, &payload.0.join(to).join(from.file_name().unwrap_or_default()), mode)?;
        }
        Ok(payload)
    }

    fn this_program(&self) -> PathBuf {
        self.0.join("programs/xtask")
    }
}

impl Drop for Payload {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn maker(payload: &Payload) -> Result<Command> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let code_name = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    let code_name =
        code_name.ok_or("a throwaway system can be made of Debian and its derivatives only; this is none")?;
    let mut maker = command::program("mmdebstrap");
    // With apt, which finds the dependencies of the packages.
    maker.args(["--variant=apt", "--format=null"]);
    maker.arg(format!("--customize-hook='{}' package {INSIDE} \"$1\"", payload.this_program().display()));
    maker.args([code_name.trim_matches('"'), "-"]);
    Ok(maker)
}
