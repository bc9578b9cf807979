//! `cargo xtask bundle`: installers for Windows and macOS, and the AppImage, made by Tauri's bundler.
//!
//! The bundler takes built programs. `dyntray` is the main program, which menus and AppImages start; `dyntray-window` is
//! put beside it (`src-tauri/tauri.bundle.json`).

use std::{fs, path::Path, process::Command};

use crate::{
    Result, command,
    files::{self, path_error},
    node, package,
    packages::Goal,
    report, setup, shipped, workspace,
};

/// The folder of the bundler's npm package.
const BUNDLER: &str = "packaging/bundle";

/// The kinds of installers that can be made on this system.
const KINDS: &[&str] = if cfg!(windows) {
    &["nsis", "msi"]
} else if cfg!(target_os = "macos") {
    &["app", "dmg"]
} else {
    &["appimage"]
};

/// Makes installers of the given kinds, or of all kinds that this system can make.
pub fn bundle(arguments: &[String]) -> Result<()> {
    let (is_built, kinds) = match arguments.split_first() {
        Some((flag, kinds)) if flag == "--built" => (true, kinds),
        _ => (false, arguments),
    };
    let kinds: Vec<&str> =
        if kinds.is_empty() { KINDS.to_vec() } else { kinds.iter().map(String::as_str).collect() };
    let goals = if is_built { &[Goal::Build] } else { shipped::goals() };
    report::section("Set-up: system packages", || setup::prepare(goals))?;
    report::section("Set-up: npm packages", || node::prepare().and_then(|()| install_bundler()))?;
    let programs = if is_built { shipped::folder() } else { package::build()? };
    report::section("Third-party licences", package::generated::notices)?;
    report::section("Installers", || copy_window_program(&programs).and_then(|()| run_bundler(&kinds)))?;
    println!("\nSee {}", programs.join("bundle").display());
    Ok(())
}

fn install_bundler() -> Result<()> {
    command::run(command::npm_in(BUNDLER).args(["ci", "--no-audit", "--no-fund"]))
}

/// Runs the bundler. It rewrites the window's manifest, which is restored afterwards.
fn run_bundler(kinds: &[&str]) -> Result<()> {
    let manifest = workspace::root().join("src-tauri/Cargo.toml");
    let with_path = |error: std::io::Error| path_error(&manifest, &error);
    let before = fs::read(&manifest).map_err(with_path)?;
    let result = command::run(&mut bundler(kinds));
    if fs::read(&manifest).map_err(with_path)? != before {
        fs::write(&manifest, before).map_err(with_path)?;
    }
    result
}

fn bundler(kinds: &[&str]) -> Command {
    let mut node = command::program("node");
    node.arg(format!("{BUNDLER}/node_modules/@tauri-apps/cli/tauri.js"));
    node.args(["bundle", "--ci", "--config", "src-tauri/tauri.bundle.json", "--bundles", &kinds.join(",")]);
    node
}

/// Copies the window program to the path and name that the bundler expects.
fn copy_window_program(programs: &Path) -> Result<()> {
    let target = host()?;
    let suffix = std::env::consts::EXE_SUFFIX;
    let from = programs.join(format!("dyntray-window{suffix}"));
    // The folder in `src-tauri/tauri.bundle.json`.
    let folder = workspace::root().join("target/bundle");
    let to = folder.join(format!("dyntray-window-{target}{suffix}"));
    files::create_folder(&folder)?;
    fs::copy(&from, &to)
        .map(|_| ())
        .map_err(|error| format!("{} → {}: {error}", from.display(), to.display()))
}

/// The target triple of this system.
fn host() -> Result<String> {
    let version = command::output(command::program("rustc").arg("-vV")).ok_or("`rustc -vV` fails")?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| format!("`rustc -vV` names no host: {version:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundler_finds_the_program_that_is_copied_for_it() {
        let config = workspace::read("src-tauri/tauri.bundle.json").expect("it is in the repository");
        assert!(config.contains("\"../target/bundle/dyntray-window\""), "{config}");
        assert!(config.contains("\"mainBinaryName\": \"dyntray\""), "{config}");
    }

    #[test]
    fn a_usual_build_needs_no_file_that_only_the_bundler_has() {
        let config = workspace::read("src-tauri/tauri.conf.json").expect("it is in the repository");
        assert!(!config.contains("externalBin") && !config.contains("/target/"), "{config}");
    }

    #[test]
    fn the_window_gets_no_updater_which_would_bring_an_http_client() {
        assert!(
            !workspace::read("src-tauri/Cargo.toml").expect("it is in the repository").contains("updater")
        );
        assert!(
            !workspace::read("src-tauri/tauri.conf.json")
                .expect("it is in the repository")
                .contains("createUpdaterArtifacts")
        );
    }
}
