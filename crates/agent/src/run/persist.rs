//! Writes the state and the history, and the refusals a second time.

use std::time::Duration;

use dyntray_core::record::HistoryItem;
use dyntray_core::state::State;
use tokio::time::Instant;

use super::Agent;
use super::unwritten::{BUSY_RETRY, Unwritten};
use crate::history::Durability;

/// The time for which another process may be in the way before that is a health issue.
const BUSY_LIMIT: Duration = Duration::from_secs(5);
/// The number of items that are kept until they can be written. While nothing can, nothing is sent.
const MAX_UNWRITTEN: usize = 1_000;

impl Agent {
    /// Writes a state and the items that led to it. False if that fails, with a health issue raised unless another process
    /// is in the way and was not for long. The items go with the next write then.
    pub(super) fn write(&mut self, state: &State, items: &[HistoryItem], durability: Durability) -> bool {
        if self.history.is_kept() {
            self.refusals.follow(state);
        }
        let durability = match self.unwritten.durability {
            Durability::Sync => Durability::Sync,
            Durability::Deferred => durability,
        };
        let late = std::mem::take(&mut self.unwritten.items);
        let saved = if late.is_empty() {
            self.history.save(state, items, durability)
        } else {
            let all = [late.as_slice(), items].concat();
            self.history.save(state, &all, durability)
        };
        let Err(error) = saved else {
            self.health_issues.retain(|issue| !issue.holds_requests());
            self.unwritten = Unwritten::default();
            self.write_due = None;
            return true;
        };
        let is_busy = error.is_busy();
        self.unwritten.items = late;
        self.unwritten.items.extend_from_slice(items);
        let surplus = self.unwritten.items.len().saturating_sub(MAX_UNWRITTEN);
        self.unwritten.items.drain(..surplus);
        self.unwritten.durability = durability;
        let now = Instant::now();
        let busy_since = self.unwritten.busy_since.filter(|_| is_busy).unwrap_or(now);
        self.unwritten.busy_since = is_busy.then_some(busy_since);
        if is_busy {
            self.write_due = Some(now + BUSY_RETRY);
        }
        if !is_busy || now - busy_since > BUSY_LIMIT {
            tracing::error!(%error, "the state can't be written");
            self.health_issues.retain(|issue| !issue.holds_requests());
            self.health_issues.push(self.history.health_issue(&error));
        }
        false
    }

    /// Makes the deferred write, if there is one. If it fails, the next event tries again.
    pub(super) fn write_deferred(&mut self) {
        if self.write_due.take().is_some() {
            let (state, issues) = (std::mem::take(&mut self.state), self.health_issues.clone());
            self.write(&state, &[], Durability::Deferred);
            self.state = state;
            if self.health_issues != issues {
                self.snapshots.mark_stale();
            }
        }
    }

    /// Makes the last write before the program ends. Then there is time for another process that writes.
    pub(super) fn write_last(&mut self, patience: Duration) {
        if let Err(error) = self.history.set_patience(patience) {
            tracing::warn!(%error, "the last write waits for nobody");
        }
        self.write_deferred();
    }
}
