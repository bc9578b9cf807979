//! The provider, and the line that it gives to the home's router.

use std::net::Ipv4Addr;

use super::{addresses, addresses::PROVIDER, namespace::Namespace};
use crate::Result;

/// Address translation of the provider, and of a router in front of the home's own.
const RULES: &str = r#"
table ip provider {
    chain out {
        type nat hook postrouting priority srcnat
        ip saddr 100.64.0.0/10 oifname "world" snat to 80.187.1.1
        ip saddr 192.0.0.0/29 oifname "world" snat to 80.187.2.2
        ip saddr 192.168.1.0/24 oifname "world" snat to 84.160.12.7
        ip saddr 10.8.0.0/24 oifname "world" snat to 45.80.1.9
    }
}
"#;

/// The addresses that the provider gives to the home's router.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// The router's own address.
    pub(super) ipv4: Option<Ipv4Addr>,
    pub(super) ipv6: Routed,
    /// The addresses that come back with the plug, while it is pulled.
    pub(super) kept: Option<(Option<Ipv4Addr>, Routed)>,
}

/// The state of the provider's route to the home's prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Routed {
    Yes,
    No,
}

impl Line {
    /// A line that will have the home's own address and prefix.
    pub(super) fn unplugged() -> Self {
        Self { ipv4: None, ipv6: Routed::No, kept: Some((Some(addresses::HOME_IPV4), Routed::Yes)) }
    }

    /// Tells whether IPv6 works.
    pub(super) fn has_ipv6(self) -> bool {
        self.ipv6 == Routed::Yes
    }
}

/// Configures the provider.
pub(super) async fn configure(provider: &Namespace) -> Result<()> {
    provider
        .set(&[("ipv4/ip_forward", "1"), ("ipv6/conf/all/forwarding", "1"), ("ipv4/conf/all/rp_filter", "0")])
        .await?;
    provider
        .ip(&format!(
            "link set lo up\naddr add {vpn}/32 dev lo\n\
             addr add {PROVIDER}/32 dev home-line\naddr add fe80::1/64 dev home-line nodad\nlink set home-line up\n\
             addr add 80.156.0.1/30 dev world\naddr add fe80::1/64 dev world nodad\nlink set world up\n\
             route add 185.55.72.0/23 via 80.156.0.2\nroute add 2a01:7e0::/32 via fe80::2 dev world\n",
            vpn = addresses::VPN_SERVER
        ))
        .await?;
    provider.nft(RULES).await
}
