//! The names of the Secret Service on the session bus.

use std::collections::HashMap;

/// The bus name of whichever program is the secret service.
pub(super) const NAME: &str = "org.freedesktop.secrets";
/// The path of the service.
pub(super) const ROOT: &str = "/org/freedesktop/secrets";
/// The interface of the service.
pub(super) const SERVICE: &str = "org.freedesktop.Secret.Service";
/// The interface of its collections.
pub(super) const COLLECTION: &str = "org.freedesktop.Secret.Collection";

/// The attributes by which an item is found.
pub(in crate::keyring) type Attributes<'a> = HashMap<&'a str, &'a str>;
