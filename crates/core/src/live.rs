//! What the world's name servers answer for a host: the check after an update, never a reason for one.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::address::{Family, PerFamily};

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
