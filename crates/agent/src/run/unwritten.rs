//! Writes that another process, or a full disk, is in the way of.

use std::time::Duration;

use dyntray_core::record::HistoryItem;
use tokio::time::Instant;

use crate::history::Durability;

/// The time that a write of the running program waits for another process that writes. Nothing else happens meanwhile.
pub(super) const PATIENCE: Duration = Duration::from_millis(10);
/// The wait before the next try of a write that another process is in the way of.
pub(super) const BUSY_RETRY: Duration = Duration::from_millis(100);

/// Writes that failed and are to be made with the next one.
pub(super) struct Unwritten {
    pub(super) items: Vec<HistoryItem>,
    pub(super) durability: Durability,
    /// The time since when another process is in the way.
    pub(super) busy_since: Option<Instant>,
}

impl Default for Unwritten {
    fn default() -> Self {
        Unwritten { items: Vec::new(), durability: Durability::Deferred, busy_since: None }
    }
}

impl Unwritten {
    /// True while another process is in the way of the next write.
    pub(super) fn is_busy(&self) -> bool {
        self.busy_since.is_some()
    }
}
