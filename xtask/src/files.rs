//! File operations whose errors name the path.

use std::{
    fs,
    io::{Error, ErrorKind},
    path::Path,
};

use crate::Result;

/// The text of an error about a path.
pub fn path_error(path: &Path, error: &Error) -> String {
    format!("{}: {error}", path.display())
}

/// Writes a file and makes its folders.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    path.parent().map_or(Ok(()), create_folder)?;
    fs::write(path, content).map_err(|error| path_error(path, &error))
}

/// Makes a folder with its parents, unless it exists.
pub fn create_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|error| path_error(path, &error))
}

/// Removes a folder with its content, if it exists.
pub fn remove_folder(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(path_error(path, &error)),
        _ => Ok(()),
    }
}
