//! How an update server wants to be spoken to, beyond its address: what stands behind it in the URL, whether one request
//! may carry both addresses, and how it answers.

use serde::{Deserialize, Serialize};

use crate::reply::Answers;
use crate::tail::Tail;

/// How many addresses one request carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sending {
    /// All that are known.
    #[default]
    Together,
    /// One; the next one goes when that was answered.
    OneByOne,
}

/// How a server is spoken to. By default as dyndns2 has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// What stands behind the server and its path.
    pub tail: Tail,
    /// How many addresses one request carries.
    pub sending: Sending,
    /// How it answers.
    pub answers: Answers,
}

/// Which records a service keeps, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Families {
    /// A and AAAA, both in one request.
    Together,
    /// A and AAAA, one request each.
    OneByOne,
    /// The A record only.
    Ipv4Only,
}

impl Families {
    /// How many addresses one request carries.
    pub fn sending(self) -> Sending {
        match self {
            Families::Together | Families::Ipv4Only => Sending::Together,
            Families::OneByOne => Sending::OneByOne,
        }
    }
}
