//! Linux: rtnetlink's multicast groups (rtnetlink(7)).

use std::io::{self, ErrorKind};
use std::net::IpAddr;

use netlink_packet_core::{NetlinkMessage, NetlinkPayload};
use netlink_packet_route::RouteNetlinkMessage;
use netlink_packet_route::neighbour::{NeighbourAddress, NeighbourAttribute, NeighbourMessage};
use netlink_sys::protocols::NETLINK_ROUTE;
use netlink_sys::{AsyncSocket, AsyncSocketExt, SocketAddr, TokioSocket};

use super::Neighbour;

/// The groups of links, neighbours, addresses, routes and policy rules, each a bit of the socket's address
/// (`linux/rtnetlink.h`: 1 shifted by `RTNLGRP_…` - 1).
const GROUPS: u32 =
    LINK | NEIGHBOUR | IPV4_ADDRESS | IPV4_ROUTE | IPV4_RULE | IPV6_ADDRESS | IPV6_ROUTE | IPV6_RULE;
const LINK: u32 = 1;
const NEIGHBOUR: u32 = 1 << 2;
const IPV4_ADDRESS: u32 = 1 << 4;
const IPV4_ROUTE: u32 = 1 << 6;
const IPV4_RULE: u32 = 1 << 7;
const IPV6_ADDRESS: u32 = 1 << 8;
const IPV6_ROUTE: u32 = 1 << 10;
const IPV6_RULE: u32 = 1 << 18;

/// Room for one datagram: the kernel's own upper bound for what it multicasts is 16 KiB.
const DATAGRAM: usize = 32 * 1024;

/// What the kernel answers when it had to drop words because nobody read them (`ENOBUFS`).
const OVERRUN: i32 = 105;

/// A netlink socket, and room for what comes from it.
pub(super) struct Events {
    socket: TokioSocket,
    datagram: Vec<u8>,
}

impl Events {
    pub(super) fn open() -> io::Result<Self> {
        let mut socket = TokioSocket::new(NETLINK_ROUTE)?;
        socket.socket_mut().bind(&SocketAddr::new(0, GROUPS))?;
        Ok(Events { socket, datagram: Vec::new() })
    }

    /// Returns at the next word that changes more than neighbours, or tells of one that is news.
    pub(super) async fn next(&mut self, is_news: &(impl Fn(&Neighbour) -> bool + Sync)) -> io::Result<()> {
        loop {
            make_room(&mut self.datagram);
            match self.socket.recv(&mut self.datagram).await {
                Ok(()) if concerns(&self.datagram, is_news) => return Ok(()),
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.raw_os_error() == Some(OVERRUN) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) fn drain(&mut self) {
        loop {
            make_room(&mut self.datagram);
            // An error is seen again, and dealt with, by `next`.
            if self.socket.socket_ref().recv(&mut self.datagram, 0).is_err() {
                return;
            }
        }
    }
}

fn make_room(datagram: &mut Vec<u8>) {
    datagram.clear();
    datagram.reserve(DATAGRAM);
}

/// Whether any message of `datagram` is worth a reading. One that can't be read may be.
fn concerns(mut datagram: &[u8], is_news: &impl Fn(&Neighbour) -> bool) -> bool {
    while !datagram.is_empty() {
        let Ok(message) = NetlinkMessage::<RouteNetlinkMessage>::deserialize(datagram) else { return true };
        match message.payload {
            NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewNeighbour(told)) => {
                if neighbour(&told).is_some_and(|neighbour| is_news(&neighbour)) {
                    return true;
                }
            }
            // One that was forgotten is asked for again when it is needed.
            NetlinkPayload::InnerMessage(RouteNetlinkMessage::DelNeighbour(_)) => {}
            _ => return true,
        }
        let length = usize::try_from(message.header.length).unwrap_or(usize::MAX);
        // Messages begin at multiples of four.
        datagram = datagram.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    false
}

/// None while the hardware address isn't known.
fn neighbour(told: &NeighbourMessage) -> Option<Neighbour> {
    let mut address = None;
    let mut hardware_address = None;
    for attribute in &told.attributes {
        match attribute {
            NeighbourAttribute::Destination(NeighbourAddress::Inet(at)) => address = Some(IpAddr::V4(*at)),
            NeighbourAttribute::Destination(NeighbourAddress::Inet6(at)) => address = Some(IpAddr::V6(*at)),
            NeighbourAttribute::LinkLayerAddress(bytes) => {
                hardware_address = <[u8; 6]>::try_from(bytes.as_slice()).ok();
            }
            _ => {}
        }
    }
    Some(Neighbour { address: address?, hardware_address: hardware_address? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use netlink_packet_route::link::LinkMessage;

    fn datagram(messages: Vec<RouteNetlinkMessage>) -> Vec<u8> {
        messages
            .into_iter()
            .flat_map(|message| {
                let mut message = NetlinkMessage::from(message);
                message.finalize();
                let mut bytes = vec![0; message.buffer_len().next_multiple_of(4)];
                message.serialize(&mut bytes);
                bytes
            })
            .collect()
    }

    fn gateway() -> RouteNetlinkMessage {
        let mut told = NeighbourMessage::default();
        told.header.family = netlink_packet_route::AddressFamily::Inet;
        told.attributes = vec![
            NeighbourAttribute::Destination(NeighbourAddress::Inet([192, 168, 178, 1].into())),
            NeighbourAttribute::LinkLayerAddress(vec![2, 0, 0, 0, 0, 1]),
        ];
        RouteNetlinkMessage::NewNeighbour(told)
    }

    #[test]
    fn words_of_neighbours_count_only_as_news_and_all_others_always() {
        let link = || RouteNetlinkMessage::NewLink(LinkMessage::default());
        assert!(!concerns(&datagram(vec![gateway()]), &|_| false));
        assert!(concerns(&datagram(vec![gateway()]), &|told| {
            told.address.to_string() == "192.168.178.1" && told.hardware_address == [2, 0, 0, 0, 0, 1]
        }));
        assert!(concerns(&datagram(vec![link()]), &|_| false));
        assert!(concerns(&datagram(vec![gateway(), link()]), &|_| false));
        assert!(!concerns(&[], &|_| true));
        // A message of a kind that isn't known is no reason to miss a change.
        assert!(concerns(&[1; 5], &|_| false));
    }
}
