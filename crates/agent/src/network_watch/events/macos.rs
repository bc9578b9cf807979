//! macOS: the routing socket (route(4)).

use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram as StdSocket;

use socket2::{Domain, Socket, Type};
use tokio::net::UnixDatagram;

use super::super::neighbour::Neighbour;

/// `AF_ROUTE` (`sys/socket.h`).
const ROUTE: i32 = 17;

/// The kinds of messages about a change (`net/route.h`): `ADD`, `DELETE`, `CHANGE` of routes; `NEWADDR`, `DELADDR`;
/// `IFINFO`. Others are about multicast groups or failed look-ups, or answer a program.
const CHANGES: [u8; 6] = [1, 2, 3, 0xc, 0xd, 0xe];
/// The kinds among them that are about routes.
const ROUTES: [u8; 3] = [1, 2, 3];
/// The flags of a route to a single neighbour, which comes and goes with each device that is talked to: `RTF_LLINFO` (the
/// neighbour's hardware address) and `RTF_WASCLONED` (made from its network's route).
const NEIGHBOUR: u32 = 0x400 | 0x2_0000;

/// A routing socket, and the buffer for its messages. tokio has no type for such a socket, but a datagram socket is read in
/// the same way.
pub(super) struct Events {
    socket: UnixDatagram,
    message: Vec<u8>,
}

impl Events {
    pub(super) fn open() -> io::Result<Self> {
        let socket = Socket::new(Domain::from(ROUTE), Type::RAW, None)?;
        socket.set_nonblocking(true)?;
        let socket = UnixDatagram::from_std(StdSocket::from(OwnedFd::from(socket)))?;
        Ok(Events { socket, message: vec![0; 2048] })
    }

    /// Returns at the next message about a change. Neighbours are ignored: until the gateway is resolved, the tables are read
    /// again by the clock.
    pub(super) async fn next(&mut self, _: &(impl Fn(&Neighbour) -> bool + Sync)) -> io::Result<()> {
        loop {
            self.socket.readable().await?;
            match self.socket.try_recv(&mut self.message) {
                Ok(length) if is_change(&self.message[..length]) => return Ok(()),
                Ok(_) => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) fn drain(&mut self) {
        // An error comes again, and is handled, in `next`.
        while self.socket.try_recv(&mut self.message).is_ok() {}
    }
}

/// True if a message is about a change. It begins with its length (2 bytes), version and kind; a route's flags are at byte
/// 8 (`rt_msghdr`).
fn is_change(message: &[u8]) -> bool {
    let Some(kind) = message.get(3) else { return false };
    let flags =
        message.get(8..12).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok()).map_or(0, u32::from_ne_bytes);
    CHANGES.contains(kind) && !(ROUTES.contains(kind) && flags & NEIGHBOUR != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_from_messages_about_neighbours_and_answers() {
        let message = |kind: u8, flags: u32| {
            let mut bytes = vec![0; 92];
            bytes[3] = kind;
            bytes[8..12].copy_from_slice(&flags.to_ne_bytes());
            bytes
        };
        let default_route = 0x1 | 0x2 | 0x800;
        let neighbour = 0x1 | 0x4 | 0x400 | 0x2_0000;
        for kind in [1, 2, 3] {
            assert!(is_change(&message(kind, default_route)));
            assert!(!is_change(&message(kind, neighbour)));
        }
        for kind in [0xc, 0xd, 0xe] {
            assert!(is_change(&message(kind, 0)));
        }
        for kind in [4, 5, 7, 0xf, 0x10] {
            assert!(!is_change(&message(kind, default_route)));
        }
        assert!(!is_change(&[]));
    }
}
