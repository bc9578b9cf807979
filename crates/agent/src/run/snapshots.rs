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

    /// Publishes what `refresh` makes of the newest snapshot. Receivers see it only if that says that it differs.
    pub(super) fn publish(&mut self, refresh: impl FnOnce(&mut Snapshot) -> bool) {
        (self.made, self.is_stale) = (Instant::now(), false);
        self.sender.send_if_modified(refresh);
    }
}
