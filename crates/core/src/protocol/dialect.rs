//! The dialect of an update server, beyond its address: the rest of the URL, the number of addresses in one request, the
//! time between two requests, and the format of its replies.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::protocol::reply::ResponseFormat;
use crate::protocol::url_template::UrlTemplate;

/// The number of addresses that one request carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Batching {
    /// All that the entry keeps, always: the service may delete or overwrite the family that isn't named. It is also the
    /// guess about a service of which nothing else is known.
    #[default]
    AlwaysBoth,
    /// All that are known. The service keeps the family that isn't named.
    Together,
    /// One; the next one goes when that was answered.
    OneByOne,
}

/// The dialect of an update server; by default that of dyndns2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerDialect {
    /// The part of the URL behind server and path.
    pub template: UrlTemplate,
    /// The number of addresses that one request carries.
    pub batching: Batching,
    /// The time that it wants between two requests.
    pub pace: Pace,
    /// The format of its responses.
    pub format: ResponseFormat,
}

/// The shortest time between two requests that a service takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// The time in seconds; zero where nothing is known of one.
    seconds: u32,
    /// The requests that it is between.
    pub of: PaceOf,
}

impl Pace {
    /// That many seconds between two requests of one kind.
    pub fn new(seconds: u32, of: PaceOf) -> Self {
        Pace { seconds, of }
    }

    /// The time; none where nothing is known of one.
    pub fn least(self) -> Option<SignedDuration> {
        (self.seconds > 0).then(|| SignedDuration::from_secs(self.seconds.into()))
    }
}

/// The requests that a service counts together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaceOf {
    /// Those of one host name.
    #[default]
    Host,
    /// Those of all host names in one domain.
    Domain,
}

/// The records that a service keeps, and the requests that it takes for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Families {
    /// A and AAAA, both in one request. What isn't named stays as it is.
    Together,
    /// A and AAAA, always both in one request: what isn't named may be deleted or overwritten.
    AlwaysBoth,
    /// A and AAAA, one request each.
    OneByOne,
    /// The A record only.
    Ipv4Only,
}

impl Families {
    /// The number of addresses that one request carries.
    pub fn batching(self) -> Batching {
        match self {
            Families::Together | Families::Ipv4Only => Batching::Together,
            Families::AlwaysBoth => Batching::AlwaysBoth,
            Families::OneByOne => Batching::OneByOne,
        }
    }
}
