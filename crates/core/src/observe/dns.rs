//! The DNS check after an update: the records that the zone's name servers answer for a host name. It never leads to
//! an update, except for one repair where somebody else changed a record.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::types::address::{Family, PerFamily};

/// The answer of the zone's authoritative name servers for one host name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DnsAnswer {
    /// The records that all name servers which answered agree on; empty where there is none of that family, or it wasn't
    /// asked for.
    Records(PerFamily<Vec<IpAddr>>),
    /// No agreed answer, with the reason.
    CantVerify(DnsProblem),
}

/// The reason why the name servers gave no agreed answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum DnsProblem {
    /// The zone's name servers couldn't be found: no name resolution.
    NoNameServers,
    /// They were found, and none answered: port 53 may be blocked.
    NoAnswer,
    /// They answered that they don't serve the name, or with an error.
    Refused,
    /// They answered differently: a change is still spreading between them.
    Disagree,
}

impl DnsAnswer {
    /// The records of `family`; none without an agreed answer.
    pub fn records(&self, family: Family) -> Option<&[IpAddr]> {
        match self {
            DnsAnswer::Records(records) => Some(records.get(family)),
            DnsAnswer::CantVerify(_) => None,
        }
    }
}

/// The state of one entry's DNS checks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveState {
    /// Each family's record.
    pub records: PerFamily<Live>,
    /// The time of the question that is still unanswered.
    pub asked: Option<Timestamp>,
    /// True when an update was accepted, or the entry became another, since the question: the answer is about the
    /// time before.
    #[serde(default, rename = "overtaken")]
    pub superseded: bool,
    /// The time of the next question; none where none is to come.
    pub next: Option<Timestamp>,
    /// The time when the service last accepted an update.
    pub accepted: Option<Timestamp>,
    /// The number of answers since then.
    pub looks: u32,
    /// The one repair of each record that somebody else changed.
    #[serde(default)]
    pub repairs: PerFamily<Repair>,
}

impl LiveState {
    /// True when the record of `family` is somebody else's, and its one repair is due.
    pub fn is_to_repair(&self, family: Family) -> bool {
        *self.repairs.get(family) == Repair::Due && self.is_foreign(family)
    }

    /// True when the record of `family` is somebody else's, although it was repaired once.
    pub fn is_left(&self, family: Family) -> bool {
        *self.repairs.get(family) == Repair::Done && self.is_foreign(family)
    }

    /// True when the record of `family` is somebody else's.
    pub fn is_foreign(&self, family: Family) -> bool {
        matches!(self.records.get(family), Live::Foreign { .. })
    }

    /// The addresses that somebody else wrote into one of the records, comma separated; none where nobody did.
    pub fn foreign(&self) -> Option<&str> {
        [&self.records.ipv4, &self.records.ipv6].into_iter().find_map(|record| match record {
            Live::Foreign { there, .. } => Some(there.as_str()),
            Live::Unknown | Live::Pending | Live::Live { .. } | Live::CantVerify { .. } => None,
        })
    }
}

/// The state of one record at the zone's name servers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Live {
    /// Not checked.
    #[default]
    Unknown,
    /// The accepted address isn't there yet.
    Pending,
    /// The accepted address is there.
    Live {
        /// The time when that was first seen.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        since: Timestamp,
    },
    /// Another address is there: somebody else changed it.
    Foreign {
        /// The addresses there, comma separated; empty where the record is gone.
        there: String,
        /// The time when that was first seen.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        since: Timestamp,
    },
    /// The name servers gave no agreed answer.
    CantVerify {
        /// The reason.
        why: DnsProblem,
    },
}

/// The one repair of a record that somebody else changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Repair {
    /// None was needed.
    #[default]
    None,
    /// The accepted address is to be sent once more.
    Due,
    /// It was sent: there is no second one until the address changes or a person acts.
    Done,
}
