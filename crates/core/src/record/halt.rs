//! Halts: an entry stops until a person acts. They begin and end here.

use jiff::Timestamp;

use super::recorded::UpdateResult;
use crate::protocol::reply::HaltReason;
use crate::state::entry::{EntryState, Halt};
use crate::state::notice::Cause;

/// Begins a halt, because the service refused or a secret is missing. Nothing is sent until a person acts.
pub(super) fn begin(at: &mut EntryState, reason: HaltReason, now: Timestamp) -> (UpdateResult, Vec<Cause>) {
    at.retry = None;
    at.person_waits = false;
    at.halt = Some(Halt { reason: reason.clone(), at: now });
    (UpdateResult::Halted { reason: reason.clone() }, vec![Cause::Halted { reason }])
}

/// Ends a halt, because a person acted or the service accepted a request after all.
pub(super) fn end(at: &mut EntryState) {
    at.halt = None;
}
