//! The next box, as macOS tells it: by a datagram socket for ICMP, which needs no rights (icmp(4), "Non-privileged ICMP") and
//! receives whole packets. It was never run on a Mac.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;
use tokio::time::{Instant, timeout_at};

use super::super::gateway::LanGateway;
use super::packets::{ENDED, FAR, HOPS, PACKETS, WAIT};

/// The length of a packet's head without options, and where its fields are (RFC 791, 3.1).
const HEAD: usize = 20;
const DESTINATION: usize = 16;
/// The length of an ICMP error's own head (RFC 792).
const ERROR_HEAD: usize = 8;

/// Sends echo requests and reads the errors about them.
///
/// # Errors
/// The system's.
pub(super) async fn find(gateway: LanGateway) -> io::Result<Option<Ipv4Addr>> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::ICMPV4))?;
    socket.bind(&SocketAddrV4::new(gateway.local_address, 0).into())?;
    socket.set_ttl_v4(HOPS)?;
    socket.set_nonblocking(true)?;
    let socket = UdpSocket::from_std(socket.into())?;
    for number in 0..PACKETS {
        socket.send_to(&echo_request(number), SocketAddrV4::new(FAR, 0)).await?;
        let deadline = Instant::now() + WAIT;
        let mut packet = [0; 576];
        while let Ok(received) = timeout_at(deadline, socket.recv_from(&mut packet)).await {
            let (length, from) = received?;
            // The router itself may have no way out.
            match from.ip() {
                IpAddr::V4(next) if ends_on_the_way(&packet[..length]) && next != gateway.address => {
                    return Ok(Some(next));
                }
                _ => tracing::debug!(%from, length, "another packet"),
            }
        }
    }
    Ok(None)
}

/// An echo request without content (RFC 792). The system may set its identifier.
fn echo_request(number: u16) -> [u8; ERROR_HEAD] {
    let [high, low] = number.to_be_bytes();
    let [sum_high, sum_low] = (!(0x0800 + number)).to_be_bytes();
    [8, 0, sum_high, sum_low, 0, 0, high, low]
}

/// True for an error about a packet of ours, with or without the head of the packet that brought it.
fn ends_on_the_way(packet: &[u8]) -> bool {
    let Some(&first) = packet.first() else { return false };
    let error =
        if first >> 4 == 4 { packet.get(usize::from(first & 15) * 4..).unwrap_or_default() } else { packet };
    let is_ended = error.first().is_some_and(|kind| ENDED.contains(kind));
    let ours = error.get(ERROR_HEAD + DESTINATION..ERROR_HEAD + HEAD);
    is_ended && ours == Some(&FAR.octets()[..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: u8, far: [u8; 4]) -> Vec<u8> {
        let mut error = vec![kind, 0, 0, 0, 0, 0, 0, 0, 0x45];
        error.resize(ERROR_HEAD + DESTINATION, 0);
        error.extend(far);
        error.extend(echo_request(0));
        error
    }

    #[test]
    fn an_error_about_our_packet_is_known_with_and_without_the_head_that_brought_it() {
        let mut head = vec![0x46, 0, 0, 0];
        head.resize(24, 0);
        for kind in ENDED {
            let bare = error(kind, FAR.octets());
            assert!(ends_on_the_way(&bare));
            assert!(ends_on_the_way(&[head.clone(), bare].concat()));
        }
    }

    #[test]
    fn anything_else_is_none() {
        for packet in [
            Vec::new(),
            vec![11],
            vec![0x4f; 4],
            error(0, FAR.octets()),
            error(8, FAR.octets()),
            error(11, [192, 0, 2, 1]),
            error(11, FAR.octets())[..ERROR_HEAD + HEAD - 1].to_vec(),
        ] {
            assert!(!ends_on_the_way(&packet), "{packet:?}");
        }
    }

    #[tokio::test]
    async fn from_an_address_that_leads_nowhere_no_box_is_found() {
        // Many systems other than macOS don't allow such a socket either.
        let here = LanGateway { address: Ipv4Addr::LOCALHOST, local_address: Ipv4Addr::LOCALHOST };
        let found = find(here).await;
        assert!(!matches!(found, Ok(Some(_))), "{found:?}");
    }

    #[test]
    fn an_echo_request_has_the_right_sum() {
        for number in [0, 1, 2, 255, 256] {
            let request = echo_request(number);
            let sum: u32 =
                request.chunks_exact(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).sum();
            assert_eq!((sum & 0xffff) + (sum >> 16), 0xffff, "{number}");
        }
    }
}
