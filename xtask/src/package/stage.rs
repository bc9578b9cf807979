//! Lays a package's files out as they will lie on a system.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::contents::{Format, Item, Package};
use crate::{
    Result, command,
    workspace::{self, named},
};

/// Where a package is laid out.
pub fn folder(package: Package, format: Format) -> PathBuf {
    workspace::target().join("package/stage").join(format!("{}.{}", package.name(), format.ending()))
}

/// Lays `items` out anew.
pub fn lay_out(stage: &Path, items: &[Item]) -> Result<()> {
    if stage.exists() {
        fs::remove_dir_all(stage).map_err(|error| named(stage, &error))?;
    }
    for item in items {
        put(stage, item)?;
    }
    Ok(())
}

fn put(stage: &Path, item: &Item) -> Result<()> {
    let to = stage.join(item.to);
    make_folder(to.parent().unwrap_or(stage))?;
    let plain = if compresses(item) { to.with_extension("") } else { to.clone() };
    fs::copy(&item.from, &plain).map_err(|error| named(&item.from, &error))?;
    if compresses(item) {
        // Without a name and a time inside: the same text is the same file.
        let mut gzip = command::program("gzip");
        if !command::succeeds(gzip.args(["-9", "--no-name", "--force"]).arg(&plain)) {
            return Err(format!("`gzip` can't compress {}", plain.display()));
        }
    }
    set_mode(&to, item.mode)
}

fn compresses(item: &Item) -> bool {
    let ends = |path: &Path| path.extension().is_some_and(|ending| ending == "gz");
    ends(Path::new(item.to)) && !ends(&item.from)
}

/// Makes a folder, and those above it, with the rights that a system's folders have.
fn make_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        make_folder(above)?;
    }
    fs::create_dir(folder).map_err(|error| named(folder, &error))?;
    set_mode(folder, 0o755)
}

/// Writes a text into the layout.
pub fn write(path: &Path, text: &str, mode: u32) -> Result<()> {
    make_folder(path.parent().unwrap_or(path))?;
    fs::write(path, text).map_err(|error| named(path, &error))?;
    set_mode(path, mode)
}

/// Copies a file.
pub fn copy(from: &Path, to: &Path, mode: u32) -> Result<()> {
    make_folder(to.parent().unwrap_or(to))?;
    fs::copy(from, to).map_err(|error| named(from, &error))?;
    set_mode(to, mode)
}

/// Sets a file's rights, whatever the person's umask is.
#[cfg(unix)]
pub fn set_mode(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(|error| named(path, &error))
}

/// Elsewhere there are no such rights, and no such packages.
#[cfg(not(unix))]
pub fn set_mode(path: &Path, _mode: u32) -> Result<()> {
    Err(format!("{} can't be given rights on this system", path.display()))
}

/// The sum of all files' sizes in KiB.
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
