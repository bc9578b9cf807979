//! The owner of folders and files, and of what two programs meet at. Root may do everything, and must still not leave
//! anything behind in a user's place that the user can't use; and what another user left there is never used as one's own.
//! Windows keeps such rights itself.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

#[cfg(unix)]
use std::fs::{DirBuilder, Permissions};
#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};

#[cfg(unix)]
use crate::foreign_owner::ForeignOwner;

/// The administrator's user id.
#[cfg(unix)]
pub(crate) const ROOT: u32 = 0;

/// The user of this process.
#[cfg(unix)]
pub(crate) fn this_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Refuses what belongs to another user than this process's.
#[cfg(unix)]
pub(crate) fn refuse_foreign(path: &Path, about: &Metadata) -> io::Result<()> {
    if about.uid() == this_user() { Ok(()) } else { Err(foreign(path, about.uid()).into()) }
}

/// The error that names `path` and its owner.
#[cfg(unix)]
pub(crate) fn foreign(path: &Path, owner: u32) -> ForeignOwner {
    ForeignOwner { path: path.to_owned(), owner }
}

/// Refuses a file to be read that belongs to neither this process's user nor root.
///
/// # Errors
/// A [`ForeignOwner`] with the file's path.
pub fn refuse_strangers(path: &Path, about: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    if about.uid() != ROOT {
        refuse_foreign(path, about)?;
    }
    #[cfg(not(unix))]
    let _ = (path, about);
    Ok(())
}

/// Refuses to write in `folder`, or to make it, where another user than this process's is at home. What root owns may be
/// written as far as the system allows it.
///
/// # Errors
/// A [`ForeignOwner`] with the path of `folder`, or of the nearest one above it that is there.
pub fn may_write_in(folder: &Path) -> io::Result<()> {
    let nearest = folder.ancestors().find_map(|above| {
        // The last one of a relative path.
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        Some((above, fs::metadata(above).ok()?))
    });
    nearest.map_or(Ok(()), |(above, about)| refuse_strangers(above, &about))
}

/// Makes `folder` and those above it, unless it is there or another user is at home where it belongs.
///
/// # Errors
/// As [`may_write_in`], and when it can't be made.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    may_write_in(folder)?;
    fs::create_dir_all(folder)
}

/// The better reason where the system refuses a file: it belongs to another user, whose name says more.
pub fn because_of_owner(path: &Path, error: io::Error) -> io::Error {
    #[cfg(unix)]
    if error.kind() == io::ErrorKind::PermissionDenied
        && let Ok(about) = fs::metadata(path)
    {
        return refuse_foreign(path, &about).err().unwrap_or(error);
    }
    #[cfg(not(unix))]
    let _ = path;
    error
}

/// Opens a file of this process's own for writing, by `options`. One of another user is refused, and so is what isn't a
/// regular file: nothing waits for a FIFO.
///
/// # Errors
/// A [`ForeignOwner`] with its path, or the system's.
pub fn open_own(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    let file = options.open(path).map_err(|error| because_of_owner(path, error))?;
    let about = file.metadata()?;
    #[cfg(unix)]
    refuse_foreign(path, &about)?;
    if !about.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    Ok(file)
}

/// Makes `directory` if it isn't there, and lets only its owner in, who must be this user. One of another user is left
/// as it is, and none is made where another user than root is at home.
#[cfg(unix)]
pub(crate) fn make_private(directory: &Path) -> io::Result<()> {
    let opened = match File::open(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(directory)?;
            File::open(directory)?
        }
        // It mostly belongs to another user, whose name says more.
        Err(error) => {
            refuse_foreign(directory, &fs::metadata(directory)?)?;
            return Err(error);
        }
        Ok(opened) => opened,
    };
    let about = opened.metadata()?;
    refuse_foreign(directory, &about)?;
    if !about.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    // By its handle: what has the path's name may be another one by now.
    opened.set_permissions(Permissions::from_mode(0o700))
}

/// Creates `directory` and those above it.
#[cfg(unix)]
fn create(directory: &Path) -> io::Result<()> {
    if let Some(parent) = directory.parent() {
        create_folder(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(directory) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        created => created,
    }
}
