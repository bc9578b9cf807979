//! Health issues: faults of the program itself.

use serde::{Deserialize, Serialize};

/// A fault of the program itself, reported by the edges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum HealthIssue {
    /// The settings file couldn't be read; it was moved aside.
    SettingsDamaged {
        /// The place where it is kept.
        kept: String,
    },
    /// The state and history couldn't be read; they were moved aside.
    HistoryDamaged {
        /// The place where they are kept.
        kept: String,
    },
    /// The state and history weren't there, although a service has answered before. They begin anew; refusals are kept
    /// elsewhere.
    HistoryMissing,
    /// The state and history are of a newer version of the program, and left as they are. Nothing is sent, because
    /// nothing that was remembered is known.
    HistoryNewer {
        /// Their place.
        kept: String,
    },
    /// The state can't be written. Nothing is sent, because a restart would forget it.
    CannotRemember {
        /// The system's message.
        why: String,
    },
    /// Another version of the program was installed in the place of the one that runs.
    ProgramReplaced,
    /// No panel shows tray icons.
    NoTray,
    /// The desktop shows no notifications.
    NoNotices,
    /// The system keeps the program from the local network, so that the router can't be asked.
    LocalNetworkDenied,
}

impl HealthIssue {
    /// True where updates suffer from it, so a person is needed.
    pub fn is_grave(&self) -> bool {
        !matches!(
            self,
            HealthIssue::ProgramReplaced
                | HealthIssue::NoTray
                | HealthIssue::NoNotices
                | HealthIssue::LocalNetworkDenied
        )
    }

    /// True where nothing is sent while it lasts, because it couldn't be remembered.
    pub fn holds_requests(&self) -> bool {
        matches!(self, HealthIssue::HistoryNewer { .. } | HealthIssue::CannotRemember { .. })
    }
}
