//! Our own connection to the notification daemon, for what notify-rust can't do: it hears the activation tokens that a
//! desktop announces with a press, names the daemon, and closes notifications that another run has shown.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

// The signal below has the same name.
use dyntray_control::ActivationToken as Token;
use futures_lite::StreamExt as _;
use tokio::sync::Notify;
use tokio::time::timeout;
use zbus::fdo::DBusProxy;
use zbus::names::WellKnownName;
use zbus::{Connection, proxy};

/// A desktop announces the token before the press, but over another connection than the press is heard on. Many
/// desktops announce none.
const PATIENCE: Duration = Duration::from_millis(150);
/// The number of tokens that are kept. Those for other programs' notifications come, too.
const KEPT: usize = 16;

#[proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Notifications {
    fn close_notification(&self, id: u32) -> zbus::Result<()>;

    #[zbus(signal)]
    fn activation_token(&self, id: u32, token: String) -> zbus::Result<()>;
}

/// The name under which a daemon is found.
const NAME: WellKnownName<'_> = WellKnownName::from_static_str_unchecked("org.freedesktop.Notifications");

/// The connection, and the latest tokens that came over it.
#[derive(Clone)]
pub(super) struct Daemon {
    collected: Rc<Collected>,
    connection: Connection,
}

#[derive(Default)]
struct Collected {
    /// Each with the number of its notification.
    tokens: RefCell<VecDeque<(u32, String)>>,
    arrived: Notify,
}

impl Daemon {
    /// Connects, and collects tokens in a task of its own, for as long as the session bus is there.
    pub(super) async fn connect() -> zbus::Result<Self> {
        let connection = Connection::session().await?;
        let mut signals = NotificationsProxy::new(&connection).await?.receive_activation_token().await?;
        let collected = Rc::<Collected>::default();
        let own = Rc::downgrade(&collected);
        tokio::task::spawn_local(async move {
            while let Some(signal) = signals.next().await {
                let Some(collected) = own.upgrade() else { return };
                match signal.args() {
                    Ok(args) => collected.add(args.id, args.token),
                    Err(error) => tracing::warn!(%error, "an activation token isn't understood"),
                }
            }
        });
        Ok(Daemon { collected, connection })
    }

    /// The running daemon: the bus and the daemon's place there, which no other one ever has. None where none runs.
    pub(super) async fn name(&self) -> Option<String> {
        let bus = DBusProxy::new(&self.connection).await.ok()?;
        let owner = bus.get_name_owner(NAME.into()).await.ok()?;
        Some(format!("{} {owner}", self.connection.server_guid()))
    }

    /// Closes a notification of the running daemon.
    pub(super) async fn close(&self, id: u32) -> zbus::Result<()> {
        NotificationsProxy::new(&self.connection).await?.close_notification(id).await
    }

    /// Takes the activation token of a notification, if one comes within a moment.
    pub(super) async fn token(&self, id: u32) -> Option<Token> {
        let token = async {
            loop {
                let arrived = self.collected.arrived.notified();
                if let Some(token) = self.collected.take(id) {
                    return token;
                }
                arrived.await;
            }
        };
        timeout(PATIENCE, token).await.ok().map(Token)
    }
}

impl Collected {
    fn add(&self, id: u32, token: String) {
        let mut tokens = self.tokens.borrow_mut();
        if tokens.len() == KEPT {
            tokens.pop_front();
        }
        tokens.push_back((id, token));
        drop(tokens);
        self.arrived.notify_waiters();
    }

    fn take(&self, id: u32) -> Option<String> {
        let mut tokens = self.tokens.borrow_mut();
        let place = tokens.iter().rposition(|(of, _)| *of == id)?;
        tokens.remove(place).map(|(_, token)| token)
    }
}
