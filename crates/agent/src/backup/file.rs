//! A backup's file: its owner's only, written as a whole or not at all, and never through a link that somebody has put in
//! its place.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use super::LARGEST;
use crate::disk::{folder_of, open_regular, replace};

/// What becomes of a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldFile {
    /// It stays, and nothing is written.
    Stays,
    /// The new one takes its place.
    IsReplaced,
}

/// The reason why a file wasn't written.
#[derive(Debug)]
pub enum WriteError {
    /// There is one already.
    Exists,
    /// Something else has its place: a link, a folder, a device.
    NoFile,
    /// The system refuses. Nothing is left of the new file, and an old one is as it was.
    System(io::Error),
}

/// Writes a file that only its owner can read.
///
/// # Errors
/// When it wasn't written.
pub fn write(path: &Path, text: &str, old: OldFile) -> Result<(), WriteError> {
    check(path, old)?;
    let written = || -> io::Result<()> {
        // A rename puts it in its place, over whatever is there by then.
        replace(path, text.as_bytes())?;
        // The folder says on the disk, too, that it is there; some file systems can't be told to.
        if let Ok(folder) = fs::File::open(folder_of(path)) {
            let _ = folder.sync_all();
        }
        Ok(())
    };
    written().map_err(WriteError::System)
}

/// Whether a file may be written there, which is better known before anybody is asked for a passphrase.
///
/// # Errors
/// When it may not.
pub fn check(path: &Path, old: OldFile) -> Result<(), WriteError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = fs::metadata(folder_of(path)).map_err(WriteError::System)?;
            if folder.is_dir() {
                Ok(())
            } else {
                Err(WriteError::System(io::ErrorKind::NotADirectory.into()))
            }
        }
        Err(error) => Err(WriteError::System(error)),
        Ok(about) if !about.is_file() => Err(WriteError::NoFile),
        Ok(_) if old == OldFile::Stays => Err(WriteError::Exists),
        Ok(_) => Ok(()),
    }
}

/// Reads a file, up to a little more than a backup can be long.
///
/// # Errors
/// When it can't be read, or isn't a regular file.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_regular(path)?.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    #[test]
    fn the_file_is_its_owners_only_also_where_a_readable_one_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("backup.age");
        write(&path, "one", OldFile::Stays).expect("writes");
        assert_eq!(fs::metadata(&path).expect("is there").mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("changes");
        assert!(matches!(write(&path, "two", OldFile::Stays), Err(WriteError::Exists)));
        assert_eq!(fs::read_to_string(&path).expect("is there"), "one");
        write(&path, "two", OldFile::IsReplaced).expect("writes");
        assert_eq!(fs::metadata(&path).expect("is there").mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&path).expect("is there"), "two");
        assert_eq!(fs::read_dir(folder.path()).expect("reads").count(), 1);
    }

    #[test]
    fn no_link_and_nothing_else_but_a_file_is_written_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let (link, target) = (folder.path().join("link"), folder.path().join("target"));
        symlink(&target, &link).expect("links");
        for old in [OldFile::Stays, OldFile::IsReplaced] {
            assert!(matches!(write(&link, "x", old), Err(WriteError::NoFile)));
            assert!(matches!(write(folder.path(), "x", old), Err(WriteError::NoFile)));
            assert!(matches!(write(Path::new("/dev/null"), "x", old), Err(WriteError::NoFile)));
        }
        assert!(link.is_symlink() && !target.exists());
        let nowhere = folder.path().join("missing/backup.age");
        assert!(matches!(write(&nowhere, "x", OldFile::Stays), Err(WriteError::System(_))));
    }

    #[test]
    fn a_fifo_is_not_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let fifo = folder.path().join("fifo");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo").success());
        assert!(read(&fifo).is_err());
    }
}
