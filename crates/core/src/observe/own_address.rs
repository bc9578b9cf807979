//! This machine's stable addresses. The rules, in order: the interface that packets to the internet leave by comes
//! first, then the others in the system's order; tunnels count only on request, container networks never; of each
//! interface only stable addresses count, never temporary, deprecated or tentative ones.

use std::net::IpAddr;

use crate::observe::observation::{LookUpProblem, Observation, admit};
use crate::types::address::{Family, PublicAddress};
use crate::types::network::{AddressLife, Interface, InterfaceKind, Network, Prefix};

/// The longest prefix of an IPv6 network that hosts share, in bits (RFC 4291).
const SHARED_BITS: u8 = 64;

/// The treatment of tunnels' addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tunnels {
    /// They count.
    Count,
    /// They are ignored.
    PassedOver,
}

/// This machine's stable public addresses of `family`, the best first.
pub fn own_address(network: &Network, family: Family, tunnels: Tunnels) -> Vec<PublicAddress> {
    let stable = candidates(network, family, tunnels);
    stable.into_iter().filter_map(|address| admit(family, address).ok()).collect()
}

/// The answer of this machine's interfaces for `family`.
pub fn observe(network: &Network, family: Family, tunnels: Tunnels) -> Observation {
    if let Some(address) = own_address(network, family, tunnels).first() {
        return Observation::Known { address: *address };
    }
    let refused = candidates(network, family, tunnels).into_iter().find_map(|at| admit(family, at).err());
    match (family, refused) {
        // A private IPv4 address means a NAT router: the web resolver must be on.
        (Family::Ipv4, Some(why @ LookUpProblem::Unpublishable { .. })) => Observation::Unavailable { why },
        _ => Observation::NoAddress,
    }
}

/// The stable address in the prefix of `seen`: `seen` itself if it is stable, otherwise another one of the prefix,
/// otherwise `seen` all the same. None where no interface has an address in the prefix.
pub fn stable_like(network: &Network, seen: PublicAddress) -> Option<PublicAddress> {
    let IpAddr::V6(seen_v6) = seen.ip() else {
        return None;
    };
    let prefix = Prefix::of(seen_v6, SHARED_BITS);
    let here = |interface: &&Interface| interface.kind != InterfaceKind::Tunnel;
    let ours: Vec<_> = network
        .interfaces
        .iter()
        .filter(here)
        .flat_map(|interface| &interface.addresses)
        .filter(|at| matches!(at.address, IpAddr::V6(own) if prefix.contains(own)))
        .collect();
    let is_stable = |at: &&&crate::types::network::LocalAddress| at.life == AddressLife::Stable;
    let itself = ours.iter().filter(is_stable).find(|at| at.address == seen.ip());
    let stable = itself.or_else(|| ours.iter().find(|at| at.life == AddressLife::Stable));
    match stable {
        Some(at) => PublicAddress::try_from(at.address).ok(),
        None => ours.first().map(|_| seen),
    }
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

fn candidates(network: &Network, family: Family, tunnels: Tunnels) -> Vec<IpAddr> {
    let way_out = network.way_out(family).map(|interface| interface.name.as_str());
    let counts = |interface: &&Interface| match interface.kind {
        InterfaceKind::Lan | InterfaceKind::Dialled => true,
        InterfaceKind::Tunnel => tunnels == Tunnels::Count,
        InterfaceKind::Virtual => false,
    };
    let mut interfaces: Vec<&Interface> = network.interfaces.iter().filter(counts).collect();
    interfaces.sort_by_key(|interface| Some(interface.name.as_str()) != way_out);
    interfaces
        .into_iter()
        .flat_map(|interface| &interface.addresses)
        .filter(|at| at.life == AddressLife::Stable && Family::of(at.address) == family)
        .map(|at| at.address)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::address::{PerFamily, Unpublishable};
    use crate::types::network::LocalAddress;
    use AddressLife::{Deprecated, Stable, Temporary, Tentative};
    use InterfaceKind::{Dialled, Lan, Tunnel, Virtual};

    fn interface(name: &str, kind: InterfaceKind, addresses: &[(&str, AddressLife)]) -> Interface {
        let addresses = addresses.iter().map(|(net, life)| {
            let (address, length) = net.split_once('/').expect("a net");
            LocalAddress {
                address: address.parse().expect("an address"),
                prefix_length: length.parse().expect("a length"),
                life: *life,
            }
        });
        Interface { name: name.into(), kind, addresses: addresses.collect() }
    }

    fn network(way_out: [Option<&str>; 2], interfaces: Vec<Interface>) -> Network {
        let [ipv4, ipv6] = way_out.map(|address| address.map(|a| a.parse().expect("an address")));
        Network { interfaces, outgoing: PerFamily { ipv4, ipv6 }, gateway: None }
    }

    fn tells(network: &Network, family: Family) -> Observation {
        observe(network, family, Tunnels::PassedOver)
    }

    fn known(address: &str) -> Observation {
        Observation::Known { address: public(address) }
    }

    fn public(address: &str) -> PublicAddress {
        PublicAddress::try_from(address.parse::<IpAddr>().expect("an address")).expect("a public one")
    }

    #[test]
    fn of_several_ipv6_addresses_only_the_stable_one_is_taken() {
        let stable = ("2003:e1:1:2::5/64", Stable);
        for life in [Temporary, Deprecated, Tentative] {
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
    fn the_way_out_comes_first_wherever_it_stands() {
        let other = interface("eth1", Lan, &[("84.160.12.9/24", Stable), ("2a02:8109::9/64", Stable)]);
        let home = interface("eth0", Lan, &[("84.160.12.7/24", Stable), ("2003:e1::7/64", Stable)]);
        for table in [vec![other.clone(), home.clone()], vec![home, other]] {
            let home = network([Some("84.160.12.7"), Some("2003:e1::7")], table);
            assert_eq!(tells(&home, Family::Ipv4), known("84.160.12.7"));
            assert_eq!(tells(&home, Family::Ipv6), known("2003:e1::7"));
        }
    }

    #[test]
    fn another_interface_serves_where_the_way_out_has_no_public_address() {
        let home = interface("eth0", Lan, &[("192.168.1.5/24", Stable), ("fd00::2/64", Stable)]);
        let dialled = interface("ppp0", Dialled, &[("84.160.12.9/32", Stable), ("2a02:8109::9/64", Stable)]);
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
                interface("docker0", Virtual, &[("172.17.0.1/16", Stable)]),
                interface("eth0", Lan, &[(net.as_str(), Stable)]),
            ];
            let refused = Observation::Unavailable {
                why: LookUpProblem::Unpublishable { address: address.into(), why },
            };
            assert_eq!(tells(&network([Some(address), None], table), Family::Ipv4), refused);
        }
    }

    #[test]
    fn link_local_and_unique_local_ipv6_are_no_address() {
        let local = [("fe80::1/64", Stable), ("fd00::2/64", Stable)];
        let home = network([None, None], vec![interface("eth0", Lan, &local)]);
        assert_eq!(tells(&home, Family::Ipv6), Observation::NoAddress);
    }

    #[test]
    fn a_tunnels_address_counts_only_where_that_is_allowed() {
        let vpn = interface("wg0", Tunnel, &[("45.80.1.9/32", Stable)]);
        let home = network([Some("45.80.1.9"), None], vec![vpn]);
        assert_eq!(tells(&home, Family::Ipv4), Observation::NoAddress);
        assert_eq!(observe(&home, Family::Ipv4, Tunnels::Count), known("45.80.1.9"));
    }

    #[test]
    fn the_stable_address_stands_for_a_temporary_one_of_its_prefix() {
        let table = |addresses: &[(&str, AddressLife)]| {
            network([None, None], vec![interface("eth0", Lan, addresses)])
        };
        let seen = public("2003:e1:1:2::bad");
        let temporary = ("2003:e1:1:2::bad/64", Temporary);
        let both = table(&[temporary, ("2003:e1:1:3::6/64", Stable), ("2003:e1:1:2::5/64", Stable)]);
        assert_eq!(stable_like(&both, seen), Some(public("2003:e1:1:2::5")));
        assert_eq!(stable_like(&table(&[temporary]), seen), Some(seen), "better that than none");
        let two = table(&[("2003:e1:1:2::5/64", Stable), ("2003:e1:1:2::bad/64", Stable)]);
        assert_eq!(stable_like(&two, seen), Some(seen), "it is stable itself");
        assert_eq!(stable_like(&table(&[("2003:e1:1:3::6/64", Stable)]), seen), None);
    }
}
