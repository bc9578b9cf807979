//! The commands that set up, build and start something: `demo`, `run`, `bench` and `endure`.

use std::{
    path::Path,
    process::{Command, ExitCode, ExitStatus},
};

use crate::{
    Result, node,
    packages::Goal,
    pages, programs, report, setup,
    shipped::{self, Order},
    workspace,
};

/// Shows the main job. With a display it stays open to play with; without one it brings its own headless desktop.
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

/// Measures the programs of the release build.
pub fn bench(arguments: &[String]) -> Result<ExitCode> {
    build_release(&[Goal::Build, Goal::Desktop, Goal::World])?;
    println!("\n== Figures");
    start("bench", arguments, &shipped::folder())
}

/// Runs the programs of the release build for two hours, or for the given minutes.
pub fn endure(arguments: &[String]) -> Result<ExitCode> {
    build_release(&[Goal::Build, Goal::Desktop])?;
    println!("\n== A long run");
    start("endure", arguments, &shipped::folder())
}

fn build_release(goals: &[Goal]) -> Result<()> {
    build(&[goals, shipped::goals(Order::ByUse)].concat())?;
    report::section("Build: the release programs", || shipped::build(Order::ByUse, &["--example", "empty"]))
}

fn build(goals: &[Goal]) -> Result<()> {
    report::section("1/4 Set-up: system packages", || setup::prepare(goals))?;
    report::section("2/4 Set-up: npm packages", node::prepare)?;
    report::section("3/4 Build: the window's pages", pages::build)?;
    report::section("4/4 Build: the programs (some minutes the first time)", programs::build)
}

/// Starts a built program in the current folder and terminal. The stories' programs look for Dyntray's in `programs`.
fn start(name: &str, arguments: &[String], programs: &Path) -> Result<ExitCode> {
    let program = workspace::program(name);
    let status = Command::new(&program)
        .args(arguments)
        .env("DYNTRAY_BIN_DIR", programs)
        .status()
        .map_err(|error| format!("{} can't be started: {error}", program.display()))?;
    Ok(exit_code(status))
}

fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}

fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
