//! Weighs the answers of web resolvers, router and this machine's own network for one family against each other.

use std::collections::BTreeSet;
use std::net::IpAddr;

use jiff::Timestamp;

use crate::observe::finding::{Basis, HoldReason, Outcome};
use crate::observe::observation::Observation;
use crate::observe::own_address::{InPrefix, Tunnels, has_choice, in_prefix_of, own_address};
use crate::observe::second_nat::SecondNat;
use crate::settings::Settings;
use crate::state::source::SourceReading;
use crate::state::{NetworkReading, State};
use crate::types::address::{Family, PublicAddress};
use crate::types::network::{Network, Prefix};
use crate::types::source::Source;

/// The answers of web resolvers and router for one family.
pub(super) struct SourceAnswers<'a> {
    family: Family,
    is_sandboxed: bool,
    /// The first web resolver's.
    web: Option<&'a SourceReading>,
    /// The further web resolvers'.
    fall_backs: Vec<&'a SourceReading>,
    router: Option<&'a SourceReading>,
    /// The router's IPv6 prefix.
    prefix: Option<Prefix>,
    network: Option<&'a Network>,
    /// The time of the last change of this machine's network.
    network_since: Timestamp,
    /// The addresses that services hold, where this machine has several to choose from.
    held: BTreeSet<PublicAddress>,
}

impl<'a> SourceAnswers<'a> {
    pub(super) fn of(settings: &Settings, state: &'a State, family: Family, asked: &[Source]) -> Self {
        let router = Source::router(family);
        let is_fall_back =
            |source: &&Source| source.origin.is_web_resolver() && source.origin.needs_second_source();
        let network_since = match &state.network {
            NetworkReading::Read { since, .. } => *since,
            NetworkReading::Unread | NetworkReading::Unreadable => Timestamp::MIN,
        };
        SourceAnswers {
            family,
            is_sandboxed: settings.is_sandboxed(family),
            web: state.reading(Source::web_resolver(family)),
            fall_backs: asked.iter().filter(is_fall_back).filter_map(|s| state.reading(*s)).collect(),
            router: state.reading(router).filter(|_| asked.contains(&router)),
            prefix: state.sources.get(&router).and_then(|at| at.prefix),
            network: state.network.network(),
            network_since,
            held: held_to_choose_from(state),
        }
    }

    pub(super) fn outcome(&self, settings: &Settings) -> Outcome {
        let Some(web) = self.web else {
            return Outcome::Unknown;
        };
        if self.is_sandboxed {
            return Outcome::of_one(&web.observation, Basis::WebResolver);
        }
        let by_tunnel = self.network.is_some_and(|network| network.leaves_by_tunnel(self.family));
        match (self.told(web), self.family) {
            (None, _) if by_tunnel => Outcome::of_one(&web.observation, Basis::WebResolver),
            (None, _) => self.without_web(web),
            (Some((_, address)), _) if by_tunnel => {
                held_unless(settings.publish_vpn, address, HoldReason::Vpn)
            }
            (Some((told, address)), Family::Ipv4) => self.ipv4(told, address, settings),
            (Some((told, address)), Family::Ipv6) => self.ipv6(told, address, settings),
        }
    }

    /// The first reading with an address: the web resolver's, or a further one's.
    fn told(&self, web: &'a SourceReading) -> Option<(&'a SourceReading, PublicAddress)> {
        let mut all = std::iter::once(web).chain(self.fall_backs.iter().copied());
        all.find_map(|seen| Some((seen, seen.address()?)))
    }

    /// True for the first web resolver's reading.
    fn is_the_first_resolvers(&self, told: &SourceReading) -> bool {
        self.web.is_some_and(|web| std::ptr::eq(web, told))
    }

    /// The outcome without a router to compare with. The first web resolver is believed; a further one needs a second
    /// source or a second look.
    fn by_web_alone(&self, told: &SourceReading, address: PublicAddress) -> Outcome {
        if self.is_the_first_resolvers(told) {
            return Outcome::publish(address, Basis::WebResolver);
        }
        let agreeing = self.fall_backs.iter().filter(|seen| seen.address() == Some(address)).count();
        if agreeing >= 2 {
            Outcome::publish(address, Basis::TwoSources)
        } else if told.was_seen_twice() {
            Outcome::publish(address, Basis::SecondLook)
        } else {
            Outcome::held(address, HoldReason::Unconfirmed)
        }
    }

    fn ipv4(&self, told: &SourceReading, address: PublicAddress, settings: &Settings) -> Outcome {
        let Some(router) = self.router else {
            return self.by_web_alone(told, address);
        };
        let not_yet = if told.is_as_new_as(router) && router.is_as_new_as(told) {
            None
        } else {
            Some(Outcome::held(address, HoldReason::Unconfirmed))
        };
        match &router.observation {
            Observation::Known { address: routers }
                if *routers == address || is_backwards(*routers, address) =>
            {
                Outcome::publish(address, Basis::TwoSources)
            }
            Observation::Known { .. } => {
                not_yet.unwrap_or_else(|| held_unless(settings.publish_vpn, address, HoldReason::Conflict))
            }
            seen => match SecondNat::told_by(seen, Some(address)) {
                Some(nat) => not_yet.unwrap_or_else(|| nat.outcome(address, settings.publish_shared)),
                None => self.by_web_alone(told, address),
            },
        }
    }

    /// The outcome for IPv6. The web resolver saw the address that the connection came from, which may be a temporary
    /// one; the stable one of the same prefix is published.
    fn ipv6(&self, told: &SourceReading, address: PublicAddress, settings: &Settings) -> Outcome {
        let Some(network) = self.network else {
            return self.by_web_alone(told, address);
        };
        let routers = self.router.and_then(SourceReading::address);
        match in_prefix_of(network, address, &self.held) {
            InPrefix::Stable(stable) if stable == address && !self.is_the_first_resolvers(told) => {
                Outcome::publish(stable, Basis::TwoSources)
            }
            InPrefix::Stable(stable) if stable == address => Outcome::publish(stable, Basis::WebResolver),
            InPrefix::Stable(stable) => Outcome::publish(stable, Basis::StableOfPrefix),
            InPrefix::NoneStable => Outcome::held(address, HoldReason::NoStableAddress),
            InPrefix::NotOurs if routers == Some(address) => Outcome::publish(address, Basis::TwoSources),
            // Nothing to compare with: the address belongs to something between here and the internet.
            InPrefix::NotOurs if !network.has_public_ipv6() => self.by_web_alone(told, address),
            InPrefix::NotOurs if told.at < self.network_since => {
                Outcome::held(address, HoldReason::Unconfirmed)
            }
            InPrefix::NotOurs => held_unless(settings.publish_vpn, address, HoldReason::Conflict),
        }
    }

    /// The outcome when no web resolver reports an address. The router's address counts after a second look; its IPv6
    /// prefix counts when this machine has a stable address in it.
    fn without_web(&self, web: &SourceReading) -> Outcome {
        let own = self.network.and_then(|network| {
            let prefix = self.prefix?;
            let mut own = own_address(network, Family::Ipv6, Tunnels::PassedOver);
            own.retain(|own| matches!(own.ip(), IpAddr::V6(own) if prefix.contains(own)));
            own.iter().filter(|own| self.held.contains(own)).min().or(own.first()).copied()
        });
        let by_router = self.router.filter(|seen| seen.address().is_some());
        match (self.family, own, by_router) {
            (Family::Ipv6, Some(own), _) => Outcome::publish(own, Basis::RoutersPrefix),
            (Family::Ipv4, _, Some(router)) => confirmed_by_a_second_look(router),
            _ => Outcome::of_one(&web.observation, Basis::WebResolver),
        }
    }
}

/// The addresses that services hold, where this machine has several stable ones of a family to choose from. Elsewhere
/// nothing depends on them.
fn held_to_choose_from(state: &State) -> BTreeSet<PublicAddress> {
    if has_stable_choice(state) { state.held_addresses() } else { BTreeSet::new() }
}

/// True where this machine has several stable addresses of a family to choose from.
pub(super) fn has_stable_choice(state: &State) -> bool {
    let has_choice = |network: &Network| Family::BOTH.into_iter().any(|family| has_choice(network, family));
    state.network.network().is_some_and(has_choice)
}

/// The outcome of the router's reading, which counts after a second look.
pub(super) fn confirmed_by_a_second_look(seen: &SourceReading) -> Outcome {
    match Outcome::of_one(&seen.observation, Basis::SecondLook) {
        Outcome::Publish { address, .. } if !seen.was_seen_twice() => {
            Outcome::held(address, HoldReason::Unconfirmed)
        }
        found => found,
    }
}

/// True where the router writes the parts of this address in the other order: a ZTE F6600R does (home-assistant#114245,
/// 2024-03-26).
pub(super) fn is_backwards(routers: PublicAddress, address: PublicAddress) -> bool {
    match (routers.ip(), address.ip()) {
        (IpAddr::V4(routers), IpAddr::V4(address)) => routers.to_bits().swap_bytes() == address.to_bits(),
        _ => false,
    }
}

/// The outcome for an address that is held back unless the settings allow it.
fn held_unless(is_allowed: bool, address: PublicAddress, hold: HoldReason) -> Outcome {
    if is_allowed { Outcome::publish(address, Basis::Allowed) } else { Outcome::held(address, hold) }
}
