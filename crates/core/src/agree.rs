//! What the sources' answers amount to: one address to publish, none, or one that is held, and why. A source that
//! anybody in the home network could forge (the router answers without a certificate) or that is nobody's own (a
//! further web resolver) is never believed alone: a second source or a second look must say the same.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::address::{Family, PublicAddress, Unpublishable};
use crate::network::Network;
use crate::observation::{LookUpProblem, Observation};
use crate::own_address::{own_address, stable_like};
use crate::settings::{AddressFrom, Entry, Origin, Settings, Source};
use crate::state::{Reading, Sighting, State};

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

/// The sources that are to be asked for `entry`'s address of `family`, first the one that is believed first.
pub fn wanted(settings: &Settings, state: &State, entry: &Entry, family: Family) -> Vec<Source> {
    let router = Source::router(family);
    match entry.from {
        AddressFrom::Fixed(_) | AddressFrom::Interface => Vec::new(),
        AddressFrom::Router => vec![router],
        AddressFrom::Web => web_resolvers(settings, state, family, None),
        AddressFrom::WebAndRouter if settings.is_pretended(family) => {
            web_resolvers(settings, state, family, None)
        }
        AddressFrom::WebAndRouter => {
            let mut sources = web_resolvers(settings, state, family, state.observation(router));
            sources.push(router);
            sources
        }
    }
}

/// The web resolver, and further ones as long as those before don't tell; a further one is confirmed by the next.
fn web_resolvers(
    settings: &Settings,
    state: &State,
    family: Family,
    router: Option<&Observation>,
) -> Vec<Source> {
    let tells = |source| matches!(state.observation(source), Some(Observation::Known { .. }));
    let fails = |source| matches!(state.observation(source), Some(Observation::Unavailable { .. }));
    let mut sources = vec![Source::web_resolver(family)];
    if !fails(sources[0]) {
        return sources;
    }
    let mut missing = if matches!(router, Some(Observation::Known { .. })) { 1 } else { 2 };
    for source in (0u8..).zip(&settings.fall_backs).map(|(number, _)| Source::fall_back(number, family)) {
        if settings.resolver(source).is_none() {
            continue;
        }
        sources.push(source);
        missing -= usize::from(tells(source));
        if missing == 0 || !(tells(source) || fails(source)) {
            break;
        }
    }
    sources
}

/// What `entry`'s sources said for `family`, and what that amounts to.
pub fn why(settings: &Settings, state: &State, entry: &Entry, family: Family) -> Why {
    let outcome = outcome(settings, state, entry, family);
    let mut sources = wanted(settings, state, entry, family);
    if !matches!(entry.from, AddressFrom::Fixed(_)) && !(settings.is_pretended(family) && !sources.is_empty())
    {
        let is_ours = family == Family::Ipv6 || entry.from == AddressFrom::Interface;
        sources.extend(is_ours.then_some(Source::interface(family)));
    }
    let mut taken = false;
    let said = sources.into_iter().filter_map(|source| {
        let Sighting { observation, at, .. } = state.sighting(source)?;
        let weight = match (observation, outcome.address()) {
            (Observation::Known { address }, Some(chosen)) if *address == chosen => {
                if std::mem::replace(&mut taken, true) { Weight::Agrees } else { Weight::Taken }
            }
            (Observation::Known { .. }, _) => Weight::Differs,
            (Observation::NoAddress | Observation::Unavailable { .. }, _) => Weight::Unused,
        };
        let host = settings.resolver(source).map(|address| address.authority());
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

/// Where this machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a home network, or the lock is off, or home isn't known yet.
    Home,
    /// In a network that isn't home.
    Elsewhere,
    /// The gateway's hardware address isn't known yet.
    Unclear,
}

/// Where this machine is, as far as publishing depends on it.
pub fn place(settings: &Settings, state: &State) -> Place {
    if !settings.wants_home_lock() || state.homes.is_empty() {
        return Place::Home;
    }
    let Some(network) = state.network.network() else {
        // Without a reading there is nothing to go by; with one to come there is.
        return if state.network == Reading::Unread { Place::Unclear } else { Place::Home };
    };
    match &network.gateway {
        Some(gateway) => match &gateway.id {
            Some(id) if state.homes.contains(id) => Place::Home,
            Some(_) => Place::Elsewhere,
            None => Place::Unclear,
        },
        None => Place::Elsewhere,
    }
}

/// The answers that web resolver and router gave for one family.
struct Answers<'a> {
    family: Family,
    is_pretended: bool,
    /// The first web resolver's.
    web: Option<&'a Sighting>,
    /// The further web resolvers'.
    fall_backs: Vec<&'a Sighting>,
    router: Option<&'a Sighting>,
    /// The router's IPv6 prefix.
    prefix: Option<crate::network::Prefix>,
    network: Option<&'a Network>,
    /// Since when this machine's network is as it is.
    network_since: Timestamp,
}

impl<'a> Answers<'a> {
    fn of(settings: &Settings, state: &'a State, entry: &Entry, family: Family) -> Self {
        let wanted = wanted(settings, state, entry, family);
        let router = Source::router(family);
        let is_fall_back = |source: &&Source| matches!(source.origin, Origin::FallBack { .. });
        let network_since = match &state.network {
            Reading::Read { since, .. } => *since,
            Reading::Unread | Reading::Unreadable => Timestamp::MIN,
        };
        Answers {
            family,
            is_pretended: settings.is_pretended(family),
            web: state.sighting(Source::web_resolver(family)),
            fall_backs: wanted.iter().filter(is_fall_back).filter_map(|s| state.sighting(*s)).collect(),
            router: state.sighting(router).filter(|_| wanted.contains(&router)),
            prefix: state.sources.get(&router).and_then(|at| at.prefix),
            network: state.network.network(),
            network_since,
        }
    }

    fn outcome(&self, settings: &Settings) -> Outcome {
        let Some(web) = self.web else {
            return Outcome::Unknown;
        };
        if self.is_pretended {
            return on_its_own(&web.observation, Because::WebResolver);
        }
        let by_tunnel = self.network.is_some_and(|network| network.leaves_by_tunnel(self.family));
        let told = self.told(web);
        match told.and_then(Sighting::address) {
            None => self.without_web(web),
            Some(address) if by_tunnel && settings.publish_vpn => publish(address, Because::Allowed),
            Some(address) if by_tunnel => held(address, Hold::Vpn),
            Some(address) => {
                let told = told.unwrap_or(web);
                match self.family {
                    Family::Ipv4 => self.ipv4(told, address, settings),
                    Family::Ipv6 => self.ipv6(told, address, settings),
                }
            }
        }
    }

    /// The web resolver's sighting, or the first further one's that tells an address.
    fn told(&self, web: &'a Sighting) -> Option<&'a Sighting> {
        let all = std::iter::once(web).chain(self.fall_backs.iter().copied());
        all.into_iter().find(|seen| seen.address().is_some())
    }

    fn is_the_first_resolvers(&self, told: &Sighting) -> bool {
        self.web.is_some_and(|web| std::ptr::eq(web, told))
    }

    /// Without a router to compare with: the first web resolver is believed, another one needs a witness.
    fn by_web_alone(&self, told: &Sighting, address: PublicAddress) -> Outcome {
        if self.is_the_first_resolvers(told) {
            return publish(address, Because::WebResolver);
        }
        let witnesses = self.fall_backs.iter().filter(|seen| seen.address() == Some(address)).count();
        if witnesses >= 2 {
            publish(address, Because::TwoSources)
        } else if told.was_seen_twice() {
            publish(address, Because::SecondLook)
        } else {
            held(address, Hold::Unconfirmed)
        }
    }

    fn ipv4(&self, told: &Sighting, address: PublicAddress, settings: &Settings) -> Outcome {
        let Some(router) = self.router else {
            return self.by_web_alone(told, address);
        };
        let not_yet = if told.is_as_new_as(router) && router.is_as_new_as(told) {
            None
        } else {
            Some(held(address, Hold::Unconfirmed))
        };
        match &router.observation {
            Observation::Known { address: routers } if *routers == address => {
                publish(address, Because::TwoSources)
            }
            Observation::Known { .. } => not_yet.unwrap_or_else(|| {
                if settings.publish_vpn {
                    publish(address, Because::Allowed)
                } else {
                    held(address, Hold::Conflict)
                }
            }),
            seen if is_double_nat(seen) => publish(address, Because::DoubleNat),
            seen if is_shared(seen) => not_yet.unwrap_or_else(|| {
                if settings.publish_shared {
                    publish(address, Because::Allowed)
                } else {
                    held(address, Hold::Shared)
                }
            }),
            Observation::NoAddress | Observation::Unavailable { .. } => self.by_web_alone(told, address),
        }
    }

    /// The web resolver saw the address that the connection came from, which may be a temporary one: published is
    /// the lasting one of the same prefix.
    fn ipv6(&self, told: &Sighting, address: PublicAddress, settings: &Settings) -> Outcome {
        let Some(network) = self.network else {
            return self.by_web_alone(told, address);
        };
        let routers = self.router.and_then(Sighting::address);
        match stable_like(network, address) {
            Some(stable) if stable == address && !self.is_the_first_resolvers(told) => {
                publish(stable, Because::TwoSources)
            }
            Some(stable) if stable == address => publish(stable, Because::WebResolver),
            Some(stable) => publish(stable, Because::StableOfPrefix),
            None if routers == Some(address) => publish(address, Because::TwoSources),
            // Nothing to compare with: the address belongs to something between here and the internet.
            None if !network.has_public_ipv6() => self.by_web_alone(told, address),
            None if told.at < self.network_since => held(address, Hold::Unconfirmed),
            None if settings.publish_vpn => publish(address, Because::Allowed),
            None => held(address, Hold::Conflict),
        }
    }

    /// No web resolver tells. The router's word is taken when it was given twice; its IPv6 prefix, when this machine
    /// has an address in it.
    fn without_web(&self, web: &Sighting) -> Outcome {
        let own = self.network.and_then(|network| {
            let prefix = self.prefix?;
            own_address(network, Family::Ipv6, crate::own_address::Tunnels::PassedOver)
                .into_iter()
                .find(|own| matches!(own.ip(), std::net::IpAddr::V6(own) if prefix.contains(own)))
        });
        let by_router = self.router.filter(|seen| seen.address().is_some());
        let leaves = self.network.is_some_and(|network| network.leaves_by_tunnel(self.family));
        match (self.family, own, by_router) {
            _ if leaves => on_its_own(&web.observation, Because::WebResolver),
            (Family::Ipv6, Some(own), _) => publish(own, Because::RoutersPrefix),
            (Family::Ipv4, _, Some(router)) => confirmed_by_a_second_look(router),
            _ => on_its_own(&web.observation, Because::WebResolver),
        }
    }
}

/// Whether the router's answer says that it is itself in somebody's private network.
pub fn is_double_nat(seen: &Observation) -> bool {
    matches!(
        seen,
        Observation::Unavailable { why: LookUpProblem::Unpublishable { why: Unpublishable::Private, .. } }
    )
}

/// Whether the router's answer says that it has no IPv4 address of its own: carrier NAT (RFC 6598) or DS-Lite
/// (RFC 6333, `192.0.0.0/29`).
pub fn is_shared(seen: &Observation) -> bool {
    matches!(
        seen,
        Observation::NoAddress
            | Observation::Unavailable {
                why: LookUpProblem::Unpublishable {
                    why: Unpublishable::Shared | Unpublishable::Reserved | Unpublishable::Unspecified,
                    ..
                }
            }
    )
}
