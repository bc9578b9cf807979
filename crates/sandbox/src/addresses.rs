//! A pair of addresses: one of each family at most.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

/// One address of each family at most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// The IPv4 address, for an A record.
    pub ipv4: Option<Ipv4Addr>,
    /// The IPv6 address, for an AAAA record.
    pub ipv6: Option<Ipv6Addr>,
}

impl Addresses {
    /// Returns true if there is no address at all.
    pub fn is_empty(&self) -> bool {
        self.ipv4.is_none() && self.ipv6.is_none()
    }

    /// These addresses, with missing ones taken from `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { ipv4: self.ipv4.or(other.ipv4), ipv6: self.ipv6.or(other.ipv6) }
    }
}

impl fmt::Display for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.ipv4, self.ipv6) {
            (Some(ipv4), Some(ipv6)) => write!(f, "{ipv4},{ipv6}"),
            (Some(ipv4), None) => ipv4.fmt(f),
            (None, Some(ipv6)) => ipv6.fmt(f),
            (None, None) => Ok(()),
        }
    }
}
