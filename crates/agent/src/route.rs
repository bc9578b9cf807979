//! The route of packets to the internet. Connecting a UDP socket makes the system choose one, by policy rules and the
//! tables of VPNs too, and sends nothing.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use dyntray_core::types::address::Family;

/// The port of the `discard` service (RFC 863): what is sent there asks for nothing.
pub(crate) const DISCARD: u16 = 9;

/// The local address from which a packet to the internet would leave.
///
/// # Errors
/// The system's, if there is no route.
pub(crate) fn source(family: Family) -> io::Result<IpAddr> {
    // Addresses for documentation belong to nobody and follow the default route (RFC 5737, RFC 3849).
    let far: IpAddr = match family {
        Family::Ipv4 => Ipv4Addr::new(203, 0, 113, 1).into(),
        Family::Ipv6 => Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into(),
    };
    Ok(connect(SocketAddr::new(far, DISCARD))?.local_addr()?.ip())
}

/// A UDP socket that is connected to `far`.
///
/// # Errors
/// The system's, if there is no route.
pub(crate) fn connect(far: SocketAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind((unspecified(Family::of(far.ip())), 0))?;
    socket.connect(far)?;
    Ok(socket)
}

/// The unspecified address of `family`: a socket that is bound to it has any address of this machine.
pub(crate) fn unspecified(family: Family) -> IpAddr {
    match family {
        Family::Ipv4 => Ipv4Addr::UNSPECIFIED.into(),
        Family::Ipv6 => Ipv6Addr::UNSPECIFIED.into(),
    }
}
