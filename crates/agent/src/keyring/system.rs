//! The operating system's own keyring: Secret Service, Credential Manager, Keychain.

use dyntray_core::types::entry_id::EntryId;
use keyring_core::Error;
use secrecy::{ExposeSecret, SecretString};

use super::Unavailable;

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

/// The platform's store, opened when it is first needed and again after it failed. All its items have `name` as their
/// service.
pub(super) struct System {
    name: String,
    open: bool,
}

impl System {
    pub(super) fn new(name: String) -> Self {
        System { name, open: false }
    }

    pub(super) fn read(&mut self, entry: EntryId) -> Result<Option<SecretString>, Unavailable> {
        self.with(entry, read)
    }

    pub(super) fn write(&mut self, entry: EntryId, secret: &SecretString) -> Result<(), Unavailable> {
        self.with(entry, |item| item.set_password(secret.expose_secret()))
    }

    pub(super) fn remove(&mut self, entry: EntryId) -> Result<(), Unavailable> {
        self.with(entry, remove)
    }

    fn with<T>(
        &mut self,
        entry: EntryId,
        action: impl Fn(&keyring::Entry) -> Result<T, Error>,
    ) -> Result<T, Unavailable> {
        // A keyring that was restarted knows nothing of our session: a second try opens a new one.
        let was_open = self.open;
        match self.attempt(entry, &action) {
            Err(Unavailable::Absent) if was_open => self.attempt(entry, &action),
            result => result,
        }
    }

    fn attempt<T>(
        &mut self,
        entry: EntryId,
        action: impl Fn(&keyring::Entry) -> Result<T, Error>,
    ) -> Result<T, Unavailable> {
        let result = self.opened().and_then(|()| keyring::Entry::new(&self.name, &format!("entry-{entry}")));
        result.and_then(|item| action(&item)).map_err(|error| {
            let unavailable = meaning(&error);
            self.open = unavailable != Unavailable::Absent;
            // An error may carry the bytes of a secret: only its kind is logged.
            tracing::warn!(?unavailable, "the keyring did not answer as hoped");
            unavailable
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

/// Opens the secret service anew. The `keyring` crate opens it once for the whole process and keeps a failure; so it
/// is asked only after the service has answered us, and then works on our session.
#[cfg(target_os = "linux")]
fn open() -> Result<(), Error> {
    let store = zbus_secret_service_keyring_store::Store::new()?;
    if keyring::Entry::store_status().is_err() {
        return Err(Error::NoDefaultStore);
    }
    keyring_core::set_default_store(store);
    Ok(())
}

/// The other systems' stores are always there.
#[cfg(not(target_os = "linux"))]
fn open() -> Result<(), Error> {
    keyring::Entry::store_status().as_ref().copied().map_err(|_| Error::NoDefaultStore)
}

fn meaning(error: &Error) -> Unavailable {
    match error {
        Error::NoStorageAccess(_) => Unavailable::Locked,
        _ => Unavailable::Absent,
    }
}
