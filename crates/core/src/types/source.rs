//! The sources of addresses, with everything that differs between them. The matches have no catch-all, so the
//! compiler lists every decision that a new source needs.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::address::Family;

/// The router's round. It is in the house, so it may be asked more often than a service.
const ROUTERS_ROUND: SignedDuration = SignedDuration::from_mins(1);

/// An origin of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Origin {
    /// The web resolver of the settings, SPDYN's own by default.
    WebResolver,
    /// Another web resolver, asked when those before it fail.
    FallBack {
        /// Its place in the list, from 0.
        number: u8,
    },
    /// The home's router.
    Router,
    /// This machine's own interfaces.
    Interface,
    /// The person: a fixed address.
    Fixed,
}

impl Origin {
    /// True for a web service, which is asked over the internet and must not be asked often.
    pub fn is_web_resolver(self) -> bool {
        match self {
            Origin::WebResolver | Origin::FallBack { .. } => true,
            Origin::Router | Origin::Interface | Origin::Fixed => false,
        }
    }

    /// True where the answer could be forged or comes from a stranger. It counts only once a second source or a
    /// second look confirms it.
    pub fn needs_second_source(self) -> bool {
        match self {
            Origin::Router | Origin::FallBack { .. } => true,
            Origin::WebResolver | Origin::Interface | Origin::Fixed => false,
        }
    }

    /// The regular time between two questions; `interval` is the time that the settings have for services.
    pub fn round(self, interval: SignedDuration) -> SignedDuration {
        match self {
            Origin::Router => ROUTERS_ROUND.min(interval),
            Origin::WebResolver | Origin::FallBack { .. } | Origin::Interface | Origin::Fixed => interval,
        }
    }

    /// True where a question that didn't reach the source is repeated before the regular round, with growing waits.
    pub fn backs_off(self) -> bool {
        match self {
            Origin::WebResolver | Origin::FallBack { .. } => true,
            Origin::Router | Origin::Interface | Origin::Fixed => false,
        }
    }

    /// True where even an answer without a publishable address describes the line, so that a different answer means a
    /// change.
    pub fn knows_the_line(self) -> bool {
        match self {
            Origin::Router => true,
            Origin::WebResolver | Origin::FallBack { .. } | Origin::Interface | Origin::Fixed => false,
        }
    }

    /// True where this machine is the source. Its answer is worthless after a restart, because the machine may have
    /// been moved.
    pub fn is_this_machine(self) -> bool {
        match self {
            Origin::Interface => true,
            Origin::WebResolver | Origin::FallBack { .. } | Origin::Router | Origin::Fixed => false,
        }
    }
}

/// An origin, and the family that it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Source {
    /// The origin that is asked.
    pub origin: Origin,
    /// The family of the address.
    pub family: Family,
}

impl Source {
    /// The web resolver of `family`.
    pub const fn web_resolver(family: Family) -> Self {
        Source { origin: Origin::WebResolver, family }
    }

    /// The further web resolver of `family` at place `number`.
    pub const fn fall_back(number: u8, family: Family) -> Self {
        Source { origin: Origin::FallBack { number }, family }
    }

    /// The router, for `family`.
    pub const fn router(family: Family) -> Self {
        Source { origin: Origin::Router, family }
    }

    /// This machine's interfaces, for `family`.
    pub const fn interface(family: Family) -> Self {
        Source { origin: Origin::Interface, family }
    }
}

impl From<Source> for String {
    /// Writes the key in the state: `webResolver.ipv4`, `fallBack0.ipv6`.
    fn from(source: Source) -> String {
        let origin = match source.origin {
            Origin::WebResolver => "webResolver".to_owned(),
            Origin::FallBack { number } => format!("fallBack{number}"),
            Origin::Router => "router".to_owned(),
            Origin::Interface => "interface".to_owned(),
            Origin::Fixed => "fixed".to_owned(),
        };
        let family = match source.family {
            Family::Ipv4 => "ipv4",
            Family::Ipv6 => "ipv6",
        };
        format!("{origin}.{family}")
    }
}

impl TryFrom<String> for Source {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let unknown = || format!("no source of addresses: {text}");
        // Version 1 of the state had no dot: `webResolverIpv4`.
        let dotted = text.replace("Ipv", ".ipv");
        let (origin, family) = dotted.split_once('.').ok_or_else(unknown)?;
        let family = match family {
            "ipv4" => Family::Ipv4,
            "ipv6" => Family::Ipv6,
            _ => return Err(unknown()),
        };
        let origin = match origin {
            "webResolver" => Origin::WebResolver,
            "router" => Origin::Router,
            "interface" => Origin::Interface,
            "fixed" => Origin::Fixed,
            _ => {
                let number = origin.strip_prefix("fallBack").and_then(|n| n.parse().ok());
                Origin::FallBack { number: number.ok_or_else(unknown)? }
            }
        };
        Ok(Source { origin, family })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_read_back_from_its_name() {
        for family in Family::BOTH {
            let all = [
                Source::web_resolver(family),
                Source::fall_back(0, family),
                Source::fall_back(12, family),
                Source::router(family),
                Source::interface(family),
                Source { origin: Origin::Fixed, family },
            ];
            for source in all {
                assert_eq!(Source::try_from(String::from(source)), Ok(source));
            }
        }
        let old = Source::try_from("webResolverIpv6".to_owned());
        assert_eq!(old, Ok(Source::web_resolver(Family::Ipv6)), "as version 1 of the state has it");
        for text in ["", "router", "router.ipv5", "fallBack.ipv4", "fallBack256.ipv4", "cupboard.ipv4"] {
            assert!(Source::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
