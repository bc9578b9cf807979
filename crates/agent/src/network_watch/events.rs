//! Receives the operating system's notifications of network changes. Each system has a file with the same interface.
//!
//! `netwatch` 0.20 does this for all three, but isn't used:
//! - It adds 29 (macOS) to 37 (Windows) crates to the program, among them a second netdev and WMI.
//! - On Linux it ignores links, neighbours, and all but the first notification about an address, so that it misses when an
//!   address stops being tentative.
//! - It reports nothing unless its own, smaller model of the network changes.
//!
//! What is used here (netlink-sys, socket2, windows-sys) is in the program anyway.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
use linux as os;
#[cfg(target_os = "macos")]
use macos as os;
#[cfg(windows)]
use windows as os;

use dyntray_core::types::address::Family;
use dyntray_core::types::network::Network;

use super::identity::by_hardware_address;
use super::neighbour::Neighbour;

/// The system's notifications, which are opened again after a failure.
#[derive(Default)]
pub(super) struct Events {
    open: Option<os::Events>,
}

impl Events {
    /// Starts listening, unless it does so already. To be called before a reading, so that no change is missed.
    pub(super) fn open(&mut self) {
        if self.open.is_some() {
            return;
        }
        match os::Events::open() {
            Ok(events) => self.open = Some(events),
            // The tables are still read now and then, and the next try comes with that.
            Err(error) => tracing::warn!(%error, "the system doesn't tell of network changes"),
        }
    }

    /// Returns when something has changed since the last [`Events::drain`] that the reading `seen` may lack. Never returns
    /// while there are no notifications. May be dropped at any time.
    pub(super) async fn next(&mut self, seen: Option<&Network>, salt: u64) {
        let Some(events) = &mut self.open else { return std::future::pending().await };
        if let Err(error) = events.next(&|neighbour| is_new_gateway(neighbour, seen, salt)).await {
            tracing::warn!(%error, "the system's notifications of network changes failed");
            self.open = None;
        }
    }

    /// Discards all notifications until now.
    pub(super) fn drain(&mut self) {
        if let Some(events) = &mut self.open {
            events.drain();
        }
    }
}

/// True if `neighbour` is the gateway with another hardware address than in `seen`. On a busy LAN the system reports
/// neighbours several times a second; all others are ignored.
fn is_new_gateway(neighbour: &Neighbour, seen: Option<&Network>, salt: u64) -> bool {
    let Some(gateway) = seen.and_then(|network| network.gateway.as_ref()) else { return false };
    let is_gateway = *gateway.addresses.get(Family::of(neighbour.address)) == Some(neighbour.address);
    is_gateway && !gateway.ids.contains(&by_hardware_address(salt, neighbour.hardware_address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::types::address::PerFamily;
    use dyntray_core::types::network::Gateway;

    #[test]
    fn only_a_new_hardware_address_of_the_gateway_is_news_about_a_neighbour() {
        let neighbour = |address: &str, last| Neighbour {
            index: 2,
            address: address.parse().expect("an address"),
            hardware_address: [2, 0, 0, 0, 0, last],
        };
        let addresses = PerFamily {
            ipv4: Some("192.168.178.1".parse().expect("an address")),
            ipv6: Some("fe80::1".parse().expect("an address")),
        };
        let seen = |id: Option<_>| {
            let gateway = Gateway { addresses, ids: id.into_iter().collect(), is_resolving: false };
            Network { gateway: Some(gateway), ..Network::default() }
        };
        let known = seen(Some(by_hardware_address(7, [2, 0, 0, 0, 0, 1])));
        for address in ["192.168.178.1", "fe80::1"] {
            assert!(!is_new_gateway(&neighbour(address, 1), Some(&known), 7));
            assert!(is_new_gateway(&neighbour(address, 2), Some(&known), 7));
            assert!(is_new_gateway(&neighbour(address, 1), Some(&seen(None)), 7));
        }
        assert!(!is_new_gateway(&neighbour("192.168.178.20", 2), Some(&known), 7));
        assert!(!is_new_gateway(&neighbour("192.168.178.1", 1), Some(&Network::default()), 7));
        assert!(!is_new_gateway(&neighbour("192.168.178.1", 1), None, 7));
    }
}
