//! Faults of the program itself.

use serde::{Deserialize, Serialize};

/// A fault of the program itself, reported by the edges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum HealthIssue {
    /// The settings file couldn't be read; the old one is kept beside.
    SettingsDamaged {
        /// Where it is kept.
        kept: String,
    },
    /// The state and history couldn't be read; the old ones are kept beside.
    HistoryDamaged {
        /// Where they are kept.
        kept: String,
    },
    /// State can't be written: nothing is sent, because a restart would forget it.
    CannotRemember {
        /// The system's words.
        why: String,
    },
    /// No panel shows tray icons.
    NoTray,
    /// The desktop shows no notifications.
    NoNotices,
}

impl HealthIssue {
    /// True where updates suffer from it, so that a person is needed.
    pub fn is_grave(&self) -> bool {
        !matches!(self, HealthIssue::NoTray | HealthIssue::NoNotices)
    }
}
