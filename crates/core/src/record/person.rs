//! Actions of a person: *Update now*, *Try again*, unlocking the keyring, closing the window.

use jiff::Timestamp;

use super::recorded::Recorded;
use super::{dns, halt, look_up, network_change};
use crate::settings::Settings;
use crate::state::entry::EntryState;
use crate::state::notice::{Notice, ProgramNotice};
use crate::state::{LONGEST_PAUSE, Pause, State};
use crate::types::address::PerFamily;
use crate::types::entry_id::EntryId;
use crate::types::moment::Moment;

pub(super) fn update_now(state: &mut State, now: Timestamp) {
    look_now(state, now);
    for at in state.entries.values_mut() {
        shorten_backoff(at, now);
    }
}

/// The same for a timer. A server that was reached isn't hurried: its answer may have been a refusal in words that nobody
/// knows, and a login that is tried every few minutes gets the account locked.
pub(super) fn update_when_due(state: &mut State, now: Timestamp) {
    look_now(state, now);
    for at in state.entries.values_mut() {
        let planned = at.retry.as_ref().filter(|retry| retry.error.was_sent()).map(|retry| retry.retry_at);
        shorten_backoff(at, now);
        if let (Some(retry), Some(planned)) = (&mut at.retry, planned) {
            retry.retry_at = planned;
        }
    }
}

fn look_now(state: &mut State, now: Timestamp) {
    network_change::settle(state, now);
    look_up::look_again(state, now);
    halt::look_for_secrets(state);
}

pub(super) fn try_again(state: &mut State, id: EntryId, now: Timestamp) {
    network_change::settle(state, now);
    look_up::look_again(state, now);
    if let Some(at) = state.entries.get_mut(&id) {
        halt::end(at);
        at.person_waits = true;
        shorten_backoff(at, now);
    }
}

/// Shortens an entry's waits: a person who asks needn't wait as long as the program by itself.
fn shorten_backoff(at: &mut EntryState, now: Timestamp) {
    at.changes.clear();
    at.unchanged = PerFamily::default();
    dns::acted_on(&mut at.live, now);
    if let Some(retry) = &mut at.retry {
        let earliest = retry.last.later(retry.error.shortest_delay_when_asked());
        retry.retry_at = retry.retry_at.min(earliest);
    }
}

/// Begins a pause, of a year at most: an end comes from outside, and nobody means the end of time.
pub(super) fn paused(state: &mut State, pause: Pause, now: Timestamp) {
    let until = pause.until.map(|until| until.min(now.later(LONGEST_PAUSE)));
    state.pause = Some(Pause { until });
    state.pause_length = until.map(|until| until.duration_since(now));
}

/// Reports, once, that updates go on without a window.
pub(super) fn window_closed(done: &mut Recorded, settings: &Settings) {
    if settings.enabled().next().is_some() && !std::mem::replace(&mut done.state.told_still_running, true) {
        done.notices.push(Notice::Program(ProgramNotice::StillRunning));
    }
}

/// Ends the waits that only the keyring caused, and looks for secrets that it hadn't.
pub(super) fn keyring_back(state: &mut State, now: Timestamp) {
    halt::look_for_secrets(state);
    for retry in state.entries.values_mut().filter_map(|at| at.retry.as_mut()) {
        if retry.error.is_keyring() {
            retry.retry_at = now;
        }
    }
}
