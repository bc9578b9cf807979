//! Reads the operating system's tables once.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

use dyntray_core::types::address::PerFamily;
use dyntray_core::types::network::Network;

use super::System;
use super::interfaces::interfaces;
use super::table::{TableReading, reading_of};

/// How long an answer from the gateway is awaited after it was asked for its hardware address: on a LAN it takes
/// single milliseconds.
const ANSWER: Duration = Duration::from_millis(100);

/// Reads the operating system's tables; none when they can't be read. `salt` is this installation's number, which
/// the gateway's hardware address is hashed with.
///
/// Sends nothing to the internet. A gateway on the LAN whose hardware address the system doesn't know gets one
/// datagram without content; that reading takes 100 ms.
pub async fn read(salt: u64) -> Option<Network> {
    read_with_gap(salt, true).await.map(|reading| reading.network)
}

/// The same, with what is missing in it; without `learn` nothing is sent at all.
pub(super) async fn read_with_gap(salt: u64, learn: bool) -> Option<TableReading> {
    let read = tokio::task::spawn_blocking(move || {
        let first = look(salt)?;
        let Some(gateway) = first.unlearnt.filter(|_| learn) else { return Some(first) };
        if let Err(error) = nudge(gateway) {
            tracing::debug!(%error, "the gateway can't be asked");
            return Some(first);
        }
        thread::sleep(ANSWER);
        look(salt)
    });
    read.await.unwrap_or_else(|error| {
        tracing::error!(%error, "reading the network's tables failed");
        None
    })
}

fn look(salt: u64) -> Option<TableReading> {
    let interfaces = match interfaces() {
        Ok(interfaces) => interfaces,
        Err(error) => {
            tracing::warn!(%error, "the system's list of interfaces can't be read");
            return None;
        }
    };
    Some(reading_of(&interfaces, outgoing(), salt, System::THIS))
}

/// The local addresses that packets to the internet would leave from. `connect` on a UDP socket sends nothing; the
/// system only chooses a route and an address, by policy rules and VPNs' own tables too. The far ends are addresses
/// that are given to nobody (RFC 5737, RFC 3849) and follow the default route.
fn outgoing() -> PerFamily<Option<IpAddr>> {
    PerFamily {
        ipv4: source_towards(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1))),
        ipv6: source_towards(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1))),
    }
}

fn source_towards(far: IpAddr) -> Option<IpAddr> {
    let socket = socket_towards(SocketAddr::new(far, 9)).ok()?;
    let source = socket.local_addr().ok()?.ip();
    (!source.is_unspecified()).then_some(source)
}

fn nudge(gateway: SocketAddr) -> io::Result<()> {
    socket_towards(gateway)?.send(&[]).map(|_| ())
}

fn socket_towards(far: SocketAddr) -> io::Result<UdpSocket> {
    let any: IpAddr = match far {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0))?;
    socket.connect(far)?;
    Ok(socket)
}
