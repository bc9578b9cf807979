//! The daemon's end of the bus.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use zbus::{object_server::SignalEmitter, zvariant::OwnedValue};

use super::notice::Notice;

/// All notices, shared by the daemon's end of the bus and the story's.
#[derive(Debug, Clone, Default)]
pub(super) struct Board {
    notices: Arc<Mutex<Vec<Notice>>>,
    last: Arc<Mutex<u32>>,
}

impl Board {
    pub(super) fn notices(&self) -> MutexGuard<'_, Vec<Notice>> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> u32 {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last += 1;
        *last
    }

    pub(super) fn close(&self, id: u32) {
        self.notices().iter_mut().filter(|notice| notice.id == id).for_each(|notice| notice.closed = true);
    }
}

/// The daemon's end of the bus.
pub(super) struct Daemon {
    pub(super) board: Board,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    #[expect(
        clippy::too_many_arguments,
        clippy::needless_pass_by_value,
        reason = "the protocol gives eight values"
    )]
    fn notify(
        &self,
        app: String,
        replaces: u32,
        icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        expires: i32,
    ) -> u32 {
        let id = if replaces == 0 { self.board.next() } else { replaces };
        let urgency = hints.get("urgency").and_then(|value| value.downcast_ref::<u8>().ok());
        let text = |(name, value): (&String, &OwnedValue)| {
            Some((name.clone(), value.downcast_ref::<String>().ok()?))
        };
        self.board.notices().push(Notice {
            id,
            app,
            replaces,
            icon,
            summary,
            body,
            actions: actions.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect(),
            urgency,
            hints: hints.iter().filter_map(text).collect(),
            expires,
            closed: false,
        });
        id
    }

    async fn close_notification(&self, id: u32, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) {
        self.board.close(id);
        // The only way this fails is that the bus is gone, and then nobody listens.
        let _nobody_listens = Self::notification_closed(&emitter, id, 3).await;
    }

    #[expect(clippy::unused_self, reason = "the bus calls it on the object")]
    fn get_capabilities(&self) -> Vec<&'static str> {
        vec!["body", "actions", "persistence"]
    }

    #[expect(clippy::unused_self, reason = "the bus calls it on the object")]
    fn get_server_information(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        ("recorder", "Dyntray stories", env!("CARGO_PKG_VERSION"), "1.2")
    }

    /// A button was pressed.
    #[zbus(signal)]
    pub(super) async fn action_invoked(
        emitter: &SignalEmitter<'_>,
        id: u32,
        action_key: &str,
    ) -> zbus::Result<()>;

    /// A notice is gone: 1 expired, 2 by the person, 3 by the program.
    #[zbus(signal)]
    pub(super) async fn notification_closed(
        emitter: &SignalEmitter<'_>,
        id: u32,
        reason: u32,
    ) -> zbus::Result<()>;
}
