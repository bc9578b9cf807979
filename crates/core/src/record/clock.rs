//! Time passed, or the clock was set.

use jiff::Timestamp;

use super::recorded::Recorded;
use super::{dns, network_change, release};
use crate::assess::Assessment;
use crate::assess::due::to_send;
use crate::observe::finding::Outcome;
use crate::settings::{Entry, Settings};
use crate::state::entry::EntryState;
use crate::state::{Pause, State};
use crate::types::backoff::{LONGEST_CHANCE, jittered};
use crate::types::entry_id::EntryId;

/// Shortens waits that a clock set back has made too long, but never below the longest wait that their cause can
/// have. Forgets failures whose wait is over when nothing is left to send, and a pause that is over.
pub(super) fn tick(done: &mut Recorded, settings: &Settings, now: Timestamp) {
    let Recorded { state, assessment, .. } = done;
    network_change::clamp_to_clock(state, now);
    release::clamp_to_clock(state, now);
    for at in state.entries.values_mut() {
        at.correct(|at| clamp_to_clock(at, now));
    }
    for source in state.sources.values_mut() {
        let latest = now + jittered(settings.interval, LONGEST_CHANCE);
        source.next = source.next.map(|next| next.min(latest));
    }
    let finished: Vec<EntryId> = settings
        .entries
        .iter()
        .filter(|entry| nothing_left_to_try(assessment, entry, state, now))
        .map(|entry| entry.id)
        .collect();
    for id in finished {
        state.entries.entry(id).or_default().retry = None;
    }
    if let (Some(Pause { until: Some(until) }), Some(length)) = (&mut state.pause, state.pause_length) {
        *until = (*until).min(now + length);
    }
    if !state.is_paused(now) {
        state.pause = None;
    }
}

fn clamp_to_clock(at: &mut EntryState, now: Timestamp) {
    dns::clamp_to_clock(&mut at.live, now);
    at.incomplete_since = at.incomplete_since.map(|since| since.min(now));
    for then in &mut at.changes {
        *then = (*then).min(now);
    }
    if let Some(retry) = &mut at.retry {
        retry.retry_at = retry.retry_at.min(now + retry.error.longest_delay());
        retry.since = retry.since.min(now);
        retry.last = retry.last.min(now);
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
