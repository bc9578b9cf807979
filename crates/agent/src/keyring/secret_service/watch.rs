//! Notices when the keyring opens by itself, or when another program becomes the secret service.

use std::sync::Arc;
use std::time::Duration;

use futures_lite::StreamExt as _;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::sleep;
use zbus::fdo::DBusProxy;
use zbus::message::Type;
use zbus::zvariant::{ObjectPath, OwnedValue};
use zbus::{Connection, MatchRule, Message, MessageStream, Result};

use super::names::{COLLECTION, NAME, ROOT, SERVICE};
use crate::faults::fail_on_purpose;

/// The wait before the session bus is tried again: a program that starts with the session may be there before it.
const RECONNECT: Duration = Duration::from_mins(1);
/// The wait from the first signal to its report: a change is a burst of signals.
const DEBOUNCE: Duration = Duration::from_millis(100);

/// A watch on the secret service. Its task ends when it is dropped.
pub(crate) struct ServiceWatch {
    changed: Arc<Notify>,
    task: AbortHandle,
}

impl ServiceWatch {
    /// Starts the watch. Needs a tokio runtime with time and I/O.
    pub(crate) fn start() -> Self {
        let changed = Arc::new(Notify::new());
        let task = tokio::spawn(watch(changed.clone()));
        ServiceWatch { changed, task: task.abort_handle() }
    }

    /// Returns when the keyring was opened, got a new collection, or is another program's. May be dropped and called again
    /// at any time.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }
}

impl Drop for ServiceWatch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn watch(changed: Arc<Notify>) {
    loop {
        fail_on_purpose("the watch on the keyring");
        if let Err(error) = follow(&changed).await {
            tracing::debug!(%error, "the keyring can't be watched");
        }
        sleep(RECONNECT).await;
    }
}

/// Follows the secret service until the bus is gone.
async fn follow(changed: &Notify) -> Result<()> {
    let bus = Connection::session().await?;
    let daemon = DBusProxy::new(&bus).await?;
    let mut owners = daemon.receive_name_owner_changed_with_args(&[(0, NAME)]).await?;
    let signals = || MatchRule::builder().msg_type(Type::Signal).sender(NAME);
    let of_service = signals()?.interface(SERVICE)?.path(ROOT)?.build();
    let of_properties =
        signals()?.member("PropertiesChanged")?.path_namespace(ROOT)?.arg(0, COLLECTION)?.build();
    let mut collections = MessageStream::for_match_rule(of_service, &bus, None).await?;
    let mut properties = MessageStream::for_match_rule(of_properties, &bus, None).await?;
    loop {
        let differs = tokio::select! {
            owner = owners.next() => match owner {
                Some(owner) => owner.args()?.new_owner().is_some(),
                None => return Ok(()),
            },
            message = collections.next() => match message {
                Some(message) => is_open_now(&bus, &message?).await,
                None => return Ok(()),
            },
            message = properties.next() => match message {
                Some(message) => says_open(&message?),
                None => return Ok(()),
            },
        };
        if differs {
            sleep(DEBOUNCE).await;
            changed.notify_one();
        }
    }
}

/// True when the collection of a signal is open. gnome-keyring and KWallet report with the same signal that it was
/// locked.
async fn is_open_now(bus: &Connection, message: &Message) -> bool {
    let body = message.body();
    let Ok(collection) = body.deserialize::<ObjectPath<'_>>() else { return false };
    let properties = Some("org.freedesktop.DBus.Properties");
    let locked = bus.call_method(Some(NAME), &collection, properties, "Get", &(COLLECTION, "Locked")).await;
    let locked = locked.and_then(|reply| reply.body().deserialize::<OwnedValue>());
    // A collection that was deleted isn't open.
    locked.is_ok_and(|locked| matches!(bool::try_from(locked), Ok(false)))
}

/// True when changed properties say that a collection is open.
fn says_open(message: &Message) -> bool {
    type Changed<'a> = (&'a str, std::collections::HashMap<&'a str, OwnedValue>, Vec<&'a str>);
    let body = message.body();
    let Ok((_interface, changed, _invalidated)) = body.deserialize::<Changed<'_>>() else { return false };
    changed.get("Locked").is_some_and(|locked| matches!(locked.downcast_ref::<bool>(), Ok(false)))
}
