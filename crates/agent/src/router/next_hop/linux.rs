//! The next box, as Linux tells it: by the queue of errors of an ordinary socket (ip(7), `IP_RECVERR`).

use std::io::{self, IoSliceMut};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::os::fd::AsRawFd as _;

use nix::libc;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrIn, recvmsg, setsockopt, sockopt};
use tokio::io::Interest;
use tokio::net::UdpSocket;

use super::super::gateway::LanGateway;
use super::packets::{ENDED, FAR, HOPS, PACKETS, WAIT};
use crate::route::DISCARD;

/// Sends UDP packets and reads the socket's queue of errors.
///
/// # Errors
/// The system's.
pub(super) async fn find(gateway: LanGateway) -> io::Result<Option<Ipv4Addr>> {
    let socket = UdpSocket::bind(SocketAddrV4::new(gateway.local_address, 0)).await?;
    socket.set_ttl(HOPS)?;
    setsockopt(&socket, sockopt::Ipv4RecvErr, &true)?;
    for _ in 0..PACKETS {
        socket.send_to(&[], SocketAddrV4::new(FAR, DISCARD)).await?;
        let error = socket.async_io(Interest::ERROR, || read_error(&socket));
        let Ok(found) = tokio::time::timeout(WAIT, error).await else {
            tracing::debug!("nobody said where the packet ended");
            continue;
        };
        // The router itself may have no way out.
        if let Some(next) = found?.filter(|next| *next != gateway.address) {
            return Ok(Some(next));
        }
        tracing::debug!("the packet ended before the box behind the router");
    }
    Ok(None)
}

/// Takes an error out of the socket's queue: the address of the box that sent it; none if it was no box.
fn read_error(socket: &UdpSocket) -> io::Result<Option<Ipv4Addr>> {
    let mut payload = [0; 64];
    let mut parts = [IoSliceMut::new(&mut payload)];
    let mut control = nix::cmsg_space!(libc::sock_extended_err, libc::sockaddr_in);
    let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
    let received = recvmsg::<SockaddrIn>(socket.as_raw_fd(), &mut parts, Some(&mut control), flags)?;
    Ok(received.cmsgs()?.find_map(|message| match message {
        ControlMessageOwned::Ipv4RecvErr(error, Some(from))
            if error.ee_origin == libc::SO_EE_ORIGIN_ICMP && ENDED.contains(&error.ee_type) =>
        {
            Some(Ipv4Addr::from(u32::from_be(from.sin_addr.s_addr)))
        }
        _ => None,
    }))
}
