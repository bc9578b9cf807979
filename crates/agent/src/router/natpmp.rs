//! Asks a router by NAT-PMP (RFC 6886, 3.2): a packet of two bytes, and one of twelve back.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4};
use std::time::Duration;

use dyntray_core::observe::observation::{LookUpProblem, Observation, admit};
use dyntray_core::types::address::Family;
use tokio::net::UdpSocket;

use super::RouterAt;

/// Version 0, opcode 0: the external address, please.
const QUESTION: [u8; 2] = [0, 0];
/// How long to wait for each of the questions (RFC 6886, 3.1, cut short: a router is a few metres away).
const WAITS: [Duration; 3] = [Duration::from_millis(250), Duration::from_millis(500), Duration::from_secs(1)];

/// What the gateway sent: in answer to the question, or to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// Its external address, or the result code of its refusal.
    pub(super) address: Result<Ipv4Addr, u16>,
    /// Seconds since it lost all it knew.
    pub(super) epoch: u32,
}

/// Reads a packet; none where it isn't an answer about the external address.
pub(super) fn read(packet: &[u8]) -> Option<Reply> {
    let (&[version, opcode, r0, r1, e0, e1, e2, e3], rest) = packet.split_first_chunk::<8>()?;
    if version != 0 || opcode != 128 {
        return None;
    }
    let epoch = u32::from_be_bytes([e0, e1, e2, e3]);
    let address = match u16::from_be_bytes([r0, r1]) {
        // A refusal may be shorter than an answer.
        0 => Ok(Ipv4Addr::from(<[u8; 4]>::try_from(rest).ok()?)),
        code => Err(code),
    };
    Some(Reply { address, epoch })
}

/// The external IPv4 address. Takes less than two seconds.
///
/// # Errors
/// Why nothing at all was told; `NoRouter` where the gateway doesn't speak it.
pub(super) async fn look_up(at: RouterAt, port: u16) -> Result<Observation, LookUpProblem> {
    let reply = match ask(at, port).await {
        Ok(Some(reply)) => reply,
        Ok(None) => return Err(LookUpProblem::NoRouter),
        Err(error) => {
            tracing::debug!(%error, "no NAT-PMP at the gateway");
            return Err(LookUpProblem::NoRouter);
        }
    };
    match reply.address {
        Ok(address) => Ok(match admit(Family::Ipv4, IpAddr::V4(address)) {
            Ok(address) => Observation::Known { address },
            Err(why) => Observation::Unavailable { why },
        }),
        // Network failure: the line is down.
        Err(3) => Err(LookUpProblem::Unreachable),
        Err(code) => {
            tracing::debug!(code, "the router refuses to tell its address");
            Err(LookUpProblem::NoRouter)
        }
    }
}

async fn ask(at: RouterAt, port: u16) -> io::Result<Option<Reply>> {
    let socket = UdpSocket::bind(SocketAddrV4::new(at.local, 0)).await?;
    // From now on the system drops what others send.
    socket.connect(SocketAddrV4::new(at.address, port)).await?;
    for wait in WAITS {
        socket.send(&QUESTION).await?;
        if let Ok(reply) = tokio::time::timeout(wait, answer(&socket)).await {
            return reply.map(Some);
        }
    }
    Ok(None)
}

async fn answer(socket: &UdpSocket) -> io::Result<Reply> {
    let mut packet = [0; 64];
    loop {
        let length = socket.recv(&mut packet).await?;
        if let Some(reply) = read(&packet[..length]) {
            return Ok(reply);
        }
        tracing::debug!(length, "not an answer by NAT-PMP");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_holds_the_address_and_the_age() {
        let reply = read(&[0, 128, 0, 0, 0, 0, 1, 2, 84, 160, 12, 7]);
        assert_eq!(reply, Some(Reply { address: Ok(Ipv4Addr::new(84, 160, 12, 7)), epoch: 258 }));
    }

    #[test]
    fn a_refusal_holds_its_code_with_or_without_an_address() {
        for packet in [&[0, 128, 0, 3, 0, 0, 0, 9, 0, 0, 0, 0][..], &[0, 128, 0, 3, 0, 0, 0, 9]] {
            assert_eq!(read(packet), Some(Reply { address: Err(3), epoch: 9 }));
        }
    }

    #[test]
    fn anything_else_is_no_answer() {
        for packet in [
            &[][..],
            &[0, 128],
            &[0, 128, 0, 0, 0, 0, 1, 2, 84, 160, 12],
            &[0, 128, 0, 0, 0, 0, 1, 2, 84, 160, 12, 7, 0],
            &[0, 0, 0, 0, 0, 0, 1, 2, 84, 160, 12, 7],
            &[0, 129, 0, 0, 0, 0, 1, 2, 84, 160, 12, 7],
            &[2, 128, 0, 0, 0, 0, 1, 2, 84, 160, 12, 7],
        ] {
            assert_eq!(read(packet), None, "{packet:?}");
        }
    }
}
