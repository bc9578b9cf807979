//! The packets that end at the box behind the router.

use std::net::Ipv4Addr;
use std::time::Duration;

/// The router's hop, and the one behind it.
pub(super) const HOPS: u32 = 2;
/// An address for documentation, which belongs to nobody and follows the default route (RFC 5737).
pub(super) const FAR: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 1);
/// The number of packets, because one may be lost, and boxes limit such errors.
pub(super) const PACKETS: u16 = 2;
/// The wait after each packet; the box is in the house or at the other end of the line.
pub(super) const WAIT: Duration = Duration::from_millis(300);
/// ICMP's types for a packet that gets no further: there is no way, or its time to live has ended (RFC 792).
pub(super) const ENDED: [u8; 2] = [3, 11];
