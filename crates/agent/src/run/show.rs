//! Makes snapshots of the agent for everybody who watches it.

use std::time::Duration;

use dyntray_core::Snapshot;
use dyntray_core::present::refresh;
use jiff::Timestamp;
use tokio::time::Instant;

use super::Agent;
use super::mode::RunMode;

impl Agent {
    /// Makes and publishes a snapshot.
    pub(super) fn show(&mut self) {
        let Agent { snapshots, settings, state, assessment, health_issues, .. } = self;
        snapshots
            .publish(|newest| refresh(newest, settings, state, assessment, health_issues, Timestamp::now()));
    }

    /// A snapshot that is not stale.
    pub(super) fn current_snapshot(&mut self) -> Snapshot {
        if self.snapshots.is_stale() {
            self.show();
        }
        self.snapshots.newest()
    }

    /// The earliest time of the next snapshot. One of thousands of entries takes time, here and at every receiver. A
    /// command gets its own at once.
    pub(super) fn snapshot_due(&self) -> Instant {
        let burst = if self.mode == RunMode::Daemon { 2 } else { 0 };
        let slow =
            u64::try_from(self.settings.entries.len()).unwrap_or(u64::MAX).min(2_000).saturating_sub(10);
        self.snapshots.due(Duration::from_millis(burst + slow))
    }
}
