//! Writes the state and the history, and the refusals a second time.

use dyntray_core::record::HistoryItem;
use dyntray_core::state::State;
use dyntray_core::state::health_issue::HealthIssue;

use super::Agent;
use crate::history::Durability;

impl Agent {
    /// Writes a state and the items that led to it. False, with a health issue raised, if that fails.
    pub(super) fn write(&mut self, state: &State, items: &[HistoryItem], durability: Durability) -> bool {
        let is_of_writing = |issue: &HealthIssue| {
            matches!(issue, HealthIssue::CannotRemember { .. } | HealthIssue::HistoryNewer { .. })
        };
        self.health_issues.retain(|issue| !is_of_writing(issue));
        if self.history.is_kept() {
            self.refusals.follow(state);
        }
        if let Err(error) = self.history.save(state, items, durability) {
            tracing::error!(%error, "the state can't be written");
            self.health_issues.push(self.history.health_issue(&error));
            return false;
        }
        self.write_due = None;
        true
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
}
