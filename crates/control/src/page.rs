//! The pages of the window.

use dyntray_core::types::entry_id::EntryId;
use serde::{Deserialize, Serialize};

/// A page of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "page")]
pub enum Page {
    /// The state of each entry.
    Status,
    /// The form.
    Settings,
    /// The way to a new token for one entry.
    NewToken {
        /// The entry.
        entry: EntryId,
    },
    /// The log and the diagnostics.
    Diagnostics,
    /// The version, what it is made of, and everybody who is contacted.
    About,
}
