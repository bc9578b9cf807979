//! What the world's name servers answer for a host: the check after an update. It decides no normal update; only
//! where somebody else changed the record it leads to one repair.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::types::address::{Family, PerFamily};

/// What the zone's authoritative name servers answered for one host name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DnsAnswer {
    /// All that answered agree on these records; empty where there is none of that family.
    Records(PerFamily<Vec<IpAddr>>),
    /// Nobody could be asked, or they don't agree yet.
    CantVerify(DnsProblem),
}

/// Why the name servers told nothing.
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
    /// They answered differently: a change is still on its way between them.
    Disagree,
}

impl DnsAnswer {
    /// The records of `family`; none where nothing was told.
    pub fn records(&self, family: Family) -> Option<&[IpAddr]> {
        match self {
            DnsAnswer::Records(records) => Some(records.get(family)),
            DnsAnswer::CantVerify(_) => None,
        }
    }
}

/// What is known of one entry's records in the world.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveState {
    /// Each family's record.
    pub records: PerFamily<Live>,
    /// When the name servers were asked, while their answer is awaited.
    pub asked: Option<Timestamp>,
    /// True when an update was accepted, or the entry became another, since they were asked: their answer is about before.
    #[serde(default, rename = "overtaken")]
    pub superseded: bool,
    /// When they are asked next; not at all, without.
    pub next: Option<Timestamp>,
    /// When the service last accepted an update.
    pub accepted: Option<Timestamp>,
    /// How often they were asked since.
    pub looks: u32,
    /// How far the one repair of each record that somebody else changed has gone.
    #[serde(default)]
    pub repairs: PerFamily<Repair>,
}

impl LiveState {
    /// Whether the record of `family` is somebody else's, and the one repair of it hasn't been made yet.
    pub fn is_to_repair(&self, family: Family) -> bool {
        *self.repairs.get(family) == Repair::Due && self.is_foreign(family)
    }

    /// Whether the record of `family` is somebody else's, although it was repaired once.
    pub fn is_left(&self, family: Family) -> bool {
        *self.repairs.get(family) == Repair::Done && self.is_foreign(family)
    }

    /// Whether the record of `family` is somebody else's.
    pub fn is_foreign(&self, family: Family) -> bool {
        matches!(self.records.get(family), Live::Foreign { .. })
    }

    /// What somebody else wrote into one of the records, comma separated; none where nobody did.
    pub fn foreign(&self) -> Option<&str> {
        [&self.records.ipv4, &self.records.ipv6].into_iter().find_map(|record| match record {
            Live::Foreign { there, .. } => Some(there.as_str()),
            Live::Unknown | Live::Pending | Live::Live { .. } | Live::CantVerify { .. } => None,
        })
    }
}

/// One record, as the zone's name servers have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Live {
    /// Not looked at.
    #[default]
    Unknown,
    /// The accepted address isn't there yet.
    Pending,
    /// The accepted address is there.
    Live {
        /// Since when, as far as it was seen.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        since: Timestamp,
    },
    /// Another address is there: somebody else changed it.
    Foreign {
        /// What is there, comma separated; empty where the record is gone.
        there: String,
        /// When that was first seen.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        since: Timestamp,
    },
    /// The name servers don't tell.
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
