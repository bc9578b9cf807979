//! `cargo xtask screenshots`: every page of the window as people see it.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{Result, command, node, packages::Goal, pages, report, setup, workspace};

/// Where the pictures go.
pub fn folder() -> PathBuf {
    workspace::target().join("screenshots")
}

/// Takes pictures: all, or those of the named scenes and looks.
pub fn take(wanted: &[String]) -> Result<ExitCode> {
    report::headed("1/4 Set-up: system packages", || setup::prepare(&[Goal::Build, Goal::Pictures]))?;
    report::headed("2/4 Set-up: npm packages", node::prepare)?;
    report::headed("3/4 Build: the window's pages", pages::build)?;
    let folder = folder();
    let end = report::headed("4/4 Pictures", || command::run(camera(&folder).args(wanted)));
    println!("\nSee {}", folder.display());
    end.map(|()| ExitCode::SUCCESS)
}

/// The program that takes pictures of the built pages into `folder`, and examines each.
pub fn camera(folder: &Path) -> Command {
    let mut npm = command::npm();
    npm.args(["run", "take", "--"]).arg(format!("--to={}", folder.display()));
    npm
}
