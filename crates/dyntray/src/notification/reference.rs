//! A notification as its desktop knows it.

use serde::{Deserialize, Serialize};

/// The name of an open notification, good for as long as its desktop's notification daemon runs, also for a later start of
/// this program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationRef {
    /// The daemon: its bus, and its place there.
    pub(super) daemon: String,
    /// The daemon's number for it.
    pub(super) id: u32,
}

impl NotificationRef {
    /// The notification `id` of `daemon`.
    #[cfg(any(target_os = "linux", test))]
    pub(crate) fn new(daemon: String, id: u32) -> Self {
        NotificationRef { daemon, id }
    }
}
