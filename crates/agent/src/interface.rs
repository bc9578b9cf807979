//! Reads this machine's own addresses. Of several IPv6 addresses the stable one is taken: never a temporary,
//! deprecated or tentative one, nor one that another machine has too.

use std::net::IpAddr;

use dyntray_core::address::{Family, PublicAddress};
use dyntray_core::observation::{LookUpProblem, Observation, admit};
use netdev::Interface;

/// This machine's publishable address of `family`: of the default interface first, then of any other that is up.
pub async fn look_up(family: Family) -> Observation {
    let failed = Observation::Unavailable { why: LookUpProblem::Interfaces };
    tokio::task::spawn_blocking(move || read(family)).await.unwrap_or(failed)
}

fn read(family: Family) -> Observation {
    choose(family, netdev::get_interfaces())
}

fn choose(family: Family, mut interfaces: Vec<Interface>) -> Observation {
    if interfaces.is_empty() {
        // There is a loopback interface at least.
        return Observation::Unavailable { why: LookUpProblem::Interfaces };
    }
    interfaces.sort_by_key(|interface| !interface.default);
    let mut refused = None;
    for address in interfaces.iter().filter(|i| i.is_up() && !i.is_loopback()).flat_map(|i| stable(i, family))
    {
        match admit(family, address) {
            Ok(address) => return known(address),
            Err(why) => refused = refused.or(Some(why)),
        }
    }
    // A private IPv4 address means a NAT router: the web resolver must be on. Link-local IPv6 is no address at all.
    match (family, refused) {
        (Family::Ipv4, Some(why)) => Observation::Unavailable { why },
        _ => Observation::NoAddress,
    }
}

fn known(address: PublicAddress) -> Observation {
    Observation::Known { address }
}

fn stable(interface: &Interface, family: Family) -> Vec<IpAddr> {
    match family {
        Family::Ipv4 => interface.ipv4.iter().map(|net| IpAddr::V4(net.addr())).collect(),
        Family::Ipv6 => interface
            .ipv6
            .iter()
            .zip(&interface.ipv6_addr_flags)
            .filter(|(_, flags)| {
                !flags.temporary && !flags.deprecated && !flags.tentative && !flags.duplicated
            })
            .map(|(net, _)| IpAddr::V6(net.addr()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::address::Unpublishable;
    use netdev::interface::flags::{IFF_LOOPBACK, IFF_UP};
    use netdev::interface::ipv6_addr_flags::Ipv6AddrFlags;
    use netdev::interface::types::InterfaceType;

    const STABLE: Ipv6AddrFlags = Ipv6AddrFlags {
        deprecated: false,
        temporary: false,
        tentative: false,
        duplicated: false,
        permanent: false,
    };
    fn up() -> u32 {
        u32::try_from(IFF_UP).expect("a flag")
    }

    fn interface(name: &str, ipv4: &[&str], ipv6: &[(&str, Ipv6AddrFlags)]) -> Interface {
        Interface {
            name: name.to_owned(),
            if_type: InterfaceType::Ethernet,
            flags: up(),
            ipv4: ipv4.iter().map(|net| net.parse().expect("a net")).collect(),
            ipv6: ipv6.iter().map(|(net, _)| net.parse().expect("a net")).collect(),
            ipv6_addr_flags: ipv6.iter().map(|(_, flags)| *flags).collect(),
            ..Interface::dummy()
        }
    }

    fn default(interface: Interface) -> Interface {
        Interface { default: true, ..interface }
    }

    fn loopback() -> Interface {
        Interface {
            flags: up() | u32::try_from(IFF_LOOPBACK).expect("a flag"),
            if_type: InterfaceType::Loopback,
            ..interface("lo", &["127.0.0.1/8"], &[("::1/128", STABLE)])
        }
    }

    fn tells(address: &str) -> Observation {
        let ip: IpAddr = address.parse().expect("an address");
        Observation::Known { address: PublicAddress::try_from(ip).expect("a public one") }
    }

    fn refused(address: &str, why: Unpublishable) -> Observation {
        Observation::Unavailable { why: LookUpProblem::Unpublishable { address: address.into(), why } }
    }

    #[test]
    fn of_several_ipv6_addresses_only_the_stable_one_is_taken() {
        let stable = ("2003:e1:1:2::5/64", STABLE);
        for unstable in [
            Ipv6AddrFlags { temporary: true, ..STABLE },
            Ipv6AddrFlags { deprecated: true, ..STABLE },
            Ipv6AddrFlags { tentative: true, ..STABLE },
            Ipv6AddrFlags { duplicated: true, ..STABLE },
            Ipv6AddrFlags { temporary: true, deprecated: true, ..STABLE },
        ] {
            let passing = ("2003:e1:1:2::bad/64", unstable);
            for addresses in [vec![passing, stable], vec![stable, passing]] {
                let table = vec![loopback(), default(interface("eth0", &[], &addresses))];
                assert_eq!(choose(Family::Ipv6, table), tells("2003:e1:1:2::5"), "{unstable:?}");
            }
            let alone = vec![loopback(), default(interface("eth0", &[], &[passing]))];
            assert_eq!(choose(Family::Ipv6, alone), Observation::NoAddress, "{unstable:?}");
        }
    }

    #[test]
    fn the_default_interface_comes_first_wherever_it_stands() {
        let other = interface("wg0", &["84.160.12.9/24"], &[("2a02:8109::9/64", STABLE)]);
        let home = default(interface("eth0", &["84.160.12.7/24"], &[("2003:e1::7/64", STABLE)]));
        for table in [vec![other.clone(), home.clone()], vec![home.clone(), other.clone()]] {
            assert_eq!(choose(Family::Ipv4, table.clone()), tells("84.160.12.7"));
            assert_eq!(choose(Family::Ipv6, table), tells("2003:e1::7"));
        }
    }

    #[test]
    fn another_interface_serves_where_the_default_one_has_no_public_address() {
        let home = default(interface("eth0", &["192.168.1.5/24"], &[("fd00::2/64", STABLE)]));
        let dialled = interface("ppp0", &["84.160.12.9/32"], &[("2a02:8109::9/64", STABLE)]);
        let table = vec![home, dialled];
        assert_eq!(choose(Family::Ipv4, table.clone()), tells("84.160.12.9"));
        assert_eq!(choose(Family::Ipv6, table), tells("2a02:8109::9"));
    }

    #[test]
    fn a_private_ipv4_address_is_refused_by_its_name_and_not_taken_for_none() {
        for (net, address, why) in [
            ("192.168.1.5/24", "192.168.1.5", Unpublishable::Private),
            ("10.0.0.1/8", "10.0.0.1", Unpublishable::Private),
            ("100.64.1.2/10", "100.64.1.2", Unpublishable::Shared),
            ("169.254.3.4/16", "169.254.3.4", Unpublishable::LinkLocal),
        ] {
            let table = vec![
                loopback(),
                interface("docker0", &["172.17.0.1/16"], &[]),
                default(interface("eth0", &[net], &[])),
            ];
            assert_eq!(choose(Family::Ipv4, table), refused(address, why));
        }
    }

    #[test]
    fn link_local_and_unique_local_ipv6_are_no_address() {
        let local = [("fe80::1/64", STABLE), ("fd00::2/64", STABLE)];
        let table = vec![loopback(), default(interface("eth0", &["192.168.1.5/24"], &local))];
        assert_eq!(choose(Family::Ipv6, table), Observation::NoAddress);
    }

    #[test]
    fn loopback_and_what_is_down_are_passed_over() {
        // A public address on the loopback interface serves other machines' routers, not this line.
        let routed = Interface { ipv4: vec!["84.160.12.9/32".parse().expect("a net")], ..loopback() };
        let address = [("2003:e1::7/64", STABLE)];
        let down = Interface { flags: 0, ..default(interface("eth0", &["84.160.12.7/24"], &address)) };
        for family in Family::BOTH {
            assert_eq!(choose(family, vec![routed.clone(), down.clone()]), Observation::NoAddress);
        }
    }

    #[test]
    fn a_table_that_could_not_be_read_tells_nothing() {
        let nothing = Observation::Unavailable { why: LookUpProblem::Interfaces };
        for family in Family::BOTH {
            assert_eq!(choose(family, Vec::new()), nothing);
        }
    }
}
