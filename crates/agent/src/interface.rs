//! Reads this machine's own addresses. Of several IPv6 addresses the stable one is taken: never a temporary,
//! deprecated or tentative one.

use std::net::IpAddr;

use dyntray_core::address::{Family, PublicAddress};
use dyntray_core::observation::{LookUpProblem, Observation, admit};
use netdev::Interface;

/// This machine's publishable address of `family`: of the default interface first, then of any other that is up.
/// Blocking, for some milliseconds.
pub fn look_up(family: Family) -> Observation {
    let mut interfaces = netdev::get_interfaces();
    if interfaces.is_empty() {
        return Observation::Unavailable { why: LookUpProblem::Interfaces };
    }
    interfaces.sort_by_key(|interface| !interface.default);
    choose(family, &interfaces)
}

fn choose(family: Family, interfaces: &[Interface]) -> Observation {
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
            .filter(|(_, flags)| !flags.temporary && !flags.deprecated && !flags.tentative)
            .map(|(net, _)| IpAddr::V6(net.addr()))
            .collect(),
    }
}
