//! The addresses of the system's DNS resolvers. Linux and macOS have them in `/etc/resolv.conf`, Windows with each
//! interface.

use std::net::{IpAddr, SocketAddr, SocketAddrV6};

use netdev::Interface;

use crate::faults::contain_call;
use crate::network_watch::interfaces;

const PORT: u16 = 53;
const RESOLV_CONF: &str = "/etc/resolv.conf";
/// The number of resolvers that are asked, as by the C library (resolv.conf(5), `MAXNS`).
const MAX_RESOLVERS: usize = 3;

/// The resolvers' addresses, in the order in which they are to be asked; empty if none is known.
pub(super) async fn resolvers() -> Vec<SocketAddr> {
    tokio::task::spawn_blocking(|| contain_call(read_resolvers)).await.unwrap_or_default()
}

fn read_resolvers() -> Vec<SocketAddr> {
    if cfg!(windows) {
        return of_interfaces(interfaces().unwrap_or_default());
    }
    let text = std::fs::read_to_string(RESOLV_CONF).unwrap_or_default();
    of_resolv_conf(&text, index_of)
}

/// Reads `nameserver` lines (resolv.conf(5)). A link-local address, with which home routers announce themselves, is followed
/// by `%` and its interface.
fn of_resolv_conf(text: &str, index_of: impl Fn(&str) -> Option<u32>) -> Vec<SocketAddr> {
    let address = |line: &str| {
        let mut words = line.split_ascii_whitespace();
        let address = words.next().filter(|word| *word == "nameserver").and(words.next())?;
        let Some((address, zone)) = address.split_once('%') else {
            return Some(SocketAddr::new(address.parse().ok()?, PORT));
        };
        let scope = zone.parse().ok().or_else(|| index_of(zone))?;
        Some(SocketAddrV6::new(address.parse().ok()?, PORT, 0, scope).into())
    };
    text.lines().filter_map(address).take(MAX_RESOLVERS).collect()
}

fn index_of(name: &str) -> Option<u32> {
    interfaces().ok()?.into_iter().find(|interface| interface.name == name).map(|found| found.index)
}

/// The resolvers of the interfaces that are up, those of the default interface first.
fn of_interfaces(mut interfaces: Vec<Interface>) -> Vec<SocketAddr> {
    interfaces.sort_by_key(|interface| !interface.default);
    let mut found = Vec::new();
    for interface in interfaces.iter().filter(|interface| interface.is_up()) {
        let here = interface.dns_servers.iter().filter_map(|address| reachable(*address, interface.index));
        found.extend(here.take(MAX_RESOLVERS));
    }
    found.truncate(MAX_RESOLVERS);
    found
}

/// The socket address of a resolver; none for `fec0:0:0:ffff::1` and its like, which Windows gives to interfaces without a
/// resolver (such addresses were abolished by RFC 3879).
fn reachable(address: IpAddr, interface: u32) -> Option<SocketAddr> {
    match address {
        IpAddr::V6(v6) if v6.segments()[0] & 0xffc0 == 0xfec0 => None,
        IpAddr::V6(v6) if v6.is_unicast_link_local() => {
            Some(SocketAddrV6::new(v6, PORT, 0, interface).into())
        }
        other => Some(SocketAddr::new(other, PORT)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_that_name_a_resolver_are_read_and_no_others() {
        let text = "# made by a program\nsearch fritz.box\n;nameserver 9.9.9.9\nnameserver 192.168.178.1\n\
                    options edns0\nnameserver\tfd00::1 # router\nnameserver nonsense\nnameserver fe80::1%eth7\n\
                    nameserver 10.0.0.1\n";
        let found = of_resolv_conf(text, |name| (name == "eth7").then_some(7));
        let expected = ["192.168.178.1:53", "[fd00::1]:53", "[fe80::1%7]:53"];
        assert_eq!(found, expected.map(|text| text.parse().expect("an address")));
        assert_eq!(of_resolv_conf("nameserver fe80::1%gone\n", |_| None), []);
        assert_eq!(of_resolv_conf("", |_| None), []);
    }

    #[test]
    fn addresses_at_which_nobody_listens_are_left_out() {
        let at = |text: &str| reachable(text.parse().expect("an address"), 4);
        assert_eq!(at("fec0:0:0:ffff::1"), None);
        assert_eq!(at("fe80::1"), Some("[fe80::1%4]:53".parse().expect("an address")));
        assert_eq!(at("192.168.178.1"), Some("192.168.178.1:53".parse().expect("an address")));
    }
}
