//! What the settings file, the secrets file and the database share: private files that are written atomically, and
//! damaged ones that are moved aside.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// Options for a file that replaces another atomically, and that only its owner can read.
#[cfg(unix)]
pub(crate) fn atomic_private() -> atomic_write_file::OpenOptions {
    use atomic_write_file::unix::OpenOptionsExt as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = atomic_write_file::AtomicWriteFile::options();
    // Host names are private on a shared machine too.
    options.preserve_mode(false).mode(0o600);
    options
}

/// Options for a file that replaces another atomically.
#[cfg(not(unix))]
pub(crate) fn atomic_private() -> atomic_write_file::OpenOptions {
    atomic_write_file::AtomicWriteFile::options()
}

/// Renames a damaged file, so that it is kept, and returns its new path.
///
/// # Errors
/// When it can't be renamed.
pub(crate) fn move_aside(path: &Path, now: Timestamp) -> io::Result<PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stamp = now.strftime("%Y%m%d-%H%M%S");
    let kept = (0..1000)
        .map(|count| if count == 0 { String::new() } else { format!("-{count}") })
        .map(|suffix| path.with_file_name(format!("{name}.damaged-{stamp}{suffix}")))
        .find(|kept| !kept.exists())
        .ok_or(io::ErrorKind::AlreadyExists)?;
    fs::rename(path, &kept)?;
    Ok(kept)
}
