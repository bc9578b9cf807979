//! Secrets over a session without encryption, for secret services that agree on no key. The bus is private to the user
//! either way. Items are found as the `keyring` crate finds them.

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use secret_service::blocking::{Item, SecretService};
use secret_service::{EncryptionType, Error};

use super::names::Attributes;

/// The type of a secret's bytes, as the `keyring` crate has it.
const CONTENT_TYPE: &str = "application/octet-stream";

/// A plain session.
pub(in crate::keyring) struct PlainSession(SecretService<'static>);

impl PlainSession {
    /// Opens a session.
    pub(in crate::keyring) fn open() -> Result<Self, Error> {
        SecretService::connect(EncryptionType::Plain).map(PlainSession)
    }

    /// Reads an item's secret; none where there is no such item.
    pub(in crate::keyring) fn read(&self, item: &Attributes<'_>) -> Result<Option<SecretString>, Error> {
        self.with(item, |found| {
            let secret = Zeroizing::new(found.get_secret()?);
            let text = std::str::from_utf8(&secret).map_err(|_| Error::Crypto("the secret is no text"))?;
            Ok(text.into())
        })
    }

    /// Writes an item's secret, and creates the item where there is none.
    pub(in crate::keyring) fn write(
        &self,
        item: &Attributes<'_>,
        label: &str,
        secret: &SecretString,
    ) -> Result<(), Error> {
        let bytes = secret.expose_secret().as_bytes();
        if self.with(item, |found| found.set_secret(bytes, CONTENT_TYPE))?.is_none() {
            let collection = self.0.get_default_collection()?;
            collection.create_item(label, item.clone(), bytes, true, CONTENT_TYPE)?;
        }
        Ok(())
    }

    /// Removes an item, if it is there.
    pub(in crate::keyring) fn remove(&self, item: &Attributes<'_>) -> Result<(), Error> {
        match self.0.search_items(item.clone())?.unlocked.first() {
            Some(found) => found.delete(),
            None => Ok(()),
        }
    }

    fn with<T>(
        &self,
        item: &Attributes<'_>,
        action: impl FnOnce(&Item<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        self.0.search_items(item.clone())?.unlocked.first().map(action).transpose()
    }
}
