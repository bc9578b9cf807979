//! Hears from the operating system that its network changed: one file for each system, all of one shape.
//!
//! `netwatch` 0.20 would do this for all three. It isn't used, because it adds 29 (macOS) to 37 (Windows) crates to
//! the program, among them a second netdev and WMI; because on Linux it passes over links, neighbours and every
//! further word about an address that it has seen, and so over the end of an address's being tentative; and because
//! it tells nothing where its own, smaller picture of the network didn't change. What is used here, netlink-sys,
//! socket2 and windows-sys, is in the program anyway.

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

use std::net::IpAddr;

use dyntray_core::types::address::Family;
use dyntray_core::types::network::Network;

use super::table::network_id;

/// The system's words, and the way back to them after they failed.
#[derive(Default)]
pub(super) struct Events {
    open: Option<os::Events>,
}

impl Events {
    /// Begins to listen, if that isn't so yet. To be called before a reading, so that no change falls between.
    pub(super) fn open(&mut self) {
        if self.open.is_some() {
            return;
        }
        match os::Events::open() {
            Ok(events) => self.open = Some(events),
            // A reading a minute is left, and the next try comes with it.
            Err(error) => tracing::warn!(%error, "the system doesn't tell of network changes"),
        }
    }

    /// Returns when something changed since the last [`Events::drain`] that `seen` may not hold yet. Never returns
    /// while the system can't be heard. May be dropped at any time.
    pub(super) async fn next(&mut self, seen: Option<&Network>, salt: u64) {
        let Some(events) = &mut self.open else { return std::future::pending().await };
        if let Err(error) = events.next(&|neighbour| is_news(neighbour, seen, salt)).await {
            tracing::warn!(%error, "the system's word of network changes was lost");
            self.open = None;
        }
    }

    /// Forgets what came until now.
    pub(super) fn drain(&mut self) {
        if let Some(events) = &mut self.open {
            events.drain();
        }
    }
}

/// A device on the LAN whose hardware address the system has learnt. Only Linux tells.
#[cfg_attr(not(target_os = "linux"), allow(dead_code))]
pub(super) struct Neighbour {
    address: IpAddr,
    hardware_address: [u8; 6],
}

/// Whether `neighbour` is the gateway, under a hardware address other than the one that was seen. On a busy LAN the
/// system speaks of neighbours several times a second; all other words are passed over.
fn is_news(neighbour: &Neighbour, seen: Option<&Network>, salt: u64) -> bool {
    let Some(gateway) = seen.and_then(|network| network.gateway.as_ref()) else { return false };
    let is_gateway = *gateway.addresses.get(Family::of(neighbour.address)) == Some(neighbour.address);
    is_gateway && gateway.id != Some(network_id(salt, neighbour.hardware_address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::types::address::PerFamily;
    use dyntray_core::types::network::Gateway;

    #[test]
    fn only_a_new_hardware_address_of_the_gateway_is_news_about_a_neighbour() {
        let says = |address: &str, last| Neighbour {
            address: address.parse().expect("an address"),
            hardware_address: [2, 0, 0, 0, 0, last],
        };
        let addresses = PerFamily {
            ipv4: Some("192.168.178.1".parse().expect("an address")),
            ipv6: Some("fe80::1".parse().expect("an address")),
        };
        let seen = |id| Network { gateway: Some(Gateway { addresses, id }), ..Network::default() };
        let known = seen(Some(network_id(7, [2, 0, 0, 0, 0, 1])));
        for address in ["192.168.178.1", "fe80::1"] {
            assert!(!is_news(&says(address, 1), Some(&known), 7));
            assert!(is_news(&says(address, 2), Some(&known), 7));
            assert!(is_news(&says(address, 1), Some(&seen(None)), 7));
        }
        assert!(!is_news(&says("192.168.178.20", 2), Some(&known), 7));
        assert!(!is_news(&says("192.168.178.1", 1), Some(&Network::default()), 7));
        assert!(!is_news(&says("192.168.178.1", 1), None, 7));
    }
}
