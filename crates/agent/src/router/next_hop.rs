//! Finds the next box behind the router: a packet whose time to live ends there comes back as an ICMP error with that box's
//! address (RFC 792). It asks nobody for anything and never gets further.

#[cfg(any(target_os = "macos", all(target_os = "linux", test)))]
mod icmp;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(target_os = "linux", target_os = "macos"))]
mod packets;

use std::net::Ipv4Addr;

#[cfg(target_os = "macos")]
use self::icmp::find as find_here;
#[cfg(target_os = "linux")]
use self::linux::find as find_here;
use super::gateway::LanGateway;

/// The address of the box behind the gateway, as the way to the internet has it; none if it doesn't tell,
/// or this machine doesn't go out by this gateway.
pub(super) async fn find(gateway: LanGateway) -> Option<Ipv4Addr> {
    if gateway.address.is_loopback() {
        return None;
    }
    match find_here(gateway).await {
        Ok(next) => next,
        Err(error) => {
            tracing::debug!(%error, "the box behind the router can't be found");
            None
        }
    }
}

/// None: Windows keeps such errors for itself, but for programs that ask its IP Helper.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn find_here(_: LanGateway) -> std::future::Ready<std::io::Result<Option<Ipv4Addr>>> {
    std::future::ready(Ok(None))
}
