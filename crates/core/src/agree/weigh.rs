//! Weighs what web resolvers, router and this machine's own network said of one family against each other.

use std::net::IpAddr;

use jiff::Timestamp;

use super::{Because, Hold, Outcome, confirmed_by_a_second_look, held, on_its_own, publish, wanted};
use crate::address::{Family, PublicAddress, Unpublishable};
use crate::network::{Network, Prefix};
use crate::observation::{LookUpProblem, Observation};
use crate::own_address::{Tunnels, own_address, stable_like};
use crate::settings::{Entry, Origin, Settings, Source};
use crate::state::{Reading, Sighting, State};

/// The answers that web resolver and router gave for one family.
pub(super) struct Answers<'a> {
    family: Family,
    is_pretended: bool,
    /// The first web resolver's.
    web: Option<&'a Sighting>,
    /// The further web resolvers'.
    fall_backs: Vec<&'a Sighting>,
    router: Option<&'a Sighting>,
    /// The router's IPv6 prefix.
    prefix: Option<Prefix>,
    network: Option<&'a Network>,
    /// Since when this machine's network is as it is.
    network_since: Timestamp,
}

impl<'a> Answers<'a> {
    pub(super) fn of(settings: &Settings, state: &'a State, entry: &Entry, family: Family) -> Self {
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

    pub(super) fn outcome(&self, settings: &Settings) -> Outcome {
        let Some(web) = self.web else {
            return Outcome::Unknown;
        };
        if self.is_pretended {
            return on_its_own(&web.observation, Because::WebResolver);
        }
        let by_tunnel = self.network.is_some_and(|network| network.leaves_by_tunnel(self.family));
        match (self.told(web), self.family) {
            (None, _) if by_tunnel => on_its_own(&web.observation, Because::WebResolver),
            (None, _) => self.without_web(web),
            (Some((_, address)), _) if by_tunnel => held_unless(settings.publish_vpn, address, Hold::Vpn),
            (Some((told, address)), Family::Ipv4) => self.ipv4(told, address, settings),
            (Some((told, address)), Family::Ipv6) => self.ipv6(told, address, settings),
        }
    }

    /// The web resolver's sighting, or the first further one's that tells an address.
    fn told(&self, web: &'a Sighting) -> Option<(&'a Sighting, PublicAddress)> {
        let mut all = std::iter::once(web).chain(self.fall_backs.iter().copied());
        all.find_map(|seen| Some((seen, seen.address()?)))
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
            Observation::Known { .. } => {
                not_yet.unwrap_or_else(|| held_unless(settings.publish_vpn, address, Hold::Conflict))
            }
            seen if is_double_nat(seen) => not_yet.unwrap_or_else(|| publish(address, Because::DoubleNat)),
            seen if is_shared(seen) => {
                not_yet.unwrap_or_else(|| held_unless(settings.publish_shared, address, Hold::Shared))
            }
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
            None => held_unless(settings.publish_vpn, address, Hold::Conflict),
        }
    }

    /// No web resolver tells. The router's word is taken when it was given twice; its IPv6 prefix, when this machine
    /// has an address in it.
    fn without_web(&self, web: &Sighting) -> Outcome {
        let own = self.network.and_then(|network| {
            let prefix = self.prefix?;
            own_address(network, Family::Ipv6, Tunnels::PassedOver)
                .into_iter()
                .find(|own| matches!(own.ip(), IpAddr::V6(own) if prefix.contains(own)))
        });
        let by_router = self.router.filter(|seen| seen.address().is_some());
        match (self.family, own, by_router) {
            (Family::Ipv6, Some(own), _) => publish(own, Because::RoutersPrefix),
            (Family::Ipv4, _, Some(router)) => confirmed_by_a_second_look(router),
            _ => on_its_own(&web.observation, Because::WebResolver),
        }
    }
}

/// Held, unless the settings allow it.
fn held_unless(is_allowed: bool, address: PublicAddress, hold: Hold) -> Outcome {
    if is_allowed { publish(address, Because::Allowed) } else { held(address, hold) }
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
