//! Asks a router by NAT-PMP (RFC 6886, 3.2): a request of two bytes, and a response of twelve.
//!
//! Its successor PCP (RFC 6887) tells the external address only with a mapping (11.1, 12.1), and no mapping is ever made here;
//! the answer to its ANNOUNCE has no address (14.1). So nothing is asked by PCP, and its announcements are heard
//! (`announcements.rs`).

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4};
use std::time::Duration;

use dyntray_core::observe::observation::{LookUpProblem, Observation, admit};
use dyntray_core::types::address::Family;
use tokio::net::UdpSocket;

use super::gateway::LanGateway;
use super::local_network::LocalNetwork;

/// The request for the external address: version 0, opcode 0.
const REQUEST: [u8; 2] = [0, 0];
/// The wait after each request (RFC 6886, 3.1, cut short because a router is only a few metres away).
const WAITS: [Duration; 3] = [Duration::from_millis(250), Duration::from_millis(500), Duration::from_secs(1)];

/// A response of the gateway, to our request or to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NatPmpResponse {
    /// The external address, or the result code of a refusal.
    pub(super) address: Result<Ipv4Addr, u16>,
    /// The time in seconds since the gateway lost its state.
    pub(super) epoch: u32,
}

/// Reads a packet; none if it isn't a response about the external address.
pub(super) fn read(packet: &[u8]) -> Option<NatPmpResponse> {
    let (&[version, opcode, r0, r1, e0, e1, e2, e3], rest) = packet.split_first_chunk::<8>()?;
    if version != 0 || opcode != 128 {
        return None;
    }
    let epoch = u32::from_be_bytes([e0, e1, e2, e3]);
    let address = match u16::from_be_bytes([r0, r1]) {
        // A refusal may be shorter.
        0 => Ok(Ipv4Addr::from(<[u8; 4]>::try_from(rest).ok()?)),
        code => Err(code),
    };
    Some(NatPmpResponse { address, epoch })
}

/// Asks for the external IPv4 address. Takes less than two seconds. The local network is told what came of it: where UPnP
/// has found nobody, this is the last question.
///
/// # Errors
/// The reason why there is no address; `NoRouter` if the gateway doesn't speak NAT-PMP.
pub(super) async fn look_up(
    gateway: LanGateway,
    port: u16,
    network: &LocalNetwork,
) -> Result<Observation, LookUpProblem> {
    let reply = match ask(gateway, port).await {
        Ok(Some(reply)) => {
            network.answered();
            reply
        }
        Ok(None) => return Err(LookUpProblem::NoRouter),
        Err(error) => {
            network.failed(&error);
            tracing::debug!(%error, "no NAT-PMP at the gateway");
            return Err(LookUpProblem::NoRouter);
        }
    };
    match reply.address {
        Ok(Ipv4Addr::UNSPECIFIED) => {
            Ok(Observation::Unavailable { why: LookUpProblem::AddressKept { next: None, outer: None } })
        }
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

async fn ask(gateway: LanGateway, port: u16) -> io::Result<Option<NatPmpResponse>> {
    let socket = UdpSocket::bind(SocketAddrV4::new(gateway.local_address, 0)).await?;
    // A connected socket receives nothing from others.
    socket.connect(SocketAddrV4::new(gateway.address, port)).await?;
    for wait in WAITS {
        socket.send(&REQUEST).await?;
        if let Ok(reply) = tokio::time::timeout(wait, answer(&socket)).await {
            return reply;
        }
    }
    Ok(None)
}

/// The answer; none from a router that doesn't speak it.
async fn answer(socket: &UdpSocket) -> io::Result<Option<NatPmpResponse>> {
    let mut packet = [0; 64];
    loop {
        let length = socket.recv(&mut packet).await?;
        if let Some(reply) = read(&packet[..length]) {
            return Ok(Some(reply));
        }
        // It speaks only PCP (tailscale#2563, 2021-08-01).
        if packet[..length].starts_with(&[2, 128]) {
            tracing::debug!("the router knows only the successor of NAT-PMP");
            return Ok(None);
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
        assert_eq!(reply, Some(NatPmpResponse { address: Ok(Ipv4Addr::new(84, 160, 12, 7)), epoch: 258 }));
    }

    #[test]
    fn a_refusal_holds_its_code_with_or_without_an_address() {
        for packet in [&[0, 128, 0, 3, 0, 0, 0, 9, 0, 0, 0, 0][..], &[0, 128, 0, 3, 0, 0, 0, 9]] {
            assert_eq!(read(packet), Some(NatPmpResponse { address: Err(3), epoch: 9 }));
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
