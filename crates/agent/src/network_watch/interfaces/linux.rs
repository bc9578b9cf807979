//! Linux: four of rtnetlink's tables, read one after the other (rtnetlink(7)).

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::net::IpAddr;

use netdev::interface::ipv6_addr_flags::Ipv6AddrFlags;
use netdev::interface::types::InterfaceType;
use netdev::ipnet::{Ipv4Net, Ipv6Net};
use netdev::{Interface, MacAddr, NetworkDevice};
use netlink_packet_core::{Emitable, NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST, NetlinkHeader};
use netlink_sys::protocols::NETLINK_ROUTE;
use netlink_sys::{Socket, SocketAddr};

use super::super::neighbour::Neighbour;
use super::super::rtnetlink::{Address, Link, Route, Row, clear, messages};

/// From `linux/netlink.h`.
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;
/// The difference between a table's `RTM_GET…` and `RTM_NEW…`.
const GET_MINUS_NEW: u16 = 2;
/// The flag to receive a datagram's real length, even if it is longer than the buffer (recv(2)).
const MSG_TRUNC: i32 = 0x20;

/// The hardware types for which netdev has names (`linux/if_arp.h`).
const ARPHRD_ETHER: u16 = 1;
const ARPHRD_PPP: u16 = 512;
const ARPHRD_TUNNEL: u16 = 768;
const ARPHRD_LOOPBACK: u16 = 772;

/// From `linux/if_addr.h`.
const IFA_F_TEMPORARY: u32 = 0x01;
const IFA_F_DADFAILED: u32 = 0x08;
const IFA_F_DEPRECATED: u32 = 0x20;
const IFA_F_TENTATIVE: u32 = 0x40;
const IFA_F_PERMANENT: u32 = 0x80;

pub(super) fn interfaces() -> io::Result<Vec<Interface>> {
    let mut tables = Tables::open()?;
    let mut interfaces: BTreeMap<u32, Interface> =
        tables.rows()?.into_iter().map(|link: Link| (link.index, interface(link))).collect();
    for address in tables.rows::<Address>()? {
        if let Some(interface) = interfaces.get_mut(&address.index) {
            add(interface, &address);
        }
    }
    let routes = tables.rows::<Route>()?;
    let gateways =
        routes.into_iter().filter(|route| route.prefix_length == 0).flat_map(|route| route.gateways);
    for (index, gateway) in gateways {
        if let Some(interface) = interfaces.get_mut(&index) {
            add_gateway(interface.gateway.get_or_insert_with(NetworkDevice::new), gateway);
        }
    }
    let neighbours = tables.rows::<Neighbour>()?;
    for (index, interface) in &mut interfaces {
        if let Some(device) = &mut interface.gateway {
            device.mac_addr = hardware_address(device, *index, &neighbours);
        }
    }
    Ok(interfaces.into_values().collect())
}

/// A netlink socket with which tables are read.
struct Tables {
    socket: Socket,
    datagram: Vec<u8>,
    sequence: u32,
}

impl Tables {
    fn open() -> io::Result<Self> {
        let mut socket = Socket::new(NETLINK_ROUTE)?;
        socket.bind_auto()?;
        socket.connect(&SocketAddr::new(0, 0))?;
        Ok(Tables { socket, datagram: Vec::new(), sequence: 0 })
    }

    /// Reads a whole table. Incomplete rows are left out.
    fn rows<R: Row>(&mut self) -> io::Result<Vec<R>> {
        self.sequence += 1;
        let mut header = NetlinkHeader::default();
        header.message_type = R::KIND + GET_MINUS_NEW;
        header.flags = NLM_F_REQUEST | NLM_F_DUMP;
        header.sequence_number = self.sequence;
        let fixed = header.buffer_len();
        // A fixed part of zeros asks for the whole table.
        let mut request = vec![0; fixed + R::FIXED];
        header.length = u32::try_from(request.len()).unwrap_or(u32::MAX);
        header.emit(&mut request[..fixed]);
        self.socket.send(&request, 0)?;
        let mut rows = Vec::new();
        while self.receive(&mut rows)? == Dump::Incomplete {}
        Ok(rows)
    }

    /// Receives the rows of one datagram.
    fn receive<R: Row>(&mut self, rows: &mut Vec<R>) -> io::Result<Dump> {
        clear(&mut self.datagram);
        let length = self.socket.recv(&mut self.datagram, MSG_TRUNC)?;
        if length > self.datagram.len() {
            return Err(io::Error::new(ErrorKind::InvalidData, "a row is longer than the kernel promises"));
        }
        for message in messages(&self.datagram) {
            let message = message.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
            // The rest of an earlier dump that was given up.
            if message.sequence != self.sequence {
                continue;
            }
            if message.flags & NLM_F_DUMP_INTR != 0 {
                return Err(io::Error::new(ErrorKind::Interrupted, "the network changed meanwhile"));
            }
            match message.kind {
                NLMSG_DONE => return Ok(Dump::Complete),
                NLMSG_ERROR => return Err(refused(message.body)),
                _ => rows.extend(R::of(message.body)),
            }
        }
        Ok(Dump::Incomplete)
    }
}

/// The state of a table's dump.
#[derive(PartialEq, Eq)]
enum Dump {
    Incomplete,
    Complete,
}

/// The error in a `struct nlmsgerr`, which begins with its negative number.
fn refused(body: &[u8]) -> io::Error {
    let number = body.first_chunk().map(|bytes| i32::from_ne_bytes(*bytes));
    number
        .map_or(ErrorKind::InvalidData.into(), |number| io::Error::from_raw_os_error(number.saturating_neg()))
}

fn interface(link: Link) -> Interface {
    let if_type = match link.hardware {
        ARPHRD_ETHER => InterfaceType::Ethernet,
        ARPHRD_PPP => InterfaceType::Ppp,
        ARPHRD_TUNNEL => InterfaceType::Tunnel,
        ARPHRD_LOOPBACK => InterfaceType::Loopback,
        other => InterfaceType::UnknownWithValue(other.into()),
    };
    let row =
        Interface { index: link.index, name: link.name, flags: link.flags, if_type, ..Interface::dummy() };
    if is_modem(&row) { Interface { if_type: InterfaceType::Wwan, ..row } } else { row }
}

/// True for a mobile modem: its driver's properties say so, or its name from udev or a phone does.
fn is_modem(row: &Interface) -> bool {
    const NAMES: [&str; 4] = ["wwan", "wwp", "rmnet", "ccmni"];
    let has_modem_driver = || {
        let properties = fs::read_to_string(format!("/sys/class/net/{}/uevent", row.name));
        properties.is_ok_and(|properties| properties.lines().any(|line| line == "DEVTYPE=wwan"))
    };
    NAMES.iter().any(|name| row.name.starts_with(name))
        || row.is_up() && !row.is_loopback() && has_modem_driver()
}

fn add(interface: &mut Interface, row: &Address) {
    match row.at {
        IpAddr::V4(address) => {
            let net = Ipv4Net::new(address, row.prefix_length).ok();
            interface.ipv4.extend(net.filter(|net| !interface.ipv4.contains(net)));
        }
        IpAddr::V6(address) => {
            let net = Ipv6Net::new(address, row.prefix_length).ok();
            if let Some(net) = net.filter(|net| !interface.ipv6.contains(net)) {
                interface.ipv6.push(net);
                interface.ipv6_addr_flags.push(flags(row.flags));
            }
        }
    }
}

fn flags(bits: u32) -> Ipv6AddrFlags {
    let has = |bit| bits & bit != 0;
    Ipv6AddrFlags {
        deprecated: has(IFA_F_DEPRECATED),
        temporary: has(IFA_F_TEMPORARY),
        tentative: has(IFA_F_TENTATIVE),
        duplicated: has(IFA_F_DADFAILED),
        permanent: has(IFA_F_PERMANENT),
    }
}

fn add_gateway(device: &mut NetworkDevice, gateway: IpAddr) {
    match gateway {
        IpAddr::V4(at) if !device.ipv4.contains(&at) => device.ipv4.push(at),
        IpAddr::V6(at) if !device.ipv6.contains(&at) => device.ipv6.push(at),
        _ => {}
    }
}

/// The first known hardware address of the gateways: IPv4 before IPv6, and of several IPv6 routers the lowest. Zero if none
/// is known.
fn hardware_address(device: &NetworkDevice, index: u32, neighbours: &[Neighbour]) -> MacAddr {
    let mut ipv6 = device.ipv6.clone();
    ipv6.sort();
    let gateways = device.ipv4.iter().copied().map(IpAddr::V4).chain(ipv6.into_iter().map(IpAddr::V6));
    let known = |at| neighbours.iter().find(|row| row.index == index && row.address == at);
    let found = gateways.into_iter().find_map(known);
    found.map_or(MacAddr::zero(), |row| MacAddr::from_octets(row.hardware_address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn neighbour(index: u32, at: &str, last: u8) -> Neighbour {
        let address = at.parse().expect("an address");
        Neighbour { index, address, hardware_address: [2, 0, 0, 0, 0, last] }
    }

    #[test]
    fn the_hardware_address_is_that_of_the_gateway_that_is_shown() {
        let mut device = NetworkDevice::new();
        for gateway in ["192.0.2.1", "fe80::2", "fe80::1", "fe80::2"] {
            add_gateway(&mut device, gateway.parse().expect("an address"));
        }
        assert_eq!((device.ipv4.len(), device.ipv6.len()), (1, 2));
        let last = |neighbours: &[Neighbour]| hardware_address(&device, 2, neighbours).octets()[5];
        let mut known = vec![neighbour(3, "192.0.2.1", 9), neighbour(2, "192.0.2.7", 9)];
        assert_eq!(last(&known), 0);
        known.push(neighbour(2, "fe80::2", 4));
        assert_eq!(last(&known), 4);
        known.push(neighbour(2, "fe80::1", 6));
        assert_eq!(last(&known), 6);
        known.push(neighbour(2, "192.0.2.1", 1));
        assert_eq!(last(&known), 1);
    }

    #[test]
    fn each_hardware_type_has_the_name_that_kinds_are_told_by() {
        let type_of = |name: &str, hardware| {
            interface(Link { index: 1, name: name.into(), hardware, flags: 0 }).if_type
        };
        assert_eq!(type_of("eth0", 1), InterfaceType::Ethernet);
        assert_eq!(type_of("wwp0s20f0u4", 1), InterfaceType::Wwan);
        assert_eq!(type_of("rmnet_data0", 519), InterfaceType::Wwan);
        assert_eq!(type_of("ppp0", 512), InterfaceType::Ppp);
        assert_eq!(type_of("ipip0", 768), InterfaceType::Tunnel);
        assert_eq!(type_of("lo", 772), InterfaceType::Loopback);
        assert_eq!(type_of("wg0", 65534), InterfaceType::UnknownWithValue(65534));
    }

    #[test]
    fn a_refusal_of_the_kernel_is_told_in_its_words() {
        assert_eq!(refused(&(-1_i32).to_ne_bytes()).kind(), ErrorKind::PermissionDenied);
        assert_eq!(refused(&[]).kind(), ErrorKind::InvalidData);
    }

    /// netdev reads the same tables with other code. If the network changes meanwhile, both are asked again.
    #[test]
    fn this_machine_is_read_as_netdev_reads_it() {
        let shown = |mut interfaces: Vec<Interface>| {
            interfaces.sort_by_key(|row| row.index);
            let rows = interfaces.into_iter().map(|row| {
                // Wi-Fi and Ethernet count as one kind, because only netdev tells them apart.
                let is_card = matches!(row.if_type, InterfaceType::Wireless80211 | InterfaceType::Ethernet);
                let if_type = if is_card { InterfaceType::Ethernet } else { row.if_type };
                let mut ipv6: Vec<_> = row.ipv6.into_iter().zip(row.ipv6_addr_flags).collect();
                ipv6.sort_by_key(|(net, _)| *net);
                let gateway = row.gateway.map(|device| (device.ipv4, device.ipv6));
                (row.index, row.name, row.flags, if_type, row.ipv4, ipv6, gateway)
            });
            rows.collect::<Vec<_>>()
        };
        for last in [false, false, true] {
            let ours = shown(interfaces().expect("the tables"));
            let theirs = shown(netdev::get_interfaces());
            if ours == theirs && !ours.is_empty() {
                return;
            }
            assert!(!last, "{ours:#?}\n{theirs:#?}");
        }
    }
}
