//! What the sources' answers amount to: one address to publish, none, or one that is held, and why. A source that
//! anybody in the home network could forge (the router answers without a certificate) or that is nobody's own (a
//! further web resolver) is never believed alone: a second source or a second look must say the same.

mod wanted;
mod weigh;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use self::wanted::wanted;
use self::weigh::Answers;
pub use self::weigh::{is_double_nat, is_shared};
use crate::address::{Family, PublicAddress};
use crate::observation::{LookUpProblem, Observation};
use crate::place::{Place, place};
use crate::server::WebAddress;
use crate::settings::{AddressFrom, Entry, Origin, Settings, Source};
use crate::state::{Sighting, State};

/// A second look must come so much later than the first.
pub const SECOND_LOOK: SignedDuration = SignedDuration::from_secs(5);
/// Answers that came within this time of each other are of one moment.
const ONE_MOMENT: SignedDuration = SignedDuration::from_secs(10);

/// Why an entry's address of one family is what it is: the answer to "Why this address?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Why {
    /// The family.
    pub family: Family,
    /// What each source said, in the order in which they are believed.
    pub said: Vec<Said>,
    /// What that amounts to.
    pub outcome: Outcome,
}

/// One source's part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Said {
    /// Who.
    pub origin: Origin,
    /// The web resolver's host; none where it is no web resolver.
    pub host: Option<String>,
    /// What it said.
    pub observation: Observation,
    /// When.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Timestamp,
    /// What was made of it.
    pub weight: Weight,
}

/// What was made of one source's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Weight {
    /// Its address is the one.
    Taken,
    /// It says the same.
    Agrees,
    /// It says something else.
    Differs,
    /// It told no address that could be used.
    Unused,
}

/// What the answers amount to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Outcome {
    /// Not all that matters has answered yet.
    Unknown,
    /// This address is the line's.
    Publish {
        /// The address.
        address: PublicAddress,
        /// What makes it believed.
        because: Because,
    },
    /// An address is told, and not published.
    Held {
        /// The address.
        address: Option<PublicAddress>,
        /// Why not.
        hold: Hold,
    },
    /// The line has no address of this family.
    NoAddress,
    /// Nobody told.
    Nothing {
        /// Why the first source didn't.
        why: LookUpProblem,
    },
}

/// What makes an address believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Because {
    /// The web resolver told it over an encrypted connection.
    WebResolver,
    /// Two sources say the same.
    TwoSources,
    /// One source said the same twice.
    SecondLook,
    /// It is this machine's lasting address in the prefix that the web resolver saw.
    StableOfPrefix,
    /// It is this machine's lasting address in the prefix that the router was given.
    RoutersPrefix,
    /// It is this machine's own.
    OwnInterface,
    /// The person fixed it.
    Fixed,
    /// The router is itself behind a router: others may reach it if the outer one lets them.
    DoubleNat,
    /// The settings allow what would else be held.
    Allowed,
}

/// Why an address is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Hold {
    /// This machine is in another network than home's.
    Elsewhere,
    /// Which network this is isn't known yet.
    WhichNetwork,
    /// The way out leads through a VPN.
    Vpn,
    /// Web resolver and router, or web resolver and this machine, tell of different lines.
    Conflict,
    /// The provider shares the address between customers.
    Shared,
    /// Only a source that could be forged said so yet: another one, or a second look, is on its way.
    Unconfirmed,
}

impl Outcome {
    /// The address to publish.
    pub fn address(&self) -> Option<PublicAddress> {
        match self {
            Outcome::Publish { address, .. } => Some(*address),
            _ => None,
        }
    }

    /// Why an address is held back.
    pub fn hold(&self) -> Option<Hold> {
        match self {
            Outcome::Held { hold, .. } => Some(*hold),
            _ => None,
        }
    }
}

/// What `entry`'s sources said for `family`, and what that amounts to.
pub fn why(settings: &Settings, state: &State, entry: &Entry, family: Family) -> Why {
    let outcome = outcome(settings, state, entry, family);
    let mut sources = wanted(settings, state, entry, family);
    // A pretended line's address has nothing to do with this machine's own.
    let own_counts = match entry.from {
        AddressFrom::Interface => true,
        AddressFrom::Web | AddressFrom::WebAndRouter => {
            family == Family::Ipv6 && !settings.is_pretended(family)
        }
        AddressFrom::Router | AddressFrom::Fixed(_) => false,
    };
    sources.extend(own_counts.then_some(Source::interface(family)));
    let mut taken = false;
    let said = sources.into_iter().filter_map(|source| {
        let Sighting { observation, at, .. } = state.sighting(source)?;
        let weight = match (observation, &outcome) {
            (Observation::Known { address }, Outcome::Publish { address: chosen, .. })
                if address == chosen =>
            {
                if std::mem::replace(&mut taken, true) {
                    Weight::Agrees
                } else {
                    Weight::Taken
                }
            }
            // What is held is nobody's; where they contradict each other, each differs.
            (Observation::Known { address }, Outcome::Held { address: Some(chosen), hold })
                if address == chosen && *hold != Hold::Conflict =>
            {
                Weight::Agrees
            }
            (Observation::Known { .. }, _) => Weight::Differs,
            (Observation::NoAddress | Observation::Unavailable { .. }, _) => Weight::Unused,
        };
        let host = settings.resolver(source).map(WebAddress::authority);
        Some(Said { origin: source.origin, host, observation: observation.clone(), at: *at, weight })
    });
    Why { family, said: said.collect(), outcome }
}

/// What the answers for `family` amount to.
pub fn outcome(settings: &Settings, state: &State, entry: &Entry, family: Family) -> Outcome {
    let found = match entry.from {
        AddressFrom::Fixed(addresses) => match *addresses.get(family) {
            Some(address) => publish(address, Because::Fixed),
            None => Outcome::NoAddress,
        },
        AddressFrom::Interface => match state.observation(Source::interface(family)) {
            Some(seen) => on_its_own(seen, Because::OwnInterface),
            None => Outcome::Unknown,
        },
        AddressFrom::Router => match state.sighting(Source::router(family)) {
            Some(seen) => confirmed_by_a_second_look(seen),
            None => Outcome::Unknown,
        },
        AddressFrom::Web | AddressFrom::WebAndRouter => {
            Answers::of(settings, state, entry, family).outcome(settings)
        }
    };
    match (&found, place(settings, state)) {
        (Outcome::Publish { address, .. }, Place::Elsewhere) => held(*address, Hold::Elsewhere),
        (Outcome::Publish { address, .. }, Place::Unclear) => held(*address, Hold::WhichNetwork),
        _ => found,
    }
}

fn publish(address: PublicAddress, because: Because) -> Outcome {
    Outcome::Publish { address, because }
}

fn held(address: PublicAddress, hold: Hold) -> Outcome {
    Outcome::Held { address: Some(address), hold }
}

fn on_its_own(seen: &Observation, because: Because) -> Outcome {
    match seen {
        Observation::Known { address } => publish(*address, because),
        Observation::NoAddress => Outcome::NoAddress,
        Observation::Unavailable { why } => Outcome::Nothing { why: why.clone() },
    }
}

fn confirmed_by_a_second_look(seen: &Sighting) -> Outcome {
    match on_its_own(&seen.observation, Because::SecondLook) {
        Outcome::Publish { address, .. } if !seen.was_seen_twice() => held(address, Hold::Unconfirmed),
        found => found,
    }
}

impl Sighting {
    /// Whether a second look, a while after the first, told the same.
    pub fn was_seen_twice(&self) -> bool {
        self.looks >= 2 && self.at.duration_since(self.since) >= SECOND_LOOK
    }

    fn address(&self) -> Option<PublicAddress> {
        match self.observation {
            Observation::Known { address } => Some(address),
            Observation::NoAddress | Observation::Unavailable { .. } => None,
        }
    }

    /// Whether it was told after `other` had begun to tell what it tells.
    fn is_as_new_as(&self, other: &Sighting) -> bool {
        self.at >= other.since - ONE_MOMENT
    }
}
