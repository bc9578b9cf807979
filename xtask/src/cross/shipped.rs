//! The programs for Windows as they are shipped: the tray program, which has no console, and the console program.

use std::{fs, path::PathBuf};

use super::toolchain::{self, PACKAGES, Target, cargo};
use crate::{
    Result, command, console_program,
    files::{self, path_error},
};

/// The tray program.
pub const TRAY_PROGRAM: &str = "dyntray.exe";

/// The folder with both programs.
pub fn folder() -> PathBuf {
    toolchain::folder().join("shipped")
}

/// A program in that folder.
pub fn program(name: &str) -> PathBuf {
    folder().join(name)
}

/// Builds both programs. Only the package itself is compiled as for a release, which decides about the console; all crates
/// below it are those of the tests, because building them twice takes many minutes. A test is named beside the program
/// because cargo else leaves out the features that only tests need, and builds those crates anew.
pub fn build() -> Result<()> {
    let mut cargo = cargo(Target::Windows, "build", &PACKAGES);
    cargo.args([
        "--bin",
        "dyntray",
        "--test",
        "identity",
        "--config",
        "profile.dev.package.dyntray.debug-assertions=false",
    ]);
    command::run(&mut cargo)?;
    let built = toolchain::built(Target::Windows).join(TRAY_PROGRAM);
    files::create_folder(&folder())?;
    let tray_program = program(TRAY_PROGRAM);
    fs::copy(&built, &tray_program).map_err(|error| path_error(&built, &error))?;
    console_program::make(&tray_program, &program(console_program::NAME))
}
