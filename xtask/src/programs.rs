//! Builds of the development profile.

use std::process::Command;

use crate::{Result, command};

/// The packages with programs. Built in one go they share one set of features, so no dependency is compiled twice.
const PACKAGES: [&str; 4] = ["dyntray", "dyntray-window", "dyntray-sandbox", "dyntray-stories"];

/// Builds every program that a demo or a run starts. The window's pages must be built before.
pub fn build() -> Result<()> {
    let mut cargo = command::cargo();
    cargo.args(["build", "--bins"]);
    for package in PACKAGES {
        cargo.args(["-p", package]);
    }
    command::run(&mut cargo)
}

/// Builds all programs, tests and examples with one set of features, so that nothing is compiled twice later. Clippy lints
/// them in the same go.
pub fn build_with_tests() -> Result<()> {
    command::run(&mut with_tests())
}

/// Fails if clippy has warned about anything that was built. Cargo repeats the warnings about what is compiled already, so
/// this takes a moment only.
pub fn lint() -> Result<()> {
    if !command::has_clippy() {
        return Err("clippy isn't installed: `rustup component add clippy` installs it".into());
    }
    let mut has_warnings = false;
    command::run_and_listen(&mut with_tests(), |line| has_warnings |= tells_warnings(line))?;
    if has_warnings { Err("clippy warns, see above".into()) } else { Ok(()) }
}

fn with_tests() -> Command {
    let mut build = command::linting_cargo();
    build.args(["build", "--workspace", "--all-targets"]);
    build
}

/// Tells the line with which cargo ends the warnings about a crate: "warning: `dyntray` (lib) generated 1 warning".
fn tells_warnings(line: &str) -> bool {
    line.starts_with("warning: `") && line.contains("` (") && line.contains(" generated ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_about_our_own_crates_are_told_from_what_cargo_says_beside_them() {
        assert!(tells_warnings("warning: `dyntray` (lib) generated 1 warning"));
        assert!(tells_warnings("warning: `dyntray-core` (lib test) generated 12 warnings (3 duplicates)"));
        assert!(!tells_warnings("warning: unused variable: `x`"));
        assert!(!tells_warnings("warning: output filename collision."));
        assert!(!tells_warnings("   Compiling dyntray v0.1.0"));
    }
}
