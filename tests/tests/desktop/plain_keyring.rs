//! A secret service that agrees on no key with its clients, as one without such ciphers does: every session is plain. It
//! keeps items in one open collection.

#![expect(
    clippy::unused_self,
    clippy::used_underscore_binding,
    reason = "the bus calls everything on the object, with every argument"
)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use dyntray_stories::Story;
use zbus::fdo;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, ObjectServer, interface};

const ROOT: &str = "/org/freedesktop/secrets";
const COLLECTION: &str = "/org/freedesktop/secrets/collection/only";

/// Session, parameters, secret and type of a secret on the bus.
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);
type Attributes = HashMap<String, String>;

/// All items: path, attributes, secret.
type Items = Arc<Mutex<Vec<(OwnedObjectPath, Attributes, Vec<u8>)>>>;

fn path(text: &str) -> OwnedObjectPath {
    ObjectPath::try_from(text.to_owned()).expect("a path").into()
}

fn none() -> OwnedObjectPath {
    path("/")
}

/// Becomes the desktop's secret service, until the connection is dropped.
pub async fn start(address: &str) -> Story<Connection> {
    let items = Items::default();
    let service = Service { items: items.clone() };
    let collection = Collection { items };
    let builder = zbus::connection::Builder::address(address)?;
    Ok(builder
        .serve_at(ROOT, service)?
        .serve_at(COLLECTION, collection)?
        .name("org.freedesktop.secrets")?
        .build()
        .await?)
}

/// The number of items that are kept.
pub async fn items(service: &Connection) -> Story<usize> {
    let collection = service.object_server().interface::<_, Collection>(COLLECTION).await?;
    let kept = collection.get().await.items.lock().expect("nobody panics").len();
    Ok(kept)
}

struct Service {
    items: Items,
}

#[interface(name = "org.freedesktop.Secret.Service")]
impl Service {
    #[zbus(property)]
    fn collections(&self) -> Vec<OwnedObjectPath> {
        vec![path(COLLECTION)]
    }

    fn open_session(&self, algorithm: &str, input: OwnedValue) -> fdo::Result<(OwnedValue, OwnedObjectPath)> {
        drop(input);
        if algorithm != "plain" {
            return Err(fdo::Error::NotSupported(format!("no cipher for {algorithm}")));
        }
        let output = Value::from("").try_into().expect("a string");
        Ok((output, path("/org/freedesktop/secrets/session/1")))
    }

    #[expect(clippy::needless_pass_by_value, reason = "the bus hands values over")]
    fn search_items(&self, attributes: Attributes) -> (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) {
        let items = self.items.lock().expect("nobody panics");
        let fits = |of: &Attributes| attributes.iter().all(|(name, value)| of.get(name) == Some(value));
        (items.iter().filter(|(_, of, _)| fits(of)).map(|(path, ..)| path.clone()).collect(), Vec::new())
    }

    fn read_alias(&self, name: &str) -> OwnedObjectPath {
        if name == "default" { path(COLLECTION) } else { none() }
    }
}

struct Collection {
    items: Items,
}

#[interface(name = "org.freedesktop.Secret.Collection")]
impl Collection {
    #[zbus(property)]
    fn locked(&self) -> bool {
        false
    }

    async fn create_item(
        &self,
        mut properties: HashMap<String, OwnedValue>,
        secret: Secret,
        _replace: bool,
        #[zbus(object_server)] server: &ObjectServer,
    ) -> fdo::Result<(OwnedObjectPath, OwnedObjectPath)> {
        let attributes = properties.remove("org.freedesktop.Secret.Item.Attributes").expect("attributes");
        let attributes = attributes.try_into().map_err(|_| fdo::Error::InvalidArgs("attributes".into()))?;
        let number = self.items.lock().expect("nobody panics").len();
        let at = path(&format!("{COLLECTION}/{number}"));
        self.items.lock().expect("nobody panics").push((at.clone(), attributes, secret.2));
        server.at(at.clone(), Item { at: at.clone(), items: self.items.clone() }).await?;
        Ok((at, none()))
    }
}

struct Item {
    at: OwnedObjectPath,
    items: Items,
}

#[interface(name = "org.freedesktop.Secret.Item")]
impl Item {
    #[zbus(property)]
    fn locked(&self) -> bool {
        false
    }

    fn get_secret(&self, session: OwnedObjectPath) -> fdo::Result<(Secret,)> {
        let items = self.items.lock().expect("nobody panics");
        let found = items.iter().find(|(path, ..)| *path == self.at);
        let (_, _, secret) = found.ok_or_else(|| fdo::Error::UnknownObject("it is gone".into()))?;
        Ok(((session, Vec::new(), secret.clone(), "application/octet-stream".into()),))
    }

    fn set_secret(&self, secret: Secret) {
        let mut items = self.items.lock().expect("nobody panics");
        if let Some(found) = items.iter_mut().find(|(path, ..)| *path == self.at) {
            found.2 = secret.2;
        }
    }

    fn delete(&self) -> OwnedObjectPath {
        self.items.lock().expect("nobody panics").retain(|(path, ..)| *path != self.at);
        none()
    }
}
