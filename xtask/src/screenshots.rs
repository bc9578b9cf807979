//! `cargo xtask screenshots`: pictures of every page of the window.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{Result, command, node, packages::Goal, pages, report, setup, workspace};

/// The folder of the pictures.
pub fn folder() -> PathBuf {
    workspace::target().join("screenshots")
}

/// Takes all pictures, or those of the given scenes and looks.
pub fn take(wanted: &[String]) -> Result<ExitCode> {
    report::section("1/4 Set-up: system packages", || setup::prepare(&[Goal::Build, Goal::Pictures]))?;
    report::section("2/4 Set-up: npm packages", node::prepare)?;
    report::section("3/4 Build: the window's pages", pages::build)?;
    let folder = folder();
    let result = report::section("4/4 Pictures", || command::run(camera(&folder).args(wanted)));
    println!("\nSee {}", folder.display());
    result.map(|()| ExitCode::SUCCESS)
}

/// The command that takes pictures of the built pages into `folder`, and checks each with axe.
pub fn camera(folder: &Path) -> Command {
    let mut npm = command::npm();
    npm.args(["run", "take", "--"]).arg(format!("--to={}", folder.display()));
    npm
}
