//! Linux: rtnetlink's multicast groups (rtnetlink(7)).

use std::io::{self, ErrorKind};

use netlink_sys::protocols::NETLINK_ROUTE;
use netlink_sys::{AsyncSocket, AsyncSocketExt, SocketAddr, TokioSocket};

use super::super::rtnetlink::{self, FORGOTTEN_NEIGHBOUR, Row, make_room, messages};
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

/// Whether any message of `datagram` is worth a reading. One that can't be read may be.
fn concerns(datagram: &[u8], is_news: &impl Fn(&Neighbour) -> bool) -> bool {
    messages(datagram).any(|message| match message {
        Ok(message) if message.kind == rtnetlink::Neighbour::KIND => rtnetlink::Neighbour::of(message.body)
            .is_some_and(|row| {
                is_news(&Neighbour { address: row.address, hardware_address: row.hardware_address })
            }),
        // One that was forgotten is asked for again when it is needed.
        Ok(message) => message.kind != FORGOTTEN_NEIGHBOUR,
        Err(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use netlink_packet_route::RouteNetlinkMessage as Said;
    use netlink_packet_route::link::LinkMessage;
    use netlink_packet_route::neighbour::NeighbourMessage;
    use rtnetlink::tests::{datagram, router};

    fn gateway() -> Said {
        router(Some([2, 0, 0, 0, 0, 1]))
    }

    #[test]
    fn words_of_neighbours_count_only_as_news_and_all_others_always() {
        let link = || Said::NewLink(LinkMessage::default());
        assert!(!concerns(&datagram(vec![gateway()]), &|_| false));
        assert!(concerns(&datagram(vec![gateway()]), &|told| {
            told.address.to_string() == "192.168.178.1" && told.hardware_address == [2, 0, 0, 0, 0, 1]
        }));
        assert!(concerns(&datagram(vec![link()]), &|_| false));
        assert!(concerns(&datagram(vec![gateway(), link()]), &|_| false));
        assert!(!concerns(&datagram(vec![Said::DelNeighbour(NeighbourMessage::default())]), &|_| true));
        assert!(!concerns(&[], &|_| true));
        // A message of a kind that isn't known is no reason to miss a change.
        assert!(concerns(&[1; 5], &|_| false));
    }
}
