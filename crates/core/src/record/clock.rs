//! Time passed, or the clock was set.

use jiff::Timestamp;

use super::future::{self, Noticed};
use super::recorded::Recorded;
use crate::assess::Assessment;
use crate::assess::due::to_send;
use crate::observe::finding::Outcome;
use crate::settings::{Entry, Settings};
use crate::state::State;
use crate::types::entry_id::EntryId;

/// Corrects what a clock set back has left in the future, and ends a pause that is over. Forgets failures whose wait is
/// over when nothing is left to send.
pub(super) fn tick(done: &mut Recorded, settings: &Settings, now: Timestamp) {
    let Recorded { state, assessment, .. } = done;
    future::correct(state, settings, now, Noticed::WhileRunning);
    let finished: Vec<EntryId> = settings
        .entries
        .iter()
        .filter(|entry| nothing_left_to_try(assessment, entry, state, now))
        .map(|entry| entry.id)
        .collect();
    for id in finished {
        state.entries.entry(id).or_default().retry = None;
    }
}

/// True when an entry's wait is over and the service already holds all that the sources report.
fn nothing_left_to_try(assessment: &Assessment, entry: &Entry, state: &State, now: Timestamp) -> bool {
    let could_tell = |found: &Outcome| matches!(found, Outcome::Publish { .. } | Outcome::NoAddress);
    let kind = assessment.kind(entry);
    state.entries.get(&entry.id).is_some_and(|at| {
        at.retry.as_ref().is_some_and(|retry| retry.retry_at <= now)
            && at.in_flight.is_none()
            && kind.outcomes().all(could_tell)
            && !kind.addresses.is_empty()
            && to_send(entry, at, state, kind).is_none()
    })
}
