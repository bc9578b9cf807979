//! What the agent hears of its event_sources without asking: the operating system tells of its network, the router of a
//! reconnect, and two clocks of a sleep.

use std::net::IpAddr;

use dyntray_core::Event;
use dyntray_core::settings::Settings;
use dyntray_core::types::network::{InterfaceKind, Network, Prefix};

use crate::network_watch::{NetworkWatch, WakeWatch};
use crate::router::{Router, RouterAt};

/// The three watches.
pub(super) struct EventSources {
    network: NetworkWatch,
    wake: WakeWatch,
    router: Router,
    /// Where the router is.
    router_at: Option<RouterAt>,
}

impl EventSources {
    /// Begins to watch; `salt` hashes hardware addresses.
    pub(super) fn start(salt: u64) -> Self {
        EventSources {
            network: NetworkWatch::start(salt),
            wake: WakeWatch::start(),
            router: Router::start(),
            router_at: None,
        }
    }

    /// The router, to be asked.
    pub(super) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Keeps to what the settings want: where they want no router, nothing is said in the home network.
    pub(super) fn apply_settings(&self, settings: &Settings) {
        self.network.learn_gateway(settings.wants_home_lock());
        self.router.follow(self.router_at.filter(|_| settings.wants_router()));
    }

    /// The next thing that is heard. May be dropped and called again at any time.
    pub(super) async fn next_event(&mut self) -> Event {
        tokio::select! {
            network = self.network.changed() => {
                tracing::info!(?network, "the network is");
                self.router_at = network.as_ref().and_then(router_at);
                Event::NetworkSeen(network)
            }
            () = self.router.changed() => {
                tracing::info!("the router tells of a change");
                Event::ChangeReported
            }
            () = self.wake.woke() => {
                tracing::info!("woke from sleep");
                self.network.look_again();
                Event::ChangeReported
            }
        }
    }
}

/// Where `network`'s router is: the gateway, and this machine's address in the same network.
fn router_at(network: &Network) -> Option<RouterAt> {
    let IpAddr::V4(address) = network.gateway.as_ref()?.addresses.ipv4? else {
        return None;
    };
    let interfaces = network.interfaces.iter().filter(|interface| interface.kind == InterfaceKind::Lan);
    let local = interfaces.flat_map(|interface| &interface.addresses).find_map(|at| match at.address {
        IpAddr::V4(local) => {
            // The same comparison as for IPv6, 96 bits further on.
            let prefix = Prefix::of(local.to_ipv6_mapped(), at.prefix_length + 96);
            prefix.contains(address.to_ipv6_mapped()).then_some(local)
        }
        IpAddr::V6(_) => None,
    })?;
    Some(RouterAt { address, local })
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
                life: AddressLife::Stable,
            }],
        };
        let gateway = |address: &str| {
            let addresses = PerFamily { ipv4: address.parse().ok(), ipv6: None };
            Some(Gateway { addresses, id: None })
        };
        let interfaces = vec![lan("eth0", "10.0.0.5"), lan("wlan0", "192.168.178.20")];
        let home = Network { interfaces, gateway: gateway("192.168.178.1"), ..Network::default() };
        let at = router_at(&home).expect("a router");
        assert_eq!(
            (at.address.to_string(), at.local.to_string()),
            ("192.168.178.1".into(), "192.168.178.20".into())
        );
        assert_eq!(router_at(&Network { gateway: gateway("172.16.0.1"), ..home }), None);
    }
}
