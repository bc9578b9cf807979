//! Servers that ask to be left alone for a while.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::protocol::retry_after::RetryAfter;
use crate::state::State;
use crate::state::server_wait::ServerWait;

/// Notes a server's wish. A shorter one doesn't end a longer one.
pub(super) fn asked(state: &mut State, wish: RetryAfter, now: Timestamp) {
    let new = ServerWait::of(&wish, now);
    let kept = state.retry_after.entry(wish.server).or_insert(new);
    if kept.until < new.until {
        *kept = new;
    }
}

/// Shortens waits that a clock set back has made too long, and forgets those that are over.
pub(super) fn correct(waits: &mut BTreeMap<String, ServerWait>, now: Timestamp) {
    waits.retain(|_, wait| {
        wait.clamp_to_clock(now);
        wait.until > now
    });
}
