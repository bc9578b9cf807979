//! A server's wish to be left alone for a while, as it is kept.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::protocol::retry_after::{LONGEST_WAIT, RetryAfter};
use crate::protocol::retryable::RetryableError;
use crate::types::moment::Moment;

/// The wait that a server asked for. Nothing is sent to it or asked of it before the end, whoever wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerWait {
    /// The end of the wait.
    pub until: Timestamp,
    /// The length of the wait, so that a clock set back doesn't make it longer.
    pub length: SignedDuration,
    /// The HTTP status that came with the wish.
    pub status: u16,
}

impl ServerWait {
    /// The wait for a wish that came at `now`.
    pub fn of(wish: &RetryAfter, now: Timestamp) -> Self {
        let length = wish.wait.min(LONGEST_WAIT);
        ServerWait { until: now.later(length), length, status: wish.status }
    }

    /// The server's trouble, as it is shown for host names that wait with the one whose request was turned away.
    pub fn error(&self) -> RetryableError {
        RetryableError::Server { code: self.status.to_string() }
    }

    /// Shortens a wait that a clock set back has made too long.
    pub(crate) fn clamp_to_clock(&mut self, now: Timestamp) {
        self.until = self.until.min(now.later(self.length.min(LONGEST_WAIT)));
    }
}
