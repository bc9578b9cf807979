//! The operating system's own keyring: Secret Service, Credential Manager, Keychain.

use dyntray_core::types::entry_id::EntryId;
use keyring_core::Error;
use secrecy::{ExposeSecret, SecretString};

use super::error::KeyringError;

fn read(item: &keyring::Entry) -> Result<Option<SecretString>, Error> {
    match item.get_password() {
        Ok(secret) => Ok(Some(secret.into())),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    }
}

fn remove(item: &keyring::Entry) -> Result<(), Error> {
    match item.delete_credential() {
        Err(Error::NoEntry) => Ok(()),
        result => result,
    }
}

/// The platform's store, opened when it is first needed and again after a failure. All items have the service name `name`.
pub(super) struct System {
    name: String,
    open: bool,
}

impl System {
    pub(super) fn new(name: String) -> Self {
        System { name, open: false }
    }

    pub(super) fn read(&mut self, entry: EntryId) -> Result<Option<SecretString>, KeyringError> {
        self.with(entry, read)
    }

    pub(super) fn write(&mut self, entry: EntryId, secret: &SecretString) -> Result<(), KeyringError> {
        self.with(entry, |item| item.set_password(secret.expose_secret()))
    }

    pub(super) fn remove(&mut self, entry: EntryId) -> Result<(), KeyringError> {
        self.with(entry, remove)
    }

    fn with<T>(
        &mut self,
        entry: EntryId,
        action: impl Fn(&keyring::Entry) -> Result<T, Error>,
    ) -> Result<T, KeyringError> {
        // A restarted keyring doesn't know our session: the second attempt opens a new one.
        let was_open = self.open;
        match self.attempt(entry, &action) {
            Err(KeyringError::Absent) if was_open => self.attempt(entry, &action),
            result => result,
        }
    }

    fn attempt<T>(
        &mut self,
        entry: EntryId,
        action: impl Fn(&keyring::Entry) -> Result<T, Error>,
    ) -> Result<T, KeyringError> {
        let result = self.opened().and_then(|()| keyring::Entry::new(&self.name, &format!("entry-{entry}")));
        result.and_then(|item| action(&item)).map_err(|error| {
            let error = classify(&error);
            self.open = error != KeyringError::Absent;
            // The library's error may contain a secret, so only its kind is logged.
            tracing::warn!(?error, "the keyring did not answer as hoped");
            error
        })
    }

    fn opened(&mut self) -> Result<(), Error> {
        if !self.open {
            open()?;
            self.open = true;
        }
        Ok(())
    }
}

/// Opens a new session with the secret service. The `keyring` crate opens one for the whole process, and remembers if
/// that fails. So it is used only after the service has answered us, and then works with our session.
#[cfg(target_os = "linux")]
fn open() -> Result<(), Error> {
    let store = zbus_secret_service_keyring_store::Store::new()?;
    if keyring::Entry::store_status().is_err() {
        return Err(Error::NoDefaultStore);
    }
    keyring_core::set_default_store(store);
    Ok(())
}

/// The stores of the other systems are always there.
#[cfg(not(target_os = "linux"))]
fn open() -> Result<(), Error> {
    keyring::Entry::store_status().as_ref().copied().map_err(|_| Error::NoDefaultStore)
}

fn classify(error: &Error) -> KeyringError {
    match error {
        Error::NoStorageAccess(_) => KeyringError::Locked,
        _ => KeyringError::Absent,
    }
}
