//! Linux: rtnetlink's multicast groups (rtnetlink(7)).

use std::io::{self, ErrorKind};

use netlink_sys::protocols::NETLINK_ROUTE;
use netlink_sys::{AsyncSocket, AsyncSocketExt, SocketAddr, TokioSocket};

use super::super::neighbour::Neighbour;
use super::super::rtnetlink::{RTM_DELNEIGH, Row, clear, messages};

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

/// The error if the kernel had to drop messages that weren't read in time.
const ENOBUFS: i32 = 105;

/// A netlink socket, and the buffer for its datagrams.
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

    /// Returns at the next message that is about more than neighbours, or about one that matters.
    pub(super) async fn next(&mut self, matters: &(impl Fn(&Neighbour) -> bool + Sync)) -> io::Result<()> {
        loop {
            clear(&mut self.datagram);
            match self.socket.recv(&mut self.datagram).await {
                Ok(()) if is_change(&self.datagram, matters) => return Ok(()),
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.raw_os_error() == Some(ENOBUFS) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) fn drain(&mut self) {
        loop {
            clear(&mut self.datagram);
            // An error comes again, and is handled, in `next`.
            if self.socket.socket_ref().recv(&mut self.datagram, 0).is_err() {
                return;
            }
        }
    }
}

/// True if any message of `datagram` calls for a reading. One that can't be read may do so.
fn is_change(datagram: &[u8], matters: &impl Fn(&Neighbour) -> bool) -> bool {
    messages(datagram).any(|message| match message {
        Ok(message) if message.kind == Neighbour::KIND => {
            Neighbour::of(message.body).is_some_and(|neighbour| matters(&neighbour))
        }
        // A neighbour that was forgotten is resolved again when it is needed.
        Ok(message) => message.kind != RTM_DELNEIGH,
        Err(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::rtnetlink::tests::{datagram, router};
    use super::*;
    use netlink_packet_route::RouteNetlinkMessage as Sent;
    use netlink_packet_route::link::LinkMessage;
    use netlink_packet_route::neighbour::NeighbourMessage;

    fn gateway() -> Sent {
        router(Some([2, 0, 0, 0, 0, 1]))
    }

    #[test]
    fn messages_about_neighbours_count_only_if_they_matter_and_all_others_always() {
        let link = || Sent::NewLink(LinkMessage::default());
        assert!(!is_change(&datagram(vec![gateway()]), &|_| false));
        assert!(is_change(&datagram(vec![gateway()]), &|neighbour| {
            neighbour.address.to_string() == "192.168.178.1"
                && neighbour.hardware_address == [2, 0, 0, 0, 0, 1]
        }));
        assert!(is_change(&datagram(vec![link()]), &|_| false));
        assert!(is_change(&datagram(vec![gateway(), link()]), &|_| false));
        assert!(!is_change(&datagram(vec![Sent::DelNeighbour(NeighbourMessage::default())]), &|_| true));
        assert!(!is_change(&[], &|_| true));
        // A message of an unknown kind may be about a change.
        assert!(is_change(&[1; 5], &|_| false));
    }
}
