//! Findings: the outcome of the sources' answers for one family, and the explanation that people see.

use std::net::Ipv6Addr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::observation::{LookUpProblem, Observation};
use crate::types::address::{Family, PublicAddress};
use crate::types::cow_arc::CowArc;
use crate::types::network::Prefix;
use crate::types::source::Origin;

/// The explanation of an entry's address of one family: the answer to "Why this address?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The family.
    pub family: Family,
    /// The sources' reports, the most trusted first.
    pub said: Vec<SourceReport>,
    /// The outcome of the reports.
    pub outcome: Outcome,
    /// The address that goes along in its place, as the service has it: the service may delete what isn't named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub kept: Option<PublicAddress>,
    /// The parts of another device's address; the sources report the line's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub device: Option<DeviceAddress>,
}

/// The address of another device of the home, and what it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct DeviceAddress {
    /// The home's prefix.
    pub prefix: Prefix,
    /// What follows it.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub id: Ipv6Addr,
    /// Both together.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub address: Ipv6Addr,
}

/// One source's part in an explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct SourceReport {
    /// The source's kind.
    pub origin: Origin,
    /// The web resolver's host; none where it is no web resolver.
    pub host: Option<String>,
    /// Its answer.
    pub observation: Observation,
    /// The time of the answer.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Timestamp,
    /// Its weight in the outcome.
    pub weight: Weight,
}

/// The weight of one source's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Weight {
    /// Its address is the one that is published.
    Taken,
    /// It reports the same address.
    Agrees,
    /// It reports another address.
    Differs,
    /// It reported no usable address.
    Unused,
}

/// The outcome of weighing all answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Outcome {
    /// A source that matters hasn't answered yet.
    Unknown,
    /// This address is the line's.
    Publish {
        /// The address.
        address: PublicAddress,
        /// The basis on which it is believed.
        #[serde(rename = "because")]
        basis: Basis,
    },
    /// An address is known, but held back.
    Held {
        /// The address.
        address: Option<PublicAddress>,
        /// The reason.
        hold: HoldReason,
    },
    /// The line has no address of this family.
    NoAddress,
    /// No source could tell.
    Nothing {
        /// The first source's reason.
        why: LookUpProblem,
    },
}

/// The basis on which an address is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Basis {
    /// The web resolver reported it over an encrypted connection.
    WebResolver,
    /// Two sources report the same address.
    TwoSources,
    /// One source reported it twice.
    SecondLook,
    /// It is this machine's stable address in the prefix that the web resolver saw.
    StableOfPrefix,
    /// It is this machine's stable address in the prefix that was delegated to the router.
    RoutersPrefix,
    /// It is an address of this machine's interfaces.
    OwnInterface,
    /// The person typed it as a fixed address.
    Fixed,
    /// The router is itself behind a router: others may reach it if the outer one lets them.
    DoubleNat,
    /// The settings allow it; otherwise it would be held back.
    Allowed,
    /// It is another device's: the home's prefix, which is believed, and the device's own part.
    HomePrefix,
}

/// The reason why an address is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum HoldReason {
    /// This machine is in another network than home's.
    Elsewhere,
    /// This machine is in another network than home's, but at the same provider: the router may be new.
    NewRouter,
    /// The present network isn't identified yet.
    WhichNetwork,
    /// The present network can't be identified.
    Unrecognised,
    /// Traffic leaves through a VPN.
    Vpn,
    /// Web resolver and router, or web resolver and this machine, report different lines.
    Conflict,
    /// The provider shares the address between customers.
    Shared,
    /// The router keeps its own address for itself: it is behind another router, or the provider shares the address.
    AddressKept,
    /// The address isn't confirmed yet: a second source or a second look is to come.
    Unconfirmed,
    /// All IPv6 addresses of this machine in the prefix are temporary or deprecated: they end soon.
    NoStableAddress,
    /// The prefix of the home's network isn't known, so another device's address isn't, either.
    NoPrefix,
}

impl HoldReason {
    /// True where the person can say that this network is home.
    pub fn is_about_home(self) -> bool {
        matches!(self, HoldReason::Elsewhere | HoldReason::NewRouter | HoldReason::Unrecognised)
    }
}

impl Explanation {
    /// `why`, where a request has `sent` as its family's address. It stays shared where that is the address explained.
    #[must_use]
    pub fn of_a_request(why: &CowArc<Self>, sent: Option<PublicAddress>) -> CowArc<Self> {
        let mut why = why.clone();
        let kept = sent.filter(|sent| why.outcome.address() != Some(*sent));
        if why.kept != kept {
            why.kept = kept;
        }
        why
    }
}

impl Outcome {
    /// Publishes `address` on `basis`.
    pub fn publish(address: PublicAddress, basis: Basis) -> Self {
        Outcome::Publish { address, basis }
    }

    /// Holds `address` back for `hold`.
    pub fn held(address: PublicAddress, hold: HoldReason) -> Self {
        Outcome::Held { address: Some(address), hold }
    }

    /// The outcome of a single observation.
    pub fn of_one(seen: &Observation, basis: Basis) -> Self {
        match seen {
            Observation::Known { address } => Outcome::publish(*address, basis),
            Observation::NoAddress => Outcome::NoAddress,
            Observation::Unavailable { why } => Outcome::Nothing { why: why.clone() },
        }
    }

    /// The address to publish.
    pub fn address(&self) -> Option<PublicAddress> {
        match self {
            Outcome::Publish { address, .. } => Some(*address),
            Outcome::Unknown | Outcome::Held { .. } | Outcome::NoAddress | Outcome::Nothing { .. } => None,
        }
    }

    /// The reason why an address is held back.
    pub fn hold(&self) -> Option<HoldReason> {
        match self {
            Outcome::Held { hold, .. } => Some(*hold),
            Outcome::Unknown | Outcome::Publish { .. } | Outcome::NoAddress | Outcome::Nothing { .. } => None,
        }
    }
}
