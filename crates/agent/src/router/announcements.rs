//! Hears what the gateway announces to all of the home when its address changed or it has started anew: by NAT-PMP
//! (RFC 6886, 3.2.1) or by its successor PCP (RFC 6887, 14.1).

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;
use tokio::time::Instant;

use super::RouterAt;
use super::natpmp;

/// PCP's longest packet (RFC 6887, 7).
const LONGEST_PACKET: usize = 1100;
/// An announcement comes up to ten times within minutes. Two whose epochs began so close together are the same.
const SAME_EPOCH: Duration = Duration::from_secs(5);
/// After a failed reception.
const BREATH: Duration = Duration::from_secs(1);

/// Calls `news` at each new announcement of the gateway. Ends only when it can't listen.
pub(super) async fn listen(at: RouterAt, place: SocketAddrV4, news: impl Fn()) {
    let socket = match open(at, place) {
        Ok(socket) => socket,
        Err(error) => {
            tracing::debug!(%error, "announcements can't be heard");
            return;
        }
    };
    let mut heard = Heard::default();
    let mut packet = [0; LONGEST_PACKET];
    loop {
        match socket.recv_from(&mut packet).await {
            Ok((_, from)) if from.ip() != IpAddr::V4(at.address) => {
                tracing::debug!(%from, "announced like a router and isn't the gateway");
            }
            Ok((length, _)) => match read(&packet[..length]) {
                Some(announced) if heard.is_news(announced, Instant::now()) => {
                    tracing::debug!(?announced, "the router announced itself");
                    news();
                }
                Some(_) => {}
                None => tracing::debug!(length, "not an announcement"),
            },
            Err(error) => {
                tracing::debug!(%error, "an announcement couldn't be received");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

fn open(at: RouterAt, place: SocketAddrV4) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    // Other programs of this machine hear the same announcements.
    socket.set_reuse_address(true)?;
    #[cfg(target_vendor = "apple")]
    socket.set_reuse_port(true)?;
    socket.bind(&SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, place.port()).into())?;
    socket.join_multicast_v4(place.ip(), &at.local)?;
    socket.set_nonblocking(true)?;
    UdpSocket::from_std(socket.into())
}

/// An announcement's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Announced {
    /// By NAT-PMP: the external address, and the seconds since the gateway lost all it knew.
    NatPmp(Option<Ipv4Addr>, u32),
    /// By PCP, which tells no address: those seconds.
    Pcp(u32),
}

pub(super) fn read(packet: &[u8]) -> Option<Announced> {
    if let Some(reply) = natpmp::read(packet) {
        return Some(Announced::NatPmp(reply.address.ok(), reply.epoch));
    }
    // Version 2, an answer, opcode ANNOUNCE, success (RFC 6887, 7.2).
    match packet.first_chunk::<24>()? {
        &[2, 128, _, 0, _, _, _, _, e0, e1, e2, e3, ..] => {
            Some(Announced::Pcp(u32::from_be_bytes([e0, e1, e2, e3])))
        }
        _ => None,
    }
}

/// What was announced before.
#[derive(Default)]
struct Heard {
    address: Option<Ipv4Addr>,
    natpmp: Option<Epoch>,
    pcp: Option<Epoch>,
}

/// An epoch, as far as it had come at a moment.
#[derive(Clone, Copy)]
struct Epoch {
    at: Instant,
    seconds: u32,
}

impl Heard {
    /// Whether this isn't just the same said again.
    fn is_news(&mut self, announced: Announced, at: Instant) -> bool {
        let (last, seconds, same_address) = match announced {
            Announced::NatPmp(address, seconds) => {
                let same = std::mem::replace(&mut self.address, address) == address;
                (&mut self.natpmp, seconds, same)
            }
            Announced::Pcp(seconds) => (&mut self.pcp, seconds, true),
        };
        let now = Epoch { at, seconds };
        let goes_on = last.replace(now).is_some_and(|last| now.goes_on_from(last));
        !(same_address && goes_on)
    }
}

impl Epoch {
    /// Whether as many seconds have passed there as here. A gateway that always says zero means the same epoch only
    /// while it repeats itself quickly.
    fn goes_on_from(self, last: Epoch) -> bool {
        let here = self.at.duration_since(last.at);
        let there = Duration::from_secs(self.seconds.into());
        let before = Duration::from_secs(last.seconds.into());
        there.abs_diff(before + here) <= SAME_EPOCH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: Option<Ipv4Addr> = Some(Ipv4Addr::new(84, 160, 12, 7));
    const OTHER: Option<Ipv4Addr> = Some(Ipv4Addr::new(84, 160, 12, 8));

    #[test]
    fn the_same_said_again_is_no_news() {
        let (start, mut heard) = (Instant::now(), Heard::default());
        assert!(heard.is_news(Announced::NatPmp(HOME, 3), start));
        for seconds in [0, 1, 3, 60, 250] {
            let at = start + Duration::from_secs(seconds.into());
            assert!(!heard.is_news(Announced::NatPmp(HOME, 3 + seconds), at));
        }
        assert!(heard.is_news(Announced::Pcp(0), start));
        assert!(!heard.is_news(Announced::Pcp(0), start + Duration::from_secs(1)));
    }

    #[test]
    fn another_address_or_another_start_is_news() {
        let (start, mut heard) = (Instant::now(), Heard::default());
        heard.is_news(Announced::NatPmp(HOME, 1000), start);
        assert!(heard.is_news(Announced::NatPmp(OTHER, 1001), start + Duration::from_secs(1)));
        assert!(heard.is_news(Announced::NatPmp(OTHER, 0), start + Duration::from_secs(2)));
        assert!(heard.is_news(Announced::NatPmp(None, 2), start + Duration::from_secs(4)));
        heard.is_news(Announced::Pcp(0), start);
        assert!(heard.is_news(Announced::Pcp(0), start + Duration::from_mins(1)));
    }

    #[test]
    fn both_protocols_are_read_and_nothing_else() {
        assert_eq!(read(&[0, 128, 0, 0, 0, 0, 0, 9, 84, 160, 12, 7]), Some(Announced::NatPmp(HOME, 9)));
        let mut pcp = [0; 24];
        (pcp[0], pcp[1], pcp[11]) = (2, 128, 9);
        assert_eq!(read(&pcp), Some(Announced::Pcp(9)));
        assert_eq!(read(&pcp[..23]), None);
        pcp[3] = 1;
        assert_eq!(read(&pcp), None);
        for packet in [&[][..], b"M-SEARCH * HTTP/1.1", &[255; 24]] {
            assert_eq!(read(packet), None);
        }
    }
}
