//! Files that only their owner may read, as clients and Dyntray require for secrets.

use std::{fs, io, path::Path};

/// Writes a file that nobody else may read.
pub fn write(path: &Path, text: impl AsRef<[u8]>) -> io::Result<()> {
    fs::write(path, text)?;
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}
