//! The sources of events from outside: the operating system reports network changes, the router a reconnect, the clocks a
//! wake from sleep, and the session bus a keyring that was opened or replaced.

use std::net::IpAddr;

use dyntray_core::Event;
use dyntray_core::settings::Settings;
use dyntray_core::types::network::{InterfaceKind, Network, Prefix};

use super::in_words;
use crate::keyring::{Keyring, KeyringWatch};
use crate::network_watch::{NetworkWatch, WakeWatch};
use crate::router::{LanGateway, Router};

/// All of them.
pub(super) struct EventSources {
    network: NetworkWatch,
    wake: WakeWatch,
    router: Router,
    gateway: Option<LanGateway>,
    keyring: KeyringWatch,
}

impl EventSources {
    /// Starts all of them. Hardware addresses are hashed with `salt`.
    pub(super) fn start(salt: u64, keyring: &Keyring) -> Self {
        EventSources {
            network: NetworkWatch::start(salt),
            wake: WakeWatch::start(),
            router: Router::start(),
            gateway: None,
            keyring: keyring.watch(),
        }
    }

    /// A handle to the router.
    pub(super) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Applies the settings: unless they want the router, nothing is sent to it.
    pub(super) fn apply_settings(&self, settings: &Settings) {
        self.network.resolve_gateway(settings.wants_home_lock());
        self.router.use_gateway(self.gateway.filter(|_| settings.wants_router()));
    }

    /// The next event. May be dropped and called again at any time.
    pub(super) async fn next_event(&mut self) -> Event {
        tokio::select! {
            network = self.network.changed() => {
                tracing::info!(?network, "{}", in_words::network(network.as_ref()));
                self.gateway = network.as_ref().and_then(gateway_of);
                Event::NetworkSeen(network)
            }
            () = self.router.changed() => {
                tracing::info!("the router tells of a change");
                Event::ChangeReported
            }
            () = self.keyring.changed() => {
                tracing::info!("the keyring was opened, or is another one");
                Event::KeyringBack
            }
            () = self.wake.woke() => {
                tracing::info!("woke from sleep");
                self.network.read_again();
                Event::ChangeReported
            }
        }
    }
}

/// The IPv4 gateway of `network`, with this machine's address in the same subnet.
fn gateway_of(network: &Network) -> Option<LanGateway> {
    let IpAddr::V4(address) = network.gateway.as_ref()?.addresses.ipv4? else {
        return None;
    };
    let interfaces = network.interfaces.iter().filter(|interface| interface.kind == InterfaceKind::Lan);
    let local_address =
        interfaces.flat_map(|interface| &interface.addresses).find_map(|local| match local.address {
            IpAddr::V4(local_address) => {
                // IPv4 prefixes are compared as mapped IPv6 ones, which are 96 bits longer.
                let prefix = Prefix::of(local_address.to_ipv6_mapped(), local.prefix_length + 96);
                prefix.contains(address.to_ipv6_mapped()).then_some(local_address)
            }
            IpAddr::V6(_) => None,
        })?;
    Some(LanGateway { address, local_address })
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::types::address::PerFamily;
    use dyntray_core::types::network::{AddressLife, Gateway, Interface, LocalAddress};

    #[test]
    fn the_router_is_reached_from_the_address_in_its_own_network() {
        let lan = |name: &str, address: &str| Interface {
            name: name.into(),
            kind: InterfaceKind::Lan,
            addresses: vec![LocalAddress {
                address: address.parse().expect("an address"),
                prefix_length: 24,
                life: AddressLife::Preferred,
                is_temporary: false,
            }],
        };
        let gateway = |address: &str| {
            let addresses = PerFamily { ipv4: address.parse().ok(), ipv6: None };
            Some(Gateway { addresses, ids: Vec::new(), is_resolving: true })
        };
        let interfaces = vec![lan("eth0", "10.0.0.5"), lan("wlan0", "192.168.178.20")];
        let home = Network { interfaces, gateway: gateway("192.168.178.1"), ..Network::default() };
        let found = gateway_of(&home).expect("a router");
        assert_eq!(
            (found.address.to_string(), found.local_address.to_string()),
            ("192.168.178.1".into(), "192.168.178.20".into())
        );
        assert_eq!(gateway_of(&Network { gateway: gateway("172.16.0.1"), ..home }), None);
    }
}
