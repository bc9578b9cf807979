//! The Secret Service as the session bus knows it: the program behind it, what it keeps locked, and its prompts. Nothing
//! here reads a secret, and only what is named after a prompt shows one.
//!
//! Source: the Secret Service API of freedesktop.org, 0.2.

mod kwallet;
mod names;
mod owner;
mod plain;
mod prompt;
mod watch;

use std::collections::HashMap;

use serde::{Serialize, de::DeserializeOwned};
use zbus::blocking::Connection;
use zbus::zvariant::{DynamicType, ObjectPath, OwnedObjectPath, OwnedValue, Type, Value};

pub(super) use self::names::Attributes;
use self::names::{COLLECTION, NAME, ROOT, SERVICE};
pub(super) use self::plain::PlainSession;
pub(super) use self::prompt::Answer;
pub(crate) use self::watch::ServiceWatch;

/// The alias of the collection that new secrets go to.
const DEFAULT: &str = "default";
/// The name of a new collection, as libsecret gives it …
const LABEL: &str = "Default keyring";
/// … and KWallet's own name for it, under which KDE's programs find it as well.
const KWALLET_LABEL: &str = "kdewallet";

/// The state of the place where an item is, or would be.
#[derive(Debug)]
pub(super) enum Look {
    /// It is open.
    Open,
    /// These objects must be unlocked first.
    Locked(Vec<OwnedObjectPath>),
    /// There is no collection to keep anything in.
    NoCollection,
}

/// A connection to the secret service.
pub(super) struct SecretService {
    bus: Connection,
}

impl SecretService {
    /// Connects to the session bus.
    pub(super) fn connect() -> zbus::Result<Self> {
        Ok(SecretService { bus: Connection::session()? })
    }

    /// The name of the program that is the secret service; none where there is none.
    pub(super) fn owner(&self) -> Option<String> {
        owner::name(&self.bus)
    }

    /// Looks at the place of an item, without a prompt.
    pub(super) fn look(&self, item: &Attributes<'_>) -> zbus::Result<Look> {
        kwallet::start_where_needed(&self.bus)?;
        let default = self.default_collection()?;
        let collections = self.collections()?;
        let Some(first) = default.as_ref().or(collections.first()) else { return Ok(Look::NoCollection) };
        let mut all_locked = true;
        for collection in &collections {
            all_locked &= self.is_locked(collection)?;
        }
        if all_locked {
            // KeePassXC answers no search before somebody has unlocked one of its databases.
            return Ok(Look::Locked(vec![first.clone()]));
        }
        let (unlocked, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
            self.call("SearchItems", &(item,))?;
        Ok(match default {
            _ if !unlocked.is_empty() => Look::Open,
            _ if !locked.is_empty() => Look::Locked(locked),
            Some(default) if self.is_locked(&default)? => Look::Locked(vec![default]),
            Some(_) => Look::Open,
            None => Look::NoCollection,
        })
    }

    /// Unlocks `objects`, for an item's sake, after a prompt, which takes as long as the person does.
    pub(super) fn unlock(&self, objects: &[OwnedObjectPath], item: &Attributes<'_>) -> zbus::Result<Answer> {
        let (_unlocked, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
            self.call("Unlock", &(objects,))?;
        self.prompt(&prompt, item)
    }

    /// Creates the default collection, for an item's sake, after a prompt in which the person chooses its password.
    pub(super) fn create_default_collection(&self, item: &Attributes<'_>) -> zbus::Result<Answer> {
        let is_kwallet = self.owner().is_some_and(|owner| owner.starts_with("kwallet"));
        let label = if is_kwallet { KWALLET_LABEL } else { LABEL };
        let properties = HashMap::from([("org.freedesktop.Secret.Collection.Label", Value::from(label))]);
        let (_collection, prompt): (OwnedObjectPath, OwnedObjectPath) =
            self.call("CreateCollection", &(properties, DEFAULT))?;
        self.prompt(&prompt, item)
    }

    fn prompt(&self, prompt: &ObjectPath<'_>, item: &Attributes<'_>) -> zbus::Result<Answer> {
        if is_none(prompt) {
            return Ok(Answer::Given);
        }
        prompt::show(&self.bus, prompt, || Ok(matches!(self.look(item)?, Look::Open)))
    }

    fn default_collection(&self) -> zbus::Result<Option<OwnedObjectPath>> {
        let path: OwnedObjectPath = self.call("ReadAlias", &(DEFAULT,))?;
        Ok(Some(path).filter(|path| !is_none(path)))
    }

    /// All collections that outlast the session.
    fn collections(&self) -> zbus::Result<Vec<OwnedObjectPath>> {
        let all: Vec<OwnedObjectPath> = self.property(ROOT, SERVICE, "Collections")?;
        Ok(all.into_iter().filter(|path| !path.as_str().ends_with("/session")).collect())
    }

    fn is_locked(&self, collection: &ObjectPath<'_>) -> zbus::Result<bool> {
        self.property(collection.as_str(), COLLECTION, "Locked")
    }

    fn property<T>(&self, path: &str, interface: &str, name: &str) -> zbus::Result<T>
    where
        T: TryFrom<OwnedValue>,
        zbus::Error: From<T::Error>,
    {
        let properties = Some("org.freedesktop.DBus.Properties");
        let reply = self.bus.call_method(Some(NAME), path, properties, "Get", &(interface, name))?;
        let value: OwnedValue = reply.body().deserialize()?;
        Ok(value.try_into()?)
    }

    fn call<T: DeserializeOwned + Type>(
        &self,
        method: &str,
        arguments: &(impl Serialize + DynamicType),
    ) -> zbus::Result<T> {
        self.bus.call_method(Some(NAME), ROOT, Some(SERVICE), method, arguments)?.body().deserialize()
    }
}

/// True of the path that stands for no object.
fn is_none(path: &ObjectPath<'_>) -> bool {
    path.as_str() == "/"
}
