//! The programs that the build has made.

use std::path::PathBuf;

use crate::{Error, Result};

/// Finds a built program: in `DYNTRAY_BIN_DIR`, or beside the test's own target folder (`target/debug`).
pub fn binary(name: &str) -> Result<PathBuf> {
    let folder = match std::env::var_os("DYNTRAY_BIN_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => std::env::current_exe()
            .ok()
            .and_then(|test| Some(test.parent()?.parent()?.to_owned()))
            .unwrap_or_default(),
    };
    let path = folder.join(name);
    if path.is_file() {
        return Ok(path);
    }
    Err(Error::NotThere(format!("{} isn't built (cargo build, or set DYNTRAY_BIN_DIR)", path.display())))
}
