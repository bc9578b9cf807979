//! `cargo xtask demo` and `cargo xtask run`: the programs as a person meets them.

use std::{
    path::Path,
    process::{Command, ExitCode, ExitStatus},
};

use crate::{Result, command, node, packages::Goal, pages, report, setup, shipped, workspace};

/// Everything that a demo or a run starts, built in one go: together they share one set of features, so that no
/// dependency is compiled twice.
const PACKAGES: [&str; 4] = ["dyntray", "dyntray-window", "dyntray-sandbox", "dyntray-stories"];

/// Shows the main job. With a display it stays open to play with; without one it has a desktop of its own.
pub fn demo(arguments: &[String]) -> Result<ExitCode> {
    let goals: &[Goal] = if has_display() { &[Goal::Build] } else { &[Goal::Build, Goal::Desktop] };
    build(goals)?;
    let folder = workspace::target().join("demo");
    println!("\n== Demo\nIts timeline and pictures go to {}", folder.display());
    let code = start("demo", arguments, &workspace::programs())?;
    println!("\nSee {}", folder.display());
    Ok(code)
}

/// Starts the app for development.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    build(&[Goal::Build])?;
    println!("\n== dyntray");
    start("dyntray", arguments, &workspace::programs())
}

/// Measures the programs as they are shipped.
pub fn bench(arguments: &[String]) -> Result<ExitCode> {
    as_shipped(&[Goal::Build, Goal::Desktop, Goal::World])?;
    println!("\n== Figures");
    start("bench", arguments, &shipped::folder())
}

/// Lets the programs as they are shipped run for two hours, or as many minutes as are said.
pub fn endure(arguments: &[String]) -> Result<ExitCode> {
    as_shipped(&[Goal::Build, Goal::Desktop])?;
    println!("\n== A long run");
    start("endure", arguments, &shipped::folder())
}

fn as_shipped(goals: &[Goal]) -> Result<()> {
    build(&[goals, shipped::goals()].concat())?;
    report::headed("Build: the programs as they are shipped", || shipped::build(&["--example", "empty"]))
}

fn build(goals: &[Goal]) -> Result<()> {
    report::headed("1/4 Set-up: system packages", || setup::prepare(goals))?;
    report::headed("2/4 Set-up: npm packages", node::prepare)?;
    report::headed("3/4 Build: the window's pages", pages::build)?;
    report::headed("4/4 Build: the programs (some minutes the first time)", build_programs)
}

/// Builds everything that a demo or a run starts, of the development profile. The window's pages are built.
pub fn build_programs() -> Result<()> {
    let mut cargo = command::cargo();
    cargo.args(["build", "--bins"]);
    for package in PACKAGES {
        cargo.args(["-p", package]);
    }
    command::run(&mut cargo)
}

/// Starts a built program, in the person's own folder and with the person's own terminal.
///
/// The stories' programs find Dyntray's own in `programs`.
fn start(name: &str, arguments: &[String], programs: &Path) -> Result<ExitCode> {
    let program = workspace::program(name);
    let status = Command::new(&program)
        .args(arguments)
        .env("DYNTRAY_BIN_DIR", programs)
        .status()
        .map_err(|error| format!("{} can't be started: {error}", program.display()))?;
    Ok(passed_on(status))
}

fn passed_on(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}

fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
