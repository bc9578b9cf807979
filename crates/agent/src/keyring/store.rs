//! The opened store of secrets, whatever keeps them.

use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::hostname::Hostname;
use secrecy::SecretString;

use super::credentials::Credentials;
use super::error::KeyringError;
use super::place::{Need, Place};
use super::prompting::Prompting;
use super::secret_store::SecretStore;
#[cfg(unix)]
use super::secrets_file::SecretsFile;
use super::system::System;

/// The opened store, owned by the thread.
pub(super) enum Store {
    System(System),
    #[cfg(unix)]
    File(SecretsFile),
    Credentials(Credentials),
}

impl Store {
    pub(super) fn new(secrets: SecretStore, prompting: Prompting) -> Self {
        match secrets {
            SecretStore::Keyring(name) => Store::System(System::new(name, prompting)),
            #[cfg(unix)]
            SecretStore::File(path) => Store::File(SecretsFile::new(path)),
            SecretStore::Credentials(folder) => Store::Credentials(Credentials::new(folder)),
        }
    }

    /// Makes the place of an entry's secret ready, or of all. Only the system's keyring can be locked.
    pub(super) fn prepare(&mut self, entry: Option<EntryId>, need: Need) -> Result<Place, KeyringError> {
        match self {
            Store::System(system) => system.prepare(entry, need),
            #[cfg(unix)]
            Store::File(_) => Ok(Place::Ready),
            Store::Credentials(_) => Ok(Place::Ready),
        }
    }

    /// The name of the program that keeps the secrets, or the path.
    pub(super) fn owner(&mut self) -> Option<String> {
        match self {
            Store::System(system) => system.owner(),
            #[cfg(unix)]
            Store::File(file) => Some(file.path().display().to_string()),
            Store::Credentials(credentials) => Some(credentials.folder().display().to_string()),
        }
    }

    pub(super) fn read(
        &mut self,
        entry: EntryId,
        hostname: &Hostname,
    ) -> Result<Option<SecretString>, KeyringError> {
        match self {
            Store::System(system) => system.read(entry),
            #[cfg(unix)]
            Store::File(file) => file.read(entry),
            Store::Credentials(credentials) => credentials.read(hostname),
        }
    }

    pub(super) fn write(&mut self, entry: EntryId, secret: &SecretString) -> Result<(), KeyringError> {
        match self {
            Store::System(system) => system.write(entry, secret),
            #[cfg(unix)]
            Store::File(file) => file.write(entry, secret),
            Store::Credentials(_) => Err(KeyringError::ReadOnly),
        }
    }

    pub(super) fn remove(&mut self, entry: EntryId) -> Result<(), KeyringError> {
        match self {
            Store::System(system) => system.remove(entry),
            #[cfg(unix)]
            Store::File(file) => file.remove(entry),
            Store::Credentials(_) => Err(KeyringError::ReadOnly),
        }
    }
}
