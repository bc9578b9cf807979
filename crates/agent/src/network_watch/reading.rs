//! Reads the operating system's tables once.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::thread;
use std::time::Duration;

use dyntray_core::types::address::PerFamily;
use dyntray_core::types::network::Network;

use super::interfaces::interfaces;
use super::platform::Platform;
use super::table::{TableReading, reading_of};
use crate::faults::{contain_call, fail_on_purpose};
use crate::route;

/// The wait for the gateway's answer to the request for its hardware address, which takes a few milliseconds on a LAN.
const RESOLVE_WAIT: Duration = Duration::from_millis(100);

/// Reads the operating system's tables; none if they can't be read. `salt` is this installation's number, with which the
/// gateway's hardware address is hashed.
///
/// Nothing is sent to the internet. A gateway on the LAN whose hardware address the system doesn't know gets one empty
/// datagram; then the reading takes 100 ms.
pub async fn read(salt: u64) -> Option<Network> {
    read_table(salt, true).await.map(|reading| reading.network)
}

/// Reads the tables, and returns what is missing as well. Without `resolves_gateway` nothing is sent at all.
pub(super) async fn read_table(salt: u64, resolves_gateway: bool) -> Option<TableReading> {
    let read = tokio::task::spawn_blocking(move || contain_call(|| read_resolved(salt, resolves_gateway)));
    read.await.unwrap_or_else(|error| {
        tracing::error!(%error, "reading the network's tables failed");
        None
    })
}

/// Reads the tables, and again if the gateway's hardware address is wanted and had to be asked for.
fn read_resolved(salt: u64, resolves_gateway: bool) -> Option<TableReading> {
    fail_on_purpose("a reading of the network");
    let first = read_once(salt)?;
    let Some(gateway) = first.unresolved.filter(|_| resolves_gateway) else { return Some(first) };
    if let Err(error) = resolve(gateway) {
        tracing::debug!(%error, "the gateway can't be asked");
        return Some(first);
    }
    thread::sleep(RESOLVE_WAIT);
    read_once(salt)
}

fn read_once(salt: u64) -> Option<TableReading> {
    let interfaces = match interfaces() {
        Ok(interfaces) => interfaces,
        Err(error) => {
            tracing::warn!(%error, "the system's list of interfaces can't be read");
            return None;
        }
    };
    Some(reading_of(&interfaces, outgoing(), salt, Platform::CURRENT))
}

/// The local addresses from which packets to the internet would leave.
fn outgoing() -> PerFamily<Option<IpAddr>> {
    PerFamily::from_fn(|family| route::source(family).ok().filter(|source| !source.is_unspecified()))
}

/// Sends an empty datagram, so that the system resolves the hardware address of `gateway`.
fn resolve(gateway: SocketAddr) -> io::Result<()> {
    route::connect(gateway)?.send(&[]).map(drop)
}
