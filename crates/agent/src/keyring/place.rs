//! The place of a secret, made ready before the secret is read or written: open, and there.

#[cfg(target_os = "linux")]
use super::error::KeyringError;
#[cfg(target_os = "linux")]
use super::prompting::Prompting;
#[cfg(target_os = "linux")]
use super::secret_service::{Answer, Attributes, Look, SecretService};

/// The need for the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// To read, before an update: a prompt must be allowed.
    Read,
    /// To write or remove, because a person saves: a prompt is part of it, and so is the choice of a new password.
    Write,
    /// To unlock, because a person asked for that alone.
    Unlock,
}

/// The place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is ready.
    Ready,
    /// There is none, so nothing is kept in it.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "other systems always have one"))]
    Empty,
}

/// The most prompts in a row: the default collection, and the one that has the item.
#[cfg(target_os = "linux")]
const MOST_PROMPTS: usize = 2;

/// The one who makes places ready, without a prompt where none is allowed. All items have the service name `name`.
#[cfg(target_os = "linux")]
pub(super) struct PlaceKeeper {
    name: String,
    prompting: Prompting,
    service: Option<SecretService>,
}

#[cfg(target_os = "linux")]
impl PlaceKeeper {
    pub(super) fn new(name: String, prompting: Prompting) -> Self {
        PlaceKeeper { name, prompting, service: None }
    }

    /// Makes the place of the item of `user` ready, or of all items.
    pub(super) fn prepare(&mut self, user: Option<&str>, need: Need) -> Result<Place, KeyringError> {
        let mut item = Attributes::from([("service", self.name.as_str())]);
        item.extend(user.map(|user| ("username", user)));
        let prepared =
            connected(&mut self.service).and_then(|service| prepared(service, &item, need, &self.prompting));
        prepared.unwrap_or_else(|error| {
            tracing::warn!(%error, "the keyring can't be looked into");
            self.service = None;
            Err(KeyringError::Absent)
        })
    }

    /// The name of the program that keeps the secrets; none where there is none.
    pub(super) fn owner(&mut self) -> Option<String> {
        connected(&mut self.service).ok()?.owner()
    }
}

#[cfg(target_os = "linux")]
fn connected(service: &mut Option<SecretService>) -> zbus::Result<&SecretService> {
    Ok(match service.take() {
        Some(connected) => service.insert(connected),
        None => service.insert(SecretService::connect()?),
    })
}

#[cfg(target_os = "linux")]
fn prepared(
    service: &SecretService,
    item: &Attributes<'_>,
    need: Need,
    prompting: &Prompting,
) -> zbus::Result<Result<Place, KeyringError>> {
    for _ in 0..=MOST_PROMPTS {
        let answer = match service.look(item)? {
            Look::Open => {
                prompting.seen_open();
                return Ok(Ok(Place::Ready));
            }
            Look::NoCollection if need != Need::Write => return Ok(Ok(Place::Empty)),
            Look::NoCollection => prompting.show(|| service.create_default_collection(item))?,
            Look::Locked(objects) if need != Need::Read || prompting.is_allowed() => {
                prompting.show(|| service.unlock(&objects, item))?
            }
            Look::Locked(_) => return Ok(Err(KeyringError::Locked)),
        };
        if answer == Answer::Cancelled {
            break;
        }
    }
    Ok(Err(KeyringError::Locked))
}

/// The kind of a secret service's error.
#[cfg(target_os = "linux")]
pub(super) fn classify(error: &secret_service::Error) -> KeyringError {
    use secret_service::Error;
    match error {
        Error::Locked | Error::NoResult | Error::Prompt => KeyringError::Locked,
        _ => KeyringError::Absent,
    }
}
