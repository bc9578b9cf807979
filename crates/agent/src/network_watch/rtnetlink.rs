//! What Linux says of its network: rows of rtnetlink's tables (rtnetlink(7)), as far as Dyntray asks for them.
//!
//! `netlink-packet-route` reads every table and every field in 0.4 MB of program. These are the few that count; in the
//! tests that crate writes what is read here.

use std::net::IpAddr;

use netlink_packet_core::{DecodeError, NetlinkBuffer, NlasIterator};

/// `RTM_DELNEIGH` of `linux/rtnetlink.h`.
pub(super) const FORGOTTEN_NEIGHBOUR: u16 = 29;

/// Numbers of attributes: `linux/if_link.h`, `linux/if_addr.h`, `linux/rtnetlink.h` and `linux/neighbour.h`.
const IFLA_IFNAME: u16 = 3;
const IFA_ADDRESS: u16 = 1;
const IFA_LOCAL: u16 = 2;
const IFA_FLAGS: u16 = 8;
const RTA_OIF: u16 = 4;
const RTA_GATEWAY: u16 = 5;
const RTA_MULTIPATH: u16 = 9;
const NDA_DST: u16 = 1;
const NDA_LLADDR: u16 = 2;

/// Room for one datagram: the kernel fills at most so much at once, and half of it with what it multicasts.
const DATAGRAM: usize = 32 * 1024;

/// Empties `datagram` for the next one.
pub(super) fn make_room(datagram: &mut Vec<u8>) {
    datagram.clear();
    datagram.reserve(DATAGRAM);
}

/// One message of a datagram.
pub(super) struct Message<'a> {
    /// What it is: `RTM_…` and `NLMSG_…`.
    pub(super) kind: u16,
    /// `NLM_F_…`.
    pub(super) flags: u16,
    /// Which question it answers; 0 when nobody asked.
    pub(super) sequence: u32,
    /// What comes behind the header.
    pub(super) body: &'a [u8],
}

/// The messages of `datagram`, each at a multiple of four bytes; after one that can't be read none follows.
pub(super) fn messages(mut datagram: &[u8]) -> impl Iterator<Item = Result<Message<'_>, DecodeError>> {
    std::iter::from_fn(move || {
        if datagram.is_empty() {
            return None;
        }
        let read = NetlinkBuffer::new_checked(datagram);
        let length = read.as_ref().map_or(usize::MAX, |message| {
            usize::try_from(message.length()).map_or(usize::MAX, |length| length.next_multiple_of(4))
        });
        datagram = datagram.get(length..).unwrap_or_default();
        Some(read.map(|message| Message {
            kind: message.message_type(),
            flags: message.flags(),
            sequence: message.sequence_number(),
            body: message.payload(),
        }))
    })
}

/// A row of one of the tables.
pub(super) trait Row: Sized {
    /// The kind of message that brings one: `RTM_NEW…`.
    const KIND: u16;
    /// How long its fixed part is; its attributes follow.
    const FIXED: usize;

    /// None where something is missing that is needed.
    fn read(fixed: &[u8], attributes: &[u8]) -> Option<Self>;

    /// The row in a message's body.
    fn of(body: &[u8]) -> Option<Self> {
        let (fixed, attributes) = body.split_at_checked(Self::FIXED)?;
        Self::read(fixed, attributes)
    }
}

/// An interface: `struct ifinfomsg`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) index: u32,
    pub(super) name: String,
    /// `ARPHRD_…` of `linux/if_arp.h`.
    pub(super) hardware: u16,
    /// `IFF_…` of `linux/if.h`.
    pub(super) flags: u32,
}

impl Row for Link {
    const KIND: u16 = 16;
    const FIXED: usize = 16;

    fn read(fixed: &[u8], attributes: &[u8]) -> Option<Self> {
        let name = attribute(attributes, IFLA_IFNAME)?;
        let name = name.strip_suffix(&[0]).unwrap_or(name);
        Some(Link {
            index: number(fixed, 4)?,
            name: String::from_utf8_lossy(name).into_owned(),
            hardware: u16::from_ne_bytes(fixed.get(2..4)?.try_into().ok()?),
            flags: number(fixed, 8)?,
        })
    }
}

/// An address of an interface: `struct ifaddrmsg`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// The interface's.
    pub(super) index: u32,
    pub(super) at: IpAddr,
    pub(super) prefix_length: u8,
    /// `IFA_F_…` of `linux/if_addr.h`.
    pub(super) flags: u32,
}

impl Row for Address {
    const KIND: u16 = 20;
    const FIXED: usize = 8;

    fn read(fixed: &[u8], attributes: &[u8]) -> Option<Self> {
        // On a line between two points `IFA_ADDRESS` is the other end; IPv6 mostly has nothing else.
        let own = attribute(attributes, IFA_LOCAL).or_else(|| attribute(attributes, IFA_ADDRESS))?;
        // The fixed part has room for eight of the flags only.
        let all_flags = attribute(attributes, IFA_FLAGS).and_then(|flags| number(flags, 0));
        Some(Address {
            index: number(fixed, 4)?,
            at: address(own)?,
            prefix_length: *fixed.get(1)?,
            flags: all_flags.or_else(|| fixed.get(2).copied().map(u32::from))?,
        })
    }
}

/// A route: `struct rtmsg`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// How much of the destination counts; 0 for a default route.
    pub(super) prefix_length: u8,
    /// Gateways, each with its interface's index; several where the way is shared.
    pub(super) gateways: Vec<(u32, IpAddr)>,
}

impl Row for Route {
    const KIND: u16 = 24;
    const FIXED: usize = 12;

    fn read(fixed: &[u8], attributes: &[u8]) -> Option<Self> {
        let interface = attribute(attributes, RTA_OIF).and_then(|index| number(index, 0));
        let own = interface.zip(gateway(attributes));
        let shared = attribute(attributes, RTA_MULTIPATH).unwrap_or_default();
        Some(Route {
            prefix_length: *fixed.get(1)?,
            gateways: own.into_iter().chain(next_hops(shared)).collect(),
        })
    }
}

/// A device on the LAN: `struct ndmsg`. One whose hardware address isn't known is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Neighbour {
    /// The index of the interface that it is behind.
    pub(super) index: u32,
    pub(super) address: IpAddr,
    pub(super) hardware_address: [u8; 6],
}

impl Row for Neighbour {
    const KIND: u16 = 28;
    const FIXED: usize = 12;

    fn read(fixed: &[u8], attributes: &[u8]) -> Option<Self> {
        Some(Neighbour {
            index: number(fixed, 4)?,
            address: attribute(attributes, NDA_DST).and_then(address)?,
            hardware_address: attribute(attributes, NDA_LLADDR)?.try_into().ok()?,
        })
    }
}

/// Each of several next hops: `struct rtnexthop` with its length, its interface, and attributes of its own.
fn next_hops(mut shared: &[u8]) -> impl Iterator<Item = (u32, IpAddr)> {
    const FIXED: usize = 8;
    std::iter::from_fn(move || {
        let length = usize::from(u16::from_ne_bytes(shared.get(..2)?.try_into().ok()?));
        let hop = shared.get(..length)?;
        let (fixed, attributes) = hop.split_at_checked(FIXED)?;
        shared = shared.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some(number(fixed, 4).zip(gateway(attributes)))
    })
    .flatten()
}

fn gateway(attributes: &[u8]) -> Option<IpAddr> {
    attribute(attributes, RTA_GATEWAY).and_then(address)
}

fn attribute(attributes: &[u8], kind: u16) -> Option<&[u8]> {
    // Before its value come its length and its kind.
    const FIXED: usize = 4;
    let found = NlasIterator::new(attributes).map_while(Result::ok).find(|found| found.kind() == kind)?;
    found.into_inner().get(FIXED..usize::from(found.length()))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let ipv4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    ipv4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use netlink_packet_core::NetlinkMessage;
    use netlink_packet_route::RouteNetlinkMessage as Said;
    use netlink_packet_route::address::{AddressAttribute, AddressFlags, AddressMessage};
    use netlink_packet_route::link::{LinkAttribute, LinkFlags, LinkLayerType, LinkMessage};
    use netlink_packet_route::neighbour::{NeighbourAddress, NeighbourAttribute, NeighbourMessage};
    use netlink_packet_route::route::{RouteAddress, RouteAttribute, RouteMessage, RouteNextHop};
    use proptest::prelude::*;

    /// What the kernel would send.
    pub(in super::super) fn datagram(said: Vec<Said>) -> Vec<u8> {
        let of_one = |said: Said| {
            let mut message = NetlinkMessage::from(said);
            message.finalize();
            let mut bytes = vec![0; message.buffer_len().next_multiple_of(4)];
            message.serialize(&mut bytes);
            bytes
        };
        said.into_iter().flat_map(of_one).collect()
    }

    fn rows<R: Row>(said: Vec<Said>) -> Vec<Option<R>> {
        let datagram = datagram(said);
        let read = messages(&datagram).map(|message| message.expect("a message"));
        read.map(|message| {
            assert_eq!(message.kind, R::KIND);
            R::of(message.body)
        })
        .collect()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn an_interface_is_its_index_its_name_its_type_and_its_flags() {
        let mut link = LinkMessage::default();
        link.header.index = 7;
        link.header.link_layer_type = LinkLayerType::Ppp;
        link.header.flags = LinkFlags::Up | LinkFlags::Running;
        link.attributes = vec![LinkAttribute::Mtu(1492), LinkAttribute::IfName("ppp0".into())];
        let nameless = LinkMessage::default();
        let expected = Link { index: 7, name: "ppp0".into(), hardware: 512, flags: 0x41 };
        assert_eq!(rows::<Link>(vec![Said::NewLink(link), Said::NewLink(nameless)]), [Some(expected), None]);
    }

    #[test]
    fn an_address_is_this_end_of_a_line_and_its_flags_are_read_where_all_of_them_stand() {
        let said = |prefix_len, attributes| {
            let mut said = AddressMessage::default();
            (said.header.index, said.header.prefix_len, said.attributes) = (3, prefix_len, attributes);
            Said::NewAddress(said)
        };
        let read = rows::<Address>(vec![
            said(
                32,
                vec![AddressAttribute::Address(ip("10.0.0.1")), AddressAttribute::Local(ip("10.0.0.2"))],
            ),
            said(
                64,
                vec![
                    AddressAttribute::Address(ip("2001:db8::7")),
                    AddressAttribute::Flags(AddressFlags::Secondary | AddressFlags::Noprefixroute),
                ],
            ),
            said(64, vec![]),
        ]);
        let row =
            |at: &str, prefix_length, flags| Some(Address { index: 3, at: ip(at), prefix_length, flags });
        assert_eq!(read, [row("10.0.0.2", 32, 0), row("2001:db8::7", 64, 0x201), None]);
    }

    #[test]
    fn a_route_has_one_gateway_or_none_or_several() {
        let said = |prefix_length, attributes| {
            let mut said = RouteMessage::default();
            (said.header.destination_prefix_length, said.attributes) = (prefix_length, attributes);
            Said::NewRoute(said)
        };
        let hop = |interface_index, gateway: &str| {
            let mut hop = RouteNextHop::default();
            hop.interface_index = interface_index;
            hop.attributes =
                vec![RouteAttribute::Gateway(RouteAddress::Inet(gateway.parse().expect("IPv4")))];
            hop
        };
        let to = RouteAddress::Inet6("fe80::1".parse().expect("IPv6"));
        let read = rows::<Route>(vec![
            said(0, vec![RouteAttribute::Oif(2), RouteAttribute::Gateway(to)]),
            said(24, vec![RouteAttribute::Oif(2)]),
            said(0, vec![RouteAttribute::MultiPath(vec![hop(2, "192.0.2.1"), hop(5, "198.51.100.1")])]),
        ]);
        let row = |prefix_length, gateways: &[(u32, &str)]| {
            let gateways = gateways.iter().map(|(index, at)| (*index, ip(at))).collect();
            Some(Route { prefix_length, gateways })
        };
        let both = [(2, "192.0.2.1"), (5, "198.51.100.1")];
        assert_eq!(read, [row(0, &[(2, "fe80::1")]), row(24, &[]), row(0, &both)]);
    }

    /// A router as the neighbour table tells of it.
    pub(in super::super) fn router(hardware_address: Option<[u8; 6]>) -> Said {
        let mut said = NeighbourMessage::default();
        said.header.ifindex = 2;
        said.attributes =
            vec![NeighbourAttribute::Destination(NeighbourAddress::Inet([192, 168, 178, 1].into()))];
        let known = hardware_address.map(|bytes| NeighbourAttribute::LinkLayerAddress(bytes.to_vec()));
        said.attributes.extend(known);
        Said::NewNeighbour(said)
    }

    #[test]
    fn a_neighbour_counts_once_its_hardware_address_is_known() {
        let hardware_address = [2, 0, 0, 0, 0, 1];
        let expected = Neighbour { index: 2, address: ip("192.168.178.1"), hardware_address };
        let read = rows::<Neighbour>(vec![router(None), router(Some(hardware_address))]);
        assert_eq!(read, [None, Some(expected)]);
    }

    #[test]
    fn what_is_cut_off_is_told_as_such_and_ends_the_datagram() {
        let whole = datagram(vec![router(None), router(None)]);
        let read: Vec<bool> = messages(&whole[..whole.len() - 4]).map(|message| message.is_ok()).collect();
        assert_eq!(read, [true, false]);
        assert_eq!(messages(&[]).count(), 0);
        assert_eq!(messages(&[1; 5]).map(|message| message.is_ok()).collect::<Vec<_>>(), [false]);
    }

    proptest! {
        #[test]
        fn whatever_bytes_come_nothing_breaks(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for message in messages(&bytes).flatten() {
                prop_assert!(message.body.len() <= bytes.len());
            }
            let _ = (Link::of(&bytes), Address::of(&bytes), Route::of(&bytes), Neighbour::of(&bytes));
        }
    }
}
