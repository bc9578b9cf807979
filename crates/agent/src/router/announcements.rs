//! Receives the gateway's announcements, which it multicasts when its address has changed or it has restarted: by NAT-PMP
//! (RFC 6886, 3.2.1) or its successor PCP (RFC 6887, 14.1).

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;
use tokio::time::Instant;

use super::gateway::LanGateway;
use super::natpmp;

/// The longest packet of PCP (RFC 6887, 7).
const MAX_PACKET: usize = 1100;
/// The largest difference between the beginnings of two epochs that count as one. An announcement is repeated up to ten
/// times within minutes.
const EPOCH_TOLERANCE: Duration = Duration::from_secs(5);
/// The pause after a failed reception.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Calls `on_change` at each new announcement of the gateway. Returns only if it can't listen.
pub(super) async fn listen(gateway: LanGateway, group: SocketAddrV4, on_change: impl Fn()) {
    let socket = match open(gateway, group) {
        Ok(socket) => socket,
        Err(error) => {
            tracing::debug!(%error, "announcements can't be heard");
            return;
        }
    };
    let mut history = AnnouncementHistory::default();
    let mut packet = [0; MAX_PACKET];
    loop {
        match socket.recv_from(&mut packet).await {
            Ok((_, from)) if from.ip() != IpAddr::V4(gateway.address) => {
                tracing::debug!(%from, "an announcement came from somebody else than the gateway");
            }
            Ok((length, _)) => match read(&packet[..length]) {
                Some(announcement) if history.is_new(announcement, Instant::now()) => {
                    tracing::debug!(?announcement, "the router announced itself");
                    on_change();
                }
                Some(_) => {}
                None => tracing::debug!(length, "not an announcement"),
            },
            Err(error) => {
                tracing::debug!(%error, "an announcement couldn't be received");
                tokio::time::sleep(RETRY_DELAY).await;
            }
        }
    }
}

fn open(gateway: LanGateway, group: SocketAddrV4) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    // Other programs on this machine receive the same announcements.
    socket.set_reuse_address(true)?;
    #[cfg(target_vendor = "apple")]
    socket.set_reuse_port(true)?;
    socket.bind(&SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, group.port()).into())?;
    socket.join_multicast_v4(group.ip(), &gateway.local_address)?;
    socket.set_nonblocking(true)?;
    UdpSocket::from_std(socket.into())
}

/// The content of an announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Announcement {
    /// By NAT-PMP: the external address, and the epoch in seconds (the time since the gateway lost its state).
    NatPmp(Option<Ipv4Addr>, u32),
    /// By PCP: the epoch in seconds.
    Pcp(u32),
}

/// Reads a packet; none if it is no announcement.
pub(super) fn read(packet: &[u8]) -> Option<Announcement> {
    if let Some(reply) = natpmp::read(packet) {
        return Some(Announcement::NatPmp(reply.address.ok(), reply.epoch));
    }
    // Version 2, a response, opcode ANNOUNCE, success (RFC 6887, 7.2).
    match packet.first_chunk::<24>()? {
        &[2, 128, _, 0, _, _, _, _, e0, e1, e2, e3, ..] => {
            Some(Announcement::Pcp(u32::from_be_bytes([e0, e1, e2, e3])))
        }
        _ => None,
    }
}

/// The last announcements.
#[derive(Default)]
struct AnnouncementHistory {
    address: Option<Ipv4Addr>,
    natpmp: Option<Epoch>,
    pcp: Option<Epoch>,
}

/// An epoch, as announced at a moment.
#[derive(Clone, Copy)]
struct Epoch {
    at: Instant,
    seconds: u32,
}

impl AnnouncementHistory {
    /// True unless this repeats an earlier announcement.
    fn is_new(&mut self, announcement: Announcement, at: Instant) -> bool {
        let (last, seconds, same_address) = match announcement {
            Announcement::NatPmp(address, seconds) => {
                let same = std::mem::replace(&mut self.address, address) == address;
                (&mut self.natpmp, seconds, same)
            }
            Announcement::Pcp(seconds) => (&mut self.pcp, seconds, true),
        };
        let now = Epoch { at, seconds };
        let same_epoch = last.replace(now).is_some_and(|last| now.continues(last));
        !(same_address && same_epoch)
    }
}

impl Epoch {
    /// True if the gateway's clock has advanced as much as ours. If a gateway always sends zero, only quick repetitions
    /// count as the same epoch.
    fn continues(self, last: Epoch) -> bool {
        let elapsed = self.at.duration_since(last.at);
        let before = Duration::from_secs(last.seconds.into());
        let now = Duration::from_secs(self.seconds.into());
        now.abs_diff(before + elapsed) <= EPOCH_TOLERANCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: Option<Ipv4Addr> = Some(Ipv4Addr::new(84, 160, 12, 7));
    const OTHER: Option<Ipv4Addr> = Some(Ipv4Addr::new(84, 160, 12, 8));

    #[test]
    fn a_repeated_announcement_is_not_new() {
        let (start, mut history) = (Instant::now(), AnnouncementHistory::default());
        assert!(history.is_new(Announcement::NatPmp(HOME, 3), start));
        for seconds in [0, 1, 3, 60, 250] {
            let at = start + Duration::from_secs(seconds.into());
            assert!(!history.is_new(Announcement::NatPmp(HOME, 3 + seconds), at));
        }
        assert!(history.is_new(Announcement::Pcp(0), start));
        assert!(!history.is_new(Announcement::Pcp(0), start + Duration::from_secs(1)));
    }

    #[test]
    fn another_address_or_another_epoch_is_new() {
        let (start, mut history) = (Instant::now(), AnnouncementHistory::default());
        history.is_new(Announcement::NatPmp(HOME, 1000), start);
        assert!(history.is_new(Announcement::NatPmp(OTHER, 1001), start + Duration::from_secs(1)));
        assert!(history.is_new(Announcement::NatPmp(OTHER, 0), start + Duration::from_secs(2)));
        assert!(history.is_new(Announcement::NatPmp(None, 2), start + Duration::from_secs(4)));
        history.is_new(Announcement::Pcp(0), start);
        assert!(history.is_new(Announcement::Pcp(0), start + Duration::from_mins(1)));
    }

    #[test]
    fn both_protocols_are_read_and_nothing_else() {
        assert_eq!(read(&[0, 128, 0, 0, 0, 0, 0, 9, 84, 160, 12, 7]), Some(Announcement::NatPmp(HOME, 9)));
        let mut pcp = [0; 24];
        (pcp[0], pcp[1], pcp[11]) = (2, 128, 9);
        assert_eq!(read(&pcp), Some(Announcement::Pcp(9)));
        assert_eq!(read(&pcp[..23]), None);
        pcp[3] = 1;
        assert_eq!(read(&pcp), None);
        for packet in [&[][..], b"M-SEARCH * HTTP/1.1", &[255; 24]] {
            assert_eq!(read(packet), None);
        }
    }
}
