//! This machine's stable addresses. The rules, in order: the interface that packets to the internet leave by comes
//! first, then the others in the system's order; tunnels count only on request, container networks never; of each
//! interface only stable addresses count, never temporary, deprecated or tentative ones; of several, the published one
//! stays.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::observe::observation::{LookUpProblem, Observation, admit};
use crate::types::address::{Family, PublicAddress};
use crate::types::network::{AddressLife, Interface, InterfaceKind, LocalAddress, Network, Prefix};

/// The treatment of tunnels' addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tunnels {
    /// They count.
    Count,
    /// They are ignored.
    PassedOver,
}

impl Tunnels {
    /// The treatment by the settings' choice.
    pub fn counted(publish_vpn: bool) -> Self {
        if publish_vpn { Tunnels::Count } else { Tunnels::PassedOver }
    }
}

/// The addresses that stay what they are while this machine has them as stable ones, whatever the order in which the
/// system lists them.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    /// Those that services hold or may hold.
    pub held: &'a BTreeSet<PublicAddress>,
    /// The one of the last reading.
    pub before: Option<PublicAddress>,
}

impl Kept<'_> {
    /// The address to take of several that are equally good: one that is held, of several of these the one of the last
    /// reading; where none is held that one, otherwise the first.
    fn choose(&self, among: &[PublicAddress]) -> Option<PublicAddress> {
        let before = among.iter().filter(|address| Some(**address) == self.before);
        let held = |address: &&PublicAddress| self.held.contains(address);
        let held = before.clone().find(held).or_else(|| among.iter().filter(held).min());
        held.or_else(|| before.clone().next()).or(among.first()).copied()
    }
}

/// True where this machine has several stable public addresses of `family` to choose from.
pub fn has_choice(network: &Network, family: Family) -> bool {
    own_address(network, family, Tunnels::Count).len() > 1
}

/// This machine's stable public addresses of `family`, the best first.
pub fn own_address(network: &Network, family: Family, tunnels: Tunnels) -> Vec<PublicAddress> {
    stable(network, family, tunnels).filter_map(|address| admit(family, address).ok()).collect()
}

/// This machine's best public address of `family` where it has none that is stable.
pub fn passing_address(network: &Network, family: Family, tunnels: Tunnels) -> Option<PublicAddress> {
    let all = candidates(network, family, tunnels);
    let own = all.iter().find_map(|at| admit(family, at.address).ok());
    own.filter(|_| own_address(network, family, tunnels).is_empty())
}

/// The answer of this machine's interfaces for `family`: an address of the first interface that has one.
pub fn observe(network: &Network, family: Family, tunnels: Tunnels, kept: &Kept<'_>) -> Observation {
    let of = |interface: &Interface| -> Vec<PublicAddress> {
        let stable = interface.addresses.iter().filter(|at| at.is_stable());
        stable.filter_map(|at| admit(family, at.address).ok()).collect()
    };
    if let Some(address) = interfaces(network, family, tunnels).into_iter().find_map(|i| kept.choose(&of(i)))
    {
        return Observation::Known { address };
    }
    let refused = stable(network, family, tunnels).find_map(|at| admit(family, at).err());
    match (family, refused) {
        // A private IPv4 address means a NAT router: the web resolver must be on.
        (Family::Ipv4, Some(why @ LookUpProblem::Unpublishable { .. })) => Observation::Unavailable { why },
        _ => Observation::NoAddress,
    }
}

/// This machine's part in an IPv6 address that a web resolver saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InPrefix {
    /// This machine's stable address in the prefix.
    Stable(PublicAddress),
    /// All that this machine has in the prefix is temporary or deprecated.
    NoneStable,
    /// No interface has an address in the prefix.
    NotOurs,
}

/// What this machine has in the prefix of `seen`: the stable address that services hold, otherwise `seen` itself if it is
/// stable, otherwise another stable one.
pub fn in_prefix_of(network: &Network, seen: PublicAddress, held: &BTreeSet<PublicAddress>) -> InPrefix {
    let Some(prefix) = Prefix::shared_with(seen.ip()) else {
        return InPrefix::NotOurs;
    };
    let here = |interface: &&Interface| interface.kind != InterfaceKind::Tunnel;
    let ours: Vec<_> = network
        .interfaces
        .iter()
        .filter(here)
        .flat_map(|interface| &interface.addresses)
        .filter(|at| matches!(at.address, IpAddr::V6(own) if prefix.contains(own)))
        .collect();
    let stable = ours.iter().filter(|at| at.is_stable());
    let stable: Vec<_> = stable.filter_map(|at| PublicAddress::try_from(at.address).ok()).collect();
    match (Kept { held, before: Some(seen) }).choose(&stable) {
        Some(address) => InPrefix::Stable(address),
        None if ours.is_empty() => InPrefix::NotOurs,
        None => InPrefix::NoneStable,
    }
}

/// The public IPv6 prefixes that this machine has addresses in, temporary ones included: those of the home's networks. A prefix
/// that ends soon doesn't count, and neither do those of tunnels, containers and dialled lines.
pub fn home_prefixes(network: &Network) -> BTreeSet<Prefix> {
    let of_home = network.interfaces.iter().filter(|interface| interface.kind == InterfaceKind::Lan);
    let lasting = of_home.flat_map(|interface| &interface.addresses);
    let lasting = lasting.filter(|at| at.life == AddressLife::Preferred);
    let of = |at: &LocalAddress| Prefix::shared_with(PublicAddress::try_from(at.address).ok()?.ip());
    lasting.filter_map(of).collect()
}

impl Network {
    /// True when any interface but a tunnel has a public IPv6 address, whatever its lifetime.
    pub fn has_public_ipv6(&self) -> bool {
        let here = self.interfaces.iter().filter(|interface| interface.kind != InterfaceKind::Tunnel);
        here.flat_map(|interface| &interface.addresses)
            .any(|at| at.address.is_ipv6() && PublicAddress::try_from(at.address).is_ok())
    }

    /// The part that addresses depend on: without container networks, which come and go, and without addresses that
    /// aren't this machine's yet.
    #[must_use]
    pub fn that_matters(mut self) -> Self {
        self.interfaces.retain(|interface| interface.kind != InterfaceKind::Virtual);
        for interface in &mut self.interfaces {
            interface.addresses.retain(|at| at.life != AddressLife::Tentative);
        }
        self
    }
}

fn stable(network: &Network, family: Family, tunnels: Tunnels) -> impl Iterator<Item = IpAddr> {
    candidates(network, family, tunnels).into_iter().filter(|at| at.is_stable()).map(|at| at.address)
}

fn candidates(network: &Network, family: Family, tunnels: Tunnels) -> Vec<&LocalAddress> {
    interfaces(network, family, tunnels)
        .into_iter()
        .flat_map(|interface| &interface.addresses)
        .filter(|at| Family::of(at.address) == family)
        .collect()
}

/// The interfaces whose addresses count, the best first.
fn interfaces(network: &Network, family: Family, tunnels: Tunnels) -> Vec<&Interface> {
    let way_out = network.way_out(family).map(|interface| interface.name.as_str());
    let counts = |interface: &&Interface| match interface.kind {
        InterfaceKind::Lan | InterfaceKind::Dialled => true,
        InterfaceKind::Tunnel => tunnels == Tunnels::Count,
        InterfaceKind::Virtual => false,
    };
    let mut interfaces: Vec<&Interface> = network.interfaces.iter().filter(counts).collect();
    interfaces.sort_by_key(|interface| Some(interface.name.as_str()) != way_out);
    interfaces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::address::{PerFamily, Unpublishable};
    use InterfaceKind::{Dialled, Lan, Tunnel, Virtual};

    static NONE_HELD: BTreeSet<PublicAddress> = BTreeSet::new();
    const NOTHING_KEPT: Kept<'static> = Kept { held: &NONE_HELD, before: None };

    /// The state of an address, and whether it is temporary.
    type Life = (AddressLife, bool);
    const STABLE: Life = (AddressLife::Preferred, false);
    const TEMPORARY: Life = (AddressLife::Preferred, true);
    const DEPRECATED: Life = (AddressLife::Deprecated, false);
    const DEPRECATED_TEMPORARY: Life = (AddressLife::Deprecated, true);
    const TENTATIVE: Life = (AddressLife::Tentative, false);

    fn interface(name: &str, kind: InterfaceKind, addresses: &[(&str, Life)]) -> Interface {
        let addresses = addresses.iter().map(|(net, (life, is_temporary))| {
            let (address, length) = net.split_once('/').expect("a net");
            LocalAddress {
                address: address.parse().expect("an address"),
                prefix_length: length.parse().expect("a length"),
                life: *life,
                is_temporary: *is_temporary,
            }
        });
        Interface { name: name.into(), kind, addresses: addresses.collect() }
    }

    fn network(way_out: [Option<&str>; 2], interfaces: Vec<Interface>) -> Network {
        let [ipv4, ipv6] = way_out.map(|address| address.map(|a| a.parse().expect("an address")));
        Network { interfaces, outgoing: PerFamily { ipv4, ipv6 }, gateway: None }
    }

    fn tells(network: &Network, family: Family) -> Observation {
        observe(network, family, Tunnels::PassedOver, &NOTHING_KEPT)
    }

    fn known(address: &str) -> Observation {
        Observation::Known { address: public(address) }
    }

    fn public(address: &str) -> PublicAddress {
        PublicAddress::try_from(address.parse::<IpAddr>().expect("an address")).expect("a public one")
    }

    #[test]
    fn of_several_ipv6_addresses_only_the_stable_one_is_taken() {
        let stable = ("2003:e1:1:2::5/64", STABLE);
        for life in [TEMPORARY, DEPRECATED, DEPRECATED_TEMPORARY, TENTATIVE] {
            let passing = ("2003:e1:1:2::bad/64", life);
            for addresses in [[passing, stable], [stable, passing]] {
                let home =
                    network([None, Some("2003:e1:1:2::bad")], vec![interface("eth0", Lan, &addresses)]);
                assert_eq!(tells(&home, Family::Ipv6), known("2003:e1:1:2::5"), "{life:?}");
            }
            let alone = network([None, None], vec![interface("eth0", Lan, &[passing])]);
            assert_eq!(tells(&alone, Family::Ipv6), Observation::NoAddress, "{life:?}");
        }
    }

    #[test]
    fn of_several_stable_addresses_the_held_one_is_taken_wherever_it_stands() {
        let (five, six) = (("2003:e1:1:2::5/64", STABLE), ("2003:e1:1:2::6/64", STABLE));
        let seen = public("2003:e1:1:2::bad");
        for addresses in [[five, six], [six, five]] {
            let home = network([None, None], vec![interface("eth0", Lan, &addresses)]);
            for kept in ["2003:e1:1:2::5", "2003:e1:1:2::6"].map(public) {
                let held = BTreeSet::from([kept]);
                let known = Observation::Known { address: kept };
                let taken = |kept: &Kept<'_>| observe(&home, Family::Ipv6, Tunnels::PassedOver, kept);
                assert_eq!(taken(&Kept { held: &held, before: None }), known, "a service holds it");
                assert_eq!(taken(&Kept { held: &NONE_HELD, before: Some(kept) }), known, "as before");
                assert_eq!(in_prefix_of(&home, seen, &held), InPrefix::Stable(kept));
                assert_eq!(in_prefix_of(&home, kept, &NONE_HELD), InPrefix::Stable(kept), "it was seen");
            }
            let ended = BTreeSet::from([public("2003:e1:1:2::7")]);
            let first = public(addresses[0].0.trim_end_matches("/64"));
            assert_eq!(in_prefix_of(&home, seen, &ended), InPrefix::Stable(first), "it is gone");
        }
    }

    #[test]
    fn the_way_out_comes_first_wherever_it_stands() {
        let other = interface("eth1", Lan, &[("84.160.12.9/24", STABLE), ("2a02:8109::9/64", STABLE)]);
        let home = interface("eth0", Lan, &[("84.160.12.7/24", STABLE), ("2003:e1::7/64", STABLE)]);
        for table in [vec![other.clone(), home.clone()], vec![home, other]] {
            let home = network([Some("84.160.12.7"), Some("2003:e1::7")], table);
            assert_eq!(tells(&home, Family::Ipv4), known("84.160.12.7"));
            assert_eq!(tells(&home, Family::Ipv6), known("2003:e1::7"));
        }
    }

    #[test]
    fn another_interface_serves_where_the_way_out_has_no_public_address() {
        let home = interface("eth0", Lan, &[("192.168.1.5/24", STABLE), ("fd00::2/64", STABLE)]);
        let dialled = interface("ppp0", Dialled, &[("84.160.12.9/32", STABLE), ("2a02:8109::9/64", STABLE)]);
        let home = network([Some("192.168.1.5"), None], vec![home, dialled]);
        assert_eq!(tells(&home, Family::Ipv4), known("84.160.12.9"));
        assert_eq!(tells(&home, Family::Ipv6), known("2a02:8109::9"));
    }

    #[test]
    fn a_private_ipv4_address_is_refused_by_its_name_and_not_taken_for_none() {
        for (address, why) in [
            ("192.168.1.5", Unpublishable::Private),
            ("10.0.0.1", Unpublishable::Private),
            ("100.64.1.2", Unpublishable::Shared),
            ("169.254.3.4", Unpublishable::LinkLocal),
        ] {
            let net = format!("{address}/16");
            let table = vec![
                interface("docker0", Virtual, &[("172.17.0.1/16", STABLE)]),
                interface("eth0", Lan, &[(net.as_str(), STABLE)]),
            ];
            let refused = Observation::Unavailable {
                why: LookUpProblem::Unpublishable { address: address.into(), why },
            };
            assert_eq!(tells(&network([Some(address), None], table), Family::Ipv4), refused);
        }
    }

    #[test]
    fn link_local_and_unique_local_ipv6_are_no_address() {
        let local = [("fe80::1/64", STABLE), ("fd00::2/64", STABLE)];
        let home = network([None, None], vec![interface("eth0", Lan, &local)]);
        assert_eq!(tells(&home, Family::Ipv6), Observation::NoAddress);
    }

    #[test]
    fn a_tunnels_address_counts_only_where_that_is_allowed() {
        let vpn = interface("wg0", Tunnel, &[("45.80.1.9/32", STABLE)]);
        let home = network([Some("45.80.1.9"), None], vec![vpn]);
        assert_eq!(tells(&home, Family::Ipv4), Observation::NoAddress);
        assert_eq!(observe(&home, Family::Ipv4, Tunnels::Count, &NOTHING_KEPT), known("45.80.1.9"));
    }

    #[test]
    fn the_stable_address_stands_for_a_temporary_one_of_its_prefix() {
        let table =
            |addresses: &[(&str, Life)]| network([None, None], vec![interface("eth0", Lan, addresses)]);
        let seen = public("2003:e1:1:2::bad");
        let temporary = ("2003:e1:1:2::bad/64", TEMPORARY);
        let both = table(&[temporary, ("2003:e1:1:3::6/64", STABLE), ("2003:e1:1:2::5/64", STABLE)]);
        assert_eq!(in_prefix_of(&both, seen, &BTreeSet::new()), InPrefix::Stable(public("2003:e1:1:2::5")));
        let two = table(&[("2003:e1:1:2::5/64", STABLE), ("2003:e1:1:2::bad/64", STABLE)]);
        assert_eq!(in_prefix_of(&two, seen, &BTreeSet::new()), InPrefix::Stable(seen), "it is stable itself");
        assert_eq!(
            in_prefix_of(&table(&[("2003:e1:1:3::6/64", STABLE)]), seen, &BTreeSet::new()),
            InPrefix::NotOurs
        );
        // Nothing that ends soon stands for anything, least of all for itself.
        for life in [TEMPORARY, DEPRECATED, DEPRECATED_TEMPORARY, TENTATIVE] {
            let alone = table(&[("2003:e1:1:2::bad/64", life), ("2003:e1:1:3::6/64", STABLE)]);
            assert_eq!(in_prefix_of(&alone, seen, &BTreeSet::new()), InPrefix::NoneStable, "{life:?}");
        }
    }
}
