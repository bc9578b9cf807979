//! The addresses and waits of the protocols.

use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::Duration;

/// The addresses and waits with which routers are searched and heard. The defaults are the protocols' own; tests use
/// others.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The address that searches go to: SSDP's group (UPnP Device Architecture 2.0, 1.3.2).
    pub search: SocketAddrV4,
    /// The port at which FRITZ!Boxes describe themselves (AVM, "TR-064 – First Steps", 2017-06-06, 3.1).
    pub fritz_box_port: u16,
    /// The gateway's port for NAT-PMP (RFC 6886, 3.2).
    pub natpmp_port: u16,
    /// The group and port of the gateway's announcements (RFC 6886, 3.2.1).
    pub announcements: SocketAddrV4,
    /// The waits before UPnP is searched again after a search found nothing. The last one repeats.
    pub search_again: [Duration; 3],
}

impl Default for Options {
    fn default() -> Self {
        Options {
            search: SocketAddrV4::new(Ipv4Addr::new(239, 255, 255, 250), 1900),
            fritz_box_port: 49000,
            natpmp_port: 5351,
            announcements: SocketAddrV4::new(Ipv4Addr::new(224, 0, 0, 1), 5350),
            search_again: [Duration::from_mins(1), Duration::from_mins(5), Duration::from_mins(30)],
        }
    }
}
