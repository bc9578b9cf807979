//! The owner of what two programs meet at. Root may do everything, and must still not leave anything behind in a user's
//! place that the user can't use; and what another user left there is never used as one's own.

use std::fs::{self, DirBuilder, File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use crate::foreign_owner::ForeignOwner;

/// The administrator's user id.
pub(crate) const ROOT: u32 = 0;

/// The user of this process.
pub(crate) fn this_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Refuses what belongs to another user than this process's.
pub(crate) fn refuse_foreign(path: &Path, about: &Metadata) -> io::Result<()> {
    if about.uid() == this_user() { Ok(()) } else { Err(foreign(path, about.uid()).into()) }
}

/// The error that names `path` and its owner.
pub(crate) fn foreign(path: &Path, owner: u32) -> ForeignOwner {
    ForeignOwner { path: path.to_owned(), owner }
}

/// Makes `directory` if it isn't there, and lets only its owner in, who must be this user. One of another user is left
/// as it is, and none is made where another user than root is at home.
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
fn create(directory: &Path) -> io::Result<()> {
    let above = directory.ancestors().skip(1).find_map(|above| Some((above, fs::metadata(above).ok()?)));
    if let Some((above, about)) = above.filter(|(_, about)| about.uid() != ROOT) {
        refuse_foreign(above, &about)?;
    }
    if let Some(parent) = directory.parent() {
        fs::create_dir_all(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(directory) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        created => created,
    }
}
