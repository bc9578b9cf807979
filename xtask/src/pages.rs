//! The window's pages, which are embedded in `dyntray-window`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{Result, command, fresh, workspace};

/// The sources of the pages.
const SOURCES: [&str; 13] = [
    "ui/src",
    "ui/licences",
    "ui/documents",
    "ui/public",
    "ui/index.html",
    "ui/package.json",
    "ui/package-lock.json",
    "ui/svelte.config.js",
    "ui/tsconfig.json",
    "ui/vite.config.ts",
    "crates/texts/locales",
    // The help.
    "docs",
    // The pages show the licences of all crates.
    "Cargo.lock",
];

/// Builds `ui/dist` if any of its sources is newer.
pub fn build() -> Result<()> {
    let root = workspace::root();
    let built = root.join("ui/dist/index.html");
    let sources: Vec<PathBuf> = SOURCES.iter().map(|source| root.join(source)).collect();
    if !is_placeholder(&built, &root) && fresh::is_fresh(&built, sources.iter().map(PathBuf::as_path)) {
        println!("ui/dist is up to date.");
        return Ok(());
    }
    command::run(command::npm().args(["run", "build"]))
}

/// Recognises the placeholder that `src-tauri/build.rs` writes on a fresh clone.
fn is_placeholder(page: &Path, root: &Path) -> bool {
    let placeholder = fs::read(root.join("src-tauri/placeholder.html"));
    placeholder.is_ok_and(|placeholder| fs::read(page).is_ok_and(|page| page == placeholder))
}
