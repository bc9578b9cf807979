//! What the person is told by a notification: once per cause, not per attempt.

use serde::{Deserialize, Serialize};

use crate::address::{Addresses, PublicAddress};
use crate::form::LoginKind;
use crate::release::Version;
use crate::reply::HaltReason;
use crate::retry::Trouble;
use crate::settings::{Entry, EntryId, NoticeLevel};

/// One notification, as closed codes with data; the words are in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// About one host name.
    Host(HostNotice),
    /// About the program itself.
    Program(ProgramNotice),
}

/// A notification about one host name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostNotice {
    /// The entry it is about.
    pub entry: EntryId,
    /// Its host name.
    pub hostname: String,
    /// How it logs in: a token's trouble has other words than a password's.
    pub login: LoginKind,
    /// What happened.
    pub cause: Cause,
}

/// What a notification about a host name is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// The host name leads to this line.
    Published {
        /// All addresses that it now has.
        addresses: Addresses,
        /// What led to the update.
        after: After,
    },
    /// The zone's name servers have the new address.
    Live {
        /// The address.
        address: PublicAddress,
    },
    /// Stopped until the person acts.
    Halted {
        /// Why.
        reason: HaltReason,
    },
    /// An update failed for the first time in a while.
    Troubled {
        /// How.
        trouble: Trouble,
    },
    /// Trouble that lasts for more than an hour.
    Lasting {
        /// Which.
        trouble: Trouble,
    },
    /// The keyring is locked or missing, so nothing can be sent.
    Keyring {
        /// Which of the two.
        trouble: Trouble,
    },
    /// The service keeps saying that the address is there already.
    AnotherUpdater,
    /// The name servers have another address than the one that the service accepted.
    ChangedElsewhere {
        /// What is there, comma separated; empty where the record is gone.
        there: String,
    },
    /// This machine is in a network that isn't home: nothing is published.
    Elsewhere,
}

/// What led to an accepted update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum After {
    /// A person did something, and waits to hear what came of it.
    Deed,
    /// Trouble that the person was told of.
    Trouble,
    /// Another address.
    Change,
    /// Nothing new: the address was there already.
    Nothing,
}

/// What a notification about the program itself is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProgramNotice {
    /// The window was closed for the first time: updates go on.
    StillRunning,
    /// A newer version of Dyntray was announced.
    NewVersion {
        /// Which.
        version: Version,
    },
}

impl Notice {
    /// A notification about `entry`.
    pub fn of(entry: &Entry, cause: Cause) -> Self {
        Notice::Host(HostNotice {
            entry: entry.id,
            hostname: entry.hostname.to_string(),
            login: entry.login.kind(),
            cause,
        })
    }

    /// What it says of a host name; none where it is about the program.
    pub fn host(&self) -> Option<&HostNotice> {
        match self {
            Notice::Host(notice) => Some(notice),
            Notice::Program(_) => None,
        }
    }

    /// Whether it is told at `level`.
    pub fn is_told_at(&self, level: NoticeLevel) -> bool {
        level >= self.level()
    }

    /// The lowest level at which it is told.
    fn level(&self) -> NoticeLevel {
        match self {
            Notice::Host(notice) => notice.cause.level(),
            Notice::Program(ProgramNotice::StillRunning | ProgramNotice::NewVersion { .. }) => {
                NoticeLevel::Problems
            }
        }
    }
}

impl Cause {
    /// The lowest level at which it is told.
    pub fn level(&self) -> NoticeLevel {
        match self {
            Cause::Halted { .. }
            | Cause::Lasting { .. }
            | Cause::Keyring { .. }
            | Cause::AnotherUpdater
            | Cause::ChangedElsewhere { .. }
            | Cause::Elsewhere
            | Cause::Published { after: After::Deed | After::Trouble, .. } => NoticeLevel::Problems,
            Cause::Published { after: After::Change, .. } => NoticeLevel::Changes,
            Cause::Published { after: After::Nothing, .. } | Cause::Live { .. } | Cause::Troubled { .. } => {
                NoticeLevel::All
            }
        }
    }
}
