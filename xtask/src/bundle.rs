//! `cargo xtask bundle`: installers for Windows and macOS, and the AppImage, made by Tauri's bundler.
//!
//! The bundler takes built programs. `dyntray` is the main program, which menus and AppImages start; `dyntray-window` is
//! put beside it (`src-tauri/tauri.bundle.json`), and on Windows the console program, too
//! (`src-tauri/tauri.bundle.windows.json`).

use std::{fs, path::Path, process::Command};

use crate::{
    Result, command, console_program,
    files::{self, path_error},
    node, package,
    packages::Goal,
    report,
    setup::{self, Consent},
    shipped::{self, Order},
    workspace,
};

/// The folder of the bundler's npm package.
const BUNDLER: &str = "packaging/bundle";

/// The folder of what the configurations in `src-tauri` name.
const PUT_BESIDE: &str = "target/bundle";

/// The kinds of installers that can be made on this system. An MSI couldn't end a running program or set the search path.
const KINDS: &[&str] = if cfg!(windows) {
    &["nsis"]
} else if cfg!(target_os = "macos") {
    &["app", "dmg"]
} else {
    &["appimage"]
};

/// Makes installers of the given kinds, or of all kinds that this system can make.
pub fn bundle(arguments: &[String]) -> Result<()> {
    let (flags, kinds): (Vec<&str>, Vec<&str>) =
        arguments.iter().map(String::as_str).partition(|argument| argument.starts_with("--"));
    if let Some(other) = flags.iter().find(|flag| !["--built", "--layout", "--yes"].contains(flag)) {
        return Err(format!("\"{other}\" isn't known to `bundle`"));
    }
    let is_built = flags.contains(&"--built");
    let order = if flags.contains(&"--layout") { Order::ByUse } else { Order::Linker };
    let consent = if flags.contains(&"--yes") { Consent::Given } else { Consent::Asked };
    let kinds = if kinds.is_empty() { KINDS.to_vec() } else { kinds };
    let goals = if is_built { &[Goal::Build] } else { shipped::goals(order) };
    report::section("Set-up: system packages", || setup::prepare_asking(goals, consent))?;
    report::section("Set-up: npm packages", || node::prepare().and_then(|()| install_bundler()))?;
    let programs = if is_built { shipped::folder() } else { package::build(order)? };
    report::section("Third-party licences", package::generated::notices)?;
    report::section("Installers", || {
        copy_window_program(&programs)?;
        if cfg!(windows) {
            let folder = workspace::root().join(PUT_BESIDE);
            console_program::make(&programs.join("dyntray.exe"), &folder.join(console_program::NAME))?;
        }
        run_bundler(&kinds)
    })?;
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
    if cfg!(windows) {
        node.args(["--config", "src-tauri/tauri.bundle.windows.json"]);
    }
    node
}

/// Copies the window program to the path and name that the bundler expects.
fn copy_window_program(programs: &Path) -> Result<()> {
    let target = host()?;
    let suffix = std::env::consts::EXE_SUFFIX;
    let from = programs.join(format!("dyntray-window{suffix}"));
    let folder = workspace::root().join(PUT_BESIDE);
    let to = folder.join(format!("dyntray-window-{target}{suffix}"));
    files::create_folder(&folder)?;
    fs::copy(&from, &to)
        .map(|_| ())
        .map_err(|error| format!("{} → {}: {error}", from.display(), to.display()))
}

/// The target triple of this system.
pub fn host() -> Result<String> {
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
        let config = workspace::read("src-tauri/tauri.bundle.windows.json").expect("it is in the repository");
        let console_program = format!("\"../{PUT_BESIDE}/{0}\": \"{0}\"", console_program::NAME);
        assert!(config.contains(&console_program), "{config}");
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
