//! The result of recording an event: the new state, and what is to be shown and kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::assess::Assessment;
use crate::observe::finding::Explanation;
use crate::protocol::reply::{Accepted, HaltReason};
use crate::protocol::retryable::RetryableError;
use crate::state::State;
use crate::state::notice::Notice;
use crate::types::entry_id::EntryId;

/// The result of one event.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The new state.
    pub state: State,
    /// The assessment of the new state.
    pub assessment: Assessment,
    /// Notifications to show.
    pub notices: Vec<Notice>,
    /// Lines for the history.
    pub history: Vec<HistoryItem>,
    /// True when a power cut may take the change: it is only an observation, and is made again after a restart. Nobody
    /// was told of it, or may be told once more. Anything else must be on disk before it is acted upon.
    pub is_ephemeral: bool,
}

/// One line of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct HistoryItem {
    /// The time; the last one, where it was repeated.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Timestamp,
    /// The entry.
    pub entry: EntryId,
    /// Its host name at that time.
    pub hostname: String,
    /// The addresses sent, comma separated.
    pub addresses: String,
    /// The result.
    #[serde(rename = "what")]
    pub result: UpdateResult,
    /// The explanations of these addresses.
    #[serde(default)]
    pub why: Vec<Explanation>,
    /// The repetition; none where it happened once. The history folds trouble that repeats itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub repeated: Option<Repeated>,
}

/// A result that was repeated, with nothing but trouble between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Repeated {
    /// The first time.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub first: Timestamp,
    /// The number of times, at least two.
    pub times: u32,
}

/// The result of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum UpdateResult {
    /// Accepted.
    Accepted {
        /// The kind of acceptance.
        how: Accepted,
    },
    /// Halted.
    Halted {
        /// The cause.
        reason: HaltReason,
    },
    /// Failed, and to be tried again.
    #[serde(rename = "troubled")]
    Failed {
        /// The error.
        #[serde(rename = "trouble")]
        error: RetryableError,
    },
}
