//! Turns the operating system's tables, as values of `netdev`, into a [`Network`]. The functions are pure, so that the tables
//! of all three systems can be tested on any of them.
//!
//! The content of the tables: on macOS and Windows what netdev 0.47 delivers (from its source), on Linux what
//! [`super::interfaces`] reads.
//!
//! | | Linux | macOS | Windows |
//! |---|---|---|---|
//! | order of interfaces | by index | the system's | the system's |
//! | up | `IFF_UP` | `IFF_UP` | operational state "up" |
//! | IPv6 flags | netlink | `SIOCGIFAFLAG_IN6` | duplicate detection state, suffix origin "random" = temporary |
//! | gateways of an interface | default routes of **all** routing tables that name a gateway, several for a multipath route | default routes with a gateway, also those bound to an interface | the adapter's gateways; `0.0.0.0` for dialled VPNs |
//! | gateway's hardware address | neighbour table, IPv4 before IPv6; zero if unknown | the same | the same; for IPv4 it asks the LAN itself (`SendARP`, up to 3 s) |
//!
//! So an interface keeps its gateway here while a VPN has a better default route, whether by a routing table of its own, by
//! two halves (`0.0.0.0/1`, `128.0.0.0/1`), or by a lower metric. Routes of tunnels mostly name no gateway; if they do, the
//! kind of the interface tells them apart. Metrics aren't delivered: of two LAN interfaces the one by which packets leave
//! comes first, then the one with the lower index. On Windows a stable address has the suffix origin "link layer address"
//! even if its suffix is random.

use std::net::{IpAddr, SocketAddr, SocketAddrV6};

use dyntray_core::types::address::{Family, PerFamily};
use dyntray_core::types::network::{AddressLife, Gateway, Interface, InterfaceKind, LocalAddress, Network};
use netdev::interface::ipv6_addr_flags::Ipv6AddrFlags;
use netdev::interface::types::InterfaceType;

use super::identity::{by_hardware_address, by_link_local_address};
use super::kind::{DefaultRoute, kind_of};
use super::platform::Platform;
use crate::route::DISCARD;

/// The [`Network`] in the operating system's tables. `outgoing` has the addresses from which packets to the internet would
/// leave; `salt` is this installation's number, with which the gateway's hardware address is hashed.
pub fn network_of(
    interfaces: &[netdev::Interface],
    outgoing: PerFamily<Option<IpAddr>>,
    salt: u64,
    platform: Platform,
) -> Network {
    reading_of(interfaces, outgoing, salt, platform).network
}

/// A [`Network`], and what is missing from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TableReading {
    pub(super) network: Network,
    /// The address to which a datagram makes the system resolve the gateway's hardware address; none if that is known or
    /// can't be resolved.
    pub(super) unresolved: Option<SocketAddr>,
}

pub(super) fn reading_of(
    interfaces: &[netdev::Interface],
    outgoing: PerFamily<Option<IpAddr>>,
    salt: u64,
    platform: Platform,
) -> TableReading {
    // By index, the order in which the systems show them.
    let mut rows: Vec<_> = interfaces.iter().filter(|row| row.is_up() && !is_loopback(row)).collect();
    rows.sort_by_key(|row| row.index);
    let rows: Vec<_> =
        rows.into_iter().map(|row| (row, kind_of(row, default_route(row, outgoing), platform))).collect();
    let uplink = gateway_row(&rows, outgoing);
    let unresolved = uplink
        .filter(|(row, kind)| *kind == InterfaceKind::Lan && hardware_address(row).is_none())
        .and_then(|(row, _)| discard_address(row));
    let network = Network {
        interfaces: rows.iter().map(|(row, kind)| interface_of(row, *kind)).collect(),
        outgoing,
        gateway: uplink.map(|(row, _)| gateway_of(row, salt, unresolved.is_some())),
    };
    TableReading { network, unresolved }
}

/// True for a loopback interface. On Windows the flag is another bit, but the type says it.
fn is_loopback(row: &netdev::Interface) -> bool {
    row.is_loopback() || row.if_type == InterfaceType::Loopback
}

fn default_route(row: &netdev::Interface, outgoing: PerFamily<Option<IpAddr>>) -> DefaultRoute {
    let has_gateway = Family::BOTH.into_iter().any(|family| gateway_address(row, family).is_some());
    if has_gateway || leaves_by(row, outgoing.ipv4) || leaves_by(row, outgoing.ipv6) {
        DefaultRoute::Exists
    } else {
        DefaultRoute::None
    }
}

fn leaves_by(row: &netdev::Interface, outgoing: Option<IpAddr>) -> bool {
    match outgoing {
        Some(IpAddr::V4(address)) => row.ipv4.iter().any(|net| net.addr() == address),
        Some(IpAddr::V6(address)) => row.ipv6.iter().any(|net| net.addr() == address),
        None => false,
    }
}

/// The row of the interface with the gateway, but no tunnel; preferably the one by which packets leave.
fn gateway_row<'a>(
    rows: &[(&'a netdev::Interface, InterfaceKind)],
    outgoing: PerFamily<Option<IpAddr>>,
) -> Option<(&'a netdev::Interface, InterfaceKind)> {
    let has_gateway = |row, kind| {
        matches!(kind, InterfaceKind::Lan | InterfaceKind::Dialled)
            && Family::BOTH.into_iter().any(|family| gateway_address(row, family).is_some())
    };
    let candidates = rows.iter().copied().filter(|(row, kind)| has_gateway(row, *kind));
    candidates.min_by_key(|(row, kind)| {
        (!leaves_by(row, outgoing.ipv4), !leaves_by(row, outgoing.ipv6), *kind != InterfaceKind::Lan)
    })
}

fn gateway_of(row: &netdev::Interface, salt: u64, is_resolving: bool) -> Gateway {
    let by_hardware = hardware_address(row).map(|address| by_hardware_address(salt, address));
    let by_link_local = match gateway_address(row, Family::Ipv6) {
        Some(IpAddr::V6(address)) => by_link_local_address(salt, address),
        _ => None,
    };
    Gateway {
        addresses: PerFamily::from_fn(|family| gateway_address(row, family)),
        ids: by_hardware.into_iter().chain(by_link_local).collect(),
        is_resolving,
    }
}

/// The first gateway of `family`. Windows gives dialled VPNs the unspecified address, which is left out. Of several IPv6
/// routers the lowest counts, so that the kernel's changing order isn't a changed network.
fn gateway_address(row: &netdev::Interface, family: Family) -> Option<IpAddr> {
    let device = row.gateway.as_ref()?;
    match family {
        Family::Ipv4 => device.ipv4.iter().find(|at| !at.is_unspecified()).map(|at| IpAddr::V4(*at)),
        Family::Ipv6 => device.ipv6.iter().filter(|at| !at.is_unspecified()).min().map(|at| IpAddr::V6(*at)),
    }
}

fn hardware_address(row: &netdev::Interface) -> Option<[u8; 6]> {
    let address = row.gateway.as_ref()?.mac_addr.octets();
    (address != [0; 6]).then_some(address)
}

/// The discard port of the gateway.
fn discard_address(row: &netdev::Interface) -> Option<SocketAddr> {
    match gateway_address(row, Family::Ipv4).or_else(|| gateway_address(row, Family::Ipv6))? {
        IpAddr::V4(address) => Some(SocketAddr::from((address, DISCARD))),
        // A link-local address needs its interface.
        IpAddr::V6(address) => Some(SocketAddr::V6(SocketAddrV6::new(address, DISCARD, 0, row.index))),
    }
}

fn interface_of(row: &netdev::Interface, kind: InterfaceKind) -> Interface {
    let ipv4 = row.ipv4.iter().map(|net| LocalAddress {
        address: IpAddr::V4(net.addr()),
        prefix_length: net.prefix_len(),
        life: AddressLife::Preferred,
        is_temporary: false,
    });
    let ipv6 = row.ipv6.iter().enumerate().map(|(index, net)| {
        let flags = row.ipv6_addr_flags.get(index).copied().unwrap_or_default();
        LocalAddress {
            address: IpAddr::V6(net.addr()),
            prefix_length: net.prefix_len(),
            life: life_of(flags),
            is_temporary: flags.temporary,
        }
    });
    Interface { name: shown_name(row), kind, addresses: ipv4.chain(ipv6).collect() }
}

/// The name that a person knows. On Windows the system's name is a GUID, and the friendly name is shown everywhere.
fn shown_name(row: &netdev::Interface) -> String {
    let is_guid = row.name.starts_with('{');
    row.friendly_name.as_ref().filter(|_| is_guid).unwrap_or(&row.name).clone()
}

/// The life of an address by its flags. Tentative comes before deprecated, because it isn't this machine's yet.
fn life_of(flags: Ipv6AddrFlags) -> AddressLife {
    if flags.tentative || flags.duplicated {
        AddressLife::Tentative
    } else if flags.deprecated {
        AddressLife::Deprecated
    } else {
        AddressLife::Preferred
    }
}
