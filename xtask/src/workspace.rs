//! The paths and texts of the workspace.

use std::path::{Path, PathBuf};

use crate::Result;

/// The top folder of the workspace.
pub fn root() -> PathBuf {
    // Read at run time, so that a moved folder doesn't rebuild this program.
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), Path::to_owned)
}

/// The folder of the programs of the development profile, which this program is one of.
pub fn programs() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|this| this.parent().map(Path::to_owned))
        .unwrap_or_else(|| root().join("target/debug"))
}

/// The path of a built program.
pub fn program(name: &str) -> PathBuf {
    programs().join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    let programs = programs();
    programs.parent().map_or_else(|| programs.clone(), Path::to_owned)
}

/// Reads a text file of the repository.
pub fn read(path: &str) -> Result<String> {
    std::fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}
