//! `cargo xtask bundle`: installers for Windows and macOS, and the AppImage, by Tauri's bundler.
//!
//! It takes programs that are built. To it `dyntray` is the main one, which menus and AppImages start, and
//! `dyntray-window` lies beside it (`src-tauri/tauri.bundle.json`).

use std::{fs, path::Path, process::Command};

use crate::{Result, command, node, package, packages::Goal, report, setup, shipped, workspace};

/// Where the bundler's own package is described.
const HOME: &str = "packaging/bundle";

/// What this system can make.
const KINDS: &[&str] = if cfg!(windows) {
    &["nsis", "msi"]
} else if cfg!(target_os = "macos") {
    &["app", "dmg"]
} else {
    &["appimage"]
};

/// Makes them: the named kinds, else all that this system can.
pub fn bundle(arguments: &[String]) -> Result<()> {
    let (is_built, kinds) = match arguments.split_first() {
        Some((flag, kinds)) if flag == "--built" => (true, kinds),
        _ => (false, arguments),
    };
    let kinds: Vec<&str> =
        if kinds.is_empty() { KINDS.to_vec() } else { kinds.iter().map(String::as_str).collect() };
    let goals = if is_built { &[Goal::Build] } else { shipped::goals() };
    report::headed("Set-up: system packages", || setup::prepare(goals))?;
    report::headed("Set-up: npm packages", || node::prepare().and_then(|()| bundler_prepared()))?;
    let programs = if is_built { shipped::folder() } else { package::build()? };
    report::headed("Licences of all parts", package::made::notices)?;
    report::headed("Installers", || beside(&programs).and_then(|()| bundled(&kinds)))?;
    println!("\nSee {}", programs.join("bundle").display());
    Ok(())
}

fn bundler_prepared() -> Result<()> {
    let mut npm = command::program(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command::run(npm.args(["--prefix", HOME, "ci", "--no-audit", "--no-fund"]))
}

/// The bundler writes the window's manifest anew, in words of its own: it gets its own back.
fn bundled(kinds: &[&str]) -> Result<()> {
    let manifest = workspace::root().join("src-tauri/Cargo.toml");
    let named = |error: std::io::Error| format!("{}: {error}", manifest.display());
    let before = fs::read(&manifest).map_err(named)?;
    let end = command::run(&mut bundler(kinds));
    if fs::read(&manifest).map_err(named)? != before {
        fs::write(&manifest, before).map_err(named)?;
    }
    end
}

fn bundler(kinds: &[&str]) -> Command {
    let mut node = command::program("node");
    node.arg(format!("{HOME}/node_modules/@tauri-apps/cli/tauri.js"));
    node.args(["bundle", "--ci", "--config", "src-tauri/tauri.bundle.json", "--bundles", &kinds.join(",")]);
    node
}

/// Puts the window program where the bundler looks for it, under the name that it looks for.
fn beside(programs: &Path) -> Result<()> {
    let target = host()?;
    let suffix = std::env::consts::EXE_SUFFIX;
    let from = programs.join(format!("dyntray-window{suffix}"));
    // As `src-tauri/tauri.bundle.json` says.
    let folder = workspace::root().join("target/bundle");
    let to = folder.join(format!("dyntray-window-{target}{suffix}"));
    fs::create_dir_all(&folder)
        .and_then(|()| fs::copy(&from, &to))
        .map(|_| ())
        .map_err(|error| format!("{} → {}: {error}", from.display(), to.display()))
}

/// What the compiler calls this system.
fn host() -> Result<String> {
    let told = command::answer(command::program("rustc").arg("-vV")).ok_or("`rustc -vV` doesn't say")?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| format!("`rustc -vV` said {told:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied_is_what_the_bundler_is_told_to_look_for() {
        let config = workspace::kept("src-tauri/tauri.bundle.json").expect("it is kept");
        assert!(config.contains("\"../target/bundle/dyntray-window\""), "{config}");
        assert!(config.contains("\"mainBinaryName\": \"dyntray\""), "{config}");
    }

    #[test]
    fn a_usual_build_needs_no_file_that_only_the_bundler_has() {
        let config = workspace::kept("src-tauri/tauri.conf.json").expect("it is kept");
        assert!(!config.contains("externalBin") && !config.contains("/target/"), "{config}");
    }

    #[test]
    fn the_window_gets_no_updater_which_would_bring_an_http_client() {
        assert!(!workspace::kept("src-tauri/Cargo.toml").expect("it is kept").contains("updater"));
        assert!(
            !workspace::kept("src-tauri/tauri.conf.json")
                .expect("it is kept")
                .contains("createUpdaterArtifacts")
        );
    }
}
