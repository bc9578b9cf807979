//! The operating system's own keyring: Secret Service, Credential Manager, Keychain.

use dyntray_core::types::redact::redact;
use keyring_core::Error;
use secrecy::{ExposeSecret, SecretString};

use super::error::KeyringError;
use super::item::Item;
#[cfg(target_os = "linux")]
use super::place::PlaceKeeper;
use super::place::{Need, Place};
use super::prompting::Prompting;
#[cfg(target_os = "linux")]
use super::secret_service::{Attributes, PlainSession, SecretService};

/// The use of one item.
#[derive(Clone, Copy)]
enum Use<'a> {
    Read,
    Write(&'a SecretString),
    Remove,
}

/// A failed use: its kind, and the system's words without anything secret.
struct Failure {
    kind: KeyringError,
    message: String,
}

/// The way to the items.
enum Session {
    /// Not open yet, or failed.
    Closed,
    /// The `keyring` crate's.
    Library,
    /// One without encryption, because the secret service agreed on no key.
    #[cfg(target_os = "linux")]
    Plain(PlainSession),
}

/// The platform's store, opened when it is first needed and again after a failure. All items have the service name `name`.
pub(super) struct System {
    name: String,
    session: Session,
    #[cfg(target_os = "linux")]
    place: PlaceKeeper,
}

/// The name of the program that keeps the secrets; none where there is none. It asks on a connection of its own, and blocks.
#[cfg(target_os = "linux")]
pub(super) fn program() -> Option<String> {
    SecretService::connect().ok()?.owner()
}

/// None: there is no choice of programs.
#[cfg(not(target_os = "linux"))]
pub(super) fn program() -> Option<String> {
    None
}

impl System {
    pub(super) fn new(name: String, prompting: Prompting) -> Self {
        #[cfg(target_os = "linux")]
        let place = PlaceKeeper::new(name.clone(), prompting);
        // Other systems prompt by themselves.
        #[cfg(not(target_os = "linux"))]
        drop(prompting);
        System {
            name,
            session: Session::Closed,
            #[cfg(target_os = "linux")]
            place,
        }
    }

    /// Makes the place of an entry's secret ready, which may take as long as a person does.
    #[cfg(target_os = "linux")]
    pub(super) fn prepare(&mut self, item: Option<Item>, need: Need) -> Result<Place, KeyringError> {
        self.place.prepare(item.map(user).as_deref(), need)
    }

    /// Makes the place of an entry's secret ready. These systems do that themselves.
    #[cfg(not(target_os = "linux"))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as on Linux")]
    pub(super) fn prepare(&mut self, _: Option<Item>, _: Need) -> Result<Place, KeyringError> {
        Ok(Place::Ready)
    }

    /// The name of the program that keeps the secrets; none where there is none.
    #[cfg(target_os = "linux")]
    pub(super) fn owner(&mut self) -> Option<String> {
        self.place.owner()
    }

    /// The name of the program that keeps the secrets.
    #[cfg(not(target_os = "linux"))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as on Linux")]
    pub(super) fn owner(&mut self) -> Option<String> {
        Some(if cfg!(windows) { "Credential Manager" } else { "Keychain" }.to_owned())
    }

    pub(super) fn read(&mut self, item: Item) -> Result<Option<SecretString>, KeyringError> {
        self.perform(item, Use::Read)
    }

    pub(super) fn write(&mut self, item: Item, secret: &SecretString) -> Result<(), KeyringError> {
        self.perform(item, Use::Write(secret)).map(drop)
    }

    pub(super) fn remove(&mut self, item: Item) -> Result<(), KeyringError> {
        self.perform(item, Use::Remove).map(drop)
    }

    fn perform(&mut self, item: Item, action: Use<'_>) -> Result<Option<SecretString>, KeyringError> {
        // A restarted keyring doesn't know our session, and KWallet may forget one that it has just opened: the second
        // attempt opens a new one.
        match self.attempt(item, action) {
            Err(KeyringError::Absent) => self.attempt(item, action),
            result => result,
        }
    }

    fn attempt(&mut self, item: Item, action: Use<'_>) -> Result<Option<SecretString>, KeyringError> {
        let result = self.opened().and_then(|()| self.act(&user(item), action));
        result.map_err(|Failure { kind, message }| {
            if kind == KeyringError::Absent {
                self.session = Session::Closed;
            }
            tracing::warn!(?kind, message, "the keyring did not answer as hoped");
            kind
        })
    }

    fn opened(&mut self) -> Result<(), Failure> {
        if matches!(self.session, Session::Closed) {
            self.session = open()?;
        }
        Ok(())
    }

    fn act(&self, user: &str, action: Use<'_>) -> Result<Option<SecretString>, Failure> {
        #[cfg(target_os = "linux")]
        if let Session::Plain(session) = &self.session {
            let item = Attributes::from([("service", self.name.as_str()), ("username", user)]);
            let result = match action {
                Use::Read => session.read(&item),
                Use::Write(secret) => {
                    session.write(&item, &format!("keyring:{user}@{}", self.name), secret).map(|()| None)
                }
                Use::Remove => session.remove(&item).map(|()| None),
            };
            return result.map_err(|error| Failure {
                kind: super::place::classify(&error),
                message: redact(&error.to_string()),
            });
        }
        let item = keyring::Entry::new(&self.name, user).map_err(|error| failure(&error))?;
        let result = match action {
            Use::Read => item.get_password().map(|secret| Some(secret.into())),
            Use::Write(secret) => item.set_password(secret.expose_secret()).map(|()| None),
            Use::Remove => item.delete_credential().map(|()| None),
        };
        match result {
            Err(Error::NoEntry) => Ok(None),
            result => result.map_err(|error| failure(&error)),
        }
    }
}

/// The user name of an entry's item.
fn user(item: Item) -> String {
    format!("entry-{item}")
}

/// Opens a new session with the secret service. The `keyring` crate opens one for the whole process, and remembers if
/// that fails. So it is used only after the service has answered us, and then works with our session.
#[cfg(target_os = "linux")]
fn open() -> Result<Session, Failure> {
    match zbus_secret_service_keyring_store::Store::new() {
        Ok(store) => {
            if keyring::Entry::store_status().is_err() {
                return Err(failure(&Error::NoDefaultStore));
            }
            keyring_core::set_default_store(store);
            Ok(Session::Library)
        }
        Err(error) => {
            let encrypted = failure(&error);
            let plain = PlainSession::open().map_err(|_| failure(&error))?;
            tracing::warn!(
                message = encrypted.message,
                "no encrypted session with the keyring, so one without encryption"
            );
            Ok(Session::Plain(plain))
        }
    }
}

/// The stores of the other systems are always there.
#[cfg(not(target_os = "linux"))]
fn open() -> Result<Session, Failure> {
    match keyring::Entry::store_status() {
        Ok(()) => Ok(Session::Library),
        Err(_) => Err(failure(&Error::NoDefaultStore)),
    }
}

fn failure(error: &Error) -> Failure {
    let kind = match error {
        Error::NoStorageAccess(_) => KeyringError::Locked,
        _ => KeyringError::Absent,
    };
    let message = match error {
        // Their data is the secret itself.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "the secret isn't as it was written".to_owned(),
        other => redact(&other.to_string()),
    };
    Failure { kind, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_has_the_systems_words_and_never_the_secret() {
        let told = failure(&Error::PlatformFailure("org.freedesktop.DBus.Error.NotSupported".into()));
        assert!(told.message.contains("NotSupported"), "{}", told.message);
        assert_eq!(told.kind, KeyringError::Absent);
        let told = failure(&Error::BadEncoding(b"abcdefghijkl".to_vec()));
        assert!(!told.message.contains("abcdefghijkl") && !told.message.contains("97"), "{}", told.message);
        let told = failure(&Error::NoStorageAccess("it holds abcd-efgh-ijkl".into()));
        assert!(!told.message.contains("abcd"), "{}", told.message);
        assert_eq!(told.kind, KeyringError::Locked);
    }
}
