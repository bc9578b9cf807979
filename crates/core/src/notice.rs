//! What the person is told by a notification: once per cause, not per attempt.

use serde::{Deserialize, Serialize};

use crate::address::Addresses;
use crate::form::LoginKind;
use crate::reply::HaltReason;
use crate::retry::Trouble;
use crate::settings::{EntryId, NoticeLevel};

/// One notification, as closed codes with data; the words are in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The entry it is about.
    pub entry: EntryId,
    /// Its host name.
    pub hostname: String,
    /// How it logs in: a token's trouble has other words than a password's.
    pub login: LoginKind,
    /// What happened.
    pub cause: Cause,
}

/// What a notification is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// The host name leads to a new address.
    Published {
        /// All addresses that it now has.
        addresses: Addresses,
    },
    /// Stopped until the person acts.
    Halted {
        /// Why.
        reason: HaltReason,
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

impl Notice {
    /// Whether it is told at `level`.
    pub fn is_told_at(&self, level: NoticeLevel) -> bool {
        match level {
            NoticeLevel::Off => false,
            NoticeLevel::Problems => !matches!(self.cause, Cause::Published { .. }),
            NoticeLevel::Changes => true,
        }
    }
}
