//! The opened store of secrets, whatever keeps them.

use dyntray_core::types::hostname::Hostname;
use secrecy::SecretString;

use super::credentials::Credentials;
use super::error::KeyringError;
use super::item::Item;
use super::place::{Need, Place};
use super::prompting::Prompting;
use super::secret_store::SecretStore;
#[cfg(unix)]
use super::secrets_file::SecretsFile;
use super::system::System;

/// The secret of an entry before another one was written.
#[derive(Debug)]
pub(crate) enum Before {
    /// There was none.
    None,
    /// This one.
    Secret(SecretString),
    /// It couldn't be read.
    Unreadable,
}

/// The opened store, owned by the thread.
pub(super) enum Store {
    System(System),
    #[cfg(unix)]
    File(SecretsFile),
    /// Credentials, and the place of all secrets that aren't among them.
    Credentials(Credentials, Box<Store>),
    /// One that takes its time for each read, and has no secret.
    #[cfg(test)]
    Slow(std::collections::VecDeque<std::time::Duration>),
}

impl Store {
    pub(super) fn new(secrets: SecretStore, prompting: Prompting) -> Self {
        match secrets {
            SecretStore::Keyring(name) => Store::System(System::new(name, prompting)),
            #[cfg(unix)]
            SecretStore::File(path) => Store::File(SecretsFile::new(path)),
            SecretStore::Credentials { folder, otherwise } => {
                Store::Credentials(Credentials::new(folder), Box::new(Store::new(*otherwise, prompting)))
            }
        }
    }

    /// Makes the place of an entry's secret ready, or of all. Only the system's keyring can be locked.
    pub(super) fn prepare(&mut self, item: Option<Item>, need: Need) -> Result<Place, KeyringError> {
        match self {
            Store::System(system) => system.prepare(item, need),
            #[cfg(unix)]
            Store::File(_) => Ok(Place::Ready),
            Store::Credentials(_, otherwise) => otherwise.prepare(item, need),
            #[cfg(test)]
            Store::Slow(_) => Ok(Place::Ready),
        }
    }

    /// The name of the program that keeps the secrets, or the path.
    pub(super) fn owner(&mut self) -> Option<String> {
        match self {
            Store::System(system) => system.owner(),
            #[cfg(unix)]
            Store::File(file) => Some(file.path().display().to_string()),
            Store::Credentials(credentials, otherwise) => {
                let folder = credentials.folder().display().to_string();
                Some(otherwise.owner().map_or(folder.clone(), |other| format!("{folder}, {other}")))
            }
            #[cfg(test)]
            Store::Slow(_) => None,
        }
    }

    /// The secret of a host that somebody else keeps ready, as systemd does. It can be read without any preparation.
    pub(super) fn read_given(&self, hostname: &Hostname) -> Result<Option<SecretString>, KeyringError> {
        let Store::Credentials(credentials, _) = self else { return Ok(None) };
        credentials.read(hostname)
    }

    /// Reads a secret of this store's own. Its place is ready.
    pub(super) fn read(&mut self, item: Item) -> Result<Option<SecretString>, KeyringError> {
        match self {
            Store::System(system) => system.read(item),
            #[cfg(unix)]
            Store::File(file) => file.read(item),
            Store::Credentials(_, otherwise) => otherwise.read(item),
            #[cfg(test)]
            Store::Slow(times) => {
                std::thread::sleep(times.pop_front().unwrap_or_default());
                Ok(None)
            }
        }
    }

    /// Writes an entry's secret, and returns the one before.
    pub(super) fn replace(&mut self, item: Item, secret: &SecretString) -> Result<Before, KeyringError> {
        let before = match self {
            Store::System(system) => system.read(item),
            #[cfg(unix)]
            Store::File(file) => file.read(item),
            Store::Credentials(_, otherwise) => return otherwise.replace(item, secret),
            #[cfg(test)]
            Store::Slow(_) => return Err(KeyringError::Absent),
        };
        match self {
            Store::System(system) => system.write(item, secret),
            #[cfg(unix)]
            Store::File(file) => file.write(item, secret),
            Store::Credentials(_, otherwise) => return otherwise.replace(item, secret),
            #[cfg(test)]
            Store::Slow(_) => Err(KeyringError::Absent),
        }?;
        Ok(match before {
            Ok(None) => Before::None,
            Ok(Some(secret)) => Before::Secret(secret),
            Err(_) => Before::Unreadable,
        })
    }

    pub(super) fn remove(&mut self, item: Item) -> Result<(), KeyringError> {
        match self {
            Store::System(system) => system.remove(item),
            #[cfg(unix)]
            Store::File(file) => file.remove(item),
            Store::Credentials(_, otherwise) => otherwise.remove(item),
            #[cfg(test)]
            Store::Slow(_) => Err(KeyringError::Absent),
        }
    }

    /// Those of the items that the store surely doesn't have. A keyring says that of none, because another one may answer
    /// in its place, and because it may be locked.
    pub(super) fn lacking(&self, items: &[(Item, Hostname)]) -> Result<Vec<Item>, KeyringError> {
        match self {
            #[cfg(unix)]
            Store::File(file) => {
                let kept = file.items()?;
                Ok(items.iter().map(|(item, _)| *item).filter(|item| !kept.contains(item)).collect())
            }
            Store::Credentials(credentials, otherwise) => {
                let given = credentials.hostnames();
                let others: Vec<_> =
                    items.iter().filter(|(_, hostname)| !given.contains(hostname)).cloned().collect();
                otherwise.lacking(&others)
            }
            _ => Ok(Vec::new()),
        }
    }
}
