//! The places where secrets can be kept.

use std::io;
use std::path::{Path, PathBuf};

use super::credentials::Credentials;
#[cfg(unix)]
use super::secrets_file;

/// The place where secrets are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretStore {
    /// The operating system's keyring; all items have this service name.
    Keyring(String),
    /// A file that only its owner may read.
    #[cfg(unix)]
    File(PathBuf),
    /// A folder with systemd's credentials, a file for each host. It can't be written. Secrets of all other hosts are kept
    /// elsewhere.
    Credentials {
        /// The folder.
        folder: PathBuf,
        /// The place of all other secrets.
        otherwise: Box<SecretStore>,
    },
}

/// The kind of store, as far as a handle must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StoreKind {
    /// The system's keyring, which others lock and open as well.
    System,
    /// A file or folder.
    #[cfg_attr(not(unix), allow(dead_code, reason = "secrets are in files on Unix only"))]
    Files,
}

impl SecretStore {
    /// Checks that secrets can be read from here, as far as that shows without reading any.
    ///
    /// # Errors
    /// The problem with the file or folder.
    pub fn check(&self) -> io::Result<()> {
        match self {
            SecretStore::Keyring(_) => Ok(()),
            #[cfg(unix)]
            SecretStore::File(path) => secrets_file::check(path).map_err(|error| named(path, &error)),
            SecretStore::Credentials { folder, otherwise } => {
                std::fs::read_dir(folder).map_err(|error| named(folder, &error))?;
                otherwise.check()
            }
        }
    }

    /// Removes what a save left that was killed.
    pub(crate) fn remove_leftovers(&self) {
        match self {
            #[cfg(unix)]
            SecretStore::File(path) => crate::disk::remove_leftovers(path),
            SecretStore::Credentials { otherwise, .. } => otherwise.remove_leftovers(),
            SecretStore::Keyring(_) => {}
        }
    }

    /// systemd's credentials, where there are any.
    pub(super) fn credentials(&self) -> Option<Credentials> {
        let SecretStore::Credentials { folder, .. } = self else { return None };
        Some(Credentials::new(folder.clone()))
    }

    /// The kind of store.
    pub(super) fn kind(&self) -> StoreKind {
        match self {
            SecretStore::Keyring(_) => StoreKind::System,
            #[cfg(unix)]
            SecretStore::File(_) => StoreKind::Files,
            SecretStore::Credentials { otherwise, .. } => otherwise.kind(),
        }
    }
}

/// An error with the path that it is about.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
