//! Builds of the development profile.

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

/// Builds all programs, tests and examples with one set of features, so that nothing is compiled twice later.
pub fn build_with_tests() -> Result<()> {
    command::run(command::cargo().args(["build", "--workspace", "--all-targets"]))
}
