//! The dialect of an update server, beyond its address: the rest of the URL, the number of addresses in one request, and
//! the format of its replies.

use serde::{Deserialize, Serialize};

use crate::protocol::reply::ResponseFormat;
use crate::protocol::url_template::UrlTemplate;

/// The number of addresses that one request carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Batching {
    /// All that are known.
    #[default]
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
    /// The format of its responses.
    pub format: ResponseFormat,
}

/// The records that a service keeps, and the requests that it takes for them.
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
    /// The number of addresses that one request carries.
    pub fn batching(self) -> Batching {
        match self {
            Families::Together | Families::Ipv4Only => Batching::Together,
            Families::OneByOne => Batching::OneByOne,
        }
    }
}
