//! The window's pages, which `dyntray-window` carries inside.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{Result, command, fresh, workspace};

/// What the pages are made from.
const SOURCES: [&str; 11] = [
    "ui/src",
    "ui/licences",
    "ui/public",
    "ui/index.html",
    "ui/package.json",
    "ui/package-lock.json",
    "ui/svelte.config.js",
    "ui/tsconfig.json",
    "ui/vite.config.ts",
    "crates/texts/locales",
    // Whose licences the pages tell.
    "Cargo.lock",
];

/// Builds `ui/dist` when anything it is made from is newer.
pub fn build() -> Result<()> {
    let root = workspace::root();
    let made = root.join("ui/dist/index.html");
    let sources: Vec<PathBuf> = SOURCES.iter().map(|source| root.join(source)).collect();
    if !is_placeholder(&made, &root) && fresh::is_fresh(&made, sources.iter().map(PathBuf::as_path)) {
        println!("ui/dist is up to date.");
        return Ok(());
    }
    command::run(command::npm().args(["run", "build"]))
}

/// Whether the page only stands in for the real ones, as `src-tauri/build.rs` leaves it on a fresh clone.
fn is_placeholder(page: &Path, root: &Path) -> bool {
    let placeholder = fs::read(root.join("src-tauri/placeholder.html"));
    placeholder.is_ok_and(|placeholder| fs::read(page).is_ok_and(|page| page == placeholder))
}
