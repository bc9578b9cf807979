//! The channel of snapshots, and how current its newest one is.

use std::time::Duration;

use dyntray_core::Snapshot;
use tokio::sync::watch;
use tokio::time::Instant;

/// The sending end of the snapshots.
pub(super) struct Snapshots {
    sender: watch::Sender<Snapshot>,
    made: Instant,
    is_stale: bool,
}

impl Snapshots {
    /// The end of a channel that holds a current snapshot.
    pub(super) fn new(sender: watch::Sender<Snapshot>) -> Self {
        Snapshots { sender, made: Instant::now(), is_stale: false }
    }

    /// Notes that something has happened since the newest snapshot.
    pub(super) fn mark_stale(&mut self) {
        self.is_stale = true;
    }

    /// True if something has happened since the newest snapshot.
    pub(super) fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// The time at which the newest snapshot is `interval` old.
    pub(super) fn due(&self, interval: Duration) -> Instant {
        self.made + interval
    }

    /// The newest snapshot.
    pub(super) fn newest(&self) -> Snapshot {
        self.sender.borrow().clone()
    }

    /// Publishes a snapshot that was begun at `made`. Receivers see it only if it differs from the one before.
    pub(super) fn publish(&mut self, snapshot: Snapshot, made: Instant) {
        (self.made, self.is_stale) = (made, false);
        self.sender.send_if_modified(|newest| {
            let changed = *newest != snapshot;
            *newest = snapshot;
            changed
        });
    }
}
