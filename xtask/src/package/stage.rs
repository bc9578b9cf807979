//! The staging folder of a package, with files as they are on a system.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::contents::{Format, Item, Package};
use crate::{
    Result, command,
    files::{self, path_error},
    workspace,
};

/// The staging folder of a package.
pub fn folder(package: Package, format: Format) -> PathBuf {
    workspace::target().join("package/stage").join(format!("{}.{}", package.name(), format.extension()))
}

/// Fills the staging folder anew.
pub fn fill(stage: &Path, items: &[Item]) -> Result<()> {
    files::remove_folder(stage)?;
    for item in items {
        put(stage, item)?;
    }
    Ok(())
}

fn put(stage: &Path, item: &Item) -> Result<()> {
    let to = stage.join(item.to);
    make_folder(to.parent().unwrap_or(stage))?;
    let plain = if compresses(item) { to.with_extension("") } else { to.clone() };
    fs::copy(&item.from, &plain).map_err(|error| path_error(&item.from, &error))?;
    if compresses(item) {
        // Without name and time, so that equal texts give equal files.
        let mut gzip = command::program("gzip");
        if !command::succeeds(gzip.args(["-9", "--no-name", "--force"]).arg(&plain)) {
            return Err(format!("`gzip` can't compress {}", plain.display()));
        }
    }
    set_mode(&to, item.mode)
}

fn compresses(item: &Item) -> bool {
    let ends = |path: &Path| path.extension().is_some_and(|extension| extension == "gz");
    ends(Path::new(item.to)) && !ends(&item.from)
}

/// Makes a folder and its parents with the mode of system folders.
fn make_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        make_folder(above)?;
    }
    fs::create_dir(folder).map_err(|error| path_error(folder, &error))?;
    set_mode(folder, 0o755)
}

/// Writes a text file.
pub fn write(path: &Path, text: &str, mode: u32) -> Result<()> {
    make_folder(path.parent().unwrap_or(path))?;
    fs::write(path, text).map_err(|error| path_error(path, &error))?;
    set_mode(path, mode)
}

/// Copies a file.
pub fn copy(from: &Path, to: &Path, mode: u32) -> Result<()> {
    make_folder(to.parent().unwrap_or(to))?;
    fs::copy(from, to).map_err(|error| path_error(from, &error))?;
    set_mode(to, mode)
}

/// Sets a file's mode, whatever the umask is.
#[cfg(unix)]
pub fn set_mode(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(|error| path_error(path, &error))
}

/// Other systems have neither modes nor these packages.
#[cfg(not(unix))]
pub fn set_mode(path: &Path, _mode: u32) -> Result<()> {
    Err(format!("{} can't be given a mode on this system", path.display()))
}

/// The size of all files in KiB.
pub fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => 1 + size(&entry.path()),
            Ok(data) => data.len().div_ceil(1024),
            Err(_) => 0,
        })
        .sum()
}
