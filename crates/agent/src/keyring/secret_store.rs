//! The places where secrets can be kept.

use std::path::PathBuf;

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
    /// A folder with systemd's credentials, a file for each host. It can't be written.
    Credentials(PathBuf),
}

/// The kind of store, as far as a handle must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StoreKind {
    /// The system's keyring, which others lock and open as well.
    System,
    /// A file or folder.
    Files,
}

/// The one who puts secrets into the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilledBy {
    /// The person, with Dyntray: an entry is saved with its secret.
    ThePerson,
    /// Somebody else, outside of Dyntray, as with systemd's credentials. Whether an entry has a secret isn't known here.
    /// Everybody who may save entries may read these secrets anyway, so a changed server reveals nothing new.
    SomebodyElse,
}

impl SecretStore {
    /// Checks that secrets can be read from here, as far as that shows without reading any.
    ///
    /// # Errors
    /// The problem with the file or folder.
    pub fn check(&self) -> std::io::Result<()> {
        match self {
            SecretStore::Keyring(_) => Ok(()),
            #[cfg(unix)]
            SecretStore::File(path) => secrets_file::check(path),
            SecretStore::Credentials(folder) => std::fs::read_dir(folder).map(drop),
        }
    }

    /// Removes what a save left that was killed.
    pub(crate) fn remove_leftovers(&self) {
        match self {
            #[cfg(unix)]
            SecretStore::File(path) => crate::disk::remove_leftovers(path),
            SecretStore::Keyring(_) | SecretStore::Credentials(_) => {}
        }
    }

    /// The one who puts secrets into it.
    pub(super) fn filled_by(&self) -> FilledBy {
        match self {
            SecretStore::Keyring(_) => FilledBy::ThePerson,
            #[cfg(unix)]
            SecretStore::File(_) => FilledBy::ThePerson,
            SecretStore::Credentials(_) => FilledBy::SomebodyElse,
        }
    }

    /// The kind of store.
    pub(super) fn kind(&self) -> StoreKind {
        match self {
            SecretStore::Keyring(_) => StoreKind::System,
            #[cfg(unix)]
            SecretStore::File(_) => StoreKind::Files,
            SecretStore::Credentials(_) => StoreKind::Files,
        }
    }
}
