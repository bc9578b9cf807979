//! Reads rows of rtnetlink's tables (rtnetlink(7)), with the fields that Dyntray needs.
//!
//! `netlink-packet-route` reads every table and every field, and adds 0.4 MB to the program. In the tests it writes what is
//! read here.

use std::net::IpAddr;

use netlink_packet_core::{DecodeError, NetlinkBuffer, NlasIterator};

use super::neighbour::Neighbour;

/// From `linux/rtnetlink.h`.
pub(super) const RTM_DELNEIGH: u16 = 29;

/// Numbers of attributes, from `linux/if_link.h`, `linux/if_addr.h`, `linux/rtnetlink.h` and `linux/neighbour.h`.
const IFLA_IFNAME: u16 = 3;
const IFA_ADDRESS: u16 = 1;
const IFA_LOCAL: u16 = 2;
const IFA_FLAGS: u16 = 8;
const RTA_OIF: u16 = 4;
const RTA_GATEWAY: u16 = 5;
const RTA_MULTIPATH: u16 = 9;
const NDA_DST: u16 = 1;
const NDA_LLADDR: u16 = 2;

/// The longest datagram that the kernel sends; multicast ones are at most half as long.
const MAX_DATAGRAM: usize = 32 * 1024;

/// Clears the buffer for the next datagram.
pub(super) fn clear(datagram: &mut Vec<u8>) {
    datagram.clear();
    datagram.reserve(MAX_DATAGRAM);
}

/// One message of a datagram.
pub(super) struct Message<'a> {
    /// The type: `RTM_…` or `NLMSG_…`.
    pub(super) kind: u16,
    /// The flags: `NLM_F_…`.
    pub(super) flags: u16,
    /// The number of the request that it answers; 0 if there was none.
    pub(super) sequence: u32,
    /// The part after the header.
    pub(super) body: &'a [u8],
}

/// The messages of `datagram`, each aligned to four bytes. A message that can't be read is the last one.
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
    /// The type of the messages with such rows: `RTM_NEW…`.
    const KIND: u16;
    /// The length of the fixed part, which the attributes follow.
    const FIXED: usize;

    /// Reads a row; none if something is missing that is needed.
    fn read(fixed: &[u8], attributes: &[u8]) -> Option<Self>;

    /// Reads the row in a message's body.
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
    /// The index of the interface.
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
        // On a point-to-point line `IFA_ADDRESS` is the peer's. IPv6 mostly has no `IFA_LOCAL`.
        let own = attribute(attributes, IFA_LOCAL).or_else(|| attribute(attributes, IFA_ADDRESS))?;
        // The fixed part has only eight of the flags.
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
    /// The length of the destination's prefix; 0 for a default route.
    pub(super) prefix_length: u8,
    /// The gateways, each with the index of its interface; several for a multipath route.
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

/// Reads a `struct ndmsg`. A neighbour whose hardware address isn't known is left out.
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

/// The next hops of a multipath route: each a `struct rtnexthop` with its length, its interface, and its own attributes.
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
    // The length and the type come before the value.
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
    use netlink_packet_route::RouteNetlinkMessage as Sent;
    use netlink_packet_route::address::{AddressAttribute, AddressFlags, AddressMessage};
    use netlink_packet_route::link::{LinkAttribute, LinkFlags, LinkLayerType, LinkMessage};
    use netlink_packet_route::neighbour::{NeighbourAddress, NeighbourAttribute, NeighbourMessage};
    use netlink_packet_route::route::{RouteAddress, RouteAttribute, RouteMessage, RouteNextHop};
    use proptest::prelude::*;

    /// The datagram that the kernel would send.
    pub(in super::super) fn datagram(sent: Vec<Sent>) -> Vec<u8> {
        let bytes_of = |sent: Sent| {
            let mut message = NetlinkMessage::from(sent);
            message.finalize();
            let mut bytes = vec![0; message.buffer_len().next_multiple_of(4)];
            message.serialize(&mut bytes);
            bytes
        };
        sent.into_iter().flat_map(bytes_of).collect()
    }

    fn rows<R: Row>(sent: Vec<Sent>) -> Vec<Option<R>> {
        let datagram = datagram(sent);
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
        assert_eq!(rows::<Link>(vec![Sent::NewLink(link), Sent::NewLink(nameless)]), [Some(expected), None]);
    }

    #[test]
    fn an_address_is_this_end_of_a_line_and_its_flags_are_read_where_all_of_them_stand() {
        let sent = |prefix_len, attributes| {
            let mut sent = AddressMessage::default();
            (sent.header.index, sent.header.prefix_len, sent.attributes) = (3, prefix_len, attributes);
            Sent::NewAddress(sent)
        };
        let read = rows::<Address>(vec![
            sent(
                32,
                vec![AddressAttribute::Address(ip("10.0.0.1")), AddressAttribute::Local(ip("10.0.0.2"))],
            ),
            sent(
                64,
                vec![
                    AddressAttribute::Address(ip("2001:db8::7")),
                    AddressAttribute::Flags(AddressFlags::Secondary | AddressFlags::Noprefixroute),
                ],
            ),
            sent(64, vec![]),
        ]);
        let row =
            |at: &str, prefix_length, flags| Some(Address { index: 3, at: ip(at), prefix_length, flags });
        assert_eq!(read, [row("10.0.0.2", 32, 0), row("2001:db8::7", 64, 0x201), None]);
    }

    #[test]
    fn a_route_has_one_gateway_or_none_or_several() {
        let sent = |prefix_length, attributes| {
            let mut sent = RouteMessage::default();
            (sent.header.destination_prefix_length, sent.attributes) = (prefix_length, attributes);
            Sent::NewRoute(sent)
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
            sent(0, vec![RouteAttribute::Oif(2), RouteAttribute::Gateway(to)]),
            sent(24, vec![RouteAttribute::Oif(2)]),
            sent(0, vec![RouteAttribute::MultiPath(vec![hop(2, "192.0.2.1"), hop(5, "198.51.100.1")])]),
        ]);
        let row = |prefix_length, gateways: &[(u32, &str)]| {
            let gateways = gateways.iter().map(|(index, at)| (*index, ip(at))).collect();
            Some(Route { prefix_length, gateways })
        };
        let both = [(2, "192.0.2.1"), (5, "198.51.100.1")];
        assert_eq!(read, [row(0, &[(2, "fe80::1")]), row(24, &[]), row(0, &both)]);
    }

    /// A router in the neighbour table.
    pub(in super::super) fn router(hardware_address: Option<[u8; 6]>) -> Sent {
        let mut sent = NeighbourMessage::default();
        sent.header.ifindex = 2;
        sent.attributes =
            vec![NeighbourAttribute::Destination(NeighbourAddress::Inet([192, 168, 178, 1].into()))];
        let known = hardware_address.map(|bytes| NeighbourAttribute::LinkLayerAddress(bytes.to_vec()));
        sent.attributes.extend(known);
        Sent::NewNeighbour(sent)
    }

    #[test]
    fn a_neighbour_counts_once_its_hardware_address_is_known() {
        let hardware_address = [2, 0, 0, 0, 0, 1];
        let expected = Neighbour { index: 2, address: ip("192.168.178.1"), hardware_address };
        let read = rows::<Neighbour>(vec![router(None), router(Some(hardware_address))]);
        assert_eq!(read, [None, Some(expected)]);
    }

    #[test]
    fn a_message_that_is_cut_off_is_an_error_and_ends_the_datagram() {
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
