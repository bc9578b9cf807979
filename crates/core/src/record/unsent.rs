//! Requests that never left this machine.

use jiff::Timestamp;

use crate::state::State;
use crate::state::entry::RetryState;

/// Lets requests that never left this machine be tried again from `until` on, because the network isn't what it was when
/// they failed. What reached a server keeps its wait.
pub(super) fn bring_forward(state: &mut State, until: Timestamp) {
    for at in state.entries.values_mut() {
        // Looked at first: a change would unshare all of thousands of entries.
        let waits = |retry: &RetryState| !retry.error.was_sent() && retry.retry_at > until;
        if at.retry.as_deref().is_some_and(waits)
            && let Some(retry) = &mut at.retry
        {
            retry.retry_at = until;
        }
    }
}
