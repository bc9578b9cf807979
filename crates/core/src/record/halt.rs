//! Halts: an entry stops until a person acts, or until its missing secret is there. They begin and end here.

use jiff::Timestamp;

use super::event::SecretPresence;
use super::recorded::{Recorded, UpdateResult};
use crate::protocol::reply::HaltReason;
use crate::settings::Settings;
use crate::state::State;
use crate::state::entry::{EntryState, Halt, SecretLook};
use crate::state::notice::{Cause, Notice};
use crate::types::entry_id::EntryId;

/// Begins a halt, because the service refused or a secret is missing. Nothing is sent until it ends.
pub(super) fn begin(at: &mut EntryState, reason: HaltReason, now: Timestamp) -> (UpdateResult, Vec<Cause>) {
    at.retry = None;
    at.person_waits = false;
    at.secret_look.due = false;
    at.halt = Some(Halt { reason: reason.clone(), at: now });
    (UpdateResult::Halted { reason: reason.clone() }, vec![Cause::Halted { reason }])
}

/// Ends a halt, because a person acted, the service accepted a request after all, or the missing secret is there.
pub(super) fn end(at: &mut EntryState) {
    at.halt = None;
    at.secret_look.due = false;
}

/// Has every secret looked for once that is missing, or that nobody has seen yet. Whoever took it away didn't refuse
/// anything: another secret service may have answered then. And settings that were brought from another machine come
/// without secrets.
pub(super) fn look_for_secrets(state: &mut State) {
    for at in state.entries.values_mut() {
        let is_unseen = at.halt.is_none() && at.secret_kept_since().is_none() && at.in_flight.is_none();
        if is_unseen || is_for_missing_secret(at) {
            at.secret_look.due = true;
        }
    }
}

pub(super) fn secret_look_started(state: &mut State, id: EntryId) {
    if let Some(at) = state.entries.get_mut(&id) {
        at.secret_look = SecretLook { due: false, under_way: true };
    }
}

/// Ends a halt whose missing secret was found, and begins one where a secret turns out to be missing.
pub(super) fn secret_look_ended(
    done: &mut Recorded,
    settings: &Settings,
    id: EntryId,
    presence: SecretPresence,
    now: Timestamp,
) {
    let Some(at) = done.state.entries.get_mut(&id) else { return };
    at.secret_look.under_way = false;
    match presence {
        SecretPresence::Found => {
            at.secret_saved.get_or_insert(now);
            // Somebody may have asked for another look meanwhile.
            at.secret_look.due = false;
            if is_for_missing_secret(at) {
                end(at);
                // The person was told of the halt, so its end is told as well.
                at.person_waits = true;
            }
        }
        SecretPresence::Missing { keyring } => {
            let is_new = at.halt.is_none() && at.in_flight.is_none() && at.secret_kept_since().is_none();
            if let Some(entry) = settings.entry(id).filter(|_| is_new) {
                let (_result, causes) = begin(at, HaltReason::SecretMissing { keyring }, now);
                done.notices.extend(causes.into_iter().map(|cause| Notice::of(entry, cause)));
            }
        }
        SecretPresence::Unknown => {}
    }
}

/// Stops an entry whose secret is surely gone. A halt for another reason stays: a new secret ends that, too.
pub(super) fn secret_gone(done: &mut Recorded, settings: &Settings, id: EntryId, now: Timestamp) {
    let Some(entry) = settings.entry(id).filter(|entry| entry.enabled) else { return };
    let at = done.state.entries.entry(id).or_default();
    (at.secret_saved, at.secret_accepted) = (None, None);
    if at.halt.is_none() && at.in_flight.is_none() {
        let (_result, causes) = begin(at, HaltReason::SecretMissing { keyring: None }, now);
        done.notices.extend(causes.into_iter().map(|cause| Notice::of(entry, cause)));
    }
}

fn is_for_missing_secret(at: &EntryState) -> bool {
    at.halt.as_ref().is_some_and(|halt| matches!(halt.reason, HaltReason::SecretMissing { .. }))
}
