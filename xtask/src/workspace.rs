//! Where things lie.

use std::path::{Path, PathBuf};

use crate::Result;

/// The top folder of the workspace.
pub fn root() -> PathBuf {
    // Asked at run time: a moved folder doesn't rebuild this program.
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), Path::to_owned)
}

/// Where cargo puts the programs of the development profile: this program is one of them.
pub fn programs() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|this| this.parent().map(Path::to_owned))
        .unwrap_or_else(|| root().join("target/debug"))
}

/// Where a built program lies.
pub fn program(name: &str) -> PathBuf {
    programs().join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    let programs = programs();
    programs.parent().map_or_else(|| programs.clone(), Path::to_owned)
}

/// An error with the path that it is about.
pub fn named(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

/// A text that is kept in the repository, by its path there.
pub fn kept(path: &str) -> Result<String> {
    std::fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}
