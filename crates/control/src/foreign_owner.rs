//! The error of a meeting place that another user has taken.

use std::io;
use std::path::PathBuf;

/// A folder, file or socket belongs to another user, or another user listens at it. It is left as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} belongs to another user (number {owner})", path.display())]
pub struct ForeignOwner {
    /// Its path.
    pub path: PathBuf,
    /// The other user's number.
    pub owner: u32,
}

impl ForeignOwner {
    /// The one inside an error of the system, if there is one.
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

impl From<ForeignOwner> for io::Error {
    fn from(foreign: ForeignOwner) -> Self {
        io::Error::new(io::ErrorKind::PermissionDenied, foreign)
    }
}
