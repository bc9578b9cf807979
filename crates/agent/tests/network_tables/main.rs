//! Tables of the three systems' networks, and the networks that Dyntray reads from them.
//!
//! The tables are written by hand, after netdev's source and the output of `ipconfig /all`, `ifconfig`, `netstat -rn` and
//! `ip`; none was recorded on a machine.

mod linux;
mod macos;
mod windows;

use std::fmt::Write;
use std::net::IpAddr;

use dyntray_agent::network_watch::{Platform, network_of};
use dyntray_core::types::address::{Family, PerFamily};
use dyntray_core::types::network::{AddressLife, IdentityKind, Network, NetworkId};
use netdev::Interface;
use netdev::interface::flags::{IFF_LOOPBACK, IFF_UP};
use netdev::interface::ipv6_addr_flags::Ipv6AddrFlags;
use netdev::interface::types::InterfaceType as Type;
use netdev::net::device::NetworkDevice;
use netdev::net::mac::MacAddr;

const SALT: u64 = 0x0123_4567_89ab_cdef;
const ROUTER: [u8; 6] = [0x3c, 0xa6, 0x2f, 0x11, 0x22, 0x33];

/// One row: an interface that is up, with its addresses. An IPv6 address may be followed by its flags.
fn row(index: u32, name: &str, if_type: Type, addresses: &[&str]) -> Interface {
    let mut row =
        Interface { index, name: name.to_owned(), if_type, flags: flag(IFF_UP), ..Interface::dummy() };
    for text in addresses {
        let (net, flags) = text.split_once(' ').unwrap_or((text, ""));
        if let Ok(net) = net.parse() {
            row.ipv4.push(net);
            continue;
        }
        row.ipv6.push(net.parse().expect("a net"));
        row.ipv6_addr_flags.push(Ipv6AddrFlags {
            temporary: flags.contains("temporary"),
            deprecated: flags.contains("deprecated"),
            tentative: flags.contains("tentative"),
            duplicated: flags.contains("duplicated"),
            permanent: false,
        });
    }
    row
}

/// A flag, whose type differs between systems.
fn flag(bit: impl TryInto<u32>) -> u32 {
    bit.try_into().unwrap_or_else(|_| panic!("a flag"))
}

fn loopback() -> Interface {
    let row = row(1, "lo", Type::Loopback, &["127.0.0.1/8", "::1/128"]);
    Interface { flags: flag(IFF_UP) | flag(IFF_LOOPBACK), ..row }
}

/// The row with the names that Windows gives: one for people, and the driver's description.
fn called(row: Interface, friendly: &str, description: &str) -> Interface {
    Interface { friendly_name: Some(friendly.into()), description: Some(description.into()), ..row }
}

/// The row with a default route through `gateways`; `hardware` is the address in the neighbour table, zero if unknown.
fn routed(row: Interface, gateways: &[&str], hardware: [u8; 6]) -> Interface {
    let mut device = NetworkDevice::new();
    device.mac_addr = MacAddr::from_octets(hardware);
    for gateway in gateways {
        match gateway.parse().expect("an address") {
            IpAddr::V4(address) => device.ipv4.push(address),
            IpAddr::V6(address) => device.ipv6.push(address),
        }
    }
    Interface { gateway: Some(device), ..row }
}

fn outgoing(addresses: &[&str]) -> PerFamily<Option<IpAddr>> {
    let addresses: Vec<IpAddr> = addresses.iter().map(|text| text.parse().expect("an address")).collect();
    PerFamily::from_fn(|family| addresses.iter().copied().find(|address| Family::of(*address) == family))
}

/// The network as text: a line for each interface, one for the route of each family, one for the gateway.
fn shown(network: &Network) -> String {
    let mut text = String::new();
    for interface in &network.interfaces {
        write!(text, "{} {:?}:", interface.name, interface.kind).expect("a string");
        for at in &interface.addresses {
            write!(text, " {}/{}", at.address, at.prefix_length).expect("a string");
            let temporary = at.is_temporary.then_some("Temporary".to_owned());
            let life = (at.life != AddressLife::Preferred).then_some(format!("{:?}", at.life));
            let said: Vec<String> = temporary.into_iter().chain(life).collect();
            if !said.is_empty() {
                write!(text, " ({})", said.join(", ")).expect("a string");
            }
        }
        text.push('\n');
    }
    for family in Family::BOTH {
        let way = network.way_out(family).map_or("-", |interface| &interface.name);
        writeln!(text, "{family:?} leaves by {way}").expect("a string");
    }
    let Some(gateway) = &network.gateway else { return text + "no gateway" };
    let at = |family| gateway.addresses.get(family).map_or("-".to_owned(), |address| address.to_string());
    let kind = |id: &NetworkId| match id.kind() {
        IdentityKind::HardwareAddress => "hardware",
        IdentityKind::LinkLocalAddress => "link-local",
        IdentityKind::DeviceName => "device",
        IdentityKind::None => "none",
    };
    let known: Vec<&str> = gateway.ids.iter().map(kind).collect();
    let learnt = if known.is_empty() { "not learnt".to_owned() } else { known.join("+") };
    write!(text, "gateway {} {} {learnt}", at(Family::Ipv4), at(Family::Ipv6)).expect("a string");
    text
}

#[track_caller]
fn is_read_as(table: &[Interface], platform: Platform, ways: &[&str], expected: &str) {
    let network = network_of(table, outgoing(ways), SALT, platform);
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(shown(&network), expected.join("\n"));
    // On Linux netdev has no fixed order.
    let mut reversed = table.to_vec();
    reversed.reverse();
    assert_eq!(network_of(&reversed, outgoing(ways), SALT, platform), network);
}

/// `start` followed by the lines of `end`.
fn followed_by(start: &str, end: &str) -> String {
    format!("{start}\n{}", end.trim())
}

#[test]
fn without_ipv4_the_router_is_known_by_its_ipv6_address() {
    let ethernet = row(2, "eth0", Type::Ethernet, &["2a02:908:1:2::7/64", "fe80::7/64"]);
    let router = "fe80::3ea6:2fff:fe11:2233";
    is_read_as(
        &[loopback(), routed(ethernet, &["fe80::ffff:0:0:1", router], ROUTER)],
        Platform::Linux,
        &["2a02:908:1:2::7"],
        &format!(
            "eth0 Lan: 2a02:908:1:2::7/64 fe80::7/64
            Ipv4 leaves by -
            Ipv6 leaves by eth0
            gateway - {router} hardware+link-local"
        ),
    );
}

#[test]
fn of_two_cards_the_one_that_packets_leave_by_tells_the_gateway() {
    let card = |index, name, if_type, address, gateway| {
        routed(row(index, name, if_type, &[address]), &[gateway], [0; 6])
    };
    let table = [
        card(2, "eth0", Type::Ethernet, "10.0.0.5/24", "10.0.0.1"),
        card(3, "wlan0", Type::Wireless80211, "192.168.178.31/24", "192.168.178.1"),
        card(4, "wwan0", Type::Wwan, "10.170.3.4/30", "10.170.3.5"),
    ];
    for (way, name, gateway) in [
        ("10.0.0.5", "eth0", "10.0.0.1"),
        ("192.168.178.31", "wlan0", "192.168.178.1"),
        ("10.170.3.4", "wwan0", "10.170.3.5"),
    ] {
        is_read_as(
            &table,
            Platform::Linux,
            &[way],
            &format!(
                "eth0 Lan: 10.0.0.5/24
                wlan0 Lan: 192.168.178.31/24
                wwan0 Dialled: 10.170.3.4/30
                Ipv4 leaves by {name}
                Ipv6 leaves by -
                gateway {gateway} - not learnt"
            ),
        );
    }
}

#[test]
fn a_network_is_recognised_by_its_routers_hardware_and_by_this_installation_only() {
    let id = |salt, hardware| {
        let card = routed(row(2, "eth0", Type::Ethernet, &["10.0.0.5/24"]), &["10.0.0.1"], hardware);
        let network = network_of(&[card], outgoing(&["10.0.0.5"]), salt, Platform::Linux);
        network.gateway.expect("a gateway").ids.remove(0).0
    };
    // printf '\x01\x23\x45\x67\x89\xab\xcd\xef\x3c\xa6\x2f\x11\x22\x33' | sha256sum
    assert_eq!(id(SALT, ROUTER), "98da479d67c104d6eeb1226bf34e7f96654d90e4b3d35cd78c040622abb291f2");
    assert_eq!(id(SALT, ROUTER), id(SALT, ROUTER));
    assert_ne!(id(SALT, ROUTER), id(SALT + 1, ROUTER));
    assert_ne!(id(SALT, ROUTER), id(SALT, [0x3c, 0xa6, 0x2f, 0x11, 0x22, 0x34]));
}

#[test]
fn where_the_system_hides_hardware_addresses_a_network_is_recognised_by_its_routers_link_local_one() {
    let ids = |salt, router: &str| {
        let card = routed(row(2, "en0", Type::Ethernet, &["10.0.0.5/24"]), &["10.0.0.1", router], [0; 6]);
        let network = network_of(&[card], outgoing(&["10.0.0.5"]), salt, Platform::MacOs);
        network.gateway.expect("a gateway").ids
    };
    let known = ids(SALT, "fe80::3ea6:2fff:fe11:2233");
    assert_eq!(known.len(), 1);
    assert_eq!(known[0].kind(), IdentityKind::LinkLocalAddress);
    assert!(!known[0].0.contains("2233"), "it is hashed");
    assert_eq!(ids(SALT, "fe80::3ea6:2fff:fe11:2233"), known);
    assert_ne!(ids(SALT + 1, "fe80::3ea6:2fff:fe11:2233"), known);
    assert_ne!(ids(SALT, "fe80::3ea6:2fff:fe11:2234"), known);
    for everybodys in ["fe80::1", "fe80::254", "fe80::1:1", "2003:e1::1"] {
        assert_eq!(ids(SALT, everybodys), [], "{everybodys}");
    }
}
